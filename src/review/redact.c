/* SPDX-License-Identifier: Apache-2.0 */
#include "review/redact.h"

#include "base/json.h"
#include "blob.h"
#include "entries.h"
#include "handle.h"
#include "redacted.h"

#include <sqlite3.h>

enum { CHAIN_MAX = 1000, SHORT_ID_DIGITS = 12 };

/* --- what takes the place --- */

static bool check_spans(const struct redaction *redaction, size_t length, struct error *error)
{
    size_t end = 0;
    if (redaction->span_count == 0)
        return error_set(error, ERROR_USAGE, "nothing is to be redacted");
    for (size_t i = 0; i < redaction->span_count; i++) {
        const struct redaction_span *span = &redaction->spans[i];
        if (span->length == 0 || span->offset < end || span->offset > length ||
            span->length > length - span->offset)
            return error_set(error, ERROR_USAGE,
                             "bytes %zu to %zu do not lie in these %zu bytes, or overlap",
                             span->offset, span->offset + span->length, length);
        end = span->offset + span->length;
    }
    return true;
}

/* Lines keep their numbers: what a suggestion rests on is told by them. */
static void append_mark(struct buffer *text, const struct redaction_span *span, const char *bytes)
{
    bool has_rule = span->rule != NULL && *span->rule != '\0';
    buffer_append_format(text, "[redacted %zu byte%s%s%s]", span->length,
                         span->length == 1 ? "" : "s", has_rule ? ": " : "",
                         has_rule ? span->rule : "");
    for (size_t i = 0; i < span->length; i++)
        if (bytes[i] == '\n')
            buffer_append_byte(text, '\n');
}

static void make_kept(const struct redaction *redaction, const struct buffer *data,
                      struct buffer *kept)
{
    size_t at = 0;
    for (size_t i = 0; i < redaction->span_count; i++) {
        const struct redaction_span *span = &redaction->spans[i];
        buffer_append(kept, data->data + at, span->offset - at);
        append_mark(kept, span, data->data + span->offset);
        at = span->offset + span->length;
    }
    buffer_append(kept, data->data + at, data->length - at);
}

static json_t *spans_json(const struct redaction *redaction)
{
    json_t *list = json_array();
    for (size_t i = 0; i < redaction->span_count; i++) {
        const struct redaction_span *span = &redaction->spans[i];
        json_array_append_new(list, json_pack("{s:I, s:I, s:o}", "offset", (json_int_t)span->offset,
                                              "length", (json_int_t)span->length, "rule",
                                              json_text(span->rule == NULL ? "" : span->rule)));
    }
    return list;
}

static json_t *make_body(const struct redaction *redaction, const struct digest *blob,
                         size_t size_bytes, const struct new_blob *kept)
{
    char id[DIGEST_HEX_BYTES], kept_id[DIGEST_HEX_BYTES];
    return json_pack("{s:s, s:I, s:o, s:{s:s, s:I}, s:o}", "blob", digest_hex(blob, id), "size",
                     (json_int_t)size_bytes, "why", json_text(redaction->why), "kept", "blob",
                     digest_hex(&kept->id, kept_id), "size", (json_int_t)kept->length, "spans",
                     spans_json(redaction));
}

/* The blob that is there for one that may have been redacted before. */
static bool find_present(struct review *review, struct digest *blob, struct error *error)
{
    for (int i = 0; i < CHAIN_MAX; i++) {
        int64_t size;
        bool is_found;
        struct digest kept;
        if (!blob_find_size(review->file, blob, &size, error))
            return false;
        if (size >= 0)
            return true;
        if (!redacted_find_kept(review->view, blob, &is_found, &kept, error))
            return false;
        if (!is_found)
            break;
        *blob = kept;
    }
    return error_set(error, ERROR_NOT_FOUND, "its bytes are not in the review file");
}

bool review_redact(struct review *review, const struct redaction *redaction,
                   struct entry_id *ret_id, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer data = {0};
    AUTO_RELEASE(buffer) struct buffer kept = {0};
    struct digest blob = redaction->blob;
    struct new_blob fresh;
    if (!find_present(review, &blob, error) || !review_read_blob(review, &blob, &data, error) ||
        !check_spans(redaction, data.length, error))
        return false;
    make_kept(redaction, &data, &kept);
    new_blob_init(&fresh, kept.data, kept.length);
    AUTO_JSON json_t *body = make_body(redaction, &blob, data.length, &fresh);
    const struct new_entry entry = {
        .kind = ENTRY_REDACTION, .body = body, .blobs = &fresh, .blob_count = 1};
    bool done = review_append(review, &entry, 1, ret_id, error);
    memory_wipe(data.data, data.length);
    return done;
}

/* --- where else the bytes are --- */

struct needle {
    const char *bytes;
    size_t length;
    struct buffer escaped; /* as they stand in JSON */
};

static bool holds(const struct buffer *text, const char *bytes, size_t length)
{
    return length > 0 && memmem(buffer_text(text), text->length, bytes, length) != NULL;
}

static void escape(struct needle *needle)
{
    AUTO_JSON json_t *text = json_text_length(needle->bytes, needle->length);
    AUTO_RELEASE(buffer) struct buffer quoted = {0};
    json_write(&quoted, text);
    if (quoted.length > 2)
        buffer_append(&needle->escaped, quoted.data + 1, quoted.length - 2);
}

static bool search_entries(struct review *review, const struct needle *needle, struct entry *entry,
                           struct strings *places, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    char label[ENTRY_LABEL_BYTES];
    bool row;
    if (!database_prepare(review->file,
                          "SELECT " ENTRY_COLUMNS " FROM entry ORDER BY clock, author, seq", &rows,
                          error))
        return false;
    for (;;) {
        if (!database_next(review->file, rows, &row, error))
            return false;
        if (!row)
            return true;
        entry_from_row(rows, entry);
        if (holds(&entry->body, needle->bytes, needle->length) ||
            holds(&entry->body, buffer_text(&needle->escaped), needle->escaped.length))
            strings_push_take(places, memory_format("entry %s", entry_label(entry, label)));
    }
}

static bool search_blobs(struct review *review, const struct needle *needle, struct strings *places,
                         struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    AUTO_RELEASE(buffer) struct buffer data = {0};
    char hex[DIGEST_HEX_BYTES];
    bool row;
    if (!database_prepare(review->file, "SELECT " BLOB_COLUMNS " FROM blob", &rows, error))
        return false;
    for (;;) {
        if (!database_next(review->file, rows, &row, error))
            return false;
        if (!row)
            return true;
        struct digest id = column_digest(rows, 0);
        buffer_clear(&data);
        if (!blob_from_row(rows, &data, error))
            return false;
        if (holds(&data, needle->bytes, needle->length))
            strings_push_take(places,
                              memory_format("blob %.*s", SHORT_ID_DIGITS, digest_hex(&id, hex)));
    }
}

bool review_find_bytes(struct review *review, const char *bytes, size_t length,
                       struct strings *ret_places, struct error *error)
{
    AUTO_RELEASE(entry) struct entry entry = {0};
    struct needle needle = {.bytes = bytes, .length = length};
    escape(&needle);
    bool done = search_entries(review, &needle, &entry, ret_places, error) &&
                search_blobs(review, &needle, ret_places, error);
    buffer_release(&needle.escaped);
    return done;
}
