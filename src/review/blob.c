/* SPDX-License-Identifier: Apache-2.0 */
#include "blob.h"

#include "handle.h"
#include "redacted.h"

#include <sqlite3.h>
#include <zstd.h>

enum { COMPRESSION_LEVEL = 3, SHORT_ID_DIGITS = 12, CHAIN_MAX = 1000 };
static const char codec_raw[] = "raw", codec_zstd[] = "zstd";

static struct digest compute_id(const void *salt, size_t salt_length, const void *data,
                                size_t length)
{
    AUTO(digest_stream) struct digest_stream *stream = digest_stream_new();
    digest_stream_add(stream, salt, salt_length);
    digest_stream_add(stream, data, length);
    return digest_stream_result(stream);
}

void new_blob_init(struct new_blob *blob, const void *data, size_t length)
{
    random_bytes(blob->salt, sizeof(blob->salt));
    blob->data = data;
    blob->length = length;
    blob->id = compute_id(blob->salt, sizeof(blob->salt), data, length);
}

void stored_blob_release(struct stored_blob *blob)
{
    free(blob->compressed);
    *blob = (struct stored_blob){0};
}

bool blob_encode(const struct new_blob *blob, struct stored_blob *ret_stored, struct error *error)
{
    if (blob->length > REVIEW_BLOB_MAX_BYTES)
        return error_set(error, ERROR_INVALID, "%zu bytes are more than a blob may have (%d)",
                         blob->length, REVIEW_BLOB_MAX_BYTES);
    struct digest id = compute_id(blob->salt, sizeof(blob->salt), blob->data, blob->length);
    if (!digest_equal(&id, &blob->id))
        return error_set(error, ERROR_INVALID, "a blob's id does not fit its data");
    struct stored_blob stored = {.id = id,
                                 .size_bytes = (int64_t)blob->length,
                                 .codec = codec_raw,
                                 .data = blob->data,
                                 .length = blob->length};
    memcpy(stored.salt, blob->salt, sizeof(stored.salt));
    size_t room = ZSTD_compressBound(blob->length);
    stored.compressed = memory_new(room, 1);
    size_t length =
        ZSTD_compress(stored.compressed, room, blob->data, blob->length, COMPRESSION_LEVEL);
    if (!ZSTD_isError(length) && length < blob->length) {
        stored.codec = codec_zstd;
        stored.data = stored.compressed;
        stored.length = length;
    }
    *ret_stored = stored;
    return true;
}

bool blob_insert(struct database *database, const struct stored_blob *blob, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    if (!database_prepare(database, "INSERT OR IGNORE INTO blob VALUES(?1, ?2, ?3, ?4, ?5)", &rows,
                          error))
        return false;
    bind_bytes(rows, 1, blob->id.bytes, sizeof(blob->id.bytes));
    bind_bytes(rows, 2, blob->salt, sizeof(blob->salt));
    bind_number(rows, 3, blob->size_bytes);
    bind_text(rows, 4, blob->codec);
    bind_large(rows, 5, blob->data, blob->length);
    return database_finish(database, rows, error);
}

bool blob_find_size(struct database *database, const struct digest *id, int64_t *ret_size_bytes,
                    struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(database, "SELECT size FROM blob WHERE id = ?1", &rows, error))
        return false;
    bind_bytes(rows, 1, id->bytes, sizeof(id->bytes));
    if (!database_next(database, rows, &row, error))
        return false;
    *ret_size_bytes = row ? sqlite3_column_int64(rows, 0) : -1;
    return true;
}

static bool fail(const struct digest *id, struct error *error, const char *problem)
{
    char hex[DIGEST_HEX_BYTES];
    return error_set(error, ERROR_CORRUPT, "blob %.*s: %s", SHORT_ID_DIGITS, digest_hex(id, hex),
                     problem);
}

static bool decode(struct sqlite3_stmt *rows, const struct digest *id, struct buffer *data,
                   struct error *error)
{
    int64_t size = sqlite3_column_int64(rows, 2);
    const char *codec = column_text(rows, 3);
    const void *stored = sqlite3_column_blob(rows, 4);
    size_t length = (size_t)sqlite3_column_bytes(rows, 4);
    if (size < 0 || size > REVIEW_BLOB_MAX_BYTES)
        return fail(id, error, "its size is out of range");
    if (strcmp(codec, codec_raw) == 0) {
        if ((int64_t)length != size)
            return fail(id, error, "it has another size than recorded");
        buffer_append(data, stored == NULL ? "" : stored, length);
        return true;
    }
    if (strcmp(codec, codec_zstd) != 0)
        return fail(id, error, "its codec is unknown");
    buffer_reserve(data, (size_t)size);
    size_t got = ZSTD_decompress(data->data + data->length, (size_t)size, stored, length);
    if (ZSTD_isError(got) || (int64_t)got != size)
        return fail(id, error, "it cannot be decompressed to the size recorded");
    data->length += got;
    data->data[data->length] = '\0';
    return true;
}

static bool check_id(struct sqlite3_stmt *rows, const struct digest *id, const void *data,
                     size_t length, struct error *error)
{
    const void *salt = sqlite3_column_blob(rows, 1);
    size_t salt_length = (size_t)sqlite3_column_bytes(rows, 1);
    struct digest actual = compute_id(salt == NULL ? "" : salt, salt_length, data, length);
    return (salt_length == sizeof(((struct new_blob *)0)->salt) && digest_equal(&actual, id)) ||
           fail(id, error, "its data does not fit its id");
}

bool blob_from_row(struct sqlite3_stmt *rows, struct buffer *ret_data, struct error *error)
{
    struct digest id = column_digest(rows, 0);
    size_t before = ret_data->length;
    buffer_reserve(ret_data, 0);
    if (decode(rows, &id, ret_data, error) &&
        check_id(rows, &id, ret_data->data + before, ret_data->length - before, error))
        return true;
    ret_data->length = before;
    ret_data->data[before] = '\0';
    return false;
}

static bool read_present(struct review *review, const struct digest *id, bool *ret_found,
                         struct buffer *ret_data, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(review->file, "SELECT " BLOB_COLUMNS " FROM blob WHERE id = ?1", &rows,
                          error))
        return false;
    bind_bytes(rows, 1, id->bytes, sizeof(id->bytes));
    if (!database_next(review->file, rows, &row, error))
        return false;
    *ret_found = row;
    return !row || blob_from_row(rows, ret_data, error);
}

bool review_read_blob(struct review *review, const struct digest *id, struct buffer *ret_data,
                      struct error *error)
{
    struct digest blob = *id;
    bool is_there, is_kept = true;
    for (int i = 0; i < CHAIN_MAX && is_kept; i++) {
        if (!read_present(review, &blob, &is_there, ret_data, error))
            return false;
        if (is_there)
            return true;
        if (!redacted_find_kept(review->view, &blob, &is_kept, &blob, error))
            return false;
    }
    fail(id, error, "it is not in the review file");
    if (error != NULL)
        error->code = ERROR_NOT_FOUND;
    return false;
}
