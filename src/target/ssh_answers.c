/* SPDX-License-Identifier: Apache-2.0 */
#include "ssh_answers.h"

#include "base/array.h"
#include "base/file.h"
#include "base/path.h"

#include <ctype.h>
#include <glob.h>
#include <strings.h>

enum { FILE_MAX_BYTES = 256 * 1024, INCLUDE_DEPTH_MAX = 8 };

#define SYSTEM_FOLDER "/etc/ssh"

/* The one answer, and the files that it is for. */
static struct {
    char *key, *text;
} kept;

struct reading {
    struct buffer *key;         /* names and bytes of all files */
    const char *account_folder; /* what "~" means */
    bool *is_silent;            /* set to false by a line that could matter to a connection */
};

static bool read_file(const struct reading *reading, const char *path, const char *folder,
                      int depth);

static bool read_matches(const struct reading *reading, const char *pattern, const char *folder,
                         int depth)
{
    glob_t found = {0};
    bool good = true;
    int status = glob(pattern, 0, NULL, &found);
    for (size_t i = 0; status == 0 && good && i < found.gl_pathc; i++)
        good = read_file(reading, found.gl_pathv[i], folder, depth + 1);
    globfree(&found);
    return good && (status == 0 || status == GLOB_NOMATCH);
}

static bool read_include(const struct reading *reading, const char *pattern, const char *folder,
                         int depth)
{
    AUTO_FREE char *path = NULL;
    if (pattern[0] == '~' && pattern[1] != '/')
        return false;
    if (pattern[0] == '~')
        path = path_join(reading->account_folder, pattern + 2);
    else if (pattern[0] == '/')
        path = memory_copy_text(pattern);
    else
        path = path_join(folder, pattern);
    return read_matches(reading, path, folder, depth);
}

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcasecmp(word, words[i]) == 0)
            return true;
    }
    return false;
}

/* False where a line could make hosts differ, or is not understood. */
static bool read_line(const struct reading *reading, const char *line, const char *folder,
                      int depth)
{
    static const char *const telling[] = {
        "match", "canonicalizehostname", "hostname", "proxycommand", "proxyjump", "localcommand"};
    /* What distributions set for everybody, and what does not concern a shell that is read from. */
    static const char *const silent[] = {"host",
                                         "include",
                                         "sendenv",
                                         "hashknownhosts",
                                         "gssapiauthentication",
                                         "gssapidelegatecredentials",
                                         "forwardagent",
                                         "forwardx11",
                                         "forwardx11trusted"};
    AUTO_RELEASE(strings) struct strings words = {0};
    line += strspn(line, " \t\r");
    if (*line == '#' || *line == '\0')
        return true;
    if (strpbrk(line, "%$\"\\=") != NULL)
        return false;
    for (const char *next = line; *next != '\0';) {
        size_t length = strcspn(next, " \t\r");
        strings_push_length(&words, next, length);
        next += length + strspn(next + length, " \t\r");
    }
    if (words.count == 0)
        return true;
    if (is_one_of(words.items[0], telling, LENGTH(telling)))
        return false;
    if (!is_one_of(words.items[0], silent, LENGTH(silent)))
        *reading->is_silent = false;
    bool good = words.count > 1;
    for (size_t i = 1; good && i < words.count; i++) {
        if (strcasecmp(words.items[0], "host") == 0)
            good = strcmp(words.items[i], "*") == 0;
        else if (strcasecmp(words.items[0], "include") == 0)
            good = read_include(reading, words.items[i], folder, depth);
    }
    return good;
}

static bool read_file(const struct reading *reading, const char *path, const char *folder,
                      int depth)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(strings) struct strings lines = {0};
    struct error error = {0};
    if (depth > INCLUDE_DEPTH_MAX)
        return false;
    buffer_append_format(reading->key, "%s\n", path);
    if (!file_read(path, FILE_MAX_BYTES, &text, &error))
        return error.code == ERROR_NOT_FOUND;
    if (text.length > 0 && memchr(text.data, '\0', text.length) != NULL)
        return false;
    buffer_append(reading->key, text.data, text.length);
    strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count; i++) {
        if (!read_line(reading, lines.items[i], folder, depth))
            return false;
    }
    return true;
}

/* Everything that the answer depends on; NULL: on the host, too. */
static char *make_key(const struct target_spec *spec, const char *configuration,
                      const char *account_folder, bool *ret_is_silent)
{
    AUTO_RELEASE(buffer) struct buffer key = {0};
    const struct reading reading = {&key, account_folder, ret_is_silent};
    *ret_is_silent = true;
    if (account_folder == NULL)
        return NULL;
    AUTO_FREE char *folder = path_join(account_folder, ".ssh");
    AUTO_FREE char *own = path_join(folder, "config");
    bool is_named = configuration != NULL;
    for (const char *byte = spec->host; *byte != '\0'; byte++) {
        if (!islower((unsigned char)*byte) && !isdigit((unsigned char)*byte) &&
            strchr(".-:", *byte) == NULL)
            return NULL;
    }
    buffer_append_format(&key, "%s\n%d\n", spec->user == NULL ? "" : spec->user, spec->port);
    if (is_named && strcmp(configuration, "none") == 0)
        return buffer_take(&key);
    if (!read_file(&reading, is_named ? configuration : own, folder, 0))
        return NULL;
    if (!is_named && !read_file(&reading, SYSTEM_FOLDER "/ssh_config", SYSTEM_FOLDER, 0))
        return NULL;
    return buffer_take(&key);
}

/* The value of a line that names the host itself, else NULL. */
static const char *named_host(const char *line)
{
    if (strncmp(line, "host ", 5) == 0)
        return line + 5;
    return strncmp(line, "hostname ", 9) == 0 ? line + 9 : NULL;
}

/* Whether HOST stands nowhere but where the host is named. */
static bool is_only_named(const char *text, const char *host)
{
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, text, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        const char *value = named_host(lines.items[i]);
        if (value != NULL ? strcmp(value, host) != 0 : strstr(lines.items[i], host) != NULL)
            return false;
    }
    return true;
}

bool ssh_answer_is_default(const struct target_spec *spec, const char *configuration,
                           const char *account_folder)
{
    bool is_silent;
    AUTO_FREE char *key = make_key(spec, configuration, account_folder, &is_silent);
    return key != NULL && is_silent;
}

bool ssh_answer_find(const struct target_spec *spec, const char *configuration,
                     const char *account_folder, struct buffer *ret_text)
{
    AUTO_RELEASE(strings) struct strings lines = {0};
    bool is_silent;
    if (kept.key == NULL)
        return false;
    AUTO_FREE char *key = make_key(spec, configuration, account_folder, &is_silent);
    if (key == NULL || strcmp(key, kept.key) != 0)
        return false;
    strings_split(&lines, kept.text, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        const char *value = named_host(lines.items[i]);
        buffer_append(ret_text, lines.items[i],
                      value == NULL ? strlen(lines.items[i]) : (size_t)(value - lines.items[i]));
        buffer_append_format(ret_text, "%s\n", value == NULL ? "" : spec->host);
    }
    return true;
}

void ssh_answer_keep(const struct target_spec *spec, const char *configuration,
                     const char *account_folder, const char *text)
{
    bool is_silent;
    AUTO_FREE char *key = make_key(spec, configuration, account_folder, &is_silent);
    if (key == NULL || !is_only_named(text, spec->host))
        return;
    free(kept.key);
    free(kept.text);
    kept.key = take(&key);
    kept.text = memory_copy_text(text);
}
