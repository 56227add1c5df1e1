/* SPDX-License-Identifier: Apache-2.0 */
#include "export/report.h"

#include "fixture.h"
#include "support/testing.h"

struct built {
    struct fixture fixture;
    struct report *report;
};

static int set_up(void **state)
{
    struct built *built = memory_new(1, sizeof(*built));
    fixture_open(&built->fixture, NULL);
    built->report = fixture_report(&built->fixture);
    *state = built;
    return 0;
}

static int tear_down(void **state)
{
    struct built *built = *state;
    report_free(built->report);
    fixture_close(&built->fixture);
    free(built);
    return 0;
}

static void build_again(struct built *built)
{
    report_free(built->report);
    built->report = NULL;
    built->report = fixture_report(&built->fixture);
}

static const struct report_item *find(const struct built *built, const char *check,
                                      const char *target)
{
    for (size_t i = 0; i < built->report->item_count; i++) {
        const struct report_item *item = &built->report->items[i];
        if (strcmp(item->row->check, check) == 0 && strcmp(item->row->target, target) == 0)
            return item;
    }
    fail_msg("there is no item %s on %s", check, target);
    return NULL;
}

static size_t count_gaps(const struct built *built, enum gap_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < built->report->gap_count; i++)
        count += built->report->gaps[i].kind == kind;
    return count;
}

static void every_item_stands_in_exactly_one_way(void **state)
{
    const struct built *built = *state;
    const struct report_counts *counts = &built->report->counts;
    static const size_t expected[STANDING_COUNT] = {
        [STANDING_PASS] = 5,     [STANDING_NOT_APPLICABLE] = 2, [STANDING_FAIL] = 3,
        [STANDING_DISPUTED] = 1, [STANDING_STALE] = 1,          [STANDING_BLOCKED] = 1,
        [STANDING_OPEN] = 3,
    };
    size_t sum = 0;
    for (int i = 0; i < STANDING_COUNT; i++) {
        assert_int_equal(counts->by_standing[i], expected[i]);
        sum += counts->by_standing[i];
    }
    assert_int_equal(sum, counts->items);
    assert_int_equal(counts->items, 16);
    assert_int_equal(counts->against_suggestion, 1);
}

static void areas_and_severities_add_up_to_the_whole(void **state)
{
    const struct built *built = *state;
    for (int standing = 0; standing < STANDING_COUNT; standing++) {
        size_t by_area = 0;
        size_t by_severity = 0;
        for (size_t i = 0; i < built->report->area_count; i++)
            by_area += built->report->areas[i].counts.by_standing[standing];
        for (size_t i = 0; i < REPORT_SEVERITIES; i++)
            by_severity += built->report->severities[i].by_standing[standing];
        assert_int_equal(by_area, built->report->counts.by_standing[standing]);
        assert_int_equal(by_severity, built->report->counts.by_standing[standing]);
    }
}

static void a_stale_pass_is_no_pass(void **state)
{
    const struct report_item *item = find(*state, "sudo-nopasswd", "sandbox-7");
    assert_string_equal(item->row->verdict, "pass");
    assert_int_equal(item->standing, STANDING_STALE);
    assert_int_equal(count_gaps(*state, GAP_STALE), 1);
}

static void findings_begin_with_the_most_severe(void **state)
{
    const struct built *built = *state;
    const struct report *report = built->report;
    assert_int_equal(report->finding_count, 3);
    assert_string_equal(report->findings[0]->row->check, "ssh-root-password");
    assert_int_equal(report->findings[0]->severity, SEVERITY_HIGH);
    assert_string_equal(report->findings[1]->row->check, "secrets-in-environment");
}

static void accepted_risks_stand_behind_all_others(void **state)
{
    const struct built *built = *state;
    const struct report *report = built->report;
    const struct report_item *last = report->findings[report->finding_count - 1];
    assert_string_equal(last->row->check, "docker-socket");
    assert_int_equal(last->severity, SEVERITY_CRITICAL);
    assert_true(last->is_accepted);
    assert_int_equal(last->standing, STANDING_FAIL);
    assert_int_equal(report->counts.accepted, 1);
}

