/* SPDX-License-Identifier: Apache-2.0 */
#include "rebuild.h"

#include "base/path.h"
#include "blob.h"
#include "entries.h"
#include "fold.h"
#include "place.h"
#include "redacted.h"
#include "schema.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

void rebuild_release(struct rebuild *rebuild)
{
    database_close(rebuild->file);
    if (rebuild->temporary != NULL)
        unlink(rebuild->temporary);
    free(rebuild->temporary);
    free(rebuild->path);
    *rebuild = (struct rebuild){0};
}

static bool make_file(struct rebuild *rebuild, struct error *error)
{
    char number[LEDGER_ID_TEXT_BYTES];
    struct ledger_id id = ledger_id_random();
    AUTO_FREE char *folder =
        memory_copy(rebuild->path, (size_t)(path_base(rebuild->path) - rebuild->path));
    AUTO_FREE char *temporary =
        memory_format("%s.walkdown-%s", folder, ledger_id_text(&id, number));
    int fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(error, errno == EACCES ? ERROR_DENIED : ERROR_IO, "cannot make '%s': %s",
                         temporary, strerror(errno));
    close(fd);
    rebuild->temporary = take(&temporary);
    return database_open_empty(rebuild->temporary, &rebuild->file, error);
}

static bool write_meta(struct database *file, const struct ledger_id *review, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    if (!database_prepare(file, "INSERT INTO meta VALUES('review', ?1)", &rows, error))
        return false;
    bind_bytes(rows, 1, review->bytes, sizeof(review->bytes));
    return database_finish(file, rows, error);
}

bool rebuild_begin(struct rebuild *rebuild, const char *path, const struct ledger_id *review,
                   struct error *error)
{
    bool is_old;
    return place_check_new(path, &rebuild->path, error) && make_file(rebuild, error) &&
           database_execute(rebuild->file, "BEGIN IMMEDIATE", error) &&
           schema_upgrade(rebuild->file, schema_steps, schema_step_count, &is_old, error) &&
           write_meta(rebuild->file, review, error);
}

bool rebuild_add_entry(struct rebuild *rebuild, const struct entry *entry, struct error *error)
{
    return entry_insert(rebuild->file, entry, error);
}

bool rebuild_add_blob(struct rebuild *rebuild, struct sqlite3_stmt *rows, bool *ret_fits,
                      struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer data = {0};
    struct stored_blob blob = {.id = column_digest(rows, 0),
                               .size_bytes = sqlite3_column_int64(rows, 2),
                               .codec = column_text(rows, 3),
                               .data = sqlite3_column_blob(rows, 4),
                               .length = (size_t)sqlite3_column_bytes(rows, 4)};
    *ret_fits = blob_from_row(rows, &data, NULL);
    if (!*ret_fits)
        return true;
    memcpy(blob.salt, sqlite3_column_blob(rows, 1), sizeof(blob.salt));
    if (rebuild->is_raw) {
        blob.codec = "raw";
        blob.data = data.data;
        blob.length = data.length;
    }
    return blob_insert(rebuild->file, &blob, error);
}

bool rebuild_insert_blob(struct rebuild *rebuild, const struct new_blob *blob, struct error *error)
{
    struct stored_blob stored = {0};
    bool is_done = blob_encode(blob, &stored, error) && blob_insert(rebuild->file, &stored, error);
    stored_blob_release(&stored);
    return is_done;
}

#define X(name, text) ", '" text "'"
#define KNOWN_KINDS   "''" ENTRY_KINDS(X)

/* Those of entries that did not come along. Which blobs an entry of an unknown kind names nobody
 * can tell; beside one, all stay. */
static bool drop_unused(struct database *file, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    return database_prepare(file,
                            "DELETE FROM blob WHERE id NOT IN (SELECT id FROM (" BLOBS_OF_ENTRIES
                            ") UNION SELECT blob FROM checklist) AND NOT EXISTS"
                            " (SELECT 1 FROM entry WHERE kind NOT IN (" KNOWN_KINDS "))",
                            &rows, error) &&
           database_finish(file, rows, error);
}
#undef X

static bool check_checklists(struct database *file, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(file, "SELECT 1 FROM checklist WHERE blob NOT IN (SELECT id FROM blob)",
                          &rows, error) ||
        !database_next(file, rows, &row, error))
        return false;
    if (!row)
        return true;
    error_set(error, ERROR_CORRUPT, "a checklist is lost, without which the review cannot be read");
    return error_hint(error, "take a backup: backups/ in the state folder");
}

bool rebuild_finish(struct rebuild *rebuild, struct error *error)
{
    if (!fold_all(rebuild->file, error) || !redacted_drop(rebuild->file, error) ||
        !drop_unused(rebuild->file, error) || !check_checklists(rebuild->file, error) ||
        !database_execute(rebuild->file, "COMMIT", error))
        return false;
    database_close(take(&rebuild->file));
    if (!place_publish(rebuild->temporary, rebuild->path, error))
        return false;
    free(take(&rebuild->temporary));
    return true;
}
