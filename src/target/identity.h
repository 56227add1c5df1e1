/* SPDX-License-Identifier: Apache-2.0 */
/* A private key file of the reviewer, perhaps encrypted. */
#ifndef TARGET_IDENTITY_H
#define TARGET_IDENTITY_H

#include "base/error.h"
#include "target/hostkey.h"

#include <libssh/libssh.h>

enum identity_state {
    IDENTITY_MISSING,   /* no such file: nothing to say about it */
    IDENTITY_UNUSABLE,  /* something is there that cannot be used */
    IDENTITY_ENCRYPTED, /* needs its passphrase */
    IDENTITY_READY
};

struct identity {
    enum identity_state state;
    char *path;
    char *text;            /* the file, while it is encrypted */
    const char *complaint; /* why it is unusable; or NULL */
    ssh_key private_key;   /* when ready */
    ssh_key certified_key; /* the same with the certificate from the file beside it, if any */
    ssh_key public_key;    /* when known: it may be so while the private one is encrypted */
    struct hostkey key;    /* type, key and fingerprint of the public key; NULL while unknown */
};

void identity_release(struct identity *identity);
/* Look at a file. Never fails: the state tells. */
void identity_read(const char *path, struct identity *ret_identity);
/* Try a passphrase. The state becomes READY, or stays as it is. */
void identity_unlock(struct identity *identity, const char *passphrase);

#endif
