/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Seeing a child of ours end without waiting for it: a descriptor for poll(2). It is a pidfd; where
 * there are none (kernels before 5.3, valgrind), a clock that ticks, at each tick of which the
 * child is looked at. The child is still to be waited for by its owner.
 */
#ifndef BASE_PROCESS_WATCH_H
#define BASE_PROCESS_WATCH_H

#include "base/error.h"

#include <sys/types.h>

struct process_watch {
    pid_t pid;
    int fd;          /* poll it for POLLIN, then ask process_watch_has_ended(); -1: none */
    bool is_ticking; /* FD is such a clock */
};

#define PROCESS_WATCH_NONE ((struct process_watch){.fd = -1})

/* RET_WATCH is PROCESS_WATCH_NONE on failure. */
bool process_watch_open(pid_t pid, struct process_watch *ret_watch, struct error *error) MUST_USE;
/* Closed already, or never opened, is fine. */
void process_watch_close(struct process_watch *watch);
/* Never waits. False where there is nothing to watch. */
bool process_watch_has_ended(const struct process_watch *watch);
/* The same after TIMEOUT_MS at most. */
bool process_watch_wait(const struct process_watch *watch, int timeout_ms);

#endif
