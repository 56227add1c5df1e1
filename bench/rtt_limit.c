/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bare limit: one connection of libssh, one exec of "/bin/sh -s", one script on its stdin, all
 * output read to the end. The options are those that walkdown gives libssh; there are no frames, no
 * deadlines, no worker and nothing is kept. Prints the bytes of stdout.
 *
 *     rtt_limit PORT USER IDENTITY < SCRIPT
 */
#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SCRIPT_MAX_BYTES = 1024 * 1024 };

static bool is_closed;
static int fd;

static void require(bool holds, const char *what)
{
    if (!holds) {
        dprintf(STDERR_FILENO, "rtt_limit: %s\n", what);
        exit(1);
    }
}

static void acknowledge_quickly(void)
{
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

static void dial(int port)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int on = 1;
    fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    acknowledge_quickly();
    require(connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0, "no server");
}

static ssh_session log_in(const char *user, const char *identity)
{
    const bool no = false;
    ssh_key key = NULL;
    ssh_session session = ssh_new();
    ssh_options_set(session, SSH_OPTIONS_PROCESS_CONFIG, &no);
    ssh_options_set(session, SSH_OPTIONS_HOST, "target");
    ssh_options_set(session, SSH_OPTIONS_USER, user);
    ssh_options_set(session, SSH_OPTIONS_FD, &fd);
    ssh_options_set(session, SSH_OPTIONS_KEY_EXCHANGE, "curve25519-sha256");
    ssh_options_set(session, SSH_OPTIONS_CIPHERS_C_S, "aes128-gcm@openssh.com");
    ssh_options_set(session, SSH_OPTIONS_CIPHERS_S_C, "aes128-gcm@openssh.com");
    ssh_options_set(session, SSH_OPTIONS_COMPRESSION, "no");
    acknowledge_quickly();
    require(ssh_connect(session) == SSH_OK, ssh_get_error(session));
    require(ssh_pki_import_privkey_file(identity, NULL, NULL, NULL, &key) == SSH_OK, "no key");
    acknowledge_quickly();
    require(ssh_userauth_publickey(session, NULL, key) == SSH_AUTH_SUCCESS, ssh_get_error(session));
    ssh_key_free(key);
    return session;
}

/* The signature is that of libssh. */
static int on_data(ssh_session session, ssh_channel channel, void *data, uint32_t length,
                   int is_stderr, void *context)
{
    (void)session;
    (void)channel;
    (void)context;
    require(is_stderr != 0 || write(STDOUT_FILENO, data, length) == (ssize_t)length, "no stdout");
    return (int)length;
}

static void on_close(ssh_session session, ssh_channel channel, void *context)
{
    (void)session;
    (void)channel;
    (void)context;
    is_closed = true;
}

int main(int count, char **arguments)
{
    static char script[SCRIPT_MAX_BYTES];
    require(count == 4, "PORT USER IDENTITY");
    size_t length = fread(script, 1, sizeof(script), stdin);
    dial((int)strtol(arguments[1], NULL, 10));
    ssh_session session = log_in(arguments[2], arguments[3]);
    ssh_channel channel = ssh_channel_new(session);
    struct ssh_channel_callbacks_struct callbacks = {.channel_data_function = on_data,
                                                     .channel_close_function = on_close};
    ssh_callbacks_init(&callbacks);
    ssh_set_channel_callbacks(channel, &callbacks);
    acknowledge_quickly();
    require(ssh_channel_open_session(channel) == SSH_OK, ssh_get_error(session));
    acknowledge_quickly();
    require(ssh_channel_request_exec(channel, "exec /bin/sh -s") == SSH_OK, ssh_get_error(session));
    ssh_channel_write(channel, script, (uint32_t)length);
    ssh_channel_send_eof(channel);
    ssh_event event = ssh_event_new();
    ssh_event_add_session(event, session);
    while (!is_closed)
        require(ssh_event_dopoll(event, 1000) != SSH_ERROR, "the connection is lost");
    _exit(0);
}
