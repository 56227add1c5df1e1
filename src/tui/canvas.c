/* SPDX-License-Identifier: Apache-2.0 */
#include "canvas.h"

#include "base/utf8.h"

#include <stdarg.h>

void canvas_init(struct canvas *canvas, int rows, int columns)
{
    *canvas = (struct canvas){0};
    canvas_clear(canvas, rows, columns);
}

void canvas_release(struct canvas *canvas)
{
    free(canvas->cells);
    *canvas = (struct canvas){0};
}

static void set_cell(struct cell *cell, const char *text, int columns, enum role role)
{
    size_t length = strlen(text);
    memcpy(cell->text, text, length + 1);
    cell->columns = (uint8_t)columns;
    cell->role = (uint8_t)role;
    cell->layer = LAYER_NONE;
}

void canvas_clear(struct canvas *canvas, int rows, int columns)
{
    if (rows != canvas->rows || columns != canvas->columns || canvas->cells == NULL) {
        size_t count = (size_t)rows * (size_t)columns;
        free(canvas->cells); /* of another shape: nothing in it is of use */
        canvas->cells = memory_new(count, sizeof(struct cell));
        canvas->rows = rows;
        canvas->columns = columns;
    }
    canvas->cursor_is_visible = false;
    canvas_fill(canvas, (struct rect){0, 0, rows, columns}, ROLE_TEXT);
}

static struct cell *cell_at(const struct canvas *canvas, int row, int column)
{
    if (row < 0 || row >= canvas->rows || column < 0 || column >= canvas->columns)
        return NULL;
    return canvas->cells + (size_t)row * (size_t)canvas->columns + column;
}

const struct cell *canvas_cell(const struct canvas *canvas, int row, int column)
{
    return cell_at(canvas, row, column);
}

/* Nothing may be left of a wide character whose other half is drawn over. */
static void break_wide(struct canvas *canvas, int row, int column)
{
    struct cell *cell = cell_at(canvas, row, column);
    struct cell *before = cell_at(canvas, row, column - 1);
    struct cell *behind = cell_at(canvas, row, column + 1);
    if (cell == NULL)
        return;
    if (cell->columns == 0 && before != NULL && before->columns == 2)
        set_cell(before, " ", 1, (enum role)before->role);
    if (cell->columns == 2 && behind != NULL && behind->columns == 0)
        set_cell(behind, " ", 1, (enum role)behind->role);
}

void canvas_fill(struct canvas *canvas, struct rect area, enum role role)
{
    for (int row = area.row; row < area.row + area.rows; row++) {
        break_wide(canvas, row, area.column);
        break_wide(canvas, row, area.column + area.columns - 1);
        for (int column = area.column; column < area.column + area.columns; column++) {
            struct cell *cell = cell_at(canvas, row, column);
            if (cell != NULL)
                set_cell(cell, " ", 1, role);
        }
    }
}

void canvas_set_layer(struct canvas *canvas, struct rect area, enum layer layer)
{
    for (int row = area.row; row < area.row + area.rows; row++)
        for (int column = area.column; column < area.column + area.columns; column++) {
            struct cell *cell = cell_at(canvas, row, column);
            if (cell != NULL)
                cell->layer = (uint8_t)layer;
        }
}

void canvas_set_cursor(struct canvas *canvas, int row, int column)
{
    canvas->cursor_is_visible = cell_at(canvas, row, column) != NULL;
    canvas->cursor_row = row;
    canvas->cursor_column = column;
}

struct strip canvas_strip(struct canvas *canvas, struct rect area, int row_in_area)
{
    bool is_inside = row_in_area >= 0 && row_in_area < area.rows;
    int limit = area.column + area.columns;
    if (limit > canvas->columns)
        limit = canvas->columns;
    return (struct strip){.canvas = canvas,
                          .row = is_inside ? area.row + row_in_area : -1,
                          .start = area.column,
                          .next = area.column,
                          .limit = limit};
}

int strip_left(const struct strip *strip)
{
    return strip->limit > strip->next ? strip->limit - strip->next : 0;
}

static void put_cell(struct canvas *canvas, int row, int column, const struct cell *cell)
{
    struct cell *target = cell_at(canvas, row, column);
    if (target == NULL)
        return;
    break_wide(canvas, row, column);
    *target = *cell;
    if (cell->columns != 2)
        return;
    struct cell *right = cell_at(canvas, row, column + 1);
    if (right == NULL) {
        set_cell(target, " ", 1, (enum role)cell->role);
        return;
    }
    break_wide(canvas, row, column + 1);
    set_cell(right, "", 0, (enum role)cell->role);
}

