/* SPDX-License-Identifier: Apache-2.0 */
/* What the entries say together: docs/review-file.md, "The fold". */
#include "fixture.h"

#include "review/copy.h"

#include "../../src/review/blob.h"
#include "../../src/review/entries.h"
#include "../../src/review/fold.h"
#include "../../src/review/handle.h"

#include <unistd.h>

static const char name[] = "fold.walk";
static struct review *review;

static int setup(void **state UNUSED)
{
    unlink(testing_path(name));
    review = fixture_create(name);
    fixture_subject(review, 3, 2);
    return 0;
}

/* After each test the projections have to be what a fold from the start gives. */
static int teardown(void **state UNUSED)
{
    enum verify_answer answer;
    review_close(review);
    review = NULL;
    const char *problem = fixture_first_problem(testing_path(name), NULL, &answer);
    if (answer != VERIFY_NOT_PROVEN)
        print_error("%s\n", problem);
    return answer == VERIFY_NOT_PROVEN ? 0 : -1;
}

/* "pass", or "pass stale" and the like. */
static void expect_item(const char *check, const char *target, const char *expected)
{
    struct review_filter filter = {.check = check, .target = target};
    struct item_row_list list;
    struct error error;
    char actual[64];
    assert_done(review_query_items(review, &filter, &list, &error), &error);
    assert_int_equal(list.count, 1);
    snprintf(actual, sizeof(actual), "%s%s%s%s", list.items[0].suggestion,
             *list.items[0].suggestion == '\0' ? "" : "/", list.items[0].verdict,
             list.items[0].is_stale ? " stale" : "");
    item_row_list_release(&list);
    assert_string_equal(actual, expected);
}

#define CHECK "check-0", "host-0"

static struct entry_id decide(const char *verdict, const struct entry_id *supersedes)
{
    return fixture_decide(review, CHECK, verdict, supersedes);
}

/* --- decisions --- */

static void an_item_is_open_until_it_is_decided(void **state UNUSED)
{
    expect_item(CHECK, "");
    decide("pass", NULL);
    expect_item(CHECK, "pass");
    expect_item("check-0", "host-1", "");
    expect_item("check-1", "host-0", "");
}

static void a_decision_that_names_another_takes_its_place(void **state UNUSED)
{
    struct entry_id first = decide("pass", NULL);
    struct entry_id second = decide("fail", &first);
    expect_item(CHECK, "fail");
    decide("not-applicable", &second);
    expect_item(CHECK, "not-applicable");
}

static void decisions_that_did_not_know_of_each_other_are_disputed(void **state UNUSED)
{
    struct entry_id first = decide("pass", NULL);
    struct entry_id second = decide("fail", NULL);
    expect_item(CHECK, "disputed");
    fixture_retract(review, &first);
    expect_item(CHECK, "fail");
    fixture_retract(review, &second);
    expect_item(CHECK, "");
}

static void decisions_that_agree_are_not_disputed(void **state UNUSED)
{
    decide("pass", NULL);
    decide("pass", NULL);
    expect_item(CHECK, "pass");
}

static void a_decision_that_names_both_ends_a_dispute(void **state UNUSED)
{
    char a[ENTRY_ID_TEXT_BYTES], b[ENTRY_ID_TEXT_BYTES];
    struct entry_id first = decide("pass", NULL);
    struct entry_id second = decide("fail", NULL);
    decide("fail", &first);
    expect_item(CHECK, "fail");
    fixture_append(review, ENTRY_DECISION,
                   json_pack("{s:s, s:s, s:s, s:[s, s]}", "target", "host-0", "check", "check-0",
                             "verdict", "pass", "supersedes", entry_id_text(&first, a),
                             entry_id_text(&second, b)));
    expect_item(CHECK, "disputed");
}

static void a_retraction_brings_back_what_was_superseded(void **state UNUSED)
{
    struct entry_id first = decide("pass", NULL);
    struct entry_id second = decide("fail", &first);
    struct entry_id undo = fixture_retract(review, &second);
    expect_item(CHECK, "pass");
    struct entry_id redo = fixture_retract(review, &undo);
    expect_item(CHECK, "fail");
    fixture_retract(review, &redo);
    expect_item(CHECK, "pass");
}

