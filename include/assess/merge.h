/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of a review that were worked on apart become one again, and what that leaves in dispute.
 */
#ifndef ASSESS_MERGE_H
#define ASSESS_MERGE_H

#include "assess/session.h"
#include "review/merge.h"

/* Merge the review file OTHER into the one at PATH, which is not open in this process. OTHER may be
 * a stranger's: a confined process reads it, and what that one tells is verified again, in a file
 * of our own, in a folder beside PATH that is there as long as this takes. */
bool assess_merge(const char *path, const char *other, struct merge_report *ret_report,
                  struct error *error) MUST_USE;

/* The same for the review that is open, in two steps. First a process beside this one reads OTHER
 * and makes the file of our own; what merging it would do comes as the event "looked".
 * ERROR_CONFLICT while probes run or another copy is looked at. Needs the session's loop. */
bool session_look_at_copy(struct session *session, const char *other, struct error *error) MUST_USE;
/* Merge what was looked at. Checklists and targets may be others then: the session has to be opened
 * anew. ERROR_CONFLICT while probes run, too. */
bool session_merge_copy(struct session *session, struct merge_report *ret_report,
                        struct error *error) MUST_USE;
/* Do no more about it, and leave nothing of it behind. Without one: nothing. */
void session_forget_copy(struct session *session);

/* The decisions of a disputed item that are in force, oldest first. */
bool session_disputed(struct session *session, const struct item *item,
                      struct decision_row_list *ret_decisions, struct error *error) MUST_USE;
/* Decide a disputed item: the decision takes the place of all that are in force. ERROR_CONFLICT
 * when it is not disputed. */
bool session_resolve(struct session *session, const struct decision *decision,
                     struct error *error) MUST_USE;

#endif
