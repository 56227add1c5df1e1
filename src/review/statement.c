/* SPDX-License-Identifier: Apache-2.0 */
#include "database.h"

#include <sqlite3.h>

void statement_release(struct sqlite3_stmt *rows)
{
    if (rows == NULL)
        return;
    sqlite3_reset(rows);
    sqlite3_clear_bindings(rows);
}

/* Binding fails for a wrong index, which is a defect of ours, and for a size above the limits,
 * which are above all our own caps. */
static void require(int code)
{
    if (code == SQLITE_NOMEM)
        memory_exhausted();
    if (code != SQLITE_OK)
        abort();
}

void bind_text(struct sqlite3_stmt *rows, int index, const char *text)
{
    require(sqlite3_bind_text(rows, index, text, -1, SQLITE_TRANSIENT));
}

void bind_bytes(struct sqlite3_stmt *rows, int index, const void *bytes, size_t length)
{
    require(length == 0 ? sqlite3_bind_zeroblob(rows, index, 0)
                        : sqlite3_bind_blob64(rows, index, bytes, length, SQLITE_TRANSIENT));
}

void bind_large(struct sqlite3_stmt *rows, int index, const void *bytes, size_t length)
{
    require(length == 0 ? sqlite3_bind_zeroblob(rows, index, 0)
                        : sqlite3_bind_blob64(rows, index, bytes, length, SQLITE_STATIC));
}

void bind_number(struct sqlite3_stmt *rows, int index, int64_t number)
{
    require(sqlite3_bind_int64(rows, index, number));
}

void bind_entry_id(struct sqlite3_stmt *rows, int index, const struct entry_id *id)
{
    bind_bytes(rows, index, id->author.bytes, sizeof(id->author.bytes));
    bind_number(rows, index + 1, id->seq);
}

const char *column_text(struct sqlite3_stmt *rows, int column)
{
    const unsigned char *text = sqlite3_column_text(rows, column);
    return text == NULL ? "" : (const char *)text;
}

static void copy_bytes(struct sqlite3_stmt *rows, int column, void *bytes, size_t length)
{
    const void *blob = sqlite3_column_blob(rows, column);
    if (blob != NULL && (size_t)sqlite3_column_bytes(rows, column) == length)
        memcpy(bytes, blob, length);
}

struct ledger_id column_id(struct sqlite3_stmt *rows, int column)
{
    struct ledger_id id = {0};
    copy_bytes(rows, column, id.bytes, sizeof(id.bytes));
    return id;
}

struct digest column_digest(struct sqlite3_stmt *rows, int column)
{
    struct digest digest = {0};
    copy_bytes(rows, column, digest.bytes, sizeof(digest.bytes));
    return digest;
}

struct entry_id column_entry_id(struct sqlite3_stmt *rows, int column)
{
    return (struct entry_id){.author = column_id(rows, column),
                             .seq = sqlite3_column_int64(rows, column + 1)};
}
