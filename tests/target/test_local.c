/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "target/connection.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { DEADLINE_MS = 20000, SHELLS = 3 };

/* What one shell did. */
struct record {
    struct fixture *fixture;
    struct shell *shell;
    struct buffer output[2];
    size_t bytes[2];
    int ended;
    int exit_status;
    size_t close_at; /* close the shell when so many bytes have come; 0: never */
    bool keep_none;  /* only count */
};

struct fixture {
    struct connection *connection;
    struct record records[SHELLS];
    struct error error;
    int64_t deadline_ms;
};

static int set_up(void **state)
{
    struct fixture *fixture = memory_new(1, sizeof(*fixture));
    const struct target_spec spec = {.kind = TARGET_LOCAL};
    fixture->deadline_ms = clock_monotonic_ms() + DEADLINE_MS;
    *state = fixture;
    return connection_open(&spec, NULL, NULL, &fixture->connection, &fixture->error) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    connection_close(fixture->connection);
    for (size_t i = 0; i < SHELLS; i++) {
        buffer_release(&fixture->records[i].output[0]);
        buffer_release(&fixture->records[i].output[1]);
    }
    free(fixture);
    return 0;
}

static void on_output(void *context, enum shell_stream stream, const char *bytes, size_t length)
{
    struct record *record = context;
    assert_int_equal(record->ended, 0);
    record->bytes[stream] += length;
    if (!record->keep_none)
        buffer_append(&record->output[stream], bytes, length);
    if (record->close_at > 0 && record->bytes[stream] >= record->close_at) {
        shell_close(record->shell);
        record->shell = NULL;
        record->close_at = 0;
    }
}

static void on_ended(void *context, int exit_status)
{
    struct record *record = context;
    record->ended++;
    record->exit_status = exit_status;
}

static struct record *open_shell(struct fixture *fixture, size_t index, const char *script)
{
    struct record *record = &fixture->records[index];
    const struct shell_events events = {.context = record, .output = on_output, .ended = on_ended};
    record->fixture = fixture;
    record->exit_status = -2;
    assert_true(shell_open(fixture->connection, &events, &record->shell, &fixture->error));
    shell_write(record->shell, script, strlen(script));
    return record;
}

static void pump(struct fixture *fixture)
{
    assert_true(clock_monotonic_ms() < fixture->deadline_ms);
    assert_true(connection_pump(fixture->connection, -1, 1000, &fixture->error));
}

static void pump_until_ended(struct fixture *fixture, const struct record *record)
{
    while (record->ended == 0)
        pump(fixture);
}

static void pump_until_text(struct fixture *fixture, struct record *record, const char *text)
{
    while (strstr(buffer_text(&record->output[SHELL_STDOUT]), text) == NULL)
        pump(fixture);
}

static bool process_exists(pid_t pid)
{
    return kill(pid, 0) == 0 || errno != ESRCH;
}

static void expect_gone(struct fixture *fixture, pid_t pid)
{
    while (process_exists(pid))
        assert_true(clock_monotonic_ms() < fixture->deadline_ms);
}

static void a_script_runs_and_its_streams_are_separate(void **state)
{
    struct fixture *fixture = *state;
    struct record *record = open_shell(fixture, 0, "echo out; echo err >&2; exit 7\n");
    pump_until_ended(fixture, record);
    assert_int_equal(record->exit_status, 7);
    assert_string_equal(buffer_text(&record->output[SHELL_STDOUT]), "out\n");
    assert_string_equal(buffer_text(&record->output[SHELL_STDERR]), "err\n");
}

static void stdin_stays_open_until_the_shell_is_closed(void **state)
{
    struct fixture *fixture = *state;
    struct record *record = open_shell(fixture, 0, "echo one\n");
    pump_until_text(fixture, record, "one\n");
    shell_write(record->shell, "echo two\n", 9);
    pump_until_text(fixture, record, "two\n");
    assert_int_equal(record->ended, 0);
}

static void several_shells_run_at_once(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 0; i < SHELLS; i++)
        open_shell(fixture, i, "echo ready; read line; echo \"got $line\"; exit 0\n");
    for (size_t i = 0; i < SHELLS; i++)
        pump_until_text(fixture, &fixture->records[i], "ready\n");
    for (size_t i = 0; i < SHELLS; i++)
        shell_write(fixture->records[i].shell, "x\n", 2);
    for (size_t i = 0; i < SHELLS; i++) {
        pump_until_ended(fixture, &fixture->records[i]);
        assert_string_equal(buffer_text(&fixture->records[i].output[SHELL_STDOUT]),
                            "ready\ngot x\n");
    }
}

static void much_output_arrives_complete(void **state)
{
    struct fixture *fixture = *state;
    struct record *record = &fixture->records[0];
    record->keep_none = true;
    open_shell(fixture, 0, "head -c 50000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 3\n");
    pump_until_ended(fixture, record);
    assert_int_equal(record->bytes[SHELL_STDOUT], 50000000);
    assert_int_equal(record->bytes[SHELL_STDERR], 3000000);
    assert_int_equal(record->exit_status, 3);
}

