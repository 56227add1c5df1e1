/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Verification of a review file by recomputation: every hash and chain by table scan, every blob,
 * the projections by a fold of their own, the schema, SQLite's integrity_check, every sign-off's
 * manifest, and the reviewer's own record of heads seen before. Signatures themselves are checked
 * by assess/signature.h.
 */
#ifndef REVIEW_VERIFY_H
#define REVIEW_VERIFY_H

#include "review/verify_report.h"

/* Verify a file that is not open in this process. HEADS_FOLDER: where known heads are kept, or
 * NULL. Always fills the report; a file that cannot be read gives VERIFY_CANNOT with the reason. */
void review_verify(const char *path, const char *heads_folder, struct verify_report *ret_report);

/* Go on with such a report: compare it with the heads that are known. */
void verify_report_compare_heads(struct verify_report *report, const char *heads_folder);

/* Known heads: the newest entry of each author of a review that this user has seen, kept outside
 * the file (state folder, a file a review, written atomically). */
struct review;
bool known_heads_save(const char *heads_folder, struct review *review,
                      struct error *error) MUST_USE;

#endif
