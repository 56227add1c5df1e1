/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The terminal after a crash: SIGSEGV, SIGABRT, SIGBUS, SIGFPE and SIGILL write the bytes that
 * restore it, put its modes back and end the process as they would have. Knows no curses.
 */
#ifndef TUI_RESCUE_H
#define TUI_RESCUE_H

#include <stddef.h>
#include <termios.h>

#define RESCUE_MAX_BYTES 512

/* From now on, write these bytes and set these modes on FD when we crash. */
void rescue_arm(int fd, const char *bytes, size_t length, const struct termios *modes);
/* The terminal is as it was: nothing is to be done any more. */
void rescue_disarm(void);

#endif
