/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a sign-off, worked out from the projections: docs/review-file.md, "Sign-off". */
#include "ledger/manifest.h"

#include "base/clock.h"
#include "handle.h"
#include "review/query.h"
#include "view.h"

#include <sqlite3.h>

static bool add_subject(struct review *review, struct manifest *manifest, struct error *error)
{
    struct review_info info = {0};
    if (!review_query_info(review, &info, error))
        return false;
    manifest->review = review->id;
    manifest->entry_count = info.entry_count;
    manifest->title = take(&info.title);
    review_info_release(&info);
    return true;
}

static bool add_checklists(struct review *review, struct manifest *manifest, struct error *error)
{
    struct checklist_row_list list = {0};
    if (!review_query_checklists(review, NULL, &list, error))
        return false;
    for (size_t i = 0; i < list.count; i++)
        *array_push(manifest->checklists, manifest->checklist_count) =
            (struct manifest_checklist){.id = take(&list.items[i].id),
                                        .version = take(&list.items[i].version),
                                        .digest = list.items[i].digest};
    checklist_row_list_release(&list);
    return true;
}

static bool add_targets(struct review *review, struct manifest *manifest, struct error *error)
{
    struct target_row_list list = {0};
    if (!review_query_targets(review, NULL, &list, error))
        return false;
    for (size_t i = 0; i < list.count; i++)
        strings_push_take(&manifest->targets,
                          memory_format("%s %s", list.items[i].name, list.items[i].spec));
    target_row_list_release(&list);
    return true;
}

static bool add_heads(struct review *review, struct manifest *manifest, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(review->view,
                          "SELECT a.id, x.seq, x.hash, a.name, a.email FROM author AS a"
                          " JOIN entry AS x ON x.author = a.id AND x.seq = a.entry_count"
                          " ORDER BY a.id",
                          &rows, error))
        return false;
    for (;;) {
        if (!database_next(review->view, rows, &row, error))
            return false;
        if (!row)
            return true;
        const char *name = column_text(rows, 3), *email = column_text(rows, 4);
        struct manifest_head *head = array_push(manifest->heads, manifest->head_count);
        head->author = column_id(rows, 0);
        head->seq = sqlite3_column_int64(rows, 1);
        head->hash = column_digest(rows, 2);
        head->name =
            *email == '\0' ? memory_copy_text(name) : memory_format("%s <%s>", name, email);
    }
}

static bool add_merkle_root(struct review *review, struct manifest *manifest, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    AUTO_FREE struct digest *leaves = NULL;
    size_t count = 0;
    bool row;
    if (!database_prepare(review->view,
                          "SELECT x.hash FROM entry AS x ORDER BY x.clock, x.author, x.seq", &rows,
                          error))
        return false;
    for (;;) {
        if (!database_next(review->view, rows, &row, error))
            return false;
        if (!row)
            break;
        *array_push(leaves, count) = column_digest(rows, 0);
    }
    manifest->merkle_root = merkle_root(leaves, count);
    return true;
}

static bool add_previous(struct review *review, struct manifest *manifest, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(review->view,
                          "SELECT x.hash FROM signoff AS s JOIN entry AS x"
                          " ON x.author = s.author AND x.seq = s.seq"
                          " ORDER BY x.clock DESC, x.author DESC, x.seq DESC LIMIT 1",
                          &rows, error) ||
        !database_next(review->view, rows, &row, error))
        return false;
    manifest->previous = row ? column_digest(rows, 0) : (struct digest){0};
    return true;
}

static bool is_verdict(const char *text)
{
    return strcmp(text, "pass") == 0 || strcmp(text, "fail") == 0 ||
           strcmp(text, "not-applicable") == 0;
}

static void count_item(struct manifest *manifest, const struct item_row *item)
{
    manifest->items++;
    manifest->pass += strcmp(item->verdict, "pass") == 0;
    manifest->fail += strcmp(item->verdict, "fail") == 0;
    manifest->not_applicable += strcmp(item->verdict, "not-applicable") == 0;
    manifest->open += *item->verdict == '\0';
    manifest->disputed += strcmp(item->verdict, "disputed") == 0;
    manifest->blocked += strcmp(item->suggestion, "blocked") == 0;
    manifest->against_suggestion += is_verdict(item->verdict) &&
                                    is_verdict(item->suggestion_then) &&
                                    strcmp(item->verdict, item->suggestion_then) != 0;
}

static bool add_counts(struct review *review, struct manifest *manifest, struct error *error)
{
    struct item_row_list list = {0};
    if (!review_query_items(review, NULL, &list, error))
        return false;
    for (size_t i = 0; i < list.count; i++)
        count_item(manifest, &list.items[i]);
    item_row_list_release(&list);
    return true;
}

/* Those in force at the time of the sign-off, which is the signer's claim. */
static bool add_exceptions(struct review *review, struct manifest *manifest, struct error *error)
{
    struct exception_row_list list = {0};
    if (!review_query_exceptions(review, NULL, &list, error))
        return false;
    for (size_t i = 0; i < list.count; i++)
        manifest->exceptions +=
            exception_standing(&list.items[i], manifest->time_ms) == EXCEPTION_IN_FORCE;
    exception_row_list_release(&list);
    return true;
}

static bool build(struct review *review, int64_t time_ms, struct manifest *ret_manifest,
                  struct error *error)
{
    AUTO_RELEASE(manifest) struct manifest manifest = {.time_ms = time_ms};
    if (!add_subject(review, &manifest, error) || !add_checklists(review, &manifest, error) ||
        !add_targets(review, &manifest, error) || !add_heads(review, &manifest, error) ||
        !add_merkle_root(review, &manifest, error) || !add_previous(review, &manifest, error) ||
        !add_counts(review, &manifest, error) || !add_exceptions(review, &manifest, error))
        return false;
    *ret_manifest = manifest;
    manifest = (struct manifest){0};
    return true;
}

bool review_build_manifest(struct review *review, const struct manifest *up_to,
                           struct manifest *ret_manifest, struct error *error)
{
    if (up_to == NULL)
        return build(review, clock_wall_ms(), ret_manifest, error);
    AUTO(database) struct database *view = NULL;
    if (!view_build(review->view, up_to, &view, error))
        return false;
    struct review covered = *review;
    covered.view = view;
    return build(&covered, up_to->time_ms, ret_manifest, error);
}
