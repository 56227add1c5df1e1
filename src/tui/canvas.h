/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A grid of cells. Screens draw here; terminal.c copies it to the terminal, tests read it. All text
 * passes through base/utf8 on its way in, so no byte of a target or a file can act on the terminal:
 * what is unsafe becomes a visible escape in ROLE_ESCAPE, a role that nothing else can draw in.
 * Everything is clipped; drawing outside is fine and does nothing.
 */
#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include "base/buffer.h"
#include "glyph.h"

/* What a cell means; the theme decides how it looks. X(name, letter in role dumps) */
#define ROLES(X)                                                                                   \
    X(TEXT, ' ')                                                                                   \
    X(DIM, 'd')                                                                                    \
    X(STRONG, 's')                                                                                 \
    X(BAR, 'b')        /* the top bar */                                                           \
    X(BAR_STRONG, 'B') /* the program's name in it */                                              \
    X(TAB, 't')                                                                                    \
    X(TAB_CURRENT, 'T')                                                                            \
    X(FRAME, 'f')                                                                                  \
    X(TITLE, 'i')       /* of a pane */                                                            \
    X(TITLE_FOCUS, 'I') /* of the pane that has the focus */                                       \
    X(LABEL, 'l')       /* "Why", "How": a heading in running text */                              \
    X(KEY, 'k')         /* a key in the hints */                                                   \
    X(GUTTER, 'g')      /* line numbers and the rule beside foreign text */                        \
    X(EVIDENCE, 'e')    /* bytes of a target */                                                    \
    X(COMMAND, 'c')     /* a command */                                                            \
    X(PASS, '+')                                                                                   \
    X(FAIL, '-')                                                                                   \
    X(MUTED, 'm') /* not applicable, nothing to do */                                              \
    X(WARNING, '!')                                                                                \
    X(ACCENT, 'a') /* what moves: spinner, progress */                                             \
    X(CRITICAL, 'C')                                                                               \
    X(HIGH, 'H')                                                                                   \
    X(MEDIUM, 'M')                                                                                 \
    X(LOW, 'L')                                                                                    \
    X(ADDED, 'p') /* lines of a diff */                                                            \
    X(REMOVED, 'q')                                                                                \
    X(ESCAPE, 'E')

enum role {
#define X(name, letter) ROLE_##name,
    ROLES(X)
#undef X
        ROLE_COUNT
};

/* What lies over a cell, whatever its role. X(name, letter in role dumps) */
#define LAYERS(X)                                                                                  \
    X(NONE, ' ')                                                                                   \
    X(SELECTED, 'S')      /* in the pane that has the focus */                                     \
    X(REMEMBERED, 'R')    /* selected, the focus is elsewhere */                                   \
    X(MARKED, 'K')        /* an evidence line that speaks against */                               \
    X(MATCH, 'F')         /* found by a search */                                                  \
    X(CURRENT_MATCH, 'G') /* the match that the search stands on */

enum layer {
#define X(name, letter) LAYER_##name,
    LAYERS(X)
#undef X
        LAYER_COUNT
};

#define CELL_TEXT_BYTES 32

struct cell {
    char text[CELL_TEXT_BYTES]; /* a character with its marks, UTF-8; "" in the right half */
    uint8_t columns;            /* 1 or 2; 0 in the right half of a wide one */
    uint8_t role;
    uint8_t layer;
};

struct canvas {
    int rows, columns;
    bool ascii; /* nothing but ASCII may be shown: other characters become escapes */
    /* Whether the terminal shows a character with its marks in that many columns; where not, it
     * becomes an escape. NULL: it shows everything. */
    bool (*can_show)(const char *text, int columns);
    struct cell *cells;
    bool cursor_is_visible;
    int cursor_row, cursor_column;
};

/* In cells, from the top left corner of the canvas. */
struct rect {
    int row, column, rows, columns;
};

void canvas_init(struct canvas *canvas, int rows, int columns);
void canvas_release(struct canvas *canvas);
/* Blank, without a cursor; a changed size is fine. */
void canvas_clear(struct canvas *canvas, int rows, int columns);
void canvas_fill(struct canvas *canvas, struct rect area, enum role role);
void canvas_set_layer(struct canvas *canvas, struct rect area, enum layer layer);
void canvas_set_cursor(struct canvas *canvas, int row, int column);
/* NULL outside. */
const struct cell *canvas_cell(const struct canvas *canvas, int row, int column);

/* One row, drawn from the left and from the right until the two meet. */
struct strip {
    struct canvas *canvas;
    int row;
    int start; /* column of the first cell */
    int next;  /* column of the next cell from the left */
    int limit; /* column behind the last free cell */
};

struct strip canvas_strip(struct canvas *canvas, struct rect area, int row_in_area);
int strip_left(const struct strip *strip); /* columns that are free */
/* Draw a string on one line. Where it does not fit, the last cell that is free shows an ellipsis.
 */
void strip_put(struct strip *strip, enum role role, const char *text);
void strip_format(struct strip *strip, enum role role, const char *format, ...) PRINTF_LIKE(3, 4);
void strip_glyph(struct strip *strip, enum role role, enum glyph glyph);
void strip_repeat(struct strip *strip, enum role role, enum glyph glyph, int count);
void strip_skip(struct strip *strip, int columns);
/* Go on at a column counted from the strip's start; never back. */
void strip_skip_to(struct strip *strip, int column);
/* Draw at the right end, and shorten the strip by it; nothing is drawn where it does not fit. */
void strip_put_right(struct strip *strip, enum role role, const char *text);

/* A piece of a longer line of foreign text. */
struct line_window {
    const char *bytes;
    size_t length;
    int skip_columns; /* that lie left of the window */
    bool escape_all;  /* everything that is not ASCII is escaped */
};
/* Draw the columns of a line that lie in the window. Returns true when the line goes on behind it.
 */
bool strip_put_line(struct strip *strip, enum role role, const struct line_window *window);

/* The next piece of text as this canvas shows it; a canvas without cells will do. */
struct safe_piece;
void canvas_next_piece(const struct canvas *canvas, const char *text, size_t length, int column,
                       struct safe_piece *ret_piece);
/* Columns that a string takes on one line. */
int canvas_text_width(const struct canvas *canvas, const char *text);

/* The screen as text, one line a row, blanks at the end cut. */
void canvas_dump(const struct canvas *canvas, struct buffer *text);
/* The same with a letter of the role, or of the layer where there is one, in place of each
 * character. */
void canvas_dump_roles(const struct canvas *canvas, struct buffer *text);

#endif
