/* SPDX-License-Identifier: Apache-2.0 */
/* What is unwise about a regular expression that compiles. */
#ifndef CHECKLIST_LINT_PATTERN_H
#define CHECKLIST_LINT_PATTERN_H

#include "base/memory.h"

/* True when it may try exponentially many, or quadratically many, ways to fail: "(a+)+", ".*.*".
 * A rule of thumb, by the text: a group without anything fixed that is repeated around a
 * repetition. */
bool pattern_backtracks(const char *text);
/* True when every text matches it. */
bool pattern_matches_anything(const char *text);

#endif
