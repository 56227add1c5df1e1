/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a script's shell says, taken apart again. On stdout and on stderr alike, frame number N is
 *
 *     LF nonce " B" N LF  any bytes  LF nonce " E" N " " status LF
 *
 * The line feed in front of a marker is the script's own: taken away with the marker, it leaves
 * exactly the command's bytes, whether they end in a line feed, hold NUL or look like a marker of
 * another nonce. Frames are numbered from 0 without gaps. Bytes outside frames are noise: login
 * messages, a shell's complaints. One parser a stream; everything it reads is hostile.
 */
#ifndef PROBE_FRAME_H
#define PROBE_FRAME_H

#include "base/buffer.h"

#define FRAME_NONCE_BYTES 23   /* of text: 128 random bits in Base64, and the NUL */
#define FRAME_REFUSED     (-1) /* a status: the command was not run, root was refused */
#define FRAME_STATUS_MAX  383  /* ksh93 tells death by signal N as 256 + N, the others as 128 + N */

void frame_nonce_make(char nonce[FRAME_NONCE_BYTES]);

enum frame_event_kind {
    FRAME_NOISE, /* bytes outside any frame */
    FRAME_BEGIN, /* frame */
    FRAME_DATA,  /* bytes inside the frame */
    FRAME_END,   /* frame, status */
    FRAME_BROKEN /* a marker that cannot be: the stream makes no sense from here on */
};

struct frame_event {
    enum frame_event_kind kind;
    size_t frame;
    int status;        /* 0..FRAME_STATUS_MAX, or FRAME_REFUSED */
    const char *bytes; /* borrowed until the parser is touched again */
    size_t length;
};

struct frame_parser {
    char marker[FRAME_NONCE_BYTES + 2]; /* what every marker starts with */
    size_t marker_length;
    struct buffer pending;
    size_t taken; /* bytes of PENDING that were handed out */
    size_t frame; /* the one that is open, or the next one */
    bool is_open, is_finished, is_broken;
};

void frame_parser_init(struct frame_parser *parser, const char *nonce);
void frame_parser_release(struct frame_parser *parser);
void frame_feed(struct frame_parser *parser, const char *bytes, size_t length);
/* The stream has ended: nothing more can complete a marker. */
void frame_finish(struct frame_parser *parser);
/* Take the next event; false: more bytes are needed. Nothing follows FRAME_BROKEN. */
bool frame_next(struct frame_parser *parser, struct frame_event *ret_event) MUST_USE;

#endif
