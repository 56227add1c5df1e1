/* SPDX-License-Identifier: Apache-2.0 */
/* What one target asks back while something is run there without a review. Nothing is kept: a host
 * key that is accepted counts for this once. */
#ifndef ASSESS_VISIT_H
#define ASSESS_VISIT_H

#include "target/connection.h"

struct visit_events {
    void *context;
    /* True: go on with this key. */
    bool (*accept_hostkey)(void *context, const struct hostkey *hostkey, const char *where);
    /* Append the answer; false: there is none. It is wiped after use. */
    bool (*answer_prompt)(void *context, const struct prompt *prompt, struct buffer *ret_answer);
};

#endif
