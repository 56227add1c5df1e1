/* SPDX-License-Identifier: Apache-2.0 */
/* The hops of a target: their part of its grammar. */
#ifndef TARGET_HOP_H
#define TARGET_HOP_H

#include "base/buffer.h"
#include "target/spec.h"

/* Parse what stands behind the place: "" or "/KIND[:VALUE]...". The reason of a failure is not
 * to be freed. */
bool hops_parse(const char *text, struct target_spec *spec, const char **ret_why) MUST_USE;
void hops_append_text(const struct target_spec *spec, struct buffer *text);

#endif
