/* SPDX-License-Identifier: Apache-2.0 */
/* Files of other versions. The next version is planted here. */
#include "fixture.h"

#include "base/file.h"

#include "../../src/review/database.h"
#include "../../src/review/schema.h"

#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The version behind ours. */
#define NOW  "5" /* REVIEW_SCHEMA_VERSION */
#define NEXT "6"

static const char base[] = "schema/base.walk";

static int make_base(void **state UNUSED)
{
    testing_write("schema/here", "");
    struct review *review = fixture_create(base);
    fixture_one_of_each(review);
    review_close(review);
    return 0;
}

/* --- newer files --- */

static const char *plant_newer(const char *name)
{
    const char *path = fixture_copy(base, name);
    fixture_sql(path, "CREATE TABLE later(x TEXT) STRICT; DROP TABLE item; DROP TABLE event;"
                      "CREATE TABLE event(other INTEGER) STRICT; PRAGMA user_version = " NEXT);
    return path;
}

static void a_newer_file_is_not_opened_for_writing(void **state UNUSED)
{
    const char *path = plant_newer("schema/newer.walk");
    struct review *review = NULL;
    struct error error;
    assert_refused(review_open(path, REVIEW_READ_WRITE, fixture_author("Ada"), &review, &error),
                   &error, ERROR_UNSUPPORTED);
    assert_non_null(strstr(error.message, "written by a newer version of walkdown (format " NEXT));
    assert_non_null(strstr(error.hint, "it can be read"));
}

static void a_newer_file_can_be_read(void **state UNUSED)
{
    plant_newer("schema/newer.walk");
    struct review *newer = fixture_open("schema/newer.walk", REVIEW_READ_ONLY, NULL);
    struct review *ours = fixture_open(base, REVIEW_READ_ONLY, NULL);
    struct manifest a, b;
    struct buffer text_a = {0}, text_b = {0}, data = {0};
    struct evidence_row_list evidence;
    struct error error;
    assert_true(review_is_read_only(newer));
    assert_done(review_build_manifest(newer, NULL, &a, &error), &error);
    assert_done(review_build_manifest(ours, NULL, &b, &error), &error);
    a.time_ms = b.time_ms;
    manifest_write(&a, &text_a);
    manifest_write(&b, &text_b);
    bool same = strcmp(text_a.data, text_b.data) == 0;
    manifest_release(&a);
    manifest_release(&b);
    buffer_release(&text_a);
    buffer_release(&text_b);
    assert_done(review_query_evidence(newer, NULL, &evidence, &error), &error);
    assert_done(review_read_blob(newer, &evidence.items[0].out_blob, &data, &error), &error);
    bool is_read = strcmp(data.data, "permitrootlogin yes\n") == 0;
    buffer_release(&data);
    evidence_row_list_release(&evidence);
    review_close(newer);
    review_close(ours);
    assert_true(same);
    assert_true(is_read);
}

static void a_newer_file_with_another_ledger_is_refused(void **state UNUSED)
{
    const char *path = plant_newer("schema/ledger.walk");
    struct review *review = NULL;
    struct error error;
    fixture_sql(path, "ALTER TABLE entry ADD COLUMN extra TEXT");
    assert_refused(review_open(path, REVIEW_READ_ONLY, NULL, &review, &error), &error,
                   ERROR_CORRUPT);
    assert_non_null(strstr(error.message, "table 'entry'"));
}

/* --- upgrades --- */

static const struct schema_step planted[] = {
    {REVIEW_SCHEMA_VERSION, "never run: the file has this version"},
    {REVIEW_SCHEMA_VERSION + 1, "CREATE TABLE later(x TEXT) STRICT"},
    {REVIEW_SCHEMA_VERSION + 2,
     "CREATE TABLE even_later(x TEXT) STRICT; INSERT INTO later VALUES('upgraded')"},
};
static const struct schema_step broken[] = {
    {REVIEW_SCHEMA_VERSION + 1, "CREATE TABLE later(x TEXT) STRICT"},
    {REVIEW_SCHEMA_VERSION + 2, "CREATE TABLE later(x TEXT) STRICT"},
};

