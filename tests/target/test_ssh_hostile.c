/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "hostile.h"
#include "ssh_fixture.h"

#include "base/clock.h"

#include <sys/resource.h>
#include <unistd.h>

enum { SHORT_TIMEOUT_MS = 500, PATIENCE_MS = 20000 };

static pid_t process;

static int tear_down(void **state)
{
    hostile_stop(process);
    process = 0;
    return ssh_fixture_tear_down(state);
}

static bool try_hostile(struct ssh_fixture *f, enum hostile_manner manner)
{
    connection_close(f->connection);
    f->connection = NULL;
    if (f->options.socket_fd > 0)
        close(f->options.socket_fd);
    hostile_stop(process);
    f->options.socket_fd = hostile_start(manner, sshd_file(f->sshd, "host_key"), &process);
    return connection_open(&f->spec, &f->options, &f->events, &f->connection, &f->error);
}

static struct ssh_fixture *open_hostile(void **state, enum hostile_manner manner)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    assert_done(try_hostile(f, manner), &f->error);
    return f;
}

static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++)
        if (*text < ' ' || *text > '~')
            return false;
    return true;
}

/* ---- before the login ---- */

static void expect_failure(struct ssh_fixture *f, enum hostile_manner manner, enum error_code code)
{
    int64_t before_ms = clock_monotonic_ms();
    f->options.connect_timeout_ms = SHORT_TIMEOUT_MS;
    assert_refused(try_hostile(f, manner), &f->error, code);
    assert_true(clock_monotonic_ms() - before_ms < PATIENCE_MS);
    assert_true(f->error.hint[0] != '\0');
    assert_true(is_plain(f->error.message));
}

static void a_server_that_is_silent_is_given_up(void **state)
{
    expect_failure(ssh_fixture_ready(state), HOSTILE_SILENT, ERROR_TIMEOUT);
}

static void half_a_banner_is_given_up(void **state)
{
    expect_failure(ssh_fixture_ready(state), HOSTILE_HALF_BANNER, ERROR_TIMEOUT);
}

static void a_banner_without_a_key_exchange_is_given_up(void **state)
{
    expect_failure(ssh_fixture_ready(state), HOSTILE_BANNER_ONLY, ERROR_TIMEOUT);
}

static void a_banner_that_trickles_in_is_given_up(void **state)
{
    expect_failure(ssh_fixture_ready(state), HOSTILE_SLOW, ERROR_TIMEOUT);
}

static void a_server_that_hangs_up_is_unreachable(void **state)
{
    expect_failure(ssh_fixture_ready(state), HOSTILE_HANGS_UP, ERROR_UNREACHABLE);
}

static void noise_is_unreachable(void **state)
{
    expect_failure(ssh_fixture_ready(state), HOSTILE_NOISE, ERROR_UNREACHABLE);
}

static void lines_without_end_are_given_up_and_take_no_memory(void **state)
{
    struct rusage before, after;
    assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
    expect_failure(ssh_fixture_ready(state), HOSTILE_ENDLESS_BANNER, ERROR_INVALID);
    assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
#ifndef __SANITIZE_ADDRESS__
    assert_true(after.ru_maxrss - before.ru_maxrss < 8 * 1024);
#endif
}

static void another_protocol_does_not_pass_for_ssh(void **state)
{
    expect_failure(ssh_fixture_ready(state), HOSTILE_OTHER_PROTOCOL, ERROR_TIMEOUT);
}

/* ---- the login ---- */

static void a_login_without_an_answer_is_given_up(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.login_timeout_ms = SHORT_TIMEOUT_MS;
    assert_refused(try_hostile(f, HOSTILE_MUTE_LOGIN), &f->error, ERROR_TIMEOUT);
}

static void a_rude_refusal_is_shown_without_its_escapes(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    assert_refused(try_hostile(f, HOSTILE_RUDE), &f->error, ERROR_DENIED);
    assert_true(is_plain(f->error.message));
    ssh_fixture_expect_message(f, "ended the login");
}

