/* SPDX-License-Identifier: Apache-2.0 */
/* The words that stand for the values of an enum, in the order of the enum. */
#ifndef CHECKLIST_TERMS_H
#define CHECKLIST_TERMS_H

#include "base/memory.h"

struct terms {
    const char *const *texts;
    size_t count;
};

extern const struct terms severity_terms, method_terms, effect_terms, vantage_terms,
    answer_type_terms, matcher_terms;

bool terms_find(const struct terms *terms, const char *text, size_t *ret_index) MUST_USE;

#endif
