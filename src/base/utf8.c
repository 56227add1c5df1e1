/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How two different inputs stay different: the input is cut into pieces in one way only, each piece
 * is either copied or written as an escape, and a copied "<" is never followed by what would make
 * it read as an escape. A reader who decodes every "<..>" gets the input back.
 */
#include "base/utf8.h"

#include "unicode_table.h"

enum { MAX_MARKS = 4, MAX_CHARACTER_COLUMNS = 2, TAB_COLUMNS = 8 };

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

size_t utf8_decode(const char *text, size_t length, int32_t *ret_code_point)
{
    const unsigned char *bytes = (const unsigned char *)text;
    unsigned char first = bytes[0];
    size_t size = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    *ret_code_point = -1;
    if (size == 0 || first > 0xF4 || size > length)
        return 1;
    int32_t code = size == 1 ? first : first & (0x7F >> size);
    for (size_t i = 1; i < size; i++) {
        if (!is_continuation(bytes[i]))
            return 1;
        code = code << 6 | (bytes[i] & 0x3F);
    }
    static const int32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < smallest[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 1;
    *ret_code_point = code;
    return size;
}

void utf8_append(struct buffer *buffer, int32_t code_point)
{
    uint32_t code = (uint32_t)code_point;
    if (code < 0x80) {
        buffer_append_byte(buffer, (char)code);
    } else if (code < 0x800) {
        char bytes[] = {(char)(0xC0 | code >> 6), (char)(0x80 | (code & 0x3F))};
        buffer_append(buffer, bytes, sizeof(bytes));
    } else if (code < 0x10000) {
        char bytes[] = {(char)(0xE0 | code >> 12), (char)(0x80 | (code >> 6 & 0x3F)),
                        (char)(0x80 | (code & 0x3F))};
        buffer_append(buffer, bytes, sizeof(bytes));
    } else {
        char bytes[] = {(char)(0xF0 | code >> 18), (char)(0x80 | (code >> 12 & 0x3F)),
                        (char)(0x80 | (code >> 6 & 0x3F)), (char)(0x80 | (code & 0x3F))};
        buffer_append(buffer, bytes, sizeof(bytes));
    }
}

static enum unicode_kind kind_of(int32_t code_point)
{
    if (code_point >= 0x20 && code_point < 0x7F)
        return UNICODE_NARROW;
    size_t low = 0;
    size_t high = code_point < 0 ? 0 : unicode_range_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct unicode_range *range = &unicode_ranges[middle];
        if ((uint32_t)code_point < range->first)
            high = middle;
        else if ((uint32_t)code_point > range->last)
            low = middle + 1;
        else
            return (enum unicode_kind)range->kind;
    }
    return UNICODE_HIDDEN;
}

static bool kind_is_mark(enum unicode_kind kind)
{
    return kind >= UNICODE_MARK;
}

static int width_of_kind(enum unicode_kind kind)
{
    return kind == UNICODE_MARK                                        ? 0
           : kind == UNICODE_WIDE || kind == UNICODE_WIDE_SPACING_MARK ? 2
                                                                       : 1;
}

int utf8_width(int32_t code_point)
{
    return width_of_kind(kind_of(code_point));
}

bool utf8_is_printable(int32_t code_point)
{
    return kind_of(code_point) != UNICODE_HIDDEN;
}

int utf8_text_width(const char *text)
{
    int columns = 0;
    size_t length = strlen(text);
    while (length > 0) {
        int32_t code_point;
        size_t used = utf8_decode(text, length, &code_point);
        columns += utf8_width(code_point);
        text += used;
        length -= used;
    }
    return columns;
}

bool utf8_is_valid(const char *text, size_t length)
{
    while (length > 0) {
        int32_t code_point;
        size_t used = utf8_decode(text, length, &code_point);
        if (code_point < 0)
            return false;
        text += used;
        length -= used;
    }
    return true;
}

static bool is_upper_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F');
}

/* True when TEXT starts with "<HH>" or "<U+HHHH>", 4 to 6 digits: what an escape looks like. */
static bool looks_like_escape(const char *text, size_t length)
{
    size_t start = length > 2 && text[1] == 'U' && text[2] == '+' ? 3 : 1;
    size_t end = start;
    while (end < length && end - start < 7 && is_upper_hex(text[end]))
        end++;
    size_t digits = end - start;
    if (end >= length || text[end] != '>')
        return false;
    return start == 1 ? digits == 2 : digits >= 4 && digits <= 6;
}

static void make_byte_escape(struct safe_piece *piece, char byte)
{
    static const char digits[] = "0123456789ABCDEF";
    const char text[] = {'<', digits[(unsigned char)byte >> 4], digits[byte & 15], '>', '\0'};
    memcpy(piece->text, text, sizeof(text));
    piece->columns = sizeof(text) - 1;
    piece->is_escape = true;
    piece->consumed = 1;
}

