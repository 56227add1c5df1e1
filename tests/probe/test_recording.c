/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "probe/recording.h"

struct fixture {
    struct plan plan;
    struct buffer file;
    struct recording recording;
    struct error error;
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    static const char bytes[] = "a\0b\nwalkdown-frames 1\n\xff";
    struct step_result result = {.exit_status = 3, .started_ms = 1000, .duration_ms = 7};
    plan_add(&f->plan, "id");
    plan_add(&f->plan, "id")->as_root = true;
    assert_done(plan_check(&f->plan, &f->error), &f->error);
    recording_write_plan(&f->file, &f->plan);
    buffer_append(&result.out, bytes, sizeof(bytes) - 1);
    recording_write_result(&f->file, &result);
    result.step = 1;
    result.outcome = STEP_TIMEOUT;
    result.exit_status = -1;
    recording_write_result(&f->file, &result);
    step_result_release(&result);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    recording_release(&f->recording);
    plan_release(&f->plan);
    buffer_release(&f->file);
    free(f);
    return 0;
}

static bool read_back(struct fixture *f, size_t length)
{
    recording_release(&f->recording);
    return recording_read(f->file.data, length, &f->recording, &f->error);
}

static void what_is_written_is_read_back(void **state)
{
    struct fixture *f = *state;
    assert_done(read_back(f, f->file.length), &f->error);
    assert_int_equal(f->recording.result_count, 2);
    const struct step_result *first = recording_find(&f->recording, &f->plan.steps[0], false);
    const struct step_result *second = recording_find(&f->recording, &f->plan.steps[1], false);
    assert_non_null(first);
    assert_int_equal(first->exit_status, 3);
    assert_int_equal(first->out.length, 23);
    assert_memory_equal(first->out.data, "a\0b\nwalkdown-frames 1\n\xff", 23);
    assert_int_equal(second->outcome, STEP_TIMEOUT);
}

static void only_the_very_command_is_found(void **state)
{
    struct fixture *f = *state;
    struct plan other = {0};
    assert_done(read_back(f, f->file.length), &f->error);
    assert_null(recording_find(&f->recording, plan_add(&other, "id "), false));
    struct plan_step *step = plan_add(&other, "id");
    step->outside = 1;
    assert_null(recording_find(&f->recording, step, false));
    step->outside = 0;
    assert_non_null(recording_find(&f->recording, step, false));
    step->from_reviewer = true;
    assert_null(recording_find(&f->recording, step, false));
    assert_null(recording_find(&f->recording, step, true));
    plan_release(&other);
}

static void a_file_that_was_cut_holds_whole_frames_or_is_refused(void **state)
{
    struct fixture *f = *state;
    size_t before = 0;
    for (size_t length = 0; length < f->file.length; length++) {
        if (!read_back(f, length)) {
            assert_int_equal(before, 0);
            continue;
        }
        assert_true(f->recording.result_count >= before);
        before = f->recording.result_count;
    }
    assert_int_equal(before, 1);
}

static void an_altered_file_is_refused_or_read_within_its_bounds(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < f->file.length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            f->file.data[i] = (char)(f->file.data[i] ^ (1 << bit));
            if (read_back(f, f->file.length))
                assert_true(f->recording.result_count <= f->recording.plan.step_count);
            f->file.data[i] = (char)(f->file.data[i] ^ (1 << bit));
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_written_is_read_back),
        TEST(only_the_very_command_is_found),
        TEST(a_file_that_was_cut_holds_whole_frames_or_is_refused),
        TEST(an_altered_file_is_refused_or_read_within_its_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
