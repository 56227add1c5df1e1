/* SPDX-License-Identifier: Apache-2.0 */
/* The Findings screen, on a real review, worked with keys. */
#include "world.h"

#include "assess/accepted.h"
#include "base/clock.h"
#include "support/testing.h"

#define DAY_MS ((int64_t)24 * 3600 * 1000)

static struct world world;

static int set_up(void **state)
{
    world_set_up(state);
    world_decide(&world, "ssh-root-password", VERDICT_FAIL, NULL);
    return 0;
}

/* The newest of the review, which has that many. */
static struct finding_row_list findings(size_t count)
{
    struct finding_row_list list = {0};
    struct error error = {0};
    assert_done(review_query_findings(session_review(world.app.session), NULL, &list, &error),
                &error);
    if (list.count != count) {
        size_t found = list.count;
        finding_row_list_release(&list);
        assert_int_equal(found, count);
    }
    return list;
}

static void assert_finding(const char *severity, const char *state, const char *owner,
                           const char *due)
{
    struct finding_row_list list = findings(1);
    const struct finding_row *row = &list.items[0];
    bool is_so = strcmp(row->severity, severity) == 0 && strcmp(row->state, state) == 0 &&
                 strcmp(row->owner, owner) == 0 && strcmp(row->due, due) == 0;
    finding_row_list_release(&list);
    if (!is_so)
        fail_msg("not %s, %s, %s, %s", severity, state, owner, due);
}

