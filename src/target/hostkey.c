/* SPDX-License-Identifier: Apache-2.0 */
#include "target/hostkey.h"

#include "base/digest.h"

enum { TYPE_MAX_BYTES = 64 };

void hostkey_release(struct hostkey *hostkey)
{
    free(hostkey->host);
    free(hostkey->type);
    free(hostkey->key);
    free(hostkey->fingerprint);
    *hostkey = (struct hostkey){0};
}

/* The blob begins with its type as a string: u32 length, most significant byte first, and text. */
static size_t type_length(const unsigned char *blob, size_t length)
{
    if (length < 4)
        return 0;
    size_t type_length =
        (size_t)blob[0] << 24 | (size_t)blob[1] << 16 | (size_t)blob[2] << 8 | (size_t)blob[3];
    if (type_length > TYPE_MAX_BYTES || type_length > length - 4)
        return 0;
    for (size_t i = 0; i < type_length; i++)
        if (blob[4 + i] <= ' ' || blob[4 + i] > '~')
            return 0;
    return type_length;
}

bool hostkey_from_blob(const void *blob, size_t length, struct hostkey *ret_hostkey,
                       struct error *error)
{
    size_t type_bytes = type_length(blob, length);
    if (type_bytes == 0)
        return error_set(error, ERROR_INVALID, "expected a public key, got %zu other bytes",
                         length);
    struct digest digest = digest_of(blob, length);
    struct buffer key = {0};
    struct buffer fingerprint = {0};
    base64_append(&key, blob, length);
    buffer_append_text(&fingerprint, "SHA256:");
    base64_append(&fingerprint, digest.bytes, sizeof(digest.bytes));
    while (fingerprint.data[fingerprint.length - 1] == '=')
        fingerprint.data[--fingerprint.length] = '\0';
    ret_hostkey->type = memory_copy((const char *)blob + 4, type_bytes);
    ret_hostkey->key = buffer_take(&key);
    ret_hostkey->fingerprint = buffer_take(&fingerprint);
    return true;
}

const char *hostkey_verdict_text(enum hostkey_verdict verdict)
{
    static const char *const texts[] = {
#define X(name, text) [HOSTKEY_##name] = text,
        HOSTKEY_VERDICTS(X)
#undef X
    };
    return (size_t)verdict < LENGTH(texts) ? texts[verdict] : "invalid";
}
