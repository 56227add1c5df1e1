/* SPDX-License-Identifier: Apache-2.0 */
#include "sight.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_MAX = 16000, LINE_MAX_BYTES = 4096 };

void sight_release(struct sight *sight)
{
    for (size_t i = 0; i < sight->inet_count; i++)
        free(sight->inets[i].inode);
    for (size_t i = 0; i < sight->unix_count; i++) {
        free(sight->unixes[i].path);
        free(sight->unixes[i].inode);
    }
    for (size_t i = 0; i < sight->owner_count; i++) {
        free(sight->owners[i].inode);
        free(sight->owners[i].process);
    }
    for (size_t i = 0; i < sight->mount_count; i++) {
        free(sight->mounts[i].device);
        free(sight->mounts[i].root);
        free(sight->mounts[i].point);
        free(sight->mounts[i].type);
        free(sight->mounts[i].source);
    }
    for (size_t i = 0; i < sight->node_count; i++) {
        free(sight->nodes[i].mode);
        free(sight->nodes[i].owner);
        free(sight->nodes[i].path);
    }
    free(sight->boot);
    free(sight->inets);
    free(sight->unixes);
    free(sight->owners);
    free(sight->mounts);
    free(sight->nodes);
    strings_release(&sight->namespaces);
    strings_release(&sight->addresses);
    strings_release(&sight->writable);
    strings_release(&sight->missing);
    strings_release(&sight->more);
    *sight = (struct sight){0};
}

const char *sight_owner(const struct sight *sight, const char *inode)
{
    for (size_t i = 0; i < sight->owner_count; i++)
        if (strcmp(sight->owners[i].inode, inode) == 0)
            return sight->owners[i].process;
    return "";
}

bool sight_is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

/* --- words --- */

/* The words of a line between spaces. The last of them holds the rest. */
enum { WORDS_MAX = 40 };
struct words {
    char *text;
    char *items[WORDS_MAX];
    size_t count;
};

static void words_release(struct words *words)
{
    free(words->text);
}

static void words_split(const char *line, size_t most, struct words *ret_words)
{
    *ret_words = (struct words){.text = memory_copy_text(line)};
    char *at = ret_words->text + strspn(ret_words->text, " ");
    while (*at != '\0' && ret_words->count < most) {
        ret_words->items[ret_words->count++] = at;
        if (ret_words->count == most)
            return;
        at += strcspn(at, " ");
        if (*at != '\0')
            *at++ = '\0';
        at += strspn(at, " ");
    }
}

