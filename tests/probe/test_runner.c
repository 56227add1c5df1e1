/* SPDX-License-Identifier: Apache-2.0 */
/* The runner on shells of this machine: started here, and by a real SSH server. */
#include "support/sshd.h"
#include "support/testing.h"

#include "collect.h"
#include "shells.h"

#include "base/clock.h"
#include "base/digest.h"

#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

/* What naps does so for 1,000 s. */
enum { HANG_MS = 30000 };

struct fixture {
    struct sshd *sshd; /* NULL: local */
    int socket;
    struct connection *connection;
    struct plan plan;
    struct runner_options options;
    struct runner_events events;
    struct collected got;
    struct error error;
    char nap[32]; /* seconds to sleep, unlike those of any other process */
    int wake[2];
    size_t stop_at; /* when this step begins, STOP is called; 0: never */
    void (*stop)(struct fixture *f);
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    uint32_t number = 0;
    random_bytes(&number, sizeof(number));
    snprintf(f->nap, sizeof(f->nap), "1000.%010u", (unsigned)number);
    f->events = collect_events(&f->got);
    *state = f;
    return 0;
}

static int set_up_local(void **state)
{
    const struct target_spec spec = {.kind = TARGET_LOCAL};
    set_up(state);
    struct fixture *f = *state;
    return connection_open(&spec, NULL, NULL, &f->connection, &f->error) ? 0 : -1;
}

static int set_up_ssh(void **state)
{
    set_up(state);
    struct fixture *f = *state;
    if (!sshd_is_installed())
        return 0;
    f->sshd = sshd_new();
    f->socket = sshd_connect(f->sshd);
    const struct target_spec spec = {.kind = TARGET_SSH,
                                     .host = (char[]){"box.example"},
                                     .user = (char *)(uintptr_t)sshd_user(f->sshd)};
    const struct connection_options options = {.pinned_key =
                                                   strchr(sshd_host_key(f->sshd), ' ') + 1,
                                               .socket_fd = f->socket,
                                               .identity = sshd_identity(f->sshd)};
    if (connection_open(&spec, &options, NULL, &f->connection, &f->error))
        return 0;
    print_error("%s\n", f->error.message);
    return -1;
}

static struct fixture *ready(void **state)
{
    struct fixture *f = *state;
    if (f->connection == NULL)
        skip();
    return f;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    connection_close(f->connection);
    if (f->socket > 0)
        close(f->socket);
    sshd_free(f->sshd);
    plan_release(&f->plan);
    collected_release(&f->got);
    if (f->wake[0] > 0) {
        close(f->wake[0]);
        close(f->wake[1]);
    }
    free(f);
    return 0;
}

static struct plan_step *add(struct fixture *f, const char *command)
{
    return plan_add(&f->plan, command);
}

/* With "NAP" in COMMAND for the time to sleep. */
static struct plan_step *add_nap(struct fixture *f, const char *command)
{
    struct buffer text = {0};
    for (; *command != '\0'; command++) {
        if (strncmp(command, "NAP", 3) != 0) {
            buffer_append_byte(&text, *command);
            continue;
        }
        buffer_append_text(&text, f->nap);
        command += 2;
    }
    struct plan_step *step = add(f, buffer_text(&text));
    buffer_release(&text);
    return step;
}

static bool run(struct fixture *f)
{
    bool good = plan_check(&f->plan, &f->error) &&
                runner_run(f->connection, &f->plan, &f->options, &f->events, &f->error);
    assert_false(f->got.is_out_of_order);
    assert_int_equal(f->got.result_count, f->plan.step_count);
    return good;
}

static const struct step_result *result(const struct fixture *f, size_t step)
{
    return &f->got.results[step];
}

#define assert_result(f, step, expected_outcome, expected_out)                                     \
    do {                                                                                           \
        const struct step_result *result_ = result((f), (step));                                   \
        assert_string_equal(step_outcome_text(result_->outcome),                                   \
                            step_outcome_text(expected_outcome));                                  \
        assert_string_equal(buffer_text(&result_->out), (expected_out));                           \
    } while (0)

static void results_carry_output_status_and_time(void **state)
{
    struct fixture *f = ready(state);
    int64_t before_ms = clock_wall_ms();
    add(f, "echo out; echo err >&2; exit 7");
    add(f, "printf 'a\\000b'");
    assert_done(run(f), &f->error);
    assert_result(f, 0, STEP_DONE, "out\n");
    assert_string_equal(buffer_text(&result(f, 0)->err), "err\n");
    assert_int_equal(result(f, 0)->exit_status, 7);
    assert_true(result(f, 0)->started_ms >= before_ms);
    assert_true(result(f, 0)->started_ms <= clock_wall_ms());
    assert_true(result(f, 0)->duration_ms >= 0 && result(f, 0)->duration_ms < 10000);
    assert_int_equal(result(f, 1)->out.length, 3);
    assert_memory_equal(result(f, 1)->out.data, "a\0b", 3);
    assert_int_equal(f->got.begun_count, 2);
}

