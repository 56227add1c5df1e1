/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "base/file.h"

#include "../../src/review/schema.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

static const char base[] = "verify/base.walk";
static const char heads[] = "verify/heads";

static int make_base(void **state UNUSED)
{
    struct error error;
    testing_write("verify/here", "");
    struct review *review = fixture_create(base);
    fixture_one_of_each(review);
    review_close(review);
    review = fixture_open(base, REVIEW_READ_WRITE, "Bob");
    fixture_decide(review, "check-1", "host-1", "pass", NULL);
    fixture_decide(review, "check-1", "host-0", "fail", NULL);
    assert_done(known_heads_save(testing_path(heads), review, &error), &error);
    review_close(review);
    return 0;
}

static const char *copy_base(const char *name)
{
    return fixture_copy(base, name);
}

static void expect(const char *path, enum verify_answer expected, const char *first_problem)
{
    enum verify_answer answer;
    const char *problem = fixture_first_problem(path, NULL, &answer);
    assert_string_equal(problem, first_problem);
    assert_int_equal(answer, expected);
}

/* --- what is whole --- */

static void an_untouched_file_is_intact(void **state UNUSED)
{
    struct verify_report report;
    review_verify(testing_path(base), NULL, &report);
    size_t problems = report.problems.count, signoffs = report.signoff_count;
    enum verify_answer answer = report.answer;
    int64_t entries = report.entry_count, blobs = report.blob_count, authors = report.author_count;
    bool fits = signoffs == 1 && report.signoffs[0].manifest_fits;
    int64_t since = signoffs == 1 ? report.signoffs[0].entries_since : -1;
    verify_report_release(&report);
    assert_int_equal(problems, 0);
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
    assert_int_equal(entries, 31);
    assert_int_equal(blobs, 3);
    assert_int_equal(authors, 2);
    assert_true(fits);
    assert_int_equal(since, 2);
}

static void answers_have_texts(void **state UNUSED)
{
    assert_string_equal(verify_answer_text(VERIFY_COMPLETE), "complete");
    assert_string_equal(verify_answer_text(VERIFY_CANNOT), "cannot-verify");
}

static void verifying_changes_no_byte(void **state UNUSED)
{
    const char *path = copy_base("verify/readonly.walk");
    struct buffer before = {0}, after = {0};
    struct error error;
    enum verify_answer answer;
    assert_int_equal(chmod(path, 0400), 0);
    assert_done(file_read(path, SIZE_MAX / 2, &before, &error), &error);
    fixture_first_problem(path, NULL, &answer);
    assert_done(file_read(path, SIZE_MAX / 2, &after, &error), &error);
    bool same =
        before.length == after.length && memcmp(before.data, after.data, before.length) == 0;
    buffer_release(&before);
    buffer_release(&after);
    assert_true(same);
}

/* --- the mutation matrix --- */

/* Another value of the same type. */
static void alter(sqlite3_context *context, int count UNUSED, sqlite3_value **values)
{
    int length = sqlite3_value_bytes(values[0]);
    struct buffer bytes = {0};
    switch (sqlite3_value_type(values[0])) {
    case SQLITE_INTEGER:
        sqlite3_result_int64(context, sqlite3_value_int64(values[0]) ^ 1);
        return;
    case SQLITE_BLOB:
        buffer_append(&bytes, length == 0 ? "" : sqlite3_value_blob(values[0]), (size_t)length);
        if (length == 0)
            buffer_append_byte(&bytes, 'x');
        else
            bytes.data[length / 2] ^= 1;
        sqlite3_result_blob(context, bytes.data, (int)bytes.length, SQLITE_TRANSIENT);
        break;
    default:
        buffer_append(&bytes, length == 0 ? "" : (const char *)sqlite3_value_text(values[0]),
                      (size_t)length);
        if (length == 0)
            buffer_append_byte(&bytes, 'x');
        else
            bytes.data[length - 1] ^= 1;
        sqlite3_result_text(context, bytes.data, (int)bytes.length, SQLITE_TRANSIENT);
    }
    buffer_release(&bytes);
}

/* Run SQL on the file; false when a constraint forbids it. Returns how many rows changed. */
static bool change(const char *path, const char *sql, int *ret_rows)
{
    struct sqlite3 *handle = fixture_sql_open(path);
    sqlite3_create_function(handle, "altered", 1, SQLITE_UTF8, NULL, alter, NULL, NULL);
    int result = sqlite3_exec(handle, sql, NULL, NULL, NULL);
    *ret_rows = sqlite3_changes(handle);
    sqlite3_close(handle);
    return result == SQLITE_OK;
}

