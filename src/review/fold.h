/* SPDX-License-Identifier: Apache-2.0 */
/* From entries to projections: docs/review-file.md, "The fold". */
#ifndef FOLD_H
#define FOLD_H

#include "database.h"

/* Fold one entry that comes, in fold order, behind all that were folded before. */
bool fold_entry(struct database *database, const struct entry *entry, struct error *error) MUST_USE;
/* Forget all projections and fold all entries in order: when some arrived out of order, and to
 * find out what the projections should be. */
bool fold_all(struct database *database, struct error *error) MUST_USE;

/* Work out again what is known of one check on one target. */
bool item_refresh(struct database *database, const char *check, const char *target,
                  struct error *error) MUST_USE;

#endif
