/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Untrusted bytes made safe to show, and the width of text on a terminal.
 *
 * Everything that comes from a target, a file or a checklist passes through here before it reaches
 * a terminal. Accepted as it is: printable ASCII and valid UTF-8 of the Unicode categories L, M (at
 * most 4 marks behind a base, never first or behind a space), N, P, S. Everything else - control
 * bytes, C1, invalid or overlong UTF-8, bidirectional controls, zero-width, private use, tags,
 * unassigned - becomes a visible escape: "<1B>" for a byte, "<U+202E>" for a code point. A literal
 * "<" that would look like such an escape is itself escaped ("<3C>"), so two different byte strings
 * never look the same, with the one exception that SAFE_MANY_LINES names. TAB is a matter of
 * layout: safe_text_next() expands it, safe_text_append(), which knows no columns, escapes it. The
 * tables are made from the Unicode character database by build-aux/make-unicode-table.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/buffer.h"

/* Decode one code point at TEXT (LENGTH > 0 bytes left). Returns the bytes used and the code point,
 * or 1 and -1 for a byte that is no valid UTF-8 (RFC 3629: overlong forms, surrogates, > U+10FFFF).
 */
size_t utf8_decode(const char *text, size_t length, int32_t *ret_code_point);
/* Append a code point as UTF-8. */
void utf8_append(struct buffer *buffer, int32_t code_point);
/* Columns a code point takes on a terminal: 0 for a combining mark, 2 for a wide one, else 1. */
int utf8_width(int32_t code_point);
/* True for a code point that may be shown as it is. */
bool utf8_is_printable(int32_t code_point);
/* Columns of a string that is our own (already safe). */
int utf8_text_width(const char *text);
bool utf8_is_valid(const char *text, size_t length);

/* One piece of safe text: a character with its marks, or one escape. */
struct safe_piece {
    char text[32];   /* UTF-8, NUL-terminated */
    int columns;     /* 1 or 2 for a character, the length of an escape */
    bool is_escape;  /* made by us, to be drawn in the style that text cannot have */
    size_t consumed; /* bytes of the input that it stands for */
};

/* The next piece of [TEXT, TEXT+LENGTH), LENGTH > 0. COLUMN (from 0) is where it will stand and is
 * used to expand a TAB to the next multiple of 8, which gives a piece of spaces. */
void safe_text_next(const char *text, size_t length, int column, struct safe_piece *ret_piece);

enum safe_text_lines {
    SAFE_ONE_LINE,  /* LF and CR are escaped like any control byte: titles, names, table cells */
    SAFE_MANY_LINES /* LF ends a line and stays; a CR before it is dropped, so
                        that CRLF and LF give the same text */
};
/* Append the safe form of LENGTH bytes. */
void safe_text_append(struct buffer *buffer, const char *bytes, size_t length,
                      enum safe_text_lines lines);
/* The safe form of a string on one line; free with free(). */
char *safe_text_copy(const char *text) MUST_USE;
/* How many escapes the safe form of these bytes has, line ends and TABs aside:
 * "hidden characters: n". */
size_t safe_text_count_escapes(const char *bytes, size_t length);

#endif
