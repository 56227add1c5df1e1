/* SPDX-License-Identifier: Apache-2.0 */
#include "hop.h"

#include <ctype.h>

enum { VALUE_MAX_BYTES = 1024, NAME_MAX_BYTES = 253, PARTS_MAX = 3 };

/* What may stand behind the colon. */
enum grammar { NOTHING, NAME, NAMES, NUMBER, PATH, WORDS };

static const char *const kind_texts[] = {
#define X(name, text, value) [TARGET_HOP_##name] = (text),
    TARGET_HOPS(X)
#undef X
};

static const enum grammar grammars[] = {
    [TARGET_HOP_DOCKER] = NAME,    [TARGET_HOP_PODMAN] = NAME,   [TARGET_HOP_NERDCTL] = NAME,
    [TARGET_HOP_CRICTL] = NAME,    [TARGET_HOP_KUBECTL] = NAMES, [TARGET_HOP_LXC] = NAME,
    [TARGET_HOP_LXD] = NAME,       [TARGET_HOP_INCUS] = NAME,    [TARGET_HOP_MACHINECTL] = NAME,
    [TARGET_HOP_NSENTER] = NUMBER, [TARGET_HOP_CHROOT] = PATH,   [TARGET_HOP_EXEC] = WORDS,
    [TARGET_HOP_SUDO] = NOTHING,   [TARGET_HOP_DOAS] = NOTHING,
};

/* "%" stands for the value; those that are not here are not as simple. */
static const char *const prefixes[LENGTH(kind_texts)] = {
    [TARGET_HOP_DOCKER] = "docker exec -i %",
    [TARGET_HOP_PODMAN] = "podman exec -i %",
    [TARGET_HOP_NERDCTL] = "nerdctl exec -i %",
    [TARGET_HOP_CRICTL] = "crictl exec -i %",
    [TARGET_HOP_LXC] = "lxc-attach --clear-env -n % --",
    [TARGET_HOP_NSENTER] = "nsenter -a -t % --",
    [TARGET_HOP_CHROOT] = "chroot %",
    [TARGET_HOP_SUDO] = "sudo -n --",
    [TARGET_HOP_DOAS] = "doas -n --",
};

/* machinectl(1) starts shells on a terminal only, which alters the bytes. The leader of a virtual
 * machine is a process of the host. */
static const char enter_machine[] =
    "class=$(machinectl show --property=Class --value -- \"$1\") || exit; "
    "test \"$class\" = container || "
    "{ echo \"$1 is no container but of the class $class: review it over SSH\" >&2; exit 1; }; "
    "leader=$(machinectl show --property=Leader --value -- \"$1\") && shift && "
    "exec nsenter -a -t \"$leader\" -- \"$@\"";

/* A client without a configuration would write one and greet its new user, but not when it is told
 * to ask the daemon of its own machine, whom it would ask in any case. */
static const char enter_lxd[] = "test -e \"${LXD_CONF:-$HOME/.config/lxc}/config.yml\" || "
                                "set -- --force-local \"$@\"; exec lxc exec -T \"$@\"";
static const char enter_incus[] = "test -e \"${INCUS_CONF:-$HOME/.config/incus}/config.yml\" || "
                                  "set -- --force-local \"$@\"; exec incus exec -T \"$@\"";

const char *target_hop_text(enum target_hop_kind kind)
{
    return kind_texts[kind];
}

/* ---- reading ---- */

/* The kind whose name stands at TEXT as a hop's: "docker:" or "sudo" before "/" or the end. */
static bool find_kind(const char *text, enum target_hop_kind *ret_kind, size_t *ret_length)
{
    size_t length = strcspn(text, ":/");
    for (size_t i = 0; i < LENGTH(kind_texts); i++) {
        bool wants_value = grammars[i] != NOTHING;
        if (strlen(kind_texts[i]) != length || memcmp(kind_texts[i], text, length) != 0 ||
            (text[length] == ':') != wants_value)
            continue;
        *ret_kind = (enum target_hop_kind)i;
        *ret_length = length + (wants_value ? 1 : 0);
        return true;
    }
    return false;
}

static bool begins_hop(const char *text)
{
    enum target_hop_kind kind;
    size_t length;
    return text[0] == '/' && find_kind(text + 1, &kind, &length);
}

