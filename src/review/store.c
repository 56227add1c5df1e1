/* SPDX-License-Identifier: Apache-2.0 */
#include "review/store.h"

#include "base/path.h"
#include "fold.h"
#include "handle.h"
#include "place.h"
#include "schema.h"
#include "view.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

/* Opening a damaged or hostile file may take so long at most. */
enum { OPEN_DEADLINE_MS = 60000, DRAFT_MAX_BYTES = 1024 * 1024 };

void author_release(struct author *author)
{
    free(author->name);
    free(author->email);
    *author = (struct author){0};
}

void review_close(struct review *review)
{
    if (review == NULL)
        return;
    if (review->view != review->file)
        database_close(review->view);
    database_close(review->file);
    author_release(&review->author);
    free(review->path);
    free(review);
}

/* As it will stand in the log: a name that is no valid UTF-8 would never be found there again. */
static char *valid_text(const char *text)
{
    AUTO_JSON json_t *json = json_text(text == NULL ? "" : text);
    return memory_copy_text(json_string_value(json));
}

static struct review *new_review(const char *path, const struct author *author)
{
    struct review *review = memory_new(1, sizeof(*review));
    review->path = memory_copy_text(path);
    if (author != NULL)
        review->author = (struct author){
            .id = author->id, .name = valid_text(author->name), .email = valid_text(author->email)};
    return review;
}

/* --- opening --- */

bool review_read_id(struct database *database, struct ledger_id *ret_id, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(database,
                          "SELECT value, (SELECT count(*) FROM meta) FROM meta"
                          " WHERE name = 'review'",
                          &rows, error) ||
        !database_next(database, rows, &row, error))
        return false;
    if (!row || sqlite3_column_bytes(rows, 0) != LEDGER_ID_BYTES ||
        sqlite3_column_int64(rows, 1) != 1)
        return error_set(error, ERROR_CORRUPT, "'%s' does not say which review it is",
                         database_path(database));
    *ret_id = column_id(rows, 0);
    return true;
}

/* SQLite rolls an interrupted change back when it reads; for that it has to be able to write. */
static bool roll_back(const char *path, struct error *error)
{
    AUTO(database) struct database *database = NULL;
    AUTO_FREE char *checked = NULL;
    if (place_check(path, REVIEW_READ_WRITE, &checked, error) &&
        database_open(path, DATABASE_WRITE, &database, error))
        return true;
    error_prefix(error, "a change of it was interrupted and has to be rolled back first");
    return false;
}

static bool open_file(const char *path, enum review_mode mode, struct database **ret_file,
                      struct error *error)
{
    struct error problem = {0};
    if (mode == REVIEW_READ_WRITE)
        return database_open(path, DATABASE_WRITE, ret_file, error);
    if (database_open(path, DATABASE_READ, ret_file, &problem))
        return true;
    if ((problem.code == ERROR_DENIED || problem.code == ERROR_INVALID) && place_has_journal(path))
        return roll_back(path, error) && database_open(path, DATABASE_READ, ret_file, error);
    if (error != NULL)
        *error = problem;
    return false;
}

static bool upgrade(struct database *file, struct error *error)
{
    bool is_old;
    if (database_execute(file, "BEGIN IMMEDIATE", error) &&
        schema_upgrade(file, schema_steps, schema_step_count, &is_old, error) &&
        (!is_old || fold_all(file, error)) && database_execute(file, "COMMIT", error))
        return true;
    database_roll_back(file);
    return error_prefix(error, "cannot bring the file to the format of this version");
}

/* RET_IS_FOREIGN: its tables are those of another version; the entries are to be folded anew. */
static bool check_version(struct review *review, bool *ret_is_foreign, struct error *error)
{
    int64_t version;
    if (!schema_read_version(review->file, &version, error))
        return false;
    *ret_is_foreign = version > REVIEW_SCHEMA_VERSION;
    if (*ret_is_foreign && !review->is_read_only) {
        error_set(
            error, ERROR_UNSUPPORTED,
            "'%s' was written by a newer version of walkdown (format %lld, this one knows %d)",
            review->path, (long long)version, REVIEW_SCHEMA_VERSION);
        return error_hint(error, "it can be read; to change it, install the newer version");
    }
    if (version < 1)
        return error_set(error, ERROR_INVALID, "'%s' is no review file", review->path);
    if (version >= REVIEW_SCHEMA_VERSION)
        return true;
    if (!schema_check(review->file, SCHEMA_WHOLE, version, error))
        return false;
    *ret_is_foreign = review->is_read_only;
    return review->is_read_only || upgrade(review->file, error);
}

/* All that queries read; blobs are checked against their ids when they are read. */
static bool check_tables(struct database *file, struct error *error)
{
    static const char *const texts[] = {
#define X(table, key) "PRAGMA integrity_check(" #table ")",
        PROJECTIONS(X) X(entry, ) X(meta, )
#undef X
    };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        char answer[256];
        if (!database_ask(file, texts[i], answer, sizeof(answer), error))
            return false;
        if (strcmp(answer, "ok") != 0) {
            error_set(error, ERROR_CORRUPT, "'%s' is damaged: %s", database_path(file), answer);
            return error_hint(error, "'walkdown verify' tells what can be trusted");
        }
    }
    return true;
}

