/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The terminal: the one module that knows curses. Shows a canvas, reads keys, mouse and pasted
 * text, and gives the terminal back as it was, whatever happens. One a process.
 */
#ifndef TUI_TERMINAL_H
#define TUI_TERMINAL_H

#include "base/error.h"
#include "canvas.h"
#include "event.h"
#include "theme.h"

struct terminal;

/* Take stdin and stdout over. ERROR_UNSUPPORTED: they are no terminal, or one that cannot place its
 * cursor. */
bool terminal_open(struct terminal **ret_terminal, struct error *error) MUST_USE;
/* Restore the terminal. NULL is fine. */
void terminal_close(struct terminal *terminal);

/* Set up a canvas of the terminal's size for what it can show. */
void terminal_fit_canvas(const struct terminal *terminal, struct canvas *canvas);
void terminal_show(struct terminal *terminal, const struct canvas *canvas);
/* The next event that has arrived; false: none is left. Never waits, but for the rest of an escape
 * sequence (25 ms). */
bool terminal_read(struct terminal *terminal, struct event *ret_event);
/* True when the other end is gone: stdin is readable and has nothing to read. */
bool terminal_is_lost(const struct terminal *terminal);
/* Drop what was typed so far. */
void terminal_flush_input(struct terminal *terminal);
/* After SIGWINCH: ask for the size; curses learns it. */
void terminal_resize(struct terminal *terminal);
/* Draw everything anew with the next terminal_show(). */
void terminal_redraw(struct terminal *terminal);
/* Hand the terminal to another program, as it was before we came; and take it back. */
void terminal_suspend(struct terminal *terminal);
void terminal_resume(struct terminal *terminal);
/* Answer an EVENT_SYNC. */
void terminal_answer_sync(struct terminal *terminal);

#endif
