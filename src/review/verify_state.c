/* SPDX-License-Identifier: Apache-2.0 */
/* What is derived: the projections, row by row, and the texts of sign-offs. */
#include "base/clock.h"
#include "handle.h"
#include "review/query.h"
#include "schema.h"
#include "verification.h"

#include <sqlite3.h>

/* --- projections --- */

static bool columns_equal(struct sqlite3_stmt *a, struct sqlite3_stmt *b, int column)
{
    if (sqlite3_column_type(a, column) != sqlite3_column_type(b, column))
        return false;
    if (sqlite3_column_type(a, column) == SQLITE_INTEGER)
        return sqlite3_column_int64(a, column) == sqlite3_column_int64(b, column);
    const void *left = sqlite3_column_blob(a, column), *right = sqlite3_column_blob(b, column);
    int length = sqlite3_column_bytes(a, column);
    return length == sqlite3_column_bytes(b, column) &&
           (length == 0 || memcmp(left, right, (size_t)length) == 0);
}

/* The first column that differs, or -1. */
static int find_difference(struct sqlite3_stmt *a, struct sqlite3_stmt *b)
{
    for (int i = 0; i < sqlite3_column_count(a); i++)
        if (!columns_equal(a, b, i))
            return i;
    return -1;
}

/* A row by the texts and numbers of its first columns: "(5d1e0a77, 12, check-0)". */
static void append_row(struct buffer *text, struct sqlite3_stmt *row)
{
    enum { COLUMNS = 4, AUTHOR_BYTES = 4 };
    for (int i = 0; i < COLUMNS && i < sqlite3_column_count(row); i++) {
        const uint8_t *bytes = sqlite3_column_blob(row, i);
        buffer_append_text(text, i == 0 ? "(" : ", ");
        if (sqlite3_column_type(row, i) != SQLITE_BLOB)
            buffer_append_format(text, "%.40s", column_text(row, i));
        else
            for (int j = 0; j < AUTHOR_BYTES && j < sqlite3_column_bytes(row, i); j++)
                buffer_append_format(text, "%02x", bytes[j]);
    }
    buffer_append_text(text, ")");
}

static void report_row(struct verification *verification, const char *table, const char *what,
                       struct sqlite3_stmt *row)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    append_row(&text, row);
    verify_report_problem(verification->report, "table %s, row %s: %s", table, buffer_text(&text),
                          what);
}

/* Both sides are in the order of the table's key. The first difference of a table is told. */
static bool compare_tables(struct verification *verification, const char *table, const char *sql,
                           struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *there = NULL;
    AUTO(sqlite3_stmt) struct sqlite3_stmt *expected = NULL;
    bool is_there = true, is_expected = true;
    if (!database_prepare(verification->file, sql, &there, error) ||
        !database_prepare(verification->view, sql, &expected, error))
        return false;
    while (is_there && is_expected) {
        if (!database_next(verification->file, there, &is_there, error) ||
            !database_next(verification->view, expected, &is_expected, error))
            return false;
        int column = is_there && is_expected ? find_difference(there, expected) : -1;
        if (column >= 0) {
            AUTO_FREE char *what = memory_format("'%s' is not what the entries give",
                                                 sqlite3_column_name(there, column));
            report_row(verification, table, what, there);
            return true;
        }
    }
    if (is_there)
        report_row(verification, table, "the entries give no such row", there);
    else if (is_expected)
        report_row(verification, table, "the row is missing", expected);
    return true;
}

bool verify_projections(struct verification *verification, struct error *error)
{
    static const struct {
        const char *table, *sql;
    } texts[] = {
#define X(table, key) {#table, "SELECT * FROM " #table " ORDER BY " key},
        PROJECTIONS(X)
#undef X
    };
    for (size_t i = 0; i < LENGTH(texts) && !verification->is_older; i++)
        if (!compare_tables(verification, texts[i].table, texts[i].sql, error))
            return false;
    return true;
}

/* --- sign-offs --- */

