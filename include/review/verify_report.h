/* SPDX-License-Identifier: Apache-2.0 */
/* What a verification found: one of five answers, and what led to it. Pure, but for the way from
 * one process to another. */
#ifndef REVIEW_VERIFY_REPORT_H
#define REVIEW_VERIFY_REPORT_H

#include "base/array.h"
#include "base/error.h"
#include "ledger/entry.h"

/* X(name, text) */
#define VERIFY_ANSWERS(X)                                                                          \
    X(COMPLETE, "complete")           /* intact, and nothing is missing up to entry #n */          \
    X(NOT_PROVEN, "not-proven")       /* intact; that nothing was cut off cannot be proven */      \
    X(UNSIGNED_TAIL, "unsigned-tail") /* intact; entries after the last good sign-off */           \
    X(TAMPERED, "tampered")           /* something does not fit */                                 \
    X(CANNOT, "cannot-verify")        /* the file cannot be read far enough to tell */

enum verify_answer {
#define X(name, text) VERIFY_##name,
    VERIFY_ANSWERS(X)
#undef X
};
const char *verify_answer_text(enum verify_answer answer);

/* An entry that is there. */
struct verify_entry {
    struct entry_id id;
    struct digest hash;
};

struct verify_signoff {
    struct entry_id id;
    char *role, *signer, *key;
    char *manifest, *signature;
    bool manifest_fits; /* recomputed from the file, byte for byte */
    bool is_good;       /* its signature was verified (filled in by assess) */
    char *fingerprint;  /* of the key that made a good one; else NULL */
    char *problem;      /* "" or why not */
    int64_t entries_since;
};

/* What the review's policy asks of sign-offs. */
struct verify_role {
    char *role;
    int64_t wanted; /* keys */
    int64_t have;   /* different keys whose good sign-offs cover the newest entry (by assess) */
};

struct verify_report {
    enum verify_answer answer;
    struct strings problems; /* the first names the first bad record; each says what and where */
    struct strings notes;    /* what was compared and what could not be */
    struct ledger_id review;
    int64_t entry_count, blob_count, author_count;
    struct verify_entry
        *entries; /* all, by author and number; none where it was not read through */
    size_t listed_count;
    bool heads_known;     /* the reviewer's record of heads knew this review */
    bool heads_reach_end; /* ... and its newest head is the file's newest entry */
    struct verify_signoff *signoffs;
    size_t signoff_count;
    struct verify_role *roles;
    size_t role_count;
};

void verify_report_release(struct verify_report *report);
/* The hash of an entry that is listed, or NULL. Borrowed. */
const struct digest *verify_report_find(const struct verify_report *report,
                                        const struct entry_id *id);
/* What review_verify() without heads found, told from one process to another. Whoever takes it
 * takes the other for hostile: it can say what it likes of the file, but not that it is complete,
 * and nothing that contradicts itself. */
bool verify_report_send(const struct verify_report *report, int fd, struct error *error) MUST_USE;
/* Always fills the report; what does not fit, breaks off or does not come gives VERIFY_CANNOT with
 * the reason, as does what was told by review_send_refusal(). */
void verify_report_take(int fd, struct verify_report *ret_report);

#endif
