/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection to SQLite with every defence switched on, and prepared statements that are kept.
 * Knows nothing of reviews. The file itself is opened by SQLite alone: if this process opened and
 * closed it in another way, SQLite's locks would be gone.
 */
#ifndef DATABASE_H
#define DATABASE_H

#include "base/digest.h"
#include "base/error.h"
#include "ledger/entry.h"

struct database;
struct sqlite3;
struct sqlite3_stmt;

enum database_access { DATABASE_READ, DATABASE_WRITE };

/* Open an existing file of this application by its absolute path. ERROR_INVALID: no SQLite file, or
 * of another application; ERROR_UNSUPPORTED: in WAL mode. The schema is not looked at. */
bool database_open(const char *path, enum database_access access, struct database **ret_database,
                   struct error *error) MUST_USE;
/* Open a file that is still empty. */
bool database_open_empty(const char *path, struct database **ret_database,
                         struct error *error) MUST_USE;
bool database_open_memory(struct database **ret_database, struct error *error) MUST_USE;
/* Make TO, which has nothing in it, the same as FROM, which is not being written. */
bool database_copy(struct database *from, struct database *to, struct error *error) MUST_USE;
void database_close(struct database *database); /* NULL is fine */
DEFINE_AUTO(database, database_close)

/* From now on only reading and changing rows is allowed: no other statement can be prepared. */
void database_lock_down(struct database *database);
/* Interrupt statements that run after this many milliseconds from now; 0: no limit. */
void database_set_deadline(struct database *database, int64_t delay_ms);
void database_copy_deadline(struct database *to, const struct database *from);
const char *database_path(const struct database *database);
struct sqlite3 *database_handle(struct database *database);
/* Fill in ERROR from SQLite's last error: "cannot WHAT 'path': why". Returns false. */
bool database_fail(struct database *database, const char *what, struct error *error);

/* Run statements that have no parameters and whose rows nobody wants. */
bool database_execute(struct database *database, const char *sql, struct error *error) MUST_USE;
/* Give up the open transaction, if there is one. False when even that failed. */
bool database_roll_back(struct database *database);
/* The first column of a pragma's first row; "" without a row. Not after database_lock_down(). */
bool database_ask(struct database *database, const char *sql, char *answer, size_t size,
                  struct error *error) MUST_USE;
/* The kept statement for a constant text, ready to be bound. One user at a time: give it back with
 * AUTO(sqlite3_stmt). */
bool database_prepare(struct database *database, const char *sql, struct sqlite3_stmt **ret_rows,
                      struct error *error) MUST_USE;
void statement_release(struct sqlite3_stmt *rows);
static inline UNUSED void sqlite3_stmt_auto(struct sqlite3_stmt **owner)
{
    statement_release(*owner);
}
/* Step to the next row; RET_ROW is false behind the last. */
bool database_next(struct database *database, struct sqlite3_stmt *rows, bool *ret_row,
                   struct error *error) MUST_USE;
/* Run a statement that gives no row. */
bool database_finish(struct database *database, struct sqlite3_stmt *rows,
                     struct error *error) MUST_USE;

/* Parameters are numbered from 1, columns from 0. Bytes are copied, but those of bind_large(),
 * which have to stay until the statement is given back. */
void bind_text(struct sqlite3_stmt *rows, int index, const char *text);
void bind_bytes(struct sqlite3_stmt *rows, int index, const void *bytes, size_t length);
void bind_large(struct sqlite3_stmt *rows, int index, const void *bytes, size_t length);
void bind_number(struct sqlite3_stmt *rows, int index, int64_t number);
void bind_entry_id(struct sqlite3_stmt *rows, int index, const struct entry_id *id); /* 2 of them */

/* Columns of another type or size give "", 0 and zeros: the schema is STRICT, sizes are verify's.
 */
const char *column_text(struct sqlite3_stmt *rows, int column);
struct ledger_id column_id(struct sqlite3_stmt *rows, int column);
struct digest column_digest(struct sqlite3_stmt *rows, int column);
struct entry_id column_entry_id(struct sqlite3_stmt *rows, int column); /* 2 columns */

#endif
