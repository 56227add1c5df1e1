/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The OpenSSH client is asked how to reach a host ("ssh -G"), which costs more processor time than
 * to log in there. Where its configuration surely makes no difference between hosts, one answer
 * serves for all: no Host but "*", no Match, no token, no variable, no canonical names, in any file
 * that it reads. One answer is kept in a process, for the very bytes of these files. Where these
 * files say nothing about a connection, as those of many distributions, its defaults are the
 * answer.
 */
#ifndef TARGET_SSH_ANSWERS_H
#define TARGET_SSH_ANSWERS_H

#include "base/buffer.h"
#include "target/spec.h"

/* CONFIGURATION as for -F; NULL: the files of the account, whose folder is ACCOUNT_FOLDER. True
 * where the client, asked about SPEC, would surely name its defaults. */
bool ssh_answer_is_default(const struct target_spec *spec, const char *configuration,
                           const char *account_folder) MUST_USE;
/* True: the answer of the client for SPEC is appended to RET_TEXT. */
bool ssh_answer_find(const struct target_spec *spec, const char *configuration,
                     const char *account_folder, struct buffer *ret_text) MUST_USE;
/* Keep what the client answered for SPEC, where that may serve others. */
void ssh_answer_keep(const struct target_spec *spec, const char *configuration,
                     const char *account_folder, const char *text);

#endif
