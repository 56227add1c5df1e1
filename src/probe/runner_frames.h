/* SPDX-License-Identifier: Apache-2.0 */
/* What the frames of a channel become; runner_wait.c waits for them. */
#ifndef PROBE_RUNNER_FRAMES_H
#define PROBE_RUNNER_FRAMES_H

#include "runner_results.h"

/* Take in all that the last wait brought. */
void runner_take_events(struct runner *runner);

#endif
