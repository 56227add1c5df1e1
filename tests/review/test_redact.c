/* SPDX-License-Identifier: Apache-2.0 */
/* What was redacted is nowhere any more, and everything else still fits. */
#include "fixture.h"

#include "base/file.h"
#include "review/merge.h"
#include "review/redact.h"

#include <sqlite3.h>
#include <unistd.h>

static const char name[] = "redact/ours.walk", copy[] = "redact/theirs.walk";
static const char secret[] = "hunter2-correct-horse-battery";
static struct review *review;
static struct digest blob; /* of the evidence that holds the secret */

static void find_blob(void)
{
    struct evidence_row_list list;
    struct error error;
    assert_done(review_query_evidence(review, NULL, &list, &error), &error);
    blob = list.items[0].out_blob;
    evidence_row_list_release(&list);
}

static int setup(void **state UNUSED)
{
    testing_write("redact/here", "");
    unlink(testing_path(name));
    unlink(testing_path(copy));
    review = fixture_create(name);
    fixture_subject(review, 2, 2);
    AUTO_FREE char *output = memory_format("user=ada\npassword=%s\nhost=db\nport=5432\n", secret);
    fixture_evidence(review, "check-0", "host-0", "p", output);
    find_blob();
    return 0;
}

static int teardown(void **state UNUSED)
{
    review_close(review);
    review = NULL;
    return 0;
}

static void read_text(struct buffer *text)
{
    struct error error;
    buffer_clear(text);
    assert_done(review_read_blob(review, &blob, text, &error), &error);
}

/* Take NEEDLE out of what the evidence says now. */
static void redact(const char *needle)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct error error;
    read_text(&text);
    const char *at = strstr(text.data, needle);
    assert_non_null(at);
    struct redaction_span span = {.offset = (size_t)(at - text.data), .length = strlen(needle)};
    struct redaction redaction = {
        .blob = blob, .spans = &span, .span_count = 1, .why = "A password."};
    assert_done(review_redact(review, &redaction, NULL, &error), &error);
}

static void expect_text(const char *expected)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    read_text(&text);
    assert_string_equal(buffer_text(&text), expected);
}

static bool file_holds(const char *file, const void *bytes, size_t length)
{
    AUTO_RELEASE(buffer) struct buffer data = {0};
    struct error error;
    assert_done(file_read(testing_path(file), SIZE_MAX / 2, &data, &error), &error);
    return memmem(data.data, data.length, bytes, length) != NULL;
}

