/* SPDX-License-Identifier: Apache-2.0 */
#include "entries.h"

#include <sqlite3.h>

void entry_from_row(struct sqlite3_stmt *rows, struct entry *entry)
{
    entry->id = column_entry_id(rows, 0);
    entry->clock = sqlite3_column_int64(rows, 2);
    entry->time_ms = sqlite3_column_int64(rows, 3);
    free(entry->kind);
    entry->kind = memory_copy_text(column_text(rows, 4));
    entry->prev = column_digest(rows, 5);
    entry->hash = column_digest(rows, 6);
    const void *body = sqlite3_column_blob(rows, 7);
    buffer_clear(&entry->body);
    buffer_append(&entry->body, body == NULL ? "" : body, (size_t)sqlite3_column_bytes(rows, 7));
}

bool entry_insert(struct database *database, const struct entry *entry, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    if (!database_prepare(database, "INSERT INTO entry VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                          &rows, error))
        return false;
    bind_entry_id(rows, 1, &entry->id);
    bind_number(rows, 3, entry->clock);
    bind_number(rows, 4, entry->time_ms);
    bind_text(rows, 5, entry->kind);
    bind_bytes(rows, 6, entry->prev.bytes, sizeof(entry->prev.bytes));
    bind_bytes(rows, 7, entry->hash.bytes, sizeof(entry->hash.bytes));
    bind_large(rows, 8, entry->body.data, entry->body.length);
    return database_finish(database, rows, error);
}

bool entry_find_head(struct database *database, const struct ledger_id *author, int64_t *ret_seq,
                     struct digest *ret_hash, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(database,
                          "SELECT seq, hash FROM entry WHERE author = ?1 ORDER BY seq DESC LIMIT 1",
                          &rows, error))
        return false;
    bind_bytes(rows, 1, author->bytes, sizeof(author->bytes));
    if (!database_next(database, rows, &row, error))
        return false;
    *ret_seq = row ? sqlite3_column_int64(rows, 0) : 0;
    *ret_hash = row ? column_digest(rows, 1) : (struct digest){0};
    return true;
}

bool entry_find_clock(struct database *database, int64_t *ret_clock, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(database, "SELECT max(clock) FROM entry", &rows, error) ||
        !database_next(database, rows, &row, error))
        return false;
    *ret_clock = sqlite3_column_int64(rows, 0);
    return true;
}
