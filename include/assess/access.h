/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The access matrix of a target, walked line by line: a reviewer approves or questions each
 * account. A word is about the facts of its line as they were; it can be undone like a decision.
 */
#ifndef ASSESS_ACCESS_H
#define ASSESS_ACCESS_H

#include "access/matrix.h"
#include "assess/session.h"

/* TARGET NULL: the only one. RET_MATRIX is overwritten; release it. */
bool session_read_access(struct session *session, const char *target,
                         struct access_matrix *ret_matrix, struct error *error) MUST_USE;

struct access_word {
    const char *target; /* NULL: the only one */
    const char *account;
    bool is_question;    /* else it approves */
    const char *comment; /* needed for a question; may be NULL */
    const char *facts;   /* of the line that the reviewer saw; NULL: whatever it says now */
};
/* ERROR_NOT_FOUND: no such account, ERROR_CONFLICT: its facts are no longer those that were seen.
 */
bool session_say_access(struct session *session, const struct access_word *word,
                        struct error *error) MUST_USE;

/* Approve, in one transaction, each account that needs a word and is inert: no way in, none to
 * root, nothing odd. TARGET NULL: the only one. RET_COUNT: how many; nothing is written for none.
 */
bool session_approve_inert(struct session *session, const char *target, size_t *ret_count,
                           struct error *error) MUST_USE;

/* Whether a checklist of the review asks for the walk. */
bool session_asks_for_access(const struct session *session);
struct access_totals {
    size_t targets, unseen; /* unseen: targets whose accounts were not seen */
    size_t lines, unwalked, questioned;
};
/* Of all targets on which the check was not decided to be not applicable. */
bool session_count_access(struct session *session, struct access_totals *ret_totals,
                          struct error *error) MUST_USE;

#endif
