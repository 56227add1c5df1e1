/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in, in the order that asks least of everybody: keys that can sign at once, in the order
 * of the configuration; other keys of the agent; encrypted keys, whose passphrase is asked for only
 * when the server takes the key; last, where the reviewer allowed it, what the server asks itself.
 * Each identity is tried by itself, and it is known by which one the login was done.
 */
#include "ssh.h"

#include "agent.h"
#include "base/clock.h"
#include "identity.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PASSPHRASE_ATTEMPTS = 3,
    IDENTITIES_MAX = 32,
    ANSWER_RESERVE_BYTES = 1024, /* so that no copy of a secret stays behind when it grows */
    ROUNDS_MAX = 8,              /* of keyboard-interactive */
    QUESTIONS_MAX = 8,           /* in one round */
    QUESTION_MAX_BYTES = 1024
};

enum outcome { OUTCOME_IN, OUTCOME_NEXT, OUTCOME_FAILED };

struct run {
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

/* ---- results ---- */

static bool keys_are_taken(const struct run *run)
{
    return run->methods == 0 || (run->methods & SSH_AUTH_METHOD_PUBLICKEY) != 0;
}

static void set_authentication(struct run *run, const char *how, const char *fingerprint)
{
    char **authentication = &run->ssh->connection.identity.authentication;
    free(*authentication);
    *authentication = memory_format("%s%s%s", how, fingerprint[0] == '\0' ? "" : " ", fingerprint);
}

/* Whether the conversation with the server is over, which is more than one refusal. */
static enum outcome fail_or_next(struct run *run, struct error *error)
{
    if (!ssh_is_lost(run->ssh))
        return OUTCOME_NEXT;
    AUTO_FREE char *complaint = ssh_complaint(run->ssh);
    AUTO_FREE char *tried = strings_join(&run->tried, ", ");
    error_set(error, ERROR_DENIED, "'%s' ended the login as %s: %s; tried: %.200s", run->ssh->name,
              run->login->settings->user, complaint, tried);
    if (strstr(complaint, "Too many authentication failures") != NULL)
        error_hint(error, "name the right key as IdentityFile in ssh_config, with IdentitiesOnly "
                          "yes, so that no other is tried before it");
    return OUTCOME_FAILED;
}

static enum outcome judge(struct run *run, int result, const char *how, const char *fingerprint,
                          struct error *error)
{
    switch (result) {
    case SSH_AUTH_SUCCESS:
        set_authentication(run, how, fingerprint);
        return OUTCOME_IN;
    case SSH_AUTH_PARTIAL:
        run->is_partial = true;
        run->methods = (unsigned)ssh_userauth_list(run->ssh->session, NULL);
        return OUTCOME_NEXT;
    case SSH_AUTH_DENIED:
        run->methods = (unsigned)ssh_userauth_list(run->ssh->session, NULL);
        return OUTCOME_NEXT;
    default:
        return fail_or_next(run, error);
    }
}

static bool repeat(struct run *run, ssh_step_function *step, void *argument, int *ret_result,
                   struct error *error)
{
    const struct ssh_call call = {.step = step,
                                  .argument = argument,
                                  .again = SSH_AUTH_AGAIN,
                                  .deadline_ms = run->login->deadline_ms,
                                  .expected = "an answer to the login"};
    return ssh_repeat(run->ssh, &call, ret_result, error);
}

/* ---- the user ---- */

static void wipe(struct buffer *answer)
{
    if (answer->data != NULL)
        memory_wipe(answer->data, answer->capacity);
    buffer_release(answer);
}

static bool ask(struct run *run, const struct prompt *prompt, struct buffer *ret_answer)
{
    const struct connection_events *events = run->login->events;
    if (events->prompt == NULL)
        return false;
    int64_t asked_ms = clock_monotonic_ms();
    buffer_reserve(ret_answer, ANSWER_RESERVE_BYTES);
    bool is_answered = events->prompt(events->context, prompt, ret_answer);
    run->login->deadline_ms += clock_monotonic_ms() - asked_ms;
    run->was_declined |= !is_answered;
    return is_answered;
}

/* ---- keys of the agent ---- */

static int agent_step(struct ssh_connection *ssh, void *argument)
{
    (void)argument;
    return ssh_userauth_agent(ssh->session, NULL);
}

/* libssh writes to the agent by write(2): an agent that ended must not end us. */
static bool repeat_without_sigpipe(struct run *run, int *ret_result, struct error *error)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    sigaction(SIGPIPE, &ignore, &before);
    bool done = repeat(run, agent_step, NULL, ret_result, error);
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
static bool run_agent(struct run *run, const struct agent_key *key, int agent_fd, int *ret_result,
                      struct error *error)
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

static enum outcome try_agent_key(struct run *run, const struct agent_key *key, struct error *error)
{
    int result, agent_fd;
    AUTO_FREE char *comment = ssh_quote(key->comment);
    struct error ignored; /* an agent that is gone is one identity less */
    if (!agent_connect(run->login->settings->agent_socket, &agent_fd, &ignored))
        return OUTCOME_NEXT;
    strings_push_take(&run->tried, memory_format("agent key %s", comment));
    bool done = run_agent(run, key, agent_fd, &result, error);
    close(agent_fd);
    return done ? judge(run, result, "agent", key->key.fingerprint, error) : OUTCOME_FAILED;
}

static const struct agent_key *find_in_agent(const struct run *run, const char *public_key)
{
    for (size_t i = 0; public_key != NULL && i < run->agent.count; i++)
        if (strcmp(run->agent.items[i].key.key, public_key) == 0)
            return &run->agent.items[i];
    return NULL;
}

static bool is_file_identity(const struct run *run, const struct agent_key *key)
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

static enum outcome sign_with(struct run *run, ssh_key key, const char *how,
                              const char *fingerprint, struct error *error)
{
    int result;
    if (!repeat(run, sign_step, key, &result, error))
        return OUTCOME_FAILED;
    return judge(run, result, how, fingerprint, error);
}

/* With its certificate first, as the OpenSSH client does. */
static enum outcome sign(struct run *run, struct identity *identity, struct error *error)
{
    const char *fingerprint = identity->key.fingerprint;
    enum outcome outcome = OUTCOME_NEXT;
    if (identity->certified_key != NULL)
        outcome = sign_with(run, identity->certified_key, "certificate", fingerprint, error);
    if (outcome == OUTCOME_NEXT)
        outcome = sign_with(run, identity->private_key, "publickey", fingerprint, error);
    return outcome;
}

static bool unlock(struct run *run, struct identity *identity)
{
    struct prompt prompt = {.kind = PROMPT_PASSPHRASE, .text = identity->path};
    for (int attempt = 1; attempt <= PASSPHRASE_ATTEMPTS; attempt++) {
        struct buffer answer = {0};
        prompt.attempt = attempt;
        bool is_answered = ask(run, &prompt, &answer);
        if (is_answered)
            identity_unlock(identity, buffer_text(&answer));
        wipe(&answer);
        if (identity->state == IDENTITY_READY)
            return true;
        if (!is_answered)
            break;
    }
    return false;
}

/* The passphrase is only worth asking for when the server would take the key. */
static enum outcome try_encrypted(struct run *run, struct identity *identity, struct error *error)
{
    int result = SSH_AUTH_SUCCESS;
    if (identity->public_key != NULL &&
        !repeat(run, offer_step, identity->public_key, &result, error))
        return OUTCOME_FAILED;
    bool is_worth_it = result == SSH_AUTH_SUCCESS;
    bool is_unlocked = is_worth_it && unlock(run, identity);
    strings_push_take(
        &run->tried, memory_format("%s%s", identity->path,
                                   is_worth_it && !is_unlocked ? " (without its passphrase)" : ""));
    if (!is_worth_it)
        return judge(run, result, "", "", error);
    return is_unlocked ? sign(run, identity, error) : OUTCOME_NEXT;
}

static enum outcome try_identity(struct run *run, struct identity *identity, struct error *error)
{
    const struct agent_key *held = find_in_agent(run, identity->key.key);
    if (held != NULL)
        return try_agent_key(run, held, error);
    if (identity->state == IDENTITY_UNUSABLE)
        strings_push_take(&run->tried,
                          memory_format("%s (%s)", identity->path, identity->complaint));
    if (identity->state != IDENTITY_READY)
        return OUTCOME_NEXT;
    strings_push(&run->tried, identity->path);
    return sign(run, identity, error);
}

/* ---- all keys ---- */

static void find_keys(struct run *run)
{
    const struct ssh_settings *settings = run->login->settings;
    struct error problem = {0};
    for (size_t i = 0; i < settings->identity_files.count && i < IDENTITIES_MAX; i++)
        identity_load(settings->identity_files.items[i], &run->identities[run->identity_count++]);
    bool has_agent = settings->agent_socket != NULL && settings->agent_socket[0] != '\0';
    if (has_agent && !agent_list(settings->agent_socket, &run->agent, &problem))
        ssh_tell_progress(run->login->events, "%s", problem.message);
}

static enum outcome try_keys(struct run *run, struct error *error)
{
    enum outcome outcome = OUTCOME_NEXT;
    find_keys(run);
    for (size_t i = 0; i < run->identity_count && outcome == OUTCOME_NEXT; i++)
        if (keys_are_taken(run))
            outcome = try_identity(run, &run->identities[i], error);
    for (size_t i = 0; i < run->agent.count && outcome == OUTCOME_NEXT; i++)
        if (keys_are_taken(run) && !run->login->settings->identities_only &&
            !is_file_identity(run, &run->agent.items[i]))
            outcome = try_agent_key(run, &run->agent.items[i], error);
    for (size_t i = 0; i < run->identity_count && outcome == OUTCOME_NEXT; i++)
        if (keys_are_taken(run) && run->identities[i].state == IDENTITY_ENCRYPTED &&
            find_in_agent(run, run->identities[i].key.key) == NULL)
            outcome = try_encrypted(run, &run->identities[i], error);
    return outcome;
}

/* ---- what the server asks itself ---- */

static int none_step(struct ssh_connection *ssh, void *argument)
{
    (void)argument;
    return ssh_userauth_none(ssh->session, NULL);
}

static int password_step(struct ssh_connection *ssh, void *password)
{
    return ssh_userauth_password(ssh->session, NULL, buffer_text(password));
}

static int interactive_step(struct ssh_connection *ssh, void *argument)
{
    (void)argument;
    return ssh_userauth_kbdint(ssh->session, NULL, NULL);
}

/* One question with what stands around it, in the server's own words. */
static char *question_text(ssh_session session, unsigned index, char *ret_echo)
{
    const char *parts[] = {ssh_userauth_kbdint_getname(session),
                           ssh_userauth_kbdint_getinstruction(session),
                           ssh_userauth_kbdint_getprompt(session, index, ret_echo)};
    struct buffer text = {0};
    for (size_t i = 0; i < LENGTH(parts); i++) {
        if (parts[i] == NULL || parts[i][0] == '\0')
            continue;
        if (text.length > 0)
            buffer_append_byte(&text, '\n');
        buffer_append(&text, parts[i], strnlen(parts[i], QUESTION_MAX_BYTES));
    }
    return buffer_take(&text);
}

static bool answer_questions(struct run *run, int round, bool *was_asked)
{
    ssh_session session = run->ssh->session;
    int count = ssh_userauth_kbdint_getnprompts(session);
    if (count > QUESTIONS_MAX)
        return false;
    for (int i = 0; i < count; i++) {
        char echo = 0;
        struct buffer answer = {0};
        AUTO_FREE char *text = question_text(session, (unsigned)i, &echo);
        const struct prompt prompt = {
            .kind = PROMPT_KEYBOARD, .text = text, .echo = echo != 0, .attempt = round};
        *was_asked = true;
        bool done = ask(run, &prompt, &answer) &&
                    ssh_userauth_kbdint_setanswer(session, (unsigned)i, buffer_text(&answer)) == 0;
        wipe(&answer);
        if (!done)
            return false;
    }
    return true;
}

static enum outcome try_interactive(struct run *run, bool *was_asked, struct error *error)
{
    int result;
    for (int round = 1; round <= ROUNDS_MAX; round++) {
        if (!repeat(run, interactive_step, NULL, &result, error))
            return OUTCOME_FAILED;
        if (result != SSH_AUTH_INFO) {
            if (*was_asked)
                strings_push(&run->tried, "keyboard-interactive");
            return judge(run, result, "keyboard-interactive", "", error);
        }
        if (!answer_questions(run, round, was_asked))
            break;
    }
    /* The half-made conversation cannot be left: nothing else can be tried on this session. */
    *was_asked = true;
    strings_push(&run->tried, "keyboard-interactive (not answered)");
    return OUTCOME_NEXT;
}

/* Once: a server that asks again and again is collecting. */
static enum outcome try_password(struct run *run, struct error *error)
{
    AUTO_FREE char *text = memory_format("%s at %s", run->login->settings->user, run->ssh->name);
    const struct prompt prompt = {.kind = PROMPT_PASSWORD, .text = text, .attempt = 1};
    struct buffer answer = {0};
    int result;
    bool is_answered = ask(run, &prompt, &answer);
    bool done = !is_answered || repeat(run, password_step, &answer, &result, error);
    wipe(&answer);
    if (!is_answered)
        return OUTCOME_NEXT;
    strings_push(&run->tried, "password");
    return done ? judge(run, result, "password", "", error) : OUTCOME_FAILED;
}

static enum outcome learn_methods(struct run *run, struct error *error)
{
    int result;
    if (run->methods != 0)
        return OUTCOME_NEXT;
    if (!repeat(run, none_step, NULL, &result, error))
        return OUTCOME_FAILED;
    return judge(run, result, "none", "", error);
}

static enum outcome try_questions(struct run *run, struct error *error)
{
    const struct ssh_settings *settings = run->login->settings;
    bool was_asked = false;
    enum outcome outcome = learn_methods(run, error);
    if (!run->login->options->allow_password || outcome != OUTCOME_NEXT)
        return outcome;
    if (!settings->no_keyboard && (run->methods & SSH_AUTH_METHOD_INTERACTIVE) != 0)
        outcome = try_interactive(run, &was_asked, error);
    /* A server may offer the first without having a question; the same secret is not asked twice.
     */
    if (outcome == OUTCOME_NEXT && !was_asked && !settings->no_password &&
        (run->methods & SSH_AUTH_METHOD_PASSWORD) != 0)
        outcome = try_password(run, error);
    return outcome;
}

/* ---- the whole ---- */

static char *methods_text(unsigned methods)
{
    static const struct {
        unsigned method;
        const char *name;
    } names[] = {{SSH_AUTH_METHOD_PUBLICKEY, "publickey"},
                 {SSH_AUTH_METHOD_PASSWORD, "password"},
                 {SSH_AUTH_METHOD_INTERACTIVE, "keyboard-interactive"},
                 {SSH_AUTH_METHOD_HOSTBASED, "hostbased"},
                 {SSH_AUTH_METHOD_GSSAPI_MIC, "gssapi"}};
    AUTO_RELEASE(strings) struct strings list = {0};
    for (size_t i = 0; i < LENGTH(names); i++)
        if ((methods & names[i].method) != 0)
            strings_push(&list, names[i].name);
    return list.count == 0 ? memory_copy_text("nothing that is known") : strings_join(&list, ", ");
}

static bool refuse(const struct run *run, struct error *error)
{
    const struct ssh_login *login = run->login;
    AUTO_FREE char *tried = strings_join(&run->tried, ", ");
    AUTO_FREE char *methods = methods_text(run->methods);
    error_set(error, run->was_declined ? ERROR_CANCELLED : ERROR_DENIED,
              "login to '%s' as %s %s; tried: %.250s; the server takes: %s", run->ssh->name,
              login->settings->user, run->is_partial ? "needs a further step" : "was refused",
              run->tried.count == 0 ? "nothing, no key was found" : tried, methods);
    bool asks = (run->methods & (SSH_AUTH_METHOD_PASSWORD | SSH_AUTH_METHOD_INTERACTIVE)) != 0;
    if (asks && !login->options->allow_password)
        return error_hint(error, "allow a password for this target, or put your public key into "
                                 "~/.ssh/authorized_keys there (ssh-copy-id)");
    if (run->tried.count == 0)
        return error_hint(error, "load a key with ssh-add, or name an IdentityFile in ssh_config");
    return error_hint(error, "check the user name, and that your public key stands in "
                             "~/.ssh/authorized_keys there");
}

bool ssh_log_in(struct ssh_login *login, struct error *error)
{
    struct run run = {.login = login, .ssh = login->ssh};
    enum outcome outcome = OUTCOME_NEXT;
    if (!login->settings->no_keys)
        outcome = try_keys(&run, error);
    if (outcome == OUTCOME_NEXT)
        outcome = try_questions(&run, error);
    if (outcome == OUTCOME_NEXT)
        refuse(&run, error);
    for (size_t i = 0; i < run.identity_count; i++)
        identity_release(&run.identities[i]);
    agent_keys_release(&run.agent);
    strings_release(&run.tried);
    return outcome == OUTCOME_IN;
}
