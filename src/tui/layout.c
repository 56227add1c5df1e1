/* SPDX-License-Identifier: Apache-2.0 */
#include "layout.h"

struct layout layout_screen(int rows, int columns)
{
    struct layout layout = {
        .is_too_small = rows < LAYOUT_ROWS_MIN || columns < LAYOUT_COLUMNS_MIN,
        .top = {0, 0, 1, columns},
        .tabs = {1, 0, 1, columns},
        .body = {2, 0, rows > 3 ? rows - 3 : 0, columns},
        .bottom = {rows - 1, 0, 1, columns},
    };
    return layout;
}

struct panes layout_panes(struct rect body, int left_percent, int left_min)
{
    if (body.columns < LAYOUT_TWO_PANES_MIN)
        return (struct panes){true, body, body, -1};
    int left = body.columns * left_percent / 100;
    if (left < left_min)
        left = left_min;
    struct panes panes = {
        .left = {body.row, body.column, body.rows, left},
        .right = {body.row, body.column + left + 1, body.rows, body.columns - left - 1},
        .divider = body.column + left,
    };
    return panes;
}

struct rect layout_below_title(struct rect area)
{
    layout_take_top(&area, 1);
    return area;
}

struct rect layout_take_top(struct rect *area, int rows)
{
    if (rows > area->rows)
        rows = area->rows;
    struct rect taken = {area->row, area->column, rows, area->columns};
    area->row += rows;
    area->rows -= rows;
    return taken;
}

struct rect layout_take_bottom(struct rect *area, int rows)
{
    if (rows > area->rows)
        rows = area->rows;
    area->rows -= rows;
    return (struct rect){area->row + area->rows, area->column, rows, area->columns};
}

struct rect layout_indent(struct rect area, int columns)
{
    if (area.columns <= 2 * columns)
        return area;
    return (struct rect){area.row, area.column + columns, area.rows, area.columns - 2 * columns};
}

struct rect layout_center(struct rect area, int rows, int columns)
{
    if (rows > area.rows)
        rows = area.rows;
    if (columns > area.columns)
        columns = area.columns;
    return (struct rect){area.row + (area.rows - rows) / 2,
                         area.column + (area.columns - columns) / 2, rows, columns};
}

bool layout_contains(struct rect area, int row, int column)
{
    return row >= area.row && row < area.row + area.rows && column >= area.column &&
           column < area.column + area.columns;
}
