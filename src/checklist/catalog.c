/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/catalog.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/path.h"
#include "checklist/load.h"

#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX      ".yaml"
#define ENTRIES_MAX 1000

struct folder {
    char *path;
    bool is_bundled;
};

/* In the order of precedence. */
struct folders {
    struct folder items[4];
    size_t count;
};

static void folders_release(struct folders *folders)
{
    for (size_t i = 0; i < folders->count; i++)
        free(folders->items[i].path);
}

static void add_folder(struct folders *folders, char *path, bool is_bundled)
{
    folders->items[folders->count++] = (struct folder){path, is_bundled};
}

static char *checklists_of(const char *source)
{
    AUTO_FREE char *joined = path_join(source, "checklists");
    char *folder = NULL;
    return path_resolve(joined, &folder, NULL) ? folder : NULL;
}

/* The build tree that this program lies in, beside config.status or, as tests do, two folders below
 * it. NULL elsewhere. */
static char *build_folder(void)
{
    static const char *const ways_up[] = {".", "../.."};
    AUTO_FREE char *program = path_program_folder();
    for (size_t i = 0; program != NULL && i < LENGTH(ways_up); i++) {
        AUTO_FREE char *folder = path_join(program, ways_up[i]);
        AUTO_FREE char *status = path_join(folder, "config.status");
        if (access(status, F_OK) == 0)
            return take(&folder);
    }
    return NULL;
}

/* The source tree that this program was built from, when it lies in its build tree: the same folder
 * or the one or two above it. */
static char *source_folder(void)
{
    AUTO_FREE char *folder = build_folder();
    if (folder == NULL)
        return NULL;
    static const char *const ways_up[] = {".", "..", "../.."};
    for (size_t i = 0; i < LENGTH(ways_up); i++) {
        AUTO_FREE char *source = path_join(folder, ways_up[i]);
        AUTO_FREE char *configure = path_join(source, "configure.ac");
        if (access(configure, F_OK) == 0)
            return checklists_of(source);
    }
    return NULL;
}

static void find_folders(struct folders *folders)
{
    const char *extra = getenv("WALKDOWN_CHECKLISTS");
    if (extra != NULL && *extra == '/')
        add_folder(folders, memory_copy_text(extra), false);
    AUTO_FREE char *config = path_config_folder();
    add_folder(folders, path_join(config, "checklists"), false);
    char *source = source_folder();
    if (source != NULL)
        add_folder(folders, source, true);
    add_folder(folders, memory_copy_text(CHECKLIST_FOLDER), true);
}

static bool has_suffix(const char *name, const char *suffix)
{
    size_t length = strlen(name), suffix_length = strlen(suffix);
    return length > suffix_length && strcmp(name + length - suffix_length, suffix) == 0;
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static bool has_entry(const struct catalog *catalog, const char *name)
{
    for (size_t i = 0; i < catalog->count; i++)
        if (strcmp(catalog->entries[i].name, name) == 0)
            return true;
    return false;
}

static void add_entry(struct catalog *catalog, const struct folder *folder, const char *file)
{
    if (!has_suffix(file, SUFFIX) || file[0] == '.' || catalog->count >= ENTRIES_MAX)
        return;
    AUTO_FREE char *name = memory_copy(file, strlen(file) - strlen(SUFFIX));
    AUTO_FREE char *path = path_join(folder->path, file);
    if (has_entry(catalog, name) || !is_file(path))
        return;
    *array_push(catalog->entries, catalog->count) = (struct catalog_entry){
        .name = take(&name), .path = take(&path), .is_bundled = folder->is_bundled};
}

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct catalog_entry *)a)->name, ((const struct catalog_entry *)b)->name);
}

