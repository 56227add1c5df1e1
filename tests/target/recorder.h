/* SPDX-License-Identifier: Apache-2.0 */
/* A shell of a test, and what it said. Every wait has a deadline; its end fails the test. */
#ifndef TARGET_RECORDER_H
#define TARGET_RECORDER_H

#include "base/buffer.h"
#include "target/connection.h"

#include <sys/types.h>

struct recorder {
    struct connection *connection;
    struct shell *shell;
    struct buffer output[2]; /* by enum shell_stream */
    size_t bytes[2];
    bool only_counts; /* keep no output */
    size_t close_at;  /* close the shell when so many bytes have come; 0: never */
    int ended;
    int exit_status;    /* -2: no end yet */
    struct error error; /* why it never started */
};

/* Start a shell with SCRIPT as its input. */
void recorder_open(struct recorder *recorder, struct connection *connection, const char *script);
/* The same, the last HOPS hops left out. */
void recorder_open_outside(struct recorder *recorder, struct connection *connection, size_t hops,
                           const char *script);
void recorder_release(struct recorder *recorder);
void recorder_write(struct recorder *recorder, const char *text);
/* Pump once, up to a second. */
void recorder_pump(struct recorder *recorder);
void recorder_wait_for_end(struct recorder *recorder);
void recorder_wait_for_text(struct recorder *recorder, const char *text);
const char *recorder_stdout(const struct recorder *recorder);
const char *recorder_stderr(const struct recorder *recorder);
/* Wait until a process is gone, or dead and not yet collected. */
void recorder_wait_until_gone(pid_t process);
bool recorder_process_runs(pid_t process);

#endif
