/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One matcher over the values of one expectation: which speak for it, which against it, and what
 * follows. Values are seen one by one and not kept, but for a few examples and their lines.
 */
#ifndef JUDGE_MATCHING_H
#define JUDGE_MATCHING_H

#include "base/buffer.h"
#include "base/pattern.h"
#include "values.h"

#define EXAMPLES_MAX 3

enum truth { TRUTH_OPEN, TRUTH_YES, TRUTH_NO };

/* Some values of a kind. */
struct examples {
    size_t count;         /* of all */
    struct strings texts; /* quoted */
    size_t text_lines[EXAMPLES_MAX];
    size_t lines[JUDGE_LINES_MAX];
    size_t line_count;
};

struct matching {
    const struct expectation *expectation;
    struct strings arguments; /* with parameters replaced */
    struct pattern *pattern;
    char *pattern_text;
    char *near_text; /* what a value that nearly matches begins with or contains; NULL: unknown */
    bool is_near_start;
    int64_t moment_ms; /* of older-than and newer-than */
    bool *is_seen;     /* of each argument of contains-all */
    struct examples good, bad, near, unreadable, all;
};

/* False, with the reason in ERROR, when the arguments are not what the matcher takes. */
bool matching_init(struct matching *matching, const struct expectation *expectation,
                   const struct parameters *parameters, int64_t now_ms,
                   struct error *error) MUST_USE;
/* For same-as and differs-from: take the values of OTHER as those to compare with. */
bool matching_compare_with(struct matching *matching, const struct parameters *parameters,
                           const struct testimony *other, struct error *error) MUST_USE;
void matching_release(struct matching *matching);
/* The function of a value_sink. */
bool matching_take(void *matching, const struct value *value);

/* What follows when all values were seen. IS_ALL false: there may be others. TRUTH_OPEN with IS_ALL
 * means that a value could not be read, or that there is none. */
enum truth matching_conclude(const struct matching *matching, bool is_all);
/* The values that led to an answer: those that speak against it, or for it; may be none. */
const struct examples *matching_witnesses(const struct matching *matching, enum truth truth);

/* Describe an answer. WHERE is "stdout", with the probe's name where there are several. */
void matching_describe(const struct matching *matching, enum truth truth, const char *where,
                       struct buffer *text);

#endif
