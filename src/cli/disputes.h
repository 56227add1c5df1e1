/* SPDX-License-Identifier: Apache-2.0 */
/* Decisions that did not know of each other, as merge and resolve tell of them. */
#ifndef CLI_DISPUTES_H
#define CLI_DISPUTES_H

#include "assess/session.h"
#include "output.h"

/* Append a line an item and one a decision; how many items there are. */
size_t disputes_print(struct session *session, struct output *output);
/* [{check, target, decisions: [{entry, verdict, author, time, note, because}]}]; new reference. */
json_t *disputes_json(struct session *session);

#endif
