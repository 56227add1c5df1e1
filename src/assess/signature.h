/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signatures in the SSHSIG format (OpenSSH PROTOCOL.sshsig) by way of ssh-keygen -Y, which knows
 * keys in files, in an agent and on security tokens, and which any auditor has at hand.
 */
#ifndef ASSESS_SIGNATURE_H
#define ASSESS_SIGNATURE_H

#include "base/buffer.h"
#include "base/error.h"

/* "ssh-ed25519 SHA256:..." of a key file, private or public; free it. */
bool signature_describe_key(const char *key, char **ret_text, struct error *error) MUST_USE;
/* Sign TEXT with KEY (a private key file, or a .pub file for an agent's key). ssh-keygen talks to
 * our terminal. RET_SIGNATURE: the armoured form; RET_KEY: "ssh-ed25519 SHA256:..." */
bool signature_make(const char *text, const char *key, struct buffer *ret_signature, char **ret_key,
                    struct error *error) MUST_USE;

enum signature_answer {
    SIGNATURE_GOOD,
    SIGNATURE_UNKNOWN_SIGNER, /* sound, but by no key of the list or not by the one who is named */
    SIGNATURE_BAD,            /* does not fit the text */
    SIGNATURE_UNCHECKED       /* ssh-keygen is missing or could not read the list */
};

/* A signature that is to be checked. */
struct signature_query {
    const char *text, *signature;
    const char *signer;          /* an e-mail address or a name */
    const char *allowed_signers; /* the verifier's own list */
    const char *revoked;         /* keys that count no more, or a KRL; may be NULL */
};

/* Some key that the list gives to the signer, and that is not revoked, must have made it. Lines
 * whose principals are patterns do not count. RET_PROBLEM: "" or why not; RET_FINGERPRINT: of the
 * key, "SHA256:...", when it is good, else NULL. Free both. */
enum signature_answer signature_check(const struct signature_query *query, char **ret_problem,
                                      char **ret_fingerprint);

#endif
