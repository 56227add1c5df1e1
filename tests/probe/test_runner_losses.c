/* SPDX-License-Identifier: Apache-2.0 */
/* The runner on pretended connections that are lost, one after the other. */
#include "support/testing.h"

#include "collect.h"
#include "pretended.h"

#include "base/clock.h"

#include <poll.h>
#include <unistd.h>

enum { CONNECTIONS_MAX = 50 };

struct fixture {
    struct connection connections[CONNECTIONS_MAX]; /* one after the other */
    size_t used;
    void (*behave)(struct connection *connection); /* of those that come later */
    int refusals;                                  /* so many attempts fail with REFUSAL */
    enum error_code refusal;
    int attempts, attempt_last; /* asked for; the number of the last one */
    char why[256];              /* told with the last one */
    int wake[2];
    struct plan plan;
    struct runner_options options;
    struct runner_events events;
    struct collected got;
    struct error error;
};

static struct fixture *fixture_of(void *context)
{
    return (struct fixture *)((char *)context - offsetof(struct fixture, got));
}

static bool reconnect(void *context, const struct runner_loss *loss,
                      struct connection **ret_connection, struct error *error)
{
    struct fixture *f = fixture_of(context);
    f->attempts++;
    f->attempt_last = loss->attempt;
    snprintf(f->why, sizeof(f->why), "%s", loss->why);
    if (f->attempts <= f->refusals)
        return error_set(error, f->refusal, "nobody is there");
    assert_true(f->used < CONNECTIONS_MAX);
    *ret_connection = &f->connections[f->used++];
    (*ret_connection)->behave = f->behave;
    return true;
}

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    plan_add(&f->plan, "one");
    plan_add(&f->plan, "two");
    plan_add(&f->plan, "three");
    f->options.frame_wait_ms = 50;
    f->options.retry_pause_ms = 1;
    f->events = collect_events(&f->got);
    f->events.reconnect = reconnect;
    *state = f;
    return plan_check(&f->plan, &f->error) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    plan_release(&f->plan);
    collected_release(&f->got);
    if (f->wake[0] > 0) {
        close(f->wake[0]);
        close(f->wake[1]);
    }
    free(f);
    return 0;
}

/* FIRST on the first connection, THEN on all that follow. */
static bool run(struct fixture *f, void (*first)(struct connection *connection),
                void (*then)(struct connection *connection))
{
    f->connections[0].behave = first;
    f->used = 1;
    f->behave = then;
    bool good = runner_run(&f->connections[0], &f->plan, &f->options, &f->events, &f->error);
    assert_false(f->got.is_out_of_order);
    assert_int_equal(f->got.result_count, f->plan.step_count);
    for (size_t i = 0; i < f->used; i++)
        assert_false(f->connections[i].shell.is_open);
    return good;
}

static const struct step_result *result(const struct fixture *f, size_t step)
{
    return &f->got.results[step];
}

#define assert_outcome(f, step, expected)                                                          \
    assert_string_equal(step_outcome_text(result((f), (step))->outcome),                           \
                        step_outcome_text(expected))
#define assert_detail(f, step, text) assert_string_equal(result((f), (step))->detail, (text))

static void lose_in_the_second(struct connection *connection)
{
    pass_self_test(connection);
    say_both(connection, "\n@ B1\ndone\n@ E1 0\n\n@ B2\npartial\n");
    connection->is_lost = true;
}

static void do_two(struct connection *connection)
{
    pass_self_test(connection);
    say_both(connection, "\n@ B1\nwhole\n@ E1 0\n\n@ B2\nlast\n@ E2 0\n");
}

static void what_was_cut_off_is_asked_again_and_says_so(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, lose_in_the_second, do_two), &f->error);
    for (size_t i = 0; i < 3; i++)
        assert_outcome(f, i, STEP_DONE);
    assert_string_equal(buffer_text(&result(f, 1)->out), "whole");
    assert_detail(f, 0, "");
    assert_detail(f, 1, "asked again on a new connection: the connection was lost");
    assert_detail(f, 2, "");
    assert_int_equal(f->used, 2);
    assert_string_equal(f->why, "the connection was lost");
}

static void lose_between(struct connection *connection)
{
    pass_self_test(connection);
    say_both(connection, "\n@ B1\ndone\n@ E1 0\n");
    connection->is_lost = true;
}

