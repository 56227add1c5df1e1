/* SPDX-License-Identifier: Apache-2.0 */
/* What the two halves of a login share: ssh_keys.c, what we hold; ssh_login.c, what we are asked.
 */
#ifndef TARGET_SSH_LOGIN_H
#define TARGET_SSH_LOGIN_H

#include "agent.h"
#include "identity.h"
#include "ssh.h"

enum { IDENTITIES_MAX = 32 };

enum login_outcome { LOGIN_IN, LOGIN_NEXT, LOGIN_FAILED };

struct login_run {
    struct ssh_login *login;
    struct ssh_connection *ssh;
    struct agent_keys agent;
    struct identity identities[IDENTITIES_MAX];
    size_t identity_count;
    struct strings tried; /* for the message when nothing helps */
    unsigned methods;     /* what the server takes, as it said last; 0: not known yet */
    bool is_partial;      /* one step was accepted, the server wants another */
    bool was_declined;    /* the user gave no answer */
};

/* Repeat a step of a login; fails at the deadline. */
bool login_repeat(struct login_run *run, ssh_step_function *step, void *argument, int *ret_result,
                  struct error *error) MUST_USE;
/* What a result of libssh means for the login. HOW and FINGERPRINT: what to remember when it was
 * the last step. */
enum login_outcome login_judge(struct login_run *run, int result, const char *how,
                               const char *fingerprint, struct error *error);
/* Ask the user; the time it takes does not count. The answer is to be wiped. */
bool login_ask(struct login_run *run, const struct prompt *prompt, struct buffer *ret_answer);
void login_wipe(struct buffer *answer);

/* Try all keys, of files and of the agent. */
enum login_outcome ssh_try_keys(struct login_run *run, struct error *error);

#endif
