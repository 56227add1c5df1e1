/* SPDX-License-Identifier: Apache-2.0 */
/* An open review, as the modules of this room see it. */
#ifndef HANDLE_H
#define HANDLE_H

#include "database.h"
#include "review/store.h"

struct review {
    struct database *file;
    /* Holds the projections: FILE itself, or a fold in memory where the file is newer than we. */
    struct database *view;
    char *path; /* absolute */
    struct ledger_id id;
    struct author author; /* of a review that is open for writing */
    bool is_read_only;
    bool has_failed; /* a write went wrong on this connection: nothing is written by it any more */
    int64_t change_count;
    int64_t data_version; /* SQLite's, when change_count was asked for last */
};

/* The id in `meta`. ERROR_CORRUPT when it is not there, or not alone. */
bool review_read_id(struct database *database, struct ledger_id *ret_id,
                    struct error *error) MUST_USE;

/* After a write that failed: end the transaction, and write no more by this connection when it was
 * an I/O error. What of its state is on the disk is unknown then, and a second fsync(2) may say yes
 * to what the first one lost. */
void review_give_up(struct review *review);

/* How many entries the heads of a sign-off's text do not cover, sign-offs and authors' names
 * aside. A text that cannot be read covers none. */
bool signoff_count_since(struct database *view, const char *manifest_text, int64_t *ret_count,
                         struct error *error) MUST_USE;

#endif
