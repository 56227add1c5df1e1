/* SPDX-License-Identifier: Apache-2.0 */
/* Entries as rows of the table of that name. */
#ifndef ENTRIES_H
#define ENTRIES_H

#include "database.h"

#define ENTRY_COLUMNS "author, seq, clock, time_ms, kind, prev, hash, body"

/* Fill in an entry from a row that begins with ENTRY_COLUMNS; what it held before is replaced. */
void entry_from_row(struct sqlite3_stmt *rows, struct entry *entry);
bool entry_insert(struct database *database, const struct entry *entry,
                  struct error *error) MUST_USE;
/* The newest entry of an author; seq 0 and zeros when there is none. */
bool entry_find_head(struct database *database, const struct ledger_id *author, int64_t *ret_seq,
                     struct digest *ret_hash, struct error *error) MUST_USE;
/* The highest clock of all entries. */
bool entry_find_clock(struct database *database, int64_t *ret_clock, struct error *error) MUST_USE;

#endif
