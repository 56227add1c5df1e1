/* SPDX-License-Identifier: Apache-2.0 */
/* The runner on shells of this machine. */
#include "support/testing.h"

#include "collect.h"
#include "shells.h"

#include "base/clock.h"

#include <sys/socket.h>
#include <unistd.h>

struct fixture {
    struct connection *connection;
    struct plan plan;
    struct runner_options options;
    struct runner_events events;
    struct collected got;
    struct error error;
    char mark[64];
    int wake[2];
    size_t cancel_at; /* results after which the test cancels; 0: never */
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    const struct target_spec spec = {.kind = TARGET_LOCAL};
    char nonce[FRAME_NONCE_BYTES];
    frame_nonce_make(nonce);
    snprintf(f->mark, sizeof(f->mark), "mark-%s", nonce);
    setenv("WALKDOWN_TEST_MARK", f->mark, 1);
    f->events = collect_events(&f->got);
    *state = f;
    return connection_open(&spec, &(struct connection_options){0}, &(struct connection_events){0},
                           &f->connection, &f->error)
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    connection_close(f->connection);
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
    struct fixture *f = *state;
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
    struct fixture *f = *state;
    assert_done(run(f), &f->error);
}

static void a_hung_command_costs_only_its_own_check(void **state)
{
    struct fixture *f = *state;
    add(f, "echo before");
    add(f, "echo partial; trap '' TERM; while :; do sleep 1000; done")->timeout_ms = 200;
    add(f, "echo after");
    assert_done(run(f), &f->error);
    assert_result(f, 0, STEP_DONE, "before\n");
    assert_result(f, 1, STEP_TIMEOUT, "partial\n");
    assert_string_equal(result(f, 1)->detail, "stopped after 200 ms");
    assert_int_equal(result(f, 1)->exit_status, -1);
    assert_true(result(f, 1)->duration_ms >= 200);
    assert_result(f, 2, STEP_DONE, "after\n");
    assert_true(processes_are_gone(f->mark, 5000));
}

static void an_endless_command_is_cut_at_its_cap(void **state)
{
    struct fixture *f = *state;
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
    assert_true(processes_are_gone(f->mark, 5000));
}

static void output_of_exactly_its_cap_is_whole(void **state)
{
    struct fixture *f = *state;
    add(f, "printf 12345")->out_max_bytes = 5;
    add(f, "printf 123456")->out_max_bytes = 5;
    assert_done(run(f), &f->error);
    assert_result(f, 0, STEP_DONE, "12345");
    assert_result(f, 1, STEP_TRUNCATED, "12345");
}

static void a_hundred_megabytes_come_through_in_pieces(void **state)
{
    struct fixture *f = *state;
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
    struct fixture *f = *state;
    add(f, "head -c 100000000 /dev/zero");
    add(f, "echo after");
    assert_done(run(f), &f->error);
    assert_int_equal(result(f, 0)->outcome, STEP_TRUNCATED);
    assert_int_equal(result(f, 0)->out.length, PLAN_OUT_DEFAULT_BYTES);
    assert_result(f, 1, STEP_DONE, "after\n");
}

static void the_cap_of_the_run_ends_it(void **state)
{
    struct fixture *f = *state;
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
    struct fixture *f = *state;
    add(f, "echo before; kill -9 $$; sleep 1000");
    add(f, "echo after");
    add(f, "kill -9 -$$");
    add(f, "echo last");
    assert_done(run(f), &f->error);
    assert_int_equal(result(f, 0)->outcome, STEP_CUT);
    assert_string_equal(result(f, 0)->detail, "the shell ended before the command did");
    assert_result(f, 1, STEP_DONE, "after\n");
    assert_int_equal(result(f, 2)->outcome, STEP_CUT);
    assert_result(f, 3, STEP_DONE, "last\n");
    assert_true(processes_are_gone(f->mark, 5000));
}