/* Only a path and words may hold slashes. */
static size_t value_length(const char *text, enum grammar grammar)
{
    size_t length = strcspn(text, "/");
    while ((grammar == PATH || grammar == WORDS) && text[length] == '/' &&
           !begins_hop(text + length))
        length += 1 + strcspn(text + length + 1, "/");
    return length;
}

static int hex_value(char digit)
{
    return digit >= '0' && digit <= '9'   ? digit - '0'
           : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
           : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
                                          : -1;
}

/* Undo %XX (RFC 3986 section 2.1); NULL where it is broken. */
static char *decode(const char *text, size_t length)
{
    AUTO_FREE char *value = memory_copy(text, length);
    char *end = value;
    for (const char *next = value; *next != '\0'; next++) {
        *end = *next;
        if (*next == '%') {
            int high = hex_value(next[1]);
            int low = high < 0 ? -1 : hex_value(next[2]);
            if (low < 0 || high * 16 + low == 0)
                return NULL;
            *end = (char)(high * 16 + low);
            next += 2;
        }
        end++;
    }
    *end = '\0';
    return take(&value);
}

static bool is_name(const char *text, size_t length)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    return length > 0 && length <= NAME_MAX_BYTES && strspn(text, allowed) >= length &&
           strchr(".-", text[0]) == NULL;
}

static bool are_names(const char *text)
{
    size_t count = 0;
    for (;; text++) {
        size_t length = strcspn(text, ":");
        if (!is_name(text, length) || ++count > PARTS_MAX)
            return false;
        text += length;
        if (*text == '\0')
            return true;
    }
}

/* Printable ASCII that every login shell takes as it is between single quotes. */
static bool is_quotable(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~' || strchr("'\\!", *text) != NULL)
            return false;
    }
    return true;
}

static bool is_path(const char *text)
{
    return text[0] == '/' && is_quotable(text) && strstr(text, "/../") == NULL &&
           (strlen(text) < 3 || strcmp(text + strlen(text) - 3, "/..") != 0);
}

static bool is_good(enum grammar grammar, const char *value)
{
    if (strlen(value) > VALUE_MAX_BYTES)
        return false;
    switch (grammar) {
    case NOTHING:
        return *value == '\0';
    case NAME:
        return is_name(value, strlen(value));
    case NAMES:
        return are_names(value);
    case NUMBER:
        return strlen(value) <= 10 && value[0] >= '1' && value[0] <= '9' &&
               strspn(value, "0123456789") == strlen(value);
    case PATH:
        return is_path(value);
    case WORDS:
        return is_quotable(value) && strchr(" -", value[0]) == NULL && value[0] != '\0';
    }
    return false;
}

static const char *complaint_about(enum grammar grammar)
{
    return grammar == NUMBER  ? "behind nsenter: stands the number of a process"
           : grammar == PATH  ? "behind chroot: stands an absolute folder without .. ' \\ or !"
           : grammar == WORDS ? "behind exec: stand words without control characters, ' \\ or !"
           : grammar == NAMES ? "behind kubectl: stands [NAMESPACE:]POD[:CONTAINER]"
                              : "a hop's name has letters, digits and _ . - and begins with none "
                                "of . -";
}

static bool parse_one(const char **text, struct target_spec *spec, const char **ret_why)
{
    struct target_hop hop = {0};
    size_t length = 0;
    if (!find_kind(*text, &hop.kind, &length)) {
        *ret_why = "a hop is one of docker: podman: nerdctl: crictl: kubectl: lxc: lxd: incus: "
                   "machinectl: nsenter: chroot: exec: sudo doas";
        return false;
    }
    enum grammar grammar = grammars[hop.kind];
    *text += length;
    length = value_length(*text, grammar);
    hop.value =
        grammar == PATH || grammar == WORDS ? decode(*text, length) : memory_copy(*text, length);
    if (hop.value == NULL || !is_good(grammar, hop.value)) {
        free(hop.value);
        *ret_why = complaint_about(grammar);
        return false;
    }
    spec->hops[spec->hop_count++] = hop;
    *text += length;
    return true;
}

bool hops_parse(const char *text, struct target_spec *spec, const char **ret_why)
{
    while (*text == '/') {
        text++;
        if (spec->hop_count == TARGET_HOPS_MAX) {
            *ret_why = "it has too many hops";
            return false;
        }
        if (!parse_one(&text, spec, ret_why))
            return false;
    }
    *ret_why = "something stands behind a hop";
    return *text == '\0';
}

