/* SPDX-License-Identifier: Apache-2.0 */
/*
 * TCP connections that the SSH server makes for us: direct-tcpip channels, RFC 4254 section 7.2.
 * They start in the server's own network namespace, as the account that it runs under for us. Only
 * whether they come about is of interest: no byte is sent, and what opens is closed at once.
 */
#ifndef TARGET_FORWARD_H
#define TARGET_FORWARD_H

#include "target/connection.h"

#define FORWARDS_MAX 1000 /* of one set */

/* Reason codes of RFC 4254 section 5.1. */
enum { FORWARD_PROHIBITED = 1, FORWARD_CONNECT_FAILED = 2 };

enum forward_state {
    FORWARD_PENDING,
    FORWARD_OPENED, /* and closed again */
    FORWARD_REFUSED,
    FORWARD_UNCLEAR /* refused together with others, so that the reason is not known: ask alone */
};

struct forward_answer {
    enum forward_state state;
    unsigned code;  /* of FORWARD_REFUSED */
    char text[128]; /* the server's words for it, untrusted, printable ASCII */
};

struct forward_set;
/* CONNECTION has to outlive the set. ERROR_UNSUPPORTED: it does not lead straight to an SSH server
 * that we speak to ourselves. */
bool forward_set_new(struct connection *connection, struct forward_set **ret_set,
                     struct error *error) MUST_USE;
/* Gives up what is pending; NULL is fine. */
void forward_set_free(struct forward_set *set);
/* Ask for a connection to a numeric address; returns its number in the set, from 0. At most
 * FORWARDS_MAX. */
size_t forward_set_ask(struct forward_set *set, const char *address, int port);
/* After connection_pump(): take in what has come. */
void forward_set_look(struct forward_set *set);
/* Borrowed until the next call. */
const struct forward_answer *forward_set_answer(const struct forward_set *set, size_t number);

#endif