static void expect_intact(const char *file)
{
    enum verify_answer answer;
    assert_string_equal(fixture_first_problem(testing_path(file), NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
}

static void reopen(const char *file, const char *author)
{
    review_close(review);
    review = fixture_open(file, REVIEW_READ_WRITE, author);
}

static void no_byte_of_it_is_left(void **state UNUSED)
{
    assert_true(file_holds(name, secret, strlen(secret)));
    redact(secret);
    assert_false(file_holds(name, secret, 8));
    assert_false(file_holds(name, secret + strlen(secret) - 8, 8));
    expect_text("user=ada\npassword=[redacted 29 bytes]\nhost=db\nport=5432\n");
    expect_intact(name);
}

/* A blob of many pages, of bytes that do not compress, so that they lie in the file as they are. */
static void no_byte_of_a_large_blob_is_left(void **state UNUSED)
{
    enum { PAGES_BYTES = 200000, SECRET_BYTES = 150000 };
    AUTO_RELEASE(buffer) struct buffer output = {0};
    AUTO_RELEASE(buffer) struct buffer hidden = {0};
    for (int i = 0; i < PAGES_BYTES; i++)
        buffer_append_byte(&output, (char)(1 + fixture_random(255)));
    buffer_append(&hidden, output.data + 20000, SECRET_BYTES);
    fixture_evidence(review, "check-1", "host-1", "p", buffer_text(&output));
    struct evidence_row_list list;
    struct error error;
    assert_done(review_query_evidence(review, NULL, &list, &error), &error);
    blob = list.items[list.count - 1].out_blob;
    evidence_row_list_release(&list);
    assert_true(file_holds(name, hidden.data + 1000, 64));
    buffer_append_byte(&hidden, '\0');
    redact(hidden.data);
    bool is_left = false;
    for (size_t at = 0; at + 64 <= SECRET_BYTES && !is_left; at += 997)
        is_left = file_holds(name, hidden.data + at, 64);
    assert_false(is_left);
    expect_intact(name);
}

static void the_ledger_tells_who_why_and_how_long(void **state UNUSED)
{
    struct redaction_row_list list;
    struct error error;
    redact(secret);
    assert_done(review_query_redactions(review, NULL, &list, &error), &error);
    bool fits = list.count == 1 && digest_equal(&list.items[0].blob, &blob) &&
                strcmp(list.items[0].why, "A password.") == 0 &&
                strcmp(list.items[0].author, "Ada") == 0 &&
                strstr(list.items[0].spans, "\"length\":29") != NULL;
    redaction_row_list_release(&list);
    assert_true(fits);
    struct evidence_row_list evidence;
    assert_done(review_query_evidence(review, NULL, &evidence, &error), &error);
    fits = evidence.items[0].is_redacted;
    evidence_row_list_release(&evidence);
    assert_true(fits);
}

static void lines_keep_their_numbers(void **state UNUSED)
{
    redact("ada\npassword=hunter2-correct-horse-battery\nhost");
    expect_text("user=[redacted 47 bytes]\n\n=db\nport=5432\n");
}

static void what_is_left_can_be_redacted_further(void **state UNUSED)
{
    redact(secret);
    redact("port=5432");
    expect_text("user=ada\npassword=[redacted 29 bytes]\nhost=db\n[redacted 9 bytes]\n");
    assert_false(file_holds(name, "port=5432", 9));
    expect_intact(name);
}

static void refuse(size_t offset, size_t length, enum error_code code)
{
    struct redaction_span span = {.offset = offset, .length = length};
    struct redaction redaction = {.blob = blob, .spans = &span, .span_count = 1, .why = "Why."};
    struct error error;
    assert_refused(review_redact(review, &redaction, NULL, &error), &error, code);
}

static void only_bytes_that_are_there_can_be_redacted(void **state UNUSED)
{
    struct redaction_span crossing[] = {{.offset = 5, .length = 5}, {.offset = 9, .length = 2}};
    struct redaction redaction = {
        .blob = blob, .spans = crossing, .span_count = LENGTH(crossing), .why = "Why."};
    struct error error;
    refuse(0, 0, ERROR_USAGE);
    refuse(60, 100, ERROR_USAGE);
    refuse(SIZE_MAX, 2, ERROR_USAGE);
    assert_refused(review_redact(review, &redaction, NULL, &error), &error, ERROR_USAGE);
    blob.bytes[0] ^= 1;
    refuse(0, 1, ERROR_NOT_FOUND);
    blob.bytes[0] ^= 1;
    redact(secret);
    expect_intact(name);
}

static void a_checklist_cannot_be_redacted(void **state UNUSED)
{
    struct checklist_row_list list;
    struct error error;
    assert_done(review_query_checklists(review, NULL, &list, &error), &error);
    blob = list.items[0].blob;
    checklist_row_list_release(&list);
    refuse(0, 4, ERROR_NOT_FOUND);
}

static void where_else_the_bytes_are_is_told(void **state UNUSED)
{
    AUTO_RELEASE(strings) struct strings places = {0};
    struct error error;
    fixture_append(review, ENTRY_COMMENT,
                   json_pack("{s:s}", "text", "It says hunter2-correct-horse-battery."));
    redact(secret);
    assert_done(review_find_bytes(review, secret, strlen(secret), &places, &error), &error);
    assert_int_equal(places.count, 1);
    assert_non_null(strstr(places.items[0], "(comment)"));
}

/* --- copies --- */

static void merge_theirs(void)
{
    AUTO_RELEASE(merge_report) struct merge_report report = {0};
    struct error error;
    assert_done(review_merge(review, testing_path(copy), &report, &error), &error);
}

static void another_copy_does_not_bring_it_back(void **state UNUSED)
{
    fixture_copy(name, copy);
    redact(secret);
    merge_theirs();
    assert_false(file_holds(name, secret, 8));
    expect_intact(name);
}

static void a_merge_takes_it_out_of_the_other_copy_too(void **state UNUSED)
{
    fixture_copy(name, copy);
    reopen(copy, "Bob");
    redact(secret);
    reopen(name, "Ada");
    assert_true(file_holds(name, secret, strlen(secret)));
    merge_theirs();
    assert_false(file_holds(name, secret, 8));
    expect_text("user=ada\npassword=[redacted 29 bytes]\nhost=db\nport=5432\n");
    expect_intact(name);
}

/* Each kept what the other took out. */
static void what_two_redacted_apart_is_gone_as_a_whole(void **state UNUSED)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct error error;
    fixture_copy(name, copy);
    reopen(copy, "Bob");
    redact("port=5432");
    redact("user=ada");
    reopen(name, "Ada");
    redact(secret);
    merge_theirs();
    assert_false(file_holds(name, secret, 8));
    assert_false(file_holds(name, "port=5432", 9));
    assert_refused(review_read_blob(review, &blob, &text, &error), &error, ERROR_NOT_FOUND);
    expect_intact(name);
}

/* --- forgers --- */

static void expect_tampered(const char *sql, const char *problem)
{
    enum verify_answer answer;
    fixture_sql(testing_path(name), sql);
    assert_non_null(strstr(fixture_first_problem(testing_path(name), NULL, &answer), problem));
    assert_int_equal(answer, VERIFY_TAMPERED);
}

static void bytes_that_come_back_are_found(void **state UNUSED)
{
    fixture_copy(name, copy);
    redact(secret);
    AUTO_FREE char *sql = memory_format("ATTACH '%s' AS other; INSERT INTO blob SELECT * FROM"
                                        " other.blob WHERE id NOT IN (SELECT id FROM main.blob)",
                                        testing_path(copy));
    expect_tampered(sql, "was redacted, and is there");
}

static void what_was_left_cannot_be_taken_away(void **state UNUSED)
{
    redact(secret);
    expect_tampered("DELETE FROM blob WHERE id IN (SELECT kept_blob FROM redaction)", "is missing");
}

static void a_redaction_without_its_entry_is_found(void **state UNUSED)
{
    expect_tampered("DELETE FROM blob WHERE id IN (SELECT out_blob FROM evidence)", "is missing");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_byte_of_it_is_left),
        TEST(no_byte_of_a_large_blob_is_left),
        TEST(the_ledger_tells_who_why_and_how_long),
        TEST(lines_keep_their_numbers),
        TEST(what_is_left_can_be_redacted_further),
        TEST(only_bytes_that_are_there_can_be_redacted),
        TEST(a_checklist_cannot_be_redacted),
        TEST(where_else_the_bytes_are_is_told),
        TEST(another_copy_does_not_bring_it_back),
        TEST(a_merge_takes_it_out_of_the_other_copy_too),
        TEST(what_two_redacted_apart_is_gone_as_a_whole),
        TEST(bytes_that_come_back_are_found),
        TEST(what_was_left_cannot_be_taken_away),
        TEST(a_redaction_without_its_entry_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
