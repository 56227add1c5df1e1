/* SPDX-License-Identifier: Apache-2.0 */
#include "merge.h"

#include "blob.h"
#include "entries.h"
#include "fold.h"
#include "handle.h"
#include "place.h"
#include "redacted.h"
#include "review/query.h"
#include "review/verify.h"

#include <sqlite3.h>

enum { FORKS_MAX = 100, DEADLINE_MS = 300000 };

void merge_report_release(struct merge_report *report)
{
    strings_release(&report->authors);
    strings_release(&report->names);
    strings_release(&report->forks);
    *report = (struct merge_report){0};
}

/* --- entries --- */

static bool find_hash(struct database *database, const struct entry_id *id, bool *ret_found,
                      struct digest *ret_hash, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    if (!database_prepare(database, "SELECT hash FROM entry WHERE author = ?1 AND seq = ?2", &rows,
                          error))
        return false;
    bind_entry_id(rows, 1, id);
    if (!database_next(database, rows, ret_found, error))
        return false;
    if (*ret_found)
        *ret_hash = column_digest(rows, 0);
    return true;
}

static void add_fork(struct merge_report *report, const struct entry *entry)
{
    char label[ENTRY_LABEL_BYTES];
    if (report->forks.count < FORKS_MAX)
        strings_push_take(&report->forks, memory_format("entry %s is another in each of the files",
                                                        entry_label(entry, label)));
}

/* The file was verified, but it may have been changed since: what is taken over has to fit what we
 * have. */
static bool add_entry(struct database *to, const struct ledger_id *review,
                      const struct entry *entry, struct error *error)
{
    char label[ENTRY_LABEL_BYTES];
    struct entry_id before = {.author = entry->id.author, .seq = entry->id.seq - 1};
    struct digest prev = {0}, hash = entry_compute_hash(review, entry);
    bool is_found = false;
    if (before.seq > 0 && !find_hash(to, &before, &is_found, &prev, error))
        return false;
    if (!digest_equal(&hash, &entry->hash) || !digest_equal(&prev, &entry->prev) ||
        is_found != (before.seq > 0))
        return error_set(error, ERROR_CORRUPT, "entry %s does not follow the one before it",
                         entry_label(entry, label));
    return entry_insert(to, entry, error);
}

static void count_entry(struct merge_report *report, const struct entry *entry)
{
    char author[LEDGER_ID_TEXT_BYTES];
    ledger_id_text(&entry->id.author, author);
    report->entry_count++;
    if (!strings_contains(&report->authors, author))
        strings_push(&report->authors, author);
}

static bool merge_entry(struct database *to, const struct ledger_id *review,
                        const struct entry *entry, struct merge_report *report, struct error *error)
{
    struct digest hash;
    bool is_found;
    if (!find_hash(to, &entry->id, &is_found, &hash, error))
        return false;
    if (is_found) {
        if (!digest_equal(&hash, &entry->hash))
            add_fork(report, entry);
        return true;
    }
    if (report->forks.count > 0)
        return true;
    count_entry(report, entry);
    return add_entry(to, review, entry, error);
}

static bool merge_entries(struct database *to, struct database *from, struct entry *entry,
                          struct merge_report *report, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    struct ledger_id review;
    bool row;
    if (!review_read_id(to, &review, error) ||
        !database_prepare(from, "SELECT " ENTRY_COLUMNS " FROM entry ORDER BY author, seq", &rows,
                          error))
        return false;
    for (;;) {
        if (!database_next(from, rows, &row, error))
            return false;
        if (!row)
            break;
        entry_from_row(rows, entry);
        if (!merge_entry(to, &review, entry, report, error))
            return false;
    }
    if (report->forks.count == 0)
        return true;
    error_set(error, ERROR_CONFLICT, "the histories have forked: %s%s", report->forks.items[0],
              report->forks.count > 1 ? ", and more" : "");
    return error_hint(error, "one author wrote in two copies of the file; keep one copy, and "
                             "record again in it what is only in the other");
}

/* --- blobs --- */

static bool copy_blob(struct database *to, struct sqlite3_stmt *rows, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer data = {0};
    struct stored_blob blob = {.id = column_digest(rows, 0),
                               .size_bytes = sqlite3_column_int64(rows, 2),
                               .codec = column_text(rows, 3),
                               .data = sqlite3_column_blob(rows, 4),
                               .length = (size_t)sqlite3_column_bytes(rows, 4)};
    if (!blob_from_row(rows, &data, error))
        return false;
    memcpy(blob.salt, sqlite3_column_blob(rows, 1), sizeof(blob.salt));
    return blob_insert(to, &blob, error);
}