struct table {
    const char *name, *key;
};
static const struct table tables[] = {{"meta", "name"},
                                      {"entry", "author, seq"},
                                      {"blob", "id"},
#define X(table, key) {#table, key},
                                      PROJECTIONS(X)
#undef X
};

static int count_rows(const char *table)
{
    struct sqlite3 *handle = fixture_sql_open(testing_path(base));
    AUTO_FREE char *sql = memory_format("SELECT count(*) FROM %s", table);
    struct sqlite3_stmt *rows = NULL;
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &rows, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
    int count = sqlite3_column_int(rows, 0);
    sqlite3_finalize(rows);
    sqlite3_close(handle);
    return count;
}

static void list_columns(const char *table, struct strings *columns)
{
    struct sqlite3 *handle = fixture_sql_open(testing_path(base));
    AUTO_FREE char *sql = memory_format("SELECT * FROM %s", table);
    struct sqlite3_stmt *rows = NULL;
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &rows, NULL), SQLITE_OK);
    for (int i = 0; i < sqlite3_column_count(rows); i++)
        strings_push(columns, sqlite3_column_name(rows, i));
    sqlite3_finalize(rows);
    sqlite3_close(handle);
}

/* The name that a problem has to give for row NUMBER of the entries, in order of author and seq. */
static void name_of_entry(int number, char name[64])
{
    struct sqlite3 *handle = fixture_sql_open(testing_path(base));
    struct sqlite3_stmt *rows = NULL;
    assert_int_equal(
        sqlite3_prepare_v2(handle,
                           "SELECT substr(lower(hex(author)), 1, 8) || ':' || seq FROM entry"
                           " ORDER BY author, seq LIMIT 1 OFFSET ?1",
                           -1, &rows, NULL),
        SQLITE_OK);
    sqlite3_bind_int(rows, 1, number);
    assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
    snprintf(name, 64, "%s", (const char *)sqlite3_column_text(rows, 0));
    sqlite3_finalize(rows);
    sqlite3_close(handle);
}

static void expect_tampered(const char *path, const char *sql, const char *name)
{
    enum verify_answer answer;
    const char *problem = fixture_first_problem(path, NULL, &answer);
    if (answer != VERIFY_TAMPERED)
        fail_msg("%s: answer is %s: %s", sql, verify_answer_text(answer), problem);
    if (name != NULL && strstr(problem, name) == NULL)
        fail_msg("%s: '%s' does not name %s", sql, problem, name);
}

static int tried; /* changes that SQLite let through */

/* Change a fresh copy by SQL and expect that verify sees it, and names NAME unless that is NULL. */
static void try(const char *sql, const char *name)
{
    const char *path = copy_base("verify/changed.walk");
    int rows;
    if (!change(path, sql, &rows) || rows == 0)
        return;
    expect_tampered(path, sql, name);
    tried++;
}

static int forget_tries(void **state UNUSED)
{
    tried = 0;
    return 0;
}

static void every_changed_cell_is_found(void **state UNUSED)
{
    for (size_t i = 0; i < LENGTH(tables); i++) {
        struct strings columns = {0};
        int count = count_rows(tables[i].name);
        list_columns(tables[i].name, &columns);
        for (int row = 0; row < count; row++)
            for (size_t j = 0; j < columns.count; j++) {
                char name[64];
                bool is_entry = strcmp(tables[i].name, "entry") == 0;
                if (is_entry)
                    name_of_entry(row, name);
                AUTO_FREE char *sql = memory_format(
                    "UPDATE %s SET %s = altered(%s) WHERE (%s) IN (SELECT %s FROM %s ORDER BY %s"
                    " LIMIT 1 OFFSET %d)",
                    tables[i].name, columns.items[j], columns.items[j], tables[i].key,
                    tables[i].key, tables[i].name, tables[i].key, row);
                bool moves =
                    strcmp(columns.items[j], "author") == 0 || strcmp(columns.items[j], "seq") == 0;
                try(sql, is_entry && !moves ? name : NULL);
            }
        strings_release(&columns);
    }
    assert_true(tried > 500);
}

