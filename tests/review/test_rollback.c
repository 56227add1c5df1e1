/* SPDX-License-Identifier: Apache-2.0 */
/* A file that goes back to an earlier state, at every entry, as one would make it who knows the
 * format: everything in it fits. Only a neighbour tells. */
#include "fixture.h"

#include "../../src/review/blob.h"
#include "../../src/review/entries.h"
#include "../../src/review/rebuild.h"

#include <sqlite3.h>
#include <unistd.h>

static const char whole[] = "rollback/whole.walk", earlier[] = "rollback/earlier.walk";
static const char heads[] = "rollback/heads";
static int64_t entry_count;

static int make_whole(void **state UNUSED)
{
    struct review_info info;
    struct error error;
    testing_write("rollback/here", "");
    struct review *review = fixture_create(whole);
    fixture_one_of_each(review);
    review_close(review);
    review = fixture_open(whole, REVIEW_READ_WRITE, "Bob");
    for (int i = 0; i < 10; i++)
        fixture_evidence(review, "check-1", "host-0", "p", "some output");
    fixture_decide(review, "check-1", "host-1", "pass", NULL);
    assert_done(known_heads_save(testing_path(heads), review, &error), &error);
    assert_done(review_query_info(review, &info, &error), &error);
    entry_count = info.entry_count;
    review_info_release(&info);
    review_close(review);
    return 0;
}

static void copy_entries(struct database *from, struct rebuild *rebuild, int64_t count)
{
    struct sqlite3_stmt *rows = NULL;
    struct entry entry = {0};
    struct error error;
    bool row;
    assert_done(database_prepare(from,
                                 "SELECT " ENTRY_COLUMNS
                                 " FROM entry ORDER BY clock, author, seq LIMIT ?1",
                                 &rows, &error),
                &error);
    bind_number(rows, 1, count);
    for (;;) {
        assert_done(database_next(from, rows, &row, &error), &error);
        if (!row)
            break;
        entry_from_row(rows, &entry);
        assert_done(rebuild_add_entry(rebuild, &entry, &error), &error);
    }
    statement_release(rows);
    entry_release(&entry);
}

static void copy_blobs(struct database *from, struct rebuild *rebuild)
{
    struct sqlite3_stmt *rows = NULL;
    struct error error;
    bool row, fits;
    assert_done(database_prepare(from, "SELECT " BLOB_COLUMNS " FROM blob", &rows, &error), &error);
    for (;;) {
        assert_done(database_next(from, rows, &row, &error), &error);
        if (!row)
            break;
        assert_done(rebuild_add_blob(rebuild, rows, &fits, &error), &error);
    }
    statement_release(rows);
}

/* The review as it was after COUNT entries. */
static void go_back_to(int64_t count)
{
    struct database *from = NULL;
    struct rebuild rebuild = {0};
    struct ledger_id id;
    struct error error;
    struct review *review = fixture_open(whole, REVIEW_READ_ONLY, NULL);
    id = *review_id(review);
    review_close(review);
    unlink(testing_path(earlier));
    assert_done(database_open(testing_path(whole), DATABASE_READ, &from, &error), &error);
    assert_done(rebuild_begin(&rebuild, testing_path(earlier), &id, &error), &error);
    copy_entries(from, &rebuild, count);
    copy_blobs(from, &rebuild);
    assert_done(rebuild_finish(&rebuild, &error), &error);
    rebuild_release(&rebuild);
    database_close(from);
}

static void every_earlier_state_is_found_beside_known_heads(void **state UNUSED)
{
    for (int64_t count = 1; count < entry_count; count++) {
        enum verify_answer answer;
        go_back_to(count);
        const char *problem =
            fixture_first_problem(testing_path(earlier), testing_path(heads), &answer);
        if (answer != VERIFY_TAMPERED || strstr(problem, "cut off") == NULL)
            fail_msg("%lld of %lld entries: %s, '%s'", (long long)count, (long long)entry_count,
                     verify_answer_text(answer), problem);
    }
}

static void no_earlier_state_is_called_complete_without_a_neighbour(void **state UNUSED)
{
    for (int64_t count = 1; count < entry_count; count++) {
        enum verify_answer answer;
        go_back_to(count);
        assert_string_equal(fixture_first_problem(testing_path(earlier), NULL, &answer), "");
        assert_int_equal(answer, VERIFY_NOT_PROVEN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_earlier_state_is_found_beside_known_heads),
        cmocka_unit_test(no_earlier_state_is_called_complete_without_a_neighbour),
    };
    return cmocka_run_group_tests(tests, make_whole, NULL);
}
