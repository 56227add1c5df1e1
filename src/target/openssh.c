/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The way through the system's OpenSSH client (8.7 or newer), for what libssh does not do: jump
 * hosts, proxy commands, certificates, hardware keys, Kerberos. One client logs in and is the
 * master of the connection (ssh_config(5), ControlMaster); each shell is a client that shares it.
 *
 * A configuration of our own stands before the user's, in a folder that goes away with the
 * connection. It holds for jump hosts too: none is trusted but by our decision, nothing is
 * forwarded, no local command runs.
 */
#include "child.h"
#include "client_ask.h"
#include "openssh_log.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    CONNECT_TIMEOUT_MS = 10000,
    LOGIN_TIMEOUT_MS = 30000,
    END_PATIENCE_MS = 1000, /* for a client that was asked to end */
    EXIT_TROUBLE = 255      /* of ssh: its own trouble, or the command's status */
};

struct openssh_connection {
    struct child_connection child;
    char *folder;        /* with the configuration and the sockets */
    char *configuration; /* the file for -F */
    char *socket;        /* of the master */
    char *port;          /* NULL: as configured */
    pid_t master;
    int messages; /* its stderr */
    struct openssh_log log;
};

/* ---- the folder ---- */

static bool make_folder(struct openssh_connection *own, struct error *error)
{
    const char *parent = getenv("XDG_RUNTIME_DIR");
    if (parent == NULL || access(parent, W_OK) != 0)
        parent = "/tmp";
    own->folder = path_join(parent, "walkdown-XXXXXX");
    if (mkdtemp(own->folder) == NULL) {
        error_set(error, ERROR_IO, "cannot make a folder in '%s': %s", parent, strerror(errno));
        free(own->folder);
        own->folder = NULL;
        return false;
    }
    own->configuration = path_join(own->folder, "config");
    own->socket = path_join(own->folder, "master");
    return true;
}

/* ---- the configuration ---- */

static const char fixed_lines[] = "Host *\n"
                                  "StrictHostKeyChecking yes\n"
                                  "UserKnownHostsFile none\n"
                                  "GlobalKnownHostsFile none\n"
                                  "HostKeyAlgorithms -sk-*,webauthn-*,ssh-dss*,ssh-rsa*\n"
                                  "CheckHostIP no\n"
                                  "VerifyHostKeyDNS no\n"
                                  "UpdateHostKeys no\n"
                                  "BatchMode no\n"
                                  "ControlMaster no\n"
                                  "ControlPersist no\n"
                                  "PermitLocalCommand no\n"
                                  "ClearAllForwardings yes\n"
                                  "ForwardAgent no\n"
                                  "ForwardX11 no\n"
                                  "Tunnel no\n"
                                  "RemoteCommand none\n"
                                  "RequestTTY no\n"
                                  "SessionType default\n"
                                  "ForkAfterAuthentication no\n"
                                  "StdinNull no\n"
                                  "EscapeChar none\n"
                                  "ServerAliveInterval 15\n";

static char *user_configuration(void)
{
    AUTO_FREE char *home = path_home();
    return path_join(home, ".ssh/config");
}

static bool write_configuration(const struct openssh_connection *own, const struct ssh_login *login,
                                const char *helper, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_FREE char *users = user_configuration();
    int timeout_ms = login->options->connect_timeout_ms;
    buffer_append_text(&text, fixed_lines);
    buffer_append_format(&text, "KnownHostsCommand \"%s\" %s %%I %%t %%K %%H\n", helper,
                         CLIENT_ASK_HOSTKEY);
    if (timeout_ms > 0)
        buffer_append_format(&text, "ConnectTimeout %d\n", (timeout_ms + 999) / 1000);
    if (!login->options->allow_password)
        buffer_append_text(&text, "PasswordAuthentication no\nKbdInteractiveAuthentication no\n");
    buffer_append_format(&text, "Include \"%s\"\nInclude /etc/ssh/ssh_config\n", users);
    return file_write(own->configuration, text.data, text.length, 0600, error);
}

/* ---- the clients ---- */

static void push_all(struct strings *words, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        strings_push(words, texts[i]);
}

static void push_destination(const struct openssh_connection *own, struct strings *words)
{
    const struct target_spec *spec = &own->child.connection.spec;
    if (spec->user != NULL)
        push_all(words, (const char *const[]){"-l", spec->user}, 2);
    if (own->port != NULL)
        push_all(words, (const char *const[]){"-p", own->port}, 2);
    push_all(words, (const char *const[]){"--", spec->host}, 2);
}