/* ---- writing ---- */

void hops_append_text(const struct target_spec *spec, struct buffer *text)
{
    for (size_t i = 0; i < spec->hop_count; i++) {
        const struct target_hop *hop = &spec->hops[i];
        bool is_free = grammars[hop->kind] == PATH || grammars[hop->kind] == WORDS;
        buffer_append_format(text, "/%s%s", kind_texts[hop->kind],
                             grammars[hop->kind] == NOTHING ? "" : ":");
        for (const char *next = hop->value; *next != '\0'; next++) {
            if (is_free && (*next == '%' || begins_hop(next)))
                buffer_append_format(text, "%%%02X", (unsigned)*next);
            else
                buffer_append_byte(text, *next);
        }
    }
}

/* ---- the view from outside ---- */

/* Rights are no sandbox: "sudo" behind a container goes with it. */
size_t target_outside(const struct target_spec *spec)
{
    for (size_t i = spec->hop_count; i > 0; i--) {
        if (grammars[spec->hops[i - 1].kind] != NOTHING)
            return spec->hop_count - i + 1;
    }
    return 0;
}

const struct target_hop *target_outside_hop(const struct target_spec *spec, size_t outside)
{
    return outside > 0 && outside <= spec->hop_count ? &spec->hops[spec->hop_count - outside]
                                                     : NULL;
}

const char *target_obstacle(const struct target_spec *spec)
{
    return target_outside(spec) == 0
               ? NULL
               : "the reviewer's machine does not reach into a sandbox: review its host from there";
}

/* ---- the words ---- */

static void push_words(struct strings *words, const char *line, const char *value)
{
    AUTO_RELEASE(strings) struct strings parts = {0};
    strings_split(&parts, line, ' ');
    for (size_t i = 0; i < parts.count; i++) {
        if (parts.items[i][0] != '\0')
            strings_push(words, strcmp(parts.items[i], "%") == 0 ? value : parts.items[i]);
    }
}

static void push_kubectl(struct strings *words, const char *value)
{
    AUTO_RELEASE(strings) struct strings parts = {0};
    strings_split(&parts, value, ':');
    const char *namespace = parts.count > 1 ? parts.items[0] : NULL;
    const char *pod = parts.items[parts.count > 1 ? 1 : 0];
    push_words(words, "kubectl exec -i", NULL);
    if (namespace != NULL)
        push_words(words, "-n %", namespace);
    strings_push(words, pod);
    if (parts.count > 2)
        push_words(words, "-c %", parts.items[2]);
    strings_push(words, "--");
}

static void push_script(struct strings *words, const char *script, const char *rest,
                        const char *value)
{
    push_words(words, "/bin/sh -c", NULL);
    strings_push(words, script);
    push_words(words, rest, value);
}

void target_shell_words(const struct target_spec *spec, size_t hops, struct strings *ret_words)
{
    for (size_t i = 0; i < hops && i < spec->hop_count; i++) {
        const struct target_hop *hop = &spec->hops[i];
        if (hop->kind == TARGET_HOP_KUBECTL)
            push_kubectl(ret_words, hop->value);
        else if (hop->kind == TARGET_HOP_MACHINECTL)
            push_script(ret_words, enter_machine, "sh %", hop->value);
        else if (hop->kind == TARGET_HOP_LXD)
            push_script(ret_words, enter_lxd, "sh % --", hop->value);
        else if (hop->kind == TARGET_HOP_INCUS)
            push_script(ret_words, enter_incus, "sh % --", hop->value);
        else if (hop->kind == TARGET_HOP_EXEC)
            push_words(ret_words, hop->value, NULL);
        else
            push_words(ret_words, prefixes[hop->kind], hop->value);
    }
    push_words(ret_words, "/bin/sh -s", NULL);
}

char *target_shell_line(const struct target_spec *spec, size_t hops)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "/._:@%+,-";
    AUTO_RELEASE(strings) struct strings words = {0};
    struct buffer line = {0};
    target_shell_words(spec, hops, &words);
    buffer_append_text(&line, "exec");
    for (size_t i = 0; i < words.count; i++) {
        bool is_plain = strspn(words.items[i], plain) == strlen(words.items[i]);
        buffer_append_format(&line, is_plain ? " %s" : " '%s'", words.items[i]);
    }
    return buffer_take(&line);
}
