/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How a review file leaves and arrives. What leaves is a fresh copy, verified, with a receipt: its
 * size, its SHA-256, and every author's newest entry. A receipt that was kept apart from the file
 * shows later that nothing was cut off or rewritten. What arrives is hostile: a confined process
 * verifies it and tells what is in it, and a file of our own is made of that.
 */
#ifndef ASSESS_HANDOFF_H
#define ASSESS_HANDOFF_H

#include "assess/signoff.h"

struct handoff_request {
    const char *path; /* of the review */
    const char *copy; /* to be made; "COPY.receipt" beside it */
    const char *to;   /* who gets it; may be NULL */
    const char *note; /* may be NULL */
    bool is_raw;      /* evidence uncompressed, so that it can be checked without zstd */
    const struct strings *recipients; /* of age: the copy is encrypted to them and gets ".age" */
};
/* RET_RECEIPT: its text; free it. */
bool assess_handoff(const struct handoff_request *request, char **ret_receipt,
                    struct error *error) MUST_USE;

/* Verify the stranger's file at SOURCE and rebuild it into PATH; RET_REPORT tells what is proven,
 * also when it is refused (ERROR_CORRUPT). SOURCE is not changed, its SHA-256 stands in the ledger.
 */
bool assess_receive(const char *source, const char *path, const struct verify_keys *keys,
                    struct verify_report *ret_report, struct error *error) MUST_USE;

/* Compare the report of a file that was verified with a receipt: whether every entry that it names
 * is there. Adds to the report's problems or notes, and sets its answer. */
void receipt_check(const char *receipt, struct verify_report *report);

#endif
