/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "recorder.h"

#include "base/clock.h"

#include <signal.h>
#include <unistd.h>

enum { SHELLS = 3, LONG_WAIT_MS = 60000 };

struct fixture {
    struct connection *connection;
    struct recorder recorders[SHELLS];
    struct error error;
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    const struct target_spec spec = {.kind = TARGET_LOCAL};
    *state = f;
    return connection_open(&spec, NULL, NULL, &f->connection, &f->error) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    connection_close(f->connection);
    for (size_t i = 0; i < SHELLS; i++)
        recorder_release(&f->recorders[i]);
    free(f);
    return 0;
}

static struct recorder *start(struct fixture *f, size_t index, const char *script)
{
    recorder_open(&f->recorders[index], f->connection, script);
    return &f->recorders[index];
}

static void a_script_runs_and_its_streams_are_separate(void **state)
{
    struct recorder *shell = start(*state, 0, "echo out; echo err >&2; exit 7\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->exit_status, 7);
    assert_string_equal(recorder_stdout(shell), "out\n");
    assert_string_equal(recorder_stderr(shell), "err\n");
    assert_int_equal(shell->error.code, ERROR_NONE);
}

static void stdin_stays_open_until_the_shell_is_closed(void **state)
{
    struct recorder *shell = start(*state, 0, "echo one\n");
    recorder_wait_for_text(shell, "one\n");
    recorder_write(shell, "echo two\n");
    recorder_wait_for_text(shell, "two\n");
    assert_int_equal(shell->ended, 0);
}

static void several_shells_run_at_once(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < SHELLS; i++)
        start(f, i, "echo ready; read line; echo \"got $line\"; exit 0\n");
    for (size_t i = 0; i < SHELLS; i++)
        recorder_wait_for_text(&f->recorders[i], "ready\n");
    for (size_t i = 0; i < SHELLS; i++)
        recorder_write(&f->recorders[i], "x\n");
    for (size_t i = 0; i < SHELLS; i++) {
        recorder_wait_for_end(&f->recorders[i]);
        assert_string_equal(recorder_stdout(&f->recorders[i]), "ready\ngot x\n");
    }
}

static void much_output_arrives_complete(void **state)
{
    struct fixture *f = *state;
    f->recorders[0].only_counts = true;
    struct recorder *shell =
        start(f, 0, "head -c 50000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 3\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->bytes[SHELL_STDOUT], 50000000);
    assert_int_equal(shell->bytes[SHELL_STDERR], 3000000);
    assert_int_equal(shell->exit_status, 3);
}

static void a_script_larger_than_any_pipe_is_taken(void **state)
{
    struct recorder *shell = start(*state, 0, "");
    for (size_t i = 0; i < 40000; i++)
        recorder_write(shell, ": a line that does nothing but take up room in the pipe\n");
    recorder_write(shell, "echo end; exit 0\n");
    recorder_wait_for_end(shell);
    assert_string_equal(recorder_stdout(shell), "end\n");
}

static void a_shell_may_be_closed_from_its_own_output(void **state)
{
    struct fixture *f = *state;
    f->recorders[0] = (struct recorder){.close_at = 1000000, .only_counts = true};
    struct recorder *flood = start(f, 0, "yes; echo never\n");
    while (flood->shell != NULL)
        recorder_pump(flood);
    struct recorder *next = start(f, 1, "echo next; exit 0\n");
    recorder_wait_for_end(next);
    assert_int_equal(flood->ended, 0);
    assert_string_equal(recorder_stdout(next), "next\n");
}

static void closing_a_shell_ends_all_that_it_started(void **state)
{
    int leader = 0, child = 0, other_group = 0;
    struct recorder *shell = start(
        *state, 0, "echo $$; sleep 321 & echo $!; timeout 320 sleep 319 & echo $! done; wait\n");
    recorder_wait_for_text(shell, "done\n");
    assert_int_equal(sscanf(recorder_stdout(shell), "%d %d %d", &leader, &child, &other_group), 3);
    assert_true(recorder_process_runs(child));
    shell_close(shell->shell);
    recorder_wait_until_gone(leader);
    recorder_wait_until_gone(child);
    recorder_wait_until_gone(other_group);
    assert_int_equal(shell->ended, 0);
}

static void the_end_of_the_shell_ends_what_it_left_behind(void **state)
{
    struct recorder *shell = start(*state, 0, "sleep 321 & echo $!; exit 5\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->exit_status, 5);
    recorder_wait_until_gone((pid_t)strtol(recorder_stdout(shell), NULL, 10));
}

static void a_process_that_left_the_session_cannot_hold_the_shell_open(void **state)
{
    struct recorder *shell =
        start(*state, 0, "setsid sh -c 'echo $$; exec sleep 321' & read line; exit 4\n");
    recorder_wait_for_text(shell, "\n");
    recorder_write(shell, "go\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->exit_status, 4);
    kill((pid_t)strtol(recorder_stdout(shell), NULL, 10), SIGKILL);
}

static void a_signal_leaves_no_exit_status(void **state)
{
    struct recorder *shell = start(*state, 0, "kill -9 $$\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->exit_status, -1);
    recorder_write(shell, "echo late\n");
    recorder_pump(shell);
    assert_int_equal(shell->ended, 1);
}

static void the_shell_has_no_terminal(void **state)
{
    struct recorder *shell =
        start(*state, 0, "if (: </dev/tty) 2>/dev/null; then exit 1; else exit 0; fi\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->exit_status, 0);
}

static void a_wake_descriptor_ends_the_wait(void **state)
{
    struct fixture *f = *state;
    int pipe_fds[2];
    start(f, 0, "");
    assert_int_equal(pipe(pipe_fds), 0);
    assert_int_equal(write(pipe_fds[1], "x", 1), 1);
    int64_t before_ms = clock_monotonic_ms();
    bool done = connection_pump(f->connection, pipe_fds[0], LONG_WAIT_MS, &f->error);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    assert_done(done, &f->error);
    assert_true(clock_monotonic_ms() - before_ms < LONG_WAIT_MS / 2);
}

static void there_is_a_limit_to_shells(void **state)
{
    struct fixture *f = *state;
    const struct shell_events events = {0};
    struct shell *shell;
    size_t opened = 0;
    while (opened < 1000 && shell_open(f->connection, &events, &shell, &f->error))
        opened++;
    assert_int_equal(opened, 16);
    assert_int_equal(f->error.code, ERROR_UNSUPPORTED);
}

static void the_identity_names_this_machine(void **state)
{
    struct fixture *f = *state;
    const struct connection_identity *identity = connection_identity(f->connection);
    char host[256] = "";
    assert_int_equal(gethostname(host, sizeof(host) - 1), 0);
    assert_string_equal(identity->host, host);
    assert_string_equal(identity->address, "local");
    assert_true(identity->user[0] != '\0');
    assert_null(identity->hostkey.key);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_script_runs_and_its_streams_are_separate),
        TEST(stdin_stays_open_until_the_shell_is_closed),
        TEST(several_shells_run_at_once),
        TEST(much_output_arrives_complete),
        TEST(a_script_larger_than_any_pipe_is_taken),
        TEST(a_shell_may_be_closed_from_its_own_output),
        TEST(closing_a_shell_ends_all_that_it_started),
        TEST(the_end_of_the_shell_ends_what_it_left_behind),
        TEST(a_process_that_left_the_session_cannot_hold_the_shell_open),
        TEST(a_signal_leaves_no_exit_status),
        TEST(the_shell_has_no_terminal),
        TEST(a_wake_descriptor_ends_the_wait),
        TEST(there_is_a_limit_to_shells),
        TEST(the_identity_names_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
