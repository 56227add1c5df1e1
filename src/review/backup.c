/* SPDX-License-Identifier: Apache-2.0 */
#include "review/backup.h"

#include "handle.h"
#include "place.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

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
    return database_open_empty(path, &to, error) && database_copy(review->file, to, error);
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
