/* SPDX-License-Identifier: Apache-2.0 */
/* A fresh file of our own into which entries and blobs of another one are copied. */
#ifndef REBUILD_H
#define REBUILD_H

#include "database.h"
#include "review/store.h"

struct rebuild {
    char *path, *temporary; /* absolute; it gets its name when it is whole */
    struct database *file;
    bool is_raw; /* blobs are stored uncompressed */
};

/* ERROR_EXISTS: something has the name PATH. Everything happens in one transaction. */
bool rebuild_begin(struct rebuild *rebuild, const char *path, const struct ledger_id *review,
                   struct error *error) MUST_USE;
bool rebuild_add_entry(struct rebuild *rebuild, const struct entry *entry,
                       struct error *error) MUST_USE;
/* The blob of a row that begins with BLOB_COLUMNS, if its bytes fit its id: RET_FITS. */
bool rebuild_add_blob(struct rebuild *rebuild, struct sqlite3_stmt *rows, bool *ret_fits,
                      struct error *error) MUST_USE;
/* A blob whose bytes we have; ERROR_INVALID: they do not fit its id. */
bool rebuild_insert_blob(struct rebuild *rebuild, const struct new_blob *blob,
                         struct error *error) MUST_USE;
/* Fold, write, and give the file its name. */
bool rebuild_finish(struct rebuild *rebuild, struct error *error) MUST_USE;
/* In any case; what was not finished is removed. */
void rebuild_release(struct rebuild *rebuild);

#endif
