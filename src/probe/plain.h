/* SPDX-License-Identifier: Apache-2.0 */
/* Commands in the text of a script: which can stand there as they are, and quotes for the others.
 */
#ifndef PROBE_PLAIN_H
#define PROBE_PLAIN_H

#include "base/buffer.h"

/* True when every shell surely reads COMMAND as complete simple commands (joined by ; && || |):
 * no syntax error, nothing left open, no reserved word. It then costs one process less than by way
 * of eval. False says nothing about the command. */
bool command_is_plain(const char *command);

/* True when COMMAND is plain, and each of its simple commands starts a program that no shell has
 * built in: it cannot change the shell it stands in, and needs no subshell. */
bool command_is_harmless_to_shell(const char *command);

/* Append COMMAND as one word in single quotes. */
void shell_append_quoted(struct buffer *text, const char *command);

#endif
