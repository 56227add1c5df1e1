/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"

#include "base/digest.h"
#include "base/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READ_STEP_BYTES = 64 * 1024, MAX_NAMES = 1000000 };

static enum error_code code_of_errno(int number)
{
    switch (number) {
    case ENOENT:
    case ENOTDIR:
        return ERROR_NOT_FOUND;
    case EACCES:
    case EPERM:
        return ERROR_DENIED;
    case EEXIST:
        return ERROR_EXISTS;
    default:
        return ERROR_IO;
    }
}

static bool fail(struct error *error, const char *what, const char *path)
{
    int number = errno;
    return error_set(error, code_of_errno(number), "cannot %s '%s': %s", what, path,
                     strerror(number));
}

static bool read_to_end(int fd, size_t max_bytes, struct buffer *contents, struct error *error)
{
    size_t before = contents->length;
    for (;;) {
        size_t left = max_bytes - (contents->length - before);
        size_t wanted = left < READ_STEP_BYTES ? left + 1 : READ_STEP_BYTES;
        buffer_reserve(contents, wanted);
        ssize_t got = read(fd, contents->data + contents->length, wanted);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_set(error, ERROR_IO, "read error: %s", strerror(errno));
        if (got == 0)
            return true;
        if ((size_t)got > left)
            return error_set(error, ERROR_INVALID, "more than %zu bytes", max_bytes);
        contents->length += (size_t)got;
        contents->data[contents->length] = '\0';
    }
}

bool file_read_fd(int fd, size_t max_bytes, struct buffer *ret_contents, struct error *error)
{
    buffer_reserve(ret_contents, 0);
    size_t before = ret_contents->length;
    if (read_to_end(fd, max_bytes, ret_contents, error))
        return true;
    ret_contents->length = before;
    ret_contents->data[before] = '\0';
    return false;
}

bool file_read(const char *path, size_t max_bytes, struct buffer *ret_contents, struct error *error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return fail(error, "open", path);
    bool done = file_read_fd(fd, max_bytes, ret_contents, error);
    close(fd);
    return done || error_prefix(error, "cannot read '%s'", path);
}

bool file_write_fd(int fd, const void *bytes, size_t length, struct error *error)
{
    const char *next = bytes;
    while (length > 0) {
        ssize_t written = write(fd, next, length);
        if (written < 0 && errno == EAGAIN) {
            struct pollfd ready = {.fd = fd, .events = POLLOUT};
            poll(&ready, 1, -1);
            continue;
        }
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_set(error, ERROR_IO, "write error: %s", strerror(errno));
        next += written;
        length -= (size_t)written;
    }
    return true;
}

/* Renaming over a device or a pipe would replace it by a file. */
static bool check_replaceable(const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
        return true;
    return error_set(error, ERROR_EXISTS, "cannot write '%s': it is no regular file", path);
}

static bool fill_temporary(const char *path, const void *bytes, size_t length, unsigned mode,
                           struct error *error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(error, "create", path);
    bool done = file_write_fd(fd, bytes, length, error);
    if (!done)
        error_prefix(error, "cannot write '%s'", path);
    else if (fchmod(fd, (mode_t)mode) != 0 || fsync(fd) != 0)
        done = fail(error, "write", path);
    if (close(fd) != 0 && done)
        done = fail(error, "write", path);
    return done;
}

/* Some file systems know no fsync of a folder and say EINVAL. */
static bool sync_folder(const char *folder, struct error *error)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return errno == EACCES || fail(error, "open", folder);
    bool done = fsync(fd) == 0 || errno == EINVAL || fail(error, "sync", folder);
    close(fd);
    return done;
}

bool file_write(const char *path, const void *bytes, size_t length, unsigned mode,
                struct error *error)
{
    if (!check_replaceable(path, error))
        return false;
    size_t folder_length = (size_t)(path_base(path) - path);
    AUTO_FREE char *folder =
        folder_length == 0 ? memory_copy_text(".") : memory_copy(path, folder_length);
    uint64_t number;
    random_bytes(&number, sizeof(number));
    AUTO_FREE char *name = memory_format(".walkdown-%016llx", (unsigned long long)number);
    AUTO_FREE char *temporary = path_join(folder, name);
    bool done = fill_temporary(temporary, bytes, length, mode, error);
    if (done && rename(temporary, path) != 0)
        done = fail(error, "write", path);
    if (!done) {
        unlink(temporary);
        return false;
    }
    return sync_folder(folder, error);
}

static bool list_names(DIR *stream, struct strings *names, struct error *error)
{
    for (;;) {
        errno = 0;
        const struct dirent *entry = readdir(stream);
        if (entry == NULL && errno != 0)
            return error_set(error, ERROR_IO, "read error: %s", strerror(errno));
        if (entry == NULL)
            return true;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (names->count >= MAX_NAMES)
            return error_set(error, ERROR_INVALID, "more than %d names", MAX_NAMES);
        strings_push(names, entry->d_name);
    }
}

bool file_list(const char *folder, struct strings *ret_names, struct error *error)
{
    DIR *stream = opendir(folder);
    if (stream == NULL)
        return fail(error, "open folder", folder);
    AUTO_RELEASE(strings) struct strings names = {0};
    bool done = list_names(stream, &names, error);
    closedir(stream);
    if (!done)
        return error_prefix(error, "cannot read folder '%s'", folder);
    strings_sort(&names);
    for (size_t i = 0; i < names.count; i++)
        strings_push_take(ret_names, take(&names.items[i]));
    return true;
}
