/* SPDX-License-Identifier: Apache-2.0 */
/* What a verified file holds, entry by entry and blob by blob, by table scan: for whoever makes
 * another file of it. */
#ifndef CONTENTS_H
#define CONTENTS_H

#include "database.h"

struct contents {
    struct database *file;
    struct ledger_id review;
};

/* Open the file at PATH, which is not changed, and stay with the state that it has now. */
bool contents_open(const char *path, struct contents *ret_contents, struct error *error) MUST_USE;
void contents_close(struct contents *contents); /* in any case */

/* False with an error ends it. */
typedef bool contents_entry_function(void *context, const struct entry *entry, struct error *error);
/* ROWS begins with BLOB_COLUMNS, and was not looked at. */
typedef bool contents_blob_function(void *context, struct sqlite3_stmt *rows, struct error *error);

/* ERROR_CORRUPT: an entry is none, or its hash does not fit. */
bool contents_each_entry(struct contents *contents, contents_entry_function *function,
                         void *context, struct error *error) MUST_USE;
bool contents_each_blob(struct contents *contents, contents_blob_function *function, void *context,
                        struct error *error) MUST_USE;

#endif
