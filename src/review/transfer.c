/* SPDX-License-Identifier: Apache-2.0 */
/*
 *     R  review id
 *     E  author, seq, clock, time, prev, hash, length of the kind, kind, body
 *     B  id, salt, data (not compressed)
 *     L  a text: what of a damaged file is lost, and why
 *     Z  nothing: the end
 */
#include "transfer.h"

#include "blob.h"
#include "contents.h"
#include "rebuild.h"
#include "review/transfer.h"
#include "wire.h"

#include <sqlite3.h>

enum {
    KIND_MAX_BYTES = 255,
    LOST_MAX_BYTES = 1024,
    FRAME_MAX_BYTES = REVIEW_BLOB_MAX_BYTES + 64 * 1024
};

/* --- sending --- */

bool transfer_send_entry(void *fd, const struct entry *entry, struct error *error)
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

bool transfer_send_blob(void *fd, struct sqlite3_stmt *rows, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    struct digest id = column_digest(rows, 0);
    buffer_append(&frame, id.bytes, sizeof(id.bytes));
    buffer_append(&frame, sqlite3_column_blob(rows, 1), (size_t)sqlite3_column_bytes(rows, 1));
    return blob_from_row(rows, &frame, error) && wire_send(*(int *)fd, 'B', &frame, error);
}

bool transfer_send_id(const struct ledger_id *review, int fd, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    buffer_append(&frame, review->bytes, sizeof(review->bytes));
    return wire_send(fd, 'R', &frame, error);
}

bool transfer_send_lost(const struct strings *lost, int fd, struct error *error)
{
    for (size_t i = 0; i < lost->count; i++) {
        AUTO_RELEASE(buffer) struct buffer frame = {0};
        buffer_append_text(&frame, lost->items[i]);
        if (!wire_send(fd, 'L', &frame, error))
            return false;
    }
    return true;
}

bool transfer_send_end(int fd, struct error *error)
{
    static const struct buffer nothing = {0};
    return wire_send(fd, 'Z', &nothing, error);
}

bool review_send(const char *source, int fd, struct error *error)
{
    struct contents contents;
    bool done = contents_open(source, &contents, error) &&
                transfer_send_id(&contents.review, fd, error) &&
                contents_each_entry(&contents, transfer_send_entry, &fd, error) &&
                contents_each_blob(&contents, transfer_send_blob, &fd, error) &&
                transfer_send_end(fd, error);
    contents_close(&contents);
    return done;
}

void review_send_refusal(const struct error *why, int fd)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    wire_append_number(&frame, (uint64_t)why->code);
    buffer_append_text(&frame, why->message);
    buffer_append_byte(&frame, '\0');
    buffer_append_text(&frame, why->hint);
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

/* What is at work while a file is made of what comes. */
struct taking {
    struct wire wire;
    struct rebuild rebuild;
    struct ledger_id review;
    struct salvage_report *salvaged; /* NULL where the file was verified */
    struct entry previous;           /* of what was salvaged */
};

/* Of a damaged file come entries that are proven: from the first of each author on. */
static bool fits(struct taking *taking, struct entry *entry)
{
    struct entry *previous = &taking->previous;
    struct digest hash = entry_compute_hash(&taking->review, entry);
    if (taking->salvaged == NULL)
        return digest_equal(&hash, &entry->hash);
    bool is_next = previous->id.seq > 0 && ledger_id_equal(&previous->id.author, &entry->id.author);
    return entry_check(&taking->review, entry, is_next ? previous : NULL, NULL);
}

static bool take_entry(struct taking *taking, struct error *error)
{
    AUTO_RELEASE(entry) struct entry entry = {0};
    if (!parse_entry(&taking->wire, &entry) || !fits(taking, &entry))
        return wire_misfit(error);
    if (!rebuild_add_entry(&taking->rebuild, &entry, error))
        return false;
    if (taking->salvaged != NULL)
        taking->salvaged->entry_count++;
    struct entry last = taking->previous;
    taking->previous = entry;
    entry = last;
    return true;
}

static bool take_blob(struct taking *taking, struct error *error)
{
    struct wire *wire = &taking->wire;
    struct new_blob blob = {0};
    if (!wire_copy(wire, blob.id.bytes, sizeof(blob.id.bytes)) ||
        !wire_copy(wire, blob.salt, sizeof(blob.salt)))
        return wire_misfit(error);
    blob.data = wire->frame.data + wire->at;
    blob.length = wire_left(wire);
    return rebuild_insert_blob(&taking->rebuild, &blob, error);
}

static bool take_lost(struct taking *taking, struct error *error)
{
    const struct buffer *text = &taking->wire.frame;
    if (taking->salvaged == NULL || taking->salvaged->lost.count >= SALVAGE_LOST_MAX ||
        text->length > LOST_MAX_BYTES || memchr(text->data, '\0', text->length) != NULL)
        return wire_misfit(error);
    strings_push_length(&taking->salvaged->lost, text->data, text->length);
    return true;
}

static bool take_rest(struct taking *taking, struct error *error)
{
    bool is_done = true;
    while (is_done) {
        char what;
        if (!wire_next(&taking->wire, &what, error))
            return false;
        if (what == 'Z' && taking->wire.frame.length == 0)
            return true;
        is_done = what == 'E'   ? take_entry(taking, error)
                  : what == 'B' ? take_blob(taking, error)
                  : what == 'L' ? take_lost(taking, error)
                                : wire_misfit(error);
    }
    return false;
}

static bool take_all(struct taking *taking, const char *path, struct error *error)
{
    struct wire *wire = &taking->wire;
    char what;
    if (!wire_next(wire, &what, error))
        return false;
    if (what != 'R' || !wire_copy(wire, &taking->review, sizeof(taking->review)) ||
        wire_left(wire) > 0)
        return wire_misfit(error);
    return rebuild_begin(&taking->rebuild, path, &taking->review, error) &&
           take_rest(taking, error) && rebuild_finish(&taking->rebuild, error);
}

bool transfer_take(int fd, const char *path, uint64_t max_bytes, struct salvage_report *salvaged,
                   struct error *error)
{
    struct taking taking = {.salvaged = salvaged};
    wire_open(&taking.wire, fd, max_bytes, FRAME_MAX_BYTES);
    bool is_done = take_all(&taking, path, error);
    rebuild_release(&taking.rebuild);
    entry_release(&taking.previous);
    wire_release(&taking.wire);
    return is_done;
}

bool review_take(int fd, const char *path, uint64_t max_bytes, struct error *error)
{
    return transfer_take(fd, path, max_bytes, NULL, error);
}
