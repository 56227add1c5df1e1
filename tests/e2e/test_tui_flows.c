/* SPDX-License-Identifier: Apache-2.0 */
/* Flows measured from the screen, on a real terminal. All of it happens in a network namespace of
 * its own, in which there is nothing but loopback. */
#include "tui.h"

#include "base/process.h"

#include <arpa/inet.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OPEN_PORT = 4711 }; /* nobody listens on 4712 */

static int listener = -1;

static int listen_on_loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(OPEN_PORT),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(fd, 50), 0);
    return fd;
}

static int set_up(void **state)
{
    tui_set_up(state);
    const char *targets = testing_write("targets.yaml", "walkdown-targets: 1\n"
                                                        "targets: {here: local}\n"
                                                        "flows:\n"
                                                        "  - here -> 127.0.0.1:4711/tcp allow\n"
                                                        "  - here -> 127.0.0.1:4712/tcp deny\n");
    unlink(tui_review_path());
    tui_run_command((const char *[]){testing_build("walkdown"), "new", tui_review_path(), "-c",
                                     testing_path("small.yaml"), "-T", targets, NULL});
    return 0;
}

static void consent(const char *key, const char *confirm)
{
    robot_press(robot, key);
    robot_wait_text(robot, confirm);
    robot_press(robot, "<Enter>");
    robot_wait_text(robot, "here: answered");
}

static void measure(void)
{
    tui_start();
    robot_press(robot, "6");
    robot_wait_text(robot, "declared, not measured yet");
    consent("r", "Enter consent and measure");
    robot_wait_text(robot, "open, as expected");
}

static void quit(void)
{
    robot_press(robot, "Q");
    tui_assert_ended_well(robot_wait_exit(robot));
    tui_assert_terminal_restored();
}

static void flows_are_measured_after_consent_while_the_screen_goes_on(void **state UNUSED)
{
    tui_start();
    robot_press(robot, "6");
    robot_wait_text(robot, "0 not as declared, 2 not seen, 0 as declared");
    robot_press(robot, "r");
    robot_wait_text(robot, "Enter consent and measure");
    assert_true(robot_shows(robot, "class 'active'"));
    assert_true(robot_shows(robot, "at most 20 connections"));
    robot_press(robot, "v");
    robot_wait_text(robot, "# == 1 of 2 on here");
    robot_press(robot, "q<Enter>2");
    robot_wait_text(robot, "measuring 1/1");
    robot_wait_text(robot, "here: answered");
    robot_press(robot, "6");
    robot_wait_text(robot, " 2 as declared");
    robot_wait_text(robot, "open, as expected");
    quit();
}

/* The consent of the screen is that of the command, and what it recorded is what that shows. */
static void the_command_goes_on_with_what_the_screen_recorded(void **state UNUSED)
{
    measure();
    quit();
    tui_run_command(
        (const char *[]){testing_build("walkdown"), "flows", tui_review_path(), "--show", NULL});
    tui_run_command((const char *[]){testing_build("walkdown"), "flows", tui_review_path(), NULL});
    tui_run_command((const char *[]){testing_build("walkdown"), "verify", tui_review_path(), NULL});
}

static void a_measurement_is_stopped_and_what_was_seen_stays(void **state UNUSED)
{
    measure();
    robot_press(robot, "rX");
    robot_wait_text(robot, "here: stopped");
    robot_wait_gone(robot, "measuring 1/1");
    robot_wait_text(robot, " 2 as declared");
    robot_press(robot, "r");
    robot_wait_text(robot, "measuring 1/1");
    robot_press(robot, "<C-c>");
    robot_wait_gone(robot, "measuring 1/1");
    quit();
}

static void the_map_alone_is_asked_for_with_its_own_consent(void **state UNUSED)
{
    tui_start();
    robot_press(robot, "6v");
    robot_wait_text(robot, "No target has shown yet");
    robot_press(robot, "R");
    robot_wait_text(robot, "Enter consent and ask");
    assert_true(robot_shows(robot, "class 'read'"));
    robot_press(robot, "<Esc>");
    robot_wait_gone(robot, "Enter consent and ask");
    consent("R", "Enter consent and ask");
    robot_wait_text(robot, "4711/tcp4");
    robot_press(robot, "v");
    robot_wait_text(robot, "declared, not measured yet");
    quit();
}

static void a_review_that_is_left_meanwhile_ends_well(void **state UNUSED)
{
    measure();
    robot_press(robot, "rQ");
    robot_wait_text(robot, "Flows are still being measured from 1 target");
    robot_press(robot, "<Enter>");
    tui_assert_ended_well(robot_wait_exit(robot));
    tui_run_command((const char *[]){testing_build("walkdown"), "verify", tui_review_path(), NULL});
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tui_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(flows_are_measured_after_consent_while_the_screen_goes_on),
        TEST(the_command_goes_on_with_what_the_screen_recorded),
        TEST(a_measurement_is_stopped_and_what_was_seen_stays),
        TEST(the_map_alone_is_asked_for_with_its_own_consent),
        TEST(a_review_that_is_left_meanwhile_ends_well),
    };
    if (unshare(CLONE_NEWNET) < 0) {
        puts("no network namespaces here");
        return 77;
    }
    struct process_options up = {.arguments =
                                     (const char *[]){"ip", "link", "set", "lo", "up", NULL}};
    struct process_result result = {0};
    if (!process_run(&up, &result, NULL) || result.exit_status != 0) {
        puts("no ip here");
        return 77;
    }
    process_result_release(&result);
    listener = listen_on_loopback();
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    close(listener);
    return failed;
}
