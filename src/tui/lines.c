/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include <string.h>

enum { BLOCK_BYTES = 512 };

static uint32_t count_feeds(const char *bytes, size_t length)
{
    uint32_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += bytes[i] == '\n';
    return count;
}

void lines_init(struct lines *lines, const char *data, size_t length)
{
    *lines = (struct lines){.data = data, .length = length};
    size_t blocks = length / BLOCK_BYTES + 1;
    lines->before = memory_new(blocks, sizeof(*lines->before));
    uint32_t feeds = 0;
    for (size_t block = 0; block < blocks; block++) {
        size_t start = block * BLOCK_BYTES;
        size_t left = length - start;
        lines->before[block] = feeds;
        feeds += count_feeds(data + start, left < BLOCK_BYTES ? left : BLOCK_BYTES);
    }
    lines->count = feeds + (length > 0 && data[length - 1] != '\n');
}

void lines_release(struct lines *lines)
{
    free(lines->before);
    *lines = (struct lines){0};
}

/* The last block with fewer than FEEDS line feeds before it. */
static size_t find_block(const struct lines *lines, size_t feeds)
{
    size_t low = 0;
    size_t high = lines->length / BLOCK_BYTES;
    while (low < high) {
        size_t middle = (low + high + 1) / 2;
        if (lines->before[middle] < feeds)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

size_t lines_start(const struct lines *lines, size_t number)
{
    if (number == 0)
        return 0;
    size_t block = find_block(lines, number);
    const char *at = lines->data + block * BLOCK_BYTES;
    const char *end = lines->data + lines->length;
    for (size_t feeds = lines->before[block]; feeds < number && at < end; feeds++) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        at = feed != NULL ? feed + 1 : end;
    }
    return (size_t)(at - lines->data);
}

/* Not by memchr() from START on: that would walk through all of a line of 64 MiB, each time. */
size_t lines_end(const struct lines *lines, size_t start)
{
    if (start >= lines->length)
        return lines->length;
    size_t at = find_block(lines, lines_number(lines, start) + 1) * BLOCK_BYTES;
    if (at < start)
        at = start;
    const char *feed = memchr(lines->data + at, '\n', lines->length - at);
    return feed != NULL ? (size_t)(feed - lines->data) : lines->length;
}

size_t lines_number(const struct lines *lines, size_t offset)
{
    size_t block = offset / BLOCK_BYTES;
    size_t start = block * BLOCK_BYTES;
    return lines->before[block] + count_feeds(lines->data + start, offset - start);
}
