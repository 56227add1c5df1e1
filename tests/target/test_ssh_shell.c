/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "ssh_fixture.h"

#include "base/clock.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LONG_WAIT_MS = 60000 };

static void a_script_runs_and_its_streams_are_separate(void **state)
{
    struct recorder *shell =
        ssh_fixture_shell(ssh_fixture_open(state), 0, "echo out; echo err >&2; exit 7\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->exit_status, 7);
    assert_string_equal(recorder_stdout(shell), "out\n");
    assert_string_equal(recorder_stderr(shell), "err\n");
    assert_int_equal(shell->error.code, ERROR_NONE);
}

static void the_identity_says_who_and_how(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    const struct connection_identity *identity = connection_identity(f->connection);
    assert_string_equal(identity->host, "box.example");
    assert_string_equal(identity->user, sshd_user(f->sshd));
    assert_string_equal(identity->address, "");
    assert_non_null(strstr(identity->server_version, "SSH-2.0-OpenSSH"));
    assert_non_null(strstr(identity->key_exchange, "curve25519"));
    assert_non_null(strstr(identity->cipher, "gcm"));
    assert_non_null(strstr(identity->authentication, "publickey SHA256:"));
    assert_string_equal(identity->hostkey.host, "box.example");
    assert_int_equal(identity->hostkey.port, 22);
    assert_string_equal(identity->hostkey.type, "ssh-ed25519");
    assert_string_equal(identity->hostkey.key, strchr(sshd_host_key(f->sshd), ' ') + 1);
}

static void stdin_stays_open_until_the_shell_is_closed(void **state)
{
    struct recorder *shell = ssh_fixture_shell(ssh_fixture_open(state), 0, "echo one\n");
    recorder_wait_for_text(shell, "one\n");
    recorder_write(shell, "echo two\n");
    recorder_wait_for_text(shell, "two\n");
    assert_int_equal(shell->ended, 0);
}

static void several_shells_share_one_connection(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    for (size_t i = 0; i < FIXTURE_SHELLS; i++)
        ssh_fixture_shell(f, i, "echo ready; read line; echo \"got $line\"; exit 0\n");
    for (size_t i = 0; i < FIXTURE_SHELLS; i++)
        recorder_wait_for_text(&f->recorders[i], "ready\n");
    for (size_t i = 0; i < FIXTURE_SHELLS; i++)
        recorder_write(&f->recorders[i], "x\n");
    for (size_t i = 0; i < FIXTURE_SHELLS; i++) {
        recorder_wait_for_end(&f->recorders[i]);
        assert_string_equal(recorder_stdout(&f->recorders[i]), "ready\ngot x\n");
        assert_int_equal(f->recorders[i].exit_status, 0);
    }
}

static void all_byte_values_pass_in_both_directions(void **state)
{
    struct recorder *shell =
        ssh_fixture_shell(ssh_fixture_open(state), 0, "echo ready; head -c 256; exit 0\n");
    char bytes[256];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)i;
    recorder_wait_for_text(shell, "ready\n");
    shell_write(shell->shell, bytes, sizeof(bytes));
    recorder_wait_for_end(shell);
    assert_int_equal(shell->output[SHELL_STDOUT].length, 6 + sizeof(bytes));
    assert_memory_equal(shell->output[SHELL_STDOUT].data + 6, bytes, sizeof(bytes));
}

