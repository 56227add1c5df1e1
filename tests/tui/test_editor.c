/* SPDX-License-Identifier: Apache-2.0 */
#include "../../src/tui/editor.h"

#include "support/testing.h"

static struct editor editor;
static struct canvas canvas;
static struct buffer dump;

static int set_up(void **state UNUSED)
{
    editor_init(&editor, EDITOR_LINES);
    canvas_init(&canvas, 4, 10);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    editor_release(&editor);
    canvas_release(&canvas);
    buffer_release(&dump);
    return 0;
}

static void type(const char *keys)
{
    for (struct key key; *keys != '\0'; keys++) {
        key = *keys == ' ' ? (struct key){' ', 0} : key_from_character(*keys);
        if (*keys == '\n')
            editor_act(&editor, ACTION_EDIT_NEWLINE);
        else
            assert_true(editor_type(&editor, key));
    }
}

/* The rows as drawn, "|" where the cursor stands. */
static const char *draw(void)
{
    canvas_clear(&canvas, canvas.rows, canvas.columns);
    editor_draw(&editor, &canvas, (struct rect){0, 0, canvas.rows, canvas.columns});
    buffer_clear(&dump);
    canvas_dump(&canvas, &dump);
    while (dump.length > 0 && dump.data[dump.length - 1] == '\n')
        dump.data[--dump.length] = '\0';
    return buffer_text(&dump);
}

static void assert_cursor(int row, int column)
{
    draw();
    assert_true(canvas.cursor_is_visible);
    assert_int_equal(canvas.cursor_row, row);
    assert_int_equal(canvas.cursor_column, column);
}

static void typed_text_is_there(void **state UNUSED)
{
    type("hello\nyou");
    assert_string_equal(editor_text(&editor), "hello\nyou");
    assert_cursor(1, 3);
}

static void words_wrap_at_the_edge(void **state UNUSED)
{
    type("one two three four");
    assert_string_equal(draw(), "one two\nthree four");
    assert_cursor(1, 9);
}

static void a_word_longer_than_a_row_is_cut(void **state UNUSED)
{
    type("abcdefghijklmnop");
    assert_string_equal(draw(), "abcdefghij\nklmnop");
}

static void the_cursor_moves_by_what_is_seen(void **state UNUSED)
{
    type("one two three four");
    draw();
    editor_act(&editor, ACTION_EDIT_UP);
    assert_cursor(0, 7);
    editor_act(&editor, ACTION_EDIT_HOME);
    assert_int_equal(editor.cursor, 0);
    editor_act(&editor, ACTION_EDIT_WORD_RIGHT);
    assert_int_equal(editor.cursor, 3);
    editor_act(&editor, ACTION_EDIT_END);
    assert_int_equal(editor.cursor, 18);
    editor_act(&editor, ACTION_EDIT_WORD_LEFT);
    assert_int_equal(editor.cursor, 14);
}

static void up_and_down_keep_the_column(void **state UNUSED)
{
    type("longer\nab\nlonger");
    draw();
    editor_act(&editor, ACTION_EDIT_UP);
    assert_cursor(1, 2);
    editor_act(&editor, ACTION_EDIT_UP);
    assert_cursor(0, 6);
    editor_act(&editor, ACTION_EDIT_DOWN);
    editor_act(&editor, ACTION_EDIT_DOWN);
    assert_cursor(2, 6);
}

static void deleting_takes_whole_characters(void **state UNUSED)
{
    editor_set(&editor, "xe\xCC\x81漢");
    editor_act(&editor, ACTION_EDIT_BACKSPACE);
    assert_string_equal(editor_text(&editor), "xe\xCC\x81");
    editor_act(&editor, ACTION_EDIT_BACKSPACE);
    assert_string_equal(editor_text(&editor), "x");
    editor_act(&editor, ACTION_EDIT_HOME);
    editor_act(&editor, ACTION_EDIT_DELETE);
    editor_act(&editor, ACTION_EDIT_DELETE);
    assert_string_equal(editor_text(&editor), "");
}

static void words_and_lines_are_deleted(void **state UNUSED)
{
    editor_set(&editor, "one two three\nfour");
    editor_act(&editor, ACTION_EDIT_DELETE_TO_START);
    assert_string_equal(editor_text(&editor), "one two three\n");
    editor_act(&editor, ACTION_EDIT_BACKSPACE);
    editor_act(&editor, ACTION_EDIT_DELETE_WORD);
    assert_string_equal(editor_text(&editor), "one two ");
    editor_act(&editor, ACTION_EDIT_HOME);
    editor_act(&editor, ACTION_EDIT_DELETE_TO_END);
    assert_string_equal(editor_text(&editor), "");
}

static void undo_goes_back_word_by_word_and_redo_forward(void **state UNUSED)
{
    type("one two");
    editor_act(&editor, ACTION_EDIT_UNDO);
    assert_string_equal(editor_text(&editor), "one ");
    editor_act(&editor, ACTION_EDIT_UNDO);
    assert_string_equal(editor_text(&editor), "");
    editor_act(&editor, ACTION_EDIT_UNDO);
    editor_act(&editor, ACTION_EDIT_REDO);
    editor_act(&editor, ACTION_EDIT_REDO);
    assert_string_equal(editor_text(&editor), "one two");
    editor_act(&editor, ACTION_EDIT_REDO);
    assert_string_equal(editor_text(&editor), "one two");
}