static void what_had_not_begun_is_asked_for_the_first_time(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, lose_between, do_two), &f->error);
    assert_outcome(f, 1, STEP_DONE);
    assert_detail(f, 1, "asked on a new connection: the connection was lost");
}

static void lose_in_the_first(struct connection *connection)
{
    pass_self_test(connection);
    say_both(connection, "\n@ B1\npartial\n");
    connection->is_lost = true;
}

static void a_command_that_costs_two_connections_is_given_up(void **state)
{
    struct fixture *f = *state;
    assert_refused(run(f, lose_in_the_second, lose_in_the_first), &f->error, ERROR_UNREACHABLE);
    assert_outcome(f, 0, STEP_DONE);
    assert_outcome(f, 1, STEP_CUT);
    assert_string_equal(buffer_text(&result(f, 1)->out), "partial\n");
    assert_detail(f, 1,
                  "cut off twice: the connection was lost; asked again on a new connection: the "
                  "connection was lost");
    assert_outcome(f, 2, STEP_CUT);
    assert_int_equal(f->used, 4);
}

static void losses_without_end_come_to_an_end(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 40; i++)
        plan_add(&f->plan, "more");
    assert_true(plan_check(&f->plan, &f->error));
    assert_refused(run(f, lose_in_the_first, lose_in_the_first), &f->error, ERROR_UNREACHABLE);
    assert_string_equal(f->error.message,
                        "the connection was lost 21 times: the connection was lost");
    assert_int_equal(f->used, 21);
    assert_outcome(f, 42, STEP_CUT);
    assert_detail(f, 42, "the connection was lost 21 times: the connection was lost");
}

static void lose_at_once(struct connection *connection)
{
    connection->is_lost = true;
}

static void connections_that_bring_nothing_come_to_an_end(void **state)
{
    struct fixture *f = *state;
    assert_refused(run(f, lose_at_once, lose_at_once), &f->error, ERROR_UNREACHABLE);
    assert_int_equal(f->used, 4);
    assert_outcome(f, 0, STEP_CUT);
}

static void a_target_that_comes_back_late_is_waited_for(void **state)
{
    struct fixture *f = *state;
    f->refusals = 3;
    f->refusal = ERROR_UNREACHABLE;
    assert_done(run(f, lose_in_the_second, do_two), &f->error);
    assert_outcome(f, 2, STEP_DONE);
    assert_int_equal(f->attempt_last, 4);
}

static void a_target_that_stays_away_is_given_up(void **state)
{
    struct fixture *f = *state;
    f->refusals = 100;
    f->refusal = ERROR_TIMEOUT;
    assert_refused(run(f, lose_in_the_second, do_two), &f->error, ERROR_TIMEOUT);
    assert_int_equal(f->attempts, 4);
    assert_outcome(f, 1, STEP_CUT);
    assert_string_equal(buffer_text(&result(f, 1)->out), "partial\n");
    assert_detail(f, 1, "the connection was lost; connecting again failed: nobody is there");
    assert_outcome(f, 2, STEP_CUT);
}

static void another_host_in_its_place_is_not_asked_again(void **state)
{
    struct fixture *f = *state;
    f->refusals = 100;
    f->refusal = ERROR_DENIED;
    assert_refused(run(f, lose_in_the_second, do_two), &f->error, ERROR_DENIED);
    assert_int_equal(f->attempts, 1);
    assert_outcome(f, 2, STEP_CUT);
}

static void do_one(struct connection *connection)
{
    pass_self_test(connection);
    say_both(connection,
             connection->channels == 1 ? "\n@ B1\nlast\n@ E1 0\n" : "\n@ B0\nlast\n@ E0 0\n");
}

static void a_step_to_ask_only_once_is_not_asked_again(void **state)
{
    struct fixture *f = *state;
    f->plan.steps[1].only_once = true;
    assert_done(run(f, lose_between, do_one), &f->error);
    assert_outcome(f, 0, STEP_DONE);
    assert_outcome(f, 1, STEP_DONE);
    assert_outcome(f, 2, STEP_DONE);
}

static void lose_the_second_channel(struct connection *connection)
{
    pass_self_test(connection);
    if (connection->channels == 1)
        say_both(connection, "\n@ B1\n\n@ E1 0\n");
    connection->is_lost = connection->channels == 2;
}

