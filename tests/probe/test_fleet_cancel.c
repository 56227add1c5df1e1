/* SPDX-License-Identifier: Apache-2.0 */
/* Cancelling while the caller is busy: what was finished in time is not lost. */
#include "support/testing.h"

#include "probe/fleet.h"

#include <poll.h>

enum { BUSY_MS = 400, JOBS_MAX = 4 };

struct fixture {
    struct loop *loop;
    struct fleet *fleet;
    struct error error;
    int busy_job; /* when its first step has begun, everything is cancelled and we are busy */
    struct buffer outputs[JOBS_MAX];
    bool has_begun[JOBS_MAX];
    size_t ended_count;
};

static void no_progress(void *context UNUSED, int job UNUSED, const char *text UNUSED)
{
}

static void no_hostkey(void *context UNUSED, int job UNUSED, const struct hostkey *hostkey UNUSED,
                       enum hostkey_verdict verdict UNUSED, const char *where UNUSED)
{
    abort();
}

static void no_prompt(void *context UNUSED, int job UNUSED, const struct prompt *prompt UNUSED)
{
    abort();
}

static void no_connected(void *context UNUSED, int job UNUSED,
                         const struct connection_identity *identity UNUSED)
{
}

static void on_begun(void *context, int job, size_t step UNUSED)
{
    struct fixture *f = context;
    f->has_begun[job] = true;
    if (job != f->busy_job)
        return;
    fleet_cancel(f->fleet, 0);
    poll(NULL, 0, BUSY_MS);
}

static void on_result(void *context, int job, struct step_result *result)
{
    struct fixture *f = context;
    buffer_append_format(&f->outputs[job], "%s %s", step_outcome_text(result->outcome),
                         buffer_text(&result->out));
}

static void on_ended(void *context, int job UNUSED, const struct error *error)
{
    struct fixture *f = context;
    f->ended_count++;
    assert_int_equal(error->code, ERROR_CANCELLED);
}

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    const struct fleet_options options = {.worker_path = testing_build("walkdown-worker")};
    const struct fleet_events events = {.context = f,
                                        .progress = no_progress,
                                        .hostkey = no_hostkey,
                                        .prompt = no_prompt,
                                        .connected = no_connected,
                                        .begun = on_begun,
                                        .result = on_result,
                                        .ended = on_ended};
    *state = f;
    f->loop = loop_new();
    return fleet_new(f->loop, &options, &events, &f->fleet, &f->error) ? 0 : -1;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    fleet_free(f->fleet);
    loop_free(f->loop);
    for (int job = 0; job < JOBS_MAX; job++)
        buffer_release(&f->outputs[job]);
    free(f);
    return 0;
}

static int start(struct fixture *f, const char *command)
{
    struct plan plan = {0};
    plan_add(&plan, command);
    return fleet_start(f->fleet, &(struct job){.target = "t", .spec = "local", .plan = &plan});
}

static void what_was_said_while_nobody_listened_is_kept(void **state)
{
    struct fixture *f = *state;
    int others[] = {start(f, "echo part; sleep 1000"), start(f, "echo part; sleep 1000")};
    while (!f->has_begun[others[0]] || !f->has_begun[others[1]])
        assert_done(loop_run_once(f->loop, 20000, &f->error), &f->error);
    f->busy_job = start(f, "sleep 1000");
    while (f->ended_count < 3)
        assert_done(loop_run_once(f->loop, 20000, &f->error), &f->error);
    assert_string_equal(buffer_text(&f->outputs[others[0]]), "cancelled part\n");
    assert_string_equal(buffer_text(&f->outputs[others[1]]), "cancelled part\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(
        what_was_said_while_nobody_listened_is_kept, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
