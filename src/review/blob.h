/* SPDX-License-Identifier: Apache-2.0 */
/* Blobs: how large bytes lie in the file. */
#ifndef BLOB_H
#define BLOB_H

#include "database.h"
#include "review/store.h"

/* A row of `blob`. DATA is borrowed from the new blob, or is COMPRESSED. */
struct stored_blob {
    struct digest id;
    uint8_t salt[sizeof(((struct new_blob *)0)->salt)];
    int64_t size_bytes;
    const char *codec;
    const void *data;
    size_t length;
    char *compressed;
};
void stored_blob_release(struct stored_blob *blob);
/* Compress where that saves room. ERROR_INVALID: too large, or its id does not fit. */
bool blob_encode(const struct new_blob *blob, struct stored_blob *ret_stored,
                 struct error *error) MUST_USE;
bool blob_insert(struct database *database, const struct stored_blob *blob,
                 struct error *error) MUST_USE;
/* The recorded size of a blob, -1 when there is none. */
bool blob_find_size(struct database *database, const struct digest *id, int64_t *ret_size_bytes,
                    struct error *error) MUST_USE;

#define BLOB_COLUMNS "id, salt, size, codec, data"
/* Append the data of a row that begins with BLOB_COLUMNS, checked against its id. */
bool blob_from_row(struct sqlite3_stmt *rows, struct buffer *ret_data,
                   struct error *error) MUST_USE;

#endif
