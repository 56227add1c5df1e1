/* SPDX-License-Identifier: Apache-2.0 */
#include "ssh.h"

#include "base/clock.h"
#include "base/log.h"
#include "dial.h"

#include <errno.h>
#include <fcntl.h>
#include <libssh/server.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    CONNECT_TIMEOUT_MS = 10000,
    LOGIN_TIMEOUT_MS = 30000,
    RSA_MIN_BITS = 2048,
    GREETING_MAX_BYTES = 64 * 1024 /* lines before a server's version (RFC 4253 section 4.2) */
};

/* No SHA-1, no CBC. Ciphers with a length of their own come before those that need a MAC: the
 * attack on sequence numbers (CVE-2023-48795) wants ChaCha20 or CBC without strict key exchange. */
static const char key_exchanges[] =
    "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,ecdh-sha2-nistp384,"
    "ecdh-sha2-nistp521,diffie-hellman-group16-sha512,diffie-hellman-group18-sha512,"
    "diffie-hellman-group-exchange-sha256,diffie-hellman-group14-sha256";
static const char ciphers[] = "aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-ctr,"
                              "aes192-ctr,aes256-ctr,chacha20-poly1305@openssh.com";
static const char macs[] = "hmac-sha2-256-etm@openssh.com,hmac-sha2-512-etm@openssh.com,"
                           "hmac-sha2-256,hmac-sha2-512";
static const char signatures[] =
    "ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,"
    "ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,"
    "rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com,ssh-ed25519,sk-ssh-"
    "ed25519@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,"
    "ecdsa-sha2-nistp521,sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256";

/* libssh talks about its work to whoever listens; to stderr when nobody does. */
static void log_library(int priority, const char *function, const char *text, void *context)
{
    (void)context;
    log_line("libssh %d %s: %s", priority, function, text);
}

/* What the server asks of us out of turn (channels for forwarding, an agent, X11) is refused. */
static int refuse_request(ssh_session session, ssh_message message, void *context)
{
    (void)session;
    (void)message;
    (void)context;
    return 1;
}

static bool set_options(struct ssh_connection *ssh, const struct ssh_settings *settings,
                        const char *hostkeys, struct error *error)
{
    const bool no = false;
    const int yes = 1, rsa_min_bits = RSA_MIN_BITS, verbosity = SSH_LOG_WARN;
    const struct {
        enum ssh_options_e option;
        const void *value;
    } options[] = {{SSH_OPTIONS_PROCESS_CONFIG, &no},
                   {SSH_OPTIONS_LOG_VERBOSITY, &verbosity},
                   {SSH_OPTIONS_HOST, "target"}, /* never looked up: the socket is given */
                   {SSH_OPTIONS_USER, settings->user},
                   {SSH_OPTIONS_FD, &ssh->fd},
                   {SSH_OPTIONS_STRICTHOSTKEYCHECK, &yes},
                   {SSH_OPTIONS_RSA_MIN_SIZE, &rsa_min_bits},
                   {SSH_OPTIONS_KEY_EXCHANGE, key_exchanges},
                   {SSH_OPTIONS_HOSTKEYS, hostkeys},
                   {SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, signatures},
                   {SSH_OPTIONS_CIPHERS_C_S, ciphers},
                   {SSH_OPTIONS_CIPHERS_S_C, ciphers},
                   {SSH_OPTIONS_HMAC_C_S, macs},
                   {SSH_OPTIONS_HMAC_S_C, macs},
                   {SSH_OPTIONS_COMPRESSION, "no"}};
    for (size_t i = 0; i < LENGTH(options); i++) {
        if (ssh_options_set(ssh->session, options[i].option, options[i].value) == SSH_OK)
            continue;
        AUTO_FREE char *complaint = ssh_complaint(ssh);
        return error_set(error, ERROR_INVALID, "the SSH library refuses option %d: %s",
                         (int)options[i].option, complaint);
    }
    ssh_set_blocking(ssh->session, 0);
    ssh_set_counters(ssh->session, &ssh->traffic, NULL);
    ssh_set_message_callback(ssh->session, refuse_request, NULL);
    return true;
}