static void an_expired_exception_accepts_nothing(void **state)
{
    const struct report_item *item = find(*state, "ssh-root-password", "sandbox-7");
    assert_non_null(item->exception);
    assert_false(item->is_accepted);
}

static void areas_keep_the_order_of_the_checklist(void **state)
{
    const struct built *built = *state;
    static const char *const ids[] = {"access", "configuration", "isolation", "monitoring", "data"};
    assert_int_equal(built->report->area_count, LENGTH(ids));
    for (size_t i = 0; i < LENGTH(ids); i++)
        assert_string_equal(built->report->areas[i].id, ids[i]);
    assert_string_equal(built->report->areas[2].title, "Resource isolation");
    assert_int_equal(built->report->areas[0].item_count, 6);
}

static void every_gap_is_listed(void **state)
{
    static const size_t expected[GAP_COUNT] = {
        [GAP_DISPUTED] = 1,   [GAP_SUGGESTED_FAIL] = 1, [GAP_STALE] = 1,      [GAP_BLOCKED] = 1,
        [GAP_NOT_RUN] = 1,    [GAP_OPEN] = 1,           [GAP_UNANSWERED] = 2, [GAP_UNSUPPORTED] = 1,
        [GAP_INCOMPLETE] = 1, [GAP_EXPIRED] = 1,        [GAP_RUN] = 1,        [GAP_AREA] = 1,
        [GAP_SIGNOFF] = 1,
    };
    const struct built *built = *state;
    for (int kind = 0; kind < GAP_COUNT; kind++)
        assert_int_equal(count_gaps(built, kind), expected[kind]);
    for (size_t i = 1; i < built->report->gap_count; i++)
        assert_true(built->report->gaps[i - 1].kind <= built->report->gaps[i].kind);
}

static void evidence_is_the_latest_in_the_order_of_the_check(void **state)
{
    const struct report_item *item = find(*state, "ssh-root-password", "sandbox-7");
    assert_int_equal(item->evidence_count, 2);
    assert_string_equal(item->evidence[0].row->probe, "when");
    assert_string_equal(item->evidence[1].row->probe, "effective");
    item = find(*state, "sudo-nopasswd", "sandbox-7");
    assert_int_equal(item->evidence_count, 1);
    assert_int_equal(item->older_count, 1);
    assert_true(item->older[0]->started_ms < item->evidence[0].row->started_ms);
}

static void lines_that_led_to_the_suggestion_are_marked(void **state)
{
    const struct report_item *item = find(*state, "ssh-root-password", "sandbox-7");
    const struct report_excerpt *out = &item->evidence[1].out;
    assert_int_equal(out->marked_count, 1);
    assert_int_equal(out->line_count, 1 + 2 * REPORT_CONTEXT_LINES);
    const struct report_line *line = &out->lines[REPORT_CONTEXT_LINES];
    assert_int_equal(line->number, 31);
    assert_string_equal(line->text, "permitrootlogin yes");
    assert_true(line->is_marked && line->is_bad);
    item = find(*state, "metadata-service", "agent");
    assert_true(item->evidence[0].exit_is_marked && item->evidence[0].exit_is_bad);
}

static void records_find_their_items_and_the_rest_is_kept(void **state)
{
    const struct built *built = *state;
    const struct report_item *item = find(built, "break-glass", "sandbox-7");
    assert_int_equal(item->answer_count, 2);
    assert_int_equal(item->comment_count, 1);
    assert_int_equal(find(built, "docker-socket", "agent")->attachment_count, 1);
    assert_int_equal(find(built, "docker-socket", "sandbox-7")->decision_count, 3);
    assert_int_equal(built->report->loose.comment_count, 1);
    assert_int_equal(built->report->loose.evidence_count, 2);
    assert_int_equal(built->report->loose.gone_count, 0);
}

static void a_verdict_against_the_suggestion_is_told(void **state)
{
    assert_true(find(*state, "kernel-lockdown", "sandbox-7")->is_against);
    assert_false(find(*state, "ssh-root-password", "sandbox-7")->is_against);
    assert_false(find(*state, "log-forwarding", "sandbox-7")->is_against);
}

