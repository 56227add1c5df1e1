/* SPDX-License-Identifier: Apache-2.0 */
#include "known_hosts.h"

#include "base/digest.h"
#include "base/file.h"

#include <ctype.h>

enum {
    FILE_MAX_BYTES = 64 * 1024 * 1024,
    PATTERN_MAX_BYTES = 1024, /* as in OpenSSH: a longer one matches nothing */
    STANDARD_PORT = 22,
    SALT_BYTES = DIGEST_HMAC_SHA1_BYTES
};

/* A run of bytes inside the file. */
struct span {
    const char *text;
    size_t length;
};

char *known_hosts_name(const char *host, int port)
{
    bool is_plain = port == 0 || port == STANDARD_PORT;
    char *name = is_plain ? memory_copy_text(host) : memory_format("[%s]:%d", host, port);
    for (char *byte = name; *byte != '\0'; byte++)
        *byte = (char)tolower((unsigned char)*byte);
    return name;
}

/* ---- names ---- */

/* "*" stands for any bytes, "?" for one. Backtracks to the last star only: linear in practice. */
static bool glob_matches(struct span pattern, const char *name)
{
    size_t i = 0, star = SIZE_MAX;
    const char *retry = NULL;
    while (*name != '\0') {
        char wanted = i < pattern.length ? (char)tolower((unsigned char)pattern.text[i]) : '\0';
        if (wanted == '*') {
            star = i++;
            retry = name;
        } else if (wanted != '\0' && (wanted == '?' || wanted == *name)) {
            i++;
            name++;
        } else if (star != SIZE_MAX) {
            i = star + 1;
            name = ++retry;
        } else {
            return false;
        }
    }
    while (i < pattern.length && pattern.text[i] == '*')
        i++;
    return i == pattern.length;
}

/* Patterns between commas; one with "!" that matches rules the line out. */
static bool list_matches(struct span list, const char *name)
{
    bool is_matched = false;
    for (const char *end = list.text + list.length; list.text <= end;) {
        const char *comma = memchr(list.text, ',', (size_t)(end - list.text));
        const char *stop = comma == NULL ? end : comma;
        bool is_negated = list.text < stop && *list.text == '!';
        struct span pattern = {list.text + is_negated,
                               (size_t)(stop - list.text) - (is_negated ? 1 : 0)};
        if (pattern.length >= PATTERN_MAX_BYTES)
            return false;
        if (pattern.length > 0 && glob_matches(pattern, name)) {
            if (is_negated)
                return false;
            is_matched = true;
        }
        list.text = stop + 1;
    }
    return is_matched;
}

/* "|1|SALT|HASH": HASH is the HMAC-SHA-1 of the name under SALT, both in Base64. */
static bool hash_matches(struct span hashed, const char *name)
{
    static const char magic[] = "|1|";
    size_t prefix = strlen(magic);
    if (hashed.length <= prefix || memcmp(hashed.text, magic, prefix) != 0)
        return false;
    const char *salt = hashed.text + prefix;
    const char *bar = memchr(salt, '|', hashed.length - prefix);
    if (bar == NULL)
        return false;
    AUTO_RELEASE(buffer) struct buffer bytes = {0};
    uint8_t code[DIGEST_HMAC_SHA1_BYTES];
    if (!base64_decode(salt, (size_t)(bar - salt), &bytes) || bytes.length != SALT_BYTES)
        return false;
    digest_hmac_sha1(bytes.data, SALT_BYTES, name, strlen(name), code);
    buffer_clear(&bytes);
    const char *hash = bar + 1;
    return base64_decode(hash, (size_t)(hashed.text + hashed.length - hash), &bytes) &&
           bytes.length == sizeof(code) && memcmp(bytes.data, code, sizeof(code)) == 0;
}

static bool name_matches(struct span names, const char *name)
{
    return names.text[0] == '|' ? hash_matches(names, name) : list_matches(names, name);
}

/* ---- lines ---- */

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

/* Cut the next field off REST; its length is 0 at the end. */
static struct span next_field(struct span *rest)
{
    while (rest->length > 0 && is_blank(*rest->text)) {
        rest->text++;
        rest->length--;
    }
    struct span field = {rest->text, 0};
    while (field.length < rest->length && !is_blank(field.text[field.length]))
        field.length++;
    rest->text += field.length;
    rest->length -= field.length;
    return field;
}

static bool span_is(struct span span, const char *text)
{
    return span.length == strlen(text) && memcmp(span.text, text, span.length) == 0;
}

/* Markers may be separated by tabs, which OpenSSH does not take in every place: better one key too
 * many is revoked. */
static bool parse_marker(struct span marker, enum known_host_kind *ret_kind)
{
    *ret_kind = span_is(marker, "@revoked") ? KNOWN_HOST_REVOKED : KNOWN_HOST_AUTHORITY;
    return *ret_kind == KNOWN_HOST_REVOKED || span_is(marker, "@cert-authority");
}

/* The blob must begin with the very type that the line names. */
static bool parse_key(struct span type, struct span base64, struct buffer *blob)
{
    if (type.length == 0 || type.length > 255 || base64.length == 0 ||
        !base64_decode(base64.text, base64.length, blob) || blob->length < type.length + 4)
        return false;
    const char head[4] = {0, 0, 0, (char)type.length};
    return memcmp(blob->data, head, sizeof(head)) == 0 &&
           memcmp(blob->data + 4, type.text, type.length) == 0;
}

static void scan_line(struct known_host *known, struct span line,
                      const struct known_hosts_query *query)
{
    struct span names = next_field(&line);
    known->kind = KNOWN_HOST_KEY;
    if (names.length == 0 || names.text[0] == '#')
        return;
    if (names.text[0] == '@') {
        if (!parse_marker(names, &known->kind))
            return;
        names = next_field(&line);
    }
    if (names.length == 0 || !name_matches(names, query->name))
        return;
    struct span type = next_field(&line);
    AUTO_RELEASE(buffer) struct buffer blob = {0};
    if (!parse_key(type, next_field(&line), &blob))
        return;
    /* cppcheck-suppress autoVariables; the callee looks at it while it lasts */
    known->blob = &blob;
    query->function(query->context, known);
}

void known_hosts_scan(const char *file, const struct buffer *contents,
                      const struct known_hosts_query *query)
{
    struct known_host known = {.file = file, .line = 1};
    const char *end = contents->data + contents->length;
    for (const char *at = contents->data; at < end; known.line++) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        const char *stop = feed == NULL ? end : feed;
        struct span line = {at, (size_t)(stop - at)};
        if (line.length > 0 && line.text[line.length - 1] == '\r')
            line.length--;
        scan_line(&known, line, query);
        at = stop + 1;
    }
}

bool known_hosts_find(const struct strings *files, const struct known_hosts_query *query,
                      struct error *error)
{
    for (size_t i = 0; i < files->count; i++) {
        AUTO_RELEASE(buffer) struct buffer contents = {0};
        struct error problem = {0};
        if (file_read(files->items[i], FILE_MAX_BYTES, &contents, &problem)) {
            known_hosts_scan(files->items[i], &contents, query);
        } else if (problem.code != ERROR_NOT_FOUND) {
            *error = problem;
            return error_hint(error, "host keys are only decided on when every known_hosts file "
                                     "can be read");
        }
    }
    return true;
}
