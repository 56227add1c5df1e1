/* SPDX-License-Identifier: Apache-2.0 */
/* Histories made at random: however entries arrive, the projections depend on their set alone. */
#include "fixture.h"

#include "../../src/review/entries.h"
#include "../../src/review/fold.h"
#include "../../src/review/handle.h"
#include "../../src/review/schema.h"
#include "../../src/review/view.h"

#include <sqlite3.h>
#include <unistd.h>

enum { ROUNDS_A_FILE = 10 };

static const char name[] = "history.walk", copy[] = "history-copy.walk";
static struct review *review;

static void begin_anew(void)
{
    review_close(review);
    unlink(testing_path(name));
    review = fixture_create(name);
    fixture_subject(review, 3, 2);
}

static int setup(void **state UNUSED)
{
    begin_anew();
    return 0;
}

static int teardown(void **state UNUSED)
{
    review_close(review);
    review = NULL;
    return 0;
}

/* Authors that take turns on one file, doing at random what can be done. */
static void act(struct review *as, struct strings *ids)
{
    AUTO_FREE char *check = memory_format("check-%u", fixture_random(3));
    AUTO_FREE char *target = memory_format("host-%u", fixture_random(2));
    static const char *const verdicts[] = {"pass", "fail", "not-applicable"};
    static const char *const suggestions[] = {"pass", "fail", "none", "blocked"};
    char text[ENTRY_ID_TEXT_BYTES];
    struct entry_id id = {0}, named = {0};
    if (ids->count > 0)
        assert_true(entry_id_parse(ids->items[fixture_random((unsigned)ids->count)], &named));
    switch (fixture_random(6)) {
    case 0:
        fixture_suggest(as, check, target, suggestions[fixture_random(4)]);
        return;
    case 1:
        fixture_evidence(as, check, target, "p", "output");
        return;
    case 2:
        if (named.seq == 0)
            return;
        id = fixture_retract(as, &named);
        break;
    case 3:
        id = fixture_append(
            as, ENTRY_COMMENT,
            json_pack("{s:s, s:s, s:s}", "target", target, "check", check, "text", "A comment"));
        break;
    default: {
        struct review_filter filter = {.check = check, .target = target};
        struct decision_row_list list;
        struct error error;
        json_t *known = json_array();
        assert_done(review_query_decisions(as, &filter, &list, &error), &error);
        for (size_t i = 0; i < list.count; i++)
            if (fixture_random(2) == 0)
                json_array_append_new(known, json_string(entry_id_text(&list.items[i].id, text)));
        decision_row_list_release(&list);
        id = fixture_append(as, ENTRY_DECISION,
                            json_pack("{s:s, s:s, s:s, s:s, s:o}", "target", target, "check", check,
                                      "verdict", verdicts[fixture_random(3)], "suggestion",
                                      suggestions[fixture_random(4)], "supersedes", known));
    }
    }
    strings_push(ids, entry_id_text(&id, text));
}

/* And whatever honest authors did, verify finds nothing wrong with it. */
static void folding_one_by_one_and_folding_all_give_the_same(void **state UNUSED)
{
    static const char *const authors[] = {"Ada", "Bob", "Carol"};
    struct review *open[3];
    for (int round = 0; round < fixture_rounds(4); round++) {
        struct strings ids = {0};
        enum verify_answer answer;
        if (round % ROUNDS_A_FILE == 0)
            begin_anew();
        for (int i = 0; i < 3; i++)
            open[i] = fixture_open(name, REVIEW_READ_WRITE, authors[i]);
        for (int step = 0; step < 60; step++)
            act(open[fixture_random(3)], &ids);
        for (int i = 0; i < 3; i++)
            review_close(open[i]);
        strings_release(&ids);
        assert_string_equal(fixture_first_problem(testing_path(name), NULL, &answer), "");
        assert_int_equal(answer, VERIFY_NOT_PROVEN);
    }
}

