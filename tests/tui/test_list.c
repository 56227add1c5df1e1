/* SPDX-License-Identifier: Apache-2.0 */
#include "../../src/tui/diff.h"
#include "../../src/tui/fuzzy.h"
#include "../../src/tui/layout.h"
#include "../../src/tui/list.h"

#include "support/testing.h"

static void an_empty_list_selects_nothing(void **state UNUSED)
{
    struct list list = {0};
    list_set_count(&list, 0);
    list_show(&list, 10);
    list_move(&list, 1);
    list_scroll(&list, 3);
    assert_int_equal(list.selected, -1);
    assert_int_equal(list.top, 0);
}

static void the_selection_is_always_in_sight(void **state UNUSED)
{
    struct list list = {0};
    list_set_count(&list, 100);
    list_show(&list, 10);
    for (int i = 0; i < 300; i++) {
        static const enum action actions[] = {ACTION_DOWN,      ACTION_PAGE_DOWN, ACTION_UP,
                                              ACTION_PAGE_UP,   ACTION_BOTTOM,    ACTION_HALF_UP,
                                              ACTION_HALF_DOWN, ACTION_TOP};
        assert_true(list_act(&list, actions[(i * 7) % (int)LENGTH(actions)]));
        list_show(&list, 10);
        assert_in_range(list.selected, list.top, list.top + 9);
        assert_in_range(list.top, 0, 90);
    }
}

static void scrolling_takes_the_selection_along_only_at_the_edge(void **state UNUSED)
{
    struct list list = {0};
    list_set_count(&list, 100);
    list_show(&list, 10);
    list_select(&list, 5);
    list_scroll(&list, 3);
    assert_int_equal(list.selected, 5);
    list_scroll(&list, 3);
    assert_int_equal(list.selected, 6);
    list_scroll(&list, -100);
    assert_int_equal(list.selected, 6);
}

static void the_mouse_rolls_and_chooses_rows(void **state UNUSED)
{
    const struct rect rows = {5, 10, 4, 20};
    const struct event wheel = {.kind = EVENT_WHEEL_DOWN},
                       click = {EVENT_CLICK, .row = 6, .column = 12};
    const struct event beside = {EVENT_CLICK, .row = 6, .column = 9};
    const struct event below = {EVENT_CLICK, .row = 8, .column = 12};
    struct list list = {0};
    list_set_count(&list, 6);
    list_show(&list, rows.rows);
    assert_int_equal(list_mouse(&list, rows, &wheel), LIST_MISSED);
    assert_int_equal(list.top, 2); /* the last four */
    assert_int_equal(list_mouse(&list, rows, &click), LIST_CLICKED);
    assert_int_equal(list.selected, 3);
    assert_int_equal(list_mouse(&list, rows, &click), LIST_CLICKED_AGAIN);
    assert_int_equal(list_mouse(&list, rows, &beside), LIST_MISSED);
    list_set_count(&list, 2);
    assert_int_equal(list_mouse(&list, rows, &below), LIST_MISSED);
    assert_int_equal(list.selected, 1);
}

static void a_shorter_list_keeps_what_it_can(void **state UNUSED)
{
    struct list list = {0};
    list_set_count(&list, 100);
    list_show(&list, 10);
    list_select(&list, 50);
    list_set_count(&list, 60);
    assert_int_equal(list.selected, 50);
    list_set_count(&list, 20);
    list_show(&list, 10);
    assert_int_equal(list.selected, 19);
    assert_int_equal(list.top, 10);
}

static void fuzzy_search_wants_the_letters_in_order(void **state UNUSED)
{
    assert_true(fuzzy_score("srp", "ssh-root-password") > 0);
    assert_true(fuzzy_score("SSH", "ssh-root-password") > 0);
    assert_true(fuzzy_score("root ssh", "ssh-root-password") > 0);
    assert_int_equal(fuzzy_score("xyz", "ssh-root-password"), -1);
    assert_int_equal(fuzzy_score("sshssh", "ssh-root-password"), -1);
    assert_true(fuzzy_score("", "anything") >= 0);
}

