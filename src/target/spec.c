/* SPDX-License-Identifier: Apache-2.0 */
#include "target/spec.h"

#include "base/buffer.h"
#include "hop.h"

#include <arpa/inet.h>
#include <ctype.h>

enum {
    USER_MAX_BYTES = 64,
    HOST_MAX_BYTES = 253, /* RFC 1035 section 2.3.4, without the dot at the end */
    NAME_MAX_BYTES = 63,
    PORT_MAX = 65535
};

static const char scheme[] = "ssh://", client_scheme[] = "openssh://";
static const char spec_hint[] = "expected local, ssh://[user@]host[:port] or a Host alias of "
                                "ssh_config, and hops like /docker:web behind it";

void target_spec_release(struct target_spec *spec)
{
    free(spec->user);
    free(spec->host);
    for (size_t i = 0; i < spec->hop_count; i++)
        free(spec->hops[i].value);
    *spec = (struct target_spec){0};
}

void target_spec_copy(const struct target_spec *spec, struct target_spec *ret_copy)
{
    *ret_copy = *spec;
    ret_copy->user = memory_copy_text(spec->user);
    ret_copy->host = memory_copy_text(spec->host);
    for (size_t i = 0; i < spec->hop_count; i++)
        ret_copy->hops[i].value = memory_copy_text(spec->hops[i].value);
}

static bool refuse(const char *text, const char *why, struct error *error)
{
    error_set(error, ERROR_USAGE, "'%.*s' is not a target: %s", 300, text, why);
    return error_hint(error, "%s", spec_hint);
}

/* ---- the parts ---- */

/* Letters and digits of ASCII, and EXTRA. The first one is a letter, a digit or '_'. */
static bool is_word(const char *text, size_t length, size_t max_length, const char *extra)
{
    if (length == 0 || length > max_length)
        return false;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        bool is_plain = byte < 0x80 && (isalnum(byte) || byte == '_');
        if (!is_plain && (i == 0 || byte == '\0' || strchr(extra, byte) == NULL))
            return false;
    }
    return true;
}

/* An IPv6 address with an optional zone (RFC 4007 section 11), without brackets. */
static bool is_ipv6(const char *text)
{
    struct in6_addr ignored;
    const char *zone = strchr(text, '%');
    AUTO_FREE char *address = memory_copy(text, strcspn(text, "%"));
    if (zone != NULL && !is_word(zone + 1, strlen(zone + 1), 32, ".-"))
        return false;
    return inet_pton(AF_INET6, address, &ignored) == 1;
}

/* Labels of a name: no empty one, none that begins or ends with a hyphen. */
static bool is_host_name(const char *text, size_t length)
{
    if (!is_word(text, length, HOST_MAX_BYTES, ".-") || strcspn(text, "-.") == 0)
        return false;
    for (size_t i = 0; i < length; i++) {
        bool ends_label = i + 1 == length || text[i + 1] == '.';
        if (text[i] == '.' && (i + 1 == length || text[i + 1] == '.' || text[i + 1] == '-'))
            return false;
        if (text[i] == '-' && ends_label)
            return false;
    }
    return true;
}

static bool parse_port(const char *text, int *ret_port)
{
    size_t length = strlen(text);
    if (length == 0 || length > 5 || strspn(text, "0123456789") != length || text[0] == '0')
        return false;
    long port = strtol(text, NULL, 10);
    *ret_port = (int)port;
    return port <= PORT_MAX;
}

/* "host", "host:port", "[address]" or "[address]:port". REST stands behind host. */
static bool split_host(const char *text, char **ret_host, const char **ret_rest)
{
    if (text[0] == '[') {
        const char *end = strchr(text, ']');
        if (end == NULL)
            return false;
        *ret_host = memory_copy(text + 1, (size_t)(end - text - 1));
        *ret_rest = end + 1;
        return is_ipv6(*ret_host);
    }
    size_t length = strcspn(text, ":");
    *ret_host = memory_copy(text, length);
    *ret_rest = text + length;
    return is_host_name(*ret_host, length);
}

/* ---- the whole ---- */

static bool parse_ssh(const char *text, const char *place, struct target_spec *spec,
                      struct error *error)
{
    const char *at = strrchr(place, '@');
    if (at != NULL) {
        spec->user = memory_copy(place, (size_t)(at - place));
        if (!is_word(spec->user, strlen(spec->user), USER_MAX_BYTES, ".-+@"))
            return refuse(text, "the user name has a character that cannot stand in one", error);
        place = at + 1;
    }
    const char *rest = NULL;
    if (!split_host(place, &spec->host, &rest))
        return refuse(text, "the host is neither a name nor an address", error);
    if (rest[0] == ':' && !parse_port(rest + 1, &spec->port))
        return refuse(text, "the port is not a number from 1 to 65535", error);
    if (rest[0] != ':' && rest[0] != '\0')
        return refuse(text, "something stands behind the host", error);
    return true;
}

