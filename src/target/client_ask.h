/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The conversation between a connection and the helpers that the OpenSSH client runs for it, over a
 * socket in a folder of our own. A request is texts with a NUL behind each, then the end of the
 * stream; an answer is CLIENT_YES and bytes, or nothing.
 */
#ifndef TARGET_CLIENT_ASK_H
#define TARGET_CLIENT_ASK_H

#include "ssh.h"

/* Names the socket to the helpers. */
#define CLIENT_SOCKET_VARIABLE "WALKDOWN_CLIENT_SOCKET"
#define CLIENT_ASK_HOSTKEY     "--hostkey" /* why, type, key, name: as %I %t %K %H */
#define CLIENT_ASK_READY       "--ready"
#define CLIENT_ASK_SECRET      "--secret" /* hint, prompt */
#define CLIENT_RUN             "--run"    /* folder to remove afterwards, program, arguments */
#define CLIENT_YES             '+'

struct client_talk {
    const struct ssh_login *login;
    struct hostkey *hostkey; /* of the target: its host and port are set, the rest is filled in */
    struct hostkey_list *jumps; /* those of jump hosts that were taken */
    int listener;
    bool is_ready;          /* the login is done */
    bool was_declined;      /* the user gave no answer */
    int64_t asked_ms;       /* how long users took to answer, in all */
    struct strings prompts; /* what was asked, to count attempts */
    struct error refusal;   /* of a host key; code NONE: none */
};

/* Remove a folder and the files in it. */
void client_remove_folder(const char *folder);

void client_talk_release(struct client_talk *talk);
/* Listen in FOLDER. Free RET_PATH with free(). */
bool client_talk_listen(struct client_talk *talk, const char *folder, char **ret_path,
                        struct error *error) MUST_USE;
/* Serve one helper that has called. */
void client_talk_serve(struct client_talk *talk);

#endif
