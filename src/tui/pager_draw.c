/* SPDX-License-Identifier: Apache-2.0 */
#include "pager.h"

#include "base/utf8.h"

#include <ctype.h>

enum { MARK_LABEL_COLUMNS = 9, FLAG_BYTES_MAX = 4096 };

/* One row on its way to the canvas. */
struct row {
    size_t start, end; /* of its bytes */
    int skip;          /* columns scrolled away */
    struct rect area;  /* of its text */
};

/* Letters that are written from right to left (bidirectional classes R and AL). */
static bool is_right_to_left(int32_t code)
{
    return (code >= 0x0590 && code <= 0x08FF) || (code >= 0xFB1D && code <= 0xFDFF) ||
           (code >= 0xFE70 && code <= 0xFEFF) || (code >= 0x10800 && code <= 0x10FFF) ||
           (code >= 0x1E800 && code <= 0x1EFFF);
}

static bool has_right_to_left(const char *text, size_t length)
{
    while (length > 0) {
        int32_t code_point;
        size_t used = utf8_decode(text, length, &code_point);
        if (is_right_to_left(code_point))
            return true;
        text += used;
        length -= used;
    }
    return false;
}

/* "!": hidden characters; "R": letters that a terminal may put into another order. */
static const char *find_flag(const struct pager *pager, size_t start, size_t end)
{
    size_t length = end - start < FLAG_BYTES_MAX ? end - start : FLAG_BYTES_MAX;
    if (length > 0 && pager->data[start + length - 1] == '\r')
        length--;
    if (pager->mode == PAGER_HEX || length == 0)
        return "";
    if (safe_text_count_escapes(pager->data + start, length) > 0)
        return "!";
    return has_right_to_left(pager->data + start, length) ? "R" : "";
}

static void draw_flag(const struct pager *pager, struct canvas *canvas, const struct row *row)
{
    struct rect cell = {row->area.row, row->area.column - 3, 1, 1};
    struct strip strip = canvas_strip(canvas, cell, 0);
    if (!pager->plain)
        strip_put(&strip, ROLE_WARNING, find_flag(pager, row->start, row->end));
}

static void draw_gutter(const struct pager *pager, struct canvas *canvas, struct rect area,
                        size_t offset)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    int columns = pager_gutter_columns(pager);
    if (pager->plain)
        return;
    size_t line = lines_number(&pager->lines, offset);
    bool begins = offset == 0 || pager->data[offset - 1] == '\n';
    if (pager->mode == PAGER_HEX)
        strip_format(&strip, ROLE_GUTTER, "%*zx ", columns - 3, offset);
    else if (begins)
        strip_format(&strip, ROLE_GUTTER, "%*zu ", columns - 3, line + 1);
    else
        strip_skip(&strip, columns - 4);
    if (!begins && pager->mode != PAGER_HEX) {
        strip_glyph(&strip, ROLE_GUTTER, GLYPH_WRAPPED);
        strip_skip(&strip, 1);
    }
    strip_skip_to(&strip, columns - 2);
    strip_glyph(&strip, ROLE_GUTTER, GLYPH_VERTICAL);
}

/* Columns [FROM, TO) of the line, as far as they are in sight. */
static void set_match_layer(struct canvas *canvas, const struct row *row, int from, int to,
                            enum layer layer)
{
    from -= row->skip;
    to -= row->skip;
    if (from < 0)
        from = 0;
    if (to > row->area.columns)
        to = row->area.columns;
    if (to > from)
        canvas_set_layer(
            canvas, (struct rect){row->area.row, row->area.column + from, 1, to - from}, layer);
}

static void draw_matches(const struct pager *pager, struct canvas *canvas, const struct row *row)
{
    if (pager->search == NULL)
        return;
    size_t length = strlen(pager->search);
    size_t match_end = 0;
    enum layer layer = LAYER_MATCH;
    int column = 0;
    for (size_t at = row->start; at < row->end && column < row->skip + row->area.columns;) {
        struct safe_piece piece;
        canvas_next_piece(&pager->measure, pager->data + at, row->end - at, column, &piece);
        for (size_t i = at; i < at + piece.consumed; i++)
            if (i >= match_end && pager_match_at(pager, i)) {
                match_end = i + length;
                layer = pager->has_match && i == pager->match ? LAYER_CURRENT_MATCH : LAYER_MATCH;
            }
        if (at < match_end)
            set_match_layer(canvas, row, column, column + piece.columns, layer);
        column += piece.columns;
        at += piece.consumed;
    }
}

static void draw_mark(struct canvas *canvas, struct rect area, const struct pager_mark *mark)
{
    struct rect label = area;
    label.column += area.columns - MARK_LABEL_COLUMNS;
    label.columns = MARK_LABEL_COLUMNS;
    canvas_fill(canvas, label, ROLE_FAIL);
    enum role role = mark->is_bad ? ROLE_FAIL : ROLE_PASS;
    struct strip strip = canvas_strip(canvas, label, 0);
    strip_skip(&strip, 1);
    strip_glyph(&strip, role, GLYPH_MARK);
    strip_put(&strip, role, mark->is_bad ? " fails" : " holds");
    canvas_set_layer(canvas, area, LAYER_MARKED);
}

