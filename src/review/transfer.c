/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A frame is a byte that says what it is, the length of what follows as 8 bytes, most significant
 * first, and that. Numbers are such 8 bytes too.
 *
 *     R  review id
 *     E  author, seq, clock, time, prev, hash, length of the kind, kind, body
 *     B  id, salt, data (not compressed)
 *     Z  nothing: the end
 *     X  number of an error's code, message: in place of all others
 */
#include "review/transfer.h"

#include "base/file.h"
#include "blob.h"
#include "contents.h"
#include "rebuild.h"

#include <errno.h>
#include <poll.h>
#include <sqlite3.h>
#include <unistd.h>

enum {
    NUMBER_BYTES = 8,
    HEAD_BYTES = 1 + NUMBER_BYTES,
    KIND_MAX_BYTES = 255,
    SILENCE_MAX_MS = 1200000, /* verifying a file may take that long */
    FRAME_MAX_BYTES = REVIEW_BLOB_MAX_BYTES + 64 * 1024
};

/* --- sending --- */

static void append_number(struct buffer *frame, uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buffer_append_byte(frame, (char)(number >> shift & 0xFF));
}

static bool send_frame(int fd, char what, const struct buffer *payload, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer head = {0};
    buffer_append_byte(&head, what);
    append_number(&head, payload->length);
    return file_write_fd(fd, head.data, head.length, error) &&
           (payload->length == 0 || file_write_fd(fd, payload->data, payload->length, error));
}

static bool send_entry(void *fd, const struct entry *entry, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    buffer_append(&frame, entry->id.author.bytes, sizeof(entry->id.author.bytes));
    append_number(&frame, (uint64_t)entry->id.seq);
    append_number(&frame, (uint64_t)entry->clock);
    append_number(&frame, (uint64_t)entry->time_ms);
    buffer_append(&frame, entry->prev.bytes, sizeof(entry->prev.bytes));
    buffer_append(&frame, entry->hash.bytes, sizeof(entry->hash.bytes));
    append_number(&frame, strlen(entry->kind));
    buffer_append_text(&frame, entry->kind);
    buffer_append(&frame, entry->body.data, entry->body.length);
    return send_frame(*(int *)fd, 'E', &frame, error);
}

static bool send_blob(void *fd, struct sqlite3_stmt *rows, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    struct digest id = column_digest(rows, 0);
    buffer_append(&frame, id.bytes, sizeof(id.bytes));
    buffer_append(&frame, sqlite3_column_blob(rows, 1), (size_t)sqlite3_column_bytes(rows, 1));
    return blob_from_row(rows, &frame, error) && send_frame(*(int *)fd, 'B', &frame, error);
}

static bool send_id(const struct ledger_id *review, int fd, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    buffer_append(&frame, review->bytes, sizeof(review->bytes));
    return send_frame(fd, 'R', &frame, error);
}

bool review_send(const char *source, int fd, struct error *error)
{
    static const struct buffer nothing = {0};
    struct contents contents;
    bool done = contents_open(source, &contents, error) && send_id(&contents.review, fd, error) &&
                contents_each_entry(&contents, send_entry, &fd, error) &&
                contents_each_blob(&contents, send_blob, &fd, error) &&
                send_frame(fd, 'Z', &nothing, error);
    contents_close(&contents);
    return done;
}

void review_send_refusal(const struct error *why, int fd)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    append_number(&frame, (uint64_t)why->code);
    buffer_append_text(&frame, why->message);
    (void)!send_frame(fd, 'X', &frame, NULL);
}

/* --- taking --- */

struct taking {
    int fd;
    uint64_t bytes_left;
    struct buffer frame; /* its payload */
    size_t at;           /* as far as it is read */
};

static bool fail(struct error *error)
{
    return error_set(
        error, ERROR_CORRUPT,
        "the process that read the file told something that does not fit: the file may "
        "be made to do harm");
}

static bool broke_off(struct error *error)
{
    return error_set(
        error, ERROR_CORRUPT,
        "the process that read the file ended unexpectedly: the file may be made to do "
        "harm");
}

