/* SPDX-License-Identifier: Apache-2.0 */
#include "../../src/tui/pager.h"

#include "support/testing.h"

#include "base/clock.h"

static struct pager pager;
static struct canvas canvas;
static struct buffer dump, data;

static int set_up(void **state UNUSED)
{
    canvas_init(&canvas, 5, 24);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    pager_release(&pager);
    canvas_release(&canvas);
    buffer_release(&dump);
    buffer_release(&data);
    return 0;
}

static void show(const char *text, size_t length)
{
    buffer_clear(&data);
    buffer_append(&data, text, length);
    pager_set(&pager, data.data, data.length);
}

static const char *draw(void)
{
    canvas_clear(&canvas, canvas.rows, canvas.columns);
    pager_draw(&pager, &canvas, (struct rect){0, 0, canvas.rows, canvas.columns});
    buffer_clear(&dump);
    canvas_dump(&canvas, &dump);
    return buffer_text(&dump);
}

static void show_numbers(int count)
{
    struct buffer text = {0};
    for (int i = 1; i <= count; i++)
        buffer_append_format(&text, "line %d\n", i);
    show(text.data, text.length);
    buffer_release(&text);
    draw();
}

static size_t first_line(void)
{
    return lines_number(&pager.lines, pager.top) + 1;
}

static void lines_are_numbered_behind_a_gutter(void **state UNUSED)
{
    show("one\ntwo\nthree", 13);
    assert_string_equal(draw(), "  1 │ one\n  2 │ two\n  3 │ three\n\n\n");
}

static void nothing_to_read_is_drawn_as_nothing(void **state UNUSED)
{
    show("", 0);
    assert_string_equal(draw(), "\n\n\n\n\n");
    pager_act(&pager, ACTION_DOWN);
    pager_act(&pager, ACTION_BOTTOM);
    pager_act(&pager, ACTION_RAW);
    assert_false(pager_search(&pager, "x"));
    draw();
}

static void lines_are_found_by_number_and_by_offset(void **state UNUSED)
{
    show_numbers(3000);
    struct lines *lines = &pager.lines;
    assert_int_equal(lines->count, 3000);
    for (size_t i = 0; i < lines->count; i += 7) {
        char expected[32];
        size_t start = lines_start(lines, i);
        size_t end = lines_end(lines, start);
        snprintf(expected, sizeof(expected), "line %zu", i + 1);
        assert_int_equal(end - start, strlen(expected));
        assert_memory_equal(lines->data + start, expected, end - start);
        assert_int_equal(lines_number(lines, start), i);
        assert_int_equal(lines_number(lines, end), i);
    }
}

static void scrolling_stops_at_both_ends(void **state UNUSED)
{
    show_numbers(100);
    pager_act(&pager, ACTION_UP);
    assert_int_equal(first_line(), 1);
    pager_act(&pager, ACTION_PAGE_DOWN);
    assert_int_equal(first_line(), 5);
    pager_act(&pager, ACTION_BOTTOM);
    assert_int_equal(first_line(), 96);
    pager_act(&pager, ACTION_DOWN);
    assert_int_equal(first_line(), 96);
    pager_act(&pager, ACTION_PAGE_UP);
    assert_int_equal(first_line(), 92);
    pager_act(&pager, ACTION_TOP);
    assert_int_equal(first_line(), 1);
}

static void no_row_stays_empty_while_there_is_text_above(void **state UNUSED)
{
    show_numbers(100);
    pager.rows = 0; /* as before the first drawing */
    pager_act(&pager, ACTION_BOTTOM);
    draw();
    assert_int_equal(first_line(), 96);
    canvas_clear(&canvas, 20, 24);
    draw();
    assert_int_equal(first_line(), 81);
}

static void long_lines_scroll_sideways_and_say_so(void **state UNUSED)
{
    show("0123456789abcdefghijklmnop\nshort\n", 33);
    assert_string_equal(draw(), "  1 │ 0123456789abcdef›\n  2 │ short\n\n\n\n");
    pager_act(&pager, ACTION_RIGHT);
    assert_string_equal(draw(), "  1 │ ‹9abcdefghijklmn›\n  2 │ ‹\n\n\n\n");
    pager_act(&pager, ACTION_LEFT);
    pager_act(&pager, ACTION_LEFT);
    assert_int_equal(pager.left, 0);
}

static void wrapped_lines_keep_their_number_once(void **state UNUSED)
{
    show("0123456789abcdefghijklmnop\nnext\n", 32);
    draw();
    pager_act(&pager, ACTION_WRAP);
    assert_string_equal(draw(), "  1 │ 0123456789abcdefg\n  ↪ │ hijklmnop\n  2 │ next\n\n\n");
}

static void wrapped_text_scrolls_back_the_way_it_came(void **state UNUSED)
{
    struct buffer text = {0};
    size_t tops[2000];
    size_t count = 0;
    for (int i = 0; i < 60; i++) {
        for (int k = 0; k < i * 3; k++)
            buffer_append_text(&text, k % 5 == 0 ? "漢" : k % 7 == 0 ? "\x1B" : "x");
        buffer_append_byte(&text, '\n');
    }
    show(text.data, text.length);
    buffer_release(&text);
    pager.wrap = true;
    draw();
    for (size_t before = pager.length; before != pager.top && count < LENGTH(tops); count++) {
        before = tops[count] = pager.top;
        pager_act(&pager, ACTION_DOWN);
    }
    assert_true(count > 100 && count < LENGTH(tops));
    for (size_t i = count; i-- > 0;) {
        if (i + 1 < count)
            pager_act(&pager, ACTION_UP);
        assert_int_equal(pager.top, tops[i]);
    }
}

