/* SPDX-License-Identifier: Apache-2.0 */
/* One shell that runs one script: its two streams of frames, brought together into one. */
#ifndef PROBE_CHANNEL_H
#define PROBE_CHANNEL_H

#include "probe/frame.h"
#include "probe/script.h"
#include "target/connection.h"

#define CHANNEL_QUOTE_BYTES 512

enum channel_event_kind {
    CHANNEL_BEGIN, /* on the first of the two streams */
    CHANNEL_DATA,
    CHANNEL_END,   /* on both streams, which agree on the status */
    CHANNEL_BROKEN /* the last event: one stream makes no sense, or the two do not fit together */
};

struct channel_event {
    enum channel_event_kind kind;
    size_t frame;
    int status; /* of CHANNEL_END: 0..255, or FRAME_REFUSED */
    enum shell_stream stream;
    const char *bytes; /* borrowed until the next event */
    size_t length;
};

struct channel {
    struct shell *shell;
    struct script script;
    char prompt[FRAME_NONCE_BYTES + 2];  /* of sudo, where the script may ask */
    struct frame_parser parsers[2];      /* by enum shell_stream */
    size_t begun;                        /* frames */
    size_t ended[2];                     /* frames of each stream */
    int statuses[2];                     /* of the frame that ended last */
    size_t news_bytes;                   /* since channel_take_news() */
    size_t noise_bytes;                  /* ever */
    char quote[CHANNEL_QUOTE_BYTES + 1]; /* the start of the noise */
    char last[CHANNEL_QUOTE_BYTES + 1];  /* its end */
    bool has_ended;                      /* the shell, and all of its output was delivered */
    int exit_status;                     /* of the shell */
    struct error refusal;                /* why it never started; code ERROR_NONE: it did */
};

/* Start a shell and send it the script that OPTIONS ask for; they get a nonce here. CHANNEL stays
 * where it is until it is closed. */
bool channel_open(struct channel *channel, struct connection *connection, const struct plan *plan,
                  struct script_options options, struct error *error) MUST_USE;
/* Take the next event of what connection_pump() brought; false: there is none yet. */
bool channel_next(struct channel *channel, struct channel_event *ret_event) MUST_USE;
/* How many bytes came since the last call. */
size_t channel_take_news(struct channel *channel);
/* Nothing more will come: bytes that could have been the start of a marker become events. */
void channel_finish(struct channel *channel);
/* Close the shell; what still runs below it ends. */
void channel_close(struct channel *channel);

#endif