/* As an edit of the file's bytes would do it: a strict table refuses it by SQL. */
static bool change_type(const char *path, const char *table, const char *column, const char *where)
{
    int rows;
    AUTO_FREE char *loosen =
        memory_format("PRAGMA writable_schema = ON; CREATE TABLE IF NOT EXISTS kept(name, sql);"
                      "INSERT INTO kept SELECT name, sql FROM sqlite_schema WHERE name = '%s';"
                      "UPDATE sqlite_schema SET sql = replace(replace(sql, ' STRICT,', ''),"
                      " ' STRICT', '') WHERE name = '%s'",
                      table, table);
    fixture_sql(path, loosen);
    AUTO_FREE char *update = memory_format(
        "UPDATE %s SET %s = CASE typeof(%s) WHEN 'text' THEN CAST(%s AS BLOB) WHEN 'blob' THEN"
        " CAST(%s AS TEXT) ELSE CAST(%s AS BLOB) END WHERE (%s)",
        table, column, column, column, column, column, where);
    bool changed = change(path, update, &rows) && rows > 0;
    AUTO_FREE char *tighten = memory_format(
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = (SELECT sql FROM kept)"
        " WHERE name = '%s'; DROP TABLE kept",
        table);
    fixture_sql(path, tighten);
    return changed;
}

static void every_cell_of_another_type_is_found(void **state UNUSED)
{
    for (size_t i = 0; i < LENGTH(tables); i++) {
        struct strings columns = {0};
        list_columns(tables[i].name, &columns);
        for (size_t j = 0; j < columns.count; j++) {
            const char *path = copy_base("verify/type.walk");
            AUTO_FREE char *where =
                memory_format("(%s) IN (SELECT %s FROM %s ORDER BY %s LIMIT 1)", tables[i].key,
                              tables[i].key, tables[i].name, tables[i].key);
            if (!change_type(path, tables[i].name, columns.items[j], where))
                continue;
            expect_tampered(path, columns.items[j], i == 1 || i == 2 ? "of another type" : NULL);
            tried++;
        }
        strings_release(&columns);
    }
    assert_true(tried > 100);
}

static void every_deleted_row_is_found(void **state UNUSED)
{
    for (size_t i = 0; i < LENGTH(tables); i++)
        for (int row = 0; row < count_rows(tables[i].name); row++) {
            char name[64];
            bool is_entry = strcmp(tables[i].name, "entry") == 0;
            if (is_entry)
                name_of_entry(row, name);
            AUTO_FREE char *sql = memory_format(
                "DELETE FROM %s WHERE (%s) IN (SELECT %s FROM %s ORDER BY %s"
                " LIMIT 1 OFFSET %d)",
                tables[i].name, tables[i].key, tables[i].key, tables[i].name, tables[i].key, row);
            bool is_last = strstr(name, "41414141:28") != NULL || strstr(name, ":3") != NULL;
            try(sql, is_entry && !is_last ? name : NULL);
        }
    assert_true(tried > 70);
}

static void every_swapped_pair_of_entries_is_found(void **state UNUSED)
{
    static const char *const columns[] = {"body", "hash", "kind", "clock", "time_ms", "prev"};
    int count = count_rows("entry");
    for (int row = 0; row + 1 < count; row++)
        for (size_t i = 0; i < LENGTH(columns); i++) {
            AUTO_FREE char *sql = memory_format(
                "CREATE TEMP TABLE pair AS SELECT rowid AS r, %s AS v FROM entry ORDER BY author,"
                " seq LIMIT 2 OFFSET %d; DELETE FROM pair WHERE (SELECT count(DISTINCT v) FROM"
                " pair) < 2; UPDATE entry SET %s = (SELECT v FROM pair WHERE r <> entry.rowid)"
                " WHERE rowid IN (SELECT r FROM pair)",
                columns[i], row, columns[i]);
            try(sql, NULL);
        }
    assert_true(tried > 50);
}

static void inserted_rows_are_found(void **state UNUSED)
{
    try("INSERT INTO entry SELECT author, 29, 32, time_ms, kind, hash, hash, body FROM entry WHERE"
        " seq = 28",
        "41414141:29 (signoff): its hash does not fit its contents");
    try("INSERT INTO entry SELECT author, 900, 30, time_ms, kind, prev, hash, body FROM entry WHERE"
        " seq = 5",
        "entries 41414141:29 to 899 are missing");
    try("INSERT INTO entry SELECT x'00112233445566778899aabbccddeeff', seq, clock, time_ms, kind,"
        " prev, hash, body FROM entry WHERE kind = 'review'",
        "entry 00112233:1 (review): its hash does not fit its contents");
    try("INSERT INTO entry VALUES(x'41', 1, 1, 1, 'run', x'', x'', x'')",
        "its author is not 16 bytes long");
    try("INSERT INTO blob SELECT zeroblob(32), salt, size, codec, data FROM blob LIMIT 1",
        "blob 000000000000: its data does not fit its id");
    try("INSERT INTO meta VALUES('note', x'00')", "does not say which review it is");
    try("INSERT INTO author VALUES(zeroblob(16), 'Eve', '', '', 0, 0, 0)",
        "table author, row (00000000, Eve, , ): 'id' is not what the entries give");
    assert_true(tried > 6);
}