static void a_search_finds_and_goes_round(void **state UNUSED)
{
    show_numbers(100);
    assert_true(pager_search(&pager, "line 50"));
    assert_int_equal(lines_number(&pager.lines, pager.match), 49);
    assert_true(pager_search(&pager, "9"));
    assert_int_equal(lines_number(&pager.lines, pager.match), 48);
    assert_true(pager_search_next(&pager, true));
    assert_int_equal(lines_number(&pager.lines, pager.match), 58);
    assert_true(pager_search_next(&pager, false));
    assert_true(pager_search_next(&pager, false));
    assert_int_equal(lines_number(&pager.lines, pager.match), 38);
    pager_act(&pager, ACTION_BOTTOM);
    assert_true(pager_search(&pager, "line 3"));
    assert_int_equal(lines_number(&pager.lines, pager.match), 2);
    assert_false(pager_search(&pager, "nowhere"));
}

static void capital_letters_make_a_search_heed_case(void **state UNUSED)
{
    show("PermitRootLogin yes\npermitrootlogin no\n", 39);
    draw();
    assert_true(pager_search(&pager, "permitroot"));
    assert_int_equal(pager.match, 0);
    assert_true(pager_search(&pager, "PermitRoot"));
    pager_search_next(&pager, true);
    assert_int_equal(pager.match, 0);
}

static void matches_are_marked_where_they_are(void **state UNUSED)
{
    show("a\tneedle needle\n", 16);
    draw();
    assert_true(pager_search(&pager, "needle"));
    draw();
    buffer_clear(&dump);
    canvas_dump_roles(&canvas, &dump);
    assert_string_equal(buffer_text(&dump), "  g g e       GGGGGG FF\n\n\n\n\n");
}

static void marked_lines_are_shown_and_visited(void **state UNUSED)
{
    static const struct pager_mark marks[] = {{2, true}, {40, false}};
    show_numbers(60);
    pager_set_marks(&pager, marks, LENGTH(marks));
    assert_non_null(strstr(draw(), "  3 │ line 3   ◀ fails"));
    pager_act(&pager, ACTION_NEXT_MARK);
    pager_act(&pager, ACTION_NEXT_MARK);
    assert_non_null(strstr(draw(), " 41 │ line 41  ◀ holds"));
    pager_act(&pager, ACTION_NEXT_MARK);
    assert_non_null(strstr(draw(), "  3 │ line 3   ◀ fails"));
}

static void other_views_show_ascii_or_bytes(void **state UNUSED)
{
    show("\xC3\xA9\x00z", 4);
    draw();
    pager_act(&pager, ACTION_RAW);
    assert_string_equal(draw(), "  1!│ <U+00E9><00>z\n\n\n\n\n");
    pager_act(&pager, ACTION_RAW);
    canvas_release(&canvas);
    canvas_init(&canvas, 2, 80);
    assert_string_equal(draw(), "  0 │ c3 a9 00 7a                                      │...z\n\n");
    pager_act(&pager, ACTION_RAW);
    assert_int_equal(pager.mode, PAGER_TEXT);
}

static void the_position_is_told_in_lines(void **state UNUSED)
{
    show_numbers(100);
    struct buffer text = {0};
    pager_act(&pager, ACTION_PAGE_DOWN);
    pager_format_position(&pager, &text);
    assert_string_equal(buffer_text(&text), "5-9 of 100");
    buffer_release(&text);
}

/* A line of 64 MiB, or ten million lines, may come from a hostile target. */
static void nothing_hangs_on_huge_texts(void **state UNUSED)
{
    enum { MIB = 1024 * 1024, SIZE = 64 * MIB };
    char *huge = memory_new(SIZE, 1);
    for (int kind = 0; kind < 2; kind++) {
        memset(huge, 'x', SIZE);
        for (size_t i = 6; kind == 1 && i < SIZE; i += 7)
            huge[i] = '\n';
        int64_t start_ms = clock_monotonic_ms();
        pager_set(&pager, huge, SIZE);
        draw();
        pager_act(&pager, ACTION_WRAP);
        for (int i = 0; i < 20; i++) {
            pager_act(&pager, i % 2 ? ACTION_BOTTOM : ACTION_PAGE_UP);
            draw();
        }
        pager_act(&pager, ACTION_WRAP);
        pager_act(&pager, ACTION_RIGHT);
        draw();
        assert_true(clock_monotonic_ms() - start_ms < 5000);
    }
    pager_release(&pager);
    free(huge);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lines_are_numbered_behind_a_gutter),
        TEST(nothing_to_read_is_drawn_as_nothing),
        TEST(lines_are_found_by_number_and_by_offset),
        TEST(scrolling_stops_at_both_ends),
        TEST(no_row_stays_empty_while_there_is_text_above),
        TEST(long_lines_scroll_sideways_and_say_so),
        TEST(wrapped_lines_keep_their_number_once),
        TEST(wrapped_text_scrolls_back_the_way_it_came),
        TEST(a_search_finds_and_goes_round),
        TEST(capital_letters_make_a_search_heed_case),
        TEST(matches_are_marked_where_they_are),
        TEST(marked_lines_are_shown_and_visited),
        TEST(other_views_show_ascii_or_bytes),
        TEST(the_position_is_told_in_lines),
        TEST(nothing_hangs_on_huge_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
