/* SPDX-License-Identifier: Apache-2.0 */
/* The code points that may be shown as they are, and how wide they are. */
#ifndef UNICODE_TABLE_H
#define UNICODE_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum unicode_kind {
    UNICODE_HIDDEN, /* in no range: never shown as it is */
    UNICODE_NARROW,
    UNICODE_WIDE,
    UNICODE_MARK, /* joins the character before it and takes no column */
    UNICODE_SPACING_MARK,
    UNICODE_WIDE_SPACING_MARK
};

struct unicode_range {
    uint32_t first : 24;
    uint32_t kind : 8;
    uint32_t last;
};

/* Sorted by code point; ranges do not overlap. */
extern const struct unicode_range unicode_ranges[];
extern const size_t unicode_range_count;

#endif
