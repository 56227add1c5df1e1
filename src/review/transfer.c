/* SPDX-License-Identifier: Apache-2.0 */
/*
 *     R  review id
 *     E  author, seq, clock, time, prev, hash, length of the kind, kind, body
 *     B  id, salt, data (not compressed)
 *     Z  nothing: the end
 */
#include "review/transfer.h"

#include "blob.h"
#include "contents.h"
#include "rebuild.h"
#include "wire.h"

#include <sqlite3.h>

enum { KIND_MAX_BYTES = 255, FRAME_MAX_BYTES = REVIEW_BLOB_MAX_BYTES + 64 * 1024 };

/* --- sending --- */

static bool send_entry(void *fd, const struct entry *entry, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    buffer_append(&frame, entry->id.author.bytes, sizeof(entry->id.author.bytes));
    wire_append_number(&frame, (uint64_t)entry->id.seq);
    wire_append_number(&frame, (uint64_t)entry->clock);
    wire_append_number(&frame, (uint64_t)entry->time_ms);
    buffer_append(&frame, entry->prev.bytes, sizeof(entry->prev.bytes));
    buffer_append(&frame, entry->hash.bytes, sizeof(entry->hash.bytes));
    wire_append_number(&frame, strlen(entry->kind));
    buffer_append_text(&frame, entry->kind);
    buffer_append(&frame, entry->body.data, entry->body.length);
    return wire_send(*(int *)fd, 'E', &frame, error);
}

static bool send_blob(void *fd, struct sqlite3_stmt *rows, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    struct digest id = column_digest(rows, 0);
    buffer_append(&frame, id.bytes, sizeof(id.bytes));
    buffer_append(&frame, sqlite3_column_blob(rows, 1), (size_t)sqlite3_column_bytes(rows, 1));
    return blob_from_row(rows, &frame, error) && wire_send(*(int *)fd, 'B', &frame, error);
}

static bool send_id(const struct ledger_id *review, int fd, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    buffer_append(&frame, review->bytes, sizeof(review->bytes));
    return wire_send(fd, 'R', &frame, error);
}

bool review_send(const char *source, int fd, struct error *error)
{
    static const struct buffer nothing = {0};
    struct contents contents;
    bool done = contents_open(source, &contents, error) && send_id(&contents.review, fd, error) &&
                contents_each_entry(&contents, send_entry, &fd, error) &&
                contents_each_blob(&contents, send_blob, &fd, error) &&
                wire_send(fd, 'Z', &nothing, error);
    contents_close(&contents);
    return done;
}

void review_send_refusal(const struct error *why, int fd)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    wire_append_number(&frame, (uint64_t)why->code);
    buffer_append_text(&frame, why->message);
    (void)!wire_send(fd, 'X', &frame, NULL);
}

/* --- taking --- */

static bool take_kind(struct wire *wire, char **ret_kind)
{
    int64_t length;
    if (!wire_number(wire, &length) || length < 1 || length > KIND_MAX_BYTES)
        return false;
    const char *bytes = wire_bytes(wire, (size_t)length);
    if (bytes == NULL || memchr(bytes, '\0', (size_t)length) != NULL)
        return false;
    free(*ret_kind);
    *ret_kind = memory_copy(bytes, (size_t)length);
    return true;
}

static bool parse_entry(struct wire *wire, struct entry *entry)
{
    if (!wire_copy(wire, entry->id.author.bytes, sizeof(entry->id.author.bytes)) ||
        !wire_number(wire, &entry->id.seq) || !wire_number(wire, &entry->clock) ||
        !wire_number(wire, &entry->time_ms) ||
        !wire_copy(wire, entry->prev.bytes, sizeof(entry->prev.bytes)) ||
        !wire_copy(wire, entry->hash.bytes, sizeof(entry->hash.bytes)) ||
        !take_kind(wire, &entry->kind))
        return false;
    size_t length = wire_left(wire);
    if (entry->id.seq < 1 || length > LEDGER_BODY_MAX_BYTES)
        return false;
    buffer_clear(&entry->body);
    buffer_append(&entry->body, wire->frame.data + wire->at, length);
    return true;
}

static bool take_entry(struct wire *wire, struct rebuild *rebuild, const struct ledger_id *review,
                       struct error *error)
{
    AUTO_RELEASE(entry) struct entry entry = {0};
    if (!parse_entry(wire, &entry))
        return wire_misfit(error);
    struct digest hash = entry_compute_hash(review, &entry);
    return digest_equal(&hash, &entry.hash) ? rebuild_add_entry(rebuild, &entry, error)
                                            : wire_misfit(error);
}

static bool take_blob(struct wire *wire, struct rebuild *rebuild, struct error *error)
{
    struct new_blob blob = {0};
    if (!wire_copy(wire, blob.id.bytes, sizeof(blob.id.bytes)) ||
        !wire_copy(wire, blob.salt, sizeof(blob.salt)))
        return wire_misfit(error);
    blob.data = wire->frame.data + wire->at;
    blob.length = wire_left(wire);
    return rebuild_insert_blob(rebuild, &blob, error);
}

static bool take_rest(struct wire *wire, struct rebuild *rebuild, const struct ledger_id *review,
                      struct error *error)
{
    for (;;) {
        char what;
        if (!wire_next(wire, &what, error))
            return false;
        if (what == 'Z' && wire->frame.length == 0)
            return true;
        if (what != 'E' && what != 'B')
            return wire_misfit(error);
        if (!(what == 'E' ? take_entry(wire, rebuild, review, error)
                          : take_blob(wire, rebuild, error)))
            return false;
    }
}

static bool take_all(struct wire *wire, const char *path, struct rebuild *rebuild,
                     struct error *error)
{
    struct ledger_id review;
    char what;
    if (!wire_next(wire, &what, error))
        return false;
    if (what != 'R' || wire->frame.length != sizeof(review.bytes))
        return wire_misfit(error);
    memcpy(review.bytes, wire->frame.data, sizeof(review.bytes));
    return rebuild_begin(rebuild, path, &review, error) &&
           take_rest(wire, rebuild, &review, error) && rebuild_finish(rebuild, error);
}

bool review_take(int fd, const char *path, uint64_t max_bytes, struct error *error)
{
    struct rebuild rebuild = {0};
    struct wire wire;
    wire_open(&wire, fd, max_bytes, FRAME_MAX_BYTES);
    bool is_done = take_all(&wire, path, &rebuild, error);
    rebuild_release(&rebuild);
    wire_release(&wire);
    return is_done;
}
