/* SPDX-License-Identifier: Apache-2.0 */
/* A step of a plan that is for sshd and not for a shell. */
#ifndef PROBE_RUNNER_FORWARD_H
#define PROBE_RUNNER_FORWARD_H

#include "runner_results.h"

/* Work the next step through; it gets its result. False when the connection is lost. */
bool runner_forward(struct runner *runner, struct error *error) MUST_USE;

#endif
