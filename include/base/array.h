/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing arrays: a pointer and a count in the owner's own struct, no capacity to keep. The memory
 * grows when the count reaches a power of two; so memory that array_push() is to go on with comes
 * from array_push() alone.
 *
 *     struct checklist { struct area *areas; size_t area_count; ... };
 *     struct area *area = array_push(checklist->areas, checklist->area_count);
 */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include "base/memory.h"

/* Append a zeroed element and return its address; earlier addresses are no longer good. */
#define array_push(items, count)                                                                   \
    ((items) = array_grow((items), (count), sizeof(*(items))), &(items)[(count)++])

/* Room for one element more than COUNT, that element zeroed. */
void *array_grow(void *items, size_t count, size_t size) MUST_USE;

/* A list of strings it owns. Zeroed memory is an empty list. */
struct strings {
    char **items;
    size_t count;
};

void strings_release(struct strings *strings);
/* Append a copy. */
void strings_push(struct strings *strings, const char *text);
void strings_push_length(struct strings *strings, const char *text, size_t length);
/* Append, taking over a string from malloc. */
void strings_push_take(struct strings *strings, char *text);
bool strings_contains(const struct strings *strings, const char *text);
/* Sort by byte value. */
void strings_sort(struct strings *strings);
/* The items with SEPARATOR between them; free with free(). */
char *strings_join(const struct strings *strings, const char *separator) MUST_USE;
/* Append the parts of TEXT between single SEPARATOR bytes; an empty TEXT has one empty part. */
void strings_split(struct strings *strings, const char *text, char separator);

#endif
