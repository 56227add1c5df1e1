/* SPDX-License-Identifier: Apache-2.0 */
#include "../../src/tui/canvas.h"

#include "support/testing.h"

#include "base/utf8.h"

static struct canvas canvas;
static struct buffer dump;

static int set_up(void **state UNUSED)
{
    canvas_init(&canvas, 3, 20);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    canvas_release(&canvas);
    buffer_release(&dump);
    return 0;
}

static struct strip row(int number)
{
    return canvas_strip(&canvas, (struct rect){0, 0, 3, 20}, number);
}

static const char *text(void)
{
    buffer_clear(&dump);
    canvas_dump(&canvas, &dump);
    return buffer_text(&dump);
}

static const char *roles(void)
{
    buffer_clear(&dump);
    canvas_dump_roles(&canvas, &dump);
    return buffer_text(&dump);
}

static void a_canvas_begins_blank(void **state UNUSED)
{
    assert_string_equal(text(), "\n\n\n");
    assert_false(canvas.cursor_is_visible);
}

static void text_is_put_where_the_strip_stands(void **state UNUSED)
{
    struct strip strip = row(1);
    strip_skip(&strip, 2);
    strip_put(&strip, ROLE_PASS, "good");
    strip_format(&strip, ROLE_FAIL, " %d", 7);
    assert_string_equal(text(), "\n  good 7\n\n");
    assert_string_equal(roles(), "\n  ++++ -\n\n");
}

static void what_does_not_fit_ends_in_an_ellipsis(void **state UNUSED)
{
    struct strip strip = row(0);
    strip_put(&strip, ROLE_TEXT, "exactly twenty chars");
    strip = row(1);
    strip_put(&strip, ROLE_TEXT, "more than twenty chars");
    assert_string_equal(text(), "exactly twenty chars\nmore than twenty ch…\n\n");
}

static void the_right_end_is_taken_from_the_left(void **state UNUSED)
{
    struct strip strip = row(0);
    strip_put_right(&strip, ROLE_TEXT, "right");
    strip_put_right(&strip, ROLE_TEXT, "middle ");
    strip_put(&strip, ROLE_TEXT, "left of them");
    assert_string_equal(text(), "left of…middle right\n\n\n");
}

static void rows_outside_take_no_ink(void **state UNUSED)
{
    struct strip above = row(-1);
    struct strip below = row(3);
    struct strip outside = canvas_strip(&canvas, (struct rect){50, 50, 2, 10}, 0);
    strip_put(&above, ROLE_TEXT, "above");
    strip_put(&below, ROLE_TEXT, "below");
    strip_put(&outside, ROLE_TEXT, "outside");
    canvas_fill(&canvas, (struct rect){-5, -5, 3, 3}, ROLE_FAIL);
    canvas_set_layer(&canvas, (struct rect){2, 18, 9, 9}, LAYER_MATCH);
    assert_string_equal(text(), "\n\n\n");
}

static void wide_characters_take_two_columns_and_are_never_halved(void **state UNUSED)
{
    struct strip strip = row(0);
    strip_put(&strip, ROLE_TEXT, "漢字");
    assert_int_equal(strip.next, 4);
    strip = row(1);
    strip_put(&strip, ROLE_TEXT, "123456789012345678漢字");
    assert_string_equal(text(), "漢字\n123456789012345678 …\n\n");
    strip = row(0);
    strip_skip(&strip, 1);
    strip_put(&strip, ROLE_TEXT, "x");
    assert_string_equal(text(), " x字\n123456789012345678 …\n\n");
}

static void marks_stay_with_their_base(void **state UNUSED)
{
    struct strip strip = row(0);
    strip_put(&strip, ROLE_TEXT, "cafe\xCC\x81!");
    assert_int_equal(strip.next, 5);
    assert_string_equal(canvas_cell(&canvas, 0, 3)->text, "e\xCC\x81");
}

static void escapes_have_a_role_of_their_own(void **state UNUSED)
{
    struct strip strip = row(0);
    strip_put(&strip, ROLE_FAIL, "a\x1B[1mb");
    assert_string_equal(text(), "a<1B>[1mb\n\n\n");
    assert_string_equal(roles(), "-EEEE----\n\n\n");
}

static void text_cannot_imitate_an_escape(void **state UNUSED)
{
    struct strip strip = row(0);
    strip_put(&strip, ROLE_TEXT, "<1B>");
    assert_string_equal(text(), "<3C>1B>\n\n\n");
    assert_string_equal(roles(), "EEEE\n\n\n");
}

