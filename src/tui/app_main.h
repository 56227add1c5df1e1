/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ties the app together: which screens there are, what each event does, what is drawn. For
 * who has a terminal, or pretends to, as tests do; knows no curses. Not for views.
 */
#ifndef TUI_APP_MAIN_H
#define TUI_APP_MAIN_H

#include "app.h"

/* Take what the file of keys says, too. Text from a file that is wrong becomes a message. */
void app_init(struct app *app, struct loop *loop, const struct tui_options *options);
void app_release(struct app *app);
/* Bring the review that was opened to the front. Every view of before is freed. */
void app_settle(struct app *app);
/* Draw everything on the canvas, whose size is set. */
void app_draw(struct app *app);
void app_handle(struct app *app, const struct event *event);

/* --- app_act.c --- */

/* Do an action as its key would. */
bool app_act(struct app *app, enum action action);

#endif
