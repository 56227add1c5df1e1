/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One check, tried on one target without a review: for authors of checklists. Nothing is kept but
 * what the caller takes from the trial; a host key that is accepted counts for this once.
 */
#ifndef ASSESS_TRIAL_H
#define ASSESS_TRIAL_H

#include "assess/visit.h"
#include "base/loop.h"
#include "checklist/checklist.h"
#include "judge/judge.h"

struct trial;

struct trial_request {
    const char *checklist; /* as for catalog_find() */
    const char *check;
    const char *target;               /* "[name=]TARGET" */
    const struct strings *parameters; /* "id=value" or "id=a,b"; may be NULL */
    bool consent_active;              /* probes that change or contact something may run */
    bool allow_password;
};

/* What became of one command, borrowed from the trial. */
struct trial_answer {
    const char *probe, *command;
    const char *outcome, *detail;
    bool as_root;
    enum vantage from;
    int exit_status; /* -1: there is none */
    int64_t duration_ms;
    const struct buffer *out, *err;
};

/* Load the checklist and make the commands; nothing runs yet. */
bool trial_open(const struct trial_request *request, struct trial **ret_trial,
                struct error *error) MUST_USE;
void trial_close(struct trial *trial); /* NULL is fine */
DEFINE_AUTO(trial, trial_close)
/* True when the checklist came with walkdown: to try it is consent to what it reads. */
bool trial_is_bundled(const struct trial *trial);
/* Append the commands, for a reader. */
void trial_print_commands(const struct trial *trial, struct buffer *text);
/* Run them in LOOP, which is stopped at the end. */
bool trial_run(struct trial *trial, struct loop *loop, const struct visit_events *events,
               struct error *error) MUST_USE;
void trial_cancel(struct trial *trial);

/* --- after the run; borrowed --- */

const struct check *trial_check(const struct trial *trial);
size_t trial_answer_count(const struct trial *trial);
struct trial_answer trial_answer_at(const struct trial *trial, size_t index);
const struct judgement *trial_judgement(const struct trial *trial);
const struct judge_explanation *trial_explanation(const struct trial *trial);
/* Append what was seen to the checklist's fixtures as one that leads to SUGGESTS. RET_PATH: the
 * file; free it. ERROR_CONFLICT: the judge suggests something else. */
bool trial_record(const struct trial *trial, const char *suggests, char **ret_path,
                  struct error *error) MUST_USE;

#endif
