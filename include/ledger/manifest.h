/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The text that a sign-off signs: readable, one value a line, LF, fixed order. The verifier makes
 * it anew from the review file and compares bytes. Every value is made safe for one line first. The
 * signature is an SSHSIG (OpenSSH PROTOCOL.sshsig) in namespace MANIFEST_NAMESPACE.
 */
#ifndef LEDGER_MANIFEST_H
#define LEDGER_MANIFEST_H

#include "base/array.h"
#include "ledger/entry.h"

#define MANIFEST_NAMESPACE "walkdown-signoff"
#define MANIFEST_TAG       "walkdown-signoff v1"

struct manifest_checklist {
    char *id, *version;
    struct digest digest;
};

struct manifest_head {
    struct ledger_id author;
    char *name; /* and e-mail */
    int64_t seq;
    struct digest hash;
};

/* X(member): the counts of items by verdict and state, in this order in the text */
#define MANIFEST_COUNTS(X)                                                                         \
    X(items) X(pass) X(fail) X(not_applicable) X(open) X(disputed) X(blocked) X(against_suggestion)

struct manifest {
    struct ledger_id review;
    char *title;
    struct manifest_checklist *checklists;
    size_t checklist_count;
    struct strings targets;      /* "name spec" */
    struct manifest_head *heads; /* by author id */
    size_t head_count;
    int64_t entry_count;
    struct digest merkle_root;
#define X(member) int64_t member;
    MANIFEST_COUNTS(X)
#undef X
    int64_t exceptions; /* open ones */
    char *role, *statement, *signer;
    int64_t time_ms;
    struct digest previous; /* hash of the sign-off entry before; zeros: none */
    char *tool;
};

void manifest_release(struct manifest *manifest);
void manifest_write(const struct manifest *manifest, struct buffer *text);
/* Read back what the verifier needs to make it anew: heads, role, statement, signer, time,
 * previous, tool. Strict: any other line or order is ERROR_INVALID. */
bool manifest_read(const char *text, size_t length, struct manifest *ret_manifest,
                   struct error *error) MUST_USE;

#endif
