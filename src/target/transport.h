/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What lies under a connection: one table of functions for each way to a shell. connection.c keeps
 * the list of shells and the order of events; a transport moves bytes.
 *
 * A shell may be closed, and another one opened, from within its own callbacks. Therefore a closed
 * shell only loses its resources at once; its memory is freed when no pump is running.
 */
#ifndef TARGET_TRANSPORT_H
#define TARGET_TRANSPORT_H

#include "target/connection.h"

enum {
    SHELLS_MAX = 16,            /* open at once on one connection */
    READ_STEP_BYTES = 64 * 1024 /* delivered to one callback at most */
};

struct transport {
    /* Start the shell that connection.c made; on failure nothing of it is left to stop. */
    bool (*start)(struct shell *shell, struct error *error);
    void (*write)(struct shell *shell, const void *bytes, size_t length);
    /* Give up everything that the shell holds on the target and here; called once. */
    void (*stop)(struct shell *shell);
    bool (*pump)(struct connection *connection, int wake_fd, int timeout_ms, struct error *error);
    /* Release the transport's own part of the connection; all shells are stopped. */
    void (*close)(struct connection *connection);
    bool can_forward;   /* its connections are a struct ssh_connection */
    size_t shell_bytes; /* of the transport's structure, which begins with a struct shell */
};

struct connection {
    const struct transport *transport;
    struct target_spec spec; /* a copy */
    struct connection_identity identity;
    struct shell *shells; /* a list */
    int pump_depth;       /* connection_pump() is on the stack */
    struct error lost;    /* why the connection is lost; code NONE while it is not */
};

struct shell {
    struct connection *connection;
    struct shell *next;
    struct shell_events events;
    size_t outside;     /* so many of the target's hops, the last ones, are left out */
    struct error error; /* why it never started; code NONE otherwise */
    bool is_stopped;    /* its resources are gone: it ended or was closed */
    bool is_closed;     /* by its user: no event may come, its memory is to be freed */
};

/* Hand output to the user unless the shell was closed. */
void shell_deliver(struct shell *shell, enum shell_stream stream, const char *bytes, size_t length);
/* Stop the shell and tell its user, once. EXIT_STATUS -1: none came. */
void shell_end(struct shell *shell, int exit_status);

/* The transports. IDENTITY's members are filled in by them. */
bool local_open(const struct target_spec *spec, struct connection **ret_connection,
                struct error *error) MUST_USE;
/* Goes through the OpenSSH client where the user or ssh_config asks for it. */
bool ssh_open(const struct target_spec *spec, const struct connection_options *options,
              const struct connection_events *events, struct connection **ret_connection,
              struct error *error) MUST_USE;

#endif
