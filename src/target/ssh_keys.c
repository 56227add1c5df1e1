/* SPDX-License-Identifier: Apache-2.0 */
/* The keys that a login can be tried with: files of private keys, and what an agent holds. */
#include "ssh_login.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PASSPHRASE_ATTEMPTS = 3 };

/* ---- keys of the agent ---- */

static int agent_step(struct ssh_connection *ssh, void *argument)
{
    (void)argument;
    return ssh_userauth_agent(ssh->session, NULL);
}

/* libssh writes to the agent by write(2): an agent that ended must not end us. */
static bool repeat_without_sigpipe(struct login_run *run, int *ret_result, struct error *error)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    sigaction(SIGPIPE, &ignore, &before);
    bool done = login_repeat(run, agent_step, NULL, ret_result, error);
    sigaction(SIGPIPE, &before, NULL);
    return done;
}

/* Send what libssh wrote while it was not connected to the server: one small packet, and the server
 * waits for it. */
static bool forward(int from, int to, struct error *error)
{
    char bytes[4096];
    for (;;) {
        ssize_t got = recv(from, bytes, sizeof(bytes), MSG_DONTWAIT);
        if (got <= 0)
            return true;
        if (send(to, bytes, (size_t)got, MSG_NOSIGNAL) != got)
            return error_set(error, ERROR_UNREACHABLE, "the server hung up during the login");
    }
}

/* One step during which nothing of the server can be heard: its descriptor stands for a socket of
 * ours meanwhile. */
static bool step_unheard(struct ssh_connection *ssh, int *ret_result, struct error *error)
{
    int fds[2];
    int kept = fcntl(ssh->fd, F_DUPFD_CLOEXEC, 3);
    if (kept < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, fds) != 0) {
        if (kept >= 0)
            close(kept);
        return error_set(error, ERROR_IO, "cannot make a socket: %s", strerror(errno));
    }
    dup3(fds[0], ssh->fd, O_CLOEXEC);
    *ret_result = agent_step(ssh, NULL);
    dup3(kept, ssh->fd, O_CLOEXEC);
    bool done = forward(fds[1], ssh->fd, error);
    close(kept);
    close(fds[0]);
    close(fds[1]);
    return done;
}

/* libssh can only try all keys of an agent in turn. So it is shown, in place of the agent, a socket
 * that answers with one key; it then offers that key to the server and has to wait. Before its next
 * step, which is to have it signed, the socket is exchanged for one to the real agent. */
static bool run_agent(struct login_run *run, const struct agent_key *key, int agent_fd,
                      int *ret_result, struct error *error)
{
    int fds[2];
    if (!agent_answer_with(key, fds, error))
        return false;
    ssh_set_agent_socket(run->ssh->session, fds[0]);
    bool done = step_unheard(run->ssh, ret_result, error);
    ssh_set_agent_socket(run->ssh->session, agent_fd);
    close(fds[0]);
    close(fds[1]);
    if (done && *ret_result == SSH_AUTH_AGAIN)
        done = repeat_without_sigpipe(run, ret_result, error);
    ssh_set_agent_socket(run->ssh->session, SSH_INVALID_SOCKET);
    return done;
}

static enum login_outcome try_agent_key(struct login_run *run, const struct agent_key *key,
                                        struct error *error)
{
    int result, agent_fd;
    AUTO_FREE char *comment = ssh_quote(key->comment);
    struct error ignored; /* an agent that is gone is one identity less */
    if (!agent_connect(run->login->settings->agent_socket, &agent_fd, &ignored))
        return LOGIN_NEXT;
    strings_push_take(&run->tried, memory_format("agent key %s", comment));
    bool done = run_agent(run, key, agent_fd, &result, error);
    close(agent_fd);
    return done ? login_judge(run, result, "agent", key->key.fingerprint, error) : LOGIN_FAILED;
}

static const struct agent_key *find_in_agent(const struct login_run *run, const char *public_key)
{
    for (size_t i = 0; public_key != NULL && i < run->agent.count; i++)
        if (strcmp(run->agent.items[i].key.key, public_key) == 0)
            return &run->agent.items[i];
    return NULL;
}

static bool is_file_identity(const struct login_run *run, const struct agent_key *key)
{
    for (size_t i = 0; i < run->identity_count; i++)
        if (run->identities[i].key.key != NULL &&
            strcmp(run->identities[i].key.key, key->key.key) == 0)
            return true;
    return false;
}

/* ---- key files ---- */

static int sign_step(struct ssh_connection *ssh, void *key)
{
    return ssh_userauth_publickey(ssh->session, NULL, key);
}

static int offer_step(struct ssh_connection *ssh, void *key)
{
    return ssh_userauth_try_publickey(ssh->session, NULL, key);
}

