/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a target runs as root, as exactly as a rule of sudoers can name it: "/bin/sh -c WORD". WORD
 * holds the settings and the command, and neither blanks nor line feeds: sudo joins the arguments
 * with blanks before it compares them, so that a text with blanks could be cut elsewhere and still
 * fit. Nothing of it varies from run to run. stdin is closed off inside, so that whoever may run it
 * cannot feed it.
 */
#ifndef PROBE_ROOT_H
#define PROBE_ROOT_H

#include "base/buffer.h"
#include "target/spec.h"

#define ROOT_SETTINGS                                                                              \
    "LC_ALL=C LANGUAGE= PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin\n"       \
    "export LC_ALL LANGUAGE PATH\n"                                                                \
    "umask 077\n"                                                                                  \
    "cd / || exit 125\n"                                                                           \
    "ulimit -c 0\n"

/* sudo and doas end with status 1 when they refuse; a command's own 1 comes as this, and this as 1.
 */
#define ROOT_STATUS_ONE 231

/* Append lines of shell that tell a command from the host which sandbox it is about; none for NULL.
 */
void root_append_sandbox(struct buffer *text, const struct target_hop *sandbox);
/* Append the word for COMMAND. Its exit status is the command's, but for ROOT_STATUS_ONE. SANDBOX:
 * which one a command from the host is about; NULL: none. */
void root_append_word(struct buffer *text, const struct target_hop *sandbox, const char *command);
/* Append the word that starts the watchdog of root: it ends the process group of whoever called
 * sudo when the leader of that group is gone, since what root runs only root can end. Status 0: it
 * runs. */
void root_append_watchdog(struct buffer *text);
/* Instead of the watchdog, where there is no group of our own. */
#define ROOT_NOTHING "true"

#endif
