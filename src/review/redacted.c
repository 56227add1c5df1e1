/* SPDX-License-Identifier: Apache-2.0 */
#include "redacted.h"

#include "base/array.h"

#include <sqlite3.h>

/* Two who redacted one blob in copies of a review took different bytes out; what each kept holds
 * what the other took out. So neither stays, nor what was made of it since. A checklist is never
 * redacted: without it the review cannot be read. */
#define GONE                                                                                       \
    "WITH RECURSIVE void(id) AS (SELECT kept_blob FROM redaction WHERE blob IN (SELECT blob FROM"  \
    " redaction GROUP BY blob HAVING count(*) > 1)"                                                \
    " UNION SELECT r.kept_blob FROM void AS v JOIN redaction AS r ON r.blob = v.id),"              \
    " gone(id) AS (SELECT blob FROM redaction UNION SELECT id FROM void"                           \
    " EXCEPT SELECT blob FROM checklist)"

bool redacted_drop(struct database *database, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    return database_prepare(database, GONE " DELETE FROM blob WHERE id IN (SELECT id FROM gone)",
                            &rows, error) &&
           database_finish(database, rows, error);
}

void redacted_release(struct redacted *redacted)
{
    free(redacted->ids);
    *redacted = (struct redacted){0};
}

bool redacted_load(struct database *view, struct redacted *ret_redacted, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(view, GONE " SELECT id FROM gone ORDER BY id", &rows, error))
        return false;
    for (;;) {
        if (!database_next(view, rows, &row, error))
            return false;
        if (!row)
            return true;
        *array_push(ret_redacted->ids, ret_redacted->count) = column_digest(rows, 0);
    }
}

static int compare_ids(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct digest));
}

bool redacted_contains(const struct redacted *redacted, const struct digest *id)
{
    return redacted->count > 0 &&
           bsearch(id, redacted->ids, redacted->count, sizeof(*id), compare_ids) != NULL;
}

bool redacted_find_kept(struct database *view, const struct digest *id, bool *ret_found,
                        struct digest *ret_kept, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    if (!database_prepare(view,
                          "SELECT kept_blob FROM redaction WHERE blob = ?1 AND kept_size > 0"
                          " AND (SELECT count(*) FROM redaction WHERE blob = ?1) = 1",
                          &rows, error))
        return false;
    bind_bytes(rows, 1, id->bytes, sizeof(id->bytes));
    if (!database_next(view, rows, ret_found, error))
        return false;
    if (*ret_found)
        *ret_kept = column_digest(rows, 0);
    return true;
}
