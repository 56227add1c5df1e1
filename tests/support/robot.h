/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A robot that uses a terminal program as a person would: the program runs on its own
 * pseudo-terminal, libvterm plays the terminal, the robot presses keys, clicks, pastes, resizes and
 * reads the screen. It never sleeps: every wait ends by an event, or fails the test at its deadline
 * and shows the screen. All bytes that the program wrote are kept.
 */
#ifndef SUPPORT_ROBOT_H
#define SUPPORT_ROBOT_H

#include "base/buffer.h"

#include <sys/types.h>

struct robot;

struct robot_options {
    const char *const *arguments;   /* NULL-terminated; arguments[0] is the program's path */
    const char *const *environment; /* NULL-terminated "K=V" on top of the test's own; or NULL */
    const char *folder;             /* working folder; NULL: the test's */
    int rows, columns;              /* 0: 24 x 80 */
    int timeout_ms;                 /* deadline of each wait; 0: 10,000 */
};

struct robot *robot_start(const struct robot_options *options) MUST_USE;
/* Hang up, end the program if need be, release everything. NULL is fine. */
void robot_free(struct robot *robot);

/* Press keys written as in a file of keys: "j", "<Enter>", "<C-l>", "<M-x>", "<S-Tab>", "<Lt>". */
void robot_press(struct robot *robot, const char *keys);
/* Type a text; a line feed is Enter. */
void robot_type(struct robot *robot, const char *text);
/* Paste as a terminal does: in brackets when the program asked for them. */
void robot_paste(struct robot *robot, const char *text);
/* Send bytes as they are. */
void robot_send(struct robot *robot, const char *bytes, size_t length);
/* Press and release the left button, or turn the wheel, at a cell (from 0). */
void robot_click(struct robot *robot, int row, int column);
void robot_wheel(struct robot *robot, int row, int column, bool up);
void robot_resize(struct robot *robot, int rows, int columns);
/* Take the terminal away, as a lost connection does. */
void robot_hang_up(struct robot *robot);
/* Wait until the program has stopped itself (SIGSTOP). */
void robot_wait_stopped(struct robot *robot);
void robot_signal(struct robot *robot, int signal_number);

/* Wait until the screen shows TEXT, or does not any more. */
void robot_wait_text(struct robot *robot, const char *text);
void robot_wait_gone(struct robot *robot, const char *text);
/* Wait until the program has handled everything that was sent to it and has drawn the result. Needs
 * a program that answers ESC [ 7717 ~ with OSC 7717 ; number BEL, as walkdown does with
 * WALKDOWN_TEST_SYNC=1. */
void robot_wait_idle(struct robot *robot);
/* Wait for the end; the status as from waitpid(2). */
int robot_wait_exit(struct robot *robot);

/* The screen as text, one line a row, blanks at the end cut. Borrowed until the next call. */
const char *robot_screen(struct robot *robot);
bool robot_shows(struct robot *robot, const char *text);
/* The row that shows TEXT; -1: none. RET_COLUMN may be NULL. */
int robot_find(struct robot *robot, const char *text, int *ret_column);
/* Everything that the program wrote. */
const struct buffer *robot_output(const struct robot *robot);
void robot_clear_output(struct robot *robot);
bool robot_cursor_is_visible(const struct robot *robot);
/* The program has switched to the alternate screen. */
bool robot_is_fullscreen(const struct robot *robot);
/* The terminal's modes are what they were before the program began. */
bool robot_modes_are_restored(const struct robot *robot);
pid_t robot_process(const struct robot *robot);

#endif