static void the_head_is_the_root_that_a_sign_off_would_cover(void **state)
{
    const struct built *built = *state;
    assert_true(digest_equal(&built->report->head, &built->report->state.merkle_root));
    assert_int_equal(built->report->made_ms, FIXTURE_NOW_MS);
    assert_string_equal(built->report->signoffs[0].statement,
                        "Reviewed on site with the owners. The open items are known.");
}

static void evidence_that_is_not_in_the_file_is_a_gap(void **state)
{
    struct built *built = *state;
    fixture_fail_blobs(&built->fixture, ERROR_NOT_FOUND);
    build_again(built);
    assert_int_equal(built->report->ways[1].count, 0);
    assert_string_equal(built->report->ways[1].unseen.items[0], "hop-1-docker: not in this file");
    assert_int_equal(find(built, "ssh-root-password", "sandbox-7")->evidence[1].out.state,
                     EXCERPT_GONE);
    assert_true(count_gaps(built, GAP_GONE) > 0);
    assert_int_equal(count_gaps(built, GAP_LEFT_OUT), 0);
}

static void damaged_evidence_makes_no_report(void **state)
{
    struct built *built = *state;
    const struct checklist *checklists[] = {built->fixture.checklist};
    struct report *report = NULL;
    struct error error = {0};
    fixture_fail_blobs(&built->fixture, ERROR_CORRUPT);
    assert_refused(report_build(built->fixture.review, checklists, 1, &report, &error), &error,
                   ERROR_CORRUPT);
    assert_non_null(strstr(error.message, "hop-1-docker"));
    assert_null(report);
}

static void a_report_is_of_one_state_or_it_is_none(void **state)
{
    struct built *built = *state;
    const struct checklist *checklists[] = {built->fixture.checklist};
    struct report *report = NULL;
    struct error error = {0};
    fixture_change_while_read(&built->fixture, 3);
    build_again(built);
    assert_int_equal(built->report->counts.items, 16);
    fixture_change_while_read(&built->fixture, 1000);
    assert_refused(report_build(built->fixture.review, checklists, 1, &report, &error), &error,
                   ERROR_CONFLICT);
}

static void a_review_of_nothing_claims_nothing(void **state)
{
    struct built *built = *state;
    fixture_make_empty(&built->fixture);
    build_again(built);
    assert_int_equal(built->report->counts.items, 0);
    assert_int_equal(built->report->counts.by_standing[STANDING_PASS], 0);
    assert_int_equal(count_gaps(built, GAP_AREA), 6);
    assert_int_equal(count_gaps(built, GAP_SIGNOFF), 1);
}

static void without_its_checklist_the_ledger_alone_is_told(void **state)
{
    struct built *built = *state;
    struct error error = {0};
    struct report *report = NULL;
    built->fixture.checklist->digest.bytes[0] ^= 1; /* another checklist of that name */
    const struct checklist *checklists[] = {built->fixture.checklist};
    assert_done(report_build(built->fixture.review, checklists, 1, &report, &error), &error);
    report_free(built->report);
    built->report = report;
    assert_int_equal(report->counts.items, 16);
    assert_null(report->items[0].check);
    assert_string_equal(report->areas[0].title, "Access control");
    assert_int_equal(count_gaps(built, GAP_UNKNOWN_CHECK), 16);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_item_stands_in_exactly_one_way),
        TEST(areas_and_severities_add_up_to_the_whole),
        TEST(a_stale_pass_is_no_pass),
        TEST(findings_begin_with_the_most_severe),
        TEST(accepted_risks_stand_behind_all_others),
        TEST(an_expired_exception_accepts_nothing),
        TEST(areas_keep_the_order_of_the_checklist),
        TEST(every_gap_is_listed),
        TEST(evidence_is_the_latest_in_the_order_of_the_check),
        TEST(lines_that_led_to_the_suggestion_are_marked),
        TEST(records_find_their_items_and_the_rest_is_kept),
        TEST(a_verdict_against_the_suggestion_is_told),
        TEST(the_head_is_the_root_that_a_sign_off_would_cover),
        TEST(evidence_that_is_not_in_the_file_is_a_gap),
        TEST(damaged_evidence_makes_no_report),
        TEST(a_report_is_of_one_state_or_it_is_none),
        TEST(a_review_of_nothing_claims_nothing),
        TEST(without_its_checklist_the_ledger_alone_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