/* --- entries that arrive out of order --- */

static void copy_into(struct database *view, const char *path)
{
    struct database *from = NULL;
    struct sqlite3_stmt *rows = NULL;
    struct entry entry = {0};
    struct error error;
    bool row = true;
    assert_done(database_open(path, DATABASE_READ, &from, &error), &error);
    assert_done(database_prepare(from, "SELECT " ENTRY_COLUMNS " FROM entry", &rows, &error),
                &error);
    while (row) {
        assert_done(database_next(from, rows, &row, &error), &error);
        if (!row)
            break;
        entry_from_row(rows, &entry);
        if (!entry_insert(view, &entry, &error))
            assert_int_equal(error.code, ERROR_CORRUPT); /* both files hold it */
    }
    statement_release(rows);
    entry_release(&entry);
    database_close(from);
}

static void dump_projections(struct database *view, struct buffer *text)
{
    static const char *const texts[] = {
#define X(table, key) "SELECT * FROM " #table " ORDER BY " key,
        PROJECTIONS(X)
#undef X
    };
    for (size_t i = 0; i < LENGTH(texts); i++) {
        struct sqlite3_stmt *rows = NULL;
        struct error error;
        bool row = true;
        assert_done(database_prepare(view, texts[i], &rows, &error), &error);
        while (row) {
            assert_done(database_next(view, rows, &row, &error), &error);
            for (int j = 0; row && j < sqlite3_column_count(rows); j++) {
                const void *bytes = sqlite3_column_blob(rows, j);
                buffer_append(text, bytes == NULL ? "" : bytes,
                              (size_t)sqlite3_column_bytes(rows, j));
                buffer_append_byte(text, '|');
            }
        }
        statement_release(rows);
    }
}

/* Two reviewers work on copies; the union of their logs is folded, whichever came first. */
static void the_union_of_two_copies_is_the_same_in_either_order(void **state UNUSED)
{
    struct strings ids = {0};
    struct buffer texts[2] = {{0}};
    struct review copies[2];
    struct error error;
    for (int step = 0; step < 30; step++)
        act(review, &ids);
    review_close(review);
    fixture_copy(name, copy);
    review = fixture_open(name, REVIEW_READ_WRITE, "Ada");
    struct review *other = fixture_open(copy, REVIEW_READ_WRITE, "Bob");
    struct strings of_bob = {0};
    for (size_t i = 0; i < ids.count; i++)
        strings_push(&of_bob, ids.items[i]);
    for (int step = 0; step < 60; step++) {
        act(review, &ids);
        act(other, &of_bob);
    }
    fixture_decide(review, "check-0", "host-0", "pass", NULL);
    fixture_decide(other, "check-0", "host-0", "fail", NULL);
    review_close(other);
    strings_release(&ids);
    strings_release(&of_bob);
    for (int i = 0; i < 2; i++) {
        struct database *view = NULL;
        assert_done(view_new(&view, &error), &error);
        copy_into(view, testing_path(i == 0 ? name : copy));
        copy_into(view, testing_path(i == 0 ? copy : name));
        assert_done(fold_all(view, &error), &error);
        dump_projections(view, &texts[i]);
        copies[i] = (struct review){.view = view};
    }
    struct review_filter filter = {.check = "check-0", .target = "host-0"};
    struct item_row_list list;
    assert_done(review_query_items(&copies[0], &filter, &list, &error), &error);
    bool disputed = strcmp(list.items[0].verdict, "disputed") == 0;
    item_row_list_release(&list);
    bool same = texts[0].length == texts[1].length &&
                memcmp(texts[0].data, texts[1].data, texts[0].length) == 0;
    for (int i = 0; i < 2; i++) {
        buffer_release(&texts[i]);
        database_close(copies[i].view);
    }
    assert_true(disputed);
    assert_true(same);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(folding_one_by_one_and_folding_all_give_the_same),
        TEST(the_union_of_two_copies_is_the_same_in_either_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
