/* SPDX-License-Identifier: Apache-2.0 */
/* The right side of Walk: everything about one check, laid out for reading and deciding. */
#ifndef TUI_CHECK_PANE_H
#define TUI_CHECK_PANE_H

#include "document.h"
#include "facts.h"

/* What is to be read, from the title to the comments. */
void check_pane_build(struct document *document, const struct facts *facts,
                      const struct item *item);
/* What is suggested and what was decided, each in ROWS at most; stands below the rest and never
 * scrolls away. */
void check_pane_build_foot(struct document *document, const struct item *item, size_t rows);

#endif
