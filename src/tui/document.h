/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text laid out for a width: paragraphs with their words wrapped, headings, lines of evidence
 * behind a gutter. Made anew whenever it is drawn; what it holds is a screen or two.
 */
#ifndef TUI_DOCUMENT_H
#define TUI_DOCUMENT_H

#include "canvas.h"

struct document_line {
    char *label; /* in the first columns; NULL: none */
    char *text;
    size_t length; /* of text; 0: it is a string */
    char *right;   /* at the right end; NULL: none */
    enum role label_role, role, right_role;
    int indent;  /* column of the text */
    bool gutter; /* foreign text: a rule stands before it that it cannot paint over */
    enum layer layer;
};

struct document {
    const struct canvas *canvas; /* decides about widths; borrowed */
    int columns;
    struct document_line *lines;
    size_t count;
};

void document_init(struct document *document, const struct canvas *canvas, int columns);
void document_release(struct document *document);
/* Paragraphs; a line feed begins a new line. INDENT columns stay free on the left. */
void document_text(struct document *document, enum role role, int indent, const char *text);
/* The same with a label in the first line's free columns. */
void document_labeled(struct document *document, const char *label, enum role role, int indent,
                      const char *text);
/* One line that is cut, not wrapped; the members that are pointers are copied. */
void document_line(struct document *document, const struct document_line *line);
void document_blank(struct document *document);
/* Of the lines from FIRST on keep at most COUNT; when some go, the last one says so. */
void document_cut(struct document *document, size_t first, size_t count);
/* Append the labels and texts as plain lines. */
void document_write(const struct document *document, struct buffer *text);
/* Draw the lines from TOP on; returns how many were not drawn below. */
int document_draw(const struct document *document, struct canvas *canvas, struct rect area,
                  int top);

#endif