/* An escape and a TAB are several cells of one column. */
static void put_piece(struct canvas *canvas, int row, int column, enum role role,
                      const struct safe_piece *piece)
{
    struct cell cell;
    if (!piece->is_escape && piece->columns <= 2 && piece->text[0] != ' ') {
        set_cell(&cell, piece->text, piece->columns, role);
        put_cell(canvas, row, column, &cell);
        return;
    }
    for (int i = 0; i < piece->columns; i++) {
        char text[2] = {piece->text[i], '\0'};
        set_cell(&cell, text, 1, piece->is_escape ? ROLE_ESCAPE : role);
        put_cell(canvas, row, column + i, &cell);
    }
}

/* In ASCII, what base/utf8 would show as a character is shown by its number. */
static void make_ascii(struct safe_piece *piece, const char *text, size_t length)
{
    int32_t code_point;
    piece->consumed = utf8_decode(text, length, &code_point);
    piece->columns = snprintf(piece->text, sizeof(piece->text), "<U+%04X>", (unsigned)code_point);
    piece->is_escape = true;
}

static void next_piece(const struct canvas *canvas, const char *text, size_t length, int column,
                       struct safe_piece *piece)
{
    safe_text_next(text, length, column, piece);
    if (piece->is_escape || *text == '\t')
        return;
    bool is_plain = (unsigned char)text[0] < 0x80;
    bool is_alone = is_plain && piece->consumed == 1;
    if (is_alone || (!canvas->ascii &&
                     (canvas->can_show == NULL || canvas->can_show(piece->text, piece->columns))))
        return;
    if (!is_plain) {
        make_ascii(piece, text, length);
    } else { /* its marks become pieces of their own */
        piece->text[1] = '\0';
        piece->columns = 1;
        piece->consumed = 1;
    }
}

void canvas_next_piece(const struct canvas *canvas, const char *text, size_t length, int column,
                       struct safe_piece *ret_piece)
{
    next_piece(canvas, text, length, column, ret_piece);
}

int canvas_text_width(const struct canvas *canvas, const char *text)
{
    size_t length = strlen(text);
    int columns = 0;
    while (length > 0) {
        struct safe_piece piece;
        next_piece(canvas, text, length, columns, &piece);
        columns += piece.columns;
        text += piece.consumed;
        length -= piece.consumed;
    }
    return columns;
}

static void put_ellipsis(struct strip *strip, enum role role)
{
    if (strip->next >= strip->limit)
        strip->next = strip->limit - 1;
    if (strip->next < strip->start)
        return;
    struct cell cell;
    set_cell(&cell, glyph_text(GLYPH_ELLIPSIS, strip->canvas->ascii), 1, role);
    put_cell(strip->canvas, strip->row, strip->next, &cell);
    strip->next = strip->limit;
}

void strip_put(struct strip *strip, enum role role, const char *text)
{
    size_t length = strlen(text);
    int first = strip->next;
    while (length > 0) {
        struct safe_piece piece;
        next_piece(strip->canvas, text, length, strip->next - first, &piece);
        if (strip->next + piece.columns > strip->limit) {
            if (strip->limit > strip->start)
                put_ellipsis(strip, role);
            return;
        }
        put_piece(strip->canvas, strip->row, strip->next, role, &piece);
        strip->next += piece.columns;
        text += piece.consumed;
        length -= piece.consumed;
    }
}

void strip_format(struct strip *strip, enum role role, const char *format, ...)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_append_format_list(&text, format, arguments);
    va_end(arguments);
    strip_put(strip, role, buffer_text(&text));
}

void strip_glyph(struct strip *strip, enum role role, enum glyph glyph)
{
    strip_repeat(strip, role, glyph, 1);
}

void strip_repeat(struct strip *strip, enum role role, enum glyph glyph, int count)
{
    struct cell cell;
    set_cell(&cell, glyph_text(glyph, strip->canvas->ascii), 1, role);
    for (; count > 0 && strip->next < strip->limit; count--)
        put_cell(strip->canvas, strip->row, strip->next++, &cell);
}

