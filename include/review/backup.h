/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of an open review file, by SQLite's backup interface: whole, whoever else writes. */
#ifndef REVIEW_BACKUP_H
#define REVIEW_BACKUP_H

#include "review/store.h"

/* Write the copy to PATH (absolute, 0600), which gets its name when it is whole and on the disk.
 * ERROR_EXISTS: something has that name. */
bool review_backup(struct review *review, const char *path, struct error *error) MUST_USE;

#endif
