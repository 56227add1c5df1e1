/* SPDX-License-Identifier: Apache-2.0 */
#include "place.h"

#include "base/path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef FUSE_SUPER_MAGIC
#define FUSE_SUPER_MAGIC 0x65735546
#endif
#ifndef LUSTRE_SUPER_MAGIC
#define LUSTRE_SUPER_MAGIC 0x0BD00BD0
#endif
#ifndef KAFS_SUPER_MAGIC
#define KAFS_SUPER_MAGIC 0x6B414653
#endif
#ifndef VBOXSF_SUPER_MAGIC
#define VBOXSF_SUPER_MAGIC 0x786F4256
#endif

bool place_is_network(long type)
{
    static const uint32_t types[] = {
        NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC,    CIFS_SUPER_MAGIC,  SMB2_SUPER_MAGIC, V9FS_MAGIC,
        FUSE_SUPER_MAGIC, CODA_SUPER_MAGIC,   AFS_SUPER_MAGIC,   KAFS_SUPER_MAGIC, CEPH_SUPER_MAGIC,
        NCP_SUPER_MAGIC,  LUSTRE_SUPER_MAGIC, VBOXSF_SUPER_MAGIC};
    for (size_t i = 0; i < LENGTH(types); i++)
        if ((uint32_t)type == types[i])
            return true;
    return false;
}

static bool check_file_system(const char *folder, struct error *error)
{
    struct statfs status;
    if (statfs(folder, &status) != 0)
        return error_set(error, ERROR_IO, "cannot ask for the file system of '%s': %s", folder,
                         strerror(errno));
    if (!place_is_network((long)status.f_type))
        return true;
    error_set(error, ERROR_UNSUPPORTED,
              "'%s' is on a network file system, where saved work may be lost", folder);
    return error_hint(error, "copy it to a local disk and work on the copy");
}

static char *folder_of(const char *absolute)
{
    size_t length = (size_t)(path_base(absolute) - absolute);
    return memory_copy(absolute, length);
}

static bool exists_beside(const char *path, const char *ending)
{
    struct stat status;
    AUTO_FREE char *name = memory_format("%s%s", path, ending);
    return lstat(name, &status) == 0;
}

static bool check_kind(const char *path, struct error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        bool is_missing = errno == ENOENT;
        error_set(error, is_missing ? ERROR_NOT_FOUND : ERROR_IO, "cannot open '%s': %s", path,
                  strerror(errno));
        return is_missing ? error_hint(error, "'walkdown new FILE' makes a review; walkdown "
                                              "without a file asks what to review")
                          : false;
    }
    if (S_ISLNK(status.st_mode)) {
        error_set(error, ERROR_DENIED, "'%s' is a symbolic link", path);
        return error_hint(error, "name the file that it points to");
    }
    if (!S_ISREG(status.st_mode))
        return error_set(error, ERROR_INVALID, "'%s' is no regular file", path);
    if (status.st_nlink == 1)
        return true;
    error_set(error, ERROR_DENIED, "'%s' has %lu names (hard links)", path,
              (unsigned long)status.st_nlink);
    return error_hint(error, "copy it and work on the copy");
}

static bool check_owner(const char *path, struct error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0)
        return error_set(error, ERROR_IO, "cannot open '%s': %s", path, strerror(errno));
    if (geteuid() == 0 || status.st_uid == geteuid())
        return true;
    error_set(error, ERROR_DENIED, "'%s' belongs to another user", path);
    return error_hint(error, "copy it and work on the copy");
}

bool place_check(const char *path, enum review_mode mode, char **ret_path, struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    if (!path_resolve(path, &absolute, error) || !check_kind(absolute, error))
        return false;
    if (exists_beside(absolute, "-wal")) {
        error_set(error, ERROR_UNSUPPORTED,
                  "'%s-wal' lies beside the file and may hold a part of it", absolute);
        return error_hint(error, "walkdown never makes such a file; ask where it comes from");
    }
    AUTO_FREE char *folder = folder_of(absolute);
    if (mode == REVIEW_READ_WRITE &&
        (!check_owner(absolute, error) || !check_file_system(folder, error)))
        return false;
    *ret_path = take(&absolute);
    return true;
}

bool place_check_new(const char *path, char **ret_path, struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    struct stat status;
    if (!path_resolve(path, &absolute, error))
        return false;
    if (lstat(absolute, &status) == 0)
        return error_set(error, ERROR_EXISTS, "'%s' exists already", absolute);
    if (exists_beside(absolute, "-wal") || place_has_journal(absolute)) {
        error_set(error, ERROR_EXISTS, "a journal of an earlier '%s' is still there", absolute);
        return error_hint(error, "choose another name");
    }
    AUTO_FREE char *folder = folder_of(absolute);
    if (!check_file_system(folder, error))
        return false;
    *ret_path = take(&absolute);
    return true;
}

bool place_has_journal(const char *path)
{
    return exists_beside(path, "-journal");
}

bool place_make_private(const char *path, struct error *error)
{
    struct stat status;
    if (lstat(path, &status) == 0 &&
        ((status.st_mode & 077) == 0 || chmod(path, status.st_mode & 0700) == 0))
        return true;
    return error_set(error, ERROR_IO, "cannot make '%s' private: %s", path, strerror(errno));
}

static bool sync_folder(const char *path, struct error *error)
{
    AUTO_FREE char *folder = folder_of(path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && fsync(fd) == 0) {
        close(fd);
        return true;
    }
    error_set(error, ERROR_IO, "cannot sync the folder '%s': %s", folder, strerror(errno));
    if (fd >= 0)
        close(fd);
    return false;
}

/* Some file systems know no RENAME_NOREPLACE; link(2) does not replace either. */
static bool rename_new(const char *from, const char *to)
{
    if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS) && link(from, to) == 0 && unlink(from) == 0;
}

bool place_publish(const char *from, const char *to, struct error *error)
{
    if (!rename_new(from, to))
        return error_set(error, errno == EEXIST ? ERROR_EXISTS : ERROR_IO, "cannot make '%s': %s",
                         to, strerror(errno));
    return sync_folder(to, error);
}
