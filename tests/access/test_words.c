/* SPDX-License-Identifier: Apache-2.0 */
/* What reviewers said of a line, and what holds when they did not know of each other. */
#include "review/fixture.h"

#include "access/matrix.h"

#include <unistd.h>

static const char name[] = "words.walk";
static struct review *review;
static struct access_matrix matrix;

static const char one_shell[] = "account:ada:1000:1000:Ada:/home/ada:/bin/bash\n"
                                "account:bob:1001:1001:Bob:/home/bob:/bin/bash\n";
static const char other_shell[] = "account:ada:1000:1000:Ada:/home/ada:/bin/zsh\n"
                                  "account:bob:1001:1001:Bob:/home/bob:/bin/bash\n";

static void gather(const char *accounts)
{
    fixture_evidence(review, ACCESS_CHECK, "host-0", "accounts", accounts);
}

static int setup(void **state UNUSED)
{
    unlink(testing_path(name));
    review = fixture_create(name);
    fixture_subject(review, 2, 2);
    gather(one_shell);
    return 0;
}

static int teardown(void **state UNUSED)
{
    access_matrix_release(&matrix);
    review_close(review);
    return 0;
}

static void read_again(void)
{
    struct error error;
    access_matrix_release(&matrix);
    assert_done(access_read(review, "host-0", &matrix, &error), &error);
}

static const struct access_line *line_of(const char *account)
{
    read_again();
    const struct access_line *line = access_find(&matrix, account);
    assert_non_null(line);
    return line;
}

/* What a reviewer says who knows SUPERSEDES, and sees the line as it is. */
static struct entry_id say(const char *account, const char *word, const struct entry_id *supersedes)
{
    char text[ENTRY_ID_TEXT_BYTES];
    json_t *list = json_array();
    if (supersedes != NULL)
        json_array_append_new(list, json_string(entry_id_text(supersedes, text)));
    return fixture_append(review, ENTRY_ACCESS,
                          json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "target", "host-0", "account",
                                    account, "word", word, "comment", "Said so.", "facts",
                                    line_of(account)->facts, "supersedes", list));
}

static void expect(const char *account, enum access_state state)
{
    assert_int_equal(line_of(account)->state, state);
}

static void a_line_is_open_until_somebody_speaks(void **state UNUSED)
{
    expect("ada", ACCESS_STATE_OPEN);
    say("ada", "approved", NULL);
    expect("ada", ACCESS_STATE_APPROVED);
    assert_string_equal(line_of("ada")->comment, "Said so.");
    assert_string_equal(line_of("ada")->author, "Ada");
    expect("bob", ACCESS_STATE_OPEN);
    assert_int_equal(access_count_unwalked(&matrix), 1);
}

static void a_word_on_another_target_is_not_one_on_this(void **state UNUSED)
{
    fixture_append(review, ENTRY_ACCESS,
                   json_pack("{s:s, s:s, s:s, s:s}", "target", "host-1", "account", "ada", "word",
                             "approved", "facts", line_of("ada")->facts));
    expect("ada", ACCESS_STATE_OPEN);
}

static void an_approval_ends_when_the_facts_change(void **state UNUSED)
{
    struct entry_id first = say("ada", "approved", NULL);
    say("bob", "approved", NULL);
    gather(other_shell);
    expect("ada", ACCESS_STATE_CHANGED);
    expect("bob", ACCESS_STATE_APPROVED);
    assert_non_null(strstr(line_of("ada")->facts_then, "shell: /bin/bash\n"));
    assert_non_null(strstr(line_of("ada")->facts, "shell: /bin/zsh\n"));
    assert_int_equal(access_count_unwalked(&matrix), 1);
    say("ada", "approved", &first);
    expect("ada", ACCESS_STATE_APPROVED);
}

static void evidence_that_is_missing_ends_an_approval_too(void **state UNUSED)
{
    fixture_evidence(review, ACCESS_CHECK, "host-0", "passwords", "password:ada:set:20000:\n");
    say("ada", "approved", NULL);
    fixture_evidence(review, ACCESS_CHECK, "host-0", "passwords", "");
    expect("ada", ACCESS_STATE_CHANGED);
}

