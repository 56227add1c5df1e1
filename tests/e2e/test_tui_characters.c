/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every character and every pair of bytes, in whatever way the program shows evidence, on a
 * pseudo-terminal: nothing but printable text and our own sequences comes out. $WALKDOWN_ROUNDS set
 * to 1: every code point and all ways (tests/soak/characters); otherwise only some of those above
 * U+3000.
 */
#include "tui.h"

#include "base/file.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { LAST = 0x10FFFF, DENSE_UP_TO = 0x3000, STEP = 151, A_LINE = 16, ROWS = 60, COLUMNS = 200 };

static const char checklist_text[] =
    "walkdown: 1\n"
    "id: characters\n"
    "title: Every character\n"
    "version: '1'\n"
    "areas:\n"
    "  - id: access\n"
    "    title: Access control\n"
    "    checks:\n"
    "      - id: characters\n"
    "        title: All of them\n"
    "        severity: low\n"
    "        why: Because.\n"
    "        probes: [{id: bytes, run: 'cat %s', max-output: 16M}]\n"
    "        expect: [{that: stdout, empty: true, else: It says something}]\n";

static bool is_whole(void)
{
    return getenv("WALKDOWN_ROUNDS") != NULL;
}

/* As it would be encoded, where it is half of a pair, too, which is no UTF-8. */
static void append_code_point(struct buffer *text, int32_t code)
{
    if (code < 0xD800 || code > 0xDFFF) {
        utf8_append(text, code);
        return;
    }
    buffer_append_byte(text, (char)0xED);
    buffer_append_byte(text, (char)(0x80 | (code >> 6 & 0x3F)));
    buffer_append_byte(text, (char)(0x80 | (code & 0x3F)));
}

static void write_characters(struct buffer *text)
{
    size_t count = 0;
    int step = is_whole() ? 1 : STEP;
    for (int32_t code = 0; code <= LAST; code += code < DENSE_UP_TO ? 1 : step) {
        append_code_point(text, code);
        if (++count % A_LINE == 0)
            buffer_append_byte(text, '\n');
    }
    for (int pair = 0; pair <= 0xFFFF; pair++) {
        buffer_append_byte(text, (char)(pair >> 8));
        buffer_append_byte(text, (char)(pair & 0xFF));
        buffer_append_byte(text, ' ');
        if (++count % A_LINE == 0)
            buffer_append_byte(text, '\n');
    }
    buffer_append_text(text, "\nthe very end\n");
}

static void set_up_review(void)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_FREE char *file = memory_copy_text(testing_path("characters.bin"));
    struct error error;
    write_characters(&text);
    assert_done(file_write(file, text.data, text.length, 0600, &error), &error);
    AUTO_FREE char *checklist = memory_format(checklist_text, file);
    setenv("WALKDOWN_NAME", "Ada", 1);
    tui_make_review(testing_write("characters.yaml", checklist));
    /* Some lines would be masked otherwise. */
    tui_run_command((const char *[]){testing_build("walkdown"), "policy", tui_review_path(),
                                     "secrets.all=store", NULL});
    tui_run_command((const char *[]){testing_build("walkdown"), "run", tui_review_path(), "-q",
                                     "--consent", "read", NULL});
}

/* Page down until nothing changes any more; returns the number of pages. */
static size_t page_to_the_end(void)
{
    size_t pages = 0;
    AUTO_FREE char *before = memory_copy_text("");
    for (;;) {
        robot_wait_idle(robot);
        tui_assert_only_our_own_output();
        robot_clear_output(robot);
        if (strcmp(robot_screen(robot), before) == 0)
            return pages;
        free(before);
        before = memory_copy_text(robot_screen(robot));
        pages++;
        robot_press(robot, "<PgDn>");
    }
}

static void no_character_reaches_the_terminal_as_it_is_unless_it_is_printable(void **state UNUSED)
{
    /* Wrapped; with all but ASCII escaped; in hexadecimal. */
    size_t ways = is_whole() ? 3 : 2;
    set_up_review();
    tui_start_with(NULL, ROWS, COLUMNS);
    robot_wait_text(robot, "All areas");
    robot_press(robot, "2");
    robot_wait_text(robot, "It says something");
    robot_press(robot, "e");
    robot_wait_text(robot, "stdout");
    for (size_t way = 0; way < ways; way++) {
        size_t pages = page_to_the_end();
        assert_true(pages > 50);
        assert_true(robot_shows(robot, "the very end") || way == 2);
        print_message("%zu pages\n", pages);
        robot_press(robot, "gx");
    }
}

static void no_character_is_printed_as_it_is_unless_it_is_printable(void **state UNUSED)
{
    const char *const arguments[] = {testing_build("walkdown"), "show", tui_review_path(),
                                     "characters", NULL};
    robot = robot_start(&(struct robot_options){.arguments = arguments});
    assert_int_equal(robot_wait_exit(robot), 0);
    assert_non_null(strstr(buffer_text(robot_output(robot)), "It says something"));
    tui_assert_only_our_own_output();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, tui_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(no_character_reaches_the_terminal_as_it_is_unless_it_is_printable),
        TEST(no_character_is_printed_as_it_is_unless_it_is_printable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
