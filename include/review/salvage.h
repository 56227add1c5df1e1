/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is left of a damaged review file. It is never repaired in place: what is proven is copied
 * into a fresh file, and what is not is listed. Proven are the entries of each author from the
 * first on, as long as their hashes and chain fit, and the blobs that fit their ids.
 */
#ifndef REVIEW_SALVAGE_H
#define REVIEW_SALVAGE_H

#include "base/array.h"
#include "review/store.h"

struct salvage_report {
    struct digest source; /* SHA-256 of the damaged file */
    int64_t entry_count;  /* that were proven */
    struct strings lost;  /* a line each: what was left out, and why */
};
void salvage_report_release(struct salvage_report *report);

/* Salvage DAMAGED, which is not open in this process and is not changed, into a new file at PATH,
 * by AUTHOR. The ledger of the new file tells of it: a hand-off that was received, and a redaction
 * for each blob that an entry names and that is lost. ERROR_CORRUPT: nothing can be proven. */
bool review_salvage(const char *damaged, const char *path, const struct author *author,
                    struct salvage_report *ret_report, struct error *error) MUST_USE;

#endif