static void gather_rules(const char *outcome, const char *output, const char *complaint)
{
    struct new_blob blobs[2];
    char out[DIGEST_HEX_BYTES], err[DIGEST_HEX_BYTES];
    static const char digest[] = "0101010101010101010101010101010101010101010101010101010101010101";
    new_blob_init(&blobs[0], output, strlen(output));
    new_blob_init(&blobs[1], complaint, strlen(complaint));
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:i, s:i, s:i, s:{s:s, s:i}, s:{s:s, s:i}, s:i}",
        "run", "run-2", "target", "host-0", "check", ACCESS_CHECK, "probe", "root-rules",
        "check_digest", digest, "command", "sudo -l", "as_root", 1, "outcome", outcome, "exit", 0,
        "started_ms", 5, "duration_ms", 6, "out", "blob", digest_hex(&blobs[0].id, out), "size",
        (int)strlen(output), "err", "blob", digest_hex(&blobs[1].id, err), "size",
        (int)strlen(complaint), "noise", 0);
    const struct new_entry entry = {
        .kind = ENTRY_EVIDENCE, .body = body, .blobs = blobs, .blob_count = 2};
    struct error error;
    bool done = review_append(review, &entry, 1, NULL, &error);
    json_decref(body);
    assert_done(done, &error);
}

static void of_output_that_was_cut_only_what_it_shows_counts(void **state UNUSED)
{
    fixture_evidence(review, ACCESS_CHECK, "host-0", "groups", "group:sudo:27:\n");
    gather_rules("truncated", "sudo:ada:(ALL) ALL\nsudo:bob:(www", "-");
    assert_string_equal(line_of("ada")->cells[ACCESS_COLUMN_ROOT],
                        "sudo: (ALL) ALL; unknown: truncated");
    assert_string_equal(line_of("bob")->cells[ACCESS_COLUMN_ROOT], "unknown: truncated");
}

static void a_complaint_about_rights_leaves_open_what_was_not_seen(void **state UNUSED)
{
    fixture_evidence(review, ACCESS_CHECK, "host-0", "groups", "group:sudo:27:\n");
    gather_rules("done", "tool:sudo\n", "hello\nsed: /etc/doas.conf: Permission denied\n");
    assert_string_equal(line_of("bob")->cells[ACCESS_COLUMN_ROOT],
                        "unknown: sed: /etc/doas.conf: Permission denied");
    gather_rules("done", "tool:sudo\n", "hello\n");
    assert_string_equal(line_of("bob")->cells[ACCESS_COLUMN_ROOT], "no");
}

static void what_a_nul_stands_before_is_not_hidden(void **state UNUSED)
{
    static const char text[] = "account:ada:1000:1000:A\0a:/:/bin/sh\naccount:eve:0:0::/:/bin/sh\n";
    struct new_blob blob;
    char id[DIGEST_HEX_BYTES];
    new_blob_init(&blob, text, sizeof(text) - 1);
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:i, s:i, s:i, s:{s:s, s:i}, s:{s:i}, s:i}",
        "run", "run-2", "target", "host-0", "check", ACCESS_CHECK, "probe", "accounts",
        "check_digest", "0101010101010101010101010101010101010101010101010101010101010101",
        "command", "cat", "as_root", 0, "outcome", "done", "exit", 0, "started_ms", 5,
        "duration_ms", 6, "out", "blob", digest_hex(&blob.id, id), "size", (int)sizeof(text) - 1,
        "err", "size", 0, "noise", 0);
    const struct new_entry entry = {
        .kind = ENTRY_EVIDENCE, .body = body, .blobs = &blob, .blob_count = 1};
    struct error error;
    bool done = review_append(review, &entry, 1, NULL, &error);
    json_decref(body);
    assert_done(done, &error);
    assert_string_equal(line_of("eve")->cells[ACCESS_COLUMN_ROOT], "is root");
}

static void a_question_stays_when_the_facts_change(void **state UNUSED)
{
    say("ada", "questioned", NULL);
    gather(other_shell);
    expect("ada", ACCESS_STATE_QUESTIONED);
}