static void an_empty_plan_is_through_at_once(void **state)
{
    struct fixture *f = ready(state);
    assert_done(run(f), &f->error);
}

static void a_hung_command_costs_only_its_own_check(void **state)
{
    struct fixture *f = ready(state);
    add(f, "echo before");
    add_nap(f, "echo partial; trap '' TERM; while :; do sleep NAP; done")->timeout_ms = 200;
    add(f, "echo after");
    assert_done(run(f), &f->error);
    assert_result(f, 0, STEP_DONE, "before\n");
    assert_result(f, 1, STEP_TIMEOUT, "partial\n");
    assert_string_equal(result(f, 1)->detail, "stopped after 200 ms");
    assert_int_equal(result(f, 1)->exit_status, -1);
    assert_true(result(f, 1)->duration_ms >= 200);
    assert_result(f, 2, STEP_DONE, "after\n");
    assert_true(processes_are_gone(f->nap, 5000));
}

static void an_endless_command_is_cut_at_its_cap(void **state)
{
    struct fixture *f = ready(state);
    add(f, "yes")->out_max_bytes = 1000;
    add(f, "yes >&2")->err_max_bytes = 11;
    add(f, "echo after");
    assert_done(run(f), &f->error);
    assert_int_equal(result(f, 0)->outcome, STEP_TRUNCATED);
    assert_int_equal(result(f, 0)->out.length, 1000);
    assert_string_equal(result(f, 0)->detail, "more than 1000 bytes on stdout: stopped there");
    assert_int_equal(result(f, 1)->outcome, STEP_TRUNCATED);
    assert_string_equal(buffer_text(&result(f, 1)->err), "y\ny\ny\ny\ny\ny");
    assert_string_equal(result(f, 1)->detail, "more than 11 bytes on stderr: stopped there");
    assert_result(f, 2, STEP_DONE, "after\n");
    assert_true(processes_are_gone(f->nap, 5000));
}

static void output_of_exactly_its_cap_is_whole(void **state)
{
    struct fixture *f = ready(state);
    add(f, "printf 12345")->out_max_bytes = 5;
    add(f, "printf 123456")->out_max_bytes = 5;
    assert_done(run(f), &f->error);
    assert_result(f, 0, STEP_DONE, "12345");
    assert_result(f, 1, STEP_TRUNCATED, "12345");
}

static void a_hundred_megabytes_come_through_in_pieces(void **state)
{
    struct fixture *f = ready(state);
    size_t bytes = 0;
    for (int i = 0; i < 7; i++)
        add(f, "head -c 15000000 /dev/zero")->out_max_bytes = PLAN_STREAM_MAX_BYTES;
    assert_done(run(f), &f->error);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(result(f, i)->outcome, STEP_DONE);
        bytes += result(f, i)->out.length;
    }
    assert_int_equal(bytes, 105000000);
}

static void a_hundred_megabytes_at_once_are_cut(void **state)
{
    struct fixture *f = ready(state);
    add(f, "head -c 100000000 /dev/zero");
    add(f, "echo after");
    assert_done(run(f), &f->error);
    assert_int_equal(result(f, 0)->outcome, STEP_TRUNCATED);
    assert_int_equal(result(f, 0)->out.length, PLAN_OUT_DEFAULT_BYTES);
    assert_result(f, 1, STEP_DONE, "after\n");
}

static void the_cap_of_the_run_ends_it(void **state)
{
    struct fixture *f = ready(state);
    f->plan.total_max_bytes = 1000;
    add(f, "echo first");
    add(f, "yes");
    add(f, "echo never");
    assert_done(run(f), &f->error);
    assert_result(f, 0, STEP_DONE, "first\n");
    assert_int_equal(result(f, 1)->outcome, STEP_TRUNCATED);
    /* The self-test's 256 bytes count, too. */
    assert_int_equal(result(f, 1)->out.length, 1000 - 256 - 6);
    assert_result(f, 2, STEP_TRUNCATED, "");
    assert_string_equal(result(f, 2)->detail, "the run reached its cap of 1000 bytes of output");
}

