/* SPDX-License-Identifier: Apache-2.0 */
/* Which commands can stand in a script as they are. */
#ifndef PROBE_PLAIN_H
#define PROBE_PLAIN_H

#include <stdbool.h>

/* True when every shell surely reads COMMAND as complete simple commands (joined by ; && || |):
 * no syntax error, nothing left open, no reserved word. It then costs one process less than by way
 * of eval. False says nothing about the command. */
bool command_is_plain(const char *command);

#endif