static void draw_hex(const struct pager *pager, struct canvas *canvas, const struct row *row)
{
    struct strip strip = canvas_strip(canvas, row->area, 0);
    int per_row = pager_hex_bytes(pager->columns);
    for (int i = 0; i < per_row; i++) {
        size_t at = row->start + (size_t)i;
        if (i == per_row / 2)
            strip_skip(&strip, 1);
        if (at < row->end)
            strip_format(&strip, ROLE_EVIDENCE, "%02x ", (unsigned char)pager->data[at]);
        else
            strip_skip(&strip, 3);
    }
    strip_glyph(&strip, ROLE_GUTTER, GLYPH_VERTICAL);
    for (size_t at = row->start; at < row->end; at++) {
        bool is_plain = isprint((unsigned char)pager->data[at]);
        char text[2] = {is_plain ? pager->data[at] : '.', '\0'};
        strip_put(&strip, is_plain ? ROLE_EVIDENCE : ROLE_DIM, text);
    }
}

static void draw_text(const struct pager *pager, struct canvas *canvas, const struct row *row)
{
    const char *text = pager->data + row->start;
    size_t length = row->end - row->start;
    if (length > 0 && text[length - 1] == '\r' && row->end < pager->length &&
        pager->data[row->end] == '\n')
        length--;
    struct line_window window = {.bytes = text,
                                 .length = length,
                                 .skip_columns = row->skip,
                                 .escape_all = pager->mode == PAGER_ESCAPED};
    struct strip strip = canvas_strip(canvas, row->area, 0);
    enum role role = pager->role != NULL ? pager->role(text, length)
                     : pager->plain      ? ROLE_TEXT
                                         : ROLE_EVIDENCE;
    bool goes_on = strip_put_line(&strip, role, &window);
    struct rect edge = row->area;
    edge.columns = 1;
    if (row->skip > 0 && length > 0) {
        strip = canvas_strip(canvas, edge, 0);
        strip_glyph(&strip, ROLE_ACCENT, GLYPH_MORE_LEFT);
    }
    edge.column = row->area.column + row->area.columns - 1;
    if (goes_on && !pager->wrap) {
        strip = canvas_strip(canvas, edge, 0);
        strip_glyph(&strip, ROLE_ACCENT, GLYPH_MORE_RIGHT);
    }
}

static void draw_row(const struct pager *pager, struct canvas *canvas, struct rect area,
                     size_t offset)
{
    size_t next = pager_next_row(pager, offset);
    size_t end = next > offset && pager->data[next - 1] == '\n' && pager->mode != PAGER_HEX
                     ? next - 1
                     : next;
    int gutter = pager_gutter_columns(pager);
    struct row row = {.start = offset, .end = end, .skip = pager->wrap ? 0 : pager->left};
    row.area = (struct rect){area.row, area.column + gutter, 1, pager->columns};
    draw_gutter(pager, canvas, area, offset);
    if (pager->mode == PAGER_HEX) {
        draw_hex(pager, canvas, &row);
        return;
    }
    draw_text(pager, canvas, &row);
    draw_flag(pager, canvas, &row);
    const struct pager_mark *mark =
        pager->mark_count > 0 ? pager_mark_of(pager, lines_number(&pager->lines, offset)) : NULL;
    if (mark != NULL)
        draw_mark(canvas, area, mark);
    draw_matches(pager, canvas, &row);
}

/* How far down we are, in the last column; nothing when all is in sight. */
static void draw_scrollbar(const struct pager *pager, struct canvas *canvas, struct rect area,
                           size_t bottom)
{
    if (area.rows < 2 || (pager->top == 0 && bottom >= pager->length))
        return;
    int size = (int)((double)(bottom - pager->top) / (double)pager->length * area.rows);
    size = size < 1 ? 1 : size;
    int start = (int)((double)pager->top / (double)pager->length * area.rows + 0.5);
    if (start + size > area.rows)
        start = area.rows - size;
    for (int i = 0; i < area.rows; i++) {
        struct rect cell = {area.row + i, area.column + area.columns - 1, 1, 1};
        struct strip strip = canvas_strip(canvas, cell, 0);
        bool is_thumb = i >= start && i < start + size;
        strip_glyph(&strip, ROLE_FRAME, is_thumb ? GLYPH_THUMB : GLYPH_VERTICAL);
    }
}

void pager_draw(struct pager *pager, struct canvas *canvas, struct rect area)
{
    pager->is_ascii = canvas->ascii;
    pager->measure = (struct canvas){.ascii = canvas->ascii || pager->mode == PAGER_ESCAPED,
                                     .can_show = canvas->can_show};
    pager->rows = area.rows;
    pager->columns = area.columns - pager_gutter_columns(pager) - 1;
    if (pager->columns < 1 || area.rows < 1)
        return;
    pager_settle(pager);
    size_t offset = pager->top;
    struct rect row = {area.row, area.column, 1, area.columns - 1};
    for (int i = 0; i < area.rows && offset < pager->length; i++, row.row++) {
        draw_row(pager, canvas, row, offset);
        offset = pager_next_row(pager, offset);
    }
    draw_scrollbar(pager, canvas, area, offset);
}
