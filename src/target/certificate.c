/* SPDX-License-Identifier: Apache-2.0 */
#include "certificate.h"

#include <string.h>

enum { PRINCIPALS_MAX = 256, TYPE_HOST = 2 };

/* The types, the plain type behind each, and of how many strings or numbers the key consists. */
static const struct {
    const char *type, *plain;
    int parts;
} types[] = {{"ssh-ed25519-cert-v01@openssh.com", "ssh-ed25519", 1},
             {"ecdsa-sha2-nistp256-cert-v01@openssh.com", "ecdsa-sha2-nistp256", 2},
             {"ecdsa-sha2-nistp384-cert-v01@openssh.com", "ecdsa-sha2-nistp384", 2},
             {"ecdsa-sha2-nistp521-cert-v01@openssh.com", "ecdsa-sha2-nistp521", 2},
             {"ssh-rsa-cert-v01@openssh.com", "ssh-rsa", 2}};

/* Bytes that are still to be read. */
struct reader {
    const unsigned char *at;
    size_t left;
    bool is_short; /* something was not there */
};

struct span {
    const unsigned char *bytes;
    size_t length;
};

static uint64_t read_number(struct reader *reader, size_t bytes)
{
    uint64_t number = 0;
    reader->is_short |= bytes > reader->left;
    if (reader->is_short)
        return 0;
    for (size_t i = 0; i < bytes; i++)
        number = number << 8 | reader->at[i];
    reader->at += bytes;
    reader->left -= bytes;
    return number;
}

static struct span read_string(struct reader *reader)
{
    size_t length = (size_t)read_number(reader, 4);
    reader->is_short |= length > reader->left;
    if (reader->is_short)
        return (struct span){0};
    struct span string = {reader->at, length};
    reader->at += length;
    reader->left -= length;
    return string;
}

static void append_string(struct buffer *blob, const void *bytes, size_t length)
{
    const unsigned char head[] = {(unsigned char)(length >> 24), (unsigned char)(length >> 16),
                                  (unsigned char)(length >> 8), (unsigned char)length};
    buffer_append(blob, head, sizeof(head));
    buffer_append(blob, bytes, length);
}

/* Its index in TYPES, -1: none of these. */
static int find_type(struct span type)
{
    for (size_t i = 0; type.bytes != NULL && i < LENGTH(types); i++)
        if (type.length == strlen(types[i].type) &&
            memcmp(type.bytes, types[i].type, type.length) == 0)
            return (int)i;
    return -1;
}

static void read_key(struct reader *reader, int type, struct buffer *key)
{
    append_string(key, types[type].plain, strlen(types[type].plain));
    for (int i = 0; i < types[type].parts; i++) {
        struct span part = read_string(reader);
        if (!reader->is_short)
            append_string(key, part.bytes, part.length);
    }
}

/* A name with a NUL in it cannot be told from what stands before it: it is broken. */
static void read_principals(struct reader *reader, struct strings *principals)
{
    struct span list = read_string(reader);
    struct reader names = {list.bytes, list.length, reader->is_short};
    while (names.left > 0 && !names.is_short) {
        struct span name = read_string(&names);
        names.is_short |= principals->count >= PRINCIPALS_MAX ||
                          (name.length > 0 && memchr(name.bytes, '\0', name.length) != NULL);
        if (!names.is_short)
            strings_push_take(principals, memory_copy((const char *)name.bytes, name.length));
    }
    reader->is_short |= names.is_short;
}

static bool read_all(struct reader *reader, struct certificate *certificate)
{
    int type = find_type(read_string(reader));
    if (reader->is_short || type < 0)
        return false;
    read_string(reader); /* a nonce */
    read_key(reader, type, &certificate->key);
    read_number(reader, 8); /* the serial number */
    certificate->is_for_host = read_number(reader, 4) == TYPE_HOST;
    read_string(reader); /* the id, for logs */
    read_principals(reader, &certificate->principals);
    certificate->valid_after_s = read_number(reader, 8);
    certificate->valid_before_s = read_number(reader, 8);
    certificate->has_critical_options = read_string(reader).length > 0;
    read_string(reader); /* extensions */
    read_string(reader); /* reserved */
    struct span authority = read_string(reader);
    read_string(reader); /* the signature */
    if (reader->is_short || reader->left > 0)
        return false;
    buffer_append(&certificate->authority, authority.bytes, authority.length);
    return true;
}

void certificate_release(struct certificate *certificate)
{
    buffer_release(&certificate->key);
    buffer_release(&certificate->authority);
    strings_release(&certificate->principals);
    *certificate = (struct certificate){0};
}

bool certificate_is(const void *blob, size_t length)
{
    struct reader reader = {blob, length, false};
    struct span type = read_string(&reader);
    return !reader.is_short && find_type(type) >= 0;
}

bool certificate_read(const void *blob, size_t length, struct certificate *ret_certificate,
                      struct error *error)
{
    struct reader reader = {blob, length, false};
    struct certificate certificate = {0};
    if (!read_all(&reader, &certificate)) {
        certificate_release(&certificate);
        return error_set(error, ERROR_INVALID, "expected a certificate, got %zu other bytes",
                         length);
    }
    *ret_certificate = certificate;
    return true;
}

const char *certificate_objection(const struct certificate *certificate, const char *host,
                                  int64_t now_s)
{
    const struct strings *names = &certificate->principals;
    bool is_named = names->count == 0 || strings_contains(names, host);
    uint64_t now = now_s < 0 ? 0 : (uint64_t)now_s;
    return !certificate->is_for_host            ? "it is a user's certificate"
           : now < certificate->valid_after_s   ? "it is not valid yet"
           : now >= certificate->valid_before_s ? "it is expired"
           : !is_named                          ? "it is for other hosts"
           : certificate->has_critical_options  ? "it has critical options that nobody knows"
                                                : NULL;
}
