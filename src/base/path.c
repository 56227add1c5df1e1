/* SPDX-License-Identifier: Apache-2.0 */
#include "base/path.h"

#include "base/array.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t length_without_slashes(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length;
}

char *path_join(const char *folder, const char *name)
{
    while (*name == '/')
        name++;
    if (*folder == '\0')
        return memory_copy_text(name);
    size_t length = length_without_slashes(folder);
    bool is_root = length == 1 && folder[0] == '/';
    return memory_format("%.*s/%s", is_root ? 0 : (int)length, folder, name);
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static bool real_path(const char *path, char **ret_path, struct error *error)
{
    char *real = realpath(path, NULL);
    if (real != NULL) {
        *ret_path = real;
        return true;
    }
    if (errno == ENOMEM)
        memory_exhausted();
    enum error_code code = errno == ENOENT || errno == ENOTDIR ? ERROR_NOT_FOUND : ERROR_IO;
    return error_set(error, code, "cannot find '%s': %s", path, strerror(errno));
}

bool path_resolve(const char *path, char **ret_path, struct error *error)
{
    if (*path == '\0')
        return error_set(error, ERROR_INVALID, "expected the name of a file, got an empty text");
    AUTO_FREE char *trimmed = memory_copy(path, length_without_slashes(path));
    const char *base = path_base(trimmed);
    if (*base == '\0' || strcmp(base, ".") == 0 || strcmp(base, "..") == 0)
        return real_path(trimmed, ret_path, error);
    size_t folder_length = (size_t)(base - trimmed);
    AUTO_FREE char *folder =
        folder_length == 0 ? memory_copy_text(".") : memory_copy(trimmed, folder_length);
    AUTO_FREE char *real = NULL;
    if (!real_path(folder, &real, error))
        return false;
    *ret_path = path_join(real, base);
    return true;
}

static bool make_one_folder(const char *path, struct error *error)
{
    struct stat status;
    if (mkdir(path, 0700) == 0)
        return true;
    int number = errno;
    if (stat(path, &status) == 0) {
        if (S_ISDIR(status.st_mode))
            return true;
        return error_set(error, ERROR_EXISTS, "cannot make folder '%s': a file has that name",
                         path);
    }
    enum error_code code = number == EACCES || number == EROFS ? ERROR_DENIED : ERROR_IO;
    return error_set(error, code, "cannot make folder '%s': %s", path, strerror(number));
}

bool path_make_folder(const char *path, struct error *error)
{
    if (*path == '\0')
        return error_set(error, ERROR_INVALID, "expected the name of a folder, got an empty text");
    AUTO_FREE char *partial = memory_copy_text(path);
    for (char *slash = partial + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        if (!make_one_folder(partial, error))
            return false;
        *slash = '/';
    }
    return make_one_folder(partial, error);
}

/* The specification wants absolute names; others are ignored as if they were not set. */
static char *xdg_folder(const char *variable, const char *fallback)
{
    const char *folder = getenv(variable);
    if (folder != NULL && folder[0] == '/')
        return path_join(folder, "walkdown");
    AUTO_FREE char *home = path_home();
    AUTO_FREE char *base = path_join(home, fallback);
    return path_join(base, "walkdown");
}

bool path_state_folder(char **ret_path, struct error *error)
{
    AUTO_FREE char *folder = xdg_folder("XDG_STATE_HOME", ".local/state");
    if (!path_make_folder(folder, error))
        return false;
    *ret_path = take(&folder);
    return true;
}

char *path_config_folder(void)
{
    return xdg_folder("XDG_CONFIG_HOME", ".config");
}

char *path_home(void)
{
    const char *home = getenv("HOME");
    if (home != NULL && home[0] == '/')
        return memory_copy_text(home);
    struct passwd account;
    struct passwd *found = NULL;
    char space[16384];
    if (getpwuid_r(getuid(), &account, space, sizeof(space), &found) == 0 && found != NULL &&
        account.pw_dir != NULL && account.pw_dir[0] == '/')
        return memory_copy_text(account.pw_dir);
    return memory_copy_text("/");
}

char *path_program(void)
{
    char target[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", target, sizeof(target) - 1);
    return length > 0 && target[0] == '/' ? memory_copy(target, (size_t)length) : NULL;
}

char *path_program_folder(void)
{
    AUTO_FREE char *program = path_program();
    if (program == NULL)
        return NULL;
    size_t length = (size_t)(path_base(program) - program);
    return memory_copy(program, length > 1 ? length - 1 : 1);
}

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

char *path_find_program(const char *name)
{
    const char *search = getenv("PATH");
    if (strchr(name, '/') != NULL)
        return is_program(name) ? memory_copy_text(name) : NULL;
    AUTO_RELEASE(strings) struct strings folders = {0};
    strings_split(&folders, search == NULL ? "/usr/local/bin:/usr/bin:/bin" : search, ':');
    for (size_t i = 0; i < folders.count; i++) {
        /* A relative part would run programs from wherever the user happens to stand. */
        if (folders.items[i][0] != '/')
            continue;
        AUTO_FREE char *candidate = path_join(folders.items[i], name);
        if (*name != '\0' && is_program(candidate))
            return take(&candidate);
    }
    return NULL;
}