void catalog_list(struct catalog *ret_catalog)
{
    AUTO_RELEASE(folders) struct folders folders = {0};
    *ret_catalog = (struct catalog){0};
    find_folders(&folders);
    for (size_t i = 0; i < folders.count; i++) {
        AUTO_RELEASE(strings) struct strings names = {0};
        if (!file_list(folders.items[i].path, &names, NULL))
            continue;
        for (size_t j = 0; j < names.count; j++)
            add_entry(ret_catalog, &folders.items[i], names.items[j]);
    }
    if (ret_catalog->count > 1)
        qsort(ret_catalog->entries, ret_catalog->count, sizeof(*ret_catalog->entries),
              compare_entries);
}

void catalog_release(struct catalog *catalog)
{
    for (size_t i = 0; i < catalog->count; i++) {
        free(catalog->entries[i].name);
        free(catalog->entries[i].path);
    }
    free(catalog->entries);
    *catalog = (struct catalog){0};
}

static bool looks_like_path(const char *text)
{
    return strchr(text, '/') != NULL || has_suffix(text, SUFFIX) || has_suffix(text, ".yml");
}

static bool fail_to_find(const char *name, const struct folders *folders, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer places = {0};
    for (size_t i = 0; i < folders->count; i++)
        buffer_append_format(&places, "%s%s", i == 0 ? "" : ", ", folders->items[i].path);
    error_set(error, ERROR_NOT_FOUND, "no checklist '%s%s' in %s", name, SUFFIX,
              buffer_text(&places));
    return error_hint(error, "'walkdown checklists' lists what there is; a file is named by its "
                             "path");
}

bool catalog_find(const char *name_or_path, char **ret_path, struct error *error)
{
    if (looks_like_path(name_or_path)) {
        if (!is_file(name_or_path))
            return error_set(error, ERROR_NOT_FOUND, "there is no file '%s'", name_or_path);
        *ret_path = memory_copy_text(name_or_path);
        return true;
    }
    AUTO_RELEASE(folders) struct folders folders = {0};
    find_folders(&folders);
    AUTO_FREE char *file = memory_format("%s" SUFFIX, name_or_path);
    for (size_t i = 0; i < folders.count; i++) {
        AUTO_FREE char *path = path_join(folders.items[i].path, file);
        if (is_file(path)) {
            *ret_path = take(&path);
            return true;
        }
    }
    return fail_to_find(name_or_path, &folders, error);
}

bool catalog_find_rules(const char *name, char **ret_path, struct error *error)
{
    AUTO_RELEASE(folders) struct folders folders = {0};
    AUTO_FREE char *file = memory_format("rules/%s", name);
    find_folders(&folders);
    for (size_t i = 0; i < folders.count; i++) {
        AUTO_FREE char *path = path_join(folders.items[i].path, file);
        if (!folders.items[i].is_bundled || !is_file(path))
            continue;
        *ret_path = take(&path);
        return true;
    }
    error_set(error, ERROR_NOT_FOUND, "walkdown's own '%s' is missing", file);
    return error_hint(error, "install walkdown anew");
}

static bool has_digest(const char *path, const struct digest *digest)
{
    AUTO_RELEASE(buffer) struct buffer contents = {0};
    if (!file_read(path, CHECKLIST_SOURCE_MAX_BYTES, &contents, NULL))
        return false;
    struct digest actual = digest_of(buffer_text(&contents), contents.length);
    return digest_equal(&actual, digest);
}

/* Looks into the folders, not into the list: a file of the user's may hide the bundled one. */
bool catalog_is_bundled(const struct digest *source_digest)
{
    AUTO_RELEASE(folders) struct folders folders = {0};
    find_folders(&folders);
    for (size_t i = 0; i < folders.count; i++) {
        AUTO_RELEASE(strings) struct strings names = {0};
        if (!folders.items[i].is_bundled || !file_list(folders.items[i].path, &names, NULL))
            continue;
        for (size_t j = 0; j < names.count && j < ENTRIES_MAX; j++) {
            AUTO_FREE char *path = path_join(folders.items[i].path, names.items[j]);
            if (has_suffix(names.items[j], SUFFIX) && is_file(path) &&
                has_digest(path, source_digest))
                return true;
        }
    }
    return false;
}
