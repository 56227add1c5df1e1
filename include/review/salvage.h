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

/* One process reads what can be read of DAMAGED, which is not changed, and tells what is proven
 * (review/transfer.h); ERROR_CORRUPT: nothing can be. */
bool review_salvage_send(const char *damaged, int fd, struct error *error) MUST_USE;

struct salvaging {
    const char *damaged; /* not open in this process; its bytes are hashed, and not looked at */
    const char *path;    /* of the new file */
    const struct author *author;
};
/* Another one takes that from FD for hostile and makes a new file of it. The ledger of the new file
 * tells of it: a hand-off that was received, and a redaction for each blob that an entry names and
 * that is lost. */
bool review_salvage_take(int fd, const struct salvaging *salvaging,
                         struct salvage_report *ret_report, struct error *error) MUST_USE;

#endif
