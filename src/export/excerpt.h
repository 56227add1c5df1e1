/* SPDX-License-Identifier: Apache-2.0 */
/* Which lines of a probe's output a report quotes. Pure. */
#ifndef EXPORT_EXCERPT_H
#define EXPORT_EXCERPT_H

#include "export/report.h"

/* A line that led to a suggestion. */
struct excerpt_mark {
    size_t line; /* from 1 */
    bool is_bad;
};

/* Quote LENGTH bytes: the marked lines, those that speak against first, and what is around them;
 * else the first lines. Marks behind the end are ignored. Returns the bytes quoted. */
size_t excerpt_build(struct report_excerpt *ret_excerpt, const char *bytes, size_t length,
                     const struct excerpt_mark *marks, size_t mark_count);
void excerpt_release(struct report_excerpt *excerpt);

#endif
