/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting diagnostics; the public side is in checklist/load.h. */
#ifndef CHECKLIST_DIAGNOSTICS_H
#define CHECKLIST_DIAGNOSTICS_H

#include "checklist/load.h"

#define DIAGNOSTICS_KEPT_MAX 100

void diagnostics_error(struct diagnostics *diagnostics, struct position position,
                       const char *format, ...) PRINTF_LIKE(3, 4);
void diagnostics_warning(struct diagnostics *diagnostics, struct position position,
                         const char *format, ...) PRINTF_LIKE(3, 4);
/* Put the items from index FROM on in the order of their positions. */
void diagnostics_sort(struct diagnostics *diagnostics, size_t from);
/* Append "LINE:COLUMN: ", or nothing where the position is not known. */
void diagnostics_place(struct buffer *text, struct position position);

#endif