static void entries_out_of_bounds_are_found(void **state UNUSED)
{
    try("UPDATE entry SET author = zeroblob(15) WHERE seq = 7", "its author is not 16 bytes long");
    try("UPDATE entry SET hash = zeroblob(31) WHERE seq = 7", "its hashes are not 32 bytes long");
    try("UPDATE entry SET kind = 'run' || char(0) || 'x' WHERE seq = 7", "its kind holds a NUL");
    try("UPDATE entry SET body = zeroblob(5000000) WHERE seq = 7", "its body is larger than 4 MiB");
    try("UPDATE blob SET size = 1 << 40", "its size is out of range");
    try("UPDATE blob SET codec = 'zip'", "its codec is unknown");
    try("UPDATE blob SET codec = 'zstd' WHERE codec = 'raw'", "it cannot be decompressed");
    try("UPDATE blob SET salt = CAST(salt || x'00' AS BLOB)", "its data does not fit its id");
    assert_true(tried > 7);
}

/* --- foreign things --- */

static void a_foreign_schema_is_refused(void **state UNUSED)
{
    static const struct {
        const char *sql, *name;
    } cases[] = {
        {"CREATE TRIGGER evil AFTER INSERT ON entry BEGIN DELETE FROM entry; END",
         "trigger 'evil'"},
        {"CREATE VIEW evil AS SELECT 1", "view 'evil'"},
        {"CREATE INDEX evil ON decision(verdict)", "index 'evil'"},
        {"CREATE INDEX evil ON entry(kind) WHERE kind <> 'decision'", "index 'evil'"},
        {"CREATE TABLE evil(x)", "table 'evil'"},
        {"CREATE VIRTUAL TABLE evil USING fts5(x)", "table 'evil"},
        {"ALTER TABLE draft ADD COLUMN x TEXT", "table 'draft'"},
        {"DROP INDEX entry_order", "lacks index 'entry_order'"},
        {"DROP TABLE draft", "lacks table 'draft'"},
        {"PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'STRICT', '')"
         " WHERE name = 'entry'",
         "table 'entry'"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        const char *path = copy_base("verify/schema.walk");
        struct review *review = NULL;
        struct error error;
        fixture_sql(path, cases[i].sql);
        expect_tampered(path, cases[i].sql, cases[i].name);
        assert_refused(review_open(path, REVIEW_READ_ONLY, NULL, &review, &error), &error,
                       ERROR_CORRUPT);
        assert_non_null(strstr(error.message, cases[i].name));
    }
}

/* A row that is there, but not in the index: a query by index does not see it. */
static void a_doctored_index_is_found(void **state UNUSED)
{
    const char *path = copy_base("verify/index.walk");
    enum verify_answer answer;
    struct review *review = NULL;
    struct error error;
    fixture_sql(path,
                "PRAGMA writable_schema = ON;"
                "CREATE TABLE other(clock INTEGER, author BLOB, seq INTEGER);"
                "CREATE INDEX other_order ON other(clock, author, seq);"
                "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE"
                " name = 'other_order') WHERE name = 'entry_order';"
                "DELETE FROM sqlite_schema WHERE name IN ('other', 'other_order')");
    const char *problem = fixture_first_problem(path, NULL, &answer);
    assert_int_equal(answer, VERIFY_TAMPERED);
    assert_non_null(strstr(problem, "SQLite: "));
    assert_refused(review_open(path, REVIEW_READ_ONLY, NULL, &review, &error), &error,
                   ERROR_CORRUPT);
}

static void what_is_no_review_cannot_be_verified(void **state UNUSED)
{
    enum verify_answer answer;
    const char *text = testing_write("verify/text", "this is no database, but it is long enough to "
                                                    "have a header of one hundred bytes, or more");
    assert_non_null(strstr(fixture_first_problem(text, NULL, &answer), "is no review file"));
    assert_int_equal(answer, VERIFY_CANNOT);
    assert_non_null(strstr(fixture_first_problem(testing_path("verify/nothing"), NULL, &answer),
                           "No such file"));
    assert_int_equal(answer, VERIFY_CANNOT);
    const char *path = copy_base("verify/newer.walk");
    fixture_sql(path, "PRAGMA user_version = 999");
    assert_non_null(strstr(fixture_first_problem(path, NULL, &answer), "newer version"));
    assert_int_equal(answer, VERIFY_CANNOT);
}

/* --- cut tails and rewritten histories --- */

/* What a forger makes who knows the format: the file without the newest entries, all else in
 * order. Ada's first COUNT entries are kept and given to a new file of the same review. */
static const char *cut_tail(const char *name, int keep)
{
    const char *path = copy_base(name);
    AUTO_FREE char *sql = memory_format(
        "DELETE FROM entry WHERE clock > %d; DELETE FROM event WHERE clock > %d;"
        "UPDATE author SET entry_count = (SELECT count(*) FROM entry WHERE author = author.id),"
        " last_ms = (SELECT time_ms FROM entry WHERE author = author.id ORDER BY seq DESC LIMIT 1);"
        "DELETE FROM decision WHERE check_id = 'check-1' AND target = 'host-0';"
        "DELETE FROM item WHERE check_id = 'check-1' AND target = 'host-0'",
        keep, keep);
    fixture_sql(path, sql);
    return path;
}

static void a_cut_tail_shows_only_beside_known_heads(void **state UNUSED)
{
    enum verify_answer answer;
    const char *path = cut_tail("verify/cut.walk", 30);
    expect(path, VERIFY_NOT_PROVEN, "");
    assert_string_equal(fixture_first_problem(path, testing_path(heads), &answer),
                        "compared with what this computer saw before: entry 42424242:3 is missing: "
                        "entries were cut off");
    assert_int_equal(answer, VERIFY_TAMPERED);
}

static void an_untouched_file_is_complete_beside_known_heads(void **state UNUSED)
{
    struct verify_report report;
    review_verify(testing_path(base), testing_path(heads), &report);
    bool known = report.heads_known, reach_end = report.heads_reach_end;
    enum verify_answer answer = report.answer;
    verify_report_release(&report);
    assert_true(known && reach_end);
    assert_int_equal(answer, VERIFY_COMPLETE);
}

static void entries_after_the_known_heads_are_no_problem(void **state UNUSED)
{
    struct verify_report report;
    const char *path = copy_base("verify/longer.walk");
    struct review *review = fixture_open("verify/longer.walk", REVIEW_READ_WRITE, "Ada");
    fixture_decide(review, "check-0", "host-1", "pass", NULL);
    review_close(review);
    review_verify(path, testing_path(heads), &report);
    bool known = report.heads_known, reach_end = report.heads_reach_end;
    enum verify_answer answer = report.answer;
    verify_report_release(&report);
    assert_true(known && !reach_end);
    assert_int_equal(answer, VERIFY_COMPLETE);
}

static void a_rewritten_history_contradicts_known_heads(void **state UNUSED)
{
    struct error error;
    const char *folder = testing_path("verify/other-heads");
    enum verify_answer answer;
    struct buffer text = {0};
    struct review *review = fixture_open(base, REVIEW_READ_ONLY, NULL);
    char name[LEDGER_ID_TEXT_BYTES];
    ledger_id_text(review_id(review), name);
    review_close(review);
    AUTO_FREE char *relative = memory_format("verify/heads/%s", name);
    AUTO_FREE char *copy = memory_format("verify/other-heads/%s", name);
    assert_done(file_read(testing_path(relative), 100000, &text, &error), &error);
    char *last = text.data + text.length - 2;
    *last = *last == '0' ? '1' : '0';
    testing_write(copy, text.data);
    buffer_release(&text);
    assert_string_equal(fixture_first_problem(testing_path(base), folder, &answer),
                        "compared with what this computer saw before: entry 42424242:3 is not the "
                        "one seen before: history was rewritten, or this is a copy that was "
                        "worked on apart");
    assert_int_equal(answer, VERIFY_TAMPERED);
}

static void known_heads_never_go_back(void **state UNUSED)
{
    struct error error;
    cut_tail("verify/back.walk", 30);
    struct review *review = fixture_open("verify/back.walk", REVIEW_READ_ONLY, NULL);
    bool saved = known_heads_save(testing_path(heads), review, &error);
    review_close(review);
    assert_refused(saved, &error, ERROR_CONFLICT);
}

static void damaged_known_heads_are_told_and_not_overwritten(void **state UNUSED)
{
    struct error error;
    struct review *review = fixture_open(base, REVIEW_READ_ONLY, NULL);
    char name[LEDGER_ID_TEXT_BYTES];
    AUTO_FREE char *relative =
        memory_format("verify/bad-heads/%s", ledger_id_text(review_id(review), name));
    testing_write(relative, "walkdown-heads v1\nhead nonsense\n");
    bool saved = known_heads_save(testing_path("verify/bad-heads"), review, &error);
    review_close(review);
    assert_refused(saved, &error, ERROR_INVALID);
    struct verify_report report;
    review_verify(testing_path(base), testing_path("verify/bad-heads"), &report);
    enum verify_answer answer = report.answer;
    bool told = report.notes.count == 1 && strstr(report.notes.items[0], "is damaged") != NULL;
    verify_report_release(&report);
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
    assert_true(told);
}

/* --- signed texts --- */

/* A sign-off whose text says one item more passed: hashed and folded in good order by its author,
 * so that only the text itself is wrong. */
static void a_sign_off_that_says_something_else_is_named(void **state UNUSED)
{
    const char *path = copy_base("verify/lie.walk");
    struct review *review = fixture_open("verify/lie.walk", REVIEW_READ_WRITE, "Bob");
    struct signoff_row_list list;
    struct error error;
    assert_done(review_query_signoffs(review, NULL, &list, &error), &error);
    char *fail_line = strstr(list.items[0].manifest, "\nfail 1\n");
    assert_non_null(fail_line);
    fail_line[6] = '0';
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:s}", "role", "reviewer", "manifest",
                             list.items[0].manifest, "signature", "x", "key", "x", "signer",
                             "ada@example.org");
    signoff_row_list_release(&list);
    fixture_append(review, ENTRY_SIGNOFF, body);
    review_close(review);
    expect(path, VERIFY_TAMPERED,
           "entry 42424242:4 (signoff): its text is not what the file gives");
}

