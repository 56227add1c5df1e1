/* SPDX-License-Identifier: Apache-2.0 */
/* What of the UI reaches the terminal: our own sequences and printable text, nothing else. */
#include "tui.h"

#include "base/digest.h"
#include "base/utf8.h"

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

static bool is_allowed_private_mode(const char *parameters)
{
    static const char *const modes[] = {"?1",    "?7",    "?12",   "?25",   "?12;25",
                                        "?1049", "?2004", "?1000", "?1006", "?1006;1000"};
    for (size_t i = 0; i < LENGTH(modes); i++)
        if (strcmp(parameters, modes[i]) == 0)
            return true;
    return false;
}

static bool is_allowed_csi(const char *parameters, char final)
{
    if (final == 'h' || final == 'l')
        return strcmp(parameters, "4") == 0 || is_allowed_private_mode(parameters);
    if (final == 't')
        return strcmp(parameters, "22;0;0") == 0 || strcmp(parameters, "23;0;0") == 0;
    return strchr("ABCDGHIJKLMPSTXZ@bdmr", final) != NULL &&
           strspn(parameters, "0123456789;") == strlen(parameters);
}

/* The length of the sequence at the start of BYTES, which begins with ESC; 0: not one of ours. */
static size_t allowed_sequence(const char *bytes, size_t length)
{
    if (length > 2 && bytes[1] == '(' && strchr("B0", bytes[2]) != NULL)
        return 3;
    if (length > 1 && strchr("=>78M", bytes[1]) != NULL)
        return 2;
    if (length > 7 && strncmp(bytes, "\033]7717;", 7) == 0) {
        const char *end = memchr(bytes, '\007', length);
        return end != NULL ? (size_t)(end - bytes) + 1 : 0;
    }
    if (length < 3 || bytes[1] != '[')
        return 0;
    size_t at = 2;
    while (at < length && strchr("0123456789;?", bytes[at]) != NULL)
        at++;
    char *parameters = memory_copy(bytes + 2, at - 2);
    bool is_allowed = at < length && is_allowed_csi(parameters, bytes[at]);
    free(parameters);
    return is_allowed ? at + 1 : 0;
}

/* The bytes of a printable character; 0: it is none. */
static size_t printable_length(const char *bytes, size_t length)
{
    int32_t code_point;
    size_t used = utf8_decode(bytes, length, &code_point);
    return code_point >= ' ' && code_point != 0x7F && utf8_is_printable(code_point) ? used : 0;
}

/* Only what curses needs for its own work, and printable text. */
static void assert_only_our_own_sequences(void)
{
    const struct buffer *output = robot_output(robot);
    for (size_t i = 0; i < output->length;) {
        const char *at = output->data + i;
        size_t left = output->length - i;
        size_t used = *at == 0x1B ? allowed_sequence(at, left) : printable_length(at, left);
        if (used == 0 && *at != 0 && strchr("\r\n\b\t\016\017", *at) != NULL)
            used = 1;
        if (used == 0) {
            struct buffer hex = {0};
            hex_append(&hex, at, left < 24 ? left : 24);
            fail_msg("byte %zu of the output is not ours: %s", i, buffer_text(&hex));
        }
        i += used;
    }
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
    assert_only_our_own_sequences();
}

static void hostile_text_never_reaches_a_small_terminal(void **state UNUSED)
{
    tui_start();
    tui_gather();
    robot_resize(robot, 14, 50);
    visit_everything();
    assert_only_our_own_sequences();
}

static void hostile_names_of_files_are_escaped(void **state UNUSED)
{
    const char *path = testing_path("evil\033]0;x\007.walk");
    const char *arguments[] = {testing_build("walkdown"), path, NULL};
    tui_run_command((const char *[]){testing_build("walkdown"), "new", path, "-c",
                                     testing_path("small.yaml"), "-t", "local", NULL});
    robot = robot_start(&(struct robot_options){.arguments = arguments});
    robot_wait_text(robot, "evil<1B>]0;x<07>.walk");
    assert_only_our_own_sequences();
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
        assert_only_our_own_sequences();
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
