/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/array.h"
#include "base/buffer.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

static char *folder;
static pid_t owner;
static struct strings names; /* everything handed out */

static bool has_prefix(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_kept(const char *variable)
{
    static const char *const kept[] = {"PATH=",         "LD_LIBRARY_PATH=",
                                       "LD_PRELOAD=",   "UPDATE_GOLDEN=",
                                       "TESTING_",      "CMOCKA_",
                                       "ASAN_",         "LSAN_",
                                       "UBSAN_",        "GCOV_",
                                       "LLVM_",         "WALKDOWN_ROUNDS=",
                                       "WALKDOWN_SEED="};
    for (size_t i = 0; i < LENGTH(kept); i++)
        if (has_prefix(variable, kept[i]))
            return true;
    return false;
}

static void clear_environment(void)
{
    struct strings kept = {0};
    for (char **variable = environ; *variable != NULL; variable++)
        if (is_kept(*variable))
            strings_push(&kept, *variable);
    clearenv();
    for (size_t i = 0; i < kept.count; i++) {
        char *equals = strchr(kept.items[i], '=');
        *equals = '\0';
        setenv(kept.items[i], equals + 1, 1);
    }
    strings_release(&kept);
}

static int remove_entry(const char *path, const struct stat *status UNUSED, int kind UNUSED,
                        struct FTW *position UNUSED)
{
    return remove(path);
}

/* A folder that a test made unreadable would keep its contents. */
static int open_up(const char *path, const struct stat *status, int kind UNUSED,
                   struct FTW *position UNUSED)
{
    return S_ISDIR(status->st_mode) ? chmod(path, 0700) : 0;
}

static void remove_folder(void)
{
    strings_release(&names);
    if (getpid() == owner) {
        nftw(folder, open_up, 16, FTW_PHYS);
        nftw(folder, remove_entry, 16, FTW_PHYS | FTW_DEPTH);
    }
    free(folder);
    folder = NULL;
}

static const char *below(const char *top, const char *relative)
{
    strings_push_take(&names, path_join(top, relative));
    return names.items[names.count - 1];
}

static void set_folders(void)
{
    static const char *const pairs[][2] = {{"HOME", "home"},
                                           {"TMPDIR", "tmp"},
                                           {"XDG_STATE_HOME", "state"},
                                           {"XDG_DATA_HOME", "data"},
                                           {"XDG_CONFIG_HOME", "config"},
                                           {"XDG_CACHE_HOME", "cache"},
                                           {"XDG_RUNTIME_DIR", "runtime"}};
    const char *top = testing_path("environment");
    mkdir(top, 0700);
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        const char *path = below(top, pairs[i][1]);
        mkdir(path, 0700);
        setenv(pairs[i][0], path, 1);
    }
}

void testing_pin(void)
{
    if (folder != NULL)
        return;
    const char *outer = getenv("TMPDIR");
    char *pattern =
        path_join(outer != NULL && *outer == '/' ? outer : "/tmp", "walkdown-test-XXXXXX");
    folder = mkdtemp(pattern);
    if (folder == NULL) {
        perror(pattern);
        _exit(99);
    }
    owner = getpid();
    atexit(remove_folder);
    clear_environment();
    set_folders();
    setenv("TZ", "UTC", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("USER", "reviewer", 1);
    setenv("LOGNAME", "reviewer", 1);
    setenv("SHELL", "/bin/sh", 1);
    tzset();
    umask(022);
}

const char *testing_folder(void)
{
    return folder;
}

const char *testing_path(const char *relative)
{
    return below(folder, relative);
}

const char *testing_source(const char *relative)
{
    return below(SOURCE_FOLDER, relative);
}

const char *testing_build(const char *relative)
{
    return below(BUILD_FOLDER, relative);
}

/* Ends the test when a file that the test itself needs cannot be written. */
static void write_file(const char *path, const void *bytes, size_t length)
{
    struct error error = {0};
    char *parent = memory_copy(path, (size_t)(path_base(path) - path));
    bool done = path_make_folder(parent, &error) && file_write(path, bytes, length, 0644, &error);
    free(parent);
    if (!done)
        fail_msg("%s", error.message);
}

const char *testing_write(const char *relative, const char *text)
{
    const char *path = testing_path(relative);
    write_file(path, text, strlen(text));
    return path;
}

static void show_difference(const char *expected, const char *actual)
{
    const char *const arguments[] = {"diff", "-u", expected, actual, NULL};
    struct process_options options = {.arguments = arguments};
    struct process_result result = {0};
    struct error error = {0};
    if (process_run(&options, &result, &error))
        fprintf(stderr, "%s", buffer_text(&result.output));
    process_result_release(&result);
}

void testing_assert_golden_bytes(const char *name, const void *actual, size_t length)
{
    const char *path = below(testing_source("tests/golden"), name);
    if (getenv("UPDATE_GOLDEN") != NULL) {
        write_file(path, actual, length);
        return;
    }
    struct buffer expected = {0};
    struct error error = {0};
    bool is_same = file_read(path, SIZE_MAX / 2, &expected, &error) && expected.length == length &&
                   (length == 0 || memcmp(expected.data, actual, length) == 0);
    buffer_release(&expected);
    if (is_same)
        return;
    const char *kept = below(testing_build("tests/golden-actual"), name);
    write_file(kept, actual, length);
    show_difference(path, kept);
    fail_msg("'%s' is not as expected: see '%s'; UPDATE_GOLDEN=1 accepts it", name, kept);
}

void testing_assert_golden(const char *name, const char *actual)
{
    testing_assert_golden_bytes(name, actual, strlen(actual));
}

void testing_check_done(bool done, const struct error *error, const char *call, const char *file,
                        int line)
{
    if (done)
        return;
    print_error("%s: %s: %s\n", call, error_code_text(error->code), error->message);
    _fail(file, line);
}

void testing_check_refused(bool done, const struct error *error, enum error_code code,
                           const char *file, int line)
{
    if (!done && error->code == code)
        return;
    print_error("expected to fail with '%s', got '%s': %s\n", error_code_text(code),
                done ? "done" : error_code_text(error->code), error->message);
    _fail(file, line);
}
