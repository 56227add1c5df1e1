/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Other programs, started by posix_spawn(3) with an argument list, never through a shell. The
 * child gets an empty signal mask, default handlers and no descriptor but the three named here.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include "base/buffer.h"
#include "base/error.h"

#include <sys/types.h>

struct process_options {
    const char *const *arguments;   /* NULL-terminated; arguments[0] is searched in $PATH */
    const char *const *environment; /* NULL-terminated "K=V" that replace or add; NULL: none */
    const char *folder;             /* working folder, NULL: ours */
    const void *input;              /* bytes for stdin; NULL: /dev/null */
    size_t input_length;
    size_t output_max_bytes; /* per stream; more is an error and ends the child. 0: 1 MiB */
    int timeout_ms;          /* 0: 30,000 */
    bool inherit_terminal;   /* stdin, stdout, stderr are ours; nothing is captured, no time-out */
    int inherit_fd;          /* a descriptor to hand down as number 3; 0: none */
    bool new_group;          /* leads a process group of its own, which process_run() ends whole */
    bool new_session;        /* leads a session of its own, without a terminal; a group too */
};

struct process_result {
    struct buffer output; /* stdout */
    struct buffer errors; /* stderr */
    int exit_status;      /* 0..255, or 128 + signal number */
};

void process_result_release(struct process_result *result);
/* Run a program to its end. False only when it could not be started, timed out or flooded us; a
 * non-zero exit status is a result. */
bool process_run(const struct process_options *options, struct process_result *ret_result,
                 struct error *error) MUST_USE;
/* Start a program with these descriptors as stdin, stdout and stderr (-1: /dev/null) and return its
 * process id; the caller waits for it. */
bool process_spawn(const struct process_options *options, const int fds[3], pid_t *ret_pid,
                   struct error *error) MUST_USE;
/* Close-on-exec for every descriptor from 3 on; the first thing a program of ours does. */
void process_close_inherited(void);
/* In a child that does not start another program: FD gets the number PROCESS_KEPT_FD, the numbers
 * below it lead nowhere, and all others are closed. */
#define PROCESS_KEPT_FD 3
void process_keep_only(int fd);
/* No core dumps, not traceable by others of the same user; a file that grows beyond a limit is an
 * error of write(2), not the end of the process. */
void process_harden(void);

#endif
