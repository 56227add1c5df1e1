/* SPDX-License-Identifier: Apache-2.0 */
/* A text in the user's own editor. No shell is involved, and no name but ours reaches it. */
#include "app.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"
#include "editor.h"

#include <errno.h>
#include <unistd.h>

/* $VISUAL or $EDITOR, whose words are arguments; else the editor that every system has. */
static void find_editor(struct strings *arguments)
{
    const char *command = getenv("VISUAL");
    if (command == NULL || command[0] == '\0')
        command = getenv("EDITOR");
    if (command == NULL || command[0] == '\0')
        command = "vi";
    for (;;) {
        command += strspn(command, " \t");
        size_t length = strcspn(command, " \t");
        if (length == 0)
            return;
        strings_push_length(arguments, command, length);
        command += length;
    }
}

/* A file of our own beside the user's state: mode 0600, and not in a folder of others. */
static bool write_file(const char *text, char **ret_path, struct error *error)
{
    AUTO_FREE char *folder = NULL;
    if (!path_state_folder(&folder, error))
        return false;
    AUTO_FREE char *path = path_join(folder, "note-XXXXXX");
    int fd = mkstemp(path);
    if (fd < 0)
        return error_set(error, ERROR_IO, "cannot make '%s': %s", path, strerror(errno));
    bool is_written = file_write_fd(fd, text, strlen(text), error);
    close(fd);
    if (!is_written) {
        unlink(path);
        return false;
    }
    *ret_path = take(&path);
    return true;
}

static bool run_editor(struct app *app, const char *path, struct error *error)
{
    AUTO_RELEASE(strings) struct strings words = {0};
    find_editor(&words);
    strings_push(&words, path);
    AUTO_FREE const char **arguments = memory_new(words.count + 1, sizeof(*arguments));
    for (size_t i = 0; i < words.count; i++)
        arguments[i] = words.items[i];
    struct process_options options = {.arguments = arguments, .inherit_terminal = true};
    struct process_result result = {0};
    if (app->host.suspend != NULL)
        app->host.suspend(app->host.context);
    bool has_run = process_run(&options, &result, error);
    if (app->host.resume != NULL)
        app->host.resume(app->host.context);
    int status = result.exit_status;
    process_result_release(&result);
    if (!has_run)
        return error_prefix(error, "editor '%s'", words.items[0]);
    return status == 0 ||
           error_set(error, ERROR_CANCELLED,
                     "the editor ended with status %d; the text is as it was", status);
}

char *app_edit_outside(struct app *app, const char *text)
{
    struct error error = {0};
    AUTO_FREE char *path = NULL;
    AUTO_RELEASE(buffer) struct buffer contents = {0};
    bool is_done = write_file(text, &path, &error) && run_editor(app, path, &error) &&
                   file_read(path, EDITOR_TEXT_MAX_BYTES, &contents, &error);
    if (path != NULL)
        unlink(path);
    if (is_done)
        return buffer_take(&contents);
    app_fail(app, &error);
    return NULL;
}
