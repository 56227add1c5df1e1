/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/flow_rule.h"

#include "base/array.h"

#include <arpa/inet.h>
#include <string.h>

enum { PORT_MAX = 65535, HOST_NAME_MAX_BYTES = 253, PART_MAX_BYTES = 255 };

static const struct {
    const char *text;
    int family;
    bool is_udp;
} protocols[] = {
#define X(name, text, family, is_udp) {text, family, is_udp},
    FLOW_PROTOCOLS(X)
#undef X
};

const char *flow_protocol_text(enum flow_protocol protocol)
{
    return protocols[protocol].text;
}

int flow_protocol_family(enum flow_protocol protocol)
{
    return protocols[protocol].family;
}

bool flow_protocol_is_udp(enum flow_protocol protocol)
{
    return protocols[protocol].is_udp;
}

bool flow_protocol_parse(const char *text, enum flow_protocol *ret_protocol)
{
    for (size_t i = 0; i < LENGTH(protocols); i++)
        if (strcmp(protocols[i].text, text) == 0) {
            *ret_protocol = (enum flow_protocol)i;
            return true;
        }
    return false;
}

const char *flow_word_ports(const char *word)
{
    static const char *const words[][2] = {
#define X(word, ports) {word, ports},
        FLOW_WORDS(X)
#undef X
    };
    for (size_t i = 0; i < LENGTH(words); i++)
        if (strcmp(words[i][0], word) == 0)
            return words[i][1];
    return NULL;
}

int flow_address_family(const char *text)
{
    struct in6_addr address;
    if (inet_pton(AF_INET, text, &address) == 1)
        return 4;
    return inet_pton(AF_INET6, text, &address) == 1 ? 6 : 0;
}

bool flow_is_host_name(const char *text)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
    size_t length = strlen(text);
    return length > 0 && length <= HOST_NAME_MAX_BYTES && strspn(text, letters) == length &&
           text[0] != '-' && text[0] != '.';
}

/* --- ports --- */

/* 1 to 65535 at *TEXT, which then points behind it; 0: there is none. */
static int read_port(const char **text)
{
    int port = 0;
    for (; **text >= '0' && **text <= '9' && port <= PORT_MAX; ++*text)
        port = port * 10 + **text - '0';
    return port <= PORT_MAX ? port : 0;
}

static bool add_range(const char *part, struct flow_ports *ports, struct error *error)
{
    const char *rest = part;
    struct flow_range range = {.first = read_port(&rest)};
    range.last = range.first;
    if (*rest == '-') {
        rest++;
        range.last = read_port(&rest);
    }
    if (*rest != '\0' || range.first == 0 || range.last == 0)
        return error_set(error, ERROR_INVALID,
                         "'%s' is no port: a number from 1 to 65535, or two with '-' between",
                         part);
    if (range.last < range.first)
        return error_set(error, ERROR_INVALID, "the range '%s' ends before it begins", part);
    ports->total += (size_t)(range.last - range.first + 1);
    if (ports->range_count == FLOW_RANGES_MAX || ports->total > FLOW_PORTS_MAX)
        return error_set(error, ERROR_INVALID, "a rule has at most %d ports in %d ranges",
                         FLOW_PORTS_MAX, FLOW_RANGES_MAX);
    ports->ranges[ports->range_count++] = range;
    return true;
}

bool flow_ports_parse(const char *text, struct flow_ports *ret_ports, struct error *error)
{
    AUTO_RELEASE(strings) struct strings parts = {0};
    struct flow_ports ports = {0};
    strings_split(&parts, text, ',');
    for (size_t i = 0; i < parts.count; i++)
        if (!add_range(parts.items[i], &ports, error))
            return false;
    *ret_ports = ports;
    return true;
}

/* --- a rule --- */

void flow_rule_release(struct flow_rule *rule)
{
    free(rule->from);
    free(rule->to);
    free(rule->ports);
    *rule = (struct flow_rule){0};
}

/* "TO:PORTS", "[ADDRESS]:PORTS", or TO alone; without the protocol. Cuts TEXT up. */
static bool split_destination(char *text, char **ret_to, char **ret_ports, struct error *error)
{
    char *colon = strrchr(text, ':');
    *ret_to = text;
    *ret_ports = NULL;
    if (text[0] == '[') {
        char *end = strchr(text, ']');
        if (end == NULL || (end[1] != '\0' && end[1] != ':'))
            return error_set(error, ERROR_INVALID, "'%s' is no address in brackets and its ports",
                             text);
        *ret_to = text + 1;
        *ret_ports = end[1] == ':' ? end + 2 : NULL;
        *end = '\0';
        return flow_address_family(*ret_to) == 6 ||
               error_set(error, ERROR_INVALID, "'%s' is no IPv6 address", *ret_to);
    }
    if (colon != NULL && strchr(text, ':') != colon)
        return error_set(error, ERROR_INVALID,
                         "an IPv6 address stands in brackets: '[fd00::1]:443', not '%s'", text);
    if (colon != NULL) {
        *colon = '\0';
        *ret_ports = colon + 1;
    }
    return true;
}

static bool read_destination(char *text, struct flow_rule *rule, struct error *error)
{
    struct flow_ports ports;
    char *to, *list, *slash = strchr(text, '/');
    if (slash != NULL)
        *slash = '\0';
    if (slash != NULL && !flow_protocol_parse(slash + 1, &rule->protocol))
        return error_set(error, ERROR_INVALID,
                         "'%s' is no protocol: tcp, udp, or one of them with 4 or 6 behind it",
                         slash + 1);
    if (!split_destination(text, &to, &list, error))
        return false;
    const char *used = list != NULL ? list : flow_word_ports(to);
    if (used == NULL)
        return error_set(error, ERROR_INVALID, "'%s' needs a port: '%s:443/tcp'", to, to);
    if (!flow_ports_parse(used, &ports, error))
        return false;
    rule->to = memory_copy_text(to);
    rule->ports = memory_copy_text(used);
    return true;
}

/* The words of TEXT, without the blanks between them. */
static void split_words(const char *text, struct strings *words)
{
    while (*text != '\0') {
        size_t length = strcspn(text, " \t");
        if (length > 0)
            strings_push_length(words, text, length);
        text += length;
        text += strspn(text, " \t");
    }
}

bool flow_rule_parse(const char *text, struct flow_rule *ret_rule, struct error *error)
{
    AUTO_RELEASE(strings) struct strings words = {0};
    struct flow_rule rule = {0};
    split_words(text, &words);
    if (words.count != 4 || strcmp(words.items[1], "->") != 0)
        return error_set(error, ERROR_INVALID,
                         "a flow is written 'FROM -> TO:PORT/PROTOCOL allow' or '... deny'");
    rule.is_allowed = strcmp(words.items[3], "allow") == 0;
    if (!rule.is_allowed && strcmp(words.items[3], "deny") != 0)
        return error_set(error, ERROR_INVALID, "a flow ends with 'allow' or 'deny', not with '%s'",
                         words.items[3]);
    if (strlen(words.items[0]) > PART_MAX_BYTES || strlen(words.items[2]) > PART_MAX_BYTES)
        return error_set(error, ERROR_INVALID, "a part of a flow has at most %d bytes",
                         PART_MAX_BYTES);
    if (!read_destination(words.items[2], &rule, error)) {
        flow_rule_release(&rule);
        return false;
    }
    rule.from = memory_copy_text(words.items[0]);
    *ret_rule = rule;
    return true;
}
