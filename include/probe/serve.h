/* SPDX-License-Identifier: Apache-2.0 */
/* The other end of a fleet: what walkdown-worker does with its socket. */
#ifndef PROBE_SERVE_H
#define PROBE_SERVE_H

#include "base/error.h"

/* Gives up what a process that talks to a remote target does not need; called once, before the
 * first of them is dialled. After it, local shells are refused: they would show the confinement of
 * the worker as if it were that of the machine. A failure is told as progress. */
typedef bool serve_confine_function(struct error *error);

/* Talk on SOCKET_FD until the other side hangs up. CONFINE may be NULL. */
bool probe_serve(int socket_fd, serve_confine_function *confine, struct error *error) MUST_USE;

#endif
