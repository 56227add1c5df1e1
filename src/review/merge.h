/* SPDX-License-Identifier: Apache-2.0 */
/* The union of two databases, without files. */
#ifndef MERGE_H
#define MERGE_H

#include "database.h"
#include "review/merge.h"

/* Insert into TO the entries and blobs of FROM that it does not have, and fold. Inside the caller's
 * transaction, which it has to give up when this fails. */
bool merge_databases(struct database *to, struct database *from, struct merge_report *report,
                     struct error *error) MUST_USE;

#endif
