/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a target's host is for programs of the reviewer's machine: what ssh_config says of it,
 * without a connection. A host behind a jump host, a proxy command or a hop into a sandbox is
 * nowhere: what answers at its address from here would be something else.
 */
#ifndef TARGET_REACH_H
#define TARGET_REACH_H

#include "target/spec.h"

struct target_reach {
    enum target_kind kind;
    char *host; /* a name or an address, IPv6 without brackets; "127.0.0.1" for local */
    int port;   /* of its SSH server; 0 for local */
};

void target_reach_release(struct target_reach *reach);
/* Ask the OpenSSH client for its configuration, whose "Match exec" may run programs. Every failure
 * is ERROR_UNSUPPORTED. */
bool target_reach_find(const struct target_spec *spec, struct target_reach *ret_reach,
                       struct error *error) MUST_USE;

#endif
