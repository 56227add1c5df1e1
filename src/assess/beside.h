/* SPDX-License-Identifier: Apache-2.0 */
/* A process that works while the reviewer goes on, and what it tells. */
#ifndef ASSESS_BESIDE_H
#define ASSESS_BESIDE_H

#include "base/buffer.h"
#include "base/loop.h"

#include <sys/types.h>

struct beside;

/* It ended, or told more than anybody reads. To be answered with beside_free(); OUTPUT is there
 * until then. */
typedef void beside_done_function(void *context, const struct buffer *output);

/* PID is a child of ours; FD, where it tells, is taken. */
struct beside *beside_new(struct loop *loop, pid_t pid, int fd, beside_done_function *done,
                          void *context) MUST_USE;
/* The process has ended when this returns. NULL is fine. */
void beside_free(struct beside *beside);

#endif
