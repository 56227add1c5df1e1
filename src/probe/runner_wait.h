/* SPDX-License-Identifier: Apache-2.0 */
/* Waiting: for the target, for the deadline, for the user. */
#ifndef PROBE_RUNNER_WAIT_H
#define PROBE_RUNNER_WAIT_H

#include "runner_results.h"

/* The deadline is so many milliseconds from now. */
void runner_set_deadline(struct runner *runner, int after_ms);
/* Until the deadline; 0: it is over. */
int runner_time_left_ms(const struct runner *runner);
/* Wait on the connection until something comes, and no longer than the deadline. False when it is
 * lost. */
bool runner_pump(struct runner *runner, struct error *error) MUST_USE;
/* Look whether the user woke us, for at most so many milliseconds: an answer is taken, anything
 * else cancels the run. */
void runner_hear_user(struct runner *runner, int wait_ms);
/* All of it: let at most WAIT_MS pass. False when the connection is lost. */
bool runner_wait(struct runner *runner, int wait_ms, struct error *error) MUST_USE;

#endif
