/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exceptions (a risk that somebody accepted) and findings (something that was noticed). Each is
 * named by the entry that made it, as "3f0c5d1e:17": the author by eight digits or more.
 */
#ifndef ASSESS_ACCEPTED_H
#define ASSESS_ACCEPTED_H

#include "assess/session.h"

/* The members that a user gives, by their names in an entry. X(member) */
#define EXCEPTION_MEMBERS(X)                                                                       \
    X(check)                                                                                       \
    X(target)                                                                                      \
    X(category) X(reason) X(control) X(risk) X(requester) X(approver) X(ticket) X(from) X(until)
#define FINDING_MEMBERS(X)                                                                         \
    X(check)                                                                                       \
    X(target)                                                                                      \
    X(title)                                                                                       \
    X(severity) X(because) X(cvss) X(owner) X(due) X(description) X(recommendation)

/* NULL: not given. A new exception covers CHECK on TARGET (NULL: on all), begins today unless FROM
 * says otherwise, and needs a reason, an approver and a last day. */
struct exception_request {
#define X(member) const char *member;
    EXCEPTION_MEMBERS(X)
#undef X
};
/* A new finding needs a title and a severity; one of a check has the check's where none are given.
 * A severity that is another than the check's needs a reason, BECAUSE. */
struct finding_request {
    const char *state; /* of FINDING_STATES; NULL: as it is, and a new one is open */
#define X(member) const char *member;
    FINDING_MEMBERS(X)
#undef X
};

/* RET_ID: its name. */
bool session_add_exception(struct session *session, const struct exception_request *request,
                           struct entry_id *ret_id, struct error *error) MUST_USE;
/* Change what the request names. */
bool session_edit_exception(struct session *session, const char *id,
                            const struct exception_request *request, struct error *error) MUST_USE;
/* End one before its last day. */
bool session_end_exception(struct session *session, const char *id, struct error *error) MUST_USE;
bool session_add_finding(struct session *session, const struct finding_request *request,
                         struct entry_id *ret_id, struct error *error) MUST_USE;
bool session_edit_finding(struct session *session, const char *id,
                          const struct finding_request *request, struct error *error) MUST_USE;
bool session_close_finding(struct session *session, const char *id, struct error *error) MUST_USE;

#endif
