/* SPDX-License-Identifier: Apache-2.0 */
#include "editor.h"

static void draw_secret(const struct editor *editor, struct strip *strip)
{
    size_t at = 0;
    while (at < editor->text.length && strip_left(strip) > 1) {
        strip_glyph(strip, ROLE_TEXT, GLYPH_HIDDEN);
        at = editor_next(editor, at);
    }
    canvas_set_cursor(strip->canvas, strip->row, strip->next);
}

/* One line scrolls sideways so that the cursor is in sight. */
static void draw_line(struct editor *editor, struct canvas *canvas, struct rect area)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    if (editor->kind == EDITOR_SECRET) {
        draw_secret(editor, &strip);
        return;
    }
    int cursor = editor_width(editor, 0, editor->cursor);
    int skip = cursor >= area.columns ? cursor - area.columns + 1 : 0;
    struct line_window window = {
        .bytes = editor_text(editor), .length = editor->text.length, .skip_columns = skip};
    strip_put_line(&strip, ROLE_TEXT, &window);
    canvas_set_cursor(canvas, area.row, area.column + cursor - skip);
}

void editor_draw(struct editor *editor, struct canvas *canvas, struct rect area)
{
    editor->measure = (struct canvas){.ascii = canvas->ascii, .can_show = canvas->can_show};
    editor->rows = area.rows;
    editor->columns = area.columns;
    if (editor->kind != EDITOR_LINES) {
        draw_line(editor, canvas, area);
        return;
    }
    size_t count;
    AUTO_FREE struct editor_row *rows = editor_wrap(editor, area.columns, &count);
    int row = (int)editor_row_of(rows, count, editor->cursor);
    if (row < editor->top)
        editor->top = row;
    if (row >= editor->top + area.rows)
        editor->top = row - area.rows + 1;
    if (editor->top > 0 && (int)count - editor->top < area.rows)
        editor->top = (int)count > area.rows ? (int)count - area.rows : 0;
    for (int i = 0; i < area.rows && editor->top + i < (int)count; i++) {
        const struct editor_row *line = &rows[editor->top + i];
        struct line_window window = {.bytes = editor_text(editor) + line->start,
                                     .length = line->end - line->start};
        struct strip strip = canvas_strip(canvas, area, i);
        strip_put_line(&strip, ROLE_TEXT, &window);
    }
    int column = editor_width(editor, rows[row].start, editor->cursor);
    canvas_set_cursor(canvas, area.row + row - editor->top,
                      area.column + (column < area.columns ? column : area.columns - 1));
}

void editor_click(struct editor *editor, int row, int column)
{
    size_t count;
    AUTO_FREE struct editor_row *rows = editor_wrap(editor, editor->columns, &count);
    size_t target = (size_t)editor->top + (size_t)row;
    editor->cursor =
        target < count ? editor_offset_at(editor, &rows[target], column) : editor->text.length;
    editor->goal_column = -1;
}