static bool read_exactly(int fd, void *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (poll(&ready, 1, SILENCE_MAX_MS) == 0)
            return false;
        ssize_t got = read(fd, (char *)bytes + done, length - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

static uint64_t number_of(const char *bytes)
{
    uint64_t number = 0;
    for (int i = 0; i < NUMBER_BYTES; i++)
        number = number << 8 | (uint8_t)bytes[i];
    return number;
}

static bool next_frame(struct taking *taking, char *ret_what, struct error *error)
{
    char head[HEAD_BYTES];
    if (!read_exactly(taking->fd, head, sizeof(head)))
        return broke_off(error);
    uint64_t length = number_of(head + 1);
    if (length > FRAME_MAX_BYTES || length > taking->bytes_left)
        return fail(error);
    taking->bytes_left -= length;
    taking->at = 0;
    buffer_clear(&taking->frame);
    buffer_reserve(&taking->frame, (size_t)length);
    if (!read_exactly(taking->fd, taking->frame.data, (size_t)length))
        return broke_off(error);
    taking->frame.length = (size_t)length;
    *ret_what = head[0];
    return true;
}

/* NULL when the frame is shorter. */
static const char *take_bytes(struct taking *taking, size_t length)
{
    if (length > taking->frame.length - taking->at)
        return NULL;
    taking->at += length;
    return taking->frame.data + taking->at - length;
}

static bool copy_bytes(struct taking *taking, void *to, size_t length)
{
    const char *bytes = take_bytes(taking, length);
    if (bytes != NULL)
        memcpy(to, bytes, length);
    return bytes != NULL;
}

static bool take_number(struct taking *taking, int64_t *ret_number)
{
    const char *bytes = take_bytes(taking, NUMBER_BYTES);
    if (bytes != NULL)
        *ret_number = (int64_t)number_of(bytes);
    return bytes != NULL;
}

static bool take_kind(struct taking *taking, char **ret_kind)
{
    int64_t length;
    if (!take_number(taking, &length) || length < 1 || length > KIND_MAX_BYTES)
        return false;
    const char *bytes = take_bytes(taking, (size_t)length);
    if (bytes == NULL || memchr(bytes, '\0', (size_t)length) != NULL)
        return false;
    free(*ret_kind);
    *ret_kind = memory_copy(bytes, (size_t)length);
    return true;
}

static bool parse_entry(struct taking *taking, struct entry *entry)
{
    if (!copy_bytes(taking, entry->id.author.bytes, sizeof(entry->id.author.bytes)) ||
        !take_number(taking, &entry->id.seq) || !take_number(taking, &entry->clock) ||
        !take_number(taking, &entry->time_ms) ||
        !copy_bytes(taking, entry->prev.bytes, sizeof(entry->prev.bytes)) ||
        !copy_bytes(taking, entry->hash.bytes, sizeof(entry->hash.bytes)) ||
        !take_kind(taking, &entry->kind))
        return false;
    size_t length = taking->frame.length - taking->at;
    if (entry->id.seq < 1 || length > LEDGER_BODY_MAX_BYTES)
        return false;
    buffer_clear(&entry->body);
    buffer_append(&entry->body, taking->frame.data + taking->at, length);
    return true;
}

static bool take_entry(struct taking *taking, struct rebuild *rebuild,
                       const struct ledger_id *review, struct error *error)
{
    AUTO_RELEASE(entry) struct entry entry = {0};
    if (!parse_entry(taking, &entry))
        return fail(error);
    struct digest hash = entry_compute_hash(review, &entry);
    return digest_equal(&hash, &entry.hash) ? rebuild_add_entry(rebuild, &entry, error)
                                            : fail(error);
}

static bool take_blob(struct taking *taking, struct rebuild *rebuild, struct error *error)
{
    struct new_blob blob = {0};
    if (!copy_bytes(taking, blob.id.bytes, sizeof(blob.id.bytes)) ||
        !copy_bytes(taking, blob.salt, sizeof(blob.salt)))
        return fail(error);
    blob.data = taking->frame.data + taking->at;
    blob.length = taking->frame.length - taking->at;
    return rebuild_insert_blob(rebuild, &blob, error);
}

static bool take_refusal(struct taking *taking, struct error *error)
{
    int64_t code;
    if (!take_number(taking, &code) || code <= ERROR_NONE || code > ERROR_UNSUPPORTED)
        return fail(error);
    return error_set(error, (enum error_code)code, "%.*s", (int)(taking->frame.length - taking->at),
                     taking->frame.data + taking->at);
}

static bool take_rest(struct taking *taking, struct rebuild *rebuild,
                      const struct ledger_id *review, struct error *error)
{
    for (;;) {
        char what;
        if (!next_frame(taking, &what, error))
            return false;
        if (what == 'Z' && taking->frame.length == 0)
            return true;
        if (what == 'X')
            return take_refusal(taking, error);
        if (what != 'E' && what != 'B')
            return fail(error);
        if (!(what == 'E' ? take_entry(taking, rebuild, review, error)
                          : take_blob(taking, rebuild, error)))
            return false;
    }
}

static bool take_all(struct taking *taking, const char *path, struct rebuild *rebuild,
                     struct error *error)
{
    struct ledger_id review;
    char what;
    if (!next_frame(taking, &what, error))
        return false;
    if (what == 'X')
        return take_refusal(taking, error);
    if (what != 'R' || taking->frame.length != sizeof(review.bytes))
        return fail(error);
    memcpy(review.bytes, taking->frame.data, sizeof(review.bytes));
    return rebuild_begin(rebuild, path, &review, error) &&
           take_rest(taking, rebuild, &review, error) && rebuild_finish(rebuild, error);
}

bool review_take(int fd, const char *path, uint64_t max_bytes, struct error *error)
{
    struct taking taking = {.fd = fd, .bytes_left = max_bytes};
    struct rebuild rebuild = {0};
    bool is_done = take_all(&taking, path, &rebuild, error);
    rebuild_release(&rebuild);
    buffer_release(&taking.frame);
    return is_done;
}