static long peak_memory_kib(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

static void much_output_arrives_complete_in_flat_memory(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    long before_kib = peak_memory_kib();
    f->recorders[0].only_counts = true;
    struct recorder *shell = ssh_fixture_shell(
        f, 0, "head -c 100000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 3\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->bytes[SHELL_STDOUT], 100000000);
    assert_int_equal(shell->bytes[SHELL_STDERR], 3000000);
    assert_int_equal(shell->exit_status, 3);
#ifndef __SANITIZE_ADDRESS__
    assert_true(peak_memory_kib() - before_kib < 8 * 1024);
#else
    (void)before_kib;
#endif
}

static void both_streams_may_flood_at_once(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    f->recorders[0].only_counts = true;
    struct recorder *shell = ssh_fixture_shell(
        f, 0, "head -c 20000000 /dev/zero & head -c 20000000 /dev/zero >&2 & wait; exit 0\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->bytes[SHELL_STDOUT], 20000000);
    assert_int_equal(shell->bytes[SHELL_STDERR], 20000000);
}

static void a_script_larger_than_the_window_is_taken(void **state)
{
    struct recorder *shell = ssh_fixture_shell(ssh_fixture_open(state), 0, "");
    for (size_t i = 0; i < 80000; i++)
        recorder_write(shell, ": a line that does nothing but take up room in the window\n");
    recorder_write(shell, "echo end; exit 0\n");
    recorder_wait_for_end(shell);
    assert_string_equal(recorder_stdout(shell), "end\n");
}

static void a_shell_may_be_closed_from_its_own_output(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    f->recorders[0] = (struct recorder){.close_at = 1000000, .only_counts = true};
    struct recorder *flood = ssh_fixture_shell(f, 0, "yes; echo never\n");
    while (flood->shell != NULL)
        recorder_pump(flood);
    assert_true(flood->bytes[SHELL_STDOUT] < 4000000);
    struct recorder *next = ssh_fixture_shell(f, 1, "echo next; exit 0\n");
    recorder_wait_for_end(next);
    assert_int_equal(flood->ended, 0);
    assert_string_equal(recorder_stdout(next), "next\n");
}

static void a_shell_may_be_closed_before_it_was_opened(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    struct recorder *shell = ssh_fixture_shell(f, 0, "echo never\n");
    shell_close(shell->shell);
    struct recorder *next = ssh_fixture_shell(f, 1, "echo next; exit 0\n");
    assert_done(connection_pump(f->connection, -1, 0, &f->error), &f->error);
    struct recorder *early = ssh_fixture_shell(f, 2, "echo never\n");
    assert_done(connection_pump(f->connection, -1, 0, &f->error), &f->error);
    shell_close(early->shell);
    recorder_wait_for_end(next);
    assert_string_equal(recorder_stdout(next), "next\n");
    assert_int_equal(shell->ended + early->ended, 0);
    assert_string_equal(recorder_stdout(shell), "");
}

static void many_shells_follow_one_another(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    for (int i = 0; i < 30; i++) {
        struct recorder *shell = &f->recorders[0];
        recorder_release(shell);
        *shell = (struct recorder){0};
        ssh_fixture_shell(f, 0, "echo here; exit 9\n");
        recorder_wait_for_end(shell);
        assert_int_equal(shell->exit_status, 9);
        assert_string_equal(recorder_stdout(shell), "here\n");
        shell_close(shell->shell);
    }
}

/* The script's own watchdog does the work; the end of its stdin is what it waits for. */
static const char watched_script[] =
    "exec 3<&0; ( cat <&3 >/dev/null; trap '' TERM; kill -KILL -$$ ) & exec 3<&- </dev/null\n"
    "{ sleep 321 & echo $! $$ done; wait; }\n";

static void closing_the_shell_ends_the_process_group_there(void **state)
{
    int child = 0, leader = 0;
    struct recorder *shell = ssh_fixture_shell(ssh_fixture_open(state), 0, "{\n");
    recorder_write(shell, watched_script);
    recorder_write(shell, "}\n");
    recorder_wait_for_text(shell, "done\n");
    assert_int_equal(sscanf(recorder_stdout(shell), "%d %d", &child, &leader), 2);
    assert_true(recorder_process_runs(child));
    shell_close(shell->shell);
    recorder_wait_until_gone(child);
    recorder_wait_until_gone(leader);
    assert_int_equal(shell->ended, 0);
}

static void closing_the_connection_ends_the_process_group_there(void **state)
{
    int child = 0, leader = 0;
    struct ssh_fixture *f = ssh_fixture_open(state);
    struct recorder *shell = ssh_fixture_shell(f, 0, "{\n");
    recorder_write(shell, watched_script);
    recorder_write(shell, "}\n");
    recorder_wait_for_text(shell, "done\n");
    assert_int_equal(sscanf(recorder_stdout(shell), "%d %d", &child, &leader), 2);
    connection_close(f->connection);
    f->connection = NULL;
    recorder_wait_until_gone(child);
    recorder_wait_until_gone(leader);
}

static void a_lost_connection_ends_its_shells(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    int64_t deadline_ms = clock_monotonic_ms() + LONG_WAIT_MS;
    struct recorder *one = ssh_fixture_shell(f, 0, "echo here; cat\n");
    struct recorder *two = ssh_fixture_shell(f, 1, "echo here; cat\n");
    recorder_wait_for_text(one, "here\n");
    recorder_wait_for_text(two, "here\n");
    kill(-sshd_process(f->sshd), SIGKILL);
    while (connection_pump(f->connection, -1, 1000, &f->error))
        assert_true(clock_monotonic_ms() < deadline_ms);
    assert_int_equal(f->error.code, ERROR_UNREACHABLE);
    ssh_fixture_expect_message(f, "box.example");
    assert_int_equal(one->ended, 1);
    assert_int_equal(two->ended, 1);
    assert_int_equal(one->exit_status, -1);
    assert_refused(connection_pump(f->connection, -1, 0, &f->error), &f->error, ERROR_UNREACHABLE);
    assert_refused(shell_open(f->connection, &(struct shell_events){0}, &one->shell, &f->error),
                   &f->error, ERROR_UNREACHABLE);
}

static void a_signal_leaves_no_exit_status(void **state)
{
    struct recorder *shell = ssh_fixture_shell(ssh_fixture_open(state), 0, "kill -9 $$\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->exit_status, -1);
}

static void a_server_that_allows_few_sessions_refuses_a_shell(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    sshd_configure(f->sshd, "MaxSessions 1");
    f = ssh_fixture_open(state);
    struct recorder *first = ssh_fixture_shell(f, 0, "echo first; cat\n");
    struct recorder *second = ssh_fixture_shell(f, 1, "echo second\n");
    recorder_wait_for_text(first, "first\n");
    recorder_wait_for_end(second);
    assert_int_equal(second->exit_status, -1);
    assert_int_equal(second->error.code, ERROR_DENIED);
    assert_true(second->error.hint[0] != '\0');
    assert_int_equal(first->ended, 0);
}

static void a_wake_descriptor_ends_the_wait(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    int pipe_fds[2];
    struct recorder *shell = ssh_fixture_shell(f, 0, "echo here; cat\n");
    recorder_wait_for_text(shell, "here\n");
    assert_int_equal(pipe(pipe_fds), 0);
    assert_int_equal(write(pipe_fds[1], "x", 1), 1);
    int64_t before_ms = clock_monotonic_ms();
    bool done = connection_pump(f->connection, pipe_fds[0], LONG_WAIT_MS, &f->error) &&
                connection_pump(f->connection, pipe_fds[0], LONG_WAIT_MS, &f->error);
    int64_t took_ms = clock_monotonic_ms() - before_ms;
    done = done && connection_pump(f->connection, -1, 10, &f->error);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    assert_done(done, &f->error);
    assert_true(took_ms < LONG_WAIT_MS / 2);
}

static void a_forced_command_says_so_by_its_output(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    sshd_configure(f->sshd, "ForceCommand echo forced; exit 6");
    struct recorder *shell = ssh_fixture_shell(ssh_fixture_open(state), 0, "echo mine\n");
    recorder_wait_for_end(shell);
    assert_string_equal(recorder_stdout(shell), "forced\n");
    assert_int_equal(shell->exit_status, 6);
}

static void no_descriptor_is_left_open(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    int probe = dup(0);
    close(probe);
    for (int i = 0; i < 3; i++)
        assert_done(ssh_fixture_try(f), &f->error);
    struct recorder *shell = ssh_fixture_shell(f, 0, "exit 0\n");
    recorder_wait_for_end(shell);
    connection_close(f->connection);
    f->connection = NULL;
    int after = dup(0);
    close(after);
    assert_true(after <= probe);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SSH_TEST(a_script_runs_and_its_streams_are_separate),
        SSH_TEST(the_identity_says_who_and_how),
        SSH_TEST(stdin_stays_open_until_the_shell_is_closed),
        SSH_TEST(several_shells_share_one_connection),
        SSH_TEST(all_byte_values_pass_in_both_directions),
        SSH_TEST(much_output_arrives_complete_in_flat_memory),
        SSH_TEST(both_streams_may_flood_at_once),
        SSH_TEST(a_script_larger_than_the_window_is_taken),
        SSH_TEST(a_shell_may_be_closed_from_its_own_output),
        SSH_TEST(a_shell_may_be_closed_before_it_was_opened),
        SSH_TEST(many_shells_follow_one_another),
        SSH_TEST(closing_the_shell_ends_the_process_group_there),
        SSH_TEST(closing_the_connection_ends_the_process_group_there),
        SSH_TEST(a_lost_connection_ends_its_shells),
        SSH_TEST(a_signal_leaves_no_exit_status),
        SSH_TEST(a_server_that_allows_few_sessions_refuses_a_shell),
        SSH_TEST(a_wake_descriptor_ends_the_wait),
        SSH_TEST(a_forced_command_says_so_by_its_output),
        SSH_TEST(no_descriptor_is_left_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
