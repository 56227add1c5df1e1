/* SPDX-License-Identifier: Apache-2.0 */
/* Finding ${id} in texts. */
#ifndef CHECKLIST_PLACEHOLDER_H
#define CHECKLIST_PLACEHOLDER_H

#include "base/memory.h"

#define PLACEHOLDER_ID_BYTES 64

struct placeholder {
    size_t start, length; /* of "${id}" in the text */
    char id[PLACEHOLDER_ID_BYTES];
};

/* The next ${id} at or behind FROM, whether or not there is such a parameter. */
bool placeholder_find(const char *text, size_t from, struct placeholder *ret_placeholder) MUST_USE;
/* The same for patterns, where "\${id}" is none. */
bool placeholder_find_in_pattern(const char *text, size_t from,
                                 struct placeholder *ret_placeholder) MUST_USE;
/* True when the whole text is one placeholder. */
bool placeholder_is_all(const char *text, struct placeholder *ret_placeholder) MUST_USE;

#endif
