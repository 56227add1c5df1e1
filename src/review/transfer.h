/* SPDX-License-Identifier: Apache-2.0 */
/* The frames of review/transfer.h, for whoever sends more than a whole file or takes less. */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "database.h"
#include "review/salvage.h"

enum { SALVAGE_LOST_MAX = 1001 }; /* lines that tell what is lost */

bool transfer_send_id(const struct ledger_id *review, int fd, struct error *error) MUST_USE;
/* FD points to a descriptor. */
bool transfer_send_entry(void *fd, const struct entry *entry, struct error *error) MUST_USE;
/* ROWS begins with BLOB_COLUMNS. ERROR_CORRUPT: its bytes do not fit its id. */
bool transfer_send_blob(void *fd, struct sqlite3_stmt *rows, struct error *error) MUST_USE;
bool transfer_send_lost(const struct strings *lost, int fd, struct error *error) MUST_USE;
bool transfer_send_end(int fd, struct error *error) MUST_USE;
/* review_take(); with SALVAGED, of a damaged file: each entry follows the one before it, and what
 * was lost is told. */
bool transfer_take(int fd, const char *path, uint64_t max_bytes, struct salvage_report *salvaged,
                   struct error *error) MUST_USE;

#endif