/* Who superseded the second one knew of the first, too. */
static void a_retraction_in_the_middle_brings_nothing_back(void **state UNUSED)
{
    struct entry_id first = decide("pass", NULL);
    struct entry_id second = decide("fail", &first);
    struct entry_id third = decide("not-applicable", &second);
    fixture_retract(review, &second);
    expect_item(CHECK, "not-applicable");
    fixture_retract(review, &third);
    expect_item(CHECK, "pass");
}

static void two_retractions_of_one_entry_both_have_to_go(void **state UNUSED)
{
    struct entry_id decision = decide("pass", NULL);
    struct entry_id first = fixture_retract(review, &decision);
    struct entry_id second = fixture_retract(review, &decision);
    expect_item(CHECK, "");
    fixture_retract(review, &first);
    expect_item(CHECK, "");
    fixture_retract(review, &second);
    expect_item(CHECK, "pass");
}

static void a_decision_is_stale_when_newer_evidence_suggests_something_else(void **state UNUSED)
{
    fixture_suggest(review, CHECK, "pass");
    struct entry_id first = decide("fail", NULL); /* suggested then, as it says: fail */
    expect_item(CHECK, "pass/fail");
    fixture_suggest(review, CHECK, "fail");
    expect_item(CHECK, "fail/fail");
    fixture_suggest(review, CHECK, "pass");
    expect_item(CHECK, "pass/fail stale");
    decide("fail", &first);
    expect_item(CHECK, "pass/fail");
}

static void no_suggestion_is_the_suggestion_none(void **state UNUSED)
{
    fixture_append(
        review, ENTRY_DECISION,
        json_pack("{s:s, s:s, s:s}", "target", "host-0", "check", "check-0", "verdict", "pass"));
    fixture_suggest(review, CHECK, "none");
    expect_item(CHECK, "none/pass");
    fixture_suggest(review, CHECK, "pass");
    expect_item(CHECK, "pass/pass stale");
}

/* --- retractions of other kinds --- */

static void counts(int64_t *comments, int64_t *answers, int64_t *attachments)
{
    struct review_filter filter = {.check = "check-0", .target = "host-0"};
    struct item_row_list list;
    struct error error;
    assert_done(review_query_items(review, &filter, &list, &error), &error);
    *comments = list.items[0].comment_count;
    *answers = list.items[0].answer_count;
    *attachments = list.items[0].attachment_count;
    item_row_list_release(&list);
}

static void comments_come_and_go(void **state UNUSED)
{
    int64_t comments, answers, attachments;
    struct comment_row_list list;
    struct error error;
    struct entry_id id = fixture_append(
        review, ENTRY_COMMENT,
        json_pack("{s:s, s:s, s:s}", "target", "host-0", "check", "check-0", "text", "Hello"));
    counts(&comments, &answers, &attachments);
    assert_int_equal(comments, 1);
    fixture_retract(review, &id);
    counts(&comments, &answers, &attachments);
    assert_int_equal(comments, 0);
    assert_done(review_query_comments(review, NULL, &list, &error), &error);
    size_t count = list.count;
    comment_row_list_release(&list);
    assert_int_equal(count, 0);
}

static struct entry_id answer(const char *question, const char *value)
{
    return fixture_append(review, ENTRY_ANSWER,
                          json_pack("{s:s, s:s, s:s, s:s}", "target", "host-0", "check", "check-0",
                                    "question", question, "value", value));
}

