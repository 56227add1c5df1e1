/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A position is the offset of the byte that a row begins with. A row is a line; with wrapping on, a
 * part of a line: the line is cut at every 8 KiB first, and then into parts that fill the columns.
 * So the row before can be found by looking at 8 KiB at most, even in a line of 64 MiB.
 */
#include "pager.h"

#include "base/utf8.h"

#include <ctype.h>

enum { CHUNK_BYTES = 8 * 1024, LEFT_STEP = 8, LEFT_MAX = 100000, NUMBER_COLUMNS_MIN = 3 };

void pager_set_marks(struct pager *pager, const struct pager_mark *marks, size_t count)
{
    pager->marks = marks;
    pager->mark_count = count;
    pager->has_mark = false;
}

void pager_set(struct pager *pager, const char *data, size_t length)
{
    lines_release(&pager->lines);
    pager->data = data;
    pager->length = length;
    lines_init(&pager->lines, data, length);
    pager->top = 0;
    pager->left = 0;
    pager->has_match = false;
    pager_set_marks(pager, NULL, 0);
}

void pager_release(struct pager *pager)
{
    lines_release(&pager->lines);
    free(pager->search);
    *pager = (struct pager){0};
}

/* ---- rows ---- */

int pager_hex_bytes(int columns)
{
    return columns >= 66 ? 16 : 8;
}

int pager_gutter_columns(const struct pager *pager)
{
    if (pager->plain)
        return 1;
    int columns = 1;
    for (size_t n = pager->mode == PAGER_HEX ? pager->length / 16 : pager->lines.count; n >= 10;
         n /= pager->mode == PAGER_HEX ? 16 : 10)
        columns++;
    if (pager->mode == PAGER_HEX)
        columns += 2;
    return (columns < NUMBER_COLUMNS_MIN ? NUMBER_COLUMNS_MIN : columns) + 3;
}

static size_t line_start_of(const struct pager *pager, size_t offset)
{
    return lines_start(&pager->lines, lines_number(&pager->lines, offset));
}

/* The first byte of a character at or behind OFFSET. */
static size_t align_chunk(const struct pager *pager, size_t offset, size_t end)
{
    for (int i = 0; i < 3 && offset < end && ((unsigned char)pager->data[offset] & 0xC0) == 0x80;
         i++)
        offset++;
    return offset;
}

/* The end of the chunk of its line that OFFSET lies in. */
static size_t chunk_end_of(const struct pager *pager, size_t line, size_t offset)
{
    size_t end = lines_end(&pager->lines, offset);
    size_t chunk = line + ((offset - line) / CHUNK_BYTES + 1) * CHUNK_BYTES;
    if (chunk >= end)
        return end;
    size_t aligned = align_chunk(pager, chunk, end);
    return aligned > offset ? aligned : end;
}

static void next_piece(const struct pager *pager, size_t offset, size_t end, int column,
                       struct safe_piece *piece)
{
    canvas_next_piece(&pager->measure, pager->data + offset, end - offset, column, piece);
}

/* One row of a wrapped line: up to the column where the next piece would not fit. */
static size_t wrap_end(const struct pager *pager, size_t offset, size_t end)
{
    int column = 0;
    while (offset < end) {
        struct safe_piece piece;
        next_piece(pager, offset, end, column, &piece);
        if (column > 0 && column + piece.columns > pager->columns)
            break;
        column += piece.columns;
        offset += piece.consumed;
    }
    return offset;
}

size_t pager_next_row(const struct pager *pager, size_t offset)
{
    if (pager->mode == PAGER_HEX) {
        size_t next = offset + (size_t)pager_hex_bytes(pager->columns);
        return next < pager->length ? next : pager->length;
    }
    size_t end = lines_end(&pager->lines, offset);
    if (pager->wrap) {
        size_t line = line_start_of(pager, offset);
        size_t next = wrap_end(pager, offset, chunk_end_of(pager, line, offset));
        if (next < end)
            return next;
    }
    return end < pager->length ? end + 1 : pager->length;
}

/* The start of the row that the byte at OFFSET lies in. */
static size_t row_of(const struct pager *pager, size_t offset)
{
    if (pager->mode == PAGER_HEX)
        return offset - offset % (size_t)pager_hex_bytes(pager->columns);
    size_t line = line_start_of(pager, offset);
    if (!pager->wrap)
        return line;
    size_t chunk = line + (offset - line) / CHUNK_BYTES * CHUNK_BYTES;
    size_t row = chunk > line ? align_chunk(pager, chunk, pager->length) : line;
    if (row > offset && chunk > line)
        row = align_chunk(pager, chunk - CHUNK_BYTES, pager->length);
    for (;;) {
        size_t next = pager_next_row(pager, row);
        if (next > offset || next <= row)
            return row;
        row = next;
    }
}

