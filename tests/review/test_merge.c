/* SPDX-License-Identifier: Apache-2.0 */
/* Copies that were worked on apart, by files; and the laws of a union, by histories made at random
 * in memory. */
#include "fixture.h"

#include "base/file.h"
#include "review/merge.h"

#include "../../src/review/entries.h"
#include "../../src/review/fold.h"
#include "../../src/review/merge.h"
#include "../../src/review/schema.h"
#include "../../src/review/view.h"

#include <sqlite3.h>
#include <unistd.h>

/* --- files --- */

static const char ours[] = "merge/ours.walk", theirs[] = "merge/theirs.walk";

static int setup(void **state UNUSED)
{
    testing_write("merge/here", "");
    unlink(testing_path(ours));
    struct review *review = fixture_create(ours);
    fixture_subject(review, 3, 2);
    review_close(review);
    fixture_copy(ours, theirs);
    return 0;
}

static void merge(const char *into, const char *author, const char *other,
                  struct merge_report *report)
{
    struct error error;
    struct review *review = fixture_open(into, REVIEW_READ_WRITE, author);
    bool done = review_merge(review, testing_path(other), report, &error);
    review_close(review);
    assert_done(done, &error);
}

static void expect_intact(const char *name)
{
    enum verify_answer answer;
    assert_string_equal(fixture_first_problem(testing_path(name), NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
}

static void decide(const char *name, const char *author, const char *check, const char *verdict)
{
    struct review *review = fixture_open(name, REVIEW_READ_WRITE, author);
    fixture_decide(review, check, "host-0", verdict, NULL);
    review_close(review);
}

static char *verdict_of(const char *name, const char *check)
{
    struct review *review = fixture_open(name, REVIEW_READ_ONLY, NULL);
    struct review_filter filter = {.check = check, .target = "host-0"};
    struct item_row_list list;
    struct error error;
    assert_done(review_query_items(review, &filter, &list, &error), &error);
    assert_int_equal(list.count, 1);
    char *verdict = memory_copy_text(list.items[0].verdict);
    item_row_list_release(&list);
    review_close(review);
    return verdict;
}

static void a_merge_adds_what_the_other_copy_holds(void **state UNUSED)
{
    AUTO_RELEASE(merge_report) struct merge_report report = {0};
    struct review *review = fixture_open(theirs, REVIEW_READ_WRITE, "Bob");
    fixture_evidence(review, "check-1", "host-0", "p", "output of a probe\n");
    fixture_decide(review, "check-1", "host-0", "fail", NULL);
    review_close(review);
    decide(ours, "Ada", "check-0", "pass");
    merge(ours, "Ada", theirs, &report);
    assert_int_equal(report.entry_count, 3); /* his name is one */
    assert_int_equal(report.blob_count, 1);
    assert_int_equal(report.authors.count, 1);
    expect_intact(ours);
    AUTO_FREE char *mine = verdict_of(ours, "check-0");
    AUTO_FREE char *his = verdict_of(ours, "check-1");
    assert_string_equal(mine, "pass");
    assert_string_equal(his, "fail");
}

static void merging_again_changes_nothing(void **state UNUSED)
{
    AUTO_RELEASE(merge_report) struct merge_report first = {0};
    AUTO_RELEASE(merge_report) struct merge_report second = {0};
    struct buffer before = {0}, after = {0};
    struct error error;
    decide(theirs, "Bob", "check-1", "fail");
    merge(ours, "Ada", theirs, &first);
    assert_done(file_read(testing_path(ours), SIZE_MAX / 2, &before, &error), &error);
    merge(ours, "Ada", theirs, &second);
    assert_int_equal(second.entry_count, 0);
    assert_done(file_read(testing_path(ours), SIZE_MAX / 2, &after, &error), &error);
    bool same =
        before.length == after.length && memcmp(before.data, after.data, before.length) == 0;
    buffer_release(&before);
    buffer_release(&after);
    assert_true(same);
}

static void decisions_that_did_not_know_of_each_other_are_disputed(void **state UNUSED)
{
    AUTO_RELEASE(merge_report) struct merge_report report = {0};
    decide(ours, "Ada", "check-0", "pass");
    decide(theirs, "Bob", "check-0", "fail");
    merge(ours, "Ada", theirs, &report);
    AUTO_FREE char *verdict = verdict_of(ours, "check-0");
    assert_string_equal(verdict, "disputed");
    expect_intact(ours);
}

static void refuse_merge(const char *other, enum error_code code, const char *message)
{
    AUTO_RELEASE(merge_report) struct merge_report report = {0};
    struct error error;
    struct review *review = fixture_open(ours, REVIEW_READ_WRITE, "Ada");
    int64_t before = review_change_count(review);
    bool done = review_merge(review, testing_path(other), &report, &error);
    int64_t after = review_change_count(review);
    review_close(review);
    assert_refused(done, &error, code);
    if (strstr(error.message, message) == NULL)
        fail_msg("'%s' does not say '%s'", error.message, message);
    assert_int_equal(before, after);
    expect_intact(ours);
}

static void a_fork_is_named_and_nothing_is_merged(void **state UNUSED)
{
    decide(ours, "Ada", "check-0", "pass");
    decide(theirs, "Ada", "check-0", "fail");
    decide(theirs, "Bob", "check-1", "fail");
    refuse_merge(theirs, ERROR_CONFLICT, "entry 41414141:6 (decision) is another in each");
    AUTO_FREE char *verdict = verdict_of(ours, "check-0");
    assert_string_equal(verdict, "pass");
}

static void another_review_is_refused(void **state UNUSED)
{
    static const char other[] = "merge/other.walk";
    unlink(testing_path(other));
    review_close(fixture_create(other));
    refuse_merge(other, ERROR_INVALID, "it is another review");
}

static void a_copy_that_was_tampered_with_is_refused(void **state UNUSED)
{
    decide(theirs, "Bob", "check-1", "fail");
    fixture_sql(testing_path(theirs), "UPDATE entry SET time_ms = 7 WHERE kind = 'decision'");
    refuse_merge(theirs, ERROR_CORRUPT, "its hash does not fit");
    fixture_sql(testing_path(theirs), "DELETE FROM item");
    refuse_merge(theirs, ERROR_CORRUPT, "it does not verify");
}

static void a_file_that_is_not_there_is_refused(void **state UNUSED)
{
    refuse_merge("merge/none.walk", ERROR_NOT_FOUND, "No such file");
}

/* --- the laws, by random histories --- */

enum { COPIES = 3, AUTHORS = 4, STEPS_MAX = 14 };

/* Each author works in one copy only. */
static struct ledger_id review_id_of_all;

/* Making the tables takes most of the time: emptied databases are used again. */
static struct database *idle[2 * COPIES];
static size_t idle_count;

static void give_back(struct database *database)
{
    static const char sql[] = "DELETE FROM meta; DELETE FROM entry;"
#define X(table, key) "DELETE FROM " #table ";"
        PROJECTIONS(X)
#undef X
        ;
    struct error error;
    assert_done(database_execute(database, sql, &error), &error);
    idle[idle_count++] = database;
}

static struct database *new_copy(void)
{
    struct database *database = NULL;
    struct sqlite3_stmt *rows = NULL;
    struct error error;
    if (idle_count > 0)
        database = idle[--idle_count];
    else
        assert_done(view_new(&database, &error), &error);
    assert_done(database_prepare(database, "INSERT INTO meta VALUES('review', ?1)", &rows, &error),
                &error);
    bind_bytes(rows, 1, review_id_of_all.bytes, sizeof(review_id_of_all.bytes));
    assert_done(database_finish(database, rows, &error), &error);
    statement_release(rows);
    return database;
}

static struct ledger_id author_number(unsigned number)
{
    struct ledger_id id;
    memset(id.bytes, (int)(0xA0 + number), sizeof(id.bytes));
    return id;
}

static void append(struct database *database, unsigned author, const char *kind, json_t *body)
{
    struct entry entry = {.id.author = author_number(author), .kind = memory_copy_text(kind)};
    struct error error;
    assert_non_null(body);
    assert_done(entry_find_head(database, &entry.id.author, &entry.id.seq, &entry.prev, &error),
                &error);
    assert_done(entry_find_clock(database, &entry.clock, &error), &error);
    entry.id.seq++;
    entry.clock++;
    json_write(&entry.body, body);
    json_decref(body);
    entry.hash = entry_compute_hash(&review_id_of_all, &entry);
    assert_done(entry_insert(database, &entry, &error), &error);
    assert_done(fold_entry(database, &entry, &error), &error);
    entry_release(&entry);
}

/* Any entry that the copy holds, or none. */
static bool pick(struct database *database, const char *kind, char text[ENTRY_ID_TEXT_BYTES])
{
    struct sqlite3_stmt *rows = NULL;
    struct error error;
    bool row;
    assert_done(database_prepare(database,
                                 "SELECT author, seq FROM entry WHERE kind = ?1 OR ?1 = ''"
                                 " ORDER BY substr(hash, ?2, 4) LIMIT 1",
                                 &rows, &error),
                &error);
    bind_text(rows, 1, kind);
    bind_number(rows, 2, 1 + fixture_random(28));
    assert_done(database_next(database, rows, &row, &error), &error);
    if (row) {
        struct entry_id id = column_entry_id(rows, 0);
        entry_id_text(&id, text);
    }
    statement_release(rows);
    return row;
}

static void act(struct database *database, unsigned author)
{
    static const char *const verdicts[] = {"pass", "fail", "not-applicable"};
    const char *check = fixture_random(2) == 0 ? "check-0" : "check-1";
    char named[ENTRY_ID_TEXT_BYTES];
    switch (fixture_random(5)) {
    case 0:
        append(database, author, "author", json_pack("{s:s}", "name", verdicts[fixture_random(3)]));
        break;
    case 1:
        append(database, author, "comment",
               json_pack("{s:s, s:s, s:s}", "target", "host", "check", check, "text", "A word"));
        break;
    case 2:
        if (pick(database, "", named))
            append(database, author, "retraction", json_pack("{s:s}", "entry", named));
        break;
    default: {
        json_t *known = json_array();
        if (pick(database, "decision", named))
            json_array_append_new(known, json_string(named));
        append(database, author, "decision",
               json_pack("{s:s, s:s, s:s, s:o}", "target", "host", "check", check, "verdict",
                         verdicts[fixture_random(3)], "supersedes", known));
    }
    }
}

static void unite(struct database *to, struct database *from)
{
    AUTO_RELEASE(merge_report) struct merge_report report = {0};
    struct error error;
    assert_done(merge_databases(to, from, &report, &error), &error);
}

static void add_row(struct digest_stream *stream, struct sqlite3_stmt *rows)
{
    for (int i = 0; i < sqlite3_column_count(rows); i++) {
        int type = sqlite3_column_type(rows, i);
        int64_t number =
            type == SQLITE_INTEGER ? sqlite3_column_int64(rows, i) : sqlite3_column_bytes(rows, i);
        digest_stream_add(stream, &type, sizeof(type));
        digest_stream_add(stream, &number, sizeof(number));
        if (type != SQLITE_INTEGER && number > 0)
            digest_stream_add(stream, sqlite3_column_blob(rows, i), (size_t)number);
    }
}

/* Of every row of every table. */
static struct digest state_of(struct database *database)
{
    static const char *const texts[] = {"SELECT * FROM entry ORDER BY author, seq",
#define X(table, key) "SELECT * FROM " #table " ORDER BY " key,
                                        PROJECTIONS(X)
#undef X
    };
    struct digest_stream *stream = digest_stream_new();
    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct sqlite3_stmt *rows = NULL;
        struct error error;
        bool row = true;
        assert_done(database_prepare(database, texts[i], &rows, &error), &error);
        while (row) {
            assert_done(database_next(database, rows, &row, &error), &error);
            if (row)
                add_row(stream, rows);
        }
        statement_release(rows);
    }
    struct digest state = digest_stream_result(stream);
    digest_stream_free(stream);
    return state;
}

/* Copies in which authors work, and now and then take over what another copy holds. */
static void make_history(struct database *copies[COPIES])
{
    review_id_of_all = ledger_id_random();
    for (int i = 0; i < COPIES; i++)
        copies[i] = new_copy();
    unsigned steps = 1 + fixture_random(STEPS_MAX);
    for (unsigned step = 0; step < steps; step++) {
        unsigned author = fixture_random(AUTHORS);
        act(copies[author % COPIES], author);
        if (fixture_random(4) == 0)
            unite(copies[fixture_random(COPIES)], copies[fixture_random(COPIES)]);
    }
}

/* The state of a fresh copy into which copies are merged in this order. */
static struct digest united(struct database *copies[COPIES], const int *order, int count)
{
    struct database *all = new_copy();
    for (int i = 0; i < count; i++)
        unite(all, copies[order[i]]);
    struct digest state = state_of(all);
    give_back(all);
    return state;
}

static void assert_same(struct digest a, struct digest b, const char *law, int round)
{
    if (!digest_equal(&a, &b))
        fail_msg("history %d: merging is not %s", round, law);
}

static void check_laws(struct database *copies[COPIES], int round)
{
    struct digest all = united(copies, (int[]){0, 1, 2}, 3);
    assert_same(united(copies, (int[]){0, 1}, 2), united(copies, (int[]){1, 0}, 2), "commutative",
                round);
    assert_same(all, united(copies, (int[]){2, 1, 0}, 3), "commutative", round);
    assert_same(all, united(copies, (int[]){1, 2, 0, 1, 2}, 5), "idempotent", round);
    unite(copies[1], copies[2]); /* (0 + (1 + 2)) instead of ((0 + 1) + 2) */
    unite(copies[0], copies[1]);
    assert_same(all, state_of(copies[0]), "associative", round);
    struct error error;
    assert_done(fold_all(copies[0], &error), &error);
    assert_same(all, state_of(copies[0]), "what the fold gives", round);
}

static void merging_is_commutative_associative_and_idempotent(void **state UNUSED)
{
    int rounds = fixture_rounds(300);
    for (int round = 0; round < rounds; round++) {
        struct database *copies[COPIES];
        make_history(copies);
        check_laws(copies, round);
        for (int i = 0; i < COPIES; i++)
            give_back(copies[i]);
    }
    while (idle_count > 0)
        database_close(idle[--idle_count]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_merge_adds_what_the_other_copy_holds, setup),
        cmocka_unit_test_setup(merging_again_changes_nothing, setup),
        cmocka_unit_test_setup(decisions_that_did_not_know_of_each_other_are_disputed, setup),
        cmocka_unit_test_setup(a_fork_is_named_and_nothing_is_merged, setup),
        cmocka_unit_test_setup(another_review_is_refused, setup),
        cmocka_unit_test_setup(a_copy_that_was_tampered_with_is_refused, setup),
        cmocka_unit_test_setup(a_file_that_is_not_there_is_refused, setup),
        cmocka_unit_test(merging_is_commutative_associative_and_idempotent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
