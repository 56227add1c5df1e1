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

/* --- what is remembered: a file of three lines, made at the first start --- */

struct remembered {
    struct ledger_id id;
    char *name, *email; /* as git or the account gave them then */
};

static void remembered_release(struct remembered *remembered)
{
    free(remembered->name);
    free(remembered->email);
}

static bool remember(const char *path, struct remembered *ret_remembered, struct error *error)
{
    char text[LEDGER_ID_TEXT_BYTES];
    AUTO_FREE char *lines = NULL;

    ret_remembered->id = ledger_id_random();
    ret_remembered->name = from_git("user.name");
    if (!ret_remembered->name)
        ret_remembered->name = from_account();
    ret_remembered->email = from_git("user.email");
    if (!ret_remembered->email)
        ret_remembered->email = memory_copy_text("");
    lines = memory_format("%s\n%s\n%s\n", ledger_id_text(&ret_remembered->id, text),
                          ret_remembered->name, ret_remembered->email);
    return file_write(path, lines, strlen(lines), 0600, error);
}

static bool recall(const char *text, struct remembered *ret_remembered)
{
    AUTO_RELEASE(strings) struct strings lines = {0};

    strings_split(&lines, text, '\n');
    if (lines.count < 3 || !lines.items[1][0] ||
        !ledger_id_parse(lines.items[0], &ret_remembered->id))
        return false;
    ret_remembered->name = memory_copy_text(lines.items[1]);
    ret_remembered->email = memory_copy_text(lines.items[2]);
    return true;
}

static bool recall_or_remember(struct remembered *ret_remembered, struct error *error)
{
    AUTO_FREE char *folder = NULL;
    AUTO_FREE char *path = NULL;
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct error missing = {0};

    if (!path_state_folder(&folder, error))
        return false;
    path = path_join(folder, "author");
    if (!file_read(path, IDENTITY_MAX_BYTES, &text, &missing))
        return missing.code == ERROR_NOT_FOUND
                   ? remember(path, ret_remembered, error)
                   : error_set(error, missing.code, "%s", missing.message);
    if (recall(buffer_text(&text), ret_remembered))
        return true;
    error_set(error, ERROR_INVALID, "'%s' does not say who you are", path);
    return error_hint(error, "move it away: a new one is made, with a new author id");
}

/* What the user said for this time or for good; else what is remembered. */
static char *choose(const char *variable, const char *key, const char *otherwise)
{
    const char *value = getenv(variable);
    char *found;

    if (value && *value)
        return memory_copy_text(value);
    found = configured(key);
    return found && *found ? found : (free(found), memory_copy_text(otherwise));
}

bool identity_load(struct author *ret_author, struct error *error)
{
    AUTO_RELEASE(remembered) struct remembered remembered = {0};

    if (!recall_or_remember(&remembered, error))
        return false;
    ret_author->id = remembered.id;
    ret_author->name = choose("WALKDOWN_NAME", "name", remembered.name);
    ret_author->email = choose("WALKDOWN_EMAIL", "email", remembered.email);
    return true;
}

bool identity_open_review(const char *path, struct review **ret_review, struct error *error)
{
    struct author author = {0};
    bool ok = identity_load(&author, error) &&
              review_open(path, REVIEW_READ_WRITE, &author, ret_review, error);

    author_release(&author);
    return ok;
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