static void a_command_that_kills_its_shell_costs_only_its_own_check(void **state)
{
    struct fixture *f = ready(state);
    add_nap(f, "echo before; kill -9 $$; sleep NAP");
    add(f, "echo after");
    add(f, "kill -9 -$$");
    add(f, "echo last");
    assert_done(run(f), &f->error);
    assert_int_equal(result(f, 0)->outcome, STEP_CUT);
    assert_string_equal(result(f, 0)->detail, "the shell ended before the command did");
    assert_result(f, 1, STEP_DONE, "after\n");
    assert_int_equal(result(f, 2)->outcome, STEP_CUT);
    assert_result(f, 3, STEP_DONE, "last\n");
    assert_true(processes_are_gone(f->nap, 5000));
}

static void children_that_hold_the_pipes_hold_up_nothing(void **state)
{
    struct fixture *f = ready(state);
    add_nap(f, "sleep NAP & echo started");
    add_nap(f, "setsid sleep NAP & echo left");
    add(f, "echo after");
    int64_t before_ms = clock_monotonic_ms();
    assert_done(run(f), &f->error);
    assert_true(clock_monotonic_ms() - before_ms < HANG_MS);
    assert_result(f, 0, STEP_DONE, "started\n");
    assert_result(f, 1, STEP_DONE, "left\n");
    assert_result(f, 2, STEP_DONE, "after\n");
    assert_true(processes_are_gone(f->nap, 5000));
}

static void a_forged_marker_is_output(void **state)
{
    struct fixture *f = ready(state);
    add(f, "printf '\\nAAAAAAAAAAAAAAAAAAAAAA E1 0\\n'; exit 9");
    add(f, "set; alias; echo after");
    assert_done(run(f), &f->error);
    assert_result(f, 0, STEP_DONE, "\nAAAAAAAAAAAAAAAAAAAAAA E1 0\n");
    assert_int_equal(result(f, 0)->exit_status, 9);
    assert_int_equal(result(f, 1)->outcome, STEP_DONE);
}

static void a_long_plan_goes_over_several_channels(void **state)
{
    struct fixture *f = ready(state);
    char command[32];
    for (int i = 0; i < 900; i++) {
        snprintf(command, sizeof(command), "echo %d", i);
        add(f, command);
    }
    assert_done(run(f), &f->error);
    for (size_t i = 0; i < 900; i++) {
        snprintf(command, sizeof(command), "%zu\n", i);
        assert_result(f, i, STEP_DONE, command);
    }
}

static void steps_as_root_run_as_they_are_or_are_refused(void **state)
{
    struct fixture *f = ready(state);
    add(f, "id -u")->as_root = true;
    add(f, "echo other");
    assert_done(run(f), &f->error);
    if (result(f, 0)->outcome == STEP_REFUSED)
        assert_true(result(f, 0)->detail[0] != '\0');
    else
        assert_result(f, 0, STEP_DONE, "0\n");
    assert_result(f, 1, STEP_DONE, "other\n");
}

static void stop_at_its_step(void *context, size_t step)
{
    struct fixture *f = (struct fixture *)((char *)context - offsetof(struct fixture, got));
    collect_events(&f->got).begun(&f->got, step);
    if (step == f->stop_at)
        f->stop(f);
}

static void wake(struct fixture *f)
{
    if (write(f->wake[1], "x", 1) != 1)
        abort();
}

static bool cancel(void *context)
{
    (void)context;
    return false;
}

static void cancelling_keeps_what_is_finished(void **state)
{
    struct fixture *f = ready(state);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, f->wake) != 0)
        fail();
    f->options.wake_fd = f->wake[0];
    f->events.begun = stop_at_its_step;
    f->events.woken = cancel;
    f->stop_at = 1;
    f->stop = wake;
    add(f, "echo finished");
    add_nap(f, "echo partial; sleep NAP");
    add(f, "echo never");
    int64_t before_ms = clock_monotonic_ms();
    assert_refused(run(f), &f->error, ERROR_CANCELLED);
    assert_true(clock_monotonic_ms() - before_ms < HANG_MS);
    assert_result(f, 0, STEP_DONE, "finished\n");
    assert_int_equal(result(f, 1)->outcome, STEP_CANCELLED);
    assert_result(f, 2, STEP_CANCELLED, "");
    assert_true(processes_are_gone(f->nap, 5000));
}

static void kill_server(struct fixture *f)
{
    kill(sshd_process(f->sshd), SIGKILL);
}

static void a_connection_that_is_cut_leaves_nothing_running(void **state)
{
    struct fixture *f = ready(state);
    f->events.begun = stop_at_its_step;
    f->stop_at = 1;
    f->stop = kill_server;
    add(f, "echo finished");
    add_nap(f, "(trap '' TERM; sleep NAP) & sleep NAP");
    add(f, "echo never");
    assert_refused(run(f), &f->error, ERROR_UNREACHABLE);
    assert_result(f, 0, STEP_DONE, "finished\n");
    assert_result(f, 1, STEP_CUT, "");
    assert_result(f, 2, STEP_CUT, "");
    assert_non_null(strstr(result(f, 1)->detail, "was lost"));
    assert_true(processes_are_gone(f->nap, 5000));
}

