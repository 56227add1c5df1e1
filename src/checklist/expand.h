/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of expansion that the room shares. */
#ifndef CHECKLIST_EXPAND_H
#define CHECKLIST_EXPAND_H

#include "base/buffer.h"
#include "checklist/parameters.h"

/* The values of a parameter, or NULL when there is none of that id. */
const struct strings *parameters_values(const struct parameters *parameters, const char *id);
/* TEXT with each reference replaced by its value as it is. */
char *parameters_expand_text(const struct parameters *parameters, const char *text) MUST_USE;
/* Append WORD in single quotes. */
void expand_shell_word(struct buffer *command, const char *word);

#endif
