/* SPDX-License-Identifier: Apache-2.0 */
/* Findings and exceptions: what replaces what, and when an exception counts. */
#include "fixture.h"

#include "base/clock.h"

#include <unistd.h>

static const char name[] = "accepted.walk";
static struct review *review;

static int setup(void **state UNUSED)
{
    unlink(testing_path(name));
    review = fixture_create(name);
    fixture_subject(review, 2, 2);
    return 0;
}

static int teardown(void **state UNUSED)
{
    review_close(review);
    return 0;
}

static struct entry_id except(const struct entry_id *of, const char *state, const char *until)
{
    char text[ENTRY_ID_TEXT_BYTES] = "";
    return fixture_append(review, ENTRY_EXCEPTION,
                          json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "of",
                                    of == NULL ? "" : entry_id_text(of, text), "state", state,
                                    "check", "check-0", "reason", "Needed.", "approver", "Carol",
                                    "from", "2026-02-01", "until", until));
}

static struct exception_row_list exceptions(void)
{
    struct exception_row_list list;
    struct error error;
    assert_done(review_query_exceptions(review, NULL, &list, &error), &error);
    return list;
}

static void expect_one(const struct entry_id *id, const char *state, const char *until)
{
    struct exception_row_list list = exceptions();
    bool fits = list.count == 1 && entry_id_equal(&list.items[0].id, id) &&
                strcmp(list.items[0].state, state) == 0 && strcmp(list.items[0].until, until) == 0;
    exception_row_list_release(&list);
    assert_true(fits);
}

static void the_newest_entry_says_how_an_exception_is(void **state UNUSED)
{
    struct entry_id made = except(NULL, "accepted", "2026-03-31");
    expect_one(&made, "accepted", "2026-03-31");
    except(&made, "accepted", "2026-06-30");
    struct entry_id end = except(&made, "ended", "2026-06-30");
    expect_one(&made, "ended", "2026-06-30");
    fixture_retract(review, &end);
    expect_one(&made, "accepted", "2026-06-30");
    fixture_retract(review, &made);
    struct exception_row_list list = exceptions();
    size_t count = list.count;
    exception_row_list_release(&list);
    assert_int_equal(count, 0);
}

static void an_exception_ends_with_its_last_day(void **state UNUSED)
{
    static const struct {
        int64_t now_ms;
        enum exception_standing expected;
    } cases[] = {
        {1769903999999, EXCEPTION_PENDING},  /* 2026-01-31T23:59:59.999Z */
        {1769904000000, EXCEPTION_IN_FORCE}, /* 2026-02-01T00:00Z */
        {1775001599999, EXCEPTION_IN_FORCE}, /* 2026-03-31T23:59:59.999Z */
        {1775001600000, EXCEPTION_EXPIRED},  /* 2026-04-01T00:00Z */
    };
    struct entry_id made = except(NULL, "accepted", "2026-03-31");
    struct exception_row_list list = exceptions();
    assert_int_equal(list.count, 1);
    for (size_t i = 0; i < LENGTH(cases); i++)
        assert_int_equal(exception_standing(&list.items[0], cases[i].now_ms), cases[i].expected);
    exception_row_list_release(&list);
    except(&made, "ended", "2026-03-31");
    list = exceptions();
    assert_int_equal(exception_standing(&list.items[0], cases[1].now_ms), EXCEPTION_ENDED);
    exception_row_list_release(&list);
}

static void an_exception_without_a_target_covers_all_of_them(void **state UNUSED)
{
    except(NULL, "accepted", "2026-03-31");
    struct exception_row_list list = exceptions();
    assert_true(exception_covers(&list.items[0], "check-0", "host-1"));
    assert_false(exception_covers(&list.items[0], "check-1", "host-1"));
    exception_row_list_release(&list);
}

static int64_t exceptions_in_manifest(int64_t now_ms)
{
    struct manifest manifest;
    struct error error;
    clock_set_wall_ms(now_ms);
    bool done = review_build_manifest(review, NULL, &manifest, &error);
    clock_set_wall_ms(0);
    assert_done(done, &error);
    int64_t count = manifest.exceptions;
    manifest_release(&manifest);
    return count;
}

static void a_sign_off_counts_the_exceptions_in_force_then(void **state UNUSED)
{
    except(NULL, "accepted", "2026-03-31");
    assert_int_equal(exceptions_in_manifest(1769904000000), 1);
    assert_int_equal(exceptions_in_manifest(1775001600000), 0);
}

static void a_finding_keeps_its_name_when_it_is_edited(void **state UNUSED)
{
    char text[ENTRY_ID_TEXT_BYTES];
    struct finding_row_list list;
    struct error error;
    struct entry_id made = fixture_append(
        review, ENTRY_FINDING,
        json_pack("{s:s, s:s, s:s}", "state", "open", "title", "A key", "severity", "low"));
    fixture_append(review, ENTRY_FINDING,
                   json_pack("{s:s, s:s, s:s, s:s}", "of", entry_id_text(&made, text), "state",
                             "closed", "title", "A spare key", "severity", "high"));
    assert_done(review_query_findings(review, NULL, &list, &error), &error);
    bool fits = list.count == 1 && entry_id_equal(&list.items[0].id, &made) &&
                strcmp(list.items[0].title, "A spare key") == 0 &&
                strcmp(list.items[0].state, "closed") == 0;
    finding_row_list_release(&list);
    assert_true(fits);
}

static void a_date_that_is_none_is_refused(void **state UNUSED)
{
    static const char *const dates[] = {
        "2026-13-01", "2026-00-10", "2026-01-32", "2026-1-1", "20260101", "tomorrow", ""};
    for (size_t i = 0; i < LENGTH(dates); i++)
        fixture_refuse(review, ENTRY_EXCEPTION,
                       json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "state", "accepted", "check",
                                 "check-0", "reason", "Needed.", "approver", "Carol", "from",
                                 "2026-01-01", "until", dates[i]),
                       ERROR_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_newest_entry_says_how_an_exception_is),
        TEST(an_exception_ends_with_its_last_day),
        TEST(an_exception_without_a_target_covers_all_of_them),
        TEST(a_sign_off_counts_the_exceptions_in_force_then),
        TEST(a_finding_keeps_its_name_when_it_is_edited),
        TEST(a_date_that_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
