/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logging in, in the order that asks least of everybody: keys that can sign at once, in the order
 * of the configuration; other keys of the agent; encrypted keys, whose passphrase is asked for only
 * when the server takes the key; last, where the reviewer allowed it, what the server asks itself.
 * Each identity is tried by itself, and it is known by which one the login was done.
 */
#include "ssh_login.h"

#include "base/clock.h"

enum {
    ANSWER_RESERVE_BYTES = 1024, /* so that no copy of a secret stays behind when it grows */
    ROUNDS_MAX = 8,              /* of keyboard-interactive */
    QUESTIONS_MAX = 8,           /* in one round */
    QUESTION_MAX_BYTES = 1024
};

/* ---- results ---- */

static void set_authentication(struct login_run *run, const char *how, const char *fingerprint)
{
    char **authentication = &run->ssh->connection.identity.authentication;
    free(*authentication);
    *authentication = memory_format("%s%s%s", how, fingerprint[0] == '\0' ? "" : " ", fingerprint);
}

/* Whether the conversation with the server is over, which is more than one refusal. */
static enum login_outcome fail_or_next(struct login_run *run, struct error *error)
{
    if (!ssh_is_lost(run->ssh))
        return LOGIN_NEXT;
    AUTO_FREE char *complaint = ssh_complaint(run->ssh);
    AUTO_FREE char *tried = strings_join(&run->tried, ", ");
    if (strstr(complaint, "SSH_MSG_DISCONNECT") == NULL) {
        error_set(error, ERROR_UNREACHABLE,
                  "the connection to '%s' was lost in the middle of the login as %s: %s",
                  run->ssh->name, run->login->settings->user, complaint);
        error_hint(error, "the host or the network went away, or a guard on the way cut the "
                          "connection; try again");
        return LOGIN_FAILED;
    }
    error_set(error, ERROR_DENIED, "'%s' ended the login as %s: %s; tried: %.200s", run->ssh->name,
              run->login->settings->user, complaint, tried);
    if (strstr(complaint, "Too many authentication failures") != NULL)
        error_hint(error, "name the right key as IdentityFile in ssh_config, with IdentitiesOnly "
                          "yes, so that no other is tried before it");
    return LOGIN_FAILED;
}

enum login_outcome login_judge(struct login_run *run, int result, const char *how,
                               const char *fingerprint, struct error *error)
{
    switch (result) {
    case SSH_AUTH_SUCCESS:
        set_authentication(run, how, fingerprint);
        return LOGIN_IN;
    case SSH_AUTH_PARTIAL:
        run->is_partial = true;
        run->methods = (unsigned)ssh_userauth_list(run->ssh->session, NULL);
        return LOGIN_NEXT;
    case SSH_AUTH_DENIED:
        run->methods = (unsigned)ssh_userauth_list(run->ssh->session, NULL);
        return LOGIN_NEXT;
    default:
        return fail_or_next(run, error);
    }
}

bool login_repeat(struct login_run *run, ssh_step_function *step, void *argument, int *ret_result,
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

void login_wipe(struct buffer *answer)
{
    if (answer->data != NULL)
        memory_wipe(answer->data, answer->capacity);
    buffer_release(answer);
}

bool login_ask(struct login_run *run, const struct prompt *prompt, struct buffer *ret_answer)
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

static bool answer_questions(struct login_run *run, int round, bool *was_asked)
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
        bool done = login_ask(run, &prompt, &answer) &&
                    ssh_userauth_kbdint_setanswer(session, (unsigned)i, buffer_text(&answer)) == 0;
        login_wipe(&answer);
        if (!done)
            return false;
    }
    return true;
}

static enum login_outcome try_interactive(struct login_run *run, bool *was_asked,
                                          struct error *error)
{
    int result;
    for (int round = 1; round <= ROUNDS_MAX; round++) {
        if (!login_repeat(run, interactive_step, NULL, &result, error))
            return LOGIN_FAILED;
        if (result != SSH_AUTH_INFO) {
            if (*was_asked)
                strings_push(&run->tried, "keyboard-interactive");
            return login_judge(run, result, "keyboard-interactive", "", error);
        }
        if (!answer_questions(run, round, was_asked))
            break;
    }
    /* The half-made conversation cannot be left: nothing else can be tried on this session. */
    *was_asked = true;
    strings_push(&run->tried, "keyboard-interactive (not answered)");
    return LOGIN_NEXT;
}

/* Once: a server that asks again and again is collecting. */
static enum login_outcome try_password(struct login_run *run, struct error *error)
{
    AUTO_FREE char *text = memory_format("%s at %s", run->login->settings->user, run->ssh->name);
    const struct prompt prompt = {.kind = PROMPT_PASSWORD, .text = text, .attempt = 1};
    struct buffer answer = {0};
    int result;
    bool is_answered = login_ask(run, &prompt, &answer);
    bool done = !is_answered || login_repeat(run, password_step, &answer, &result, error);
    login_wipe(&answer);
    if (!is_answered)
        return LOGIN_NEXT;
    strings_push(&run->tried, "password");
    return done ? login_judge(run, result, "password", "", error) : LOGIN_FAILED;
}

static enum login_outcome learn_methods(struct login_run *run, struct error *error)
{
    int result;
    if (run->methods != 0)
        return LOGIN_NEXT;
    if (!login_repeat(run, none_step, NULL, &result, error))
        return LOGIN_FAILED;
    return login_judge(run, result, "none", "", error);
}

static enum login_outcome try_questions(struct login_run *run, struct error *error)
{
    const struct ssh_settings *settings = run->login->settings;
    bool was_asked = false;
    enum login_outcome outcome = learn_methods(run, error);
    if (!run->login->options->allow_password || outcome != LOGIN_NEXT)
        return outcome;
    if (!settings->no_keyboard && (run->methods & SSH_AUTH_METHOD_INTERACTIVE) != 0)
        outcome = try_interactive(run, &was_asked, error);
    /* A server may offer the first without having a question; the same secret is not asked twice.
     */
    if (outcome == LOGIN_NEXT && !was_asked && !settings->no_password &&
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

static bool refuse(const struct login_run *run, struct error *error)
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
    struct login_run run = {.login = login, .ssh = login->ssh};
    enum login_outcome outcome = LOGIN_NEXT;
    if (!login->settings->no_keys)
        outcome = ssh_try_keys(&run, error);
    if (outcome == LOGIN_NEXT)
        outcome = try_questions(&run, error);
    if (outcome == LOGIN_NEXT)
        refuse(&run, error);
    for (size_t i = 0; i < run.identity_count; i++)
        identity_release(&run.identities[i]);
    agent_keys_release(&run.agent);
    strings_release(&run.tried);
    return outcome == LOGIN_IN;
}
