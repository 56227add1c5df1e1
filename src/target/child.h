/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport whose shells are child processes: of this machine, or of a program that leads to
 * another one. Each is a session of its own with three pipes.
 */
#ifndef TARGET_CHILD_H
#define TARGET_CHILD_H

#include "transport.h"

#include "base/array.h"
#include "base/process_watch.h"

struct child_connection;

struct child_kind {
    /* Append the words that start a shell, the last OUTSIDE hops left out. */
    void (*words)(const struct child_connection *own, size_t outside, struct strings *ret_words);
    /* The companion has ended: say why. NULL where there is none. */
    void (*explain_loss)(struct child_connection *own, struct error *error);
    /* At every pump; NULL: nothing. */
    void (*attend)(struct child_connection *own);
    /* Release what the kind added; NULL: nothing. */
    void (*release)(struct child_connection *own);
    int loss_status; /* the exit status of a shell that lost its companion; -2: none */
};

struct child_connection {
    struct connection connection;
    const struct child_kind *kind;
    struct process_watch companion; /* its end is the end of the connection; may be none */
};

void child_connection_init(struct child_connection *own, const struct child_kind *kind);

#endif
