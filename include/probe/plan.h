/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one target is asked in one run: commands in order, each with its limits. Knows no checklist:
 * the texts that name a step are the caller's own.
 */
#ifndef PROBE_PLAN_H
#define PROBE_PLAN_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/json.h"

#define PLAN_STEPS_MAX          10000
#define PLAN_COMMAND_MAX_BYTES  (64 * 1024)
#define PLAN_COMMANDS_MAX_BYTES (32 * 1024 * 1024) /* of all steps together */

#define PLAN_TIMEOUT_DEFAULT_MS 30000
#define PLAN_TIMEOUT_MAX_MS     300000
#define PLAN_OUT_DEFAULT_BYTES  (1024 * 1024)
#define PLAN_ERR_DEFAULT_BYTES  (256 * 1024)
#define PLAN_STREAM_MAX_BYTES   (16 * 1024 * 1024)
#define PLAN_TOTAL_DEFAULT      (256 * 1024 * 1024)

struct plan_step {
    char *check, *probe; /* the caller's names for it */
    char *command;       /* of a POSIX shell; it finds an empty stdin */
    bool is_forward; /* not of a shell: connections that sshd makes, in the words of forward.h */
    bool as_root;
    size_t outside;     /* so many of the target's hops are left out: the host's view; mostly 0 */
    bool from_reviewer; /* it runs on the reviewer's machine, which looks at the target */
    bool only_once;     /* it may change something: never asked again after a cut */
    int timeout_ms;     /* 0: the default */
    size_t out_max_bytes, err_max_bytes; /* 0: the default */
};

struct plan {
    struct plan_step *steps;
    size_t step_count;
    int64_t total_max_bytes; /* of all output of the run; 0: 256 MiB */
    bool sudo_may_ask;       /* for the user's password, which is then sent to the target */
};

void plan_release(struct plan *plan);
/* Append a step with this command and the default limits; borrowed until the next one. */
struct plan_step *plan_add(struct plan *plan, const char *command);
/* Whether the last step asks just what an earlier one asks, with the same rights, limits and place
 * to look from: one answer serves both then, and the last step is taken off again.
 * Steps that may change something are shared by none, and no answer from before one serves a step
 * after it. */
bool plan_share_last(struct plan *plan, size_t *ret_step) MUST_USE;
/* Fill in the defaults; ERROR_INVALID names the step that is beyond a limit. */
bool plan_check(struct plan *plan, struct error *error) MUST_USE;

/* Whether all steps run on the reviewer's machine, or none of them; ERROR_INVALID. */
bool plan_is_for(const struct plan *plan, bool reviewer, struct error *error) MUST_USE;
/* Move the steps that run on the reviewer's machine, which are the last ones, into another plan
 * with the same limits. */
void plan_split(struct plan *plan, struct plan *ret_reviewers);

/* X(name, text): how a step ended; the same words as the judge's outcomes */
#define STEP_OUTCOMES(X)                                                                           \
    X(DONE, "done")                                                                                \
    X(TIMEOUT, "timeout")                                                                          \
    X(TRUNCATED, "truncated")                                                                      \
    X(CUT, "cut")                                                                                  \
    X(NO_FRAME, "no-frame")                                                                        \
    X(REFUSED, "refused")                                                                          \
    X(CANCELLED, "cancelled")

enum step_outcome {
#define X(name, text) STEP_##name,
    STEP_OUTCOMES(X)
#undef X
};
const char *step_outcome_text(enum step_outcome outcome);
bool step_outcome_parse(const char *text, enum step_outcome *ret_outcome) MUST_USE;

struct step_result {
    size_t step; /* index into the plan */
    enum step_outcome outcome;
    char detail[512];    /* why it did not end well; may quote the target */
    int exit_status;     /* of STEP_DONE, else -1 */
    int64_t started_ms;  /* wall time of the reviewer's machine */
    int64_t duration_ms; /* as seen from here */
    struct buffer out, err;
    size_t noise_bytes; /* that arrived outside any frame since the step before */
};
void step_result_release(struct step_result *result);
/* RET_COPY is overwritten. */
void step_result_copy(const struct step_result *result, struct step_result *ret_copy);

#endif
