/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4), random bytes, hexadecimal and Base64 (RFC 4648 section 4). */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "base/buffer.h"
#include "base/error.h"

#define DIGEST_BYTES     32
#define DIGEST_HEX_BYTES 65 /* with the NUL */

struct digest {
    uint8_t bytes[DIGEST_BYTES];
};

/* The digest of one run of bytes. */
struct digest digest_of(const void *bytes, size_t length);
bool digest_equal(const struct digest *a, const struct digest *b);
/* Lower-case hexadecimal. Returns TEXT. */
const char *digest_hex(const struct digest *digest, char text[DIGEST_HEX_BYTES]);

/* The digest of a sequence of parts. */
struct digest_stream;
struct digest_stream *digest_stream_new(void) MUST_USE;
void digest_stream_free(struct digest_stream *stream);
DEFINE_AUTO(digest_stream, digest_stream_free)
void digest_stream_add(struct digest_stream *stream, const void *bytes, size_t length);
/* Add the length as 8 bytes, most significant first, then the bytes: parts cannot run together. */
void digest_stream_add_field(struct digest_stream *stream, const void *bytes, size_t length);
/* The digest of what was added so far; the stream can go on. */
struct digest digest_stream_result(const struct digest_stream *stream);

#define DIGEST_HMAC_SHA1_BYTES 20
/* HMAC-SHA-1 (RFC 2104), which hides the names in known_hosts files; not for new formats. */
void digest_hmac_sha1(const void *key, size_t key_length, const void *bytes, size_t length,
                      uint8_t ret_code[DIGEST_HMAC_SHA1_BYTES]);

/* Bytes from the system's random number generator; aborts when it has none. */
void random_bytes(void *bytes, size_t length);
void hex_append(struct buffer *buffer, const void *bytes, size_t length);
/* The bytes of exactly 2 x LENGTH lower- or upper-case digits. */
bool hex_decode(const char *text, void *ret_bytes, size_t length) MUST_USE;
void base64_append(struct buffer *buffer, const void *bytes, size_t length);
/* Append the decoded bytes; line breaks are skipped. False when TEXT is not Base64. */
bool base64_decode(const char *text, size_t length, struct buffer *ret_bytes) MUST_USE;

#endif
