/* SPDX-License-Identifier: Apache-2.0 */
/* Connections that could not be made: tried again after a pause, or not. */
#include "support/testing.h"

#include "probe/fleet.h"

struct fixture {
    struct loop *loop;
    struct fleet *fleet;
    struct error error;
    int connected, dialled, paused;
    bool has_ended;
    struct error end;
    char told[256]; /* the last word about a pause */
    bool cancel_when_paused;
};

static void tell_progress(void *context, int job, const char *text)
{
    struct fixture *f = context;
    f->dialled += strcmp(text, "dialling") == 0;
    if (strstr(text, "trying again") == NULL)
        return;
    f->paused++;
    snprintf(f->told, sizeof(f->told), "%s", text);
    if (f->cancel_when_paused)
        fleet_cancel(f->fleet, job);
}

static void tell_connected(void *context, int job UNUSED,
                           const struct connection_identity *identity UNUSED)
{
    struct fixture *f = context;
    f->connected++;
}

static void tell_begun(void *context UNUSED, int job UNUSED, size_t step UNUSED)
{
}

static void tell_result(void *context UNUSED, int job UNUSED, struct step_result *result UNUSED)
{
}

static void tell_ended(void *context, int job UNUSED, const struct error *error)
{
    struct fixture *f = context;
    f->has_ended = true;
    if (error != NULL)
        f->end = *error;
    loop_stop(f->loop);
}

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    const struct fleet_events events = {.context = f,
                                        .progress = tell_progress,
                                        .connected = tell_connected,
                                        .begun = tell_begun,
                                        .result = tell_result,
                                        .ended = tell_ended};
    const struct fleet_options options = {.worker_path = testing_build("tests/probe/fake_worker"),
                                          .worker_max = 1};
    f->loop = loop_new();
    *state = f;
    return fleet_new(f->loop, &options, &events, &f->fleet, &f->error) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    fleet_free(f->fleet);
    loop_free(f->loop);
    free(f);
    return 0;
}

static void run(struct fixture *f, const char *spec, int retries)
{
    struct plan plan = {0};
    struct job job = {.target = "box", .spec = spec, .plan = &plan, .retries = retries};
    plan_add(&plan, "true");
    fleet_start(f->fleet, &job);
    assert_done(loop_run(f->loop, &f->error), &f->error);
    assert_true(f->has_ended);
}

static void a_host_that_comes_back_is_reached(void **state)
{
    struct fixture *f = *state;
    run(f, "ssh://flaky", 2);
    assert_true(f->connected > 0);
    assert_int_equal(f->paused, 2);
    assert_non_null(strstr(f->told, "connection refused; trying again in"));
    assert_non_null(strstr(f->told, "(2 of 2)"));
}

static void a_host_that_is_gone_is_given_up_with_the_reason(void **state)
{
    struct fixture *f = *state;
    run(f, "ssh://gone", 1);
    assert_int_equal(f->dialled, 2);
    assert_int_equal(f->end.code, ERROR_UNREACHABLE);
    assert_string_equal(f->end.message, "tried 2 times: connection refused");
}

static void what_only_a_user_can_mend_is_not_tried_again(void **state)
{
    struct fixture *f = *state;
    run(f, "ssh://denied", 5);
    assert_int_equal(f->dialled, 1);
    assert_int_equal(f->paused, 0);
    assert_int_equal(f->end.code, ERROR_DENIED);
}

static void without_retries_there_is_one_attempt(void **state)
{
    struct fixture *f = *state;
    run(f, "ssh://gone", 0);
    assert_int_equal(f->dialled, 1);
    assert_string_equal(f->end.message, "connection refused");
}

static void a_pause_can_be_cancelled(void **state)
{
    struct fixture *f = *state;
    f->cancel_when_paused = true;
    run(f, "ssh://gone", 9);
    assert_int_equal(f->dialled, 1);
    assert_int_equal(f->end.code, ERROR_CANCELLED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_host_that_comes_back_is_reached),
        TEST(a_host_that_is_gone_is_given_up_with_the_reason),
        TEST(what_only_a_user_can_mend_is_not_tried_again),
        TEST(without_retries_there_is_one_attempt),
        TEST(a_pause_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
