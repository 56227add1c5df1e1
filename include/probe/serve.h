/* SPDX-License-Identifier: Apache-2.0 */
/* The other end of a fleet: what walkdown-worker does with its socket. */
#ifndef PROBE_SERVE_H
#define PROBE_SERVE_H

#include "base/error.h"

/* Talk on SOCKET_FD until the other side hangs up. */
bool probe_serve(int socket_fd, struct error *error) MUST_USE;

#endif
