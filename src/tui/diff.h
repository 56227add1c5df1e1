/* SPDX-License-Identifier: Apache-2.0 */
/* The difference between two texts, line by line. */
#ifndef TUI_DIFF_H
#define TUI_DIFF_H

#include "base/buffer.h"

/* Where more would have to be compared, the middle is told as removed and added as a whole. */
#define DIFF_LINES_MAX 4000

/* Append the lines of both: "  " in front of those in both, "- " of those in BEFORE alone, "+ " of
 * those in AFTER alone; runs of equal lines are cut to those near a change. Returns how many lines
 * differ. */
size_t diff_append(const struct buffer *before, const struct buffer *after, struct buffer *text);

#endif
