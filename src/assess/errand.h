/* SPDX-License-Identifier: Apache-2.0 */
/* One plan on one target, without a review. */
#ifndef ASSESS_ERRAND_H
#define ASSESS_ERRAND_H

#include "assess/visit.h"
#include "base/loop.h"
#include "probe/fleet.h"

struct errand {
    const char *target, *spec; /* name and place */
    bool allow_password;
    bool from_reviewer;     /* the plan is for this machine, which looks at the target */
    const char *pinned_key; /* Base64; NULL or "": none */
    const struct hostkey_list *jump_keys; /* the same of jump hosts; NULL: none */
    struct loop *loop;                    /* stopped at the end */
    struct visit_events events;
    void *context;
    /* One step is over; what is taken out of RESULT is the taker's. */
    void (*result)(void *context, struct step_result *result);
    /* Logged in; NULL: nobody wants to know. */
    void (*connected)(void *context, const struct connection_identity *identity);
    /* private */
    struct fleet *fleet;
    struct error failure;
};

/* Run PLAN, which is emptied. Returns at its end, at a failure, or when it was cancelled. */
bool errand_run(struct errand *errand, struct plan *plan, struct error *error) MUST_USE;
/* From within the loop. */
void errand_cancel(struct errand *errand);

#endif
