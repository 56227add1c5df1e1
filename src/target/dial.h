/* SPDX-License-Identifier: Apache-2.0 */
/* A TCP connection to a host by name, tried on all its addresses before a deadline. */
#ifndef TARGET_DIAL_H
#define TARGET_DIAL_H

#include "base/error.h"

struct dial_request {
    const char *name; /* what the user calls the host, for messages */
    const char *host;
    int port;
    int address_family;  /* AF_UNSPEC: any */
    int64_t deadline_ms; /* clock_monotonic_ms() */
};

/* Connect. RET_FD is non-blocking and the caller's to close; RET_ADDRESS, "10.0.0.7:22" or
 * "[::1]:22", is the caller's to free. Fails with UNREACHABLE or TIMEOUT and a hint. */
bool dial(const struct dial_request *request, int *ret_fd, char **ret_address,
          struct error *error) MUST_USE;

#endif
