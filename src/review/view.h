/* SPDX-License-Identifier: Apache-2.0 */
/* A fold of its own, in memory: for verification, for the state at a sign-off, for newer files. */
#ifndef VIEW_H
#define VIEW_H

#include "database.h"
#include "ledger/manifest.h"

#define VIEW_MAX_BYTES (128 * 1024 * 1024)

/* A database in memory with our schema and nothing in it. */
bool view_new(struct database **ret_view, struct error *error) MUST_USE;
/* Copy `meta` and the entries of SOURCE, by table scan; with UP_TO, only those up to its heads.
 * ERROR_CORRUPT when the same entry is there twice or is no entry, ERROR_UNSUPPORTED when there are
 * more than VIEW_MAX_BYTES of them. */
bool view_copy(struct database *view, struct database *source, const struct manifest *up_to,
               struct error *error) MUST_USE;
/* Whether the cells of a row have the storage classes TYPES: b(lob), i(nteger), t(ext). */
bool view_types_fit(struct sqlite3_stmt *rows, const char *types) MUST_USE;
/* All three: make, copy, fold, within SOURCE's deadline. */
bool view_build(struct database *source, const struct manifest *up_to, struct database **ret_view,
                struct error *error) MUST_USE;

#endif