static void a_step_to_ask_only_once_may_have_run_unseen(void **state)
{
    struct fixture *f = *state;
    f->plan.steps[1].only_once = true;
    assert_done(run(f, lose_the_second_channel, do_one), &f->error);
    assert_outcome(f, 0, STEP_DONE);
    assert_outcome(f, 1, STEP_CUT);
    assert_detail(f, 1, "the connection was lost; it may change something and is not asked again");
    assert_outcome(f, 2, STEP_DONE);
}

static void hang_then_fall_silent(struct connection *connection)
{
    if (connection->channels > 1 || connection->pumps > 1)
        return;
    pass_self_test(connection);
    say_both(connection, "\n@ B1\n\n@ E1 0\n\n@ B2\nhalf");
}

static void a_target_that_goes_silent_is_connected_again(void **state)
{
    struct fixture *f = *state;
    f->plan.steps[1].timeout_ms = 20;
    assert_done(run(f, hang_then_fall_silent, do_one), &f->error);
    assert_outcome(f, 1, STEP_TIMEOUT);
    assert_string_equal(buffer_text(&result(f, 1)->out), "half");
    assert_outcome(f, 2, STEP_DONE);
    assert_detail(f, 2, "asked on a new connection: nothing came back within 50 ms");
    assert_int_equal(f->connections[0].channels, 2);
}

static bool cancel(void *context)
{
    (void)context;
    return false;
}

static void a_wait_for_a_new_connection_is_cancelled_at_once(void **state)
{
    struct fixture *f = *state;
    int64_t before_ms = clock_monotonic_ms();
    assert_int_equal(pipe(f->wake), 0);
    assert_int_equal(write(f->wake[1], "x", 1), 1);
    f->options.wake_fd = f->wake[0];
    f->options.retry_pause_ms = 20000;
    f->events.woken = cancel;
    assert_refused(run(f, lose_at_once, do_two), &f->error, ERROR_CANCELLED);
    assert_true(clock_monotonic_ms() - before_ms < f->options.retry_pause_ms);
    assert_outcome(f, 0, STEP_CANCELLED);
}

/* As if the process had been stopped in this wait: longer than the step may take. */
static void stand_still(struct connection *connection)
{
    if (connection->pumps == 1) {
        pass_self_test(connection);
        say_both(connection, "\n@ B1\n");
        poll(NULL, 0, 2300);
    } else {
        say_both(connection, "\nwaited\n@ E1 0\n\n@ B2\n\n@ E2 0\n\n@ B3\n\n@ E3 0\n");
    }
}

static void a_standstill_on_our_side_is_no_time_out(void **state)
{
    struct fixture *f = *state;
    f->plan.steps[0].timeout_ms = 100;
    assert_done(run(f, stand_still, NULL), &f->error);
    assert_outcome(f, 0, STEP_DONE);
    assert_detail(f, 0, "the reviewer's side stood still for 2 s");
    assert_detail(f, 1, "");
    assert_int_equal(f->used, 1);
}

static void end_while_standing_still(struct connection *connection)
{
    if (connection->pumps == 1) {
        pass_self_test(connection);
        say_both(connection, "\n@ B1\n\n@ E1 0\n\n@ B2\n");
        poll(NULL, 0, 2300);
        end_shell(connection, -1);
    }
}

static void a_shell_that_did_not_wait_for_us_costs_nothing(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, end_while_standing_still, do_two), &f->error);
    assert_outcome(f, 1, STEP_DONE);
    assert_outcome(f, 2, STEP_DONE);
    assert_non_null(strstr(result(f, 1)->detail, "asked again on a new connection: the target "
                                                 "gave the shell up"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_was_cut_off_is_asked_again_and_says_so),
        TEST(what_had_not_begun_is_asked_for_the_first_time),
        TEST(a_command_that_costs_two_connections_is_given_up),
        TEST(losses_without_end_come_to_an_end),
        TEST(connections_that_bring_nothing_come_to_an_end),
        TEST(a_target_that_comes_back_late_is_waited_for),
        TEST(a_target_that_stays_away_is_given_up),
        TEST(another_host_in_its_place_is_not_asked_again),
        TEST(a_step_to_ask_only_once_is_not_asked_again),
        TEST(a_step_to_ask_only_once_may_have_run_unseen),
        TEST(a_target_that_goes_silent_is_connected_again),
        TEST(a_wait_for_a_new_connection_is_cancelled_at_once),
        TEST(a_standstill_on_our_side_is_no_time_out),
        TEST(a_shell_that_did_not_wait_for_us_costs_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
