/* SPDX-License-Identifier: Apache-2.0 */
/* What of the UI reaches the terminal: our own sequences and printable text, nothing else. */
#include "tui.h"

#include <string.h>

/* Keys that arrive with a question decide nothing: they were not meant for it. */
static void injected_keys_do_not_consent(void **state UNUSED)
{
    tui_start();
    robot_send(robot, "R\r\r\ryes\r", 8);
    robot_wait_text(robot, "Enter consent and start");
    robot_press(robot, "<Esc>");
    robot_wait_gone(robot, "Consent to these commands?");
    robot_wait_text(robot, "no evidence yet");
    robot_wait_idle(robot);
    assert_false(robot_shows(robot, "probing"));
}

/* Every screen, with the hostile evidence on each that shows any. */
static void visit_everything(void)
{
    static const char *const visits[] = {
        "1", "2", "l",  "h",     "jj", "e", "w",     "w", "x",       "x", "x",
        "i", "4", "F",  "<Esc>", "5",  "6", "lm",    "7", "<Enter>", "q", "8",
        "v", "q", "2?", "G",     "q",  ":", "<Esc>", "p", "<Esc>",   "R", "<Esc>"};
    for (size_t i = 0; i < LENGTH(visits); i++) {
        robot_press(robot, visits[i]);
        robot_wait_idle(robot);
    }
}

static void hostile_text_never_reaches_the_terminal(void **state UNUSED)
{
    tui_start();
    tui_gather();
    robot_press(robot, "2jje");
    robot_wait_text(robot, "<1B>[2J<1B>[H<1B>[31mred");
    robot_wait_text(robot, "end of the hostile text");
    visit_everything();
    tui_assert_only_our_own_output();
}

static void hostile_text_never_reaches_a_small_terminal(void **state UNUSED)
{
    tui_start();
    tui_gather();
    robot_resize(robot, 14, 50);
    visit_everything();
    tui_assert_only_our_own_output();
}

static void hostile_names_of_files_are_escaped(void **state UNUSED)
{
    const char *path = testing_path("evil\033]0;x\007.walk");
    const char *arguments[] = {testing_build("walkdown"), path, NULL};
    tui_run_command((const char *[]){testing_build("walkdown"), "new", path, "-c",
                                     testing_path("small.yaml"), "-t", "local", NULL});
    robot = robot_start(&(struct robot_options){.arguments = arguments});
    robot_wait_text(robot, "evil<1B>]0;x<07>.walk");
    tui_assert_only_our_own_output();
}

/* ---- what the terminal can do ---- */

/* True when the output sets a colour: an SGR parameter from 30 to 49 or 90 to 107. */
static bool sets_color(void)
{
    const struct buffer *output = robot_output(robot);
    for (size_t i = 0; i + 2 < output->length; i++) {
        if (output->data[i] != 0x1B || output->data[i + 1] != '[')
            continue;
        const char *at = output->data + i + 2;
        const char *end = at + strspn(at, "0123456789;");
        while (*end == 'm' && at < end) {
            long number = strtol(at, NULL, 10);
            if ((number >= 30 && number <= 49) || (number >= 90 && number <= 107))
                return true;
            at += strcspn(at, ";m") + 1;
        }
    }
    return false;
}

static void colors_are_there_unless_nobody_wants_them(void **state UNUSED)
{
    tui_start();
    robot_press(robot, "2");
    robot_wait_idle(robot);
    assert_true(sets_color());
    robot_free(robot);
    tui_start_with((const char *[]){"NO_COLOR=1", NULL}, 24, 80);
    robot_wait_text(robot, "Next: press r");
    tui_gather();
    visit_everything();
    assert_false(sets_color());
}

static void assert_ascii_alone(void)
{
    const struct buffer *output = robot_output(robot);
    for (size_t i = 0; i < output->length; i++)
        assert_true((unsigned char)output->data[i] < 0x80);
}

static void a_locale_without_utf8_gets_ascii_alone(void **state UNUSED)
{
    static const char *const environments[][2] = {
        {"LC_ALL=C", NULL}, {"LC_ALL=en_US.ISO-8859-1", NULL}, {"WALKDOWN_ASCII=1", NULL}};
    for (size_t i = 0; i < LENGTH(environments); i++) {
        tui_make_review(testing_path("small.yaml"));
        tui_start_with(environments[i], 24, 80);
        robot_wait_text(robot, "Next: press r");
        tui_gather();
        visit_everything();
        assert_ascii_alone();
        tui_assert_only_our_own_output();
        robot_free(robot);
        robot = NULL;
    }
}

static void every_usual_type_of_terminal_works(void **state UNUSED)
{
    static const char *const types[][3] = {
        {"TERM=xterm-256color"},
        {"TERM=xterm"},
        {"TERM=screen"},
        {"TERM=screen-256color"},
        {"TERM=tmux-256color"},
        {"TERM=vt100"},
        {"TERM=vt220"},
        {"TERM=linux", "WALKDOWN_MOUSE=0"}, /* its mouse library leaks, which sanitizers tell */
    };
    for (size_t i = 0; i < LENGTH(types); i++) {
        tui_start_with(types[i], 24, 80);
        robot_wait_text(robot, "Next: press r");
        robot_press(robot, "2");
        robot_wait_text(robot, "Suggests");
        robot_press(robot, "Q");
        tui_assert_ended_well(robot_wait_exit(robot));
        assert_true(robot_modes_are_restored(robot));
        robot_free(robot);
        robot = NULL;
    }
}

static void a_terminal_that_cannot_do_it_is_refused(void **state UNUSED)
{
    static const char *const types[] = {"TERM=dumb", "TERM=no-such-terminal", "TERM="};
    for (size_t i = 0; i < LENGTH(types); i++) {
        tui_start_with((const char *[]){types[i], NULL}, 24, 80);
        robot_wait_text(robot, "walkdown: ");
        assert_int_not_equal(robot_wait_exit(robot), 0);
        assert_true(robot_modes_are_restored(robot));
        robot_free(robot);
        robot = NULL;
    }
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, tui_set_up, tui_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(injected_keys_do_not_consent),
        TEST(hostile_text_never_reaches_the_terminal),
        TEST(hostile_text_never_reaches_a_small_terminal),
        TEST(hostile_names_of_files_are_escaped),
        TEST(colors_are_there_unless_nobody_wants_them),
        TEST(a_locale_without_utf8_gets_ascii_alone),
        TEST(every_usual_type_of_terminal_works),
        TEST(a_terminal_that_cannot_do_it_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