static size_t previous_row(const struct pager *pager, size_t offset)
{
    return offset == 0 ? 0 : row_of(pager, offset - 1);
}

/* The top that shows the end of the text in the last row. */
static size_t last_top(const struct pager *pager)
{
    size_t offset = pager->length;
    for (int i = 0; i < pager->rows && offset > 0; i++)
        offset = previous_row(pager, offset);
    return offset;
}

void pager_settle(struct pager *pager)
{
    size_t bottom = pager->top;
    int shown = 0;
    for (; shown < pager->rows && bottom < pager->length; shown++)
        bottom = pager_next_row(pager, bottom);
    if (shown < pager->rows && pager->top > 0)
        pager->top = last_top(pager);
}

void pager_scroll(struct pager *pager, int rows)
{
    for (; rows < 0; rows++)
        pager->top = previous_row(pager, pager->top);
    size_t last = rows > 0 ? last_top(pager) : 0;
    for (; rows > 0 && pager->top < last; rows--)
        pager->top = pager_next_row(pager, pager->top);
}

/* Show the row of OFFSET, a third down the screen when it was out of sight. */
static void reveal(struct pager *pager, size_t offset)
{
    size_t bottom = pager->top;
    for (int i = 0; i < pager->rows; i++)
        bottom = pager_next_row(pager, bottom);
    if (offset >= pager->top && (offset < bottom || bottom >= pager->length))
        return;
    pager->top = row_of(pager, offset);
    for (int i = 0; i < pager->rows / 3; i++)
        pager->top = previous_row(pager, pager->top);
    size_t last = last_top(pager);
    if (pager->top > last)
        pager->top = last;
}

void pager_go_to_line(struct pager *pager, size_t line)
{
    if (line < pager->lines.count)
        reveal(pager, lines_start(&pager->lines, line));
}

/* ---- search ---- */

static bool has_capital(const char *text)
{
    while (*text != '\0' && !isupper((unsigned char)*text))
        text++;
    return *text != '\0';
}

static bool equal_at(const char *data, const char *text, size_t length, bool heed_case)
{
    if (heed_case)
        return memcmp(data, text, length) == 0;
    for (size_t i = 0; i < length; i++)
        if (tolower((unsigned char)data[i]) != text[i])
            return false;
    return true;
}

bool pager_match_at(const struct pager *pager, size_t offset)
{
    if (pager->search == NULL)
        return false;
    size_t length = strlen(pager->search);
    return offset + length <= pager->length &&
           equal_at(pager->data + offset, pager->search, length, has_capital(pager->search));
}

/* Look at every offset from FROM towards the end, or the start, of the data. */
static bool find_between(struct pager *pager, size_t from, size_t to, bool forward)
{
    size_t length = strlen(pager->search);
    bool heed_case = has_capital(pager->search);
    if (length > pager->length)
        return false;
    size_t last = pager->length - length;
    for (size_t i = 0; from + i <= to; i++) {
        size_t offset = forward ? from + i : to - i;
        if (offset <= last && equal_at(pager->data + offset, pager->search, length, heed_case)) {
            pager->match = offset;
            pager->has_match = true;
            return true;
        }
    }
    return false;
}

/* Scroll sideways so that the match is in sight. */
static void reveal_column(struct pager *pager, size_t offset)
{
    if (pager->wrap || pager->mode == PAGER_HEX)
        return;
    size_t end = lines_end(&pager->lines, offset);
    int column = 0;
    for (size_t at = line_start_of(pager, offset); at < offset && column < LEFT_MAX;) {
        struct safe_piece piece;
        next_piece(pager, at, end, column, &piece);
        column += piece.columns;
        at += piece.consumed;
    }
    int width = (int)strlen(pager->search);
    if (column < pager->left || column + width > pager->left + pager->columns)
        pager->left = column + width < pager->columns ? 0 : column - pager->columns / 3;
}

static bool show_match(struct pager *pager)
{
    reveal(pager, pager->match);
    reveal_column(pager, pager->match);
    return true;
}

