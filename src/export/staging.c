/* SPDX-License-Identifier: Apache-2.0 */
#include "staging.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool check_place(const char *place, struct error *error)
{
    struct stat status;
    AUTO_RELEASE(strings) struct strings names = {0};
    if (lstat(place, &status) != 0)
        return errno == ENOENT ||
               error_set(error, ERROR_IO, "cannot look at '%s': %s", place, strerror(errno));
    if (!S_ISDIR(status.st_mode)) {
        error_set(error, ERROR_EXISTS, "'%s' exists and is no folder", place);
        return error_hint(error, "name a folder that does not exist yet");
    }
    if (!file_list(place, &names, error))
        return false;
    if (names.count == 0)
        return true;
    error_set(error, ERROR_EXISTS, "the folder '%s' is not empty", place);
    return error_hint(error, "name a folder that does not exist yet");
}

bool staging_begin(struct staging *staging, const char *place, struct error *error)
{
    *staging = (struct staging){0};
    if (!path_resolve(place, &staging->place, error) || !check_place(staging->place, error))
        return false;
    const char *name = path_base(staging->place);
    AUTO_FREE char *parent = memory_copy(staging->place, (size_t)(name - staging->place));
    AUTO_FREE char *folder = memory_format("%s.%s.XXXXXX", parent, name);
    if (mkdtemp(folder) == NULL)
        return error_set(error, ERROR_IO, "cannot make a folder in '%s': %s", parent,
                         strerror(errno));
    staging->folder = take(&folder);
    return true;
}

bool staging_make_folder(struct staging *staging, const char *name, struct error *error)
{
    AUTO_FREE char *path = path_join(staging->folder, name);
    if (mkdir(path, 0700) != 0)
        return error_set(error, ERROR_IO, "cannot make '%s': %s", path, strerror(errno));
    strings_push(&staging->made, name);
    return true;
}

static void add_sum(struct staging *staging, const char *name, const void *bytes, size_t length)
{
    struct digest digest = digest_of(bytes, length);
    char hex[DIGEST_HEX_BYTES];
    buffer_append_format(&staging->sums, "%s  %s\n", digest_hex(&digest, hex), name);
}

bool staging_write(struct staging *staging, const char *name, const void *bytes, size_t length,
                   struct error *error)
{
    AUTO_FREE char *path = path_join(staging->folder, name);
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return error_set(error, ERROR_IO, "cannot make '%s': %s", path, strerror(errno));
    strings_push(&staging->made, name);
    add_sum(staging, name, bytes, length);
    bool is_written = file_write_fd(fd, bytes, length, error);
    if (close(fd) != 0 && is_written)
        return error_set(error, ERROR_IO, "cannot write '%s': %s", path, strerror(errno));
    return is_written || error_prefix(error, "cannot write '%s'", path);
}

/* One sync of the file system for all the files. */
static bool sync_folder(const char *folder, struct error *error)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return error_set(error, ERROR_IO, "cannot open '%s': %s", folder, strerror(errno));
    bool is_synced = syncfs(fd) == 0 ||
                     error_set(error, ERROR_IO, "cannot sync '%s': %s", folder, strerror(errno));
    close(fd);
    return is_synced;
}

bool staging_finish(struct staging *staging, struct error *error)
{
    /* The list cannot hold its own sum. */
    AUTO_FREE char *sums = buffer_take(&staging->sums);
    if (!staging_write(staging, "SHA256SUMS", sums, strlen(sums), error) ||
        !sync_folder(staging->folder, error))
        return false;
    if (rename(staging->folder, staging->place) != 0)
        return error_set(error, errno == ENOTEMPTY || errno == EEXIST ? ERROR_EXISTS : ERROR_IO,
                         "cannot put the report at '%s': %s", staging->place, strerror(errno));
    free(take(&staging->folder));
    return sync_folder(staging->place, error);
}

void staging_release(struct staging *staging)
{
    for (size_t i = staging->made.count; staging->folder != NULL && i > 0; i--) {
        AUTO_FREE char *path = path_join(staging->folder, staging->made.items[i - 1]);
        if (unlink(path) != 0)
            (void)rmdir(path);
    }
    if (staging->folder != NULL)
        (void)rmdir(staging->folder);
    free(staging->place);
    free(staging->folder);
    strings_release(&staging->made);
    buffer_release(&staging->sums);
    *staging = (struct staging){0};
}
