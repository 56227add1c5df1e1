/* SPDX-License-Identifier: Apache-2.0 */
/* What is stored of a probe's output: secrets are masked or dropped as the review's policy says. */
#ifndef ASSESS_CAPTURE_H
#define ASSESS_CAPTURE_H

#include "state.h"

struct captured {
    const struct buffer *out, *err; /* to be stored: as they came, or one of these: */
    struct buffer own_out, own_err;
    json_t *masked; /* the list for the entry; empty: nothing was found */
    bool is_changed;
};

/* Load the rules and what the policy says of them; the next run needs it. */
bool capture_prepare(struct session *session, struct error *error) MUST_USE;
void capture_result(const struct session *session, const struct step_result *result,
                    struct captured *ret_captured);
void captured_release(struct captured *captured);
/* TEXT with what the rules find in it masked; to be freed. */
char *capture_text(const struct session *session, const char *text);

#endif
