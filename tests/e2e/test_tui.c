/* SPDX-License-Identifier: Apache-2.0 */
/* The UI as its user meets it: the real program on a real pseudo-terminal, with real probes. */
#include "tui.h"

#include "base/process.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- a review from end to end ---- */

static void a_review_is_made_from_the_start_screen(void **state UNUSED)
{
    const char *arguments[] = {testing_build("walkdown"), NULL};
    const char *file = testing_path("made.walk");
    robot = robot_start(&(struct robot_options){.arguments = arguments});
    robot_wait_text(robot, "Recent reviews");
    robot_press(robot, "n");
    robot_wait_text(robot, "New review");
    robot_type(robot, testing_path("small.yaml"));
    robot_press(robot, "<Tab>");
    robot_type(robot, "local");
    robot_press(robot, "<Tab><Tab>");
    robot_type(robot, file);
    robot_press(robot, "<C-s>");
    robot_wait_text(robot, "Next: press r to gather evidence from 1 target");
    assert_int_equal(access(file, F_OK), 0);
    robot_press(robot, "Q");
    tui_assert_ended_well(robot_wait_exit(robot));
}

static void evidence_is_gathered_and_every_check_decided(void **state UNUSED)
{
    tui_start();
    tui_gather();
    robot_press(robot, "2");
    robot_wait_text(robot, "Suggests  fail: It says yes");
    assert_true(robot_find(robot, "2 \u2502 yes", NULL) > 0);
    robot_press(robot, "f");
    robot_wait_text(robot, "says-no: fail, saved");
    robot_press(robot, "a");
    robot_wait_text(robot, "says-three: pass, saved");
    robot_press(robot, "p");
    robot_wait_text(robot, "Why is it 'pass'?");
    robot_type(robot, "it is only text\n");
    robot_wait_text(robot, "hostile: pass, saved");
    robot_press(robot, "A");
    robot_wait_text(robot, "Who owns it?");
    robot_type(robot, "Ada");
    robot_press(robot, "<C-s>");
    robot_wait_text(robot, "answer saved");
    robot_press(robot, "n");
    robot_wait_text(robot, "every check is decided");
    robot_wait_text(robot, "4/4");
    robot_press(robot, "8");
    robot_wait_text(robot, "every item is decided");
    robot_press(robot, "Q");
    tui_assert_ended_well(robot_wait_exit(robot));
    tui_assert_terminal_restored();
}

static void a_decision_is_taken_back_and_made_again(void **state UNUSED)
{
    tui_start();
    tui_gather();
    robot_press(robot, "2f");
    robot_wait_text(robot, "1/4");
    robot_press(robot, "u");
    robot_wait_text(robot, "0/4");
    robot_wait_text(robot, "undone: says-no, fail");
    robot_press(robot, "<C-r>");
    robot_wait_text(robot, "1/4");
}

static void a_review_is_signed_with_a_key_that_has_a_passphrase(void **state UNUSED)
{
    const char *key = testing_path("environment/home/.ssh/id_ed25519");
    testing_write("environment/home/.ssh/config", "");
    unlink(key);
    tui_run_command((const char *[]){"ssh-keygen", "-q", "-t", "ed25519", "-N", "open sesame", "-f",
                                     key, NULL});
    tui_start();
    robot_press(robot, "8<Enter>");
    robot_wait_text(robot, "Key to sign with");
    robot_press(robot, "<Enter>");
    robot_wait_text(robot, ".ssh/id_ed25519");
    robot_press(robot, "v");
    robot_wait_text(robot, "The text that would be signed");
    robot_press(robot, "qs");
    robot_wait_text(robot, "Enter sign");
    robot_type(robot, "sign\n");
    robot_wait_text(robot, "Enter passphrase");
    assert_false(robot_is_fullscreen(robot));
    robot_type(robot, "open sesame\n");
    robot_wait_text(robot, "signed as reviewer");
    robot_wait_text(robot, "Ada, reviewer");
    assert_true(robot_is_fullscreen(robot));
}

/* ---- text ---- */

static void a_comment_is_written_in_the_built_in_editor(void **state UNUSED)
{
    tui_start();
    robot_press(robot, "2c");
    robot_wait_text(robot, "Comment on says-no");
    robot_type(robot, "First line\nsecond line with caf\u00e9");
    robot_press(robot, "<C-z>");
    robot_wait_gone(robot, "caf\u00e9");
    robot_press(robot, "<C-s>");
    robot_wait_text(robot, "comment saved");
    robot_press(robot, "G");
    robot_press(robot, "lG");
    robot_wait_text(robot, "Note");
    robot_press(robot, "hg2");
    robot_press(robot, "7");
    robot_wait_text(robot, "First line");
}