static void ascii_canvases_show_other_characters_by_number(void **state UNUSED)
{
    canvas.ascii = true;
    struct strip strip = row(0);
    strip_put(&strip, ROLE_TEXT, "caf\xC3\xA9 e\xCC\x81");
    strip = row(1);
    strip_glyph(&strip, ROLE_PASS, GLYPH_PASS);
    strip_repeat(&strip, ROLE_FRAME, GLYPH_HORIZONTAL, 3);
    assert_string_equal(text(), "caf<U+00E9> e~\n+---\n\n");
}

static bool shows_no_wide_character(const char *bytes UNUSED, int columns)
{
    return columns == 1;
}

static void what_the_terminal_measures_otherwise_becomes_an_escape(void **state UNUSED)
{
    canvas.can_show = shows_no_wide_character;
    struct strip strip = row(0);
    strip_put(&strip, ROLE_TEXT, "é漢");
    assert_string_equal(text(), "é<U+6F22>\n\n\n");
}

static void a_window_shows_a_part_of_a_long_line(void **state UNUSED)
{
    struct strip strip = row(0);
    const char *line = "0123456789\tabcdefghijklmnopqrstuvwxyz";
    struct line_window window = {.bytes = line, .length = strlen(line), .skip_columns = 8};
    assert_true(strip_put_line(&strip, ROLE_EVIDENCE, &window));
    assert_string_equal(text(), "89      abcdefghijkl\n\n\n");
    strip = row(1);
    window.skip_columns = 30;
    assert_false(strip_put_line(&strip, ROLE_EVIDENCE, &window));
    assert_string_equal(text(), "89      abcdefghijkl\nopqrstuvwxyz\n\n");
}

static void a_window_may_begin_inside_an_escape_or_a_wide_character(void **state UNUSED)
{
    struct strip strip = row(0);
    struct line_window window = {.bytes = "\x1B"
                                          "漢x",
                                 .length = 5,
                                 .skip_columns = 2};
    assert_false(strip_put_line(&strip, ROLE_EVIDENCE, &window));
    strip = row(1);
    window.skip_columns = 5;
    assert_false(strip_put_line(&strip, ROLE_EVIDENCE, &window));
    assert_string_equal(text(), "B>漢x\n x\n\n");
}

static void layers_lie_over_roles_until_the_cell_is_drawn_again(void **state UNUSED)
{
    struct strip strip = row(0);
    strip_put(&strip, ROLE_FAIL, "abc");
    canvas_set_layer(&canvas, (struct rect){0, 0, 1, 20}, LAYER_SELECTED);
    assert_string_equal(roles(), "SSSSSSSSSSSSSSSSSSSS\n\n\n");
    strip = row(0);
    strip_put(&strip, ROLE_FAIL, "x");
    assert_string_equal(roles(), "-SSSSSSSSSSSSSSSSSSS\n\n\n");
}

/* Whatever a text holds, no byte that could act on a terminal gets into a cell. */
static void no_cell_holds_a_control_byte(void **state UNUSED)
{
    for (int32_t code = 0; code <= 0x10FFFF; code += code < 0x3000 ? 1 : 97) {
        struct buffer bytes = {0};
        utf8_append(&bytes, code);
        buffer_append_byte(&bytes, '!');
        canvas_clear(&canvas, 1, 20);
        struct strip strip = row(0);
        struct line_window window = {.bytes = bytes.data, .length = bytes.length};
        strip_put_line(&strip, ROLE_TEXT, &window);
        for (int column = 0; column < 20; column++)
            for (const char *at = canvas_cell(&canvas, 0, column)->text; *at != '\0'; at++)
                if ((unsigned char)*at < ' ' || *at == 0x7F)
                    fail_msg("U+%04X put byte %02X into a cell", (unsigned)code, *at);
        buffer_release(&bytes);
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_canvas_begins_blank),
        TEST(text_is_put_where_the_strip_stands),
        TEST(what_does_not_fit_ends_in_an_ellipsis),
        TEST(the_right_end_is_taken_from_the_left),
        TEST(rows_outside_take_no_ink),
        TEST(wide_characters_take_two_columns_and_are_never_halved),
        TEST(marks_stay_with_their_base),
        TEST(escapes_have_a_role_of_their_own),
        TEST(text_cannot_imitate_an_escape),
        TEST(ascii_canvases_show_other_characters_by_number),
        TEST(what_the_terminal_measures_otherwise_becomes_an_escape),
        TEST(a_window_shows_a_part_of_a_long_line),
        TEST(a_window_may_begin_inside_an_escape_or_a_wide_character),
        TEST(layers_lie_over_roles_until_the_cell_is_drawn_again),
        TEST(no_cell_holds_a_control_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
