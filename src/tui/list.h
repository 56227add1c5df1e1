/* SPDX-License-Identifier: Apache-2.0 */
/* The selection and the scrolling of a list, without its contents. */
#ifndef TUI_LIST_H
#define TUI_LIST_H

#include <stdbool.h>

#include "action.h"
#include "event.h"
#include "layout.h"

struct list {
    int count;
    int selected; /* -1 when the list is empty */
    int top;      /* the row shown first */
    int rows;     /* shown at once, as drawn last */
};

/* Change the number of rows; the selection stays where it is as far as it exists. */
void list_set_count(struct list *list, int count);
void list_select(struct list *list, int row);
void list_move(struct list *list, int delta);
/* Roll the rows under the selection, which is taken along only at the edge. */
void list_scroll(struct list *list, int delta);
/* Tell how many rows are shown, and scroll so that the selection is among them. */
void list_show(struct list *list, int rows);
/* Up, down, page, half a page, top, bottom. False for any other action. */
bool list_act(struct list *list, enum action action);

enum list_click { LIST_MISSED, LIST_CLICKED, LIST_CLICKED_AGAIN };
/* The mouse on a list whose rows were drawn in ROWS: the wheel rolls them, a click selects one.
 * Which it was: none, another one, or the one that was selected already. */
enum list_click list_mouse(struct list *list, struct rect rows, const struct event *event);

#endif
