/* SPDX-License-Identifier: Apache-2.0 */
#include "review/copy.h"

#include "blob.h"
#include "entries.h"
#include "handle.h"
#include "place.h"
#include "rebuild.h"
#include "view.h"

#include <sqlite3.h>

enum { DEADLINE_MS = 300000 };

static bool copy_entries(struct database *from, const struct ledger_id *review,
                         struct rebuild *rebuild, struct entry *entry, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    char label[ENTRY_LABEL_BYTES];
    bool row;
    if (!database_prepare(from, "SELECT " ENTRY_COLUMNS " FROM entry NOT INDEXED", &rows, error))
        return false;
    for (;;) {
        if (!database_next(from, rows, &row, error))
            return false;
        if (!row)
            return true;
        if (!view_types_fit(rows, "biiitbbb"))
            return error_set(error, ERROR_CORRUPT, "a cell of an entry is of another type");
        entry_from_row(rows, entry);
        struct digest hash = entry_compute_hash(review, entry);
        if (!digest_equal(&hash, &entry->hash))
            return error_set(error, ERROR_CORRUPT, "entry %s: its hash does not fit",
                             entry_label(entry, label));
        if (!rebuild_add_entry(rebuild, entry, error))
            return false;
    }
}

static bool copy_blobs(struct database *from, struct rebuild *rebuild, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row, fits = true;
    if (!database_prepare(from, "SELECT " BLOB_COLUMNS " FROM blob NOT INDEXED", &rows, error))
        return false;
    for (;;) {
        if (!database_next(from, rows, &row, error))
            return false;
        if (!row)
            return true;
        if (!rebuild_add_blob(rebuild, rows, &fits, error))
            return false;
        if (!fits)
            return error_set(error, ERROR_CORRUPT, "a blob does not fit its id");
    }
}

bool review_copy(const char *source, const char *path, enum copy_blobs how, struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    AUTO(database) struct database *from = NULL;
    AUTO_RELEASE(entry) struct entry entry = {0};
    struct rebuild rebuild = {.is_raw = how == COPY_RAW};
    struct ledger_id review;
    if (!place_check(source, REVIEW_READ_ONLY, &absolute, error) ||
        !database_open(absolute, DATABASE_READ, &from, error))
        return false;
    database_set_deadline(from, DEADLINE_MS);
    bool done = database_execute(from, "BEGIN", error) && review_read_id(from, &review, error) &&
                rebuild_begin(&rebuild, path, &review, error) &&
                copy_entries(from, &review, &rebuild, &entry, error) &&
                copy_blobs(from, &rebuild, error) && rebuild_finish(&rebuild, error);
    rebuild_release(&rebuild);
    return done;
}
