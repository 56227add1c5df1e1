/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What processes that handle foreign bytes give up, for the rest of their lives and those of their
 * children.
 *
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
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include "base/error.h"

bool sandbox_confine(struct error *error) MUST_USE;

/*
 * What a process gives up that reads a stranger's file and tells another one what is in it: every
 * system call but those that read files, compute, write to descriptors that are open, and end. No
 * file can be made, changed or removed, nothing be connected to or started, no signal be sent.
 * Where the kernel has Landlock, no file but PATH can be read either, and BESIDE, where that is a
 * regular file of one name. Close first what it may not write to. Fails with ERROR_UNSUPPORTED
 * where that cannot be had; then the file must not be read.
 */
bool sandbox_confine_reader(const char *path, const char *beside, struct error *error) MUST_USE;
/* Whether the kernel has Landlock. */
bool sandbox_can_hide_files(void);

#endif
