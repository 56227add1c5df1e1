/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stands in for libFuzzer's main(): runs each file that is named, or each file of a folder that is
 * named, through the fuzz target. Without arguments, fuzz_NAME replays tests/fuzz/corpus/NAME of
 * the source tree in $abs_top_srcdir, which "make check" sets.
 */
#include "base/array.h"
#include "base/file.h"
#include "base/path.h"

#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

enum { MAX_INPUT_BYTES = 64 * 1024 * 1024 };

static bool replay_file(const char *path, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer input = {0};
    if (!file_read(path, MAX_INPUT_BYTES, &input, error))
        return false;
    /* A copy of the exact size lets AddressSanitizer see a read past its end. */
    AUTO_FREE uint8_t *bytes = memory_new(input.length, 1);
    if (input.length > 0)
        memcpy(bytes, input.data, input.length);
    LLVMFuzzerTestOneInput(bytes, input.length);
    return true;
}

static bool replay_folder(const char *folder, struct error *error)
{
    AUTO_RELEASE(strings) struct strings names = {0};
    if (!file_list(folder, &names, error))
        return false;
    if (names.count == 0)
        return error_set(error, ERROR_NOT_FOUND, "no input in '%s'", folder);
    for (size_t i = 0; i < names.count; i++) {
        AUTO_FREE char *path = path_join(folder, names.items[i]);
        if (!replay_file(path, error))
            return false;
    }
    printf("%zu inputs of '%s'\n", names.count, folder);
    return true;
}

static bool replay(const char *path, struct error *error)
{
    struct stat status;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return replay_folder(path, error);
    return replay_file(path, error);
}

static bool replay_own_corpus(const char *program, struct error *error)
{
    const char *top = getenv("abs_top_srcdir");
    const char *name = strstr(path_base(program), "fuzz_");
    if (top == NULL || name == NULL)
        return error_set(error, ERROR_USAGE, "expected files or folders to replay");
    AUTO_FREE char *relative = memory_format("tests/fuzz/corpus/%s", name + strlen("fuzz_"));
    AUTO_FREE char *folder = path_join(top, relative);
    return replay(folder, error);
}

int main(int count, char **arguments)
{
    struct error error = {0};
    bool done = count > 1 || replay_own_corpus(arguments[0], &error);
    for (int i = 1; i < count && done; i++)
        done = replay(arguments[i], &error);
    if (!done)
        fprintf(stderr, "%s\n", error.message);
    return done ? 0 : 1;
}
