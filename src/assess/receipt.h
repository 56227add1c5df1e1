/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a receipt: docs/review-file.md, "Hand-off and receipt". */
#ifndef ASSESS_RECEIPT_H
#define ASSESS_RECEIPT_H

#include "base/buffer.h"
#include "base/digest.h"
#include "base/error.h"

/* SHA-256 and size of a file that SQLite does not have open in this process. */
bool receipt_hash(const char *path, struct digest *ret_digest, int64_t *ret_bytes,
                  struct error *error) MUST_USE;
/* The receipt for the copy at PATH, which is verified and not open. */
bool receipt_write(const char *path, const char *to, struct buffer *text,
                   struct error *error) MUST_USE;

#endif