static bool upgrade(const char *path, const struct schema_step *steps, size_t count, bool *is_old,
                    struct error *error)
{
    struct database *database = NULL;
    assert_done(database_open(path, DATABASE_WRITE, &database, error), error);
    assert_done(database_execute(database, "BEGIN IMMEDIATE", error), error);
    bool done = schema_upgrade(database, steps, count, is_old, error) &&
                database_execute(database, "COMMIT", error);
    database_close(database);
    return done;
}

static int64_t version_of(const char *path)
{
    struct database *database = NULL;
    struct error error;
    int64_t version;
    assert_done(database_open(path, DATABASE_READ, &database, &error), &error);
    assert_done(schema_read_version(database, &version, &error), &error);
    database_close(database);
    return version;
}

static void an_older_file_is_brought_up_step_by_step(void **state UNUSED)
{
    const char *path = fixture_copy(base, "schema/old.walk");
    struct error error;
    bool is_old;
    assert_done(upgrade(path, planted, LENGTH(planted), &is_old, &error), &error);
    assert_true(is_old);
    assert_int_equal(version_of(path), REVIEW_SCHEMA_VERSION + 2);
    assert_done(upgrade(path, planted, LENGTH(planted), &is_old, &error), &error);
    assert_false(is_old);
    fixture_sql(path, "INSERT INTO even_later SELECT x FROM later WHERE x = 'upgraded'");
}

