/* SPDX-License-Identifier: Apache-2.0 */
/* Where things stand on a screen of a given size. Pure arithmetic. */
#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include "canvas.h"

enum {
    LAYOUT_ROWS_MIN = 10,
    LAYOUT_COLUMNS_MIN = 40,
    LAYOUT_TWO_PANES_MIN = 60, /* columns below which one pane is shown at a time */
};

struct layout {
    bool is_too_small;
    struct rect top, tabs, body, bottom;
};
struct layout layout_screen(int rows, int columns);

/* A body in two panes side by side; each has a title row on top. The divider is one column. */
struct panes {
    bool is_single; /* too narrow: LEFT and RIGHT are the same place, one of them is shown */
    struct rect left, right;
    int divider; /* its column; -1: none */
};
/* LEFT_PERCENT of the columns go to the left pane, but never fewer than LEFT_MIN. */
struct panes layout_panes(struct rect body, int left_percent, int left_min);

/* RECT without its first row, where a pane's title stands. */
struct rect layout_below_title(struct rect area);
/* Cut rows off the top or the bottom of *AREA and return them. */
struct rect layout_take_top(struct rect *area, int rows);
struct rect layout_take_bottom(struct rect *area, int rows);
/* RECT with some columns less on both sides. */
struct rect layout_indent(struct rect area, int columns);
/* A box of at most that size in the middle of AREA. */
struct rect layout_center(struct rect area, int rows, int columns);
bool layout_contains(struct rect area, int row, int column);

#endif
