/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which blobs are not to be in a file, as the redactions among its entries say:
 * docs/review-file.md, "Redaction".
 */
#ifndef REDACTED_H
#define REDACTED_H

#include "database.h"

/* Take the blobs out that are not to be there. Inside the caller's transaction. */
bool redacted_drop(struct database *database, struct error *error) MUST_USE;

/* Ids of blobs that are not to be there. */
struct redacted {
    struct digest *ids;
    size_t count;
};
void redacted_release(struct redacted *redacted);
bool redacted_load(struct database *view, struct redacted *ret_redacted,
                   struct error *error) MUST_USE;
bool redacted_contains(const struct redacted *redacted, const struct digest *id);
/* The blob that stands for another one that was redacted. RET_FOUND is false when nothing does. */
bool redacted_find_kept(struct database *view, const struct digest *id, bool *ret_found,
                        struct digest *ret_kept, struct error *error) MUST_USE;

#endif