/* A shell shares the master; without one it must not log in by itself. */
static void append_words(const struct child_connection *child, size_t outside,
                         struct strings *ret_words)
{
    const struct openssh_connection *own = (const struct openssh_connection *)child;
    const char *const options[] = {"ssh", "-T",
                                   "-F",  own->configuration,
                                   "-S",  own->socket,
                                   "-o",  "ProxyCommand=false",
                                   "-o",  "LogLevel=ERROR"};
    AUTO_FREE char *line =
        target_shell_line(&child->connection.spec, child->connection.spec.hop_count - outside);
    push_all(ret_words, options, LENGTH(options));
    push_destination(own, ret_words);
    strings_push(ret_words, line);
}

static void push_master_words(const struct openssh_connection *own, const struct ssh_login *login,
                              const char *helper, struct strings *words)
{
    const char *const options[] = {helper,
                                   CLIENT_RUN,
                                   own->folder,
                                   "ssh",
                                   "-N",
                                   "-T",
                                   "-M",
                                   "-F",
                                   own->configuration,
                                   "-S",
                                   own->socket,
                                   "-o",
                                   "LogLevel=DEBUG1",
                                   "-o",
                                   "PermitLocalCommand=yes"};
    AUTO_FREE char *ready = memory_format("LocalCommand='%s' %s 1", helper, CLIENT_ASK_READY);
    AUTO_FREE char *types = ssh_client_algorithms(login, &own->child.connection.identity.hostkey);
    AUTO_FREE char *algorithms = memory_format("HostKeyAlgorithms=%s", types);
    push_all(words, options, LENGTH(options));
    push_all(words, (const char *const[]){"-o", ready, "-o", algorithms}, 4);
    if (login->options->identity != NULL)
        push_all(words,
                 (const char *const[]){"-i", login->options->identity, "-o", "IdentitiesOnly=yes"},
                 4);
    push_destination(own, words);
}

static bool start_master(struct openssh_connection *own, const struct ssh_login *login,
                         const char *helper, const char *ask, struct error *error)
{
    AUTO_RELEASE(strings) struct strings words = {0};
    AUTO_FREE char *askpass = memory_format("SSH_ASKPASS=%s", helper);
    AUTO_FREE char *socket = memory_format(CLIENT_SOCKET_VARIABLE "=%s", ask);
    const char *const environment[] = {askpass, "SSH_ASKPASS_REQUIRE=force", socket, "LC_ALL=C",
                                       NULL};
    int pipe_fds[2];
    push_master_words(own, login, helper, &words);
    AUTO_FREE const char **arguments = memory_new(words.count + 1, sizeof(*arguments));
    for (size_t i = 0; i < words.count; i++)
        arguments[i] = words.items[i];
    const struct process_options options = {
        .arguments = arguments, .environment = environment, .new_session = true};
    if (pipe2(pipe_fds, O_CLOEXEC) != 0)
        return error_set(error, ERROR_IO, "cannot start ssh: %s", strerror(errno));
    bool done = process_spawn(&options, (const int[]){-1, -1, pipe_fds[1]}, &own->master, error);
    close(pipe_fds[1]);
    own->messages = pipe_fds[0];
    fcntl(own->messages, F_SETFL, O_NONBLOCK);
    if (!done)
        return false;
    return process_watch_open(own->master, &own->child.companion, error);
}

static void end_master(struct openssh_connection *own)
{
    if (own->master <= 0)
        return;
    kill(own->master, SIGTERM);
    if (!process_watch_wait(&own->child.companion, END_PATIENCE_MS))
        kill(own->master, SIGKILL);
    kill(-own->master, SIGKILL);
    waitpid(own->master, NULL, 0);
    own->master = 0;
}

/* ---- opening ---- */

static bool fail_to_log_in(const struct openssh_connection *own, const struct client_talk *talk,
                           struct error *error)
{
    const char *name = own->child.connection.spec.host;
    if (talk->refusal.code != ERROR_NONE) {
        *error = talk->refusal;
        return false;
    }
    if (talk->was_declined)
        return error_set(error, ERROR_CANCELLED, "the login to '%s' was cancelled", name);
    return openssh_log_explain(&own->log, name, error);
}

static bool is_too_late(const struct ssh_login *login, const struct client_talk *talk)
{
    return clock_monotonic_ms() > login->deadline_ms + talk->asked_ms;
}