static void the_newest_answer_to_a_question_counts(void **state UNUSED)
{
    int64_t comments, answers, attachments;
    struct answer_row_list list;
    struct error error;
    answer("owner", "Blue");
    answer("since", "May");
    struct entry_id last = answer("owner", "Red");
    counts(&comments, &answers, &attachments);
    assert_int_equal(answers, 2);
    assert_done(review_query_answers(review, NULL, &list, &error), &error);
    bool fits = list.count == 2 && strcmp(list.items[0].value, "May") == 0 &&
                strcmp(list.items[1].value, "Red") == 0;
    answer_row_list_release(&list);
    assert_true(fits);
    fixture_retract(review, &last);
    assert_done(review_query_answers(review, NULL, &list, &error), &error);
    fits = list.count == 2 && strcmp(list.items[0].value, "Blue") == 0;
    answer_row_list_release(&list);
    assert_true(fits);
}

static size_t count_targets(char *first_spec, size_t size)
{
    struct target_row_list list;
    struct error error;
    assert_done(review_query_targets(review, NULL, &list, &error), &error);
    size_t count = list.count;
    snprintf(first_spec, size, "%s %s", count == 0 ? "" : list.items[0].name,
             count == 0 ? "" : list.items[0].spec);
    target_row_list_release(&list);
    return count;
}

static void a_target_keeps_its_place_and_takes_its_newest_spec(void **state UNUSED)
{
    char first[64];
    struct entry_id change = fixture_append(
        review, ENTRY_TARGET, json_pack("{s:s, s:s}", "name", "host-0", "spec", "local"));
    assert_int_equal(count_targets(first, sizeof(first)), 2);
    assert_string_equal(first, "host-0 local");
    fixture_retract(review, &change);
    assert_int_equal(count_targets(first, sizeof(first)), 2);
    assert_string_equal(first, "host-0 ssh://host-0.example.org");
    struct entry_id added = {.author = fixture_author("Ada")->id, .seq = 4};
    fixture_retract(review, &added);
    assert_int_equal(count_targets(first, sizeof(first)), 1);
    assert_string_equal(first, "host-1 ssh://host-1.example.org");
}

static void add_hostkey(const char *key, const char *how)
{
    fixture_append(review, ENTRY_HOSTKEY,
                   json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s}", "target", "host-0", "host",
                             "host-0", "port", 22, "type", "ssh-ed25519", "fingerprint", "SHA256:x",
                             "key", key, "how", how));
}

static void a_refused_host_key_pins_nothing(void **state UNUSED)
{
    struct target_row_list list;
    struct error error;
    add_hostkey("AAAA", "confirmed");
    add_hostkey("EVIL", "refused");
    assert_done(review_query_targets(review, NULL, &list, &error), &error);
    bool fits = strcmp(list.items[0].key, "AAAA") == 0 && strcmp(list.items[1].key, "") == 0;
    target_row_list_release(&list);
    assert_true(fits);
}

/* --- what does not fit --- */

/* An entry as another program, or a hostile one, might have put it into the file. */
static void plant(const char *kind, const char *body)
{
    struct entry entry = {.kind = memory_copy_text(kind)};
    struct error error;
    entry.id.author = fixture_author("Ada")->id;
    buffer_append_text(&entry.body, body);
    assert_done(entry_find_head(review->file, &entry.id.author, &entry.id.seq, &entry.prev, &error),
                &error);
    assert_done(entry_find_clock(review->file, &entry.clock, &error), &error);
    entry.id.seq++;
    entry.clock++;
    entry.hash = entry_compute_hash(review_id(review), &entry);
    assert_done(entry_insert(review->file, &entry, &error), &error);
    assert_done(fold_entry(review->file, &entry, &error), &error);
    entry_release(&entry);
}

static void expect_last_event(const char *kind, const char *summary)
{
    struct review_filter filter = {.limit = 1};
    struct event_row_list list;
    struct error error;
    assert_done(review_query_events(review, &filter, &list, &error), &error);
    bool fits = list.count == 1 && strcmp(list.items[0].kind, kind) == 0 &&
                strcmp(list.items[0].summary, summary) == 0;
    event_row_list_release(&list);
    assert_true(fits);
}

static void an_unknown_kind_is_kept_and_shown(void **state UNUSED)
{
    plant("weather", "{\"to\":\"Eve\"}");
    expect_last_event("weather", "unknown kind of entry");
    decide("pass", NULL);
    expect_item(CHECK, "pass");
}