void strip_skip(struct strip *strip, int columns)
{
    strip->next += columns;
    if (strip->next > strip->limit)
        strip->next = strip->limit;
}

void strip_skip_to(struct strip *strip, int column)
{
    if (strip->start + column > strip->next)
        strip_skip(strip, strip->start + column - strip->next);
}

void strip_put_right(struct strip *strip, enum role role, const char *text)
{
    int columns = canvas_text_width(strip->canvas, text);
    if (columns > strip_left(strip))
        return;
    struct strip right = *strip;
    right.next = strip->limit - columns;
    strip_put(&right, role, text);
    strip->limit -= columns;
}

/* Printable ASCII that can be neither an escape nor the base of marks is one column a byte. */
static size_t plain_run(const char *text, size_t length, size_t most)
{
    size_t i = 0;
    while (i < length && i < most && text[i] >= ' ' && text[i] < 0x7F && text[i] != '<')
        i++;
    return i < length && i > 0 && (unsigned char)text[i] >= 0x80 ? i - 1 : i;
}

/* Draw what of PIECE lies in the window; it starts at COLUMN of the line. */
static void put_clipped(struct strip *strip, enum role role, int shift,
                        const struct safe_piece *piece)
{
    if (shift >= 0 && strip->next + piece->columns <= strip->limit) {
        put_piece(strip->canvas, strip->row, strip->next, role, piece);
        return;
    }
    for (int i = shift < 0 ? -shift : 0; i < piece->columns; i++) {
        bool is_character = !piece->is_escape && piece->text[0] != ' ';
        char text[2] = {is_character ? ' ' : piece->text[i], '\0'};
        struct cell cell;
        set_cell(&cell, text, 1, piece->is_escape ? ROLE_ESCAPE : role);
        int column = strip->next + i + (shift < 0 ? shift : 0);
        if (column < strip->limit)
            put_cell(strip->canvas, strip->row, column, &cell);
    }
}

bool strip_put_line(struct strip *strip, enum role role, const struct line_window *window)
{
    const char *text = window->bytes;
    size_t length = window->length;
    struct canvas measure = {.ascii = window->escape_all || strip->canvas->ascii,
                             .can_show = strip->canvas->can_show};
    int column = 0; /* of the line */
    while (length > 0 && strip->next < strip->limit) {
        size_t run = column < window->skip_columns
                         ? plain_run(text, length, (size_t)(window->skip_columns - column))
                         : 0;
        struct safe_piece piece = {.columns = (int)run, .consumed = run};
        if (run == 0) {
            next_piece(&measure, text, length, column, &piece);
            int shift = column - window->skip_columns; /* < 0: begins left of the window */
            if (shift + piece.columns > 0) {
                put_clipped(strip, role, shift, &piece);
                strip->next += shift < 0 ? shift + piece.columns : piece.columns;
            }
        }
        column += piece.columns;
        text += piece.consumed;
        length -= piece.consumed;
    }
    bool goes_on = length > 0 || strip->next > strip->limit;
    if (strip->next > strip->limit)
        strip->next = strip->limit;
    return goes_on;
}

static void dump_cell(const struct cell *cell, bool roles, struct buffer *text)
{
    static const char role_letters[] = {
#define X(name, letter) letter,
        ROLES(X)
#undef X
    };
    static const char layer_letters[] = {
#define X(name, letter) letter,
        LAYERS(X)
#undef X
    };
    if (!roles)
        buffer_append_text(text, cell->text);
    else if (cell->layer != LAYER_NONE)
        buffer_append_byte(text, layer_letters[cell->layer]);
    else
        buffer_append_byte(text, cell->text[0] == ' ' ? ' ' : role_letters[cell->role]);
}

static void dump(const struct canvas *canvas, bool roles, struct buffer *text)
{
    for (int row = 0; row < canvas->rows; row++) {
        size_t end = text->length;
        for (int column = 0; column < canvas->columns; column++) {
            dump_cell(cell_at(canvas, row, column), roles, text);
            if (text->length > 0 && text->data[text->length - 1] != ' ')
                end = text->length;
        }
        if (text->data != NULL)
            text->length = end;
        buffer_append_byte(text, '\n');
    }
}

void canvas_dump(const struct canvas *canvas, struct buffer *text)
{
    dump(canvas, false, text);
}

void canvas_dump_roles(const struct canvas *canvas, struct buffer *text)
{
    dump(canvas, true, text);
}