static void a_comment_is_written_in_the_users_own_editor(void **state UNUSED)
{
    const char *script =
        testing_write("editor", "#!/bin/sh\n"
                                "printf 'from outside\\n' >>\"$2\"\n"
                                "stty -g >/dev/null && echo \"tty ok\" >>\"$2\"\n");
    chmod(script, 0755);
    char *editor = memory_format("EDITOR=%s --wait", script);
    tui_start_with((const char *[]){editor, NULL}, 24, 80);
    free(editor);
    robot_wait_text(robot, "Next: press r");
    robot_press(robot, "2E");
    robot_wait_text(robot, "comment saved");
    assert_true(robot_is_fullscreen(robot));
    robot_press(robot, "7<Enter>");
    robot_wait_text(robot, "from outside");
    robot_wait_text(robot, "tty ok");
}

static void text_that_was_not_saved_is_there_after_the_end(void **state UNUSED)
{
    tui_start();
    robot_press(robot, "2c");
    robot_type(robot, "half a thought");
    robot_wait_text(robot, "half a thought");
    robot_signal(robot, SIGTERM);
    robot_wait_exit(robot);
    robot_free(robot);
    tui_start();
    robot_wait_text(robot, "unsaved text about says-no");
    robot_press(robot, "2c");
    robot_wait_text(robot, "half a thought");
    robot_wait_text(robot, "your draft is here again");
}

static void pasted_text_is_text_and_never_keys(void **state UNUSED)
{
    tui_start();
    robot_press(robot, "2");
    robot_wait_idle(robot);
    robot_paste(robot, "ffff\nQ");
    robot_wait_text(robot, "pasted text has no place here");
    assert_true(robot_shows(robot, "0/4"));
    robot_press(robot, "c");
    robot_wait_text(robot, "Comment on");
    robot_paste(robot, "one\ntwo\033[31m");
    robot_wait_text(robot, "two<1B>[31m");
    robot_press(robot, "<C-s>");
    robot_wait_text(robot, "comment saved");
}

/* ---- moving about ---- */

static void checks_are_found_by_search_and_by_palette(void **state UNUSED)
{
    tui_start();
    robot_press(robot, "2/");
    robot_type(robot, "counts\n");
    robot_wait_text(robot, "The target counts to three");
    robot_press(robot, "<Esc>:");
    robot_type(robot, "owner");
    robot_wait_text(robot, "Somebody owns the data");
    robot_press(robot, "<Enter>");
    robot_wait_text(robot, "\u2500 owner \u2500");
    robot_press(robot, ":");
    robot_type(robot, "history\n");
    robot_wait_text(robot, "entries, newest first");
}

static void evidence_is_searched_and_scrolled(void **state UNUSED)
{
    tui_start();
    tui_gather();
    robot_press(robot, "2je");
    robot_wait_text(robot, "says-three \u25b8 count");
    robot_press(robot, "/");
    robot_type(robot, "150\n");
    robot_wait_text(robot, "150 \u2502 150");
    robot_press(robot, "g");
    robot_wait_text(robot, "  1 \u2502 1");
    robot_press(robot, "G");
    robot_wait_text(robot, "200 \u2502 200");
    robot_press(robot, "<Esc>x");
    robot_wait_text(robot, "ASCII only");
    robot_press(robot, "x");
    robot_wait_text(robot, "31 39");
}

static void the_mouse_selects_scrolls_and_switches(void **state UNUSED)
{
    int column;
    tui_start();
    tui_gather();
    int row = robot_find(robot, "2 Walk", &column);
    robot_click(robot, row, column + 2);
    robot_wait_text(robot, "Suggests");
    row = robot_find(robot, "says-three", &column);
    robot_click(robot, row, column);
    robot_wait_text(robot, "The target counts to three");
    robot_click(robot, row, column);
    robot_wait_text(robot, "record 1 of 1");
    robot_wheel(robot, 15, 20, false);
    robot_wheel(robot, 15, 20, false);
    robot_wait_text(robot, "7 \u2502 7");
    robot_wait_gone(robot, "1 \u2502 1\n");
}