static void a_script_larger_than_any_pipe_is_taken(void **state)
{
    struct fixture *fixture = *state;
    static const char line[] = ": a line that does nothing but take up room in the pipe\n";
    struct record *record = open_shell(fixture, 0, "");
    for (size_t i = 0; i < 40000; i++)
        shell_write(record->shell, line, strlen(line));
    shell_write(record->shell, "echo end; exit 0\n", 17);
    pump_until_ended(fixture, record);
    assert_string_equal(buffer_text(&record->output[SHELL_STDOUT]), "end\n");
}

static void a_shell_may_be_closed_from_its_own_output(void **state)
{
    struct fixture *fixture = *state;
    struct record *flood = &fixture->records[0];
    flood->close_at = 1000000;
    flood->keep_none = true;
    open_shell(fixture, 0, "yes; echo never\n");
    while (flood->shell != NULL)
        pump(fixture);
    struct record *next = open_shell(fixture, 1, "echo next; exit 0\n");
    pump_until_ended(fixture, next);
    assert_int_equal(flood->ended, 0);
    assert_string_equal(buffer_text(&next->output[SHELL_STDOUT]), "next\n");
}

static void closing_a_shell_ends_all_that_it_started(void **state)
{
    struct fixture *fixture = *state;
    int leader = 0, child = 0, other_group = 0;
    struct record *record = open_shell(
        fixture, 0, "echo $$; sleep 321 & echo $!; timeout 320 sleep 319 & echo $! done; wait\n");
    pump_until_text(fixture, record, "done\n");
    assert_int_equal(sscanf(record->output[0].data, "%d %d %d", &leader, &child, &other_group), 3);
    assert_true(process_exists(child));
    shell_close(record->shell);
    expect_gone(fixture, leader);
    expect_gone(fixture, child);
    expect_gone(fixture, other_group);
    assert_int_equal(record->ended, 0);
}

static void the_end_of_the_shell_ends_what_it_left_behind(void **state)
{
    struct fixture *fixture = *state;
    struct record *record = open_shell(fixture, 0, "sleep 321 & echo $!; exit 5\n");
    pump_until_ended(fixture, record);
    assert_int_equal(record->exit_status, 5);
    expect_gone(fixture, (pid_t)strtol(buffer_text(&record->output[0]), NULL, 10));
}

static void a_process_that_left_the_group_cannot_hold_the_shell_open(void **state)
{
    struct fixture *fixture = *state;
    struct record *record =
        open_shell(fixture, 0, "setsid sh -c 'echo $$; exec sleep 321' & read line; exit 4\n");
    pump_until_text(fixture, record, "\n");
    shell_write(record->shell, "go\n", 3);
    pump_until_ended(fixture, record);
    assert_int_equal(record->exit_status, 4);
    kill((pid_t)strtol(buffer_text(&record->output[0]), NULL, 10), SIGKILL);
}

static void a_signal_leaves_no_exit_status(void **state)
{
    struct fixture *fixture = *state;
    struct record *record = open_shell(fixture, 0, "kill -9 $$\n");
    pump_until_ended(fixture, record);
    assert_int_equal(record->exit_status, -1);
    shell_write(record->shell, "echo late\n", 10);
    pump(fixture);
}

static void the_shell_has_no_terminal(void **state)
{
    struct fixture *fixture = *state;
    struct record *record =
        open_shell(fixture, 0, "if (: </dev/tty) 2>/dev/null; then exit 1; else exit 0; fi\n");
    pump_until_ended(fixture, record);
    assert_int_equal(record->exit_status, 0);
}

static void a_wake_descriptor_ends_the_wait(void **state)
{
    struct fixture *fixture = *state;
    int pipe_fds[2];
    open_shell(fixture, 0, "");
    assert_int_equal(pipe(pipe_fds), 0);
    assert_int_equal(write(pipe_fds[1], "x", 1), 1);
    int64_t before_ms = clock_monotonic_ms();
    assert_true(connection_pump(fixture->connection, pipe_fds[0], DEADLINE_MS, &fixture->error));
    assert_true(clock_monotonic_ms() - before_ms < DEADLINE_MS / 2);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
}

static void there_is_a_limit_to_shells(void **state)
{
    struct fixture *fixture = *state;
    const struct shell_events events = {
        .context = &fixture->records[0], .output = on_output, .ended = on_ended};
    struct shell *shell;
    size_t opened = 0;
    while (opened < 1000 && shell_open(fixture->connection, &events, &shell, &fixture->error))
        opened++;
    assert_int_equal(opened, 16);
    assert_int_equal(fixture->error.code, ERROR_UNSUPPORTED);
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
        TEST(a_process_that_left_the_group_cannot_hold_the_shell_open),
        TEST(a_signal_leaves_no_exit_status),
        TEST(the_shell_has_no_terminal),
        TEST(a_wake_descriptor_ends_the_wait),
        TEST(there_is_a_limit_to_shells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
