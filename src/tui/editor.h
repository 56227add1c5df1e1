/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that the user types: one line or several, words wrapped to the width, undo and redo, paste.
 * What is pasted is as hostile as any other text and is shown through base/utf8 like it. Secrets
 * are never shown, have no undo, and are wiped.
 */
#ifndef TUI_EDITOR_H
#define TUI_EDITOR_H

#include "action.h"
#include "canvas.h"
#include "key.h"

#define EDITOR_TEXT_MAX_BYTES   (64 * 1024)
#define EDITOR_SECRET_MAX_BYTES 1024

enum editor_kind { EDITOR_LINES, EDITOR_LINE, EDITOR_SECRET };

/* A change, to be undone. */
struct edit {
    size_t offset;
    char *removed, *inserted;
    bool is_typing; /* a character that was typed; the next one may join it */
};

struct editor {
    enum editor_kind kind;
    struct buffer text;
    size_t cursor; /* offset of the character it stands before */
    struct edit *edits;
    size_t edit_count;     /* of all */
    size_t done_count;     /* of those that were not undone */
    int goal_column;       /* that up and down keep to; -1: none */
    int top;               /* first row shown */
    int columns, rows;     /* as drawn last; before that, no limit */
    struct canvas measure; /* has no cells; shows text as the canvas did that was drawn on */
};

void editor_init(struct editor *editor, enum editor_kind kind);
void editor_release(struct editor *editor);
/* Replace the whole text (cut to the maximum), cursor at its end; nothing is left to undo. */
void editor_set(struct editor *editor, const char *text);
/* Replace the whole text as one change that can be undone. */
void editor_replace(struct editor *editor, const char *text);
const char *editor_text(const struct editor *editor);
/* Insert at the cursor. In one line, line feeds become spaces; carriage returns are dropped. False:
 * it would be too long, nothing was inserted. */
bool editor_insert(struct editor *editor, const char *bytes, size_t length);
/* Type a key. False: it types nothing. */
bool editor_type(struct editor *editor, struct key key);
/* The edit and cursor actions. False: the action is another's. */
bool editor_act(struct editor *editor, enum action action);
/* Draw, and put the canvas's cursor where it stands. */
void editor_draw(struct editor *editor, struct canvas *canvas, struct rect area);
/* Put the cursor at a place that was drawn, counted from the area's corner. */
void editor_click(struct editor *editor, int row, int column);

/* --- for the files of this module --- */

struct editor_row {
    size_t start, end; /* of its text */
    bool ends_line;    /* by a line feed or the end of the text */
};
/* The text cut into rows of at most COLUMNS; at least one. Free with free(). */
struct editor_row *editor_wrap(const struct editor *editor, int columns, size_t *ret_count);
/* The row that holds the cursor. */
size_t editor_row_of(const struct editor_row *rows, size_t count, size_t cursor);
size_t editor_next(const struct editor *editor, size_t offset);
size_t editor_previous(const struct editor *editor, size_t offset);
/* Columns of the text from START to END. */
int editor_width(const struct editor *editor, size_t start, size_t end);
size_t editor_offset_at(const struct editor *editor, const struct editor_row *row, int column);

#endif