static void make_code_escape(struct safe_piece *piece, int32_t code_point, size_t consumed)
{
    unsigned code = (unsigned)code_point;
    piece->columns = snprintf(piece->text, sizeof(piece->text), "<U+%04X>", code);
    piece->is_escape = true;
    piece->consumed = consumed;
}

static void make_tab(struct safe_piece *piece, int column)
{
    int columns = TAB_COLUMNS - column % TAB_COLUMNS;
    memset(piece->text, ' ', (size_t)columns);
    piece->text[columns] = '\0';
    piece->columns = columns;
    piece->is_escape = false;
    piece->consumed = 1;
}

/* The marks that may follow the base at [TEXT, TEXT + PIECE->consumed). A mark that takes a column
 * of its own has to fit into the two that a cell can be wide. */
static void add_marks(struct safe_piece *piece, const char *text, size_t length)
{
    for (int marks = 0; marks < MAX_MARKS && piece->consumed < length; marks++) {
        const char *next = text + piece->consumed;
        if ((unsigned char)*next < 0x80)
            return;
        int32_t code_point;
        size_t used = utf8_decode(next, length - piece->consumed, &code_point);
        enum unicode_kind kind = kind_of(code_point);
        int columns = piece->columns + width_of_kind(kind);
        if (!kind_is_mark(kind) || columns > MAX_CHARACTER_COLUMNS)
            return;
        piece->columns = columns;
        piece->consumed += used;
    }
}

static void make_character(struct safe_piece *piece, const char *text, size_t length, size_t used,
                           enum unicode_kind kind)
{
    piece->columns = width_of_kind(kind);
    piece->is_escape = false;
    piece->consumed = used;
    if (*text != ' ')
        add_marks(piece, text, length);
    memcpy(piece->text, text, piece->consumed);
    piece->text[piece->consumed] = '\0';
}

/* Everything but TAB. */
static void make_piece(const char *text, size_t length, struct safe_piece *piece)
{
    int32_t code_point;
    size_t used = utf8_decode(text, length, &code_point);
    enum unicode_kind kind = kind_of(code_point);
    if (kind != UNICODE_HIDDEN && !kind_is_mark(kind) &&
        !(*text == '<' && looks_like_escape(text, length)))
        make_character(piece, text, length, used, kind);
    else if (code_point < 0x80)
        make_byte_escape(piece, *text);
    else
        make_code_escape(piece, code_point, used);
}

void safe_text_next(const char *text, size_t length, int column, struct safe_piece *ret_piece)
{
    if (*text == '\t')
        make_tab(ret_piece, column);
    else
        make_piece(text, length, ret_piece);
}

/* 1 or 2 for the bytes of a line end that stays, 0 for everything else. */
static size_t line_end_length(const char *text, size_t length, enum safe_text_lines lines)
{
    if (lines == SAFE_ONE_LINE)
        return 0;
    if (*text == '\n')
        return 1;
    return length > 1 && text[0] == '\r' && text[1] == '\n' ? 2 : 0;
}

/* Characters that are copied whatever follows them. A mark may follow all but the last. */
static size_t plain_length(const char *text, size_t length)
{
    size_t i = 0;
    while (i < length && text[i] >= ' ' && text[i] < 0x7F && text[i] != '<')
        i++;
    return i < length && i > 0 && (unsigned char)text[i] >= 0x80 ? i - 1 : i;
}

void safe_text_append(struct buffer *buffer, const char *bytes, size_t length,
                      enum safe_text_lines lines)
{
    buffer_reserve(buffer, length);
    while (length > 0) {
        size_t used = plain_length(bytes, length);
        if (used > 0) {
            buffer_append(buffer, bytes, used);
        } else if ((used = line_end_length(bytes, length, lines)) > 0) {
            buffer_append_byte(buffer, '\n');
        } else {
            struct safe_piece piece;
            make_piece(bytes, length, &piece);
            buffer_append_text(buffer, piece.text);
            used = piece.consumed;
        }
        bytes += used;
        length -= used;
    }
}

char *safe_text_copy(const char *text)
{
    struct buffer safe = {0};
    safe_text_append(&safe, text, strlen(text), SAFE_ONE_LINE);
    return buffer_take(&safe);
}

size_t safe_text_count_escapes(const char *bytes, size_t length)
{
    size_t count = 0;
    while (length > 0) {
        size_t used = plain_length(bytes, length);
        if (used == 0)
            used = line_end_length(bytes, length, SAFE_MANY_LINES);
        if (used == 0) {
            struct safe_piece piece;
            make_piece(bytes, length, &piece);
            count += piece.is_escape && *bytes != '\t';
            used = piece.consumed;
        }
        bytes += used;
        length -= used;
    }
    return count;
}