static void an_unknown_kind_is_told_by_verify(void **state UNUSED)
{
    struct verify_report report;
    plant("weather", "not even JSON");
    review_verify(testing_path(name), NULL, &report);
    bool fits = report.answer == VERIFY_NOT_PROVEN && report.notes.count == 1 &&
                strncmp(report.notes.items[0], "1 entries are of kinds", 22) == 0;
    verify_report_release(&report);
    assert_true(fits);
}

static void store_blob(const char *text, struct digest *ret_id)
{
    struct new_blob blob;
    struct stored_blob stored = {0};
    struct error error;
    new_blob_init(&blob, text, strlen(text));
    bool done = blob_encode(&blob, &stored, &error) && blob_insert(review->file, &stored, &error);
    stored_blob_release(&stored);
    assert_done(done, &error);
    *ret_id = blob.id;
}

/* A newer version may have written it. */
static void a_copy_keeps_the_blob_of_an_unknown_kind(void **state UNUSED)
{
    static const char copy[] = "fold-copy.walk";
    struct buffer data = {0};
    struct digest id;
    struct error error;
    enum verify_answer answer;
    plant("weather", "{\"map\":\"a blob\"}");
    store_blob("rain", &id);
    unlink(testing_path(copy));
    assert_done(review_copy(testing_path(name), testing_path(copy), COPY_AS_IS, &error), &error);
    assert_string_equal(fixture_first_problem(testing_path(copy), NULL, &answer), "");
    struct review *copied = fixture_open(copy, REVIEW_READ_ONLY, NULL);
    bool done = review_read_blob(copied, &id, &data, &error);
    review_close(copied);
    buffer_release(&data);
    assert_done(done, &error);
}

/* These files are not intact, so the teardown would fail: each starts a file of its own. */
static void a_body_that_does_not_fit_has_no_effect(void **state UNUSED)
{
    static const char *const bad[] = {
        "", "[]", "{}", "{\"target\":\"host-0\",\"check\":\"check-0\",\"verdict\":\"maybe\"}",
        "{\"target\":\"host-0\",\"check\":\"check-0\",\"verdict\":\"pass\",\"verdict\":\"fail\"}"};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        enum verify_answer answer;
        plant("decision", bad[i]);
        expect_last_event("decision", "its body does not fit its kind");
        expect_item(CHECK, "");
        assert_non_null(strstr(fixture_first_problem(testing_path(name), NULL, &answer),
                               "41414141:6 (decision): its body does not fit its kind: "));
        assert_int_equal(answer, VERIFY_TAMPERED);
        review_close(review);
        setup(NULL);
    }
}

static void a_retraction_of_what_comes_later_has_no_effect(void **state UNUSED)
{
    plant("retraction", "{\"entry\":\"41414141414141414141414141414141:7\"}");
    expect_last_event("retraction", "has no effect: it names no entry that it may retract");
    decide("pass", NULL);
    expect_item(CHECK, "pass");
    plant("retraction", "{\"entry\":\"41414141414141414141414141414141:1\"}");
    expect_last_event("retraction", "has no effect: it names no entry that it may retract");
    plant("retraction", "{\"entry\":\"41414141414141414141414141414141:10\"}");
    plant("retraction", "{\"entry\":\"41414141414141414141414141414141:10\"}");
    expect_item(CHECK, "pass");
}

static void a_decision_cannot_supersede_one_that_comes_later(void **state UNUSED)
{
    plant("decision", "{\"target\":\"host-0\",\"check\":\"check-0\",\"verdict\":\"pass\","
                      "\"supersedes\":[\"41414141414141414141414141414141:7\","
                      "\"41414141414141414141414141414141:6\"]}");
    decide("fail", NULL);
    expect_item(CHECK, "disputed");
}

/* --- checklists --- */