static void an_older_file_is_kept_as_a_backup(void **state UNUSED)
{
    struct stat status;
    enum verify_answer answer;
    struct error error;
    bool is_old;
    const char *path = fixture_copy(base, "schema/kept.walk");
    assert_done(upgrade(path, planted, LENGTH(planted), &is_old, &error), &error);
    const char *backup = testing_path("schema/kept.walk.v" NOW ".backup");
    assert_int_equal(stat(backup, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_string_equal(fixture_first_problem(backup, NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
    fixture_copy(base, "schema/kept.walk");
    assert_done(upgrade(path, planted, LENGTH(planted), &is_old, &error), &error);
    assert_int_equal(stat(testing_path("schema/kept.walk.v" NOW ".backup-2"), &status), 0);
}

static void a_failing_step_changes_nothing(void **state UNUSED)
{
    enum verify_answer answer;
    struct error error;
    bool is_old;
    const char *path = fixture_copy(base, "schema/broken.walk");
    assert_refused(upgrade(path, broken, LENGTH(broken), &is_old, &error), &error, ERROR_IO);
    assert_string_equal(fixture_first_problem(path, NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
}

/* The tables that the third version added. */
#define DROP_THIRD                                                                                 \
    "DROP TABLE flows; DROP TABLE flow_line; DROP TABLE reach; DROP TABLE reach_flow;"             \
    "DROP TABLE access;"

/* What the fourth version added to findings. */
#define ALTER_FOURTH                                                                               \
    "PRAGMA writable_schema = ON;"                                                                 \
    "UPDATE sqlite_schema SET sql = replace(sql, ' because TEXT NOT NULL, cvss TEXT NOT NULL,"     \
    " owner TEXT NOT NULL, due_date TEXT NOT NULL,', '') WHERE name = 'finding';"

/* What the fifth version added to evidence. */
#define ALTER_FIFTH                                                                                \
    "PRAGMA writable_schema = ON;"                                                                 \
    "UPDATE sqlite_schema SET sql = replace(sql, ' vantage TEXT NOT NULL,', '')"                   \
    " WHERE name = 'evidence';"

/* As the first version wrote it: without the tables that the second one added. */
static const char *plant_first(const char *name)
{
    unlink(testing_path(name));
    struct review *review = fixture_create(name);
    fixture_subject(review, 2, 2);
    fixture_evidence(review, "check-0", "host-0", "p", "output");
    fixture_decide(review, "check-0", "host-0", "fail", NULL);
    review_close(review);
    const char *path = testing_path(name);
    fixture_sql(path,
                "DROP TABLE finding; DROP TABLE exception; DROP TABLE redaction; DROP TABLE policy;"
                "DROP TABLE policy_rule; DROP TABLE handoff;" DROP_THIRD ALTER_FIFTH
                "PRAGMA writable_schema = ON;"
                "UPDATE sqlite_schema SET sql = replace(sql, ' masked TEXT NOT NULL,', '')"
                " WHERE name = 'evidence'; PRAGMA user_version = 1");
    return path;
}

/* As the second version wrote it: an entry of a kind that it did not know has no other effect. */
static void a_file_of_the_second_version_is_brought_up_and_verifies(void **state UNUSED)
{
    enum verify_answer answer;
    struct access_row_list words;
    struct error error;
    const char *path = fixture_copy(base, "schema/second.walk");
    fixture_sql(path, DROP_THIRD ALTER_FOURTH ALTER_FIFTH "PRAGMA user_version = 2");
    assert_string_equal(fixture_first_problem(path, NULL, &answer), "");
    struct review *review = fixture_open("schema/second.walk", REVIEW_READ_WRITE, "Bob");
    assert_done(review_query_access(review, NULL, &words, &error), &error);
    size_t count = words.count;
    access_row_list_release(&words);
    review_close(review);
    assert_int_equal(count, 2);
    assert_int_equal(version_of(path), REVIEW_SCHEMA_VERSION);
    assert_string_equal(fixture_first_problem(path, NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
}

static void a_file_of_the_third_version_is_brought_up_and_verifies(void **state UNUSED)
{
    enum verify_answer answer;
    struct finding_row_list findings;
    struct error error;
    const char *path = fixture_copy(base, "schema/third.walk");
    fixture_sql(path, ALTER_FOURTH ALTER_FIFTH "PRAGMA user_version = 3");
    assert_string_equal(fixture_first_problem(path, NULL, &answer), "");
    struct review *review = fixture_open("schema/third.walk", REVIEW_READ_WRITE, "Bob");
    assert_done(review_query_findings(review, NULL, &findings, &error), &error);
    assert_int_equal(findings.count, 1);
    assert_string_equal(findings.items[0].owner, "Bob");
    assert_string_equal(findings.items[0].due, "2025-12-01");
    finding_row_list_release(&findings);
    review_close(review);
    assert_int_equal(version_of(path), REVIEW_SCHEMA_VERSION);
    assert_string_equal(fixture_first_problem(path, NULL, &answer), "");
}

/* Nobody knows any more from where its probes looked. */
static void a_file_of_the_fourth_version_is_brought_up_and_verifies(void **state UNUSED)
{
    enum verify_answer answer;
    const char *path = fixture_copy(base, "schema/fourth.walk");
    fixture_sql(path, ALTER_FIFTH "PRAGMA user_version = 4");
    assert_string_equal(fixture_first_problem(path, NULL, &answer), "");
    review_close(fixture_open("schema/fourth.walk", REVIEW_READ_WRITE, "Bob"));
    assert_int_equal(version_of(path), REVIEW_SCHEMA_VERSION);
    assert_string_equal(fixture_first_problem(path, NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
}

static void a_file_of_the_first_version_is_read_as_it_is(void **state UNUSED)
{
    struct evidence_row_list evidence;
    struct error error;
    plant_first("schema/first.walk");
    struct review *review = fixture_open("schema/first.walk", REVIEW_READ_ONLY, NULL);
    assert_done(review_query_evidence(review, NULL, &evidence, &error), &error);
    size_t count = evidence.count;
    evidence_row_list_release(&evidence);
    review_close(review);
    assert_int_equal(count, 1);
    assert_int_equal(version_of(testing_path("schema/first.walk")), 1);
}

static void a_file_of_the_first_version_is_brought_up_and_verifies(void **state UNUSED)
{
    enum verify_answer answer;
    const char *path = plant_first("schema/up.walk");
    assert_string_equal(fixture_first_problem(path, NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
    struct review *review = fixture_open("schema/up.walk", REVIEW_READ_WRITE, "Bob");
    fixture_decide(review, "check-1", "host-1", "pass", NULL);
    review_close(review);
    assert_int_equal(version_of(path), REVIEW_SCHEMA_VERSION);
    assert_string_equal(fixture_first_problem(path, NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
}

/* Both wait for the lock; who comes second finds the work done. */
static void two_programs_upgrade_once(void **state UNUSED)
{
    pid_t children[2];
    struct stat status;
    const char *path = fixture_copy(base, "schema/race.walk");
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            struct error error;
            bool is_old;
            _exit(upgrade(path, planted, LENGTH(planted), &is_old, &error) ? is_old : 2);
        }
    }
    int old = 0;
    for (int i = 0; i < 2; i++) {
        int result;
        assert_int_equal(waitpid(children[i], &result, 0), children[i]);
        assert_true(WIFEXITED(result) && WEXITSTATUS(result) < 2);
        old += WEXITSTATUS(result);
    }
    assert_int_equal(old, 1);
    assert_int_equal(version_of(path), REVIEW_SCHEMA_VERSION + 2);
    assert_int_equal(stat(testing_path("schema/race.walk.v" NOW ".backup"), &status), 0);
    assert_int_not_equal(stat(testing_path("schema/race.walk.v" NOW ".backup-2"), &status), 0);
}

/* --- what a connection may do --- */

static void a_locked_connection_runs_no_other_statements(void **state UNUSED)
{
    static const char *const forbidden[] = {
        "ATTACH 'x' AS y",
        "PRAGMA journal_mode = WAL",
        "CREATE TABLE t(x)",
        "DROP TABLE draft",
        "SELECT load_extension('x')",
        "SELECT randomblob(9)",
        "UPDATE sqlite_schema SET sql = ''",
        "CREATE TEMP TRIGGER t AFTER INSERT ON entry BEGIN SELECT 1; END",
    };
    const char *path = fixture_copy(base, "schema/locked.walk");
    struct database *database = NULL;
    struct error error;
    assert_done(database_open(path, DATABASE_WRITE, &database, &error), &error);
    database_lock_down(database);
    for (size_t i = 0; i < LENGTH(forbidden); i++)
        if (database_execute(database, forbidden[i], &error))
            fail_msg("%s", forbidden[i]);
    assert_done(database_execute(database, "DELETE FROM draft", &error), &error);
    database_close(database);
}

static void a_statement_that_takes_too_long_is_ended(void **state UNUSED)
{
    struct database *database = NULL;
    struct error error;
    assert_done(database_open_memory(&database, &error), &error);
    database_set_deadline(database, 30);
    bool done = database_execute(database,
                                 "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"
                                 " SELECT count(*) FROM n",
                                 &error);
    database_close(database);
    assert_refused(done, &error, ERROR_TIMEOUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_newer_file_is_not_opened_for_writing),
        cmocka_unit_test(a_newer_file_can_be_read),
        cmocka_unit_test(a_newer_file_with_another_ledger_is_refused),
        cmocka_unit_test(an_older_file_is_brought_up_step_by_step),
        cmocka_unit_test(an_older_file_is_kept_as_a_backup),
        cmocka_unit_test(a_failing_step_changes_nothing),
        cmocka_unit_test(a_file_of_the_second_version_is_brought_up_and_verifies),
        cmocka_unit_test(a_file_of_the_fourth_version_is_brought_up_and_verifies),
        cmocka_unit_test(a_file_of_the_third_version_is_brought_up_and_verifies),
        cmocka_unit_test(a_file_of_the_first_version_is_read_as_it_is),
        cmocka_unit_test(a_file_of_the_first_version_is_brought_up_and_verifies),
        cmocka_unit_test(two_programs_upgrade_once),
        cmocka_unit_test(a_locked_connection_runs_no_other_statements),
        cmocka_unit_test(a_statement_that_takes_too_long_is_ended),
    };
    return cmocka_run_group_tests(tests, make_base, NULL);
}
