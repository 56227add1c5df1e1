/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "probe/plan.h"

struct fixture {
    struct plan plan;
    struct error error;
};

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    plan_release(&f->plan);
    free(f);
    return 0;
}

static void what_is_left_out_gets_the_defaults(void **state)
{
    struct fixture *f = *state;
    plan_add(&f->plan, "id");
    assert_done(plan_check(&f->plan, &f->error), &f->error);
    assert_int_equal(f->plan.steps[0].timeout_ms, PLAN_TIMEOUT_DEFAULT_MS);
    assert_int_equal(f->plan.steps[0].out_max_bytes, PLAN_OUT_DEFAULT_BYTES);
    assert_int_equal(f->plan.steps[0].err_max_bytes, PLAN_ERR_DEFAULT_BYTES);
    assert_int_equal(f->plan.total_max_bytes, PLAN_TOTAL_DEFAULT);
}

static void what_was_set_stays(void **state)
{
    struct fixture *f = *state;
    struct plan_step *step = plan_add(&f->plan, "id");
    step->timeout_ms = 1;
    step->out_max_bytes = 2;
    step->err_max_bytes = 3;
    f->plan.total_max_bytes = 4;
    assert_done(plan_check(&f->plan, &f->error), &f->error);
    assert_int_equal(f->plan.steps[0].timeout_ms, 1);
    assert_int_equal(f->plan.steps[0].out_max_bytes, 2);
    assert_int_equal(f->plan.steps[0].err_max_bytes, 3);
    assert_int_equal(f->plan.total_max_bytes, 4);
}

static void an_empty_command_is_refused_and_named(void **state)
{
    struct fixture *f = *state;
    plan_add(&f->plan, "id");
    plan_add(&f->plan, "");
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
    assert_string_equal(f->error.message, "step 2: the command is empty");
}

static void a_long_command_is_refused(void **state)
{
    struct fixture *f = *state;
    char *command = plan_add(&f->plan, "")->command;
    free(command);
    f->plan.steps[0].command = memory_new(PLAN_COMMAND_MAX_BYTES + 2, 1);
    memset(f->plan.steps[0].command, 'a', PLAN_COMMAND_MAX_BYTES);
    assert_done(plan_check(&f->plan, &f->error), &f->error);
    f->plan.steps[0].command[PLAN_COMMAND_MAX_BYTES] = 'a';
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
}

static void limits_beyond_the_possible_are_refused(void **state)
{
    struct fixture *f = *state;
    struct plan_step *step = plan_add(&f->plan, "id");
    step->timeout_ms = PLAN_TIMEOUT_MAX_MS + 1;
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
    step->timeout_ms = -1;
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
    step->timeout_ms = 0;
    step->out_max_bytes = PLAN_STREAM_MAX_BYTES + 1;
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
    step->out_max_bytes = 0;
    step->err_max_bytes = PLAN_STREAM_MAX_BYTES + 1;
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
    step->err_max_bytes = 0;
    f->plan.total_max_bytes = -1;
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
}

static void too_many_steps_are_refused(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i <= PLAN_STEPS_MAX; i++)
        plan_add(&f->plan, "id");
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
}

static void the_reviewers_machine_knows_no_root_and_no_hops(void **state)
{
    struct fixture *f = *state;
    struct plan_step *step = plan_add(&f->plan, "id");
    step->from_reviewer = true;
    assert_done(plan_check(&f->plan, &f->error), &f->error);
    step->as_root = true;
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
    step->as_root = false;
    step->outside = 1;
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
}