/* What role, statement, signer, time and tool are cannot be worked out; they are taken over. */
static void take_over(struct manifest *fresh, struct manifest *given)
{
    fresh->role = take(&given->role);
    fresh->statement = take(&given->statement);
    fresh->signer = take(&given->signer);
    fresh->tool = take(&given->tool);
    fresh->time_ms = given->time_ms;
}

static bool check_heads(struct database *view, const struct manifest *manifest, struct error *error)
{
    for (size_t i = 0; i < manifest->head_count; i++)
        if (!known_head_check(view, &manifest->heads[i], error))
            return false;
    return true;
}

static bool rebuild(struct review *review, const struct signoff_row *row, struct error *error)
{
    AUTO_RELEASE(manifest) struct manifest given = {0};
    AUTO_RELEASE(manifest) struct manifest fresh = {0};
    AUTO_RELEASE(buffer) struct buffer text = {0};
    if (!manifest_read(row->manifest, strlen(row->manifest), &given, error) ||
        !check_heads(review->view, &given, error))
        return false;
    if (strcmp(given.role, row->role) != 0 || strcmp(given.signer, row->signer) != 0)
        return error_set(error, ERROR_CORRUPT, "its text names another role or signer");
    if (!review_build_manifest(review, &given, &fresh, error))
        return false;
    take_over(&fresh, &given);
    manifest_write(&fresh, &text);
    return strcmp(buffer_text(&text), row->manifest) == 0 ||
           error_set(error, ERROR_CORRUPT, "its text is not what the file gives");
}

static void check_signoff(struct verification *verification, struct review *review,
                          struct signoff_row *row)
{
    struct verify_report *report = verification->report;
    struct verify_signoff *signoff = array_push(report->signoffs, report->signoff_count);
    char author[LEDGER_ID_TEXT_BYTES];
    struct error problem = {0};
    signoff->manifest_fits = rebuild(review, row, &problem);
    signoff->id = row->id;
    signoff->role = take(&row->role);
    signoff->signer = take(&row->signer);
    signoff->key = take(&row->key);
    signoff->manifest = take(&row->manifest);
    signoff->signature = take(&row->signature);
    signoff->entries_since = row->entries_since;
    signoff->problem = memory_copy_text(problem.message);
    if (!signoff->manifest_fits)
        verify_report_problem(verification->report, "entry %.8s:%lld (signoff): %s",
                              ledger_id_text(&row->id.author, author), (long long)row->id.seq,
                              problem.message);
}

static bool read_roles(struct verification *verification, struct review *review,
                       struct error *error)
{
    struct verify_report *report = verification->report;
    struct policy_rule_row_list rules = {0};
    if (!review_query_policy_rules(review, NULL, &rules, error))
        return false;
    for (size_t i = 0; i < rules.count; i++) {
        struct policy_rule_row *rule = &rules.items[i];
        int64_t wanted = strtoll(rule->value, NULL, 10);
        if (strcmp(rule->topic, "signoff") == 0 && wanted > 0)
            *array_push(report->roles, report->role_count) =
                (struct verify_role){.role = take(&rule->name), .wanted = wanted};
    }
    policy_rule_row_list_release(&rules);
    return true;
}

bool verify_signoffs(struct verification *verification, struct error *error)
{
    struct review review = {.file = verification->file,
                            .view = verification->view,
                            .id = verification->report->review,
                            .is_read_only = true};
    struct signoff_row_list list = {0};
    if (!read_roles(verification, &review, error) ||
        !review_query_signoffs(&review, NULL, &list, error))
        return false;
    bool is_in_time = true;
    for (size_t i = 0; i < list.count && is_in_time; i++) {
        check_signoff(verification, &review, &list.items[i]);
        is_in_time = clock_monotonic_ms() < verification->deadline_ms;
    }
    signoff_row_list_release(&list);
    return is_in_time || error_set(error, ERROR_TIMEOUT, "the sign-offs took too long to check");
}
