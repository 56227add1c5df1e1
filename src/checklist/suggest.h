/* SPDX-License-Identifier: Apache-2.0 */
/* "did you mean ...": the nearest of the known words. */
#ifndef CHECKLIST_SUGGEST_H
#define CHECKLIST_SUGGEST_H

#include "base/buffer.h"

/* Edits (insert, delete, replace, swap neighbours) that make A of B; words above 64 bytes are
 * infinitely far from all others. */
int suggest_distance(const char *a, const char *b);

/* The nearest word so far, for a loop over the known ones. */
struct suggest_search {
    const char *wanted;
    const char *best; /* NULL while none was near enough */
    int distance;
};
void suggest_try(struct suggest_search *search, const char *word);

#endif
