/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Redaction: bytes of a blob are taken out of the file, for ever. The blob goes, a copy with marks
 * in the place of those bytes comes, and an entry tells who did it, why, and how long what was
 * taken out is. The entries that name the blob stay as they are, so that their hashes still fit.
 */
#ifndef REVIEW_REDACT_H
#define REVIEW_REDACT_H

#include "base/array.h"
#include "review/store.h"

/* Bytes of a blob, as review_read_blob() gives them. */
struct redaction_span {
    size_t offset, length;
    const char *rule; /* that found it; NULL: a person */
};

struct redaction {
    struct digest blob; /* that an entry of evidence or of an attachment names */
    const struct redaction_span *spans;
    size_t span_count; /* at least 1; rising, none touching the next */
    const char *why;
};

/* Returns when nothing of it is left in the file and its free pages. ERROR_NOT_FOUND: no such blob,
 * or its bytes are gone already; ERROR_USAGE: the spans do not lie in it. */
bool review_redact(struct review *review, const struct redaction *redaction,
                   struct entry_id *ret_id, struct error *error) MUST_USE;

/* Where else the same bytes lie: a line a place, "entry 3f0c5d1e:17 (suggestion)" or "blob
 * 5d1e0a77...". What is in an entry cannot be taken out. */
bool review_find_bytes(struct review *review, const char *bytes, size_t length,
                       struct strings *ret_places, struct error *error) MUST_USE;

#endif
