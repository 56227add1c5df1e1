/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Messages between walkdown and walkdown-worker over a socket pair: u32 length of the rest, u8
 * type, u32 length of a JSON object, the object, raw bytes. Numbers are most significant byte
 * first. Raw bytes hold output and secrets, so that those never pass through JSON. A message has at
 * most MESSAGE_MAX_BYTES; a longer or malformed one ends the conversation. Parsed as hostile on
 * both sides.
 */
#ifndef PROBE_MESSAGE_H
#define PROBE_MESSAGE_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/json.h"

#define MESSAGE_MAX_BYTES (48 * 1024 * 1024)

/* X(name, text, direction) */
#define MESSAGE_TYPES(X)                                                                           \
    X(OPEN, "open")           /* to the worker: target, pinned key, options */                     \
    X(PLAN, "plan")           /* to the worker: steps */                                           \
    X(ANSWER, "answer")       /* to the worker: to HOSTKEY or PROMPT; raw: the secret */           \
    X(CANCEL, "cancel")       /* to the worker: stop, keep what is finished */                     \
    X(CLOSE, "close")         /* to the worker: disconnect, be ready for the next OPEN */          \
    X(PROGRESS, "progress")   /* from the worker: text */                                          \
    X(HOSTKEY, "hostkey")     /* from the worker: decide on this key */                            \
    X(PROMPT, "prompt")       /* from the worker: ask the user */                                  \
    X(CONNECTED, "connected") /* from the worker: identity */                                      \
    X(BEGUN, "begun")         /* from the worker: a step began and goes on */                      \
    X(RESULT, "result")       /* from the worker: a step ended; raw: stdout, stderr */             \
    X(FINISHED, "finished")   /* from the worker: the plan is through */                           \
    X(FAILED, "failed")       /* from the worker: code, message, hint */

enum message_type {
#define X(name, text) MESSAGE_##name,
    MESSAGE_TYPES(X)
#undef X
        MESSAGE_TYPE_COUNT
};

struct message {
    enum message_type type;
    json_t *body; /* owned */
    char *raw;    /* owned; wiped when it is released */
    size_t raw_length;
};

void message_release(struct message *message);
/* Append the wire form to OUT. BODY may be NULL: an empty object. */
void message_write(struct buffer *out, enum message_type type, const json_t *body, const void *raw,
                   size_t raw_length);
/* What the first 4 bytes of a message say of its length behind them; untrusted. */
size_t message_length(const char *bytes);
/* Take the first whole message off IN. True with *ret_found false: more bytes are needed. */
bool message_read(struct buffer *in, struct message *ret_message, bool *ret_found,
                  struct error *error) MUST_USE;

#endif
