/* SPDX-License-Identifier: Apache-2.0 */
/* What a reader of commands has to be told before consent to them. */
#ifndef TUI_COMMANDS_VIEW_H
#define TUI_COMMANDS_VIEW_H

#include "base/buffer.h"

/* How many characters of COMMANDS a reader could mistake: hidden ones, and letters that look like
 * others. */
size_t commands_count_odd(const struct buffer *commands);
/* Append a paragraph about them, when there are any. */
void commands_warn_of_odd(struct buffer *text, size_t odd);
/* "3 commands" */
void commands_append_count(struct buffer *text, size_t count, const char *thing);

#endif