static bool parse(const char *text, struct target_spec *spec, struct error *error)
{
    const char *next = text, *why = NULL;
    bool has_scheme = strncmp(text, scheme, strlen(scheme)) == 0;
    spec->by_client = strncmp(text, client_scheme, strlen(client_scheme)) == 0;
    if (has_scheme || spec->by_client)
        next += strlen(spec->by_client ? client_scheme : scheme);
    size_t length = strcspn(next, "/");
    AUTO_FREE char *place = memory_copy(next, length);
    bool is_local = next == text && strcmp(place, "local") == 0;
    spec->kind = is_local ? TARGET_LOCAL : TARGET_SSH;
    if (!is_local && !parse_ssh(text, place, spec, error))
        return false;
    return hops_parse(next + length, spec, &why) || refuse(text, why, error);
}

bool target_spec_parse(const char *text, struct target_spec *ret_spec, struct error *error)
{
    struct target_spec spec = {0};
    if (!parse(text, &spec, error)) {
        target_spec_release(&spec);
        return false;
    }
    *ret_spec = spec;
    return true;
}

static void append_place(const struct target_spec *spec, struct buffer *text)
{
    buffer_append_text(text, spec->by_client ? client_scheme : scheme);
    if (spec->user != NULL)
        buffer_append_format(text, "%s@", spec->user);
    bool is_address = strchr(spec->host, ':') != NULL;
    buffer_append_format(text, is_address ? "[%s]" : "%s", spec->host);
    if (spec->port != 0)
        buffer_append_format(text, ":%d", spec->port);
}

char *target_spec_text(const struct target_spec *spec)
{
    struct buffer text = {0};
    if (spec->kind == TARGET_LOCAL)
        buffer_append_text(&text, "local");
    else
        append_place(spec, &text);
    hops_append_text(spec, &text);
    return buffer_take(&text);
}

/* ---- names of targets ---- */

static bool is_name(const char *text)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    size_t length = strlen(text);
    return length > 0 && length <= NAME_MAX_BYTES && strspn(text, allowed) == length &&
           strchr("._-", text[0]) == NULL;
}

/* Letters, digits and . _ - of TEXT, in small; not NULL, perhaps "". */
static char *name_of(const char *text)
{
    while (*text != '\0' && !isalnum((unsigned char)*text))
        text++;
    char *name = memory_copy(text, strnlen(text, NAME_MAX_BYTES));
    for (char *byte = name; *byte != '\0'; byte++) {
        *byte = (char)tolower((unsigned char)*byte);
        if (!isalnum((unsigned char)*byte) && strchr("._-", *byte) == NULL)
            *byte = '-';
    }
    return name;
}

static char *name_of_host(const struct target_spec *spec)
{
    const char *host = spec->kind == TARGET_LOCAL ? "local" : spec->host;
    AUTO_FREE char *name = name_of(host);
    if (*name == '\0')
        return memory_copy_text("target");
    return *host == ':' ? memory_format("ip6-%.*s", NAME_MAX_BYTES - 4, name) : take(&name);
}

/* Of the host and of what its last hop with a name leads to: "sandbox7-web". */
static char *name_of_target(const struct target_spec *spec)
{
    AUTO_FREE char *host = name_of_host(spec);
    size_t last = spec->hop_count;
    while (last > 0 && spec->hops[last - 1].value[0] == '\0')
        last--;
    AUTO_FREE char *inside = last == 0 ? NULL : name_of(spec->hops[last - 1].value);
    if (inside == NULL || *inside == '\0')
        return take(&host);
    int most = NAME_MAX_BYTES / 2;
    return memory_format("%.*s-%.*s", most, host, most, inside);
}

/* The sign behind a name: what a target has before it has no place in a name. */
static const char *find_equals(const char *text)
{
    size_t length = strcspn(text, "=/:@ ");
    return text[length] == '=' ? text + length : NULL;
}

bool target_name_parse(const char *text, char **ret_name, char **ret_spec, struct error *error)
{
    AUTO_RELEASE(target_spec) struct target_spec spec = {0};
    const char *equals = find_equals(text);
    AUTO_FREE char *name = equals == NULL ? NULL : memory_copy(text, (size_t)(equals - text));
    if (name != NULL && !is_name(name)) {
        error_set(error, ERROR_USAGE, "'%.*s' is not a name of a target", 300, name);
        return error_hint(error,
                          "a name has up to %d characters of a-z 0-9 . _ - and begins "
                          "with a letter or a digit",
                          NAME_MAX_BYTES);
    }
    if (!target_spec_parse(equals == NULL ? text : equals + 1, &spec, error))
        return false;
    *ret_name = name == NULL ? name_of_target(&spec) : take(&name);
    *ret_spec = target_spec_text(&spec);
    return true;
}
