/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include "base/clock.h"
#include "base/file.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum {
    NUMBER_BYTES = 8,
    HEAD_BYTES = 1 + NUMBER_BYTES,
    STEP_BYTES = 64 * 1024, /* a pipe holds no more */
    TIME_MAX_MS = 1200000   /* verifying a file may take that long */
};

/* --- sending --- */

void wire_append_number(struct buffer *frame, uint64_t number)
{
    for (int shift = 56; shift >= 0; shift -= 8)
        buffer_append_byte(frame, (char)(number >> shift & 0xFF));
}

bool wire_send(int fd, char what, const struct buffer *payload, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer head = {0};
    buffer_append_byte(&head, what);
    wire_append_number(&head, payload->length);
    bool is_small = payload->length < STEP_BYTES;
    if (is_small)
        buffer_append(&head, buffer_text(payload), payload->length);
    return file_write_fd(fd, head.data, head.length, error) &&
           (is_small || file_write_fd(fd, payload->data, payload->length, error));
}

/* --- taking --- */

void wire_open(struct wire *wire, int fd, uint64_t max_bytes, uint64_t frame_max_bytes)
{
    *wire = (struct wire){.fd = fd,
                          .bytes_left = max_bytes,
                          .frame_max_bytes = frame_max_bytes,
                          .deadline_ms = clock_monotonic_ms() + TIME_MAX_MS};
}

void wire_release(struct wire *wire)
{
    buffer_release(&wire->frame);
    buffer_release(&wire->ahead);
}

bool wire_misfit(struct error *error)
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

/* Until there is something to read, or the end. */
static bool await(const struct wire *wire, struct error *error)
{
    struct pollfd ready = {.fd = wire->fd, .events = POLLIN};
    for (;;) {
        int64_t left_ms = wire->deadline_ms - clock_monotonic_ms();
        int count = left_ms <= 0 ? 0 : poll(&ready, 1, (int)left_ms);
        if (count > 0)
            return true;
        if (count == 0)
            return error_set(error, ERROR_CORRUPT,
                             "the process that read the file took too long: the file may be made "
                             "to do harm");
        if (errno != EINTR)
            return error_set(error, ERROR_IO, "cannot wait for the process that reads the file: %s",
                             strerror(errno));
    }
}

/* What there is, and at most LENGTH bytes. */
static bool read_some(const struct wire *wire, char *bytes, size_t length, size_t *ret_got,
                      struct error *error)
{
    ssize_t got;
    do {
        if (!await(wire, error))
            return false;
        got = read(wire->fd, bytes, length);
    } while (got < 0 && errno == EINTR);
    if (got <= 0)
        return broke_off(error);
    *ret_got = (size_t)got;
    return true;
}

/* From what came already; returns how much. */
static size_t take_ahead(struct wire *wire, char *bytes, size_t length)
{
    size_t left = wire->ahead.length - wire->ahead_at;
    size_t got = left < length ? left : length;
    if (got > 0)
        memcpy(bytes, wire->ahead.data + wire->ahead_at, got);
    wire->ahead_at += got;
    return got;
}

static bool read_ahead(struct wire *wire, struct error *error)
{
    wire->ahead_at = 0;
    buffer_clear(&wire->ahead);
    buffer_reserve(&wire->ahead, STEP_BYTES);
    return read_some(wire, wire->ahead.data, STEP_BYTES, &wire->ahead.length, error);
}

static bool read_exactly(struct wire *wire, char *bytes, size_t length, struct error *error)
{
    for (size_t done = 0; done < length;) {
        size_t got = take_ahead(wire, bytes + done, length - done);
        bool is_large = length - done >= STEP_BYTES;
        if (got == 0 && !(is_large ? read_some(wire, bytes + done, length - done, &got, error)
                                   : read_ahead(wire, error)))
            return false;
        done += got;
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

static bool take_refusal(struct wire *wire, struct error *error)
{
    int64_t code;
    if (!wire_number(wire, &code) || code <= ERROR_NONE || code > ERROR_UNSUPPORTED)
        return wire_misfit(error);
    size_t length = wire_left(wire);
    const char *message = wire_bytes(wire, length), *end = memchr(message, '\0', length);
    error_set(error, (enum error_code)code, "%.*s", (int)length, message);
    return end != NULL && end + 1 < message + length
               ? error_hint(error, "%.*s", (int)(message + length - end - 1), end + 1)
               : false;
}

bool wire_next(struct wire *wire, char *ret_what, struct error *error)
{
    char head[HEAD_BYTES];
    if (!read_exactly(wire, head, sizeof(head), error))
        return false;
    uint64_t length = number_of(head + 1);
    if (length > wire->frame_max_bytes || length > wire->bytes_left)
        return wire_misfit(error);
    wire->bytes_left -= length;
    wire->at = 0;
    buffer_clear(&wire->frame);
    buffer_reserve(&wire->frame, (size_t)length);
    if (!read_exactly(wire, wire->frame.data, (size_t)length, error))
        return false;
    wire->frame.length = (size_t)length;
    if (head[0] == 'X')
        return take_refusal(wire, error);
    *ret_what = head[0];
    return true;
}

size_t wire_left(const struct wire *wire)
{
    return wire->frame.length - wire->at;
}

const char *wire_bytes(struct wire *wire, size_t length)
{
    if (length > wire_left(wire))
        return NULL;
    wire->at += length;
    return wire->frame.data + wire->at - length;
}

bool wire_copy(struct wire *wire, void *to, size_t length)
{
    const char *bytes = wire_bytes(wire, length);
    if (bytes != NULL)
        memcpy(to, bytes, length);
    return bytes != NULL;
}

bool wire_number(struct wire *wire, int64_t *ret_number)
{
    const char *bytes = wire_bytes(wire, NUMBER_BYTES);
    if (bytes != NULL)
        *ret_number = (int64_t)number_of(bytes);
    return bytes != NULL;
}