static void words_that_did_not_know_of_each_other_are_disputed(void **state UNUSED)
{
    struct entry_id first = say("ada", "questioned", NULL);
    struct entry_id second = say("ada", "approved", NULL);
    expect("ada", ACCESS_STATE_DISPUTED);
    assert_int_equal(line_of("ada")->words.count, 2);
    fixture_retract(review, &second);
    expect("ada", ACCESS_STATE_QUESTIONED);
    say("ada", "approved", &first);
    expect("ada", ACCESS_STATE_APPROVED);
}

static void taking_a_word_back_brings_back_what_it_replaced(void **state UNUSED)
{
    struct entry_id first = say("ada", "questioned", NULL);
    struct entry_id second = say("ada", "approved", &first);
    expect("ada", ACCESS_STATE_APPROVED);
    struct entry_id undo = fixture_retract(review, &second);
    expect("ada", ACCESS_STATE_QUESTIONED);
    fixture_retract(review, &undo);
    expect("ada", ACCESS_STATE_APPROVED);
}

static void what_a_later_word_replaced_stays_replaced(void **state UNUSED)
{
    struct entry_id first = say("ada", "questioned", NULL);
    struct entry_id second = say("ada", "questioned", &first);
    say("ada", "approved", &second);
    fixture_retract(review, &second);
    expect("ada", ACCESS_STATE_APPROVED);
}

static void an_account_that_went_is_told_and_needs_no_word(void **state UNUSED)
{
    say("bob", "approved", NULL);
    gather("account:ada:1000:1000:Ada:/home/ada:/bin/bash\n");
    expect("bob", ACCESS_STATE_GONE);
    assert_int_equal(access_count_unwalked(&matrix), 1);
    assert_string_equal(line_of("bob")->cells[ACCESS_COLUMN_REMARKS], "no longer there");
}

static void without_evidence_nothing_is_said_to_have_gone(void **state UNUSED)
{
    say("ada", "approved", NULL);
    gather("");
    read_again();
    assert_false(matrix.is_gathered);
    assert_int_equal(matrix.count, 0);
}

static void a_rebuilt_file_says_the_same(void **state UNUSED)
{
    enum verify_answer answer;
    struct entry_id first = say("ada", "questioned", NULL);
    say("ada", "approved", &first);
    say("bob", "questioned", NULL);
    review_close(review);
    review = NULL;
    assert_string_equal(fixture_first_problem(testing_path(name), NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
    review = fixture_open(name, REVIEW_READ_ONLY, NULL);
    expect("ada", ACCESS_STATE_APPROVED);
    expect("bob", ACCESS_STATE_QUESTIONED);
}

static void a_changed_word_is_noticed(void **state UNUSED)
{
    enum verify_answer answer;
    say("ada", "questioned", NULL);
    review_close(review);
    review = NULL;
    fixture_sql(testing_path(name), "UPDATE access SET word = 'approved'");
    assert_non_null(strstr(fixture_first_problem(testing_path(name), NULL, &answer), "access"));
    assert_int_equal(answer, VERIFY_TAMPERED);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_is_open_until_somebody_speaks),
        TEST(a_word_on_another_target_is_not_one_on_this),
        TEST(an_approval_ends_when_the_facts_change),
        TEST(evidence_that_is_missing_ends_an_approval_too),
        TEST(of_output_that_was_cut_only_what_it_shows_counts),
        TEST(a_complaint_about_rights_leaves_open_what_was_not_seen),
        TEST(what_a_nul_stands_before_is_not_hidden),
        TEST(a_question_stays_when_the_facts_change),
        TEST(words_that_did_not_know_of_each_other_are_disputed),
        TEST(taking_a_word_back_brings_back_what_it_replaced),
        TEST(what_a_later_word_replaced_stays_replaced),
        TEST(an_account_that_went_is_told_and_needs_no_word),
        TEST(without_evidence_nothing_is_said_to_have_gone),
        TEST(a_rebuilt_file_says_the_same),
        TEST(a_changed_word_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