static bool set_up(struct review *review, struct error *error)
{
    bool is_foreign;
    database_set_deadline(review->file, OPEN_DEADLINE_MS);
    if (!check_version(review, &is_foreign, error) ||
        !schema_check(review->file, is_foreign ? SCHEMA_TRUTH_ONLY : SCHEMA_WHOLE,
                      REVIEW_SCHEMA_VERSION, error) ||
        (!is_foreign && !check_tables(review->file, error)) ||
        !review_read_id(review->file, &review->id, error))
        return false;
    review->view = review->file;
    if (is_foreign && !view_build(review->file, NULL, &review->view, error))
        return false;
    database_set_deadline(review->file, 0);
    database_lock_down(review->file);
    return review->is_read_only || place_make_private(review->path, error);
}

bool review_open(const char *path, enum review_mode mode, const struct author *author,
                 struct review **ret_review, struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    assert(mode == REVIEW_READ_ONLY || author != NULL);
    if (!place_check(path, mode, &absolute, error))
        return false;
    AUTO(review) struct review *review = new_review(absolute, author);
    review->is_read_only = mode == REVIEW_READ_ONLY;
    if (!open_file(absolute, mode, &review->file, error) || !set_up(review, error))
        return false;
    *ret_review = take(&review);
    return true;
}

/* --- making --- */

static bool make_file(const char *path, struct database **ret_file, struct error *error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(error, errno == EACCES ? ERROR_DENIED : ERROR_IO, "cannot make '%s': %s",
                         path, strerror(errno));
    close(fd);
    return database_open_empty(path, ret_file, error);
}

static bool write_meta(struct review *review, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    review->id = ledger_id_random();
    if (!database_prepare(review->file, "INSERT INTO meta VALUES('review', ?1)", &rows, error))
        return false;
    bind_bytes(rows, 1, review->id.bytes, sizeof(review->id.bytes));
    return database_finish(review->file, rows, error);
}

static bool write_first_entries(struct review *review, const char *title, struct error *error)
{
    AUTO_JSON json_t *about = json_object();
    AUTO_JSON json_t *author = json_object();
    json_object_set_new(about, "title", json_text(title == NULL ? "" : title));
    json_object_set_new(about, "tool", json_text(PACKAGE_STRING));
    json_object_set_new(author, "name", json_text(review->author.name));
    json_object_set_new(author, "email", json_text(review->author.email));
    const struct new_entry entries[] = {{.kind = ENTRY_REVIEW, .body = about},
                                        {.kind = ENTRY_AUTHOR, .body = author}};
    return review_append(review, entries, LENGTH(entries), NULL, error);
}

/* Made under another name, so that a crash leaves no half-made review behind. */
static bool fill_file(const char *path, const char *title, const struct author *author,
                      struct error *error)
{
    AUTO(review) struct review *review = new_review(path, author);
    if (!make_file(path, &review->file, error))
        return false;
    review->view = review->file;
    return upgrade(review->file, error) && write_meta(review, error) &&
           write_first_entries(review, title, error);
}

bool review_create(const char *path, const char *title, const struct author *author,
                   struct review **ret_review, struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    char number[LEDGER_ID_TEXT_BYTES];
    struct ledger_id id = ledger_id_random();
    if (!place_check_new(path, &absolute, error))
        return false;
    AUTO_FREE char *folder = memory_copy(absolute, (size_t)(path_base(absolute) - absolute));
    AUTO_FREE char *temporary =
        memory_format("%s.walkdown-%s", folder, ledger_id_text(&id, number));
    if (fill_file(temporary, title, author, error) && place_publish(temporary, absolute, error))
        return review_open(absolute, REVIEW_READ_WRITE, author, ret_review, error);
    unlink(temporary);
    return false;
}

/* --- asking --- */

const char *review_path(const struct review *review)
{
    return review->path;
}

const struct ledger_id *review_id(const struct review *review)
{
    return &review->id;
}

bool review_is_read_only(const struct review *review)
{
    return review->is_read_only;
}

int64_t review_change_count(struct review *review)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row = false;
    if (database_prepare(review->file, "PRAGMA data_version", &rows, NULL) &&
        database_next(review->file, rows, &row, NULL) && row &&
        sqlite3_column_int64(rows, 0) != review->data_version) {
        review->data_version = sqlite3_column_int64(rows, 0);
        review->change_count++;
    }
    return review->change_count;
}

/* --- drafts --- */

bool review_set_draft(struct review *review, const char *key, const char *text, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool is_empty = text == NULL || *text == '\0';
    if (review->is_read_only)
        return error_set(error, ERROR_DENIED, "'%s' is open for reading only", review->path);
    if (review->has_failed)
        return error_set(error, ERROR_IO, "'%s' could not be written before", review->path);
    if (!is_empty && strlen(text) > DRAFT_MAX_BYTES)
        return error_set(error, ERROR_INVALID, "expected at most 1 MiB of text");
    if (!database_prepare(review->file,
                          is_empty ? "DELETE FROM draft WHERE key = ?1"
                                   : "INSERT OR REPLACE INTO draft VALUES(?1, ?2)",
                          &rows, error))
        return false;
    bind_text(rows, 1, key);
    if (!is_empty)
        bind_text(rows, 2, text);
    bool done = database_finish(review->file, rows, error);
    if (!done)
        review_give_up(review);
    return done;
}

bool review_get_draft(struct review *review, const char *key, char **ret_text, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(review->file, "SELECT text FROM draft WHERE key = ?1", &rows, error))
        return false;
    bind_text(rows, 1, key);
    if (!database_next(review->file, rows, &row, error))
        return false;
    *ret_text = row ? memory_copy_text(column_text(rows, 0)) : NULL;
    return true;
}