static void the_last_steps_are_split_off_for_the_reviewers_machine(void **state)
{
    struct fixture *f = *state;
    struct plan reviewers = {0};
    f->plan.total_max_bytes = 77;
    plan_add(&f->plan, "one");
    plan_add(&f->plan, "two")->from_reviewer = true;
    plan_add(&f->plan, "three")->from_reviewer = true;
    assert_refused(plan_is_for(&f->plan, false, &f->error), &f->error, ERROR_INVALID);
    assert_string_equal(f->error.message, "step 2 is for the reviewer's machine");
    assert_refused(plan_is_for(&f->plan, true, &f->error), &f->error, ERROR_INVALID);
    plan_split(&f->plan, &reviewers);
    assert_int_equal(f->plan.step_count, 1);
    assert_int_equal(reviewers.step_count, 2);
    assert_int_equal(reviewers.total_max_bytes, 77);
    assert_string_equal(reviewers.steps[0].command, "two");
    assert_done(plan_is_for(&f->plan, false, &f->error), &f->error);
    assert_done(plan_is_for(&reviewers, true, &f->error), &f->error);
    plan_release(&reviewers);
    plan_split(&f->plan, &reviewers);
    assert_int_equal(f->plan.step_count, 1);
    assert_int_equal(reviewers.step_count, 0);
}

static void every_outcome_can_be_read_back(void **state)
{
    (void)state;
    enum step_outcome outcome;
    for (int i = STEP_DONE; i <= STEP_CANCELLED; i++) {
        assert_true(step_outcome_parse(step_outcome_text((enum step_outcome)i), &outcome));
        assert_int_equal(outcome, i);
    }
    assert_false(step_outcome_parse("nonsense", &outcome));
}

static struct plan_step *ask(struct plan *plan, const char *check, const char *command)
{
    struct plan_step *step = plan_add(plan, command);
    step->check = memory_copy_text(check);
    return step;
}

static void the_same_command_shares_the_answer(void **state)
{
    struct fixture *f = *state;
    size_t step = 99;
    ask(&f->plan, "a", "id");
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "b", "find /");
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "c", "find /");
    assert_true(plan_share_last(&f->plan, &step));
    assert_int_equal(step, 1);
    assert_int_equal(f->plan.step_count, 2);
    assert_string_equal(f->plan.steps[1].check, "b");
}

static void other_rights_places_and_limits_share_nothing(void **state)
{
    struct fixture *f = *state;
    size_t step;
    ask(&f->plan, "a", "id");
    ask(&f->plan, "b", "id")->as_root = true;
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "c", "id")->outside = 1;
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "d", "id")->from_reviewer = true;
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "e", "id")->timeout_ms = 1;
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "f", "id")->out_max_bytes = 1;
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "g", "id")->err_max_bytes = 1;
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "h", "tcp 127.0.0.1 22")->is_forward = true;
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "i", "tcp 127.0.0.1 22");
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "j", "id")->as_root = true;
    assert_true(plan_share_last(&f->plan, &step));
    assert_int_equal(step, 1);
}

static void what_may_change_something_is_shared_by_none_and_ends_all_sharing(void **state)
{
    struct fixture *f = *state;
    size_t step;
    ask(&f->plan, "a", "who");
    ask(&f->plan, "b", "logger x")->only_once = true;
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "c", "logger x")->only_once = true;
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "d", "logger x");
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "e", "who");
    assert_false(plan_share_last(&f->plan, &step));
    ask(&f->plan, "f", "who");
    assert_true(plan_share_last(&f->plan, &step));
    assert_int_equal(step, 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_left_out_gets_the_defaults),
        TEST(what_was_set_stays),
        TEST(an_empty_command_is_refused_and_named),
        TEST(a_long_command_is_refused),
        TEST(limits_beyond_the_possible_are_refused),
        TEST(too_many_steps_are_refused),
        TEST(the_reviewers_machine_knows_no_root_and_no_hops),
        TEST(the_last_steps_are_split_off_for_the_reviewers_machine),
        TEST(the_same_command_shares_the_answer),
        TEST(other_rights_places_and_limits_share_nothing),
        TEST(what_may_change_something_is_shared_by_none_and_ends_all_sharing),
        TEST(every_outcome_can_be_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
