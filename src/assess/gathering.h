/* SPDX-License-Identifier: Apache-2.0 */
/* A check whose probes are under way: its commands, and what came back. Knows no review. */
#ifndef ASSESS_GATHERING_H
#define ASSESS_GATHERING_H

#include "checklist/parameters.h"
#include "judge/judge.h"
#include "probe/plan.h"

/* One command that an item needs: its condition or one of its probes. */
struct asking {
    const char *probe;              /* the id, borrowed from the check, or JUDGE_WHEN */
    char *own_probe;                /* owned, where it is neither; NULL */
    const struct check_probe *spec; /* NULL for the condition */
    char *command;                  /* parameters replaced */
    size_t outside;                 /* of our own questions: how many hops are left out */
    const char *not_run;            /* why it is left out; NULL: it is asked */
    bool has_result;
    struct step_result result;
};

/* An item whose probes are under way. */
struct gathering {
    const struct parameters *parameters; /* of the check on its target, borrowed; NULL: none */
    const struct check *check;
    struct asking *askings;
    size_t asking_count;
    size_t open_count; /* askings that wait for their result */
};

/* The commands of a check for a TARGET, as its spec says; ACTIVE_ALLOWED: those that change or
 * contact something too. */
void gathering_init(struct gathering *gathering, const struct parameters *parameters,
                    const struct check *check, const char *target, bool active_allowed);
void gathering_release(struct gathering *gathering);
/* How many hops of a target its host's view leaves out. */
size_t gathering_outside(const char *target);
/* Append the step for an asking; false when it is left out. OUTSIDE from gathering_outside(). */
bool gathering_add_step(const struct gathering *gathering, size_t index, size_t outside,
                        struct plan *plan);
/* Whether a check has this command twice, as one does to compare what comes before and after. */
bool gathering_asks_twice(const struct gathering *gathering, size_t index);
/* Whether a command looks at its sandbox from the host. */
bool asking_is_outside(const struct asking *asking);
/* From where a command looks. */
enum vantage asking_vantage(const struct asking *asking);
/* Why none of the open commands on the reviewer's machine is asked; borrowed. */
void gathering_leave_out_reviewers(struct gathering *gathering, const char *reason);
/* Append the commands, for a reader. */
void gathering_print_commands(const struct gathering *gathering, struct buffer *text);
enum effect asking_effect(const struct asking *asking);
const char *asking_outcome(const struct asking *asking);
const char *asking_detail(const struct asking *asking);
/* One for each asking, borrowing from it; free the array with free(). */
struct judge_evidence *gathering_evidence(const struct gathering *gathering) MUST_USE;
/* RET_JUDGEMENT is overwritten; release it. */
void gathering_judge(const struct gathering *gathering, const struct parameters *parameters,
                     struct judgement *ret_judgement);

#endif