static bool has_greeted(const struct ssh_connection *ssh)
{
    const char *greeting = ssh_get_serverbanner(ssh->session);
    return greeting != NULL && *greeting != '\0';
}

/* libssh itself would listen for ever. */
static bool only_babbles(const struct ssh_connection *ssh)
{
    return ssh->traffic.in_bytes > GREETING_MAX_BYTES && !has_greeted(ssh);
}

static int connect_step(struct ssh_connection *ssh, void *argument)
{
    (void)argument;
    return only_babbles(ssh) ? SSH_ERROR : ssh_connect(ssh->session);
}

static bool exchange_keys(struct ssh_login *login, int64_t deadline_ms, struct error *error)
{
    struct ssh_connection *ssh = login->ssh;
    const struct ssh_call call = {.step = connect_step,
                                  .again = SSH_AGAIN,
                                  .deadline_ms = deadline_ms,
                                  .expected = "its part of the key exchange"};
    int result;
    if (!ssh_repeat(ssh, &call, &result, error))
        return false;
    if (result == SSH_OK)
        return true;
    if (only_babbles(ssh)) {
        error_set(error, ERROR_INVALID,
                  "'%s' does not greet as an SSH server does: more than %d bytes and no version",
                  ssh->name, GREETING_MAX_BYTES);
        return error_hint(error, "something else listens there, or the host is hostile");
    }
    AUTO_FREE char *complaint = ssh_complaint(ssh);
    if (!has_greeted(ssh)) {
        error_set(error, ERROR_UNREACHABLE, "'%s' does not greet as an SSH server does: %s",
                  ssh->name, complaint);
        return error_hint(error, "something else listens there, or the server takes no more "
                                 "connections for now (MaxStartups): try again");
    }
    error_set(error, ERROR_UNREACHABLE, "'%s' does not agree on a secure connection: %s", ssh->name,
              complaint);
    return error_hint(error,
                      "'ssh -v' shows more; algorithms with SHA-1, CBC or RSA keys below "
                      "%d bits are not taken",
                      RSA_MIN_BITS);
}

/* ---- opening and closing ---- */

static const struct transport ssh_transport;

static char *copy_or_empty(const char *text)
{
    return memory_copy_text(text == NULL ? "" : text);
}

static void describe_peer(struct ssh_connection *ssh)
{
    struct connection_identity *identity = &ssh->connection.identity;
    identity->server_version = copy_or_empty(ssh_get_serverbanner(ssh->session));
    identity->key_exchange = copy_or_empty(ssh_get_kex_algo(ssh->session));
    identity->cipher = copy_or_empty(ssh_get_cipher_in(ssh->session));
}

/* The given socket stays its owner's. */
static bool get_socket(struct ssh_login *login, int64_t deadline_ms, struct error *error)
{
    struct ssh_connection *ssh = login->ssh;
    const struct dial_request request = {.name = ssh->name,
                                         .host = login->settings->host,
                                         .port = login->settings->port,
                                         .address_family = login->settings->address_family,
                                         .deadline_ms = deadline_ms};
    struct stat status;
    if (login->options->socket_fd <= 0) {
        ssh_tell_progress(login->events, "connecting to %s", ssh->name);
        if (!dial(&request, &ssh->fd, &ssh->connection.identity.address, error))
            return false;
    } else {
        ssh->fd = fcntl(login->options->socket_fd, F_DUPFD_CLOEXEC, 3);
        ssh->connection.identity.address = memory_copy_text("");
    }
    if (ssh->fd < 0 || fstat(ssh->fd, &status) != 0)
        return error_set(error, ERROR_IO, "cannot use the socket: %s", strerror(errno));
    fcntl(ssh->fd, F_SETFL, fcntl(ssh->fd, F_GETFL) | O_NONBLOCK);
    ssh->inode = status.st_ino;
    return true;
}

static int64_t deadline_after(int option_ms, int setting_ms, int default_ms)
{
    int timeout_ms = option_ms > 0 ? option_ms : setting_ms > 0 ? setting_ms : default_ms;
    return clock_monotonic_ms() + timeout_ms;
}

