/* SPDX-License-Identifier: Apache-2.0 */
/* The runner on a pretended target that misbehaves. */
#include "support/testing.h"

#include "collect.h"
#include "pretended.h"

struct fixture {
    struct connection connection;
    struct plan plan;
    struct runner_options options;
    struct collected got;
    struct error error;
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    plan_add(&f->plan, "one");
    plan_add(&f->plan, "two");
    plan_add(&f->plan, "three");
    f->options.frame_wait_ms = 50;
    *state = f;
    return plan_check(&f->plan, &f->error) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    plan_release(&f->plan);
    collected_release(&f->got);
    free(f);
    return 0;
}

static bool run(struct fixture *f, void (*behave)(struct connection *connection))
{
    const struct runner_events events = collect_events(&f->got);
    f->connection.behave = behave;
    bool good = runner_run(&f->connection, &f->plan, &f->options, &events, &f->error);
    assert_false(f->connection.shell.is_open);
    assert_false(f->got.is_out_of_order);
    assert_int_equal(f->got.result_count, f->plan.step_count);
    return good;
}

#define assert_outcomes(f, first, second, third)                                                   \
    do {                                                                                           \
        assert_int_equal((f)->got.results[0].outcome, (first));                                    \
        assert_int_equal((f)->got.results[1].outcome, (second));                                   \
        assert_int_equal((f)->got.results[2].outcome, (third));                                    \
    } while (0)
#define assert_detail(f, step, text) assert_string_equal((f)->got.results[step].detail, (text))

static void a_target_that_says_nothing_gives_no_frame(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, NULL), &f->error);
    assert_outcomes(f, STEP_NO_FRAME, STEP_NO_FRAME, STEP_NO_FRAME);
    assert_detail(f, 0, "no frame came back within 50 ms");
    assert_int_equal(f->connection.channels, 1);
    assert_int_equal(f->got.begun_count, 0);
}

static void refuse_politely(struct connection *connection)
{
    if (connection->pumps == 1)
        say(connection, SHELL_STDERR, "This account is restricted.\n");
    else
        end_shell(connection, 1);
}

static void what_a_forced_command_says_is_quoted(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, refuse_politely), &f->error);
    assert_outcomes(f, STEP_NO_FRAME, STEP_NO_FRAME, STEP_NO_FRAME);
    assert_detail(
        f, 2,
        "no frame came back: the shell ended with status 1; it looks like a restricted shell: "
        "the target said \"This account is restricted.\"");
    assert_int_equal(f->got.results[0].noise_bytes, 28);
    assert_int_equal(f->got.results[1].noise_bytes, 0);
}

static void babble(struct connection *connection)
{
    static char line[65536];
    memset(line, 'x', sizeof(line) - 1);
    connection->pumps = 1;
    say(connection, SHELL_STDOUT, line);
}

static void endless_noise_is_cut_off(void **state)
{
    struct fixture *f = *state;
    f->options.frame_wait_ms = 60000;
    assert_done(run(f, babble), &f->error);
    assert_outcomes(f, STEP_NO_FRAME, STEP_NO_FRAME, STEP_NO_FRAME);
    assert_true(f->got.results[0].noise_bytes < 2 * 1024 * 1024);
}

static void alter_line_ends(struct connection *connection)
{
    say_both(connection, "\n@ B0\n");
    say(connection, SHELL_STDOUT, "\001\002\003\r\n");
    say_both(connection, "\n@ E0 37\n");
    say_both(connection, "\n@ B1\n");
    say_both(connection, "\n@ E1 0\n");
}

static void an_altered_self_test_stops_everything(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, alter_line_ends), &f->error);
    assert_outcomes(f, STEP_NO_FRAME, STEP_NO_FRAME, STEP_NO_FRAME);
    assert_non_null(strstr(f->got.results[0].detail, "5 bytes instead of 256"));
    assert_int_equal(f->got.begun_count, 0);
}

static void disagree(struct connection *connection)
{
    pass_self_test(connection);
    if (connection->channels == 1) {
        say_both(connection, "\n@ B1\n");
        say(connection, SHELL_STDOUT, "out\n@ E1 0\n");
        say(connection, SHELL_STDERR, "\n@ E1 1\n");
    } else {
        say_both(connection, "\n@ B0\n\n@ E0 5\n\n@ B1\n\n@ E1 6\n");
    }
}

static void streams_that_disagree_on_the_status_cost_that_step(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, disagree), &f->error);
    assert_outcomes(f, STEP_CUT, STEP_DONE, STEP_DONE);
    assert_string_equal(buffer_text(&f->got.results[0].out), "out");
    assert_detail(f, 0, "the frames of this command were damaged");
    assert_int_equal(f->got.results[1].exit_status, 5);
}