static void append_list(const char *id, const char *version, const char *checks)
{
    AUTO_FREE char *text = memory_format(
        "{\"id\":\"%s\",\"version\":\"%s\",\"digest\":\"%064d\",\"blob\":\"%s\",\"size\":21,"
        "\"areas\":[],\"checks\":[%s]}",
        id, version, 0, "%s", checks);
    struct checklist_row_list list;
    struct error error;
    char hex[DIGEST_HEX_BYTES], digest[DIGEST_HEX_BYTES];
    json_t *body = NULL;
    assert_done(json_parse(text, strlen(text), &body, &error), &error);
    assert_done(review_query_checklists(review, NULL, &list, &error), &error);
    json_object_set_new(body, "blob", json_string(digest_hex(&list.items[0].blob, hex)));
    json_object_set_new(body, "digest", json_string(digest_hex(&list.items[0].digest, digest)));
    checklist_row_list_release(&list);
    fixture_append(review, ENTRY_CHECKLIST, body);
}

#define ROW(id)                                                                                    \
    "{\"id\":\"" id                                                                                \
    "\",\"area\":\"a\",\"severity\":\"low\",\"digest\":\"00000000000000000000000000"               \
    "00000000000000000000000000000000000000\"}"

static char *list_items(void)
{
    struct review_filter filter = {.target = "host-1"};
    struct item_row_list list;
    struct error error;
    struct buffer text = {0};
    assert_done(review_query_items(review, &filter, &list, &error), &error);
    for (size_t i = 0; i < list.count; i++)
        buffer_append_format(&text, "%s ", list.items[i].check);
    item_row_list_release(&list);
    return buffer_take(&text);
}

static void expect_items(const char *expected)
{
    char *actual = list_items();
    bool same = strcmp(actual, expected) == 0;
    if (!same)
        print_error("%s\n", actual);
    free(actual);
    assert_true(same);
}

static void a_newer_checklist_takes_the_place_of_the_older_one(void **state UNUSED)
{
    expect_items("check-0 check-1 check-2 ");
    append_list("demo", "2026.2", ROW("check-2") "," ROW("check-9"));
    expect_items("check-2 check-9 ");
    struct entry_id id = {.author = fixture_author("Ada")->id, .seq = 6};
    fixture_retract(review, &id);
    expect_items("check-0 check-1 check-2 ");
}

static void a_second_checklist_adds_its_checks_but_not_those_of_the_first(void **state UNUSED)
{
    append_list("other", "1", ROW("check-1") "," ROW("extra") "," ROW("extra"));
    expect_items("check-0 check-1 check-2 extra ");
    append_list("demo", "2026.2", ROW("check-0"));
    expect_items("check-1 extra check-0 ");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_item_is_open_until_it_is_decided),
        TEST(a_decision_that_names_another_takes_its_place),
        TEST(decisions_that_did_not_know_of_each_other_are_disputed),
        TEST(decisions_that_agree_are_not_disputed),
        TEST(a_decision_that_names_both_ends_a_dispute),
        TEST(a_retraction_brings_back_what_was_superseded),
        TEST(a_retraction_in_the_middle_brings_nothing_back),
        TEST(two_retractions_of_one_entry_both_have_to_go),
        TEST(a_decision_is_stale_when_newer_evidence_suggests_something_else),
        TEST(no_suggestion_is_the_suggestion_none),
        TEST(comments_come_and_go),
        TEST(the_newest_answer_to_a_question_counts),
        TEST(a_target_keeps_its_place_and_takes_its_newest_spec),
        TEST(a_refused_host_key_pins_nothing),
        TEST(an_unknown_kind_is_kept_and_shown),
        TEST(an_unknown_kind_is_told_by_verify),
        TEST(a_copy_keeps_the_blob_of_an_unknown_kind),
        TEST(a_body_that_does_not_fit_has_no_effect),
        TEST(a_retraction_of_what_comes_later_has_no_effect),
        TEST(a_decision_cannot_supersede_one_that_comes_later),
        TEST(a_newer_checklist_takes_the_place_of_the_older_one),
        TEST(a_second_checklist_adds_its_checks_but_not_those_of_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
