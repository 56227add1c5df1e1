/* SPDX-License-Identifier: Apache-2.0 */
/* The password of sudo in the course of a run: sudo asks by its prompt in the frames, the user is
 * asked while the connection is kept alive, and the answer goes to the shell's stdin. */
#ifndef PROBE_RUNNER_SECRET_H
#define PROBE_RUNNER_SECRET_H

#include "runner_results.h"

/* Bytes came on STREAM: find sudo's prompt among them, take away what sudo said, and answer. */
void runner_look_for_prompt(struct runner *runner, enum shell_stream stream);
/* Something woke the runner: it may be the answer. */
void runner_take_answer(struct runner *runner);

#endif
