/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file that is verified is hostile. It is opened for reading by SQLite alone, its schema has to
 * be ours before a table is touched, tables are scanned without their indexes, and everything that
 * is derived is worked out anew in memory and compared. SQLite's own integrity check comes behind
 * the ledger's, which can name the record.
 */
#include "review/verify.h"

#include "base/clock.h"
#include "fold.h"
#include "handle.h"
#include "place.h"
#include "schema.h"
#include "verification.h"
#include "view.h"

#include <sqlite3.h>

enum { DEADLINE_MS = 300000 };

static bool check_format(struct verification *verification, struct error *error)
{
    int64_t version;
    if (!schema_read_version(verification->file, &version, error))
        return false;
    if (version > REVIEW_SCHEMA_VERSION)
        return error_set(error, ERROR_UNSUPPORTED,
                         "the file was written by a newer version of walkdown (format %lld)",
                         (long long)version);
    if (version < 1)
        return error_set(error, ERROR_INVALID, "'%s' is no review file",
                         database_path(verification->file));
    verification->is_older = version < REVIEW_SCHEMA_VERSION;
    if (verification->is_older)
        verify_report_note(verification->report,
                           "the file is of an older format (%lld): its entries and blobs were "
                           "verified; its tables are built anew when it is opened, and were not",
                           (long long)version);
    return schema_check(verification->file, SCHEMA_WHOLE, version, error) &&
           review_read_id(verification->file, &verification->report->review, error);
}

static bool copy(struct verification *verification, struct error *error)
{
    if (!view_new(&verification->view, error))
        return false;
    database_set_deadline(verification->view, DEADLINE_MS);
    return database_execute(verification->view, "BEGIN", error) &&
           view_copy(verification->view, verification->file, NULL, error) &&
           fold_all(verification->view, error) &&
           database_execute(verification->view, "COMMIT", error);
}

static bool check_integrity(struct verification *verification, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(verification->file, "PRAGMA integrity_check(10)", &rows, error))
        return false;
    for (;;) {
        if (!database_next(verification->file, rows, &row, error))
            return false;
        if (!row)
            return true;
        if (strcmp(column_text(rows, 0), "ok") != 0)
            verify_report_problem(verification->report, "SQLite: %s", column_text(rows, 0));
    }
}

static verification_step *const steps[] = {check_format,       copy,
                                           verify_chains,      verify_blobs,
                                           verify_projections, check_integrity,
                                           verify_signoffs,    verify_listing};

static bool run_steps(struct verification *verification)
{
    struct error error = {0};
    for (size_t i = 0; i < LENGTH(steps); i++)
        if (!steps[i](verification, &error)) {
            verify_report_problem(verification->report, "%s", error.message);
            return error.code == ERROR_CORRUPT;
        }
    return true;
}

/* What can be said without signatures and heads. */
static enum verify_answer judge(const struct verification *verification, bool is_through)
{
    size_t problems = verification->report->problems.count;
    if (!is_through)
        return problems > 1 ? VERIFY_TAMPERED : VERIFY_CANNOT;
    return problems > 0 ? VERIFY_TAMPERED : VERIFY_NOT_PROVEN;
}

static bool open_file(const char *path, struct database **ret_file, struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    if (!place_check(path, REVIEW_READ_ONLY, &absolute, error))
        return false;
    if (database_open(absolute, DATABASE_READ, ret_file, error))
        return true;
    if (place_has_journal(absolute)) {
        error_set(error, ERROR_IO, "a change of '%s' was interrupted", absolute);
        error_hint(error, "open it once with walkdown, which rolls the change back");
    }
    return false;
}

void review_verify(const char *path, const char *heads_folder, struct verify_report *ret_report)
{
    struct error error = {0};
    *ret_report = (struct verify_report){.answer = VERIFY_CANNOT};
    struct verification verification = {.report = ret_report,
                                        .deadline_ms = clock_monotonic_ms() + DEADLINE_MS};
    if (!open_file(path, &verification.file, &error)) {
        verify_report_problem(verification.report, "%s%s%s", error.message,
                              error.hint[0] == '\0' ? "" : "; ", error.hint);
        return;
    }
    database_set_deadline(verification.file, DEADLINE_MS);
    bool is_through = run_steps(&verification);
    ret_report->answer = judge(&verification, is_through);
    database_close(verification.view);
    database_close(verification.file);
    if (heads_folder != NULL)
        verify_report_compare_heads(ret_report, heads_folder);
}
