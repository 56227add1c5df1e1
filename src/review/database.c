/* SPDX-License-Identifier: Apache-2.0 */
#include "database.h"

#include "base/array.h"
#include "base/clock.h"
#include "review/store.h"

#include <assert.h>
#include <errno.h>
#include <sqlite3.h>

enum {
    BUSY_TIMEOUT_MS = 5000,
    PROGRESS_OPERATIONS = 1000,
    HEADER_BYTES = 100,
    HEAP_MAX_BYTES = 1024 * 1024 * 1024
};

struct kept_statement {
    const char *sql; /* by address: texts are constants */
    struct sqlite3_stmt *rows;
};

struct database {
    struct sqlite3 *handle;
    char *path;
    struct kept_statement *statements;
    size_t statement_count;
    int64_t deadline_ms; /* of the monotonic clock; 0: none */
};

/* SQLite file format, section 1.3. */
static const char magic[] = "SQLite format 3";

static const struct {
    int id, value;
} limits[] = {
    {SQLITE_LIMIT_LENGTH, REVIEW_BLOB_MAX_BYTES + 1024 * 1024},
    {SQLITE_LIMIT_SQL_LENGTH, 100000},
    {SQLITE_LIMIT_COLUMN, 64},
    {SQLITE_LIMIT_EXPR_DEPTH, 50},
    {SQLITE_LIMIT_COMPOUND_SELECT, 8},
    {SQLITE_LIMIT_VDBE_OP, 25000},
    {SQLITE_LIMIT_FUNCTION_ARG, 8},
    {SQLITE_LIMIT_ATTACHED, 0},
    {SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
    {SQLITE_LIMIT_VARIABLE_NUMBER, 64},
    {SQLITE_LIMIT_TRIGGER_DEPTH, 1},
    {SQLITE_LIMIT_WORKER_THREADS, 0},
};

static const struct {
    int option, value;
} defences[] = {
    {SQLITE_DBCONFIG_DEFENSIVE, 1},
    {SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
    {SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
    {SQLITE_DBCONFIG_ENABLE_VIEW, 0},
    {SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0},
    {SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    {SQLITE_DBCONFIG_DQS_DML, 0},
    {SQLITE_DBCONFIG_DQS_DDL, 0},
    {SQLITE_DBCONFIG_ENABLE_FKEY, 1},
};

/* EXPECTED is what the last statement of SQL must answer; NULL: anything. */
struct setting {
    const char *sql, *expected;
};
static const struct setting settings[] = {
    {"PRAGMA cell_size_check = ON", NULL}, {"PRAGMA mmap_size = 0", NULL},
    {"PRAGMA temp_store = MEMORY", NULL},  {"PRAGMA foreign_keys = ON", NULL},
    {"PRAGMA secure_delete = ON", "1"},
};
static const struct setting file_settings[] = {
    {"PRAGMA encoding", "UTF-8"},
    {"PRAGMA journal_mode = DELETE", "delete"},
    {"PRAGMA synchronous = EXTRA", NULL},
    {"PRAGMA synchronous", "3"},
};

static enum error_code code_of_result(int result)
{
    switch (result & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_FORMAT:
        return ERROR_CORRUPT;
    case SQLITE_NOTADB:
        return ERROR_INVALID;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERROR_CONFLICT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return ERROR_DENIED;
    case SQLITE_INTERRUPT:
        return ERROR_TIMEOUT;
    default:
        return ERROR_IO;
    }
}

static bool fail(struct sqlite3 *handle, const char *path, const char *what, struct error *error)
{
    int result = sqlite3_extended_errcode(handle);
    int number = sqlite3_system_errno(handle);
    enum error_code code = code_of_result(result);
    if (code == ERROR_CONFLICT)
        return error_set(error, code, "cannot %s '%s': another program is writing to it", what,
                         path);
    if (code == ERROR_TIMEOUT)
        return error_set(error, code, "cannot %s '%s': it took too long", what, path);
    error_set(error, code, "cannot %s '%s': %s%s%s%s", what, path, sqlite3_errmsg(handle),
              code == ERROR_IO && number != 0 ? " (" : "",
              code == ERROR_IO && number != 0 ? strerror(number) : "",
              code == ERROR_IO && number != 0 ? ")" : "");
    if ((result & 0xFF) == SQLITE_FULL || result == SQLITE_IOERR_WRITE)
        error_hint(error, "see whether the disk is full; what was saved before is still there");
    if (result == SQLITE_READONLY_DBMOVED)
        error_hint(error,
                   "the file was moved, deleted or replaced while it was open; open it anew");
    return false;
}

bool database_fail(struct database *database, const char *what, struct error *error)
{
    return fail(database->handle, database->path, what, error);
}

/* --- opening --- */

static int check_deadline(void *context)
{
    const struct database *database = context;
    return database->deadline_ms != 0 && clock_monotonic_ms() > database->deadline_ms;
}

static void defend(struct database *database)
{
    sqlite3_drop_modules(database->handle, NULL);
    for (size_t i = 0; i < LENGTH(defences); i++) {
        int value = 0;
        sqlite3_db_config(database->handle, defences[i].option, defences[i].value, &value);
        if (value != defences[i].value)
            abort();
    }
    for (size_t i = 0; i < LENGTH(limits); i++)
        sqlite3_limit(database->handle, limits[i].id, limits[i].value);
    sqlite3_hard_heap_limit64(HEAP_MAX_BYTES);
    sqlite3_busy_timeout(database->handle, BUSY_TIMEOUT_MS);
    sqlite3_progress_handler(database->handle, PROGRESS_OPERATIONS, check_deadline, database);
}

static bool set_up(struct database *database, const struct setting *list, size_t count,
                   struct error *error)
{
    for (size_t i = 0; i < count; i++) {
        char answer[32];
        if (!database_ask(database, list[i].sql, answer, sizeof(answer), error))
            return false;
        if (list[i].expected != NULL && strcmp(answer, list[i].expected) != 0)
            return error_set(error, ERROR_INVALID, "cannot open '%s': %s gives '%s', not '%s'",
                             database->path, list[i].sql, answer, list[i].expected);
    }
    return true;
}

static uint32_t read_number(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Looks at the header through SQLite's own descriptor, before any statement looks for a journal. */
static bool check_header(struct database *database, struct error *error)
{
    struct sqlite3_file *file = NULL;
    uint8_t header[HEADER_BYTES] = {0};
    assert(database != NULL);
    sqlite3_file_control(database->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
    if (file == NULL || file->pMethods == NULL)
        return error_set(error, ERROR_IO, "cannot open '%s'", database->path);
    int result = file->pMethods->xRead(file, header, sizeof(header), 0);
    if (result != SQLITE_OK && result != SQLITE_IOERR_SHORT_READ)
        return error_set(error, ERROR_IO, "cannot read '%s'", database->path);
    if (memcmp(header, magic, sizeof(magic)) != 0 ||
        read_number(header + 68) != REVIEW_APPLICATION_ID)
        return error_set(error, ERROR_INVALID, "'%s' is no review file", database->path);
    if (header[18] == 1 && header[19] == 1)
        return true;
    error_set(error, ERROR_UNSUPPORTED, "'%s' is in WAL mode: a part of it may be missing",
              database->path);
    return error_hint(error, "ask for a file made with 'VACUUM INTO'; walkdown never uses WAL");
}

static bool open_handle(const char *path, int flags, struct database **ret_database,
                        struct error *error)
{
    AUTO(database) struct database *database = memory_new(1, sizeof(*database));
    database->path = memory_copy_text(path);
    int result = sqlite3_open_v2(
        path, &database->handle,
        flags | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX, NULL);
    if (database->handle == NULL)
        memory_exhausted();
    if (result != SQLITE_OK)
        return database_fail(database, "open", error);
    defend(database);
    if (!set_up(database, settings, LENGTH(settings), error))
        return false;
    *ret_database = take(&database);
    return true;
}

static bool has_journal(const struct database *database)
{
    AUTO_FREE char *journal = memory_format("%s-journal", database->path);
    int is_there = 0;
    struct sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    return vfs->xAccess(vfs, journal, SQLITE_ACCESS_EXISTS, &is_there) == SQLITE_OK && is_there;
}

/* A power loss may have torn the header itself: then the journal has it, and SQLite puts it back
 * when it reads. */
static bool check_header_or_roll_back(struct database *database, enum database_access access,
                                      struct error *error)
{
    struct error problem = {0};
    if (check_header(database, &problem))
        return true;
    if (access == DATABASE_WRITE && problem.code == ERROR_INVALID && has_journal(database)) {
        sqlite3_exec(database->handle, "SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL);
        return check_header(database, error);
    }
    if (error != NULL)
        *error = problem;
    return false;
}

bool database_open(const char *path, enum database_access access, struct database **ret_database,
                   struct error *error)
{
    int flags = access == DATABASE_WRITE ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    AUTO(database) struct database *database = NULL;
    if (!open_handle(path, flags | SQLITE_OPEN_NOFOLLOW, &database, error) ||
        !check_header_or_roll_back(database, access, error) ||
        !set_up(database, file_settings, LENGTH(file_settings), error))
        return false;
    *ret_database = take(&database);
    return true;
}

bool database_open_empty(const char *path, struct database **ret_database, struct error *error)
{
    AUTO(database) struct database *database = NULL;
    if (!open_handle(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, &database, error) ||
        !set_up(database, file_settings, LENGTH(file_settings), error))
        return false;
    *ret_database = take(&database);
    return true;
}

bool database_open_memory(struct database **ret_database, struct error *error)
{
    return open_handle(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY, ret_database, error);
}

bool database_copy(struct database *from, struct database *to, struct error *error)
{
    struct sqlite3_backup *backup = sqlite3_backup_init(to->handle, "main", from->handle, "main");
    if (backup == NULL)
        return database_fail(to, "write", error);
    int result = sqlite3_backup_step(backup, -1);
    if (sqlite3_backup_finish(backup) == SQLITE_OK && result == SQLITE_DONE)
        return true;
    return database_fail(to, "write", error);
}

void database_close(struct database *database)
{
    if (database == NULL)
        return;
    for (size_t i = 0; i < database->statement_count; i++)
        sqlite3_finalize(database->statements[i].rows);
    sqlite3_close(database->handle);
    free(database->statements);
    free(database->path);
    free(database);
}

/* The signature is that of sqlite3_set_authorizer(). */
static int authorize(void *context UNUSED, int action, const char *first, const char *second,
                     const char *schema UNUSED, const char *source UNUSED)
{
    static const char *const functions[] = {"coalesce",   "count",  "hex", "length",
                                            "lower",      "max",    "min", "nullif",
                                            "row_number", "substr", "sum", "first_value"};
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_TRANSACTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return strncmp(first, "sqlite_", 7) == 0 ? SQLITE_DENY : SQLITE_OK;
    case SQLITE_PRAGMA:
        return strcmp(first, "data_version") == 0 ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_FUNCTION:
        for (size_t i = 0; i < LENGTH(functions); i++)
            if (strcmp(second, functions[i]) == 0)
                return SQLITE_OK;
        return SQLITE_DENY;
    default:
        return SQLITE_DENY;
    }
}

void database_lock_down(struct database *database)
{
    sqlite3_set_authorizer(database->handle, authorize, NULL);
}

void database_set_deadline(struct database *database, int64_t delay_ms)
{
    database->deadline_ms = delay_ms == 0 ? 0 : clock_monotonic_ms() + delay_ms;
}

void database_copy_deadline(struct database *to, const struct database *from)
{
    to->deadline_ms = from->deadline_ms;
}

const char *database_path(const struct database *database)
{
    return database->path;
}

struct sqlite3 *database_handle(struct database *database)
{
    return database->handle;
}

/* --- statements --- */

bool database_execute(struct database *database, const char *sql, struct error *error)
{
    return sqlite3_exec(database->handle, sql, NULL, NULL, NULL) == SQLITE_OK ||
           database_fail(database, "write", error);
}

bool database_ask(struct database *database, const char *sql, char *answer, size_t size,
                  struct error *error)
{
    struct sqlite3_stmt *rows = NULL;
    int result = sqlite3_prepare_v2(database->handle, sql, -1, &rows, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_step(rows);
    snprintf(answer, size, "%s", result == SQLITE_ROW ? column_text(rows, 0) : "");
    sqlite3_finalize(rows);
    return result == SQLITE_ROW || result == SQLITE_DONE || database_fail(database, "read", error);
}

bool database_roll_back(struct database *database)
{
    return sqlite3_get_autocommit(database->handle) != 0 ||
           sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK;
}

bool database_prepare(struct database *database, const char *sql, struct sqlite3_stmt **ret_rows,
                      struct error *error)
{
    for (size_t i = 0; i < database->statement_count; i++)
        if (database->statements[i].sql == sql) {
            *ret_rows = database->statements[i].rows;
            return true;
        }
    struct sqlite3_stmt *rows = NULL;
    if (sqlite3_prepare_v3(database->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &rows, NULL) !=
        SQLITE_OK)
        return database_fail(database, "read", error);
    struct kept_statement *kept = array_push(database->statements, database->statement_count);
    *kept = (struct kept_statement){.sql = sql, .rows = rows};
    *ret_rows = rows;
    return true;
}

bool database_next(struct database *database, struct sqlite3_stmt *rows, bool *ret_row,
                   struct error *error)
{
    int result = sqlite3_step(rows);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return database_fail(database, sqlite3_stmt_readonly(rows) ? "read" : "write", error);
    *ret_row = result == SQLITE_ROW;
    return true;
}

bool database_finish(struct database *database, struct sqlite3_stmt *rows, struct error *error)
{
    bool row;
    return database_next(database, rows, &row, error);
}
