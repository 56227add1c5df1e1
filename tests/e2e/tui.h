/* SPDX-License-Identifier: Apache-2.0 */
/* The real program on a real pseudo-terminal, for the tests of the UI. */
#ifndef E2E_TUI_H
#define E2E_TUI_H

#include "support/robot.h"
#include "support/testing.h"

/* The robot that uses the program; one a test. */
extern struct robot *robot;

/* Fixtures: a review of a small checklist on this machine, not probed yet. */
int tui_set_up(void **state);
int tui_tear_down(void **state);
const char *tui_review_path(void);
/* What one of its probes brings: sequences that act on some terminal, characters that hide. */
extern const char tui_hostile_bytes[];

/* Start the program on the review and wait for its first screen. */
void tui_start(void);
/* The same with more in the environment, without waiting. */
void tui_start_with(const char *const *environment, int rows, int columns);
/* Gather evidence for everything, and wait for its end. */
void tui_gather(void);
/* Run a command to its end; it has to succeed. */
void tui_run_command(const char *const *arguments);
/* Make the review anew of another checklist. */
void tui_make_review(const char *checklist);

void tui_assert_ended_well(int status);
/* However the program ended: the terminal is as it was. */
void tui_assert_terminal_restored(void);
/* Of all that was written, or came since the output was cleared: only what curses needs for its own
 * work, and printable text. */
void tui_assert_only_our_own_output(void);

#endif
