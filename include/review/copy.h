/* SPDX-License-Identifier: Apache-2.0 */
/* A fresh copy of a review file: its entries and blobs by table scan into a file that we make, with
 * tables that we work out. Nothing else comes along: no free pages, no drafts, nothing foreign. */
#ifndef REVIEW_COPY_H
#define REVIEW_COPY_H

#include "review/store.h"

enum copy_blobs { COPY_AS_IS, COPY_RAW /* uncompressed: larger, readable without zstd */ };

/* SOURCE was verified, is not open in this process, and is not changed. ERROR_EXISTS: something has
 * the name PATH. ERROR_CORRUPT: what is read now does not fit. */
bool review_copy(const char *source, const char *path, enum copy_blobs how,
                 struct error *error) MUST_USE;

#endif