static void a_storm_of_resizes_ends_in_the_right_size(void **state UNUSED)
{
    tui_start();
    robot_press(robot, "2");
    for (int i = 0; i < 60; i++)
        robot_resize(robot, 10 + i * 7 % 50, 40 + i * 13 % 120);
    robot_resize(robot, 30, 100);
    robot_wait_idle(robot);
    robot_wait_text(robot, "Suggests");
    int row = robot_find(robot, "? help", NULL);
    assert_int_equal(row, 29);
    robot_resize(robot, 9, 39);
    robot_wait_text(robot, "walkdown needs 40x10, this is 39x9");
    robot_resize(robot, 24, 80);
    robot_wait_text(robot, "Suggests");
}

static void stopped_and_continued_it_goes_on(void **state UNUSED)
{
    tui_start();
    robot_press(robot, "<C-z>");
    robot_wait_stopped(robot);
    tui_assert_terminal_restored();
    robot_signal(robot, SIGCONT);
    robot_press(robot, "2");
    robot_wait_text(robot, "Suggests");
    assert_true(robot_is_fullscreen(robot));
}

/* ---- ends ---- */

static void quitting_restores_the_terminal(void **state UNUSED)
{
    tui_start();
    robot_press(robot, "q");
    tui_assert_ended_well(robot_wait_exit(robot));
    tui_assert_terminal_restored();
}

static void signals_end_it_and_restore_the_terminal(void **state UNUSED)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGSEGV,
                                  SIGABRT, SIGBUS, SIGFPE, SIGILL};
    for (size_t i = 0; i < LENGTH(signals); i++) {
        tui_start();
        robot_press(robot, "2");
        robot_wait_text(robot, "Suggests");
        robot_signal(robot, signals[i]);
        int status = robot_wait_exit(robot);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
        tui_assert_terminal_restored();
        robot_free(robot);
        robot = NULL;
    }
}

static void a_lost_terminal_is_an_orderly_end(void **state UNUSED)
{
    tui_start();
    robot_press(robot, "2c");
    robot_type(robot, "kept");
    robot_wait_idle(robot);
    robot_hang_up(robot);
    int status = robot_wait_exit(robot);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGHUP);
    robot_free(robot);
    tui_start();
    robot_press(robot, "2c");
    robot_wait_text(robot, "kept");
}

static void quitting_while_probes_run_asks_first(void **state UNUSED)
{
    testing_write("small.yaml", "walkdown: 1\nid: slow\ntitle: Slow\nversion: '1'\nareas:\n"
                                "  - id: access\n    title: Access\n    checks:\n"
                                "      - id: slow\n        title: It takes long\n"
                                "        severity: low\n        why: Because.\n"
                                "        probes: [{id: slow, run: sleep 60, timeout: 100s}]\n"
                                "        expect: [{that: exit, exit: [0]}]\n");
    tui_make_review(testing_path("small.yaml"));
    tui_start();
    robot_press(robot, "r");
    robot_wait_text(robot, "Enter consent and start");
    robot_press(robot, "<Enter>");
    robot_wait_text(robot, "1 probing");
    robot_press(robot, "Q");
    robot_wait_text(robot, "Quit?");
    robot_press(robot, "<Enter>");
    tui_assert_ended_well(robot_wait_exit(robot));
    tui_assert_terminal_restored();
}

static void without_a_terminal_it_says_so(void **state UNUSED)
{
    const char *arguments[] = {testing_build("walkdown"), tui_review_path(), NULL};
    struct process_options options = {.arguments = arguments};
    struct process_result result = {0};
    struct error error = {0};
    assert_done(process_run(&options, &result, &error), &error);
    assert_int_not_equal(result.exit_status, 0);
    assert_non_null(strstr(buffer_text(&result.errors), "not a terminal"));
    process_result_release(&result);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, tui_set_up, tui_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_review_is_made_from_the_start_screen),
        TEST(evidence_is_gathered_and_every_check_decided),
        TEST(a_decision_is_taken_back_and_made_again),
        TEST(a_review_is_signed_with_a_key_that_has_a_passphrase),
        TEST(a_comment_is_written_in_the_built_in_editor),
        TEST(a_comment_is_written_in_the_users_own_editor),
        TEST(text_that_was_not_saved_is_there_after_the_end),
        TEST(pasted_text_is_text_and_never_keys),
        TEST(checks_are_found_by_search_and_by_palette),
        TEST(evidence_is_searched_and_scrolled),
        TEST(the_mouse_selects_scrolls_and_switches),
        TEST(a_storm_of_resizes_ends_in_the_right_size),
        TEST(stopped_and_continued_it_goes_on),
        TEST(quitting_restores_the_terminal),
        TEST(signals_end_it_and_restore_the_terminal),
        TEST(a_lost_terminal_is_an_orderly_end),
        TEST(quitting_while_probes_run_asks_first),
        TEST(without_a_terminal_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
