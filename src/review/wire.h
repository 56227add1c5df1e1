/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames on a pipe from the process that reads a stranger's file to the one that started it. A
 * frame is a byte that says what it is, the length of what follows as 8 bytes, most significant
 * first, and that. Numbers are such 8 bytes too. Whoever reads takes the writer for hostile.
 *
 *     X  number of an error's code, message, and behind a NUL how to mend it: why nothing else
 * comes
 */
#ifndef WIRE_H
#define WIRE_H

#include "base/buffer.h"
#include "base/error.h"

/* --- sending --- */

void wire_append_number(struct buffer *frame, uint64_t number);
bool wire_send(int fd, char what, const struct buffer *payload, struct error *error) MUST_USE;

/* --- taking --- */

struct wire {
    int fd;
    uint64_t bytes_left;      /* that may come, payloads only */
    uint64_t frame_max_bytes; /* of one payload */
    int64_t deadline_ms;      /* on the monotonic clock: when everything has to be here */
    struct buffer frame;      /* the payload of the frame that came last */
    size_t at;                /* as far as it is read */
    struct buffer ahead;      /* what came behind it already */
    size_t ahead_at;
};
/* As long as verifying and telling a file may take, from now on. */
void wire_open(struct wire *wire, int fd, uint64_t max_bytes, uint64_t frame_max_bytes);
void wire_release(struct wire *wire);
/* ERROR_CORRUPT: it does not fit, broke off, or took too long. The error of an X frame is handed
 * on, with RET_WHAT unchanged. */
bool wire_next(struct wire *wire, char *ret_what, struct error *error) MUST_USE;
/* The process told something that does not fit. Returns false. */
bool wire_misfit(struct error *error);

/* The parts of the payload, one after the other; NULL or false when there is less. */
size_t wire_left(const struct wire *wire);
const char *wire_bytes(struct wire *wire, size_t length);
bool wire_copy(struct wire *wire, void *to, size_t length) MUST_USE;
bool wire_number(struct wire *wire, int64_t *ret_number) MUST_USE;

#endif
