/* SPDX-License-Identifier: Apache-2.0 */
#include "view.h"

#include "entries.h"
#include "fold.h"
#include "schema.h"

#include <sqlite3.h>

enum { ROW_BYTES = 256 }; /* of an entry, beside its body */

/* With the tables of a review, and kept: to copy it takes a fraction of what making them does. */
static struct database *empty_view(struct error *error)
{
    static struct database *kept;
    AUTO(database) struct database *view = NULL;
    bool is_old;
    if (kept != NULL)
        return kept;
    if (!database_open_memory(&view, error) ||
        !schema_upgrade(view, schema_steps, schema_step_count, &is_old, error))
        return NULL;
    kept = take(&view);
    return kept;
}

bool view_new(struct database **ret_view, struct error *error)
{
    AUTO(database) struct database *view = NULL;
    struct database *empty = empty_view(error);
    if (empty == NULL || !database_open_memory(&view, error) || !database_copy(empty, view, error))
        return false;
    *ret_view = take(&view);
    return true;
}

static bool copy_meta(struct database *view, struct database *source, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *from = NULL;
    AUTO(sqlite3_stmt) struct sqlite3_stmt *to = NULL;
    bool row;
    if (!database_prepare(source, "SELECT name, value FROM meta", &from, error) ||
        !database_prepare(view, "INSERT INTO meta VALUES(?1, ?2)", &to, error))
        return false;
    for (;;) {
        if (!database_next(source, from, &row, error))
            return false;
        if (!row)
            return true;
        if (!view_types_fit(from, "tb"))
            return error_set(error, ERROR_CORRUPT,
                             "table meta: a cell is of another type than its column");
        bind_text(to, 1, column_text(from, 0));
        bind_bytes(to, 2, sqlite3_column_blob(from, 1), (size_t)sqlite3_column_bytes(from, 1));
        if (!database_finish(view, to, error))
            return false;
        statement_release(to);
    }
}

static bool is_wanted(const struct manifest *up_to, const struct entry_id *id)
{
    if (up_to == NULL)
        return true;
    for (size_t i = 0; i < up_to->head_count; i++)
        if (ledger_id_equal(&up_to->heads[i].author, &id->author))
            return id->seq <= up_to->heads[i].seq;
    return false;
}

/* A strict table keeps the types when rows are written through SQLite. Who edits the bytes of the
 * file can still turn a text into a blob, which reads the same and compares otherwise. */
bool view_types_fit(struct sqlite3_stmt *rows, const char *types)
{
    for (int i = 0; types[i] != '\0'; i++) {
        int wanted = types[i] == 'b' ? SQLITE_BLOB : types[i] == 't' ? SQLITE_TEXT : SQLITE_INTEGER;
        if (sqlite3_column_type(rows, i) != wanted)
            return false;
    }
    return true;
}

static const char *find_fault(struct sqlite3_stmt *rows)
{
    if (!view_types_fit(rows, "biiitbbb"))
        return "one of its cells is of another type than its column";
    if (sqlite3_column_bytes(rows, 0) != LEDGER_ID_BYTES)
        return "its author is not 16 bytes long";
    if (sqlite3_column_bytes(rows, 5) != DIGEST_BYTES ||
        sqlite3_column_bytes(rows, 6) != DIGEST_BYTES)
        return "its hashes are not 32 bytes long";
    if (sqlite3_column_bytes(rows, 7) > LEDGER_BODY_MAX_BYTES)
        return "its body is larger than 4 MiB";
    if (strlen(column_text(rows, 4)) != (size_t)sqlite3_column_bytes(rows, 4))
        return "its kind holds a NUL";
    return NULL;
}

static bool copy_entry(struct database *view, const struct entry *entry, struct error *error)
{
    char label[ENTRY_LABEL_BYTES];
    struct error problem = {0};
    if (entry_insert(view, entry, &problem))
        return true;
    if (problem.code == ERROR_CORRUPT)
        return error_set(error, ERROR_CORRUPT, "entry %s: it is there twice",
                         entry_label(entry, label));
    if (error != NULL)
        *error = problem;
    return false;
}

static bool copy_entries(struct database *view, struct database *source,
                         const struct manifest *up_to, struct entry *entry, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    char label[ENTRY_LABEL_BYTES];
    size_t total = 0;
    bool row;
    if (!database_prepare(source, "SELECT " ENTRY_COLUMNS " FROM entry NOT INDEXED", &rows, error))
        return false;
    for (;;) {
        if (!database_next(source, rows, &row, error))
            return false;
        if (!row)
            return true;
        const char *fault = find_fault(rows);
        entry_from_row(rows, entry);
        if (fault != NULL)
            return error_set(error, ERROR_CORRUPT, "entry %s: %s", entry_label(entry, label),
                             fault);
        total += entry->body.length + ROW_BYTES;
        if (total > VIEW_MAX_BYTES)
            return error_set(error, ERROR_UNSUPPORTED, "the entries are larger than %d bytes",
                             VIEW_MAX_BYTES);
        if (is_wanted(up_to, &entry->id) && !copy_entry(view, entry, error))
            return false;
    }
}

bool view_copy(struct database *view, struct database *source, const struct manifest *up_to,
               struct error *error)
{
    AUTO_RELEASE(entry) struct entry entry = {0};
    return copy_meta(view, source, error) && copy_entries(view, source, up_to, &entry, error);
}

bool view_build(struct database *source, const struct manifest *up_to, struct database **ret_view,
                struct error *error)
{
    AUTO(database) struct database *view = NULL;
    if (!view_new(&view, error))
        return false;
    database_copy_deadline(view, source);
    if (!database_execute(view, "BEGIN", error) || !view_copy(view, source, up_to, error) ||
        !fold_all(view, error) || !database_execute(view, "COMMIT", error))
        return false;
    *ret_view = take(&view);
    return true;
}
