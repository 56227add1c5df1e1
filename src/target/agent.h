/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The keys that an ssh-agent holds (draft-miller-ssh-agent, sections 3 to 5). Signing is libssh's
 * matter; what libssh lacks is the choice of one key.
 */
#ifndef TARGET_AGENT_H
#define TARGET_AGENT_H

#include "base/buffer.h"
#include "base/error.h"
#include "target/hostkey.h"

struct agent_key {
    struct buffer blob; /* RFC 4253 section 6.6 */
    struct hostkey key; /* type, key and fingerprint; no host */
    char *comment;
};

struct agent_keys {
    struct agent_key *items;
    size_t count;
};

void agent_keys_release(struct agent_keys *keys);
/* A new connection to the agent at PATH; the caller's to close. */
bool agent_connect(const char *path, int *ret_fd, struct error *error) MUST_USE;
/* Ask the agent at PATH for its keys, in its order. */
bool agent_list(const char *path, struct agent_keys *ret_keys, struct error *error) MUST_USE;
/* Take over the agent's answer: the message without its length. */
bool agent_parse(const void *message, size_t length, struct agent_keys *ret_keys,
                 struct error *error) MUST_USE;
/* Two ends of a socket: what is read from RET_FDS[0] is an agent's answer that it holds this one
 * key, and then the end; RET_FDS[1] swallows the question. Both are the caller's to close. */
bool agent_answer_with(const struct agent_key *key, int ret_fds[2], struct error *error) MUST_USE;

#endif
