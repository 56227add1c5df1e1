/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"

void buffer_release(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
    buffer->length = 0;
    if (buffer->data != NULL)
        buffer->data[0] = '\0';
}

void buffer_reserve(struct buffer *buffer, size_t length)
{
    size_t needed;
    if (__builtin_add_overflow(buffer->length, length, &needed) ||
        __builtin_add_overflow(needed, (size_t)1, &needed))
        memory_exhausted();
    if (needed <= buffer->capacity)
        return;
    size_t doubled;
    if (__builtin_mul_overflow(buffer->capacity, (size_t)2, &doubled))
        doubled = needed;
    buffer->capacity = doubled > needed ? doubled : needed < 64 ? 64 : needed;
    buffer->data = memory_resize(buffer->data, buffer->capacity, 1);
    buffer->data[buffer->length] = '\0';
}

void buffer_append(struct buffer *buffer, const void *bytes, size_t length)
{
    buffer_reserve(buffer, length);
    if (length > 0)
        memcpy(buffer->data + buffer->length, bytes, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
}

void buffer_append_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, text, strlen(text));
}

void buffer_append_byte(struct buffer *buffer, char byte)
{
    buffer_append(buffer, &byte, 1);
}

void buffer_append_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_append_format_list(buffer, format, arguments);
    va_end(arguments);
}

void buffer_append_format_list(struct buffer *buffer, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    buffer_reserve(buffer, 0);
    size_t room = buffer->capacity - buffer->length;
    int length = vsnprintf(buffer->data + buffer->length, room, format, arguments);
    if (length < 0)
        memory_exhausted();
    if ((size_t)length >= room) {
        buffer_reserve(buffer, (size_t)length);
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
    }
    va_end(again);
    buffer->length += (size_t)length;
}

void buffer_consume(struct buffer *buffer, size_t length)
{
    if (length == 0)
        return;
    if (length >= buffer->length) {
        buffer_clear(buffer);
        return;
    }
    buffer->length -= length;
    memmove(buffer->data, buffer->data + length, buffer->length + 1);
}

void buffer_consume_wiped(struct buffer *buffer, size_t length)
{
    size_t before = buffer->length;
    buffer_consume(buffer, length);
    if (before > buffer->length)
        memory_wipe(buffer->data + buffer->length, before - buffer->length);
}

const char *buffer_text(const struct buffer *buffer)
{
    return buffer->data == NULL ? "" : buffer->data;
}

char *buffer_take(struct buffer *buffer)
{
    buffer_reserve(buffer, 0);
    char *data = buffer->data;
    *buffer = (struct buffer){0};
    return data;
}