static void a_password_logs_in(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.allow_password = true;
    f->answers[0] = "secret";
    assert_done(try_hostile(f, HOSTILE_PASSWORD), &f->error);
    assert_string_equal(connection_identity(f->connection)->authentication, "password");
    assert_int_equal(f->asked_count, 1);
    assert_int_equal(f->asked_kind, PROMPT_PASSWORD);
}

static void a_wrong_password_is_tried_once(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.allow_password = true;
    f->answers[0] = f->answers[1] = "wrong";
    assert_refused(try_hostile(f, HOSTILE_PASSWORD), &f->error, ERROR_DENIED);
    assert_int_equal(f->asked_count, 1);
}

static void questions_are_shown_as_the_server_puts_them(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.allow_password = true;
    f->answers[0] = "one";
    f->answers[1] = "two";
    assert_done(try_hostile(f, HOSTILE_QUESTIONS), &f->error);
    assert_string_equal(connection_identity(f->connection)->authentication, "keyboard-interactive");
    assert_int_equal(f->asked_count, 2);
    assert_int_equal(f->asked_kind, PROMPT_KEYBOARD);
    assert_string_equal(f->asked_text, "walkdown\nThis is walkdown itself.\nsecond? ");
    assert_false(f->asked_echo);
}

static void a_question_that_is_not_answered_cancels(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.allow_password = true;
    f->answers[0] = "one";
    assert_refused(try_hostile(f, HOSTILE_QUESTIONS), &f->error, ERROR_CANCELLED);
    assert_int_equal(f->asked_count, 2);
    assert_false(f->asked_echo);
}

static bool always_answer(void *context, const struct prompt *prompt, struct buffer *ret_answer)
{
    struct ssh_fixture *f = context;
    f->asked_count++;
    buffer_append_text(ret_answer, prompt->echo ? "one" : "two");
    return true;
}

static void questions_without_end_are_not_answered_without_end(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.allow_password = true;
    f->events.prompt = always_answer;
    assert_refused(try_hostile(f, HOSTILE_MANY_QUESTIONS), &f->error, ERROR_DENIED);
    assert_true(f->asked_count <= 16);
}

static void questions_are_not_asked_unless_allowed(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    assert_refused(try_hostile(f, HOSTILE_QUESTIONS), &f->error, ERROR_DENIED);
    assert_int_equal(f->asked_count, 0);
    ssh_fixture_expect_message(f, "keyboard-interactive");
    assert_non_null(strstr(f->error.hint, "allow a password"));
}

static void a_password_follows_questions_that_were_none(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.allow_password = true;
    f->answers[0] = "secret";
    assert_done(try_hostile(f, HOSTILE_NO_QUESTIONS), &f->error);
    assert_string_equal(connection_identity(f->connection)->authentication, "password");
}

/* ---- shells ---- */

static void channels_opened_by_the_server_are_refused(void **state)
{
    struct ssh_fixture *f = open_hostile(state, HOSTILE_OPENS_CHANNELS);
    struct recorder *shell = ssh_fixture_shell(f, 0, "");
    recorder_wait_for_end(shell);
    assert_string_equal(recorder_stdout(shell), "output\nrefused 150 of 150\n");
    assert_int_equal(shell->exit_status, 0);
}

static void expect_status(void **state, enum hostile_manner manner, int exit_status)
{
    struct ssh_fixture *f = open_hostile(state, manner);
    struct recorder *shell = ssh_fixture_shell(f, 0, "");
    recorder_wait_for_end(shell);
    assert_string_equal(recorder_stdout(shell), "output\n");
    assert_int_equal(shell->exit_status, exit_status);
}

static void contradictory_statuses_are_none(void **state)
{
    expect_status(state, HOSTILE_TWO_STATUSES, -1);
}

static void a_status_out_of_range_is_none(void **state)
{
    expect_status(state, HOSTILE_ODD_STATUS, -1);
}

static void no_status_is_none(void **state)
{
    expect_status(state, HOSTILE_NO_STATUS, -1);
}

static void a_signal_with_odd_words_is_no_status(void **state)
{
    expect_status(state, HOSTILE_SIGNAL, -1);
}

