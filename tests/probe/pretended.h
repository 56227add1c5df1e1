/* SPDX-License-Identifier: Apache-2.0 */
/* A pretended target, in place of the room target: a test says what comes back on each channel. */
#ifndef TESTS_PROBE_PRETENDED_H
#define TESTS_PROBE_PRETENDED_H

#include "probe/frame.h"
#include "target/connection.h"

struct shell {
    struct shell_events events;
    char nonce[FRAME_NONCE_BYTES];
    bool is_open;
    struct error refusal;
};

/* The next wait behaves; after three of a channel, and without BEHAVE, the target says nothing. */
struct connection {
    struct shell shell;
    int channels;  /* opened so far */
    int pumps;     /* on this channel */
    bool is_lost;  /* the next pump says so */
    int refuse_at; /* this channel is not opened; 0: all are */
    enum error_code refusal;
    void (*behave)(struct connection *connection);
};

/* Say TEXT with the nonce for each '@'. */
void say(struct connection *connection, enum shell_stream stream, const char *text);
void say_both(struct connection *connection, const char *text);
void end_shell(struct connection *connection, int exit_status);
/* On the first channel, frame 0 as it should be. */
void pass_self_test(struct connection *connection);

#endif
