/* SPDX-License-Identifier: Apache-2.0 */
#include "openssh_log.h"

#include "ssh.h"

#include <unistd.h>

enum { LINE_MAX_BYTES = 4096 };

void openssh_log_release(struct openssh_log *log)
{
    buffer_release(&log->line);
    free(log->complaint);
    free(log->key);
    free(log->address);
    free(log->server_version);
    free(log->key_exchange);
    free(log->cipher);
    free(log->authentication);
    *log = (struct openssh_log){0};
}

static void set_text(char **text, const char *value, size_t length)
{
    AUTO_FREE char *copy = memory_copy(value, length);
    free(*text);
    *text = ssh_quote(copy);
}

/* What stands behind PREFIX in LINE, NULL when it does not begin so. */
static const char *behind(const char *line, const char *prefix)
{
    return strncmp(line, prefix, strlen(prefix)) == 0 ? line + strlen(prefix) : NULL;
}

/* 'Authenticated to HOST ([ADDRESS]:PORT) using "METHOD".', or "via proxy" for the address. */
static void take_login(struct openssh_log *log, const char *text)
{
    const char *place = strchr(text, '('), *end = strchr(text, ')'), *method = strchr(text, '"');
    if (place != NULL && end > place && strncmp(place, "(via ", 5) != 0)
        set_text(&log->address, place + 1, (size_t)(end - place - 1));
    if (method == NULL)
        return;
    AUTO_FREE char *how = memory_copy(method + 1, strcspn(method + 1, "\""));
    bool has_key = strcmp(how, "publickey") == 0 && log->key != NULL;
    AUTO_FREE char *both =
        memory_format("%s%s%s", how, has_key ? " " : "", has_key ? log->key : "");
    set_text(&log->authentication, both, strlen(both));
}

static void take_debugging(struct openssh_log *log, const char *text)
{
    const char *value;
    if ((value = behind(text, "Remote protocol version 2.0, remote software version ")) != NULL) {
        AUTO_FREE char *version = memory_format("SSH-2.0-%s", value);
        set_text(&log->server_version, version, strlen(version));
    } else if ((value = behind(text, "kex: algorithm: ")) != NULL) {
        set_text(&log->key_exchange, value, strlen(value));
    } else if ((value = behind(text, "kex: server->client cipher: ")) != NULL) {
        set_text(&log->cipher, value, strcspn(value, " "));
    } else if ((value = behind(text, "Server accepts key: ")) != NULL &&
               (value = strstr(value, "SHA256:")) != NULL) {
        set_text(&log->key, value, strcspn(value, " "));
    }
}

void openssh_log_take(struct openssh_log *log, const char *line)
{
    const char *text;
    if ((text = behind(line, "debug1: ")) != NULL)
        take_debugging(log, text);
    else if ((text = behind(line, "Authenticated to ")) != NULL)
        take_login(log, text);
    else if (behind(line, "debug") == NULL && behind(line, "OpenSSH_") == NULL && *line != '\0')
        set_text(&log->complaint, line, strlen(line));
}

static void take_bytes(struct openssh_log *log, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] == '\n') {
            openssh_log_take(log, buffer_text(&log->line));
            buffer_clear(&log->line);
        } else if (log->line.length < LINE_MAX_BYTES && bytes[i] != '\r' && bytes[i] != '\0') {
            buffer_append_byte(&log->line, bytes[i]);
        }
    }
}

void openssh_log_read(struct openssh_log *log, int fd)
{
    char bytes[LINE_MAX_BYTES];
    ssize_t got;
    while ((got = read(fd, bytes, sizeof(bytes))) > 0)
        take_bytes(log, bytes, (size_t)got);
}

/* The client's own words, which say what they mean. */
static bool is_denial(const char *complaint)
{
    return strstr(complaint, "Permission denied") != NULL ||
           strstr(complaint, "Host key verification failed") != NULL ||
           strstr(complaint, "Too many authentication failures") != NULL;
}

bool openssh_log_explain(const struct openssh_log *log, const char *name, struct error *error)
{
    const char *complaint = log->complaint != NULL ? log->complaint : "it gave no reason";
    if (strstr(complaint, "Bad configuration option") != NULL) {
        error_set(error, ERROR_UNSUPPORTED, "the OpenSSH client is too old: %s", complaint);
        return error_hint(error, "OpenSSH 8.7 or newer is needed for this way in");
    }
    error_set(error, is_denial(complaint) ? ERROR_DENIED : ERROR_UNREACHABLE,
              "ssh cannot log in to '%s': %s", name, complaint);
    return error_hint(error, "'ssh -v %s' shows more", name);
}