static void fuzzy_search_prefers_what_is_meant(void **state UNUSED)
{
    assert_true(fuzzy_score("pass", "pass") > fuzzy_score("pass", "accept-passes"));
    assert_true(fuzzy_score("root", "ssh-root-password") > fuzzy_score("root", "reboot-often"));
    assert_true(fuzzy_score("np", "next-probe") > fuzzy_score("np", "find-people"));
}

static void the_screen_is_cut_into_bars_and_a_body(void **state UNUSED)
{
    struct layout layout = layout_screen(24, 80);
    assert_false(layout.is_too_small);
    assert_int_equal(layout.body.row, 2);
    assert_int_equal(layout.body.rows, 21);
    assert_int_equal(layout.bottom.row, 23);
    assert_true(layout_screen(9, 80).is_too_small);
    assert_true(layout_screen(24, 39).is_too_small);
    assert_false(layout_screen(10, 40).is_too_small);
}

static void narrow_screens_have_one_pane(void **state UNUSED)
{
    struct panes panes = layout_panes((struct rect){2, 0, 20, 59}, 42, 30);
    assert_true(panes.is_single);
    assert_int_equal(panes.left.columns, 59);
    panes = layout_panes((struct rect){2, 0, 20, 60}, 42, 30);
    assert_false(panes.is_single);
    assert_int_equal(panes.left.columns + 1 + panes.right.columns, 60);
    assert_int_equal(panes.left.columns, 30);
    assert_int_equal(panes.divider, 30);
}

static char *compare(const char *before, const char *after, size_t *ret_changes)
{
    struct buffer old = {0};
    struct buffer new = {0};
    struct buffer text = {0};
    buffer_append_text(&old, before);
    buffer_append_text(&new, after);
    *ret_changes = diff_append(&old, &new, &text);
    buffer_release(&old);
    buffer_release(&new);
    return buffer_take(&text);
}

static void a_diff_tells_lines_that_came_and_went(void **state UNUSED)
{
    size_t changes;
    char *text = compare("a\nb\nc\nd\n", "a\nx\nc\nd\ne\n", &changes);
    assert_string_equal(text, "  a\n- b\n+ x\n  c\n  d\n+ e\n");
    assert_int_equal(changes, 3);
    free(text);
}

static void a_diff_hides_what_is_equal_far_away(void **state UNUSED)
{
    size_t changes;
    char *text = compare("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\n5\n6\n7\n8\nx\n", &changes);
    assert_string_equal(text, "@ 5 equal lines\n  6\n  7\n  8\n- 9\n+ x\n");
    free(text);
    text = compare("a\nb\n", "a\nb\n", &changes);
    assert_string_equal(text, "@ 2 equal lines\n");
    assert_int_equal(changes, 0);
    free(text);
}

static void a_diff_of_two_large_texts_ends(void **state UNUSED)
{
    struct buffer before = {0};
    struct buffer after = {0};
    struct buffer text = {0};
    for (int i = 0; i < 20000; i++) {
        buffer_append_format(&before, "%d\n", i);
        buffer_append_format(&after, "%d\n", i + 30000);
    }
    assert_int_equal(diff_append(&before, &after, &text), 40000);
    buffer_release(&before);
    buffer_release(&after);
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_list_selects_nothing),
        cmocka_unit_test(the_selection_is_always_in_sight),
        cmocka_unit_test(scrolling_takes_the_selection_along_only_at_the_edge),
        cmocka_unit_test(the_mouse_rolls_and_chooses_rows),
        cmocka_unit_test(a_shorter_list_keeps_what_it_can),
        cmocka_unit_test(fuzzy_search_wants_the_letters_in_order),
        cmocka_unit_test(fuzzy_search_prefers_what_is_meant),
        cmocka_unit_test(the_screen_is_cut_into_bars_and_a_body),
        cmocka_unit_test(narrow_screens_have_one_pane),
        cmocka_unit_test(a_diff_tells_lines_that_came_and_went),
        cmocka_unit_test(a_diff_hides_what_is_equal_far_away),
        cmocka_unit_test(a_diff_of_two_large_texts_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
