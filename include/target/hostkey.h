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
    char *host;            /* the name it is on record by: the host's, or its HostKeyAlias */
    int port;              /* 0: the name stands for itself */
    char *type;            /* "ssh-ed25519" */
    char *key;             /* Base64 of the public key blob */
    char *fingerprint;     /* "SHA256:..." as ssh-keygen -l prints it */
    char *authority;       /* Base64 of the key that signed its certificate; NULL: a plain key */
    const char *objection; /* why the certificate does not hold for this host; NULL: it does */
    bool is_signed;        /* decided: it is known by that signature */
};
void hostkey_release(struct hostkey *hostkey);
/* What names it and what it is: not what was decided. */
struct hostkey hostkey_copy(const struct hostkey *hostkey);
bool hostkey_is_same(const struct hostkey *a, const struct hostkey *b);

/* One key a host and port. */
struct hostkey_list {
    struct hostkey *items;
    size_t count;
};
void hostkey_list_release(struct hostkey_list *list);
/* Add a copy, in place of the key that is there for its host and port. */
void hostkey_list_put(struct hostkey_list *list, const struct hostkey *hostkey);
/* Port 0 stands for 22. Borrowed until the list changes; NULL: none. */
const struct hostkey *hostkey_list_find(const struct hostkey_list *list, const char *host,
                                        int port);
/* Fill in type, key and fingerprint from a public key blob (RFC 4253 section 6.6). */
bool hostkey_from_blob(const void *blob, size_t length, struct hostkey *ret_hostkey,
                       struct error *error) MUST_USE;
/* The same from what a server showed: a plain key or a certificate whose signature was checked. The
 * host is set. type, key and fingerprint are those of the plain key. */
bool hostkey_from_shown(const void *blob, size_t length, struct hostkey *hostkey,
                        struct error *error) MUST_USE;

/* X(name, text) */
#define HOSTKEY_VERDICTS(X)                                                                        \
    X(KNOWN, "known")     /* this very key is on record */                                         \
    X(SIGNED, "signed")   /* an authority on record (@cert-authority) signed its certificate */    \
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
                       authority (@cert-authority) that does not help, and why; never NULL */
    char *recorded; /* fingerprint of the key on record that led to the verdict, or "" */
};
void hostkey_finding_release(struct hostkey_finding *finding);

/* Decide by the files and by the pinned key, which must agree where both speak. As for OpenSSH, a
 * certificate of an authority on record outweighs other keys on record; a pinned key it does not.
 */
bool hostkey_decide(const struct hostkey *hostkey, const struct hostkey_records *records,
                    struct hostkey_finding *ret_finding, struct error *error) MUST_USE;
/* The key types on record for a host, to ask the server for those first. */
void hostkey_known_types(const char *host, int port, const struct strings *files,
                         struct strings *ret_types);
/* Whether an authority is on record for a host, so that it is worth asking for certificates. */
bool hostkey_has_authority(const char *host, int port, const struct strings *files);
/* All keys and authorities on record for the host of HOSTKEY, as lines of known_hosts under NAME.
 */
void hostkey_known_lines(const struct hostkey *hostkey, const struct strings *files,
                         const char *name, struct buffer *ret_lines);

#endif
