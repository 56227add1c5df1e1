/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command of a POSIX shell cut into lexical units (XCU 2.3), as far as is needed to know where
 * quotes, expansions, operators and redirections are. Approximate where the grammar has to be
 * known: a pattern of "case" inside $(...) ends the substitution early.
 */
#ifndef CHECKLIST_SHELL_H
#define CHECKLIST_SHELL_H

#include "base/memory.h"

#define SHELL_NESTING_MAX 32

enum shell_unit {
    SHELL_BLANK,
    SHELL_WORD,         /* plain characters of a word */
    SHELL_QUOTED,       /* '...', \x, or characters inside "..." */
    SHELL_QUOTE_MARK,   /* a " that opens or closes */
    SHELL_EXPANSION,    /* $name ${...} $1 $? */
    SHELL_ARITHMETIC,   /* $((...)) */
    SHELL_OPERATOR,     /* ; & | ( ) && || ;; line feed */
    SHELL_OPEN,         /* $( or a ` that opens: a command begins */
    SHELL_CLOSE,        /* ) or a ` that closes it: the word goes on */
    SHELL_REDIRECT,     /* > >> >| >& < << <& <> with the digits in front */
    SHELL_COMMENT,      /* # to the end of the line */
    SHELL_HERE_DOCUMENT /* the lines of one */
};

enum shell_context { SHELL_PLAIN, SHELL_SUBSTITUTION, SHELL_BACKQUOTE, SHELL_DOUBLE_QUOTE };

struct shell_scan {
    const char *text;
    enum shell_unit unit; /* the present unit ... */
    size_t start, length;
    bool is_quoted; /* ... lies inside "..." or `...` */
    /* private */
    enum shell_context contexts[SHELL_NESTING_MAX];
    size_t depth;
    bool is_word_start;
    size_t here_start, here_length; /* the delimiter of a here-document that begins below */
};

void shell_scan_start(struct shell_scan *scan, const char *text);
/* Go to the next unit; false at the end. */
bool shell_scan_next(struct shell_scan *scan);

#endif
