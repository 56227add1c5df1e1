/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a server's host key is the one we know: OpenSSH's rules for known_hosts (sshd(8),
 * SSH_KNOWN_HOSTS FILE FORMAT), equal or stricter. One function decides for every transport; libssh
 * only hands us the key.
 */
#ifndef TARGET_HOSTKEY_H
#define TARGET_HOSTKEY_H

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"

struct hostkey {
    char *host;        /* the name it is on record by: the host's, or its HostKeyAlias */
    int port;          /* 0: the name stands for itself */
    char *type;        /* "ssh-ed25519" */
    char *key;         /* Base64 of the public key blob */
    char *fingerprint; /* "SHA256:..." as ssh-keygen -l prints it */
};
void hostkey_release(struct hostkey *hostkey);
/* Fill in type, key and fingerprint from a public key blob (RFC 4253 section 6.6). */
bool hostkey_from_blob(const void *blob, size_t length, struct hostkey *ret_hostkey,
                       struct error *error) MUST_USE;

/* X(name, text) */
#define HOSTKEY_VERDICTS(X)                                                                        \
    X(KNOWN, "known")     /* this very key is on record */                                         \
    X(UNKNOWN, "unknown") /* nothing on record for this host: first contact */                     \
    X(CHANGED, "changed") /* another key of this type is on record: stop */                        \
    X(OTHER, "other")     /* only keys of other types are on record: stop */                       \
    X(REVOKED, "revoked") /* this key is marked @revoked: stop */

enum hostkey_verdict {
#define X(name, text) HOSTKEY_##name,
    HOSTKEY_VERDICTS(X)
#undef X
};
const char *hostkey_verdict_text(enum hostkey_verdict verdict);

/* Where keys are on record. */
struct hostkey_records {
    const struct strings
        *files;             /* known_hosts: missing ones are skipped, unreadable ones an error */
    const char *pinned_key; /* Base64, from the review; NULL or "": none */
};

struct hostkey_finding {
    enum hostkey_verdict verdict;
    char *where;    /* "file:line", "pinned in the review" or ""; for UNKNOWN, the line of an
                       authority (@cert-authority), which is not asked; never NULL */
    char *recorded; /* fingerprint of the key on record that led to the verdict, or "" */
};
void hostkey_finding_release(struct hostkey_finding *finding);

/* Decide by the files and by the pinned key, which must agree where both speak. */
bool hostkey_decide(const struct hostkey *hostkey, const struct hostkey_records *records,
                    struct hostkey_finding *ret_finding, struct error *error) MUST_USE;
/* The key types on record for a host, to ask the server for those first. */
void hostkey_known_types(const char *host, int port, const struct strings *files,
                         struct strings *ret_types);

#endif
