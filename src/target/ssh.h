/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport over SSH by libssh: ssh.c connects, ssh_hostkey.c decides on the host key,
 * ssh_keys.c and ssh_login.c log in, ssh_shell.c moves bytes, ssh_settings.c knows the user's
 * configuration.
 *
 * How libssh is used, and why:
 *  - Never blocking. Its calls are repeated as long as they say AGAIN, with our own poll and our
 * own deadline between, because its time-outs are not those of one step.
 *  - It reads no configuration, resolves no name, dials nothing and decides nothing.
 *  - Output is taken by callbacks: read by polling, it is lost when one stream is left full.
 *  - Callbacks run inside libssh. What a user's callback asks for there (close a shell, open
 * another) is put down and done by the pump, outside.
 */
#ifndef TARGET_SSH_H
#define TARGET_SSH_H

#include "ssh_settings.h"
#include "transport.h"

#include <libssh/callbacks.h>
#include <libssh/libssh.h>

#include <sys/types.h>

struct ssh_connection {
    struct connection connection;
    ssh_session session;
    ssh_event event;                   /* made by the first pump */
    char *name;                        /* what the user called the host */
    int fd;                            /* the socket; libssh closes it in some cases of failure */
    ino_t inode;                       /* by which we know whether it is still ours */
    int wake_fd;                       /* watched by the event; -1: none */
    bool is_woken;                     /* wake_fd could be read */
    bool has_news;                     /* a callback of libssh ran */
    bool is_starting;                  /* a shell is not running yet */
    int library_depth;                 /* calls of libssh on the stack that may run callbacks */
    int64_t next_ignore_ms;            /* when the next keep-alive is due */
    struct ssh_counter_struct traffic; /* bytes on the socket; counted by libssh */
};

enum ssh_shell_state {
    SSH_SHELL_NEW,      /* nothing was sent yet */
    SSH_SHELL_OPENING,  /* a channel was asked for */
    SSH_SHELL_STARTING, /* the shell was asked for; its input may follow at once */
    SSH_SHELL_RUNNING,
    SSH_SHELL_OVER /* the server closed the channel, or did not give what was asked for */
};

struct ssh_shell {
    struct shell shell;
    enum ssh_shell_state state;
    ssh_channel channel; /* NULL before it is asked for and after it was given up */
    struct ssh_channel_callbacks_struct callbacks;
    struct buffer pending; /* for stdin */
    bool has_status;
    int exit_status; /* -1: none, or contradictory ones */
};

/* What one login needs. */
struct ssh_login {
    struct ssh_connection *ssh;
    const struct ssh_settings *settings;
    const struct connection_options *options;
    const struct connection_events *events;
    int64_t deadline_ms; /* moved on by the time that the user takes to answer */
};

/* One step of libssh that may have to be repeated; returns its result. */
typedef int ssh_step_function(struct ssh_connection *ssh, void *argument);

struct ssh_call {
    ssh_step_function *step;
    void *argument;
    int again; /* the result that asks for another call */
    int64_t deadline_ms;
    const char *expected; /* of the server, for the message */
};
/* Repeat a call until it has a result, SSH_ERROR when the server hung up meanwhile. Fails only at
 * the deadline, with ERROR_TIMEOUT. */
bool ssh_repeat(struct ssh_connection *ssh, const struct ssh_call *call, int *ret_result,
                struct error *error) MUST_USE;
/* The conversation with the server is over. */
bool ssh_is_lost(const struct ssh_connection *ssh);
/* Before each wait of a login or the start of a shell, because the kernel forgets the wish: sshd
 * holds back a small packet until the one before is acknowledged, which may take 40 ms. */
void ssh_acknowledge_quickly(const struct ssh_connection *ssh);
/* Text of the server for a message: one line of printable ASCII, not too long. */
char *ssh_quote(const char *text) MUST_USE;
/* The newest complaint of libssh, quoted. */
char *ssh_complaint(const struct ssh_connection *ssh) MUST_USE;
void ssh_tell_progress(const struct connection_events *events, const char *format, ...)
    PRINTF_LIKE(2, 3);

/* The algorithms to offer, those of types on record first: an honest server with several keys then
 * shows the one that is known. Free with free(). */
char *ssh_hostkey_algorithms(const struct ssh_login *login, const struct hostkey *asked) MUST_USE;
/* The same for openssh.c, where LOGIN has no session: certificates come first where an authority is
 * on record and no key is pinned. */
char *ssh_client_algorithms(const struct ssh_login *login, const struct hostkey *asked) MUST_USE;
/* Fetch the server's key into HOSTKEY, whose host is set, and decide. No byte of a login is sent
 * before this says yes. */
bool ssh_decide_on_hostkey(struct ssh_login *login, struct hostkey *hostkey,
                           struct error *error) MUST_USE;
/* The same for a key that is at hand already: what RECORDS and the user say about it. NAME is for
 * messages. */
bool ssh_judge_hostkey(const char *name, struct hostkey *hostkey,
                       const struct hostkey_records *records,
                       const struct connection_events *events, struct error *error) MUST_USE;
/* Fill in user, host and the name of the host key's record. */
void ssh_describe_account(struct connection_identity *identity, const struct ssh_settings *settings,
                          const char *name);
/* The transport of openssh.c. LOGIN has settings, options and events. */
bool openssh_open(const struct target_spec *spec, struct ssh_login *login,
                  struct connection **ret_connection, struct error *error) MUST_USE;
/* Log in; the host key is decided on. Sets the identity's authentication. */
bool ssh_log_in(struct ssh_login *login, struct error *error) MUST_USE;

bool ssh_shell_start(struct shell *shell, struct error *error) MUST_USE;
void ssh_shell_write(struct shell *shell, const void *bytes, size_t length);
void ssh_shell_stop(struct shell *shell);
bool ssh_pump(struct connection *connection, int wake_fd, int timeout_ms,
              struct error *error) MUST_USE;

#endif
