/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a worker gives up before it talks to a remote target. It needs the network, files of the
 * user's SSH configuration, and the ssh program; so this is a list of what is denied, against a
 * server that takes over the process by a defect in the SSH library:
 * - tracing and reading other processes, which hold the review and its keys;
 * - the kernel's rarely used and often attacked doors: bpf, perf events, io_uring, userfaultfd,
 *   keyrings, namespaces, mounts, modules, kexec, clocks, raw I/O;
 * - sockets other than Unix, IPv4, IPv6 and netlink (which name resolution uses);
 * - gaining rights by set-user-ID programs (no_new_privs);
 * - more than 1 GiB of memory.
 * It stops neither opening files nor connections: those rights stay the user's. Not for local
 * targets: their shells would inherit it all, and evidence would show the worker's confinement.
 */
#ifndef WORKER_SANDBOX_H
#define WORKER_SANDBOX_H

#include "base/error.h"

/* For the rest of the life of this process and of its children. */
bool sandbox_confine(struct error *error) MUST_USE;

#endif
