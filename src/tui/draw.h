/* SPDX-License-Identifier: Apache-2.0 */
/* What several screens draw alike. */
#ifndef TUI_DRAW_H
#define TUI_DRAW_H

#include "assess/signoff.h"
#include "canvas.h"
#include "list.h"

struct title {
    const char *left, *right; /* may be NULL */
    bool has_focus;
};
/* The rule on top of a pane, with its title in it. */
void draw_title(struct canvas *canvas, struct rect area, const struct title *title);
/* The line between two panes, from a rule above to the end of AREA. */
void draw_divider(struct canvas *canvas, struct rect area, int column);
/* An empty box with a title; returns what is inside. */
struct rect draw_box(struct canvas *canvas, struct rect area, const char *title);
/* Mark the row of a list that is selected. */
void draw_selection(struct canvas *canvas, struct rect area, const struct list *list,
                    bool has_focus);
/* How far down a list is, in the last column of AREA; nothing when all is in sight. */
void draw_list_scrollbar(struct canvas *canvas, struct rect area, const struct list *list);

/* Parts of a whole, as a bar of COLUMNS: passed, failed, not applicable, the rest. */
void draw_bar(struct strip *strip, const struct item_counts *counts, int columns);
/* A number, or a dot where it is 0, right-aligned in COLUMNS. */
void draw_number(struct strip *strip, enum role role, size_t number, int columns);

/* A point before a sign-off. */
enum glyph preflight_glyph(enum preflight_level level);
enum role preflight_role(enum preflight_level level);
enum glyph verdict_glyph(enum verdict verdict);
enum role verdict_role(enum verdict verdict);
enum role suggestion_role(enum suggestion suggestion);
/* "fail", "blocked", "" for none: at most 9 columns. */
const char *suggestion_label(enum suggestion suggestion);
enum role severity_role(enum severity severity);
/* "CRIT", "HIGH", "MED", "LOW", "INFO" */
const char *severity_label(enum severity severity);
/* A path with "~" for the user's own folder; free with free(). */
char *path_text(const char *path);
/* "3.2 KiB"; free with free(). */
char *size_text(int64_t bytes);

#endif