static void a_sign_off_of_entries_that_are_gone_is_named(void **state UNUSED)
{
    const char *path = copy_base("verify/gone.walk");
    struct review *review = fixture_open("verify/gone.walk", REVIEW_READ_WRITE, "Bob");
    struct signoff_row_list list;
    struct error error;
    assert_done(review_query_signoffs(review, NULL, &list, &error), &error);
    char *head = strstr(list.items[0].manifest, " 27 ");
    assert_non_null(head);
    memcpy(head, " 99 ", 4);
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:s}", "role", "reviewer", "manifest",
                             list.items[0].manifest, "signature", "x", "key", "x", "signer",
                             "ada@example.org");
    signoff_row_list_release(&list);
    fixture_append(review, ENTRY_SIGNOFF, body);
    review_close(review);
    expect(path, VERIFY_TAMPERED,
           "entry 42424242:4 (signoff): entry 41414141:99 is missing: entries were cut off");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_untouched_file_is_intact),
        cmocka_unit_test(answers_have_texts),
        cmocka_unit_test(verifying_changes_no_byte),
        cmocka_unit_test_setup(every_changed_cell_is_found, forget_tries),
        cmocka_unit_test_setup(every_cell_of_another_type_is_found, forget_tries),
        cmocka_unit_test_setup(every_deleted_row_is_found, forget_tries),
        cmocka_unit_test_setup(every_swapped_pair_of_entries_is_found, forget_tries),
        cmocka_unit_test_setup(inserted_rows_are_found, forget_tries),
        cmocka_unit_test_setup(entries_out_of_bounds_are_found, forget_tries),
        cmocka_unit_test(a_foreign_schema_is_refused),
        cmocka_unit_test(a_doctored_index_is_found),
        cmocka_unit_test(what_is_no_review_cannot_be_verified),
        cmocka_unit_test(a_cut_tail_shows_only_beside_known_heads),
        cmocka_unit_test(an_untouched_file_is_complete_beside_known_heads),
        cmocka_unit_test(entries_after_the_known_heads_are_no_problem),
        cmocka_unit_test(a_rewritten_history_contradicts_known_heads),
        cmocka_unit_test(known_heads_never_go_back),
        cmocka_unit_test(damaged_known_heads_are_told_and_not_overwritten),
        cmocka_unit_test(a_sign_off_that_says_something_else_is_named),
        cmocka_unit_test(a_sign_off_of_entries_that_are_gone_is_named),
    };
    return cmocka_run_group_tests(tests, make_base, NULL);
}
