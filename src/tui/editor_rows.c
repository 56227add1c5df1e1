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
