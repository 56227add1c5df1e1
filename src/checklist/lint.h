/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of lint. */
#ifndef CHECKLIST_LINT_H
#define CHECKLIST_LINT_H

#include "base/buffer.h"
#include "diagnostics.h"

/* Append what a command seems to change, "writes to /etc/x, calls rm"; nothing when it only looks.
 */
void lint_command_changes(const char *command, struct buffer *text);

#endif
