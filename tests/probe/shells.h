/* SPDX-License-Identifier: Apache-2.0 */
/* Scripts run by each shell of this machine that may stand behind /bin/sh, frames and all. */
#ifndef TESTS_PROBE_SHELLS_H
#define TESTS_PROBE_SHELLS_H

#include "probe/frame.h"
#include "probe/script.h"

#define SHELL_KINDS      5
#define SHELL_FRAMES_MAX 600

struct shell_kind {
    const char *name;
    const char *arguments[4];
};
extern const struct shell_kind shell_kinds[SHELL_KINDS];

struct shell_frame {
    struct buffer out, err;
    int status;     /* as both streams say; -2: they differ or it never ended */
    bool has_begun; /* on both streams */
};

struct shell_run {
    struct plan plan;
    struct script script;
    const char *first_line; /* sent before the script; NULL: none */
    bool no_group;          /* the shell does not lead a process group */
    pid_t pid;
    int input, outputs[2];
    struct frame_parser parsers[2];
    struct shell_frame frames[SHELL_FRAMES_MAX];
    size_t ended[2]; /* frames of each stream */
    size_t noise[2];
    bool is_broken;
    bool is_over; /* both outputs have ended */
};

/* True when the machine has this shell. */
bool shell_is_here(const struct shell_kind *kind);
/* Start the script of RUN->plan; what is below it ends with shell_run_release(). */
void shell_start(struct shell_run *run, const struct shell_kind *kind, const char *nonce);
/* Read until COUNT frames have ended on both streams, or everything has; false after 20 s. */
bool shell_read(struct shell_run *run, size_t count);
/* Close the script's stdin. */
void shell_hang_up(struct shell_run *run);
void shell_run_release(struct shell_run *run);

/* How many processes have TEXT in their command line or environment. */
size_t processes_with(const char *text);
/* Wait until there is no such process; false after TIMEOUT_MS. */
bool processes_are_gone(const char *text, int timeout_ms);

#endif