static void typing_after_undo_forgets_what_was_undone(void **state UNUSED)
{
    type("one two");
    editor_act(&editor, ACTION_EDIT_UNDO);
    type("x");
    editor_act(&editor, ACTION_EDIT_REDO);
    assert_string_equal(editor_text(&editor), "one x");
    editor_act(&editor, ACTION_EDIT_UNDO);
    assert_string_equal(editor_text(&editor), "one ");
}

static void everything_that_was_done_can_be_undone(void **state UNUSED)
{
    editor_set(&editor, "start");
    type(" more words");
    editor_act(&editor, ACTION_EDIT_DELETE_WORD);
    editor_act(&editor, ACTION_EDIT_HOME);
    editor_insert(&editor, "pasted\ntext ", 12);
    editor_act(&editor, ACTION_EDIT_DELETE_TO_END);
    editor_replace(&editor, "other");
    for (int i = 0; i < 20; i++)
        editor_act(&editor, ACTION_EDIT_UNDO);
    assert_string_equal(editor_text(&editor), "start");
    for (int i = 0; i < 20; i++)
        editor_act(&editor, ACTION_EDIT_REDO);
    assert_string_equal(editor_text(&editor), "other");
}

/* The sanitizers watch this one: what was deleted has no last character. */
static void typing_after_a_deletion_is_undone_alone(void **state UNUSED)
{
    type("one two");
    editor_act(&editor, ACTION_EDIT_DELETE_WORD);
    type("x");
    assert_string_equal(editor_text(&editor), "one x");
    editor_act(&editor, ACTION_EDIT_UNDO);
    assert_string_equal(editor_text(&editor), "one ");
    editor_act(&editor, ACTION_EDIT_UNDO);
    assert_string_equal(editor_text(&editor), "one two");
}

static void pasted_line_ends_are_made_alike(void **state UNUSED)
{
    editor_insert(&editor, "a\r\nb\rc\0d", 8);
    assert_string_equal(editor_text(&editor), "a\nb\ncd");
}

static void one_line_stays_one_line(void **state UNUSED)
{
    editor_release(&editor);
    editor_init(&editor, EDITOR_LINE);
    editor_insert(&editor, "a\nb", 3);
    editor_act(&editor, ACTION_EDIT_NEWLINE);
    assert_string_equal(editor_text(&editor), "a b ");
}

static void a_long_line_scrolls_with_the_cursor(void **state UNUSED)
{
    editor_release(&editor);
    editor_init(&editor, EDITOR_LINE);
    type("0123456789abcdef");
    assert_string_equal(draw(), "789abcdef");
    assert_cursor(0, 9);
}

static void too_much_text_is_refused_whole(void **state UNUSED)
{
    char *much = memory_new(EDITOR_TEXT_MAX_BYTES + 2, 1);
    memset(much, 'x', EDITOR_TEXT_MAX_BYTES + 1);
    assert_false(editor_insert(&editor, much, EDITOR_TEXT_MAX_BYTES + 1));
    assert_string_equal(editor_text(&editor), "");
    assert_true(editor_insert(&editor, much, EDITOR_TEXT_MAX_BYTES));
    assert_false(editor_insert(&editor, "x", 1));
    free(much);
}

static void a_secret_is_not_shown_and_cannot_be_undone(void **state UNUSED)
{
    editor_release(&editor);
    editor_init(&editor, EDITOR_SECRET);
    const char *place = editor.text.data;
    type("s3cret");
    assert_string_equal(draw(), "••••••");
    editor_act(&editor, ACTION_EDIT_UNDO);
    assert_string_equal(editor_text(&editor), "s3cret");
    char much[EDITOR_SECRET_MAX_BYTES];
    memset(much, 'x', sizeof(much));
    assert_false(editor_insert(&editor, much, sizeof(much)));
    assert_true(editor_insert(&editor, much, sizeof(much) - 6));
    assert_ptr_equal(editor.text.data, place); /* never copied to another place */
}

static void hostile_text_is_escaped_while_it_is_edited(void **state UNUSED)
{
    editor_insert(&editor, "a\x1B]0;x", 6);
    assert_string_equal(draw(), "a<1B>]0;x");
    editor_act(&editor, ACTION_EDIT_WORD_LEFT);
    editor_act(&editor, ACTION_EDIT_RIGHT);
    editor_act(&editor, ACTION_EDIT_RIGHT);
    assert_cursor(0, 5);
}

static void a_click_puts_the_cursor(void **state UNUSED)
{
    type("one two three four");
    draw();
    editor_click(&editor, 1, 2);
    assert_int_equal(editor.cursor, 10);
    editor_click(&editor, 3, 0);
    assert_int_equal(editor.cursor, 18);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(typed_text_is_there),
        TEST(words_wrap_at_the_edge),
        TEST(a_word_longer_than_a_row_is_cut),
        TEST(the_cursor_moves_by_what_is_seen),
        TEST(up_and_down_keep_the_column),
        TEST(deleting_takes_whole_characters),
        TEST(words_and_lines_are_deleted),
        TEST(undo_goes_back_word_by_word_and_redo_forward),
        TEST(typing_after_undo_forgets_what_was_undone),
        TEST(everything_that_was_done_can_be_undone),
        TEST(typing_after_a_deletion_is_undone_alone),
        TEST(pasted_line_ends_are_made_alike),
        TEST(one_line_stays_one_line),
        TEST(a_long_line_scrolls_with_the_cursor),
        TEST(too_much_text_is_refused_whole),
        TEST(a_secret_is_not_shown_and_cannot_be_undone),
        TEST(hostile_text_is_escaped_while_it_is_edited),
        TEST(a_click_puts_the_cursor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
