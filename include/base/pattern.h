/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Regular expressions by way of PCRE2, with limits that keep a hostile pattern or subject from
 * costing more than a moment: match limit, depth limit, pattern length at most 4 KiB. Subjects are
 * bytes; the pattern is UTF-8; '^' and '$' are the ends of the subject.
 */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/error.h"

struct pattern;

enum pattern_result { PATTERN_NO_MATCH, PATTERN_MATCH, PATTERN_GAVE_UP /* a limit was reached */ };

/* Where a match, or its group 1, lies in the subject, in bytes. */
struct pattern_span {
    size_t start, length;
};

/* Compile. ERROR_INVALID names the fault and its offset. */
bool pattern_new(const char *text, bool ignore_case, struct pattern **ret_pattern,
                 struct error *error) MUST_USE;
void pattern_free(struct pattern *pattern);
DEFINE_AUTO(pattern, pattern_free)
/* Search SUBJECT. RET_SPAN (may be NULL) is group 1 where the pattern has one that took part, else
 * the whole match. */
enum pattern_result pattern_search(const struct pattern *pattern, const char *subject,
                                   size_t length, struct pattern_span *ret_span);
/* Append TEXT so quoted that a pattern matches it literally. */
struct buffer;
void pattern_quote(struct buffer *pattern, const char *text);

#endif
