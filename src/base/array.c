/* SPDX-License-Identifier: Apache-2.0 */
#include "base/array.h"

#include "base/buffer.h"

void *array_grow(void *items, size_t count, size_t size)
{
    if ((count & (count - 1)) == 0) {
        size_t wanted;
        if (__builtin_mul_overflow(count, (size_t)2, &wanted))
            memory_exhausted();
        items = memory_resize(items, count == 0 ? 1 : wanted, size);
    }
    memset((char *)items + count * size, 0, size);
    return items;
}

void strings_release(struct strings *strings)
{
    for (size_t i = 0; i < strings->count; i++)
        free(strings->items[i]);
    free(strings->items);
    *strings = (struct strings){0};
}

void strings_push(struct strings *strings, const char *text)
{
    strings_push_take(strings, memory_copy_text(text));
}

void strings_push_length(struct strings *strings, const char *text, size_t length)
{
    strings_push_take(strings, memory_copy(text, length));
}

void strings_push_take(struct strings *strings, char *text)
{
    *array_push(strings->items, strings->count) = text;
}

bool strings_contains(const struct strings *strings, const char *text)
{
    for (size_t i = 0; i < strings->count; i++)
        if (strcmp(strings->items[i], text) == 0)
            return true;
    return false;
}

static int compare_items(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void strings_sort(struct strings *strings)
{
    if (strings->count > 1)
        qsort(strings->items, strings->count, sizeof(*strings->items), compare_items);
}

char *strings_join(const struct strings *strings, const char *separator)
{
    struct buffer text = {0};
    for (size_t i = 0; i < strings->count; i++) {
        if (i > 0)
            buffer_append_text(&text, separator);
        buffer_append_text(&text, strings->items[i]);
    }
    return buffer_take(&text);
}

void strings_split(struct strings *strings, const char *text, char separator)
{
    for (;;) {
        const char *end = strchrnul(text, separator);
        strings_push_length(strings, text, (size_t)(end - text));
        if (*end == '\0')
            return;
        text = end + 1;
    }
}
