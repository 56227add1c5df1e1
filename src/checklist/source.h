/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is checked about the bytes of a checklist before and after the YAML parser sees them: size,
 * encoding, characters, directives, a second document. Directives and what follows the document
 * cost libyaml quadratic time, so it never gets to see them.
 */
#ifndef CHECKLIST_SOURCE_H
#define CHECKLIST_SOURCE_H

#include "diagnostics.h"

/* False, with one diagnostic, when the bytes may not be given to the parser. */
bool source_check(const char *bytes, size_t length, struct diagnostics *diagnostics) MUST_USE;
/* False, with one diagnostic, when something but blanks and comments follows the document that ends
 * at END. */
bool source_check_end(const char *bytes, size_t length, struct position end,
                      struct diagnostics *diagnostics) MUST_USE;
/* True for a character that may stand in a text: no control character but tab and line feed. */
bool source_allows(int32_t code_point);

#endif
