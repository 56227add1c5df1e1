/* SPDX-License-Identifier: Apache-2.0 */
/* Expectations as three-valued logic over testimonies. */
#ifndef JUDGE_EVALUATE_H
#define JUDGE_EVALUATE_H

#include "matching.h"

/* Why an answer is open, in rising order of what is told first. */
enum obstacle { OBSTACLE_NONE, OBSTACLE_UNREADABLE, OBSTACLE_MISSING, OBSTACLE_BLOCKED };

/* What is known of an expectation. A yes that is not earned was reached without all there is to
 * see: enough to say that a "not" is violated, not enough to pass. */
struct answer {
    enum truth truth;
    bool is_earned;
    enum obstacle obstacle; /* of an open answer, or of one that is not earned */
    struct buffer found;    /* what led to yes or no */
    struct buffer trouble;  /* what stands in the way */
    struct judge_line lines[JUDGE_LINES_MAX];
    size_t line_count;
};

struct evaluation {
    const struct check *check;
    const struct parameters *parameters;
    const struct testimony *testimonies; /* one for each probe of the check */
    int64_t now_ms;
};

void answer_release(struct answer *answer);
/* All expectations of the check. RET_ANSWER is overwritten; release it. */
void evaluate_check(const struct evaluation *evaluation, struct answer *ret_answer);

/* One expectation, a member of another or not. */
void evaluate_expectation(const struct evaluation *evaluation,
                          const struct expectation *expectation, struct answer *ret_answer);
enum suggestion answer_suggestion(const struct answer *answer);
void answer_append_reason(const struct answer *answer, enum suggestion suggestion,
                          struct buffer *reason);

#endif
