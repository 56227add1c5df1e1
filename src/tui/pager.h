/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads a long text: scrolling, wrapping, search, marked lines, hexadecimal. Lines are indexed
 * once; after that only what is visible is looked at, however long the text or one of its lines
 * is. Each row has a gutter that the text cannot paint in.
 */
#ifndef TUI_PAGER_H
#define TUI_PAGER_H

#include "action.h"
#include "canvas.h"
#include "lines.h"

enum pager_mode { PAGER_TEXT, PAGER_ESCAPED, PAGER_HEX, PAGER_MODE_COUNT };

/* A line that deserves to be seen. */
struct pager_mark {
    size_t line; /* from 0, rising */
    bool is_bad;
};

/* The role of a whole line; for diffs. */
typedef enum role pager_role_function(const char *line, size_t length);

struct pager {
    const char *data; /* borrowed */
    size_t length;
    struct lines lines;
    size_t top; /* offset of the first row shown */
    int left;   /* columns that are scrolled away */
    enum pager_mode mode;
    bool wrap;
    bool plain; /* our own text: no line numbers */
    char *search;
    bool has_match;
    size_t match;                   /* offset of the match that the search stands on */
    const struct pager_mark *marks; /* borrowed */
    size_t mark_count;
    bool has_mark; /* m went to a mark: */
    size_t mark_at;
    pager_role_function *role; /* NULL: ROLE_EVIDENCE */
    int rows, columns;         /* of the text, as drawn last */
    bool is_ascii;             /* so is the canvas */
    struct canvas measure;     /* has no cells; shows text as it is shown in this mode */
};

/* DATA stays the caller's and must not change. The search and the modes stay as they are. */
void pager_set(struct pager *pager, const char *data, size_t length);
void pager_set_marks(struct pager *pager, const struct pager_mark *marks, size_t count);
void pager_release(struct pager *pager);
void pager_draw(struct pager *pager, struct canvas *canvas, struct rect area);
/* Scrolling, wrap, raw, next and previous match or mark. False: the action is another's. */
bool pager_act(struct pager *pager, enum action action);
void pager_scroll(struct pager *pager, int rows);
/* Look for TEXT from the top of the screen on; capital letters in it make it heed case. NULL or "":
 * end the search. False when it is nowhere. */
bool pager_search(struct pager *pager, const char *text);
/* Go on from the match, around the end where needed. */
bool pager_search_next(struct pager *pager, bool forward);
/* Make a line (from 0) visible. */
void pager_go_to_line(struct pager *pager, size_t line);
/* "12-40 of 215", "all of 7". */
void pager_format_position(const struct pager *pager, struct buffer *text);

/* --- for pager_draw.c --- */

/* After the size changed: no row below the end stays empty while there is text above. */
void pager_settle(struct pager *pager);
/* The offset of the row behind the one at OFFSET; the length of the data behind the last. */
size_t pager_next_row(const struct pager *pager, size_t offset);
/* True when TEXT of the search stands at OFFSET. */
bool pager_match_at(const struct pager *pager, size_t offset);
const struct pager_mark *pager_mark_of(const struct pager *pager, size_t line);
int pager_gutter_columns(const struct pager *pager);
int pager_hex_bytes(int columns);

#endif
