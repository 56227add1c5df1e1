/* SPDX-License-Identifier: Apache-2.0 */
#include "review/backup.h"

#include "handle.h"
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

static bool copy_pages(struct sqlite3 *from, struct sqlite3 *to)
{
    struct sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL)
        return false;
    int result = sqlite3_backup_step(backup, -1);
    return sqlite3_backup_finish(backup) == SQLITE_OK && result == SQLITE_DONE;
}

static bool make_file(const char *path, struct error *error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(error, errno == EEXIST ? ERROR_EXISTS : ERROR_IO, "cannot make '%s': %s",
                         path, strerror(errno));
    close(fd);
    return true;
}

static bool fill(struct review *review, const char *path, struct error *error)
{
    AUTO(database) struct database *to = NULL;
    return database_open_empty(path, &to, error) &&
           (copy_pages(database_handle(review->file), database_handle(to)) ||
            database_fail(to, "write", error));
}

bool review_backup(struct review *review, const char *path, struct error *error)
{
    AUTO_FREE char *temporary = memory_format("%s.part", path);
    unlink(temporary);
    if (make_file(temporary, error) && fill(review, temporary, error) &&
        place_publish(temporary, path, error))
        return true;
    unlink(temporary);
    return false;
}