/* Serve the client's questions until it has logged in. */
static bool log_in(struct openssh_connection *own, const struct ssh_login *login,
                   struct client_talk *talk, struct error *error)
{
    while (!talk->is_ready) {
        struct pollfd polls[] = {{.fd = talk->listener, .events = POLLIN},
                                 {.fd = own->messages, .events = POLLIN},
                                 {.fd = own->child.companion.fd, .events = POLLIN}};
        int64_t left_ms = login->deadline_ms + talk->asked_ms - clock_monotonic_ms();
        poll(polls, LENGTH(polls), left_ms > 0 ? (int)left_ms : 0);
        openssh_log_read(&own->log, own->messages);
        if (polls[0].revents != 0)
            client_talk_serve(talk);
        else if (polls[2].revents != 0 && process_watch_has_ended(&own->child.companion))
            return fail_to_log_in(own, talk, error);
        else if (is_too_late(login, talk))
            return error_set(error, ERROR_TIMEOUT, "'%s' took too long to log in",
                             own->child.connection.spec.host);
    }
    openssh_log_read(&own->log, own->messages);
    return true;
}

static void describe(struct openssh_connection *own)
{
    struct connection_identity *identity = &own->child.connection.identity;
    identity->address = take(&own->log.address);
    identity->server_version = take(&own->log.server_version);
    identity->key_exchange = take(&own->log.key_exchange);
    identity->cipher = take(&own->log.cipher);
    identity->authentication = take(&own->log.authentication);
}

static bool establish(struct openssh_connection *own, struct ssh_login *login, struct error *error)
{
    struct connection_identity *identity = &own->child.connection.identity;
    struct client_talk talk = {
        .login = login, .hostkey = &identity->hostkey, .jumps = &identity->jumps, .listener = -1};
    AUTO_FREE char *ask = NULL;
    AUTO_FREE char *helper =
        login->options->helper != NULL ? memory_copy_text(login->options->helper) : path_program();
    bool done = make_folder(own, error) && client_talk_listen(&talk, own->folder, &ask, error) &&
                write_configuration(own, login, helper, error) &&
                start_master(own, login, helper, ask, error) && log_in(own, login, &talk, error);
    client_talk_release(&talk);
    if (done)
        describe(own);
    return done;
}

/* A client whose messages nobody takes stands still one day. */
static void attend(struct child_connection *child)
{
    struct openssh_connection *own = (struct openssh_connection *)child;
    openssh_log_read(&own->log, own->messages);
}

static void explain_loss(struct child_connection *child, struct error *error)
{
    struct openssh_connection *own = (struct openssh_connection *)child;
    openssh_log_read(&own->log, own->messages);
    openssh_log_explain(&own->log, child->connection.spec.host, error);
    error_prefix(error, "the connection was lost");
}

static void release(struct child_connection *child)
{
    struct openssh_connection *own = (struct openssh_connection *)child;
    end_master(own);
    process_watch_close(&child->companion);
    if (own->messages >= 0)
        close(own->messages);
    if (own->folder != NULL)
        client_remove_folder(own->folder);
    free(own->folder);
    free(own->configuration);
    free(own->socket);
    free(own->port);
    openssh_log_release(&own->log);
}

static const struct child_kind openssh_kind = {.words = append_words,
                                               .explain_loss = explain_loss,
                                               .attend = attend,
                                               .release = release,
                                               .loss_status = EXIT_TROUBLE};

static int time_to_log_in(const struct ssh_login *login)
{
    int connect_ms = login->options->connect_timeout_ms;
    int login_ms = login->options->login_timeout_ms;
    if (connect_ms == 0)
        connect_ms = login->settings->connect_timeout_ms;
    return (connect_ms > 0 ? connect_ms : CONNECT_TIMEOUT_MS) +
           (login_ms > 0 ? login_ms : LOGIN_TIMEOUT_MS);
}

bool openssh_open(const struct target_spec *spec, struct ssh_login *login,
                  struct connection **ret_connection, struct error *error)
{
    struct openssh_connection *own = memory_new(1, sizeof(*own));
    struct connection *connection = &own->child.connection;
    const char *reason = login->settings->needs_client;
    login->deadline_ms = clock_monotonic_ms() + time_to_log_in(login);
    child_connection_init(&own->child, &openssh_kind);
    target_spec_copy(spec, &connection->spec);
    own->messages = -1;
    own->port = spec->port == 0 ? NULL : memory_format("%d", spec->port);
    ssh_describe_account(&connection->identity, login->settings, spec->host);
    ssh_tell_progress(login->events, "connecting to %s with the OpenSSH client%s%s", spec->host,
                      reason != NULL ? " because of " : "", reason != NULL ? reason : "");
    if (!establish(own, login, error)) {
        connection_close(connection);
        return false;
    }
    *ret_connection = connection;
    return true;
}
