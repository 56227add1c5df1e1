/* SPDX-License-Identifier: Apache-2.0 */
/* What a target over SSH asks, and how the user answers it: against a real server. */
#include "support/sshd.h"
#include "tui.h"

#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sshd *server;
static int port;

/* Host "box" of ssh_config is the server, with a key that has a passphrase. */
static void configure_client(void)
{
    const char *key = sshd_make_key(server, "id_phrase", "ed25519", "open sesame");
    sshd_authorize(server, "id_phrase");
    port = sshd_listen(server);
    char *text = memory_format("Host box twin\n  HostName 127.0.0.1\n  Port %d\n  User %s\n"
                               "  IdentityFile %s\n  IdentitiesOnly yes\n",
                               port, sshd_user(server), key);
    chmod(testing_write("environment/home/.ssh/config", text), 0600);
    free(text);
}

static int set_up(void **state)
{
    if (!sshd_is_installed())
        return 0;
    server = sshd_new();
    configure_client();
    tui_set_up(state);
    unlink(tui_review_path());
    tui_run_command((const char *[]){testing_build("walkdown"), "new", tui_review_path(), "-c",
                                     testing_path("small.yaml"), "-t", "box", NULL});
    return 0;
}

static int tear_down(void **state)
{
    tui_tear_down(state);
    sshd_free(server);
    server = NULL;
    unlink(testing_path("environment/home/.ssh/known_hosts"));
    return 0;
}

static void begin(void)
{
    if (server == NULL)
        skip();
    tui_start();
    robot_press(robot, "r");
    robot_wait_text(robot, "Enter consent and start");
    robot_press(robot, "<Enter>");
    robot_wait_text(robot, "First contact: box");
}

/* The question takes keys only after a moment; its line of keys shows when. */
static void trust(void)
{
    robot_wait_text(robot, "Enter trust this key");
    robot_type(robot, "yes\n");
}

static void first_contact_shows_the_fingerprint_and_wants_a_word(void **state UNUSED)
{
    begin();
    robot_wait_text(robot, "SHA256:");
    robot_wait_text(robot, "Enter trust this key");
    robot_type(robot, "y\n");
    robot_wait_text(robot, "that is another word");
    robot_press(robot, "<Esc>");
    robot_wait_text(robot, "box: the host key of 'box' is unknown and was not accepted");
    robot_press(robot, "7");
    robot_wait_text(robot, "entries, newest first");
    assert_false(robot_shows(robot, "hostkey"));
}

static void a_passphrase_is_asked_for_without_an_echo(void **state UNUSED)
{
    begin();
    trust();
    robot_wait_text(robot, "Passphrase of a private key");
    robot_wait_text(robot, "id_phrase");
    robot_wait_text(robot, "Enter send");
    robot_type(robot, "wrong one\n");
    robot_wait_text(robot, "attempt 2");
    robot_wait_text(robot, "Enter send");
    robot_type(robot, "open sesame\n");
    robot_wait_text(robot, "all evidence gathered");
    assert_null(strstr(buffer_text(robot_output(robot)), "open sesame"));
    assert_null(strstr(buffer_text(robot_output(robot)), "wrong one"));
    robot_press(robot, "2");
    robot_wait_text(robot, "Suggests  fail: It says yes");
    robot_press(robot, "3i");
    robot_wait_text(robot, "Host key");
    robot_wait_text(robot, "SHA256:");
}

static void a_question_waits_until_the_user_has_finished_writing(void **state UNUSED)
{
    if (server == NULL)
        skip();
    tui_start();
    robot_press(robot, "r");
    robot_wait_text(robot, "Enter consent and start");
    robot_press(robot, "<Enter>2c");
    robot_type(robot, "yes, this is a comment");
    robot_wait_text(robot, "a comment");
    robot_wait_text(robot, "a target waits for an answer");
    assert_false(robot_shows(robot, "First contact"));
    robot_press(robot, "<C-s>");
    robot_wait_text(robot, "First contact: box");
}

static void one_answer_is_for_every_target_of_that_host(void **state UNUSED)
{
    if (server == NULL)
        skip();
    sshd_authorize(server, "identity");
    char *text = memory_format("Host box twin\n  HostName 127.0.0.1\n  Port %d\n  User %s\n"
                               "  IdentityFile %s\n  IdentitiesOnly yes\n",
                               port, sshd_user(server), sshd_identity(server));
    testing_write("environment/home/.ssh/config", text);
    free(text);
    unlink(tui_review_path());
    tui_run_command((const char *[]){testing_build("walkdown"), "new", tui_review_path(), "-c",
                                     testing_path("small.yaml"), "-t", "box", "-t", "twin", NULL});
    tui_start();
    robot_press(robot, "R");
    robot_wait_text(robot, "Enter consent and start");
    robot_press(robot, "<Enter>");
    robot_wait_text(robot, "First contact: ");
    trust();
    robot_wait_text(robot, "all evidence gathered");
    robot_press(robot, "H");
    robot_wait_text(robot, "2 targets, 0 at work, 0 failed");
    robot_press(robot, "v");
    robot_wait_text(robot, "It says yes");
    robot_press(robot, "q");
    robot_press(robot, "7");
    robot_wait_text(robot, "first-contact: ssh-ed25519");
}

/* Without a connection to anywhere else: the map alone. */
static void ask_for_the_map(void)
{
    if (server == NULL)
        skip();
    tui_start();
    robot_press(robot, "6R");
    robot_wait_text(robot, "Enter consent and ask");
    robot_press(robot, "<Enter>");
    robot_wait_text(robot, "First contact: box");
    robot_wait_text(robot, "Enter trust this key");
}

static void a_map_asks_the_user_what_a_run_would(void **state UNUSED)
{
    ask_for_the_map();
    robot_type(robot, "yes\n");
    robot_wait_text(robot, "Passphrase of a private key");
    robot_wait_text(robot, "Enter send");
    robot_type(robot, "open sesame\n");
    robot_wait_text(robot, "box: answered");
    robot_press(robot, "v");
    robot_wait_text(robot, "1 target, ");
    robot_press(robot, "7");
    robot_wait_text(robot, "first-contact: ssh-ed25519");
}

static void a_map_of_a_host_that_is_not_trusted_stays_empty_and_says_why(void **state UNUSED)
{
    ask_for_the_map();
    robot_press(robot, "<Esc>");
    robot_wait_text(robot, "box: the host key of 'box' is unknown and was not accepted");
    robot_press(robot, "v");
    robot_wait_text(robot, "unknown and was not accepted");
    robot_wait_text(robot, "1 target, 0 listen");
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(first_contact_shows_the_fingerprint_and_wants_a_word),
        TEST(a_passphrase_is_asked_for_without_an_echo),
        TEST(a_question_waits_until_the_user_has_finished_writing),
        TEST(one_answer_is_for_every_target_of_that_host),
        TEST(a_map_asks_the_user_what_a_run_would),
        TEST(a_map_of_a_host_that_is_not_trusted_stays_empty_and_says_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
