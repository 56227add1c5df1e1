/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Copies of one review that were worked on apart become one again: the union of their authors'
 * logs. Nothing is overwritten, and the order in which copies are merged does not matter. Where two
 * copies hold different entries of one author under one number, their histories have forked; no
 * union exists then, and each such entry is named.
 */
#ifndef REVIEW_MERGE_H
#define REVIEW_MERGE_H

#include "base/array.h"
#include "review/store.h"

struct merge_report {
    int64_t entry_count, blob_count; /* that were new to us */
    struct strings authors;          /* whose entries they are, each once: ids */
    struct strings names;            /* ... and their names, in that order */
    int64_t disputed_count;          /* checks on targets that are in dispute afterwards */
    struct strings forks;            /* "entry 3f0c5d1e:17 ...", a line each */
};
void merge_report_release(struct merge_report *report);

/* What a merge is refused for before OTHER is opened: REVIEW cannot be written, or there is no such
 * file, or none that is opened. */
bool review_check_merge(const struct review *review, const char *other,
                        struct error *error) MUST_USE;
/* Add what the review file OTHER holds and REVIEW does not, in one transaction. OTHER is verified
 * first, in this process, and not changed. ERROR_INVALID: it is another review; ERROR_CORRUPT: it
 * does not verify; ERROR_CONFLICT: a fork, with RET_REPORT's forks filled in. Nothing is changed
 * then. */
bool review_merge(struct review *review, const char *other, struct merge_report *ret_report,
                  struct error *error) MUST_USE;
/* Tell what review_merge() would do, and do nothing. */
bool review_preview_merge(struct review *review, const char *other, struct merge_report *ret_report,
                          struct error *error) MUST_USE;

#endif
