/* SPDX-License-Identifier: Apache-2.0 */
/* One vantage that is measured: what it is asked, the consent to that, and what it answered. Who
 * sends it there is the caller's. */
#ifndef ASSESS_FLOW_SURVEYING_H
#define ASSESS_FLOW_SURVEYING_H

#include "assess/flows.h"
#include "state.h"

struct surveying {
    const struct flows_request *request;
    const struct flow_vantage *vantage;
    struct flow_plan plan;
    struct flow_answer answer;
    struct step_result *results; /* one for each step */
    bool *has_result;
    bool has_pinned;
    char run[LEDGER_ID_TEXT_BYTES];
    size_t first_step, errand_steps; /* the steps of the errand at hand */
    bool is_read;                    /* what it brought */
    char *key;          /* that the server showed, where no session pins it; NULL: none */
    struct error error; /* why there are not all results */
};

/* Borrows REQUEST and its vantage. ERROR_INVALID: a line is malformed, or there are too many. */
bool surveying_begin(const struct flows_request *request, size_t vantage,
                     struct surveying *ret_surveying, struct error *error) MUST_USE;
void surveying_release(struct surveying *surveying);
/* Of the errand at hand: at first all that is for a shell. */
void surveying_fill_plan(const struct surveying *surveying, struct plan *plan);
/* Is the consent to these very commands in the review of the request's session? */
bool surveying_has_consent(const struct surveying *surveying, bool *ret_has,
                           struct error *error) MUST_USE;
/* The same, or record it where the request brings it. ERROR_DENIED: nobody consented. */
bool surveying_ensure_consent(const struct surveying *surveying, struct error *error) MUST_USE;
/* The key of a server that we logged in to for the first time becomes the one we expect. False: it
 * could not be recorded, and surveying->error says why. */
bool surveying_pin(struct surveying *surveying,
                   const struct connection_identity *identity) MUST_USE;
/* Take what a step brought; false: it was not asked, or brought something already. */
bool surveying_take(struct surveying *surveying, struct step_result *result);
bool surveying_has_answered(const struct surveying *surveying);
/* Why there is less than was asked for, or "". Borrowed; hostile. */
const char *surveying_why_less(const struct surveying *surveying, size_t step);
/* An errand is over, and nobody wants to stop: true when sshd is to be asked in another one,
 * because the vantage has no tool. */
bool surveying_go_on(struct surveying *surveying) MUST_USE;
/* Make measures of the results, when no more will come. */
void surveying_read(struct surveying *surveying);
/* Append what was read to the review of the request's session; of a vantage that was stopped, which
 * surveying->error tells, only what it told of. */
bool surveying_record(const struct surveying *surveying, struct error *error) MUST_USE;

#endif
