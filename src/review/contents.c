/* SPDX-License-Identifier: Apache-2.0 */
#include "contents.h"

#include "blob.h"
#include "entries.h"
#include "handle.h"
#include "place.h"
#include "view.h"

enum { DEADLINE_MS = 300000 };

bool contents_open(const char *path, struct contents *ret_contents, struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    *ret_contents = (struct contents){0};
    if (!place_check(path, REVIEW_READ_ONLY, &absolute, error) ||
        !database_open(absolute, DATABASE_READ, &ret_contents->file, error))
        return false;
    database_set_deadline(ret_contents->file, DEADLINE_MS);
    return database_execute(ret_contents->file, "BEGIN", error) &&
           review_read_id(ret_contents->file, &ret_contents->review, error);
}

void contents_close(struct contents *contents)
{
    database_close(contents->file);
    *contents = (struct contents){0};
}

static bool check_entry(const struct contents *contents, const struct entry *entry,
                        struct error *error)
{
    char label[ENTRY_LABEL_BYTES];
    struct digest hash = entry_compute_hash(&contents->review, entry);
    return digest_equal(&hash, &entry->hash) ||
           error_set(error, ERROR_CORRUPT, "entry %s: its hash does not fit",
                     entry_label(entry, label));
}

bool contents_each_entry(struct contents *contents, contents_entry_function *function,
                         void *context, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    AUTO_RELEASE(entry) struct entry entry = {0};
    bool row;
    if (!database_prepare(contents->file, "SELECT " ENTRY_COLUMNS " FROM entry NOT INDEXED", &rows,
                          error))
        return false;
    for (;;) {
        if (!database_next(contents->file, rows, &row, error))
            return false;
        if (!row)
            return true;
        if (!view_types_fit(rows, "biiitbbb"))
            return error_set(error, ERROR_CORRUPT, "a cell of an entry is of another type");
        entry_from_row(rows, &entry);
        if (!check_entry(contents, &entry, error) || !function(context, &entry, error))
            return false;
    }
}

bool contents_each_blob(struct contents *contents, contents_blob_function *function, void *context,
                        struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(contents->file, "SELECT " BLOB_COLUMNS " FROM blob NOT INDEXED", &rows,
                          error))
        return false;
    for (;;) {
        if (!database_next(contents->file, rows, &row, error))
            return false;
        if (!row)
            return true;
        if (!function(context, rows, error))
            return false;
    }
}
