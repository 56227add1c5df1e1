/* SPDX-License-Identifier: Apache-2.0 */
#include "editor.h"

#include "base/array.h"
#include "base/utf8.h"

enum { NO_LIMIT = 1 << 20 };

static size_t piece_at(const struct editor *editor, size_t offset, int column, int *ret_columns)
{
    struct safe_piece piece;
    canvas_next_piece(&editor->measure, editor->text.data + offset, editor->text.length - offset,
                      column, &piece);
    *ret_columns = editor->kind == EDITOR_SECRET ? 1 : piece.columns;
    return piece.consumed;
}

size_t editor_next(const struct editor *editor, size_t offset)
{
    if (offset >= editor->text.length)
        return editor->text.length;
    int columns;
    return offset + piece_at(editor, offset, 0, &columns);
}

/* Characters are cut from the start of the line on: marks belong to what stands before them. */
size_t editor_previous(const struct editor *editor, size_t offset)
{
    if (offset == 0)
        return 0;
    size_t at = offset - 1;
    while (at > 0 && editor->text.data[at - 1] != '\n')
        at--;
    for (;;) {
        size_t next = editor_next(editor, at);
        if (next >= offset)
            return at;
        at = next;
    }
}

int editor_width(const struct editor *editor, size_t start, size_t end)
{
    int column = 0;
    while (start < end) {
        int columns;
        start += piece_at(editor, start, column, &columns);
        column += columns;
    }
    return column;
}

/* The end of the row that begins at START: behind the last blank that fits, or in a word that is
 * longer than a row. */
static struct editor_row make_row(const struct editor *editor, size_t start, int limit)
{
    size_t at = start;
    size_t after_blank = start;
    int column = 0;
    while (at < editor->text.length && editor->text.data[at] != '\n') {
        int columns;
        size_t used = piece_at(editor, at, column, &columns);
        if (column > 0 && column + columns > limit) {
            if (editor->text.data[at] == ' ') /* a blank at the edge hangs over */
                return (struct editor_row){start, at + 1, false};
            return (struct editor_row){start, after_blank > start ? after_blank : at, false};
        }
        column += columns;
        at += used;
        if (editor->text.data[at - 1] == ' ')
            after_blank = at;
    }
    return (struct editor_row){start, at, true};
}

struct editor_row *editor_wrap(const struct editor *editor, int columns, size_t *ret_count)
{
    struct editor_row *rows = NULL;
    size_t count = 0;
    int limit = columns > 1 && editor->kind == EDITOR_LINES ? columns : NO_LIMIT;
    size_t start = 0;
    for (;;) {
        struct editor_row row = make_row(editor, start, limit);
        *array_push(rows, count) = row;
        if (row.ends_line && row.end >= editor->text.length)
            break;
        start = row.ends_line ? row.end + 1 : row.end;
    }
    *ret_count = count;
    return rows;
}

size_t editor_row_of(const struct editor_row *rows, size_t count, size_t cursor)
{
    size_t row = 0;
    while (row + 1 < count && rows[row + 1].start <= cursor)
        row++;
    return row;
}

size_t editor_offset_at(const struct editor *editor, const struct editor_row *row, int column)
{
    size_t at = row->start;
    size_t end = row->ends_line ? row->end : editor_previous(editor, row->end);
    for (int here = 0; at < end;) {
        int columns;
        size_t used = piece_at(editor, at, here, &columns);
        if (here + columns > column)
            break;
        here += columns;
        at += used;
    }
    return at;
}

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
