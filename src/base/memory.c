/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include <stdarg.h>
#include <unistd.h>

void *memory_new(size_t count, size_t size)
{
    void *memory = count == 0 || size == 0 ? calloc(1, 1) : calloc(count, size);
    if (memory == NULL)
        memory_exhausted();
    return memory;
}

void *memory_resize(void *memory, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        memory_exhausted();
    void *resized = realloc(memory, bytes == 0 ? 1 : bytes);
    if (resized == NULL)
        memory_exhausted();
    return resized;
}

char *memory_copy_text(const char *text)
{
    return text == NULL ? NULL : memory_copy(text, strlen(text));
}

char *memory_copy(const void *bytes, size_t length)
{
    size_t with_nul;
    if (__builtin_add_overflow(length, 1, &with_nul))
        memory_exhausted();
    char *copy = memory_new(with_nul, 1);
    if (length > 0)
        memcpy(copy, bytes, length);
    return copy;
}

char *memory_format(const char *format, ...)
{
    va_list arguments;
    char *text = NULL;
    va_start(arguments, format);
    int length = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (length < 0)
        memory_exhausted();
    return text;
}

void memory_wipe(void *memory, size_t length)
{
    if (length > 0)
        explicit_bzero(memory, length);
}

void memory_exhausted(void)
{
    static const char message[] = "walkdown: out of memory\n";
    ssize_t ignored UNUSED = write(STDERR_FILENO, message, sizeof(message) - 1);
    abort();
}
