/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run while it is under way, and its results: one a step, in the order of the plan.
 */
#ifndef PROBE_RUNNER_RESULTS_H
#define PROBE_RUNNER_RESULTS_H

#include "channel.h"
#include "probe/runner.h"

enum { REFUSAL_BYTES = 160 };

struct runner {
    struct connection *connection;
    const struct plan *plan;
    const struct runner_options *options;
    const struct runner_events *events;
    int frame_wait_ms;
    struct channel channel;
    bool channel_is_over;
    size_t next;             /* the first step without a result */
    enum script_part part;   /* what the open frame holds */
    bool in_frame;           /* one is open */
    bool is_forwarding;      /* that is no frame, but a step for sshd */
    int64_t frame_began_ms;  /* monotonic */
    int64_t deadline_ms;     /* monotonic: of the frame, or of waiting for one */
    struct step_result step; /* what the open frame has brought so far */
    size_t noise_told;       /* bytes of this channel's noise that a result has told */
    int64_t total_bytes;
    bool wants_self_test; /* of this connection */
    bool is_self_tested;  /* there were frames, ever */
    int silent_count;
    bool root_is_refused;
    size_t outside; /* where the channel's shell stands */
    char root_refusal[REFUSAL_BYTES];
    int prompts;      /* of sudo in the open frame */
    bool has_secret;  /* one was given and was right */
    bool is_asking;   /* the user */
    bool has_stopped; /* the rest got its results */
    bool is_cancelled;
    size_t news_bytes;    /* that the last wait brought */
    int64_t looked_ms;    /* when we looked last */
    int64_t suspended_ms; /* in all, since the last result */
    bool stood_still;     /* so it was while this channel was open */
    int loss_count, idle_loss_count;
    bool was_cut;      /* the next step had begun when the connection was lost */
    struct error loss; /* that the next result tells of; code NONE: none */
};

/* The open step, or else the next one, ends; what has come of its output is given on. */
void runner_end_step(struct runner *runner, enum step_outcome outcome);
/* The open step, or else the next one, ends like this; what has come of its output is kept. */
void runner_fail_step(struct runner *runner, enum step_outcome outcome, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* The open step and all that follow end alike. */
void runner_stop(struct runner *runner, enum step_outcome outcome, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* The open step was refused root, by what sudo or doas said on stderr. */
void runner_refuse_step(struct runner *runner);
/* So is all that needs root: WHY, of LENGTH bytes. */
void runner_refuse_root(struct runner *runner, const char *why, size_t length);
/* The channel gives no more: WHAT happened. */
void runner_lose_channel(struct runner *runner, const char *what);
/* The shell stands behind hops: what fails may be one of them. */
bool runner_is_behind_hops(const struct runner *runner);
/* Forget the open frame without a result. */
void runner_drop_frame(struct runner *runner);
/* How much of a stream the open frame may bring. */
size_t runner_cap_bytes(const struct runner *runner, enum shell_stream stream);
/* Append what caps leave room for; returns how much that is, in bytes. */
size_t runner_keep_bytes(struct runner *runner, const struct channel_event *event);
/* Nothing more comes: a line feed at the end that was held back as the possible start of a marker
 * was none. */
void runner_take_tail(struct runner *runner);

#endif
