/* SPDX-License-Identifier: Apache-2.0 */
#include "excerpt.h"

#include "support/testing.h"

struct fixture_text {
    struct buffer text;
    struct report_excerpt excerpt;
};

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct fixture_text));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture_text *fixture = *state;
    excerpt_release(&fixture->excerpt);
    buffer_release(&fixture->text);
    free(fixture);
    return 0;
}

static void add_lines(struct fixture_text *fixture, size_t count)
{
    for (size_t i = 1; i <= count; i++)
        buffer_append_format(&fixture->text, "line %zu\n", i);
}

static void build(struct fixture_text *fixture, const struct excerpt_mark *marks, size_t count)
{
    excerpt_release(&fixture->excerpt);
    excerpt_build(&fixture->excerpt, buffer_text(&fixture->text), fixture->text.length, marks,
                  count);
}

static void assert_numbers(const struct report_excerpt *excerpt, const size_t *numbers,
                           size_t count)
{
    assert_int_equal(excerpt->line_count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(excerpt->lines[i].number, numbers[i]);
}

static void the_first_lines_are_quoted_where_none_is_marked(void **state)
{
    struct fixture_text *fixture = *state;
    add_lines(fixture, 100);
    build(fixture, NULL, 0);
    assert_int_equal(fixture->excerpt.line_count, REPORT_UNMARKED_LINES);
    assert_string_equal(fixture->excerpt.lines[0].text, "line 1");
    assert_int_equal(fixture->excerpt.total_lines, 100);
    assert_int_equal(fixture->excerpt.marked_count, 0);
}

static void marked_lines_are_quoted_with_what_is_around_them(void **state)
{
    struct fixture_text *fixture = *state;
    static const struct excerpt_mark marks[] = {{50, true}, {1, false}, {52, false}};
    static const size_t expected[] = {1, 2, 3, 48, 49, 50, 51, 52, 53, 54};
    add_lines(fixture, 100);
    build(fixture, marks, LENGTH(marks));
    assert_numbers(&fixture->excerpt, expected, LENGTH(expected));
    assert_true(fixture->excerpt.lines[0].is_marked);
    assert_false(fixture->excerpt.lines[0].is_bad);
    assert_true(fixture->excerpt.lines[5].is_bad);
    assert_false(fixture->excerpt.lines[4].is_marked);
    assert_int_equal(fixture->excerpt.marked_count, 3);
}

static void lines_that_speak_against_come_before_all_others(void **state)
{
    struct fixture_text *fixture = *state;
    struct excerpt_mark marks[101];
    add_lines(fixture, 200);
    for (size_t i = 0; i < 100; i++)
        marks[i] = (struct excerpt_mark){.line = i + 1, .is_bad = false};
    marks[100] = (struct excerpt_mark){.line = 199, .is_bad = true};
    build(fixture, marks, LENGTH(marks));
    assert_int_equal(fixture->excerpt.line_count, REPORT_EXCERPT_LINES);
    assert_int_equal(fixture->excerpt.lines[REPORT_EXCERPT_LINES - 1].number, 199);
    assert_true(fixture->excerpt.lines[REPORT_EXCERPT_LINES - 1].is_bad);
}

static void marks_behind_the_end_are_ignored(void **state)
{
    struct fixture_text *fixture = *state;
    static const struct excerpt_mark marks[] = {{4, true}, {0, true}, {SIZE_MAX, true}};
    static const size_t expected[] = {1, 2, 3};
    add_lines(fixture, 3);
    build(fixture, marks, LENGTH(marks));
    assert_numbers(&fixture->excerpt, expected, LENGTH(expected));
    assert_int_equal(fixture->excerpt.marked_count, 0);
}

static void a_last_line_without_line_feed_counts(void **state)
{
    struct fixture_text *fixture = *state;
    buffer_append_text(&fixture->text, "one\r\n\ntwo");
    build(fixture, NULL, 0);
    assert_int_equal(fixture->excerpt.total_lines, 3);
    assert_string_equal(fixture->excerpt.lines[0].text, "one");
    assert_string_equal(fixture->excerpt.lines[1].text, "");
    assert_string_equal(fixture->excerpt.lines[2].text, "two");
}

static void nothing_is_an_empty_excerpt(void **state)
{
    struct fixture_text *fixture = *state;
    build(fixture, NULL, 0);
    assert_int_equal(fixture->excerpt.state, EXCERPT_EMPTY);
    assert_int_equal(fixture->excerpt.line_count, 0);
}

static void a_long_line_is_cut_between_characters(void **state)
{
    struct fixture_text *fixture = *state;
    buffer_append_byte(&fixture->text, 'x');
    for (size_t i = 0; i < REPORT_LINE_BYTES; i++)
        buffer_append_text(&fixture->text, "\u20AC");
    build(fixture, NULL, 0);
    const struct report_line *line = &fixture->excerpt.lines[0];
    assert_int_equal(strlen(line->text), 1 + 3 * ((REPORT_LINE_BYTES - 1) / 3));
    assert_int_equal(strlen(line->text) + line->cut_bytes, 1 + 3 * REPORT_LINE_BYTES);
}

static void a_nul_does_not_end_a_line(void **state)
{
    struct fixture_text *fixture = *state;
    buffer_append(&fixture->text, "a\0b\n", 4);
    build(fixture, NULL, 0);
    assert_string_equal(fixture->excerpt.lines[0].text, "a\uFFFDb");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_first_lines_are_quoted_where_none_is_marked),
        TEST(marked_lines_are_quoted_with_what_is_around_them),
        TEST(lines_that_speak_against_come_before_all_others),
        TEST(marks_behind_the_end_are_ignored),
        TEST(a_last_line_without_line_feed_counts),
        TEST(nothing_is_an_empty_excerpt),
        TEST(a_long_line_is_cut_between_characters),
        TEST(a_nul_does_not_end_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
