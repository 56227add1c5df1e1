/* SPDX-License-Identifier: Apache-2.0 */
/* The state of a review in a screenful: for `status`, and for what `run` says at its end. */
#ifndef CLI_SUMMARY_H
#define CLI_SUMMARY_H

#include "assess/session.h"
#include "output.h"

bool summary_print(struct session *session, struct output *output, struct error *error) MUST_USE;
/* New reference; NULL on failure. */
json_t *summary_json(struct session *session, struct error *error);

#endif