/* What the kernel writes as "\040" (proc(5)). */
static char *unescape(const char *text)
{
    char *plain = memory_copy_text(text), *to = plain;
    for (const char *at = text; *at != '\0'; at++) {
        bool is_octal = at[0] == '\\' && strspn(at + 1, "01234567") >= 3 && at[1] <= '1' &&
                        strncmp(at + 1, "000", 3) != 0;
        *to++ = is_octal ? (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0')) : *at;
        at += is_octal ? 3 : 0;
    }
    *to = '\0';
    return plain;
}

/* --- addresses --- */

/* "0100007F:0016" or "fe80...": words of 32 bits in the byte order of the host. */
static bool read_address(const char *text, bool is_swapped, char address[INET6_ADDRSTRLEN],
                         int *ret_family)
{
    static const unsigned char mapped[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    unsigned char bytes[16];
    size_t length = strspn(text, "0123456789ABCDEFabcdef") / 2;
    if ((length != 4 && length != 16) || (text[2 * length] != '\0' && text[2 * length] != ':'))
        return false;
    for (size_t i = 0; i < length; i++) {
        const char pair[] = {text[2 * i], text[2 * i + 1], '\0'};
        bytes[is_swapped ? i ^ 3 : i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    bool is_mapped = length == 16 && memcmp(bytes, mapped, sizeof(mapped)) == 0;
    *ret_family = length == 4 || is_mapped ? 4 : 6;
    return inet_ntop(*ret_family == 4 ? AF_INET : AF_INET6,
                     is_mapped ? bytes + sizeof(mapped) : bytes, address, INET6_ADDRSTRLEN) != NULL;
}

static bool read_place(const char *text, const struct sight *sight, char address[INET6_ADDRSTRLEN],
                       int *ret_family, int *ret_port)
{
    const char *colon = strchr(text, ':');
    if (colon == NULL || strlen(colon) != 5 || strspn(colon + 1, "0123456789ABCDEFabcdef") != 4)
        return false;
    *ret_port = (int)strtoul(colon + 1, NULL, 16);
    return read_address(text, !sight->is_big_endian, address, ret_family);
}

/* --- lines --- */

/* "0100007F:0016 00000000:0000 0A 0 1234" */
static void read_inet(struct sight *sight, const char *rest, bool is_udp)
{
    AUTO_RELEASE(words) struct words words = {0};
    struct sight_inet inet = {.is_udp = is_udp};
    int family;
    words_split(rest, 6, &words);
    if (words.count != 5 ||
        !read_place(words.items[0], sight, inet.here, &inet.family, &inet.here_port) ||
        !read_place(words.items[1], sight, inet.there, &family, &inet.there_port))
        return;
    inet.is_connected = strcmp(words.items[2], "01") == 0;
    inet.inode = memory_copy_text(words.items[4]);
    *array_push(sight->inets, sight->inet_count) = inet;
}

/* "0001 01 00010000 1234 /run/x": a stream that listens, or a socket for datagrams, or an end of a
 * connection. */
static void read_unix(struct sight *sight, const char *rest)
{
    AUTO_RELEASE(words) struct words words = {0};
    words_split(rest, 5, &words);
    if (words.count != 5)
        return;
    bool accepts = strcmp(words.items[2], "00010000") == 0;
    *array_push(sight->unixes, sight->unix_count) =
        (struct sight_unix){.path = memory_copy_text(words.items[4]),
                            .is_listening = accepts || strcmp(words.items[0], "0002") == 0,
                            .inode = memory_copy_text(words.items[3])};
}

static void read_owner(struct sight *sight, const char *rest)
{
    AUTO_RELEASE(words) struct words words = {0};
    words_split(rest, 3, &words);
    if (words.count < 2)
        return;
    *array_push(sight->owners, sight->owner_count) = (struct sight_owner){
        .inode = memory_copy_text(words.items[0]),
        .process = memory_format("%s[%s]", words.count > 2 ? words.items[2] : "?", words.items[1])};
}

static bool has_option(const char *options, const char *option)
{
    AUTO_RELEASE(strings) struct strings list = {0};
    strings_split(&list, options, ',');
    return strings_contains(&list, option);
}

/* "36 35 98:0 /root /point rw,noatime master:1 - ext4 /dev/x rw" */
static void read_mount(struct sight *sight, const char *rest)
{
    AUTO_RELEASE(words) struct words words = {0};
    size_t dash = 6;
    words_split(rest, WORDS_MAX, &words);
    while (dash < words.count && strcmp(words.items[dash], "-") != 0)
        dash++;
    if (dash + 3 >= words.count)
        return;
    *array_push(sight->mounts, sight->mount_count) = (struct sight_mount){
        .device = memory_copy_text(words.items[2]),
        .root = unescape(words.items[3]),
        .point = unescape(words.items[4]),
        .type = memory_copy_text(words.items[dash + 1]),
        .source = unescape(words.items[dash + 2]),
        .is_writable = has_option(words.items[5], "rw") && has_option(words.items[dash + 3], "rw")};
}

/* "srw-rw---- 1 0 999 0 Nov 28 08:24 /run/docker.sock", as POSIX says of ls -l. */
static void read_node(struct sight *sight, const char *rest)
{
    AUTO_RELEASE(words) struct words words = {0};
    const char *path = strstr(rest, " /");
    words_split(rest, 5, &words);
    if (path == NULL || words.count < 4 || strlen(words.items[0]) < 10 ||
        strchr("scb", words.items[0][0]) == NULL)
        return;
    *array_push(sight->nodes, sight->node_count) =
        (struct sight_node){.kind = words.items[0][0],
                            .mode = memory_copy(words.items[0], 10),
                            .owner = memory_format("%s:%s", words.items[2], words.items[3]),
                            .path = memory_copy_text(path + 1),
                            .is_for_all = words.items[0][8] == 'w'};
}

static void add_address(struct sight *sight, const char *text)
{
    bool is_useful = !sight_is_loopback(text) && strncmp(text, "fe80:", 5) != 0;
    if (is_useful && !strings_contains(&sight->addresses, text))
        strings_push(&sight->addresses, text);
}

static void read_own_address(struct sight *sight, const char *kind, const char *rest)
{
    char address[INET6_ADDRSTRLEN];
    int family;
    if (strcmp(kind, "address4") == 0 && inet_pton(AF_INET, rest, &(struct in_addr){0}) == 1)
        add_address(sight, rest);
    else if (strcmp(kind, "address6") == 0 && read_address(rest, false, address, &family))
        add_address(sight, address);
}

static void read_socket(struct sight *sight, const char *kind, const char *rest)
{
    if (strcmp(kind, "tcp4") == 0 || strcmp(kind, "tcp6") == 0)
        read_inet(sight, rest, false);
    else if (strcmp(kind, "udp4") == 0 || strcmp(kind, "udp6") == 0)
        read_inet(sight, rest, true);
    else if (strcmp(kind, "unix") == 0)
        read_unix(sight, rest);
    else if (strcmp(kind, "owner") == 0)
        read_owner(sight, rest);
    else
        read_own_address(sight, kind, rest);
}

static void read_line(struct sight *sight, const char *line)
{
    size_t length = strcspn(line, " ");
    AUTO_FREE char *kind = memory_copy(line, length);
    const char *rest = line + length + (line[length] == ' ');
    const struct {
        const char *kind;
        struct strings *list;
    } lists[] = {{"namespace", &sight->namespaces},
                 {"may-write", &sight->writable},
                 {"missing", &sight->missing},
                 {"more", &sight->more}};
    for (size_t i = 0; i < LENGTH(lists); i++)
        if (strcmp(kind, lists[i].kind) == 0) {
            strings_push(lists[i].list, rest);
            return;
        }
    if (strcmp(kind, "boot") == 0 && *sight->boot == '\0') {
        free(sight->boot);
        sight->boot = memory_copy_text(rest);
    } else if (strcmp(kind, "order") == 0)
        sight->is_big_endian = strcmp(rest, "big") == 0;
    else if (strcmp(kind, "end") == 0)
        sight->is_complete = true;
    else if (strcmp(kind, "mount") == 0)
        read_mount(sight, rest);
    else if (strcmp(kind, "node") == 0)
        read_node(sight, rest);
    else
        read_socket(sight, kind, rest);
}

void sight_read(const char *text, struct sight *ret_sight)
{
    size_t count = 0;
    *ret_sight = (struct sight){.boot = memory_copy_text("")};
    for (const char *at = text; *at != '\0' && count < LINES_MAX; count++) {
        size_t length = strcspn(at, "\n");
        AUTO_FREE char *line = memory_copy(at, length < LINE_MAX_BYTES ? length : LINE_MAX_BYTES);
        read_line(ret_sight, line);
        at += length + (at[length] == '\n');
    }
}
