/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads known_hosts files (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT): which lines speak about a host.
 * Knows nothing about verdicts. As OpenSSH does, a malformed line is passed over; unlike OpenSSH,
 * keys of a type that nobody knows are reported too.
 */
#ifndef TARGET_KNOWN_HOSTS_H
#define TARGET_KNOWN_HOSTS_H

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"

enum known_host_kind {
    KNOWN_HOST_KEY,
    KNOWN_HOST_AUTHORITY, /* @cert-authority: signs host certificates, is no host's own key */
    KNOWN_HOST_REVOKED    /* @revoked */
};

/* One line about the host. Everything in it is borrowed for the time of the call. */
struct known_host {
    enum known_host_kind kind;
    const char *file;
    size_t line;               /* from 1 */
    const struct buffer *blob; /* the public key, RFC 4253 section 6.6 */
};

typedef void known_host_function(void *context, const struct known_host *known);

/* The name a host is on record by: "host", or "[host]:port" where the port is not 22. Lower case.
 * Free with free(). */
char *known_hosts_name(const char *host, int port) MUST_USE;
struct known_hosts_query {
    const char *name;              /* by known_hosts_name() */
    known_host_function *function; /* called for each line about it */
    void *context;
};

/* Ask files in order. Missing ones are skipped; unreadable ones fail. */
bool known_hosts_find(const struct strings *files, const struct known_hosts_query *query,
                      struct error *error) MUST_USE;
/* Ask the contents of one file; FILE names it in what is reported. */
void known_hosts_scan(const char *file, const struct buffer *contents,
                      const struct known_hosts_query *query);

#endif
