/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <sys/random.h>
#include <unistd.h>

struct digest_stream {
    EVP_MD_CTX *context;
};

/* SHA-256 is in every build of libcrypto; a failure here is a broken installation. */
static void require(int done)
{
    static const char message[] = "walkdown: the system's cryptography does not work\n";
    if (done == 1)
        return;
    ssize_t ignored UNUSED = write(STDERR_FILENO, message, sizeof(message) - 1);
    abort();
}

struct digest digest_of(const void *bytes, size_t length)
{
    struct digest digest;
    require(EVP_Digest(bytes, length, digest.bytes, NULL, EVP_sha256(), NULL));
    return digest;
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
    return memcmp(a->bytes, b->bytes, DIGEST_BYTES) == 0;
}

const char *digest_hex(const struct digest *digest, char text[DIGEST_HEX_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        text[2 * i] = digits[digest->bytes[i] >> 4];
        text[2 * i + 1] = digits[digest->bytes[i] & 15];
    }
    text[DIGEST_HEX_BYTES - 1] = '\0';
    return text;
}

struct digest_stream *digest_stream_new(void)
{
    struct digest_stream *stream = memory_new(1, sizeof(*stream));
    stream->context = EVP_MD_CTX_new();
    if (stream->context == NULL)
        memory_exhausted();
    require(EVP_DigestInit_ex(stream->context, EVP_sha256(), NULL));
    return stream;
}

void digest_stream_free(struct digest_stream *stream)
{
    if (stream == NULL)
        return;
    EVP_MD_CTX_free(stream->context);
    free(stream);
}

void digest_stream_add(struct digest_stream *stream, const void *bytes, size_t length)
{
    if (length > 0)
        require(EVP_DigestUpdate(stream->context, bytes, length));
}

void digest_stream_add_field(struct digest_stream *stream, const void *bytes, size_t length)
{
    uint8_t prefix[8];
    for (size_t i = 0; i < sizeof(prefix); i++)
        prefix[i] = (uint8_t)((uint64_t)length >> (56 - 8 * i));
    digest_stream_add(stream, prefix, sizeof(prefix));
    digest_stream_add(stream, bytes, length);
}

struct digest digest_stream_result(const struct digest_stream *stream)
{
    struct digest digest;
    EVP_MD_CTX *copy = EVP_MD_CTX_new();
    if (copy == NULL)
        memory_exhausted();
    require(EVP_MD_CTX_copy_ex(copy, stream->context));
    require(EVP_DigestFinal_ex(copy, digest.bytes, NULL));
    EVP_MD_CTX_free(copy);
    return digest;
}

void digest_hmac_sha1(const void *key, size_t key_length, const void *bytes, size_t length,
                      uint8_t ret_code[DIGEST_HMAC_SHA1_BYTES])
{
    size_t made = 0;
    const void *code = EVP_Q_mac(NULL, "HMAC", NULL, "SHA1", NULL, key, key_length, bytes, length,
                                 ret_code, DIGEST_HMAC_SHA1_BYTES, &made);
    require(code != NULL && made == DIGEST_HMAC_SHA1_BYTES);
}

void random_bytes(void *bytes, size_t length)
{
    uint8_t *next = bytes;
    while (length > 0) {
        ssize_t got = getrandom(next, length, 0);
        if (got < 0 && errno == EINTR)
            continue;
        require(got > 0);
        next += got;
        length -= (size_t)got;
    }
}

void hex_append(struct buffer *buffer, const void *bytes, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *next = bytes;
    buffer_reserve(buffer, 2 * length);
    for (size_t i = 0; i < length; i++) {
        buffer_append_byte(buffer, digits[next[i] >> 4]);
        buffer_append_byte(buffer, digits[next[i] & 15]);
    }
}

static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    if (digit >= 'A' && digit <= 'F')
        return digit - 'A' + 10;
    return -1;
}

bool hex_decode(const char *text, void *ret_bytes, size_t length)
{
    if (strlen(text) / 2 != length || strlen(text) % 2 != 0)
        return false;
    for (size_t i = 0; i < 2 * length; i++)
        if (hex_value(text[i]) < 0)
            return false;
    uint8_t *bytes = ret_bytes;
    for (size_t i = 0; i < length; i++)
        bytes[i] =
            (uint8_t)((unsigned)hex_value(text[2 * i]) << 4 | (unsigned)hex_value(text[2 * i + 1]));
    return true;
}

void base64_append(struct buffer *buffer, const void *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *next = bytes;
    buffer_reserve(buffer, length / 3 * 4 + 4);
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        uint32_t group = (uint32_t)next[i] << 16;
        group |= left > 1 ? (uint32_t)next[i + 1] << 8 : 0;
        group |= left > 2 ? next[i + 2] : 0;
        buffer_append_byte(buffer, digits[group >> 18]);
        buffer_append_byte(buffer, digits[group >> 12 & 63]);
        buffer_append_byte(buffer, left > 1 ? digits[group >> 6 & 63] : '=');
        buffer_append_byte(buffer, left > 2 ? digits[group & 63] : '=');
    }
}

static int base64_value(char digit)
{
    if (digit >= 'A' && digit <= 'Z')
        return digit - 'A';
    if (digit >= 'a' && digit <= 'z')
        return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9')
        return digit - '0' + 52;
    return digit == '+' ? 62 : digit == '/' ? 63 : -1;
}

/* The state between two digits: padded text ends, and bits that no byte uses must be 0. */
struct base64_state {
    uint32_t bits;
    unsigned digits;  /* of the present group of four */
    unsigned padding; /* "=" seen */
};

static bool base64_take(struct base64_state *state, char digit, struct buffer *bytes)
{
    if (digit == '=') {
        state->padding++;
        return state->digits >= 2 && state->digits + state->padding <= 4;
    }
    int value = base64_value(digit);
    if (value < 0 || state->padding > 0)
        return false;
    state->bits = state->bits << 6 | (uint32_t)value;
    state->digits++;
    if (state->digits > 1)
        buffer_append_byte(bytes, (char)(state->bits >> (8 - 2 * state->digits)));
    if (state->digits == 4)
        *state = (struct base64_state){0};
    else if (state->digits > 1)
        state->bits &= (1U << (8 - 2 * state->digits)) - 1;
    return true;
}

bool base64_decode(const char *text, size_t length, struct buffer *ret_bytes)
{
    struct base64_state state = {0};
    size_t before = ret_bytes->length;
    bool good = true;
    buffer_reserve(ret_bytes, length / 4 * 3 + 3);
    for (size_t i = 0; i < length && good; i++)
        if (text[i] != '\n' && text[i] != '\r')
            good = base64_take(&state, text[i], ret_bytes);
    if (state.digits != 0)
        good = good && state.digits + state.padding == 4 && state.bits == 0;
    if (good)
        return true;
    ret_bytes->length = before;
    ret_bytes->data[before] = '\0';
    return false;
}