bool pager_search(struct pager *pager, const char *text)
{
    free(pager->search);
    pager->search = text != NULL && text[0] != '\0' ? memory_copy_text(text) : NULL;
    pager->has_match = false;
    if (pager->search == NULL || pager->length == 0)
        return pager->search == NULL;
    if (find_between(pager, pager->top, pager->length - 1, true))
        return show_match(pager);
    return pager->top > 0 && find_between(pager, 0, pager->top - 1, true) && show_match(pager);
}

bool pager_search_next(struct pager *pager, bool forward)
{
    if (pager->search == NULL || pager->length == 0)
        return false;
    size_t last = pager->length - 1;
    size_t at = pager->has_match ? pager->match : pager->top;
    if (forward)
        return ((at < last && find_between(pager, at + 1, last, true)) ||
                find_between(pager, 0, at, true)) &&
               show_match(pager);
    return ((at > 0 && find_between(pager, 0, at - 1, false)) ||
            find_between(pager, at, last, false)) &&
           show_match(pager);
}

/* ---- marks ---- */

const struct pager_mark *pager_mark_of(const struct pager *pager, size_t line)
{
    for (size_t i = 0; i < pager->mark_count; i++)
        if (pager->marks[i].line == line)
            return &pager->marks[i];
    return NULL;
}

static bool next_mark(struct pager *pager, bool forward)
{
    if (pager->mark_count == 0)
        return true;
    size_t last = pager->mark_count - 1;
    size_t before = pager->mark_at;
    if (!pager->has_mark)
        pager->mark_at = forward ? 0 : last;
    else if (forward)
        pager->mark_at = before == last ? 0 : before + 1;
    else
        pager->mark_at = before == 0 ? last : before - 1;
    pager->has_mark = true;
    pager_go_to_line(pager, pager->marks[pager->mark_at].line);
    return true;
}

/* ---- actions ---- */

static bool scroll_left(struct pager *pager, int columns)
{
    int left = pager->left + columns;
    pager->left = left < 0 || pager->wrap ? 0 : left > LEFT_MAX ? LEFT_MAX : left;
    return true;
}

static bool go_to(struct pager *pager, size_t top)
{
    pager->top = top;
    return true;
}

static bool scroll(struct pager *pager, int rows)
{
    pager_scroll(pager, rows);
    return true;
}

static bool change_mode(struct pager *pager, enum pager_mode mode, bool wrap)
{
    pager->mode = mode;
    pager->measure.ascii = pager->is_ascii || mode == PAGER_ESCAPED;
    pager->wrap = wrap;
    pager->left = 0;
    pager->top = row_of(pager, pager->top);
    return true;
}

bool pager_act(struct pager *pager, enum action action)
{
    int page = pager->rows > 1 ? pager->rows - 1 : 1;
    switch (action) {
    case ACTION_UP:
        return scroll(pager, -1);
    case ACTION_DOWN:
        return scroll(pager, 1);
    case ACTION_PAGE_UP:
        return scroll(pager, -page);
    case ACTION_PAGE_DOWN:
        return scroll(pager, page);
    case ACTION_HALF_UP:
        return scroll(pager, -(page + 1) / 2);
    case ACTION_HALF_DOWN:
        return scroll(pager, (page + 1) / 2);
    case ACTION_TOP:
        pager->left = 0;
        return go_to(pager, 0);
    case ACTION_BOTTOM:
        return go_to(pager, last_top(pager));
    case ACTION_LEFT:
        return scroll_left(pager, -LEFT_STEP);
    case ACTION_RIGHT:
        return scroll_left(pager, LEFT_STEP);
    case ACTION_WRAP:
        return change_mode(pager, pager->mode, !pager->wrap);
    case ACTION_RAW:
        return change_mode(pager, (pager->mode + 1) % PAGER_MODE_COUNT, pager->wrap);
    case ACTION_NEXT_MARK:
        return next_mark(pager, true);
    case ACTION_PREVIOUS_MARK:
        return next_mark(pager, false);
    default:
        return false;
    }
}

void pager_format_position(const struct pager *pager, struct buffer *text)
{
    size_t bottom = pager->top;
    for (int i = 0; i < pager->rows && bottom < pager->length; i++)
        bottom = pager_next_row(pager, bottom);
    size_t first = lines_number(&pager->lines, pager->top) + 1;
    size_t last = bottom == 0 ? 0 : lines_number(&pager->lines, bottom - 1) + 1;
    if (pager->length == 0)
        buffer_append_text(text, "empty");
    else if (pager->top == 0 && bottom >= pager->length)
        buffer_append_format(text, "all of %zu", pager->lines.count);
    else
        buffer_append_format(text, "%zu-%zu of %zu", first, last, pager->lines.count);
}
