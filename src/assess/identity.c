/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/identity.h"

#include "base/array.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"

#include <pwd.h>
#include <string.h>
#include <unistd.h>

#define IDENTITY_MAX_BYTES (64 * 1024)
#define RECENT_MAX         20

/* --- name and e-mail --- */

/* The value of KEY in "key = value" lines of the user's configuration; NULL when it is not there.
 */
static char *configured(const char *key)
{
    AUTO_FREE char *folder = path_config_folder();
    AUTO_FREE char *path = path_join(folder, "config");
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(strings) struct strings lines = {0};

    if (!file_read(path, IDENTITY_MAX_BYTES, &text, NULL))
        return NULL;
    strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count; i++) {
        const char *line = lines.items[i] + strspn(lines.items[i], " \t");
        size_t length = strlen(key);
        const char *value = line + length + strspn(line + strnlen(line, length), " \t");
        if (strncmp(line, key, length) == 0 && *value == '=')
            return memory_copy_text(value + 1 + strspn(value + 1, " \t"));
    }
    return NULL;
}

static char *from_git(const char *key)
{
    const char *const arguments[] = {"git", "config", "--get", key, NULL};
    const struct process_options options = {.arguments = arguments, .timeout_ms = 2000};
    struct process_result result = {0};
    char *value = NULL;

    if (process_run(&options, &result, NULL) && result.exit_status == 0 && result.output.length > 1)
        value = memory_copy(result.output.data, result.output.length - 1);
    process_result_release(&result);
    return value;
}

static char *from_account(void)
{
    const struct passwd *account = getpwuid(geteuid());

    if (account && account->pw_gecos && account->pw_gecos[0] && account->pw_gecos[0] != ',')
        return memory_copy(account->pw_gecos, strcspn(account->pw_gecos, ","));
    return memory_copy_text(account ? account->pw_name : "unknown");
}

static char *find_value(const char *variable, const char *key, const char *git_key)
{
    const char *value = getenv(variable);
    char *found;

    if (value && *value)
        return memory_copy_text(value);
    found = configured(key);
    return found ? found : from_git(git_key);
}

/* --- the id --- */

static bool write_id(const char *path, struct ledger_id *ret_id, struct error *error)
{
    char text[LEDGER_ID_TEXT_BYTES];
    AUTO_FREE char *line = NULL;

    *ret_id = ledger_id_random();
    line = memory_format("%s\n", ledger_id_text(ret_id, text));
    return file_write(path, line, strlen(line), 0600, error);
}

static bool load_id(struct ledger_id *ret_id, struct error *error)
{
    AUTO_FREE char *folder = NULL;
    AUTO_FREE char *path = NULL;
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct error missing = {0};

    if (!path_state_folder(&folder, error))
        return false;
    path = path_join(folder, "author");
    if (!file_read(path, IDENTITY_MAX_BYTES, &text, &missing)) {
        if (missing.code == ERROR_NOT_FOUND)
            return write_id(path, ret_id, error);
        return error_set(error, missing.code, "%s", missing.message);
    }
    if (text.length && text.data[text.length - 1] == '\n')
        text.data[text.length - 1] = '\0';
    if (ledger_id_parse(buffer_text(&text), ret_id))
        return true;
    error_set(error, ERROR_INVALID, "'%s' holds no author id", path);
    return error_hint(error, "move it away: a new one is made");
}

bool identity_load(struct author *ret_author, struct error *error)
{
    struct author author = {0};

    if (!load_id(&author.id, error))
        return false;
    author.name = find_value("WALKDOWN_NAME", "name", "user.name");
    if (!author.name)
        author.name = from_account();
    author.email = find_value("WALKDOWN_EMAIL", "email", "user.email");
    if (!author.email)
        author.email = memory_copy_text("");
    *ret_author = author;
    return true;
}

/* --- recent reviews --- */

static char *recent_path(void)
{
    AUTO_FREE char *folder = NULL;

    return path_state_folder(&folder, NULL) ? path_join(folder, "recent") : NULL;
}

void recent_reviews(struct strings *ret_paths)
{
    AUTO_FREE char *path = recent_path();
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(strings) struct strings lines = {0};

    if (!path || !file_read(path, IDENTITY_MAX_BYTES, &text, NULL))
        return;
    strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count; i++)
        if (lines.items[i][0] == '/' && access(lines.items[i], F_OK) == 0)
            strings_push(ret_paths, lines.items[i]);
}

void recent_reviews_add(const char *path)
{
    AUTO_FREE char *list_path = recent_path();
    AUTO_RELEASE(strings) struct strings paths = {0};
    AUTO_RELEASE(buffer) struct buffer text = {0};
    size_t count = 1;

    if (!list_path || strchr(path, '\n'))
        return;
    recent_reviews(&paths);
    buffer_append_format(&text, "%s\n", path);
    for (size_t i = 0; i < paths.count && count < RECENT_MAX; i++) {
        if (strcmp(paths.items[i], path) == 0)
            continue;
        buffer_append_format(&text, "%s\n", paths.items[i]);
        count++;
    }
    if (!file_write(list_path, text.data, text.length, 0600, NULL))
        return; /* a convenience only */
}
