/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A growing run of bytes, always followed by a NUL that does not count. Zeroed memory is an empty
 * buffer. Used for text and for binary data alike.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/memory.h"

#include <stdarg.h>

struct buffer {
    char *data;      /* NULL while nothing was ever appended */
    size_t length;   /* bytes in use */
    size_t capacity; /* bytes allocated */
};

/* Free the bytes; the buffer is empty and usable again. */
void buffer_release(struct buffer *buffer);
/* Forget the contents, keep the memory. */
void buffer_clear(struct buffer *buffer);
/* Make room for LENGTH more bytes. */
void buffer_reserve(struct buffer *buffer, size_t length);
void buffer_append(struct buffer *buffer, const void *bytes, size_t length);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_byte(struct buffer *buffer, char byte);
void buffer_append_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
void buffer_append_format_list(struct buffer *buffer, const char *format, va_list arguments)
    PRINTF_LIKE(2, 0);
/* Remove LENGTH bytes at the front; what follows moves up. */
void buffer_consume(struct buffer *buffer, size_t length);
/* The same for what may be a secret: no copy stays behind the buffer's end. */
void buffer_consume_wiped(struct buffer *buffer, size_t length);
/* The contents as a string; "" when empty. Borrowed until the next change. */
const char *buffer_text(const struct buffer *buffer);
/* Hand out the bytes (never NULL); the buffer is empty afterwards. Free with free(). */
char *buffer_take(struct buffer *buffer) MUST_USE;

#endif
