/* SPDX-License-Identifier: Apache-2.0 */
/* The bars around every screen. */
#ifndef TUI_FRAME_H
#define TUI_FRAME_H

#include "app.h"
#include "layout.h"

void frame_draw_top(struct app *app, struct rect area);
void frame_draw_tabs(struct app *app, struct rect area);
/* The keys that matter in VIEW, and the message. */
void frame_draw_bottom(struct app *app, struct rect area, const struct view *view);
/* A message that is too long for the bar, above it, over the last rows of BODY. */
void frame_draw_long_message(struct app *app, struct rect body);
/* The tab that is drawn at a column; -1: none. */
int frame_tab_at(const struct app *app, int column);

#endif
