/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the Findings screen lists: findings that were written up, failed checks that were not, and
 * accepted risks of checks that do not fail.
 */
#ifndef TUI_FINDINGS_LIST_H
#define TUI_FINDINGS_LIST_H

#include "app.h"

/* X(name, title) */
#define FINDING_FILTERS(X)                                                                         \
    X(OPEN, "open")                                                                                \
    X(HIGH, "open, high and critical")                                                             \
    X(ALL, "all")                                                                                  \
    X(ACCEPTED, "accepted risks")                                                                  \
    X(CLOSED, "closed")
enum finding_filter {
#define X(name, title) FINDING_FILTER_##name,
    FINDING_FILTERS(X)
#undef X
        FINDING_FILTER_COUNT
};
const char *finding_filter_title(enum finding_filter filter);

/* In the order of the list. */
enum finding_standing { FINDING_STANDS_OPEN, FINDING_STANDS_ACCEPTED, FINDING_STANDS_CLOSED };

struct finding_line {
    const struct finding_row *finding;     /* NULL: nobody wrote it up */
    const struct exception_row *exception; /* the one that counts for it; NULL: none */
    enum exception_standing acceptance;    /* of EXCEPTION */
    struct focus focus;                    /* the check that it belongs to; may have none */
    const char *check, *target;            /* "": none, or all */
    const char *title;
    enum severity severity;
    enum finding_standing standing;
    size_t order; /* in which it was found */
};

struct findings_list {
    struct finding_row_list findings;
    struct exception_row_list exceptions;
    struct strings texts;       /* of the session, as they were */
    struct finding_line *lines; /* into those three */
    size_t count;
    size_t by_standing[FINDING_STANDS_CLOSED + 1]; /* of all, whatever the filter */
};

bool findings_list_read(struct app *app, enum finding_filter filter, struct findings_list *ret_list,
                        struct error *error) MUST_USE;
void findings_list_release(struct findings_list *list);
/* "accepted 2026-01-31", "expired 2025-01-31", "not written up", "in-progress"; free with free().
 */
char *finding_line_state(const struct finding_line *line);
/* The last day is over, and it is neither accepted nor closed. */
bool finding_line_is_overdue(const struct finding_line *line);
/* Names a line when the list is read again; free with free(). */
char *finding_line_name(const struct finding_line *line);

#endif