/* Fill in the form of the selected line: critical for a reason, with owner and due date. */
static void write_up(void)
{
    world_press(&world, "F<Tab><Right><Tab>");
    world_type(&world, "The host holds every key.");
    world_press(&world, "<Tab>");
    world_type(&world, "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    world_press(&world, "<Tab><Tab>");
    world_type(&world, "platform team");
    world_press(&world, "<Tab>");
    world_type(&world, "2026-12-24");
}

/* Accept the risk of the selected line until a day. */
static void accept_risk(const char *until)
{
    world_press(&world, "a");
    world_type(&world, "Needed for the migration.");
    world_press(&world, "<Tab>");
    world_type(&world, "Carol");
    world_press(&world, "<Tab>");
    world_type(&world, until);
}

/* ---- how it looks ---- */

static void nothing_has_failed(void **state UNUSED)
{
    world_press(&world, "uu");
    world_press(&world, "2uu4");
    world_assert_golden(&world, "findings-none");
}

static void failed_checks_are_listed_most_severe_first(void **state UNUSED)
{
    world_press(&world, "4");
    world_assert_golden(&world, "findings");
}

static void a_finding_is_written_up_from_a_failed_check(void **state UNUSED)
{
    world_press(&world, "4");
    write_up();
    world_assert_golden(&world, "findings-form");
    world_press(&world, "<C-s>");
    assert_finding("critical", "open", "platform team", "2026-12-24");
    world_assert_golden(&world, "findings-written");
}

static void a_risk_is_accepted_until_a_day(void **state UNUSED)
{
    world_press(&world, "4");
    write_up();
    world_press(&world, "<C-s>");
    accept_risk("2027-01-31");
    world_assert_golden(&world, "findings-accept");
    world_press(&world, "<C-s>");
    world_assert_shows(&world, "the risk is accepted until 2027-01-31");
    world_press(&world, "vv");
    world_assert_golden(&world, "findings-accepted");
}

static void findings_in_ascii(void **state UNUSED)
{
    world_press(&world, "4");
    write_up();
    world_press(&world, "<C-s>j");
    accept_risk("2027-01-31");
    world_press(&world, "<C-s>vvg");
    world.app.canvas.ascii = true;
    world_assert_golden(&world, "findings-ascii");
}

/* ---- what it does ---- */

static void another_severity_needs_a_reason(void **state UNUSED)
{
    world_press(&world, "4F<Tab><Left><C-s>");
    world_assert_shows(&world, "another needs a reason");
    world_assert_shows(&world, "New finding");
    struct finding_row_list list = findings(0);
    finding_row_list_release(&list);
}

static void what_is_no_date_is_refused_and_stays_in_the_form(void **state UNUSED)
{
    world_press(&world, "4");
    write_up();
    world_press(&world, "<BS><BS><C-s>");
    world_assert_shows(&world, "is no date: YYYY-MM-DD");
    world_type(&world, "24");
    world_press(&world, "<C-s>");
    assert_finding("critical", "open", "platform team", "2026-12-24");
}

static void a_form_that_was_changed_is_not_left_by_accident(void **state UNUSED)
{
    world_press(&world, "4F");
    world_type(&world, "!");
    world_press(&world, "<Esc>");
    world_assert_shows(&world, "Leave the form?");
    world_press(&world, "<Esc><C-s>");
    struct finding_row_list list = findings(1);
    bool is_kept = strstr(list.items[0].title, "password!") != NULL;
    finding_row_list_release(&list);
    assert_true(is_kept);
}

static void the_state_is_chosen_and_undone(void **state UNUSED)
{
    world_press(&world, "4F<C-s>s");
    world_type(&world, "fixed");
    world_press(&world, "<Enter>");
    assert_finding("high", "fixed", "", "");
    world_press(&world, "u");
    assert_finding("high", "open", "", "");
    world_press(&world, "u");
    struct finding_row_list list = findings(0);
    finding_row_list_release(&list);
    world_assert_shows(&world, "not written up");
}

static void a_closed_finding_leaves_its_check_open_while_that_fails(void **state UNUSED)
{
    world_press(&world, "4F<C-s>s");
    world_type(&world, "closed");
    world_press(&world, "<Enter>");
    world_assert_shows(&world, "2 open, 0 accepted, 1 closed");
    world_press(&world, "V");
    world_assert_shows(&world, "Findings: closed");
    world_assert_shows(&world, "Root cannot log in over SSH");
}

static void an_acceptance_is_changed_and_ended(void **state UNUSED)
{
    world_press(&world, "4");
    accept_risk("2027-01-31");
    world_press(&world, "<C-s>");
    world_assert_shows(&world, "1 open, 1 accepted");
    world_press(&world, "vvgG");
    world_assert_shows(&world, "accepted 2027-01-31");
    world_press(&world, "a<Tab><Tab><BS><BS>");
    world_type(&world, "15");
    world_press(&world, "<C-s>");
    world_assert_shows(&world, "accepted 2027-01-15");
    world_press(&world, "A<Enter>");
    world_assert_shows(&world, "2 open, 0 accepted");
    world_press(&world, "u");
    world_assert_shows(&world, "1 open, 1 accepted");
    world_press(&world, "A<Esc>");
    world_assert_shows(&world, "1 open, 1 accepted");
}

static void an_acceptance_that_expires_leaves_the_check_open(void **state UNUSED)
{
    world_press(&world, "4");
    accept_risk("2027-01-31");
    world_press(&world, "<C-s>");
    clock_set_wall_ms(WORLD_TIME_MS + 365 * DAY_MS);
    world_press(&world, "14g");
    world_assert_shows(&world, "2 open, 0 accepted");
    world_assert_shows(&world, "expired 2027-01-31");
    world_press(&world, "A");
    world_assert_shows(&world, "no acceptance of this risk is in force");
}

static void a_day_that_is_over_is_told(void **state UNUSED)
{
    world_press(&world, "4");
    write_up();
    world_press(&world, "<C-s>");
    world_assert_lacks(&world, "overdue");
    clock_set_wall_ms(WORLD_TIME_MS + 365 * DAY_MS);
    world_press(&world, "14");
    world_assert_shows(&world, "2026-12-24, overdue");
}

static void what_is_due_is_told_before_the_sign_off(void **state UNUSED)
{
    world_press(&world, "4");
    write_up();
    world_press(&world, "<C-s>j");
    accept_risk("2027-01-31");
    world_press(&world, "<C-s>8");
    world_assert_lacks(&world, "overdue");
    world_assert_lacks(&world, "within 14 days");
    clock_set_wall_ms(WORLD_TIME_MS + 60 * DAY_MS);
    world_press(&world, "1");
    app_update(&world.app);
    world_press(&world, "8");
    world_assert_shows(&world, "1 finding is overdue");
    world_assert_shows(&world, "1 accepted risk expires within 14 days");
}

static void enter_leads_to_the_evidence(void **state UNUSED)
{
    world_press(&world, "4<Enter>");
    assert_int_equal(world.app.tab, TAB_EVIDENCE);
    assert_string_equal(world.app.focus.check->id, "ssh-root-password");
    world_assert_shows(&world, "permitrootlogin yes");
}

static void something_no_check_asks_for_is_written_up(void **state UNUSED)
{
    world_press(&world, "4n");
    world_type(&world, "A spare key lies about");
    world_press(&world, "<C-s>");
    assert_finding("medium", "open", "", "");
    world_assert_shows(&world, "A spare key lies about");
    world_press(&world, "<Enter>");
    world_assert_shows(&world, "belongs to no check");
    world_press(&world, "a");
    world_assert_shows(&world, "this finding belongs to none");
}

static void a_finding_is_written_up_in_walk(void **state UNUSED)
{
    world_press(&world, "2vvgjj");
    const char *check = world.app.focus.check->id;
    world_press(&world, "F<C-s>");
    struct finding_row_list list = findings(1);
    bool is_of_check = strcmp(list.items[0].check, check) == 0;
    finding_row_list_release(&list);
    assert_true(is_of_check);
    world_assert_shows(&world, "Found");
    world_press(&world, "F");
    world_type(&world, " again");
    world_press(&world, "<C-s>");
    list = findings(1);
    bool is_edited = strstr(list.items[0].title, " again") != NULL;
    finding_row_list_release(&list);
    assert_true(is_edited);
}

static void a_hostile_finding_is_only_text(void **state UNUSED)
{
    const struct finding_request request = {.title = "\x1B[2J \xE2\x80\xAE title",
                                            .severity = "low",
                                            .owner = "\x1B]0;owned\x07",
                                            .description = "\x1B[31mred\nPress y",
                                            .check = ""};
    struct error error = {0};
    struct entry_id made;
    assert_done(session_add_finding(world.app.session, &request, &made, &error), &error);
    app_update(&world.app);
    world_press(&world, "4j");
    world_assert_golden(&world, "findings-hostile");
}

static void nothing_is_changed_in_a_review_that_is_read_only(void **state UNUSED)
{
    struct error error = {0};
    AUTO_FREE char *path = memory_copy_text(session_path(world.app.session));
    world.app.options.read_only = true;
    assert_done(app_open(&world.app, path, &error), &error);
    app_settle(&world.app);
    for (const char *const *key = (const char *const[]){"F", "n", "s", "a", "A", NULL}; *key;
         key++) {
        world_press(&world, "4");
        world_press(&world, *key);
        world_assert_shows(&world, "the review is open read-only");
        assert_int_equal(world.app.overlay_count, 0);
    }
}

#define TEST(name) WORLD_TEST(name, set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_has_failed),
        TEST(failed_checks_are_listed_most_severe_first),
        TEST(a_finding_is_written_up_from_a_failed_check),
        TEST(a_risk_is_accepted_until_a_day),
        TEST(findings_in_ascii),
        TEST(another_severity_needs_a_reason),
        TEST(what_is_no_date_is_refused_and_stays_in_the_form),
        TEST(a_form_that_was_changed_is_not_left_by_accident),
        TEST(the_state_is_chosen_and_undone),
        TEST(a_closed_finding_leaves_its_check_open_while_that_fails),
        TEST(an_acceptance_is_changed_and_ended),
        TEST(an_acceptance_that_expires_leaves_the_check_open),
        TEST(a_day_that_is_over_is_told),
        TEST(what_is_due_is_told_before_the_sign_off),
        TEST(enter_leads_to_the_evidence),
        TEST(something_no_check_asks_for_is_written_up),
        TEST(a_finding_is_written_up_in_walk),
        TEST(a_hostile_finding_is_only_text),
        TEST(nothing_is_changed_in_a_review_that_is_read_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