/* What the server has to say to everybody, in one line. */
static void pass_banner_on(const struct ssh_login *login)
{
    char *banner = ssh_get_issue_banner(login->ssh->session);
    if (banner == NULL)
        return;
    AUTO_FREE char *quote = ssh_quote(banner);
    ssh_tell_progress(login->events, "%s says: %s", login->ssh->name, quote);
    ssh_string_free_char(banner);
}

static bool establish(struct ssh_login *login, struct error *error)
{
    struct ssh_connection *ssh = login->ssh;
    struct hostkey *hostkey = &ssh->connection.identity.hostkey;
    int64_t deadline_ms = deadline_after(login->options->connect_timeout_ms,
                                         login->settings->connect_timeout_ms, CONNECT_TIMEOUT_MS);
    ssh_describe_account(&ssh->connection.identity, login->settings, ssh->name);
    AUTO_FREE char *hostkeys = ssh_hostkey_algorithms(login, hostkey);
    if (!get_socket(login, deadline_ms, error) ||
        !set_options(ssh, login->settings, hostkeys, error))
        return false;
    ssh_tell_progress(login->events, "exchanging keys with %s", ssh->name);
    if (!exchange_keys(login, deadline_ms, error))
        return false;
    describe_peer(ssh);
    if (!ssh_decide_on_hostkey(login, hostkey, error))
        return false;
    login->deadline_ms = deadline_after(login->options->login_timeout_ms, 0, LOGIN_TIMEOUT_MS);
    ssh_tell_progress(login->events, "logging in as %s", login->settings->user);
    bool done = ssh_log_in(login, error);
    pass_banner_on(login);
    return done;
}

/* libssh leaves the socket open except in some cases of failure: it is closed if it is still ours.
 */
static void close_socket(struct ssh_connection *ssh)
{
    struct stat status;
    if (ssh->fd >= 0 && fstat(ssh->fd, &status) == 0 && S_ISSOCK(status.st_mode) &&
        status.st_ino == ssh->inode)
        close(ssh->fd);
    ssh->fd = -1;
}

static void close_connection(struct connection *connection)
{
    struct ssh_connection *ssh = (struct ssh_connection *)connection;
    if (ssh->event != NULL) {
        if (ssh->wake_fd >= 0)
            ssh_event_remove_fd(ssh->event, ssh->wake_fd);
        ssh_event_remove_session(ssh->event, ssh->session);
        ssh_event_free(ssh->event);
    }
    if (ssh_is_connected(ssh->session))
        ssh_disconnect(ssh->session);
    ssh_free(ssh->session);
    close_socket(ssh);
    free(ssh->name);
    free(ssh);
}

bool ssh_open(const struct target_spec *spec, const struct connection_options *options,
              const struct connection_events *events, struct connection **ret_connection,
              struct error *error)
{
    AUTO_RELEASE(ssh_settings) struct ssh_settings settings = {0};
    if (!ssh_settings_load(spec, options, &settings, error))
        return false;
    struct ssh_login login = {.settings = &settings, .options = options, .events = events};
    if (spec->by_client || settings.needs_client != NULL)
        return openssh_open(spec, &login, ret_connection, error);
    struct ssh_connection *ssh = memory_new(1, sizeof(*ssh));
    login.ssh = ssh;
    ssh->connection.transport = &ssh_transport;
    target_spec_copy(spec, &ssh->connection.spec);
    ssh->name = memory_copy_text(spec->host);
    ssh->fd = -1;
    ssh->wake_fd = -1;
    ssh_set_log_callback(log_library);
    ssh->session = ssh_new();
    if (ssh->session == NULL)
        memory_exhausted();
    if (!establish(&login, error)) {
        connection_close(&ssh->connection);
        return false;
    }
    *ret_connection = &ssh->connection;
    return true;
}

static const struct transport ssh_transport = {.start = ssh_shell_start,
                                               .write = ssh_shell_write,
                                               .stop = ssh_shell_stop,
                                               .pump = ssh_pump,
                                               .close = close_connection,
                                               .can_forward = true,
                                               .shell_bytes = sizeof(struct ssh_shell)};