static void children_that_hold_the_pipes_hold_up_nothing(void **state)
{
    struct fixture *f = *state;
    add(f, "sleep 1000 & echo started");
    add(f, "setsid sleep 5 & echo left");
    add(f, "echo after");
    int64_t before_ms = clock_monotonic_ms();
    assert_done(run(f), &f->error);
    assert_true(clock_monotonic_ms() - before_ms < 4000);
    assert_result(f, 0, STEP_DONE, "started\n");
    assert_result(f, 1, STEP_DONE, "left\n");
    assert_result(f, 2, STEP_DONE, "after\n");
}

static void a_forged_marker_is_output(void **state)
{
    struct fixture *f = *state;
    add(f, "printf '\\nAAAAAAAAAAAAAAAAAAAAAA E1 0\\n'; exit 9");
    add(f, "set; alias; echo after");
    assert_done(run(f), &f->error);
    assert_result(f, 0, STEP_DONE, "\nAAAAAAAAAAAAAAAAAAAAAA E1 0\n");
    assert_int_equal(result(f, 0)->exit_status, 9);
    assert_int_equal(result(f, 1)->outcome, STEP_DONE);
}

static void a_long_plan_goes_over_several_channels(void **state)
{
    struct fixture *f = *state;
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
    struct fixture *f = *state;
    add(f, "id -u")->as_root = true;
    add(f, "echo other");
    assert_done(run(f), &f->error);
    if (result(f, 0)->outcome == STEP_REFUSED)
        assert_true(result(f, 0)->detail[0] != '\0');
    else
        assert_result(f, 0, STEP_DONE, "0\n");
    assert_result(f, 1, STEP_DONE, "other\n");
}

static void watch_for_cancel(void *context, size_t step)
{
    struct fixture *f = (struct fixture *)((char *)context - offsetof(struct fixture, got));
    collect_events(&f->got).begun(&f->got, step);
    if (step == f->cancel_at && write(f->wake[1], "x", 1) != 1)
        abort();
}

static bool cancel(void *context)
{
    (void)context;
    return false;
}

static void cancelling_keeps_what_is_finished(void **state)
{
    struct fixture *f = *state;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, f->wake) != 0)
        fail();
    f->options.wake_fd = f->wake[0];
    f->events.begun = watch_for_cancel;
    f->events.woken = cancel;
    f->cancel_at = 1;
    add(f, "echo finished");
    add(f, "echo partial; sleep 1000");
    add(f, "echo never");
    int64_t before_ms = clock_monotonic_ms();
    assert_refused(run(f), &f->error, ERROR_CANCELLED);
    assert_true(clock_monotonic_ms() - before_ms < 2000);
    assert_result(f, 0, STEP_DONE, "finished\n");
    assert_int_equal(result(f, 1)->outcome, STEP_CANCELLED);
    assert_result(f, 2, STEP_CANCELLED, "");
    assert_true(processes_are_gone(f->mark, 5000));
}

static void no_file_is_created(void **state)
{
    struct fixture *f = *state;
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(results_carry_output_status_and_time),
        TEST(an_empty_plan_is_through_at_once),
        TEST(a_hung_command_costs_only_its_own_check),
        TEST(an_endless_command_is_cut_at_its_cap),
        TEST(output_of_exactly_its_cap_is_whole),
        TEST(a_hundred_megabytes_come_through_in_pieces),
        TEST(a_hundred_megabytes_at_once_are_cut),
        TEST(the_cap_of_the_run_ends_it),
        TEST(a_command_that_kills_its_shell_costs_only_its_own_check),
        TEST(children_that_hold_the_pipes_hold_up_nothing),
        TEST(a_forged_marker_is_output),
        TEST(a_long_plan_goes_over_several_channels),
        TEST(steps_as_root_run_as_they_are_or_are_refused),
        TEST(cancelling_keeps_what_is_finished),
        TEST(no_file_is_created),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
