/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A question on the controlling terminal that holds nothing up: the loop goes on while the user
 * thinks. One at a time.
 */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "base/loop.h"
#include "base/secret.h"

struct ask;

/* ANSWER has no line feed and is wiped afterwards; NULL: none came. ASK is gone when it is called.
 */
typedef void ask_function(void *context, const char *answer);

/* Ask; ECHO shows what is typed. NULL when there is no terminal. */
struct ask *ask_start(struct loop *loop, const char *text, bool echo, ask_function *answered,
                      void *context) MUST_USE;
/* Nobody needs the answer any more: the terminal is as before. NULL is fine. */
void ask_stop(struct ask *ask);

#endif
