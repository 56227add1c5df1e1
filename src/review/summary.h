/* SPDX-License-Identifier: Apache-2.0 */
/* One line about an entry for a reader. A part of the projections: it may change only together with
 * the schema version, so it uses no table that grows with Unicode. */
#ifndef SUMMARY_H
#define SUMMARY_H

#include "base/json.h"

/* Append TEMPLATE (struct body_kind) filled in from BODY. */
void summary_append(struct buffer *summary, const char *template, const json_t *body);
/* Make one line of at most MAX_BYTES of it: control bytes become spaces. */
void summary_trim(struct buffer *summary, size_t max_bytes);

#endif
