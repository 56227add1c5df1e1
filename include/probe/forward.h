/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of a step that is not for a shell but for sshd, which is to make TCP connections
 * (target/forward.h). A line each, "#" begins a comment:
 *
 *     direct-tcpip seconds 4 rate 20     first: for one connection; how many begin in a second
 *     prove                              that sshd's own port is seen open, on loopback and on the
 *                                        address by which we reached it
 *     try NUMBER ADDRESS PORT            NUMBER is the caller's
 *
 * The answer, as stdout of the step, has the lines of a vantage: "proof tcp FAMILY direct-tcpip
 * ADDRESS PORT" and "flow NUMBER ADDRESS STATE direct-tcpip [WHY]", where STATE is "open",
 * "refused", "filtered", "unreachable", "prohibited" or "blocked"; at last "end". Pure.
 */
#ifndef PROBE_FORWARD_H
#define PROBE_FORWARD_H

#include "base/buffer.h"
#include "base/error.h"
#include "target/forward.h"

#include <netinet/in.h>

#define FORWARD_TRIES_MAX   400
#define FORWARD_SECONDS_MAX 30
#define FORWARD_RATE_MAX    100

struct forward_try {
    size_t number;
    char address[INET6_ADDRSTRLEN];
    int port;
};
struct forward_order {
    int seconds, rate;
    bool is_to_prove;
    struct forward_try *tries;
    size_t count;
};
void forward_order_release(struct forward_order *order);
/* ERROR_INVALID names the line. */
bool forward_order_read(const char *text, struct forward_order *ret_order,
                        struct error *error) MUST_USE;
bool forward_order_check(const char *text, struct error *error) MUST_USE;
/* The family of a numeric address, 4 or 6; 0: it is none. */
int forward_family(const char *address);

/* Append the line of one try. ANSWER NULL: none came within SECONDS. */
void forward_write_flow(struct buffer *out, const struct forward_try *tried,
                        const struct forward_answer *answer, int seconds);
void forward_write_proof(struct buffer *out, const struct forward_try *tried);

#endif
