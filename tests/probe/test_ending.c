/* SPDX-License-Identifier: Apache-2.0 */
/* How a script ends, and what else it ends. */
#include "support/testing.h"

#include "script_fixture.h"

#include <stdlib.h>

static void check_leftovers(struct fixture *f, const struct shell_kind *kind)
{
    add(f, "sleep 1000 &\necho started");
    add(f, "(trap '' TERM HUP; sleep 1000) & echo deaf");
    add(f, "nohup sleep 1000 2>/dev/null & echo other");
    add(f, "setsid sh -c 'trap \"\" TERM HUP; sleep 1000; sleep 1000' & timeout 1000 sleep 1000 &");
    run(f, kind);
    assert_step(f, 0, "started\n", "", 0);
    assert_step(f, 2, "other\n", "", 0);
    /* The script ends its own group when it is through: the input is still open. */
    assert_true(shell_read(&f->run, 1000));
    assert_true(f->run.is_over);
    assert_true(processes_are_gone(f->mark, 20000));
}

static void nothing_is_left_running_after_the_last_command(void **state)
{
    in_each_shell(state, check_leftovers);
}

/* The tick of the watch comes after a second. */
static void check_lasting(struct fixture *f, const struct shell_kind *kind)
{
    add(f, "setsid sleep 1000 & sleep 2; nice");
    run(f, kind);
    assert_in_range(strtol(buffer_text(&step(f, 0)->out), NULL, 10), 10, 19);
    assert_true(shell_read(&f->run, 1000));
    assert_true(f->run.is_over);
}

static void a_run_that_lasts_gives_way_and_leaves_nothing_running(void **state)
{
    in_each_shell(state, check_lasting);
}

static void check_dead_man(struct fixture *f, const struct shell_kind *kind)
{
    add(f,
        "setsid sh -c 'trap \"\" TERM; sleep 1000' & (trap '' TERM HUP; sleep 1000) & sleep 1000");
    shell_start(&f->run, kind, f->nonce);
    assert_true(shell_read(&f->run, 1));
    assert_true(processes_with(f->mark) > 1);
    shell_hang_up(&f->run);
    assert_true(processes_are_gone(f->mark, 20000));
}

static void the_end_of_stdin_ends_everything(void **state)
{
    in_each_shell(state, check_dead_man);
}

/* The input stays open, as when the way to the reviewer is gone and nobody has noticed. */
static void check_hang(struct fixture *f, const struct shell_kind *kind)
{
    add(f, "setsid sleep 1000 & trap '' TERM; sleep 1000; sleep 1000");
    f->run.plan.steps[0].timeout_ms = 500;
    shell_start(&f->run, kind, f->nonce);
    assert_true(shell_read(&f->run, 1));
    assert_true(processes_are_gone(f->mark, 60000));
    assert_int_equal(f->run.ended[0], 1);
}

static void a_command_that_hangs_is_ended_on_the_target(void **state)
{
    in_each_shell(state, check_hang);
}

static void check_patience(struct fixture *f, const struct shell_kind *kind)
{
    for (int i = 0; i < 9; i++) {
        add(f, "sleep 0.9");
        f->run.plan.steps[i].timeout_ms = 1000;
    }
    run(f, kind);
    for (size_t i = 0; i < 9; i++)
        assert_step(f, i, "", "", 0);
}

static void commands_that_take_their_time_are_left_alone(void **state)
{
    check_patience(*state, &shell_kinds[0]);
}

static void check_dead_shell(struct fixture *f, const struct shell_kind *kind)
{
    add(f, "sleep 1000 & kill -9 $$; sleep 1000");
    add(f, "echo never");
    shell_start(&f->run, kind, f->nonce);
    assert_true(shell_read(&f->run, 1));
    shell_hang_up(&f->run);
    assert_true(processes_are_gone(f->mark, 20000));
    assert_int_equal(f->run.ended[0], 1);
}

static void the_watchdog_outlives_a_shell_that_was_killed(void **state)
{
    in_each_shell(state, check_dead_shell);
}

/* A shell in the test's own process group: only what is below it may be ended. */
static void check_no_group(struct fixture *f, const struct shell_kind *kind)
{
    f->run.no_group = true;
    add(f, "echo done");
    run(f, kind);
    assert_step(f, 0, "done\n", "", 0);
    assert_true(processes_are_gone(f->mark, 20000));
}

static void a_shell_without_its_own_group_ends_only_what_is_below_it(void **state)
{
    in_each_shell(state, check_no_group);
}

static void check_no_group_dead_man(struct fixture *f, const struct shell_kind *kind)
{
    f->run.no_group = true;
    add(f, "(trap '' TERM HUP; sleep 1000) & sleep 1000");
    shell_start(&f->run, kind, f->nonce);
    assert_true(shell_read(&f->run, 1));
    shell_hang_up(&f->run);
    assert_true(processes_are_gone(f->mark, 20000));
}

static void without_its_own_group_the_end_of_stdin_ends_what_is_below(void **state)
{
    in_each_shell(state, check_no_group_dead_man);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_left_running_after_the_last_command),
        TEST(a_run_that_lasts_gives_way_and_leaves_nothing_running),
        TEST(the_end_of_stdin_ends_everything),
        TEST(a_command_that_hangs_is_ended_on_the_target),
        TEST(commands_that_take_their_time_are_left_alone),
        TEST(the_watchdog_outlives_a_shell_that_was_killed),
        TEST(a_shell_without_its_own_group_ends_only_what_is_below_it),
        TEST(without_its_own_group_the_end_of_stdin_ends_what_is_below),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
