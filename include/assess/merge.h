/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of a review that were worked on apart become one again, and what that leaves in dispute.
 */
#ifndef ASSESS_MERGE_H
#define ASSESS_MERGE_H

#include "assess/session.h"
#include "review/merge.h"

/* Merge the review file OTHER into the one at PATH, which is not open in this process. OTHER may be
 * a stranger's: a confined process reads it, and what that one tells is verified again, in a file
 * of our own beside PATH that is there as long as this takes. */
bool assess_merge(const char *path, const char *other, struct merge_report *ret_report,
                  struct error *error) MUST_USE;

/* The same for the review that is open. Its checklists and targets may be others then: the session
 * has to be opened anew. ERROR_CONFLICT while probes run, too. */
bool session_merge(struct session *session, const char *other, struct merge_report *ret_report,
                   struct error *error) MUST_USE;
/* Tell what session_merge() would do, and do nothing. */
bool session_preview_merge(struct session *session, const char *other,
                           struct merge_report *ret_report, struct error *error) MUST_USE;

/* The decisions of a disputed item that are in force, oldest first. */
bool session_disputed(struct session *session, const struct item *item,
                      struct decision_row_list *ret_decisions, struct error *error) MUST_USE;
/* Decide a disputed item: the decision takes the place of all that are in force. ERROR_CONFLICT
 * when it is not disputed. */
bool session_resolve(struct session *session, const struct decision *decision,
                     struct error *error) MUST_USE;

#endif