static void expect_refused_shell(void **state, enum hostile_manner manner)
{
    struct ssh_fixture *f = open_hostile(state, manner);
    struct recorder *shell = ssh_fixture_shell(f, 0, "echo never\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->exit_status, -1);
    assert_int_equal(shell->error.code, ERROR_DENIED);
    assert_true(is_plain(shell->error.message));
}

static void a_refused_channel_is_told(void **state)
{
    expect_refused_shell(state, HOSTILE_REFUSES_CHANNEL);
}

static void a_refused_shell_is_told(void **state)
{
    expect_refused_shell(state, HOSTILE_REFUSES_SHELL);
}

/* The time that a shell may take is its user's matter: the pump returns, and the shell closes. */
static void expect_patience(void **state, enum hostile_manner manner, const char *output)
{
    struct ssh_fixture *f = open_hostile(state, manner);
    struct recorder *shell = ssh_fixture_shell(f, 0, "echo never\n");
    int64_t until_ms = clock_monotonic_ms() + SHORT_TIMEOUT_MS;
    while (clock_monotonic_ms() < until_ms)
        assert_done(connection_pump(f->connection, -1, 50, &f->error), &f->error);
    assert_int_equal(shell->ended, 0);
    assert_string_equal(recorder_stdout(shell), output);
    shell_close(shell->shell);
    assert_done(connection_pump(f->connection, -1, 10, &f->error), &f->error);
}

static void a_channel_that_never_comes_blocks_nothing(void **state)
{
    expect_patience(state, HOSTILE_NO_CHANNEL, "");
}

static void a_shell_that_never_starts_blocks_nothing(void **state)
{
    expect_patience(state, HOSTILE_NO_SHELL, "");
}

static void an_end_without_a_close_blocks_nothing(void **state)
{
    expect_patience(state, HOSTILE_HUNG_END, "output\n");
}

static void a_cut_connection_keeps_what_came_before(void **state)
{
    struct ssh_fixture *f = open_hostile(state, HOSTILE_CUT);
    struct recorder *shell = ssh_fixture_shell(f, 0, "");
    int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (connection_pump(f->connection, -1, 1000, &f->error))
        assert_true(clock_monotonic_ms() < deadline_ms);
    assert_int_equal(f->error.code, ERROR_UNREACHABLE);
    assert_string_equal(recorder_stdout(shell), "output\n");
    assert_int_equal(shell->ended, 1);
    assert_int_equal(shell->exit_status, -1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, ssh_fixture_set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_server_that_is_silent_is_given_up),
        TEST(half_a_banner_is_given_up),
        TEST(a_banner_without_a_key_exchange_is_given_up),
        TEST(a_banner_that_trickles_in_is_given_up),
        TEST(a_server_that_hangs_up_is_unreachable),
        TEST(noise_is_unreachable),
        TEST(lines_without_end_are_given_up_and_take_no_memory),
        TEST(another_protocol_does_not_pass_for_ssh),
        TEST(a_login_without_an_answer_is_given_up),
        TEST(a_rude_refusal_is_shown_without_its_escapes),
        TEST(a_password_logs_in),
        TEST(a_wrong_password_is_tried_once),
        TEST(questions_are_shown_as_the_server_puts_them),
        TEST(a_question_that_is_not_answered_cancels),
        TEST(questions_without_end_are_not_answered_without_end),
        TEST(questions_are_not_asked_unless_allowed),
        TEST(a_password_follows_questions_that_were_none),
        TEST(channels_opened_by_the_server_are_refused),
        TEST(contradictory_statuses_are_none),
        TEST(a_status_out_of_range_is_none),
        TEST(no_status_is_none),
        TEST(a_signal_with_odd_words_is_no_status),
        TEST(a_refused_channel_is_told),
        TEST(a_refused_shell_is_told),
        TEST(a_channel_that_never_comes_blocks_nothing),
        TEST(a_shell_that_never_starts_blocks_nothing),
        TEST(an_end_without_a_close_blocks_nothing),
        TEST(a_cut_connection_keeps_what_came_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