/* What was redacted in one copy does not come back from another. */
static bool merge_blobs(struct database *to, struct database *from, struct merge_report *report,
                        struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    AUTO_RELEASE(redacted) struct redacted redacted = {0};
    bool row;
    if (!redacted_load(to, &redacted, error) ||
        !database_prepare(from, "SELECT " BLOB_COLUMNS " FROM blob", &rows, error))
        return false;
    for (;;) {
        struct digest id;
        int64_t size;
        if (!database_next(from, rows, &row, error))
            return false;
        if (!row)
            return true;
        id = column_digest(rows, 0);
        if (!blob_find_size(to, &id, &size, error))
            return false;
        if (size >= 0 || redacted_contains(&redacted, &id))
            continue;
        if (!copy_blob(to, rows, error))
            return false;
        report->blob_count++;
    }
}

bool merge_databases(struct database *to, struct database *from, struct merge_report *report,
                     struct error *error)
{
    AUTO_RELEASE(entry) struct entry entry = {0};
    return merge_entries(to, from, &entry, report, error) &&
           (report->entry_count == 0 || fold_all(to, error)) &&
           merge_blobs(to, from, report, error) && redacted_drop(to, error);
}

/* --- files --- */

static bool check_other(struct review *review, const char *other, struct error *error)
{
    struct verify_report report;
    bool ok = true;
    review_verify(other, NULL, &report);
    if (report.answer == VERIFY_TAMPERED || report.answer == VERIFY_CANNOT)
        ok = error_set(error, report.answer == VERIFY_TAMPERED ? ERROR_CORRUPT : ERROR_INVALID,
                       "it does not verify: %s", report.problems.items[0]);
    else if (!ledger_id_equal(&report.review, &review->id))
        ok = error_set(error, ERROR_INVALID, "it is another review, not a copy of this one");
    verify_report_release(&report);
    return ok;
}

/* Of the authors of the report, in its transaction. */
static bool name_authors(struct review *review, struct merge_report *report, struct error *error)
{
    AUTO_RELEASE(author_row_list) struct author_row_list rows = {0};
    if (!review_query_authors(review, NULL, &rows, error))
        return false;
    for (size_t i = 0; i < report->authors.count; i++) {
        const char *name = report->authors.items[i];
        for (size_t row = 0; row < rows.count; row++) {
            char id[LEDGER_ID_TEXT_BYTES];
            if (strcmp(ledger_id_text(&rows.items[row].id, id), report->authors.items[i]) == 0)
                name = rows.items[row].name;
        }
        strings_push(&report->names, name);
    }
    return true;
}

static bool describe(struct review *review, struct merge_report *report, struct error *error)
{
    char answer[32];
    if (!database_ask(review->file, "SELECT count(*) FROM item WHERE verdict = 'disputed'", answer,
                      sizeof(answer), error))
        return false;
    report->disputed_count = strtoll(answer, NULL, 10);
    return name_authors(review, report, error);
}

static bool merge(struct review *review, struct database *from, bool is_preview,
                  struct merge_report *report, struct error *error)
{
    if (!database_execute(review->file, "BEGIN IMMEDIATE", error))
        return false;
    if (database_execute(from, "BEGIN", error) &&
        merge_databases(review->file, from, report, error) && describe(review, report, error) &&
        database_execute(review->file, is_preview ? "ROLLBACK" : "COMMIT", error))
        return true;
    review_give_up(review);
    return false;
}

static bool find_other(const struct review *review, const char *other, char **ret_path,
                       struct error *error)
{
    if (review->is_read_only)
        return error_set(error, ERROR_DENIED, "'%s' is open for reading only", review->path);
    if (review->has_failed)
        return error_set(error, ERROR_IO, "'%s' could not be written before", review->path);
    return place_check(other, REVIEW_READ_ONLY, ret_path, error);
}

bool review_check_merge(const struct review *review, const char *other, struct error *error)
{
    AUTO_FREE char *path = NULL;
    return find_other(review, other, &path, error);
}

static bool merge_file(struct review *review, const char *other, bool is_preview,
                       struct merge_report *ret_report, struct error *error)
{
    AUTO(database) struct database *from = NULL;
    AUTO_FREE char *path = NULL;
    *ret_report = (struct merge_report){0};
    if (!find_other(review, other, &path, error) || !check_other(review, path, error) ||
        !database_open(path, DATABASE_READ, &from, error))
        return false;
    database_set_deadline(from, DEADLINE_MS);
    return merge(review, from, is_preview, ret_report, error);
}

bool review_merge(struct review *review, const char *other, struct merge_report *ret_report,
                  struct error *error)
{
    if (!merge_file(review, other, false, ret_report, error))
        return false;
    if (ret_report->entry_count > 0 || ret_report->blob_count > 0)
        review->change_count++;
    return true;
}

bool review_preview_merge(struct review *review, const char *other, struct merge_report *ret_report,
                          struct error *error)
{
    return merge_file(review, other, true, ret_report, error);
}
