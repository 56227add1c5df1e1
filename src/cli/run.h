/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the command run. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "arguments.h"
#include "assess/session.h"

/* Print what REQUEST would send, and what looks as if it changed something; the exit status. */
int dry_run(struct session *session, const struct run_request *request,
            const struct arguments *arguments);

#endif
