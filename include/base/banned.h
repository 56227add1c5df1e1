/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions that this program never calls: they overflow, share hidden state, or start a shell.
 * Every source file of src/ gets this header by the compiler's -include option; the banned name
 * in a message from the compiler is the explanation.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

/* Declared first, so that the poison below does not hit the system's own headers. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets atoi atol atof
#pragma GCC poison localtime gmtime ctime asctime system popen tmpnam tempnam mktemp

/* Libraries name parameters "signal", so this one is deprecated instead of poisoned. */
extern __typeof__(signal) signal __attribute__((deprecated("use base/loop or sigaction")));

#endif
