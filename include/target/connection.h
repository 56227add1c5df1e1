/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A connection to a target, and on it shells: three byte streams to "/bin/sh -s". Local and SSH
 * look the same from here. Used by one process for one connection at a time; knows no probe.
 * Everything the server says (banner, prompts, errors) is hostile bytes.
 */
#ifndef TARGET_CONNECTION_H
#define TARGET_CONNECTION_H

#include "base/error.h"
#include "target/hostkey.h"
#include "target/spec.h"

struct connection;
struct shell;

enum prompt_kind {
    PROMPT_PASSPHRASE, /* of a private key file; text names the file */
    PROMPT_PASSWORD,   /* of the account, after every key was refused */
    PROMPT_KEYBOARD,   /* keyboard-interactive: text is the server's own, show it as a quote */
    PROMPT_SUDO        /* of the account, for sudo on the target; never from a connection itself */
};

struct prompt {
    enum prompt_kind kind;
    const char *text; /* untrusted bytes */
    bool echo;        /* the answer may be shown while it is typed */
    int attempt;      /* from 1 */
};

/* Answers of the user; all are called only while connection_open() runs, which waits for them. */
struct connection_events {
    void *context;
    /* What is going on, for a progress line. */
    void (*progress)(void *context, const char *text);
    /* First contact: VERDICT is UNKNOWN. True: go on and trust this key from now on. */
    bool (*accept_hostkey)(void *context, const struct hostkey *hostkey,
                           enum hostkey_verdict verdict, const char *where);
    /* A secret from the user; false: none will come. The callee appends to RET_ANSWER; the caller
     * wipes it after use. */
    bool (*prompt)(void *context, const struct prompt *prompt, struct buffer *ret_answer);
};

struct connection_options {
    const char *pinned_key;               /* Base64, from the review; NULL or "": none */
    const struct hostkey_list *jump_keys; /* the same of jump hosts; NULL: none */
    int connect_timeout_ms;               /* of TCP and the key exchange together; 0: 10,000 */
    int login_timeout_ms; /* of authentication, waiting for the user aside; 0: 30,000 */
    bool allow_password;  /* password and keyboard-interactive may be tried as last resort */
    int socket_fd;        /* speak SSH on (a copy of) this connected socket; 0: dial */
    const char *identity; /* an IdentityFile instead of those of the configuration; NULL: none */
    const struct strings *known_hosts; /* instead of those of the configuration; NULL: none */
    /* The program that the OpenSSH client runs to ask us (client_helper.h); NULL: this one. */
    const char *helper;
};

/* Who and what is at the other end, as far as it says; evidence. Text is untrusted, never NULL: ""
 * where there is nothing to say. */
struct connection_identity {
    char *user, *host, *address; /* the address that was dialled, with its port */
    char *server_version;        /* SSH identification string */
    char *key_exchange, *cipher; /* algorithms in use */
    char *authentication;   /* "publickey SHA256:...", "agent ...", "certificate ...", "password" */
    struct hostkey hostkey; /* NULL members for local */
    struct hostkey_list jumps; /* of the jump hosts that the OpenSSH client went through */
};

/* Connect, decide on the host key, log in. OPTIONS and EVENTS may be NULL: defaults, and nobody to
 * ask. Errors: UNREACHABLE (with what to try), DENIED (host key or login refused), TIMEOUT,
 * CANCELLED (no answer to a prompt), UNSUPPORTED (by ssh_config), INVALID (ssh_config). */
bool connection_open(const struct target_spec *spec, const struct connection_options *options,
                     const struct connection_events *events, struct connection **ret_connection,
                     struct error *error) MUST_USE;
/* Close its shells, without events, then the connection. NULL is fine; never from an event. */
void connection_close(struct connection *connection);
DEFINE_AUTO(connection, connection_close)
const struct connection_identity *connection_identity(const struct connection *connection);
/* What it was opened to; borrowed. */
const struct target_spec *connection_spec(const struct connection *connection);

enum shell_stream { SHELL_STDOUT, SHELL_STDERR };

struct shell_events {
    void *context;
    /* Bytes arrived; called from connection_pump(). May call shell_close() and shell_open(). */
    void (*output)(void *context, enum shell_stream stream, const char *bytes, size_t length);
    /* The shell ended and all its output was delivered; the last call. EXIT_STATUS -1: none came,
     * or a signal ended it. The shell still waits for shell_close() or connection_close(). */
    void (*ended)(void *context, int exit_status);
};

/* Start "exec /bin/sh -s" on the target. Several at once are possible where the target allows. Does
 * not wait for the target: what it refuses is told by `ended` and shell_error(). */
bool shell_open(struct connection *connection, const struct shell_events *events,
                struct shell **ret_shell, struct error *error) MUST_USE;
/* The same, but HOPS of the target's hops, the last ones, are left out: 1 is the host's view of a
 * container. At most as many as the target has. */
bool shell_open_outside(struct connection *connection, size_t hops,
                        const struct shell_events *events, struct shell **ret_shell,
                        struct error *error) MUST_USE;
/* Queue bytes for its stdin; they are sent by connection_pump(). stdin stays open until the shell
 * is closed: its end is the sign for the target to stop everything. */
void shell_write(struct shell *shell, const void *bytes, size_t length);
/* Close the channel at once, before or after its end; no event comes after this, and SHELL is gone.
 * A local shell's process group is killed. */
void shell_close(struct shell *shell);

/* Why a shell ended without ever having started, to be asked in `ended`: the target refuses another
 * one, or this one. Code NONE where it did start. Borrowed until shell_close(). */
const struct error *shell_error(const struct shell *shell);

/* Send and receive until something happened or TIMEOUT_MS passed. WAKE_FD (-1: none) ends the wait
 * when it can be read. False when the connection is lost: its shells' `ended` were called. */
bool connection_pump(struct connection *connection, int wake_fd, int timeout_ms,
                     struct error *error) MUST_USE;

#endif