static void skip_a_frame(struct connection *connection)
{
    pass_self_test(connection);
    if (connection->channels == 1)
        say_both(connection, "\n@ B1\n\n@ E1 0\n\n@ B3\n\n@ E3 0\n");
    else
        say_both(connection, "\n@ B0\n\n@ E0 0\n\n@ B1\n\n@ E1 0\n");
}

static void frames_out_of_order_cost_one_step(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, skip_a_frame), &f->error);
    assert_outcomes(f, STEP_DONE, STEP_CUT, STEP_DONE);
}

static void run_ahead(struct connection *connection)
{
    pass_self_test(connection);
    say(connection, SHELL_STDOUT,
        "\n@ B1\none\n@ E1 0\n\n@ B2\ntwo\n@ E2 0\n\n@ B3\nthree\n@ E3 0\n");
    say(connection, SHELL_STDERR, "\n@ B1\n\n@ E1 0\n\n@ B2\nerr\n@ E2 0\n\n@ B3\n\n@ E3 0\n");
}

static void a_stream_that_runs_ahead_is_waited_for(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, run_ahead), &f->error);
    assert_outcomes(f, STEP_DONE, STEP_DONE, STEP_DONE);
    assert_string_equal(buffer_text(&f->got.results[1].out), "two");
    assert_string_equal(buffer_text(&f->got.results[1].err), "err");
    assert_string_equal(buffer_text(&f->got.results[2].out), "three");
}

static void run_ahead_too_far(struct connection *connection)
{
    static char block[1024 * 1024];
    memset(block, 'x', sizeof(block) - 1);
    pass_self_test(connection);
    say(connection, SHELL_STDOUT, "\n@ B1\n\n@ E1 0\n\n@ B2\n");
    for (int i = 0; i < 10; i++)
        say(connection, SHELL_STDOUT, block);
}

static void a_stream_that_never_waits_is_not_kept_in_memory(void **state)
{
    struct fixture *f = *state;
    f->plan.steps[0].timeout_ms = 10000;
    assert_done(run(f, run_ahead_too_far), &f->error);
    assert_int_equal(f->got.results[0].outcome, STEP_CUT);
}

static void lose_in_the_second(struct connection *connection)
{
    pass_self_test(connection);
    say_both(connection, "\n@ B1\ndone\n@ E1 0\n\n@ B2\npartial\n");
    connection->is_lost = true;
}

static void a_lost_connection_cuts_the_step_and_the_rest(void **state)
{
    struct fixture *f = *state;
    assert_refused(run(f, lose_in_the_second), &f->error, ERROR_UNREACHABLE);
    assert_outcomes(f, STEP_DONE, STEP_CUT, STEP_CUT);
    assert_string_equal(buffer_text(&f->got.results[0].out), "done");
    assert_string_equal(buffer_text(&f->got.results[1].out), "partial\n");
    assert_detail(f, 1, "the connection was lost");
    assert_int_equal(f->got.results[2].out.length, 0);
}

static void lose_after_the_last(struct connection *connection)
{
    pass_self_test(connection);
    say_both(connection, "\n@ B1\n\n@ E1 0\n\n@ B2\n\n@ E2 0\n\n@ B3\n\n@ E3 0\n");
    connection->is_lost = true;
}

static void a_connection_lost_after_the_last_step_is_no_loss(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, lose_after_the_last), &f->error);
    assert_outcomes(f, STEP_DONE, STEP_DONE, STEP_DONE);
}

static void die_in_silence(struct connection *connection)
{
    pass_self_test(connection);
    if (connection->channels == 1)
        say_both(connection, "\n@ B1\n\n@ E1 0\n");
    end_shell(connection, 2);
}

static void a_target_that_falls_silent_is_asked_twice_more(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, die_in_silence), &f->error);
    assert_outcomes(f, STEP_DONE, STEP_CUT, STEP_NO_FRAME);
    assert_detail(f, 1, "the shell ended between two commands");
    assert_detail(f, 2, "no frame came back: the shell ended with status 2");
    assert_int_equal(f->connection.channels, 1 + 3);
}

static void a_target_without_shells_gives_no_frame(void **state)
{
    struct fixture *f = *state;
    f->connection.refuse_at = 1;
    f->connection.refusal = ERROR_DENIED;
    assert_done(run(f, NULL), &f->error);
    assert_outcomes(f, STEP_NO_FRAME, STEP_NO_FRAME, STEP_NO_FRAME);
    assert_detail(f, 0, "no shell for you");
}

static void a_shell_that_cannot_be_opened_any_more_is_a_lost_connection(void **state)
{
    struct fixture *f = *state;
    f->connection.refuse_at = 2;
    f->connection.refusal = ERROR_UNREACHABLE;
    assert_refused(run(f, die_in_silence), &f->error, ERROR_UNREACHABLE);
    assert_outcomes(f, STEP_DONE, STEP_CUT, STEP_CUT);
}

