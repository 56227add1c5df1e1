/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that commands ask on the controlling terminal while a loop has the signals blocked. */
#ifndef CLI_TERMINAL_QUESTION_H
#define CLI_TERMINAL_QUESTION_H

#include "assess/session.h"

#define TERMINAL_ANSWER_BYTES 1024

/* What ends a command, 0-terminated; for loop_signals_set(). */
extern const int ending_signals[];

/* Ask about a host key at first contact; EXPECTED: the fingerprint given on the command line, or
 * NULL. PURPOSE is what "yes" does. RET_REFUSED gets the fingerprint when nobody could be asked. */
bool terminal_accepts_hostkey(const struct hostkey *hostkey, const char *expected,
                              const char *purpose, char **ret_refused);
/* Ask for a secret; false: none was given. The caller wipes the answer. */
bool terminal_answers(const struct prompt *prompt, char answer[TERMINAL_ANSWER_BYTES]);
/* "read", "active" or both, with a comma; NULL: none. */
bool consent_parse(const char *text, bool *ret_read, bool *ret_active,
                   struct error *error) MUST_USE;

#endif
