/* SPDX-License-Identifier: Apache-2.0 */
/* The questions that are more than one statement. */
#include "review/query.h"

#include "handle.h"
#include "ledger/manifest.h"
#include "rows.h"

#include <sqlite3.h>

void review_info_release(struct review_info *info)
{
    free(info->title);
    free(info->tool);
    *info = (struct review_info){0};
}

static bool read_title(struct review *review, struct review_info *info, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(review->view,
                          "SELECT x.title, x.tool, first_value(e.time_ms) OVER (ORDER BY " OLDEST
                          ")" FROM_KIND("review") " ORDER BY " NEWEST " LIMIT 1",
                          &rows, error) ||
        !database_next(review->view, rows, &row, error))
        return false;
    info->title = memory_copy_text(row ? column_text(rows, 0) : "");
    info->tool = memory_copy_text(row ? column_text(rows, 1) : "");
    info->created_ms = row ? sqlite3_column_int64(rows, 2) : 0;
    return true;
}

static bool read_counts(struct review *review, struct review_info *info, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *authors = NULL;
    AUTO(sqlite3_stmt) struct sqlite3_stmt *blobs = NULL;
    bool row;
    if (!database_prepare(review->view, "SELECT sum(entry_count), max(last_ms) FROM author",
                          &authors, error) ||
        !database_next(review->view, authors, &row, error) ||
        !database_prepare(review->file, "SELECT count(*), sum(size) FROM blob", &blobs, error) ||
        !database_next(review->file, blobs, &row, error))
        return false;
    info->entry_count = sqlite3_column_int64(authors, 0);
    info->last_change_ms = sqlite3_column_int64(authors, 1);
    info->blob_count = sqlite3_column_int64(blobs, 0);
    info->blob_bytes = sqlite3_column_int64(blobs, 1);
    return true;
}

bool review_query_info(struct review *review, struct review_info *ret_info, struct error *error)
{
    struct review_info info = {.id = review->id};
    if (!read_title(review, &info, error) || !read_counts(review, &info, error)) {
        review_info_release(&info);
        return false;
    }
    *ret_info = info;
    return true;
}

/* --- sign-offs --- */

static const struct field signoff_fields[] = {
    {FIELD_ENTRY, offsetof(struct signoff_row, id)},
    {FIELD_TEXT, offsetof(struct signoff_row, role)},
    {FIELD_TEXT, offsetof(struct signoff_row, signer)},
    {FIELD_TEXT, offsetof(struct signoff_row, key)},
    {FIELD_TEXT, offsetof(struct signoff_row, manifest)},
    {FIELD_TEXT, offsetof(struct signoff_row, signature)},
    {FIELD_TEXT, offsetof(struct signoff_row, author)},
    {FIELD_NUMBER, offsetof(struct signoff_row, time_ms)},
};
static const struct shape signoff_shape = NEWEST_FIRST(
    signoff_row, signoff_fields,
    "SELECT x.author, x.seq, x.role, x.signer, x.key, x.manifest, x.signature, " AUTHOR_NAME
    ", e.time_ms" FROM_KIND("signoff") ORDER_NEWEST);

void signoff_row_list_release(struct signoff_row_list *list)
{
    struct rows rows = {.items = list->items, .count = list->count};
    rows_release(&signoff_shape, &rows);
    *list = (struct signoff_row_list){0};
}

/* Sign-offs and authors' names aside. */
#define COUNT_WORK "SELECT count(*) FROM event WHERE kind NOT IN ('signoff', 'author')"

static bool count_all(struct database *view, int64_t *ret_count, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(view, COUNT_WORK, &rows, error) ||
        !database_next(view, rows, &row, error))
        return false;
    *ret_count = sqlite3_column_int64(rows, 0);
    return true;
}

static bool count_below(struct database *view, const struct manifest_head *head, int64_t *ret_count,
                        struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(view, COUNT_WORK " AND author = ?1 AND seq <= ?2", &rows, error))
        return false;
    bind_bytes(rows, 1, head->author.bytes, sizeof(head->author.bytes));
    bind_number(rows, 2, head->seq);
    if (!database_next(view, rows, &row, error))
        return false;
    *ret_count = sqlite3_column_int64(rows, 0);
    return true;
}

bool signoff_count_since(struct database *view, const char *manifest_text, int64_t *ret_count,
                         struct error *error)
{
    AUTO_RELEASE(manifest) struct manifest manifest = {0};
    int64_t count;
    if (!count_all(view, &count, error))
        return false;
    *ret_count = count;
    if (!manifest_read(manifest_text, strlen(manifest_text), &manifest, NULL))
        return true;
    for (size_t i = 0; i < manifest.head_count; i++) {
        int64_t covered;
        if (!count_below(view, &manifest.heads[i], &covered, error))
            return false;
        count -= covered;
    }
    *ret_count = count;
    return true;
}

bool review_query_signoffs(struct review *review, const struct review_filter *filter,
                           struct signoff_row_list *ret_list, struct error *error)
{
    struct rows rows;
    if (!rows_query(review->view, &signoff_shape, filter, &rows, error))
        return false;
    struct signoff_row_list list = {.items = rows.items, .count = rows.count};
    for (size_t i = 0; i < list.count; i++)
        if (!signoff_count_since(review->view, list.items[i].manifest, &list.items[i].entries_since,
                                 error)) {
            signoff_row_list_release(&list);
            return false;
        }
    *ret_list = list;
    return true;
}
