/* SPDX-License-Identifier: Apache-2.0 */
#include "list.h"

static int clamp(int value, int low, int high)
{
    if (value > high)
        value = high;
    return value < low ? low : value;
}

void list_set_count(struct list *list, int count)
{
    list->count = count;
    list_select(list, list->selected < 0 ? 0 : list->selected);
    list->top = clamp(list->top, 0, count > 0 ? count - 1 : 0);
}

void list_select(struct list *list, int row)
{
    list->selected = list->count == 0 ? -1 : clamp(row, 0, list->count - 1);
}

void list_move(struct list *list, int delta)
{
    list_select(list, list->selected + delta);
}

void list_scroll(struct list *list, int delta)
{
    list->top = clamp(list->top + delta, 0, clamp(list->count - list->rows, 0, list->count));
    if (list->count > 0)
        list->selected =
            clamp(list->selected, list->top, list->top + clamp(list->rows - 1, 0, list->count));
    list_select(list, list->selected);
}

void list_show(struct list *list, int rows)
{
    list->rows = rows;
    if (list->selected >= 0 && list->selected < list->top)
        list->top = list->selected;
    if (rows > 0 && list->selected >= list->top + rows)
        list->top = list->selected - rows + 1;
    list->top = clamp(list->top, 0, clamp(list->count - rows, 0, list->count));
}

bool list_act(struct list *list, enum action action)
{
    int page = list->rows > 1 ? list->rows - 1 : 1;
    switch (action) {
    case ACTION_UP:
    case ACTION_CHOICE_UP:
        list_move(list, -1);
        return true;
    case ACTION_DOWN:
    case ACTION_CHOICE_DOWN:
        list_move(list, 1);
        return true;
    case ACTION_PAGE_UP:
    case ACTION_CHOICE_PAGE_UP:
        list_move(list, -page);
        return true;
    case ACTION_PAGE_DOWN:
    case ACTION_CHOICE_PAGE_DOWN:
        list_move(list, page);
        return true;
    case ACTION_HALF_UP:
        list_move(list, -(page + 1) / 2);
        return true;
    case ACTION_HALF_DOWN:
        list_move(list, (page + 1) / 2);
        return true;
    case ACTION_TOP:
        list_select(list, 0);
        return true;
    case ACTION_BOTTOM:
        list_select(list, list->count - 1);
        return true;
    default:
        return false;
    }
}

enum list_click list_mouse(struct list *list, struct rect rows, const struct event *event)
{
    enum { WHEEL_ROWS = 3 };
    int row = list->top + event->row - rows.row;
    bool is_same = row == list->selected;
    if (event->kind != EVENT_CLICK) {
        list_scroll(list, event->kind == EVENT_WHEEL_UP ? -WHEEL_ROWS : WHEEL_ROWS);
        return LIST_MISSED;
    }
    if (!layout_contains(rows, event->row, event->column) || row >= list->count)
        return LIST_MISSED;
    list_select(list, row);
    return is_same ? LIST_CLICKED_AGAIN : LIST_CLICKED;
}
