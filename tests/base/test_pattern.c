/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/pattern.h"

static struct pattern *pattern;
static struct buffer subject;

static int release(void **state UNUSED)
{
    pattern_free(pattern);
    pattern = NULL;
    buffer_release(&subject);
    return 0;
}

static void compile(const char *text)
{
    struct error error;
    pattern_free(pattern);
    pattern = NULL;
    assert_done(pattern_new(text, false, &pattern, &error), &error);
}

static enum pattern_result search(const char *text)
{
    return pattern_search(pattern, text, strlen(text), NULL);
}

static void a_pattern_is_searched_anywhere(void **state UNUSED)
{
    compile("b+c");
    assert_int_equal(search("aabbcd"), PATTERN_MATCH);
    assert_int_equal(search("aacd"), PATTERN_NO_MATCH);
    assert_int_equal(search(""), PATTERN_NO_MATCH);
}

static void anchors_are_the_ends_of_the_subject(void **state UNUSED)
{
    compile("^a$");
    assert_int_equal(search("a"), PATTERN_MATCH);
    assert_int_equal(search("a\n"), PATTERN_NO_MATCH);
    assert_int_equal(search("b\na"), PATTERN_NO_MATCH);
    compile("(?m)^a$");
    assert_int_equal(search("b\na\nc"), PATTERN_MATCH);
}

static void case_counts_unless_it_is_ignored(void **state UNUSED)
{
    struct error error;
    compile("No");
    assert_int_equal(search("no"), PATTERN_NO_MATCH);
    pattern_free(pattern);
    pattern = NULL;
    assert_done(pattern_new("No", true, &pattern, &error), &error);
    assert_int_equal(search("nO"), PATTERN_MATCH);
}

static void the_span_is_group_one_or_the_whole_match(void **state UNUSED)
{
    struct pattern_span span;
    compile("k=(\\d+)");
    assert_int_equal(pattern_search(pattern, "a k=123 b", 9, &span), PATTERN_MATCH);
    assert_int_equal(span.start, 4);
    assert_int_equal(span.length, 3);
    compile("k=\\d+");
    assert_int_equal(pattern_search(pattern, "a k=123 b", 9, &span), PATTERN_MATCH);
    assert_int_equal(span.start, 2);
    assert_int_equal(span.length, 5);
    compile("(x)?y");
    assert_int_equal(pattern_search(pattern, "ay", 2, &span), PATTERN_MATCH);
    assert_int_equal(span.start, 1);
    assert_int_equal(span.length, 1);
}

static void bytes_that_are_no_utf8_part_nothing(void **state UNUSED)
{
    compile("root.*yes");
    assert_int_equal(pattern_search(pattern, "root \xFF\x00 yes", 11, NULL), PATTERN_MATCH);
    compile("grüße");
    assert_int_equal(search("viele grüße"), PATTERN_MATCH);
}

static void a_bad_pattern_names_fault_and_offset(void **state UNUSED)
{
    struct error error;
    assert_refused(pattern_new("a(b", false, &pattern, &error), &error, ERROR_INVALID);
    assert_non_null(strstr(error.message, "parenthesis"));
    assert_non_null(strstr(error.message, "offset 3"));
    assert_refused(pattern_new("\xC3(", false, &pattern, &error), &error, ERROR_INVALID);
    assert_refused(pattern_new("(*UTF)a", false, &pattern, &error), &error, ERROR_INVALID);
    assert_refused(pattern_new("\\C", false, &pattern, &error), &error, ERROR_INVALID);
    assert_null(pattern);
}

static void a_pattern_longer_than_4_kib_is_refused(void **state UNUSED)
{
    struct error error;
    for (int i = 0; i < 4096; i++)
        buffer_append_byte(&subject, 'a');
    compile(buffer_text(&subject));
    buffer_append_byte(&subject, 'a');
    assert_refused(pattern_new(buffer_text(&subject), false, &pattern, &error), &error,
                   ERROR_INVALID);
}

static void a_pattern_that_backtracks_without_end_is_given_up(void **state UNUSED)
{
    static const char *const hostile[] = {"^(a+)+$", "^(a|aa)+$", "^(.*?,){12}P", "(a*)*b",
                                          "^((a|a)(a|a)?)+x"};
    int64_t start = clock_monotonic_ms();
    for (int i = 0; i < 4000; i++)
        buffer_append_text(&subject, i % 2 == 0 ? "aaaa" : "aaa,");
    for (size_t i = 0; i < LENGTH(hostile); i++) {
        compile(hostile[i]);
        assert_int_not_equal(pattern_search(pattern, subject.data, subject.length, NULL),
                             PATTERN_MATCH);
    }
    compile("^(a+)+$");
    assert_int_equal(search("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"), PATTERN_GAVE_UP);
    assert_true(clock_monotonic_ms() - start < 5000);
}

static void an_honest_pattern_reads_a_large_subject(void **state UNUSED)
{
    for (int i = 0; i < 20000; i++)
        buffer_append_text(&subject, "a line of an ordinary file, 50 bytes long, or so\n");
    compile("(?m)^(\\S+ +)+never$");
    assert_int_equal(pattern_search(pattern, subject.data, subject.length, NULL), PATTERN_NO_MATCH);
    buffer_append_text(&subject, "this one is never");
    compile("(?m)^this .*never$");
    assert_int_equal(pattern_search(pattern, subject.data, subject.length, NULL), PATTERN_MATCH);
}

static void quoted_text_matches_itself_alone(void **state UNUSED)
{
    const char *text = "a.b*c[d](e)|{f}^$\\ #-/\t\n+?ü";
    buffer_append_text(&subject, "^(?x:");
    pattern_quote(&subject, text);
    buffer_append_text(&subject, ")$");
    compile(buffer_text(&subject));
    assert_int_equal(search(text), PATTERN_MATCH);
    assert_int_equal(search("aXb*c[d](e)|{f}^$\\ #-/\t\n+?ü"), PATTERN_NO_MATCH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_pattern_is_searched_anywhere, release),
        cmocka_unit_test_teardown(anchors_are_the_ends_of_the_subject, release),
        cmocka_unit_test_teardown(case_counts_unless_it_is_ignored, release),
        cmocka_unit_test_teardown(the_span_is_group_one_or_the_whole_match, release),
        cmocka_unit_test_teardown(bytes_that_are_no_utf8_part_nothing, release),
        cmocka_unit_test_teardown(a_bad_pattern_names_fault_and_offset, release),
        cmocka_unit_test_teardown(a_pattern_longer_than_4_kib_is_refused, release),
        cmocka_unit_test_teardown(a_pattern_that_backtracks_without_end_is_given_up, release),
        cmocka_unit_test_teardown(an_honest_pattern_reads_a_large_subject, release),
        cmocka_unit_test_teardown(quoted_text_matches_itself_alone, release),
    };
    return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
