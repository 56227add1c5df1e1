/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Entries of the ledger: what an author did, chained by hashes. Pure functions over bytes; knows no
 * file and no database. docs/review-file.md is the format's document.
 *
 * hash = SHA-256("walkdown/entry/v1\0" || field(review id) || field(author) || u64(seq) ||
 * u64(clock) || u64(time) || field(kind) || field(body) || field(prev)), where field is a length of
 * 8 bytes, most significant first, and the bytes, and u64 is 8 such bytes.
 */
#ifndef LEDGER_ENTRY_H
#define LEDGER_ENTRY_H

#include "base/digest.h"

#define LEDGER_ID_BYTES 16
/* Largest body; larger things are blobs. */
#define LEDGER_BODY_MAX_BYTES (4 * 1024 * 1024)

/* 128 random bits: names a review, or one person on one machine. */
struct ledger_id {
    uint8_t bytes[LEDGER_ID_BYTES];
};
#define LEDGER_ID_TEXT_BYTES 33
struct ledger_id ledger_id_random(void);
const char *ledger_id_text(const struct ledger_id *id, char text[LEDGER_ID_TEXT_BYTES]);
bool ledger_id_parse(const char *text, struct ledger_id *ret_id) MUST_USE;
bool ledger_id_equal(const struct ledger_id *a, const struct ledger_id *b);

/* The kinds of entries and the members of their JSON bodies (docs/review-file.md).
 * X(name, text). A kind that is not listed is kept and shown, never dropped. */
#define ENTRY_KINDS(X)                                                                             \
    X(REVIEW, "review")         /* the first of all: title, tool */                                \
    X(AUTHOR, "author")         /* name, email, key: who writes this log */                        \
    X(CHECKLIST, "checklist")   /* id, title, version, digest, blob, areas, checks */              \
    X(PARAMETER, "parameter")   /* id, values */                                                   \
    X(TARGET, "target")         /* name, spec */                                                   \
    X(HOSTKEY, "hostkey")       /* target, host, port, type, fingerprint, key, how */              \
    X(CONSENT, "consent")       /* target, class, digest, commands */                              \
    X(RUN, "run")               /* run, target, state, checks, probes */                           \
    X(EVIDENCE, "evidence")     /* run, target, check, probe, command, outcome, out, err ... */    \
    X(SUGGESTION, "suggestion") /* run, target, check, suggestion, reason, lines */                \
    X(ANSWER, "answer")         /* target, check, question, value */                               \
    X(DECISION, "decision") /* target, check, verdict, note, because, suggestion, supersedes */    \
    X(RETRACTION, "retraction") /* entry, why: takes an earlier entry back */                      \
    X(COMMENT, "comment")       /* target, check, text */                                          \
    X(ATTACHMENT, "attachment") /* target, check, name, blob, size, digest */                      \
    X(SIGNOFF, "signoff")       /* role, manifest, signature, key, signer */                       \
    X(FINDING, "finding")       /* of, state, title, severity, description ... */                  \
    X(EXCEPTION, "exception")   /* of, state, check, target, reason, approver, until ... */        \
    X(REDACTION, "redaction")   /* blob, size, why, kept, spans */                                 \
    X(POLICY, "policy")         /* topic, rules */                                                 \
    X(HANDOFF, "handoff")       /* way, party, file, digest, note */                               \
    X(FLOWS, "flows")           /* file, lines: which flows are expected */                        \
    X(REACH, "reach")           /* run, target, command, outcome, out, err, flows: measured */     \
    X(ACCESS, "access")         /* target, account, word, comment, facts, supersedes */

enum entry_kind {
#define X(name, text) ENTRY_##name,
    ENTRY_KINDS(X)
#undef X
        ENTRY_UNKNOWN
};
const char *entry_kind_text(enum entry_kind kind);
enum entry_kind entry_kind_parse(const char *text);

/* Names one entry: "AUTHOR:SEQ" in JSON bodies, AUTHOR in hexadecimal. */
struct entry_id {
    struct ledger_id author;
    int64_t seq; /* from 1; 0: none */
};
#define ENTRY_ID_TEXT_BYTES 56
const char *entry_id_text(const struct entry_id *id, char text[ENTRY_ID_TEXT_BYTES]);
bool entry_id_parse(const char *text, struct entry_id *ret_id) MUST_USE;
bool entry_id_equal(const struct entry_id *a, const struct entry_id *b);

struct entry {
    struct entry_id id;
    int64_t clock;      /* Lamport clock: above that of every entry its author knew */
    int64_t time_ms;    /* wall time, the author's claim */
    char *kind;         /* a text of ENTRY_KINDS, or one that we do not know */
    struct buffer body; /* JSON, exactly the bytes that were hashed */
    struct digest prev; /* hash of the author's entry seq - 1; zeros for seq 1 */
    struct digest hash;
};

void entry_release(struct entry *entry);
/* Names an entry to a reader: "3f0c5d1e:17 (decision)". Returns TEXT. */
#define ENTRY_LABEL_BYTES 72
const char *entry_label(const struct entry *entry, char text[ENTRY_LABEL_BYTES]);
/* The hash that the other members give. */
struct digest entry_compute_hash(const struct ledger_id *review, const struct entry *entry);
/* Check ENTRY against its own hash and against PREVIOUS, the same author's entry before it (NULL
 * for seq 1). ERROR_CORRUPT names the entry and what does not fit. */
bool entry_check(const struct ledger_id *review, const struct entry *entry,
                 const struct entry *previous, struct error *error) MUST_USE;
/* The total order of the fold: clock, author, seq. As strcmp. */
int entry_compare(const struct entry *a, const struct entry *b);

/* The Merkle tree hash (RFC 9162 section 2.1) over COUNT entry hashes in fold order. */
struct digest merkle_root(const struct digest *leaves, size_t count);

#endif
