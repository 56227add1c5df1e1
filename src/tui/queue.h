/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The checks of one target as a list of groups: which are shown, in what order, which one is
 * selected. A check that is decided stays in its place until the view is chosen anew, so that
 * nothing moves under the reviewer's hands.
 */
#ifndef TUI_QUEUE_H
#define TUI_QUEUE_H

#include "assess/session.h"
#include "list.h"

/* X(name, title, groups by severity) */
#define QUEUE_FILTERS(X)                                                                           \
    X(OPEN, "open, worst first", true)                                                             \
    X(OPEN_BY_AREA, "open, by area", false)                                                        \
    X(ALL, "all, by area", false)                                                                  \
    X(FAILED, "failed", false)                                                                     \
    X(DISAGREE, "disagreement", false)

enum queue_filter {
#define X(name, title, by_severity) QUEUE_##name,
    QUEUE_FILTERS(X)
#undef X
        QUEUE_FILTER_COUNT
};
const char *queue_filter_title(enum queue_filter filter);

struct queue_row {
    int group;                 /* index of its group */
    const struct check *check; /* NULL: the head of the group */
    size_t item;               /* index into the session's items, until the next update */
};

struct queue_group {
    const char *title;         /* borrowed */
    const char *area;          /* id; NULL: a group of one severity */
    struct item_counts counts; /* total, open (with disputed), pass, fail, not_applicable */
    bool is_closed;
};

struct queue {
    enum queue_filter filter;
    size_t target;
    struct queue_group *groups;
    size_t group_count;
    struct queue_row *rows;
    size_t row_count;
    const struct check **kept; /* shown although the filter would not show them any more */
    size_t kept_count;
    struct queue_rank { /* of the checks of a severity, as it was when the view was chosen */
        const struct check *check;
        int rank;
    } * ranks;
    size_t rank_count;
    struct list list; /* of rows */
};

void queue_release(struct queue *queue);
/* Choose what is shown; kept checks are let go. */
void queue_set(struct queue *queue, const struct session *session, enum queue_filter filter,
               size_t target);
/* The session changed: same view, same selection, same place on the screen. */
void queue_update(struct queue *queue, const struct session *session);
/* The selected row; NULL when there is none. */
const struct queue_row *queue_selected(const struct queue *queue);
/* Select a check, opening its group; false when it is not in the view. */
bool queue_select(struct queue *queue, const struct session *session, const struct check *check);
/* The head of an open group is nothing to stop at: go on in the direction of STEP. */
void queue_skip_heads(struct queue *queue, int step);
/* Open or close the group of the selected row. */
void queue_set_closed(struct queue *queue, const struct session *session, bool closed);
/* Select the next (or previous) open check, around the end; false when none is open. */
bool queue_next_open(struct queue *queue, const struct session *session, bool forward);
/* Select the next check whose id or title has TEXT in it, from the selection on
 * (STEP 0: the selected one first), around the end. STEP -1: backwards. */
bool queue_search(struct queue *queue, const struct session *session, const char *text, int step);
bool check_has_text(const struct check *check, const char *text);

#endif
