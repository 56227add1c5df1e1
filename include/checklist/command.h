/* SPDX-License-Identifier: Apache-2.0 */
/* What a command of a POSIX shell seems to do; a guess for readers and authors, not a proof. */
#ifndef CHECKLIST_COMMAND_H
#define CHECKLIST_COMMAND_H

#include "base/buffer.h"

/* Append what a command seems to change, "writes to /etc/x, calls rm"; nothing when it only looks.
 * What is appended holds words of the command: untrusted. */
void command_changes(const char *command, struct buffer *text);

#endif
