/* SPDX-License-Identifier: Apache-2.0 */
/* One verification at work: what its steps share. */
#ifndef VERIFICATION_H
#define VERIFICATION_H

#include "database.h"
#include "ledger/manifest.h"
#include "review/verify.h"

enum { VERIFY_PROBLEMS_MAX = 100 };

struct verification {
    struct database *file; /* as it was found */
    struct database *view; /* its entries, and what they give */
    struct verify_report *report;
    bool is_older;         /* than this version: its projections are not ours */
    bool is_salvaged;      /* its ledger says that entries may have been lost */
    bool lacks_entries;    /* ... and some were */
    int64_t unknown_count; /* entries of kinds that this version does not know */
    int64_t deadline_ms;
};

/* Something does not fit. Beyond VERIFY_PROBLEMS_MAX they are counted no more. */
void verify_report_problem(struct verify_report *report, const char *format, ...) PRINTF_LIKE(2, 3);
void verify_report_note(struct verify_report *report, const char *format, ...) PRINTF_LIKE(2, 3);

/* The steps. Each reports what does not fit; false with an error when it cannot go on, which is a
 * problem of its own where the error is ERROR_CORRUPT. */
typedef bool verification_step(struct verification *verification, struct error *error);
verification_step verify_chains, verify_blobs, verify_projections, verify_signoffs, verify_listing;

/* Whether the entry that HEAD names is in VIEW; ERROR_CONFLICT says what is wrong. */
bool known_head_check(struct database *view, const struct manifest_head *head,
                      struct error *error) MUST_USE;

#endif