/* More time-outs in a row than the server allows sessions (MaxSessions, 10 by default). */
static void many_hung_commands_do_not_use_up_the_sessions(void **state)
{
    struct fixture *f = ready(state);
    for (int i = 0; i < 14; i++)
        add_nap(f, "trap '' TERM; sleep NAP")->timeout_ms = 20;
    add(f, "echo after");
    assert_done(run(f), &f->error);
    for (size_t i = 0; i < 14; i++)
        assert_int_equal(result(f, i)->outcome, STEP_TIMEOUT);
    assert_result(f, 14, STEP_DONE, "after\n");
    assert_true(processes_are_gone(f->nap, 5000));
}

static void a_forced_command_gives_no_frame(void **state)
{
    struct fixture *f = ready(state);
    connection_close(f->connection);
    f->connection = NULL;
    close(f->socket);
    sshd_configure(f->sshd, "ForceCommand echo only backups here; false");
    f->socket = sshd_connect(f->sshd);
    const struct target_spec spec = {.kind = TARGET_SSH,
                                     .host = (char[]){"box.example"},
                                     .user = (char *)(uintptr_t)sshd_user(f->sshd)};
    const struct connection_options options = {.pinned_key =
                                                   strchr(sshd_host_key(f->sshd), ' ') + 1,
                                               .socket_fd = f->socket,
                                               .identity = sshd_identity(f->sshd)};
    assert_done(connection_open(&spec, &options, NULL, &f->connection, &f->error), &f->error);
    add(f, "id");
    assert_done(run(f), &f->error);
    assert_result(f, 0, STEP_NO_FRAME, "");
    assert_string_equal(
        result(f, 0)->detail,
        "no frame came back: the shell ended with status 1; it looks like a forced command, "
        "or a shell that takes no script: the target said \"only backups here\"");
}

static void no_file_is_created(void **state)
{
    struct fixture *f = ready(state);
    char command[600];
    const char *folder = testing_path("nothing-here");
    snprintf(command, sizeof(command), "mkdir -p %s && chmod 777 %s", folder, folder);
    add(f, command);
    snprintf(command, sizeof(command),
             "cd %s && { echo text > file; } 2>/dev/null; sort -T . /etc/passwd", folder);
    add(f, command);
    snprintf(command, sizeof(command), "cat %s/file 2>/dev/null | wc -c", folder);
    add(f, command);
    add(f, "pwd");
    assert_done(run(f), &f->error);
    assert_result(f, 2, STEP_DONE, "0\n");
    assert_result(f, 3, STEP_DONE, "/\n");
}

#define EVERYWHERE(TEST)                                                                           \
    TEST(results_carry_output_status_and_time), TEST(an_empty_plan_is_through_at_once),            \
        TEST(a_hung_command_costs_only_its_own_check), TEST(an_endless_command_is_cut_at_its_cap), \
        TEST(output_of_exactly_its_cap_is_whole),                                                  \
        TEST(a_hundred_megabytes_come_through_in_pieces),                                          \
        TEST(a_hundred_megabytes_at_once_are_cut), TEST(the_cap_of_the_run_ends_it),               \
        TEST(a_command_that_kills_its_shell_costs_only_its_own_check),                             \
        TEST(children_that_hold_the_pipes_hold_up_nothing), TEST(a_forged_marker_is_output),       \
        TEST(a_long_plan_goes_over_several_channels),                                              \
        TEST(steps_as_root_run_as_they_are_or_are_refused),                                        \
        TEST(cancelling_keeps_what_is_finished), TEST(no_file_is_created)

int main(void)
{
#define LOCAL(name) cmocka_unit_test_setup_teardown(name, set_up_local, tear_down)
#define SSH(name)   cmocka_unit_test_setup_teardown(name, set_up_ssh, tear_down)
    const struct CMUnitTest local[] = {EVERYWHERE(LOCAL)};
    const struct CMUnitTest ssh[] = {
        EVERYWHERE(SSH),
        SSH(a_connection_that_is_cut_leaves_nothing_running),
        SSH(many_hung_commands_do_not_use_up_the_sessions),
        SSH(a_forced_command_gives_no_frame),
    };
    return cmocka_run_group_tests(local, NULL, NULL) + cmocka_run_group_tests(ssh, NULL, NULL);
}