static enum login_outcome sign_with(struct login_run *run, ssh_key key, const char *how,
                                    const char *fingerprint, struct error *error)
{
    int result;
    if (!login_repeat(run, sign_step, key, &result, error))
        return LOGIN_FAILED;
    return login_judge(run, result, how, fingerprint, error);
}

/* With its certificate first, as the OpenSSH client does. */
static enum login_outcome sign(struct login_run *run, struct identity *identity,
                               struct error *error)
{
    const char *fingerprint = identity->key.fingerprint;
    enum login_outcome outcome = LOGIN_NEXT;
    if (identity->certified_key != NULL)
        outcome = sign_with(run, identity->certified_key, "certificate", fingerprint, error);
    if (outcome == LOGIN_NEXT)
        outcome = sign_with(run, identity->private_key, "publickey", fingerprint, error);
    return outcome;
}

static bool unlock(struct login_run *run, struct identity *identity)
{
    struct prompt prompt = {.kind = PROMPT_PASSPHRASE, .text = identity->path};
    for (int attempt = 1; attempt <= PASSPHRASE_ATTEMPTS; attempt++) {
        struct buffer answer = {0};
        prompt.attempt = attempt;
        bool is_answered = login_ask(run, &prompt, &answer);
        if (is_answered)
            identity_unlock(identity, buffer_text(&answer));
        login_wipe(&answer);
        if (identity->state == IDENTITY_READY)
            return true;
        if (!is_answered)
            break;
    }
    return false;
}

/* The passphrase is only worth asking for when the server would take the key. */
static enum login_outcome try_encrypted(struct login_run *run, struct identity *identity,
                                        struct error *error)
{
    int result = SSH_AUTH_SUCCESS;
    if (identity->public_key != NULL &&
        !login_repeat(run, offer_step, identity->public_key, &result, error))
        return LOGIN_FAILED;
    bool is_worth_it = result == SSH_AUTH_SUCCESS;
    bool is_unlocked = is_worth_it && unlock(run, identity);
    strings_push_take(
        &run->tried, memory_format("%s%s", identity->path,
                                   is_worth_it && !is_unlocked ? " (without its passphrase)" : ""));
    if (!is_worth_it)
        return login_judge(run, result, "", "", error);
    return is_unlocked ? sign(run, identity, error) : LOGIN_NEXT;
}

static enum login_outcome try_identity(struct login_run *run, struct identity *identity,
                                       struct error *error)
{
    const struct agent_key *held = find_in_agent(run, identity->key.key);
    if (held != NULL)
        return try_agent_key(run, held, error);
    if (identity->state == IDENTITY_UNUSABLE)
        strings_push_take(&run->tried,
                          memory_format("%s (%s)", identity->path, identity->complaint));
    if (identity->state != IDENTITY_READY)
        return LOGIN_NEXT;
    strings_push(&run->tried, identity->path);
    return sign(run, identity, error);
}

/* ---- all keys ---- */

static bool keys_are_taken(const struct login_run *run)
{
    return run->methods == 0 || (run->methods & SSH_AUTH_METHOD_PUBLICKEY) != 0;
}

static void find_keys(struct login_run *run)
{
    const struct ssh_settings *settings = run->login->settings;
    struct error problem = {0};
    for (size_t i = 0; i < settings->identity_files.count && i < IDENTITIES_MAX; i++)
        identity_read(settings->identity_files.items[i], &run->identities[run->identity_count++]);
    bool has_agent = settings->agent_socket != NULL && settings->agent_socket[0] != '\0';
    if (has_agent && !agent_list(settings->agent_socket, &run->agent, &problem))
        ssh_tell_progress(run->login->events, "%s", problem.message);
}

enum login_outcome ssh_try_keys(struct login_run *run, struct error *error)
{
    enum login_outcome outcome = LOGIN_NEXT;
    find_keys(run);
    for (size_t i = 0; i < run->identity_count && outcome == LOGIN_NEXT; i++)
        if (keys_are_taken(run))
            outcome = try_identity(run, &run->identities[i], error);
    for (size_t i = 0; i < run->agent.count && outcome == LOGIN_NEXT; i++)
        if (keys_are_taken(run) && !run->login->settings->identities_only &&
            !is_file_identity(run, &run->agent.items[i]))
            outcome = try_agent_key(run, &run->agent.items[i], error);
    for (size_t i = 0; i < run->identity_count && outcome == LOGIN_NEXT; i++)
        if (keys_are_taken(run) && run->identities[i].state == IDENTITY_ENCRYPTED &&
            find_in_agent(run, run->identities[i].key.key) == NULL)
            outcome = try_encrypted(run, &run->identities[i], error);
    return outcome;
}
