/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of a long run of bytes, found fast without a list of them: the line feeds of each block of
 * 512 bytes are counted once. 64 MiB cost 512 KiB of memory, whatever is in them.
 */
#ifndef TUI_LINES_H
#define TUI_LINES_H

#include "base/memory.h"

struct lines {
    const char *data; /* borrowed */
    size_t length;
    uint32_t *before; /* line feeds before each block */
    size_t count;     /* lines; a line feed at the very end begins no other */
};

/* DATA stays the caller's and must not change; 4 GiB at most. */
void lines_init(struct lines *lines, const char *data, size_t length);
void lines_release(struct lines *lines);
/* Where line NUMBER (from 0, below count) begins. */
size_t lines_start(const struct lines *lines, size_t number);
/* Where the line that begins at START ends, its line feed not counted. */
size_t lines_end(const struct lines *lines, size_t start);
/* The number of the line that holds the byte at OFFSET. */
size_t lines_number(const struct lines *lines, size_t offset);

#endif
