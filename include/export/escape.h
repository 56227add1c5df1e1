/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hostile text made safe for the place where it will stand. Every function sends it through
 * base/utf8 first: no control, bidirectional or zero-width character and no invalid UTF-8 is left;
 * they show as "<1B>" or "<U+202E>". Then what acts in the format is escaped. Nothing else in this
 * room writes text from a review into a document.
 */
#ifndef EXPORT_ESCAPE_H
#define EXPORT_ESCAPE_H

#include "base/buffer.h"

enum escape_layout {
    ESCAPE_ONE_LINE,    /* LF, CR and TAB become escapes: titles, names, cells */
    ESCAPE_SOURCE_LINE, /* the same, but TAB is expanded to columns: a line of evidence */
    ESCAPE_MANY_LINES   /* LF stays, CR before it is dropped, TAB is expanded: notes, commands */
};

/* Safe text without any escaping of a format: the raw material of escape_markdown_block(). */
void escape_plain(struct buffer *out, const char *text, enum escape_layout layout);

/* The content of an element. What safe text made visible stands in <span class="esc">. */
void escape_html_text(struct buffer *out, const char *text, enum escape_layout layout);
/* The value of an attribute between double quotes, on one line. */
void escape_html_attribute(struct buffer *out, const char *text);

/* Running text on one line of CommonMark: no construct of CommonMark or GitHub's tables, autolinks
 * and strike-through is left in it, wherever in a line OUT ends. */
void escape_markdown_text(struct buffer *out, const char *text);
/* A code span. Not for cells of tables, where a "|" would end it. */
void escape_markdown_code(struct buffer *out, const char *text);
/* Block quote of many lines, each line kept, LF at the end. */
void escape_markdown_quote(struct buffer *out, const char *text);
/* A fenced block whose fence is longer than any run of backticks in it, LF at the end. */
void escape_markdown_block(struct buffer *out, const char *text);

/* A quoted cell of RFC 4180. A text that a spreadsheet could take for a formula, or that starts
 * with "'", gets a "'" in front: removing one leading "'" gives the safe text back. */
void escape_csv_cell(struct buffer *out, const char *text);

/* Templates. FORMAT is ours and is copied; it knows %s, %d, %zu, %lld and %%. Each %s is escaped
 * for where it stands: HTML text or, between "<" and ">", an attribute's value. */
void html_put(struct buffer *out, const char *format, ...) PRINTF_LIKE(2, 3);
/* The same for CommonMark: each %s is running text. */
void markdown_put(struct buffer *out, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