static void refuse_for_a_while(struct connection *connection)
{
    pass_self_test(connection);
    if (connection->channels == 1) {
        say_both(connection, "\n@ B1\n");
        end_shell(connection, -1);
    } else if (connection->channels == 2) {
        error_set(&connection->shell.refusal, ERROR_DENIED, "too many sessions");
        end_shell(connection, -1);
    } else {
        say_both(connection, "\n@ B0\n\n@ E0 0\n\n@ B1\n\n@ E1 0\n");
    }
}

static void a_target_that_refuses_for_a_while_is_waited_for(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, refuse_for_a_while), &f->error);
    assert_outcomes(f, STEP_CUT, STEP_DONE, STEP_DONE);
    assert_int_equal(f->connection.channels, 3);
}

static void refuse_always(struct connection *connection)
{
    error_set(&connection->shell.refusal, ERROR_DENIED, "no sessions here");
    end_shell(connection, -1);
}

static void what_a_target_says_when_it_refuses_a_shell_is_told(void **state)
{
    struct fixture *f = *state;
    assert_done(run(f, refuse_always), &f->error);
    assert_outcomes(f, STEP_NO_FRAME, STEP_NO_FRAME, STEP_NO_FRAME);
    assert_detail(f, 0, "no sessions here");
    assert_int_equal(f->connection.channels, 1);
}

/* Frame 1 of the first channel is the search for root, frame 0 of the others. */
static void hang_in_sudo(struct connection *connection)
{
    pass_self_test(connection);
    if (connection->channels == 1) {
        say_both(connection, "\n@ B1\n");
        end_shell(connection, -1);
    } else {
        say_both(connection,
                 "\n@ B0\n\n@ E0 1\n\n@ B1\n\n@ E1 R\n\n@ B2\n\n@ E2 0\n\n@ B3\n\n@ E3 0\n");
    }
}

static void a_sudo_that_takes_the_shell_along_is_a_refusal(void **state)
{
    struct fixture *f = *state;
    f->plan.steps[0].as_root = true;
    assert_done(run(f, hang_in_sudo), &f->error);
    assert_outcomes(f, STEP_REFUSED, STEP_DONE, STEP_DONE);
    assert_detail(f, 0, "the shell ended before the command did");
}

static void die_in_sudo(struct connection *connection)
{
    pass_self_test(connection);
    say_both(connection, connection->channels == 1 ? "\n@ B1\n" : "\n@ B0\n");
    end_shell(connection, -1);
}

static void a_shell_that_always_dies_comes_to_an_end(void **state)
{
    struct fixture *f = *state;
    f->plan.steps[2].as_root = true;
    assert_done(run(f, die_in_sudo), &f->error);
    assert_outcomes(f, STEP_CUT, STEP_CUT, STEP_CUT);
    assert_int_equal(f->connection.channels, 4);
}

static void refuse_root(struct connection *connection)
{
    pass_self_test(connection);
    say_both(connection, "\n@ B1\n");
    say(connection, SHELL_STDOUT, "sudo: a password is required\n");
    say_both(connection, "\n@ E1 1\n\n@ B2\n\n@ E2 R\n\n@ B3\n\n@ E3 0\n\n@ B4\n\n@ E4 R\n");
}

static void a_refusal_tells_what_the_target_said(void **state)
{
    struct fixture *f = *state;
    f->plan.steps[0].as_root = f->plan.steps[2].as_root = true;
    assert_done(run(f, refuse_root), &f->error);
    assert_outcomes(f, STEP_REFUSED, STEP_DONE, STEP_REFUSED);
    assert_detail(f, 0, "sudo: a password is required");
    assert_detail(f, 2, "sudo: a password is required");
    assert_int_equal(f->got.results[0].out.length, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_target_that_says_nothing_gives_no_frame),
        TEST(what_a_forced_command_says_is_quoted),
        TEST(endless_noise_is_cut_off),
        TEST(an_altered_self_test_stops_everything),
        TEST(streams_that_disagree_on_the_status_cost_that_step),
        TEST(frames_out_of_order_cost_one_step),
        TEST(a_stream_that_runs_ahead_is_waited_for),
        TEST(a_stream_that_never_waits_is_not_kept_in_memory),
        TEST(a_lost_connection_cuts_the_step_and_the_rest),
        TEST(a_connection_lost_after_the_last_step_is_no_loss),
        TEST(a_target_that_falls_silent_is_asked_twice_more),
        TEST(a_target_without_shells_gives_no_frame),
        TEST(a_shell_that_cannot_be_opened_any_more_is_a_lost_connection),
        TEST(a_target_that_refuses_for_a_while_is_waited_for),
        TEST(what_a_target_says_when_it_refuses_a_shell_is_told),
        TEST(a_sudo_that_takes_the_shell_along_is_a_refusal),
        TEST(a_shell_that_always_dies_comes_to_an_end),
        TEST(a_refusal_tells_what_the_target_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
