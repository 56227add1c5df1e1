/* SPDX-License-Identifier: Apache-2.0 */
/* Values of an operating system: file modes and network addresses. */
#include "checklist/value.h"

#include <arpa/inet.h>
#include <string.h>

enum { MODE_TEXT_BYTES = 10, ADDRESS_BYTES = 16, IPV4_PREFIX_BITS = 96 };

static bool parse_octal(const char *text, unsigned *ret_bits)
{
    unsigned bits = 0;
    size_t length = strlen(text);
    if (length < 3 || length > 5 || strspn(text, "01234567") != length)
        return false;
    for (; *text != '\0'; text++)
        bits = bits * 8 + (unsigned)(*text - '0');
    *ret_bits = bits;
    return bits <= 07777;
}

/* One "rwx" of the three; the last letter may tell of setuid, setgid or sticky too. */
static bool parse_triple(const char *text, char special, unsigned *bits, bool *has_special)
{
    *bits = *bits * 8 + (text[0] == 'r' ? 4 : 0) + (text[1] == 'w' ? 2 : 0);
    *has_special = text[2] == special || text[2] == special - 'a' + 'A';
    if (text[2] == 'x' || text[2] == special)
        *bits += 1;
    return strchr("r-", text[0]) && strchr("w-", text[1]) &&
           (*has_special || strchr("x-", text[2]));
}

static bool parse_symbolic(const char *text, unsigned *ret_bits)
{
    static const char specials[] = {'s', 's', 't'};
    unsigned bits = 0, special_bits = 0;
    size_t length = strlen(text);
    if (length < MODE_TEXT_BYTES || length > MODE_TEXT_BYTES + 1 ||
        strchr("-dlcbps", text[0]) == NULL ||
        (length > MODE_TEXT_BYTES && strchr("+.@", text[MODE_TEXT_BYTES]) == NULL))
        return false;
    for (size_t i = 0; i < LENGTH(specials); i++) {
        bool has_special;
        if (!parse_triple(text + 1 + 3 * i, specials[i], &bits, &has_special))
            return false;
        special_bits = special_bits * 2 + has_special;
    }
    *ret_bits = special_bits * 01000 + bits;
    return true;
}

bool mode_parse(const char *text, unsigned *ret_bits)
{
    return parse_octal(text, ret_bits) || parse_symbolic(text, ret_bits);
}

bool mode_is_valid(const char *text)
{
    unsigned bits;
    return mode_parse(text, &bits);
}

/* As IPv6; an IPv4 address behind ::ffff:. */
static bool parse_address(const char *text, unsigned char ret_bytes[ADDRESS_BYTES], bool *ret_is_4)
{
    static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    char copy[INET6_ADDRSTRLEN];
    size_t start = text[0] == '[', length = strlen(text);
    if (start) {
        if (text[length - 1] != ']')
            return false;
        length -= 2;
    }
    size_t zone = strcspn(text + start, "%");
    if (zone < length)
        length = zone;
    if (length >= sizeof(copy))
        return false;
    memcpy(copy, text + start, length);
    copy[length] = '\0';
    memcpy(ret_bytes, mapped, sizeof(mapped));
    *ret_is_4 = inet_pton(AF_INET, copy, ret_bytes + sizeof(mapped)) == 1;
    return *ret_is_4 || inet_pton(AF_INET6, copy, ret_bytes) == 1;
}

static bool parse_network(const char *text, unsigned char ret_bytes[ADDRESS_BYTES], int *ret_bits)
{
    bool is_4;
    const char *slash = strchr(text, '/');
    AUTO_FREE char *address = memory_copy(text, slash ? (size_t)(slash - text) : strlen(text));
    if (address[0] == '\0' || !parse_address(address, ret_bytes, &is_4))
        return false;
    int most = is_4 ? 32 : 128, bits = most;
    if (slash != NULL) {
        size_t digits = strspn(slash + 1, "0123456789");
        if (digits == 0 || digits > 3 || slash[1 + digits] != '\0')
            return false;
        bits = (int)strtol(slash + 1, NULL, 10);
    }
    *ret_bits = bits + (is_4 ? IPV4_PREFIX_BITS : 0);
    return bits <= most;
}

bool network_is_valid(const char *text)
{
    unsigned char bytes[ADDRESS_BYTES];
    int bits;
    return parse_network(text, bytes, &bits);
}

bool address_is_valid(const char *text)
{
    unsigned char bytes[ADDRESS_BYTES];
    bool is_4;
    return text[0] != '\0' && parse_address(text, bytes, &is_4);
}

bool network_contains(const char *network, const char *address)
{
    unsigned char prefix[ADDRESS_BYTES], bytes[ADDRESS_BYTES];
    int bits;
    bool is_4;
    if (!parse_network(network, prefix, &bits) || !parse_address(address, bytes, &is_4))
        return false;
    size_t whole = (size_t)bits / 8;
    unsigned rest = (unsigned)bits % 8;
    if (memcmp(prefix, bytes, whole) != 0)
        return false;
    return rest == 0 || (prefix[whole] ^ bytes[whole]) >> (8 - rest) == 0;
}
