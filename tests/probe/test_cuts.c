/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole session with a real SSH server behind a bad network, which is cut, falls silent or drips.
 * TESTING_CUT_STEP sets how many bytes lie between the places where a session is cut, and
 * TESTING_CUT_FIRST where the first one is: several processes try all of them (tests/soak/cuts).
 */
#include "support/fault.h"
#include "support/sshd.h"
#include "support/testing.h"

#include "collect.h"
#include "shells.h"

#include "base/clock.h"

#include <unistd.h>

enum { CUTS = 14, STEPS = 6, LOGIN_TIMEOUT_MS = 700, SILENCE_MS = 1500, UP = 0, DOWN };

struct fixture {
    struct sshd *sshd; /* NULL: not installed */
    int port;
    struct fault fault;
    struct connection *connection;
    int connections;
    struct plan plan;
    struct runner_options options;
    struct runner_events events;
    struct collected got;
    struct error error;
    int timeout_ms;               /* of a new connection */
    int64_t login[2], session[2]; /* their bytes, by UP and DOWN */
    int cuts, replaced, asked_again;
};

static bool dial(struct fixture *f, struct error *error)
{
    const struct target_spec spec = {.kind = TARGET_SSH,
                                     .host = (char[]){"127.0.0.1"},
                                     .port = f->fault.port,
                                     .user = (char *)(uintptr_t)sshd_user(f->sshd)};
    const struct connection_options options = {.pinned_key =
                                                   strchr(sshd_host_key(f->sshd), ' ') + 1,
                                               .connect_timeout_ms = f->timeout_ms,
                                               .login_timeout_ms = f->timeout_ms,
                                               .identity = sshd_identity(f->sshd)};
    f->connections++;
    return connection_open(&spec, &options, NULL, &f->connection, error);
}

static bool reconnect(void *context, const struct runner_loss *loss UNUSED,
                      struct connection **ret_connection, struct error *error)
{
    struct fixture *f = (struct fixture *)((char *)context - offsetof(struct fixture, got));
    connection_close(f->connection);
    f->connection = NULL;
    if (!dial(f, error))
        return false;
    *ret_connection = f->connection;
    return true;
}

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    *state = f;
    if (!sshd_is_installed())
        return 0;
    f->sshd = sshd_new();
    f->port = sshd_listen(f->sshd);
    f->options.retry_pause_ms = 1;
    f->events = collect_events(&f->got);
    f->events.reconnect = reconnect;
    return 0;
}

static void end_run(struct fixture *f)
{
    connection_close(f->connection);
    f->connection = NULL;
    f->connections = 0;
    fault_stop(&f->fault);
    plan_release(&f->plan);
    collected_release(&f->got);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    end_run(f);
    sshd_free(f->sshd);
    free(f);
    return 0;
}

static struct fixture *ready(void **state)
{
    struct fixture *f = *state;
    if (f->sshd == NULL)
        skip();
    return f;
}

static void add_steps(struct fixture *f)
{
    for (int i = 0; i < STEPS; i++) {
        char command[64];
        snprintf(command, sizeof(command), "echo out %d; echo err %d >&2; exit %d", i, i, i);
        plan_add(&f->plan, command);
    }
    assert_true(plan_check(&f->plan, &f->error));
}

static bool run(struct fixture *f)
{
    bool good = runner_run(f->connection, &f->plan, &f->options, &f->events, &f->error);
    assert_false(f->got.is_out_of_order);
    assert_int_equal(f->got.result_count, f->plan.step_count);
    return good;
}

static void assert_step_is_whole(struct fixture *f, size_t step)
{
    const struct step_result *result = &f->got.results[step];
    char out[16], err[16];
    snprintf(out, sizeof(out), "out %zu\n", step);
    snprintf(err, sizeof(err), "err %zu\n", step);
    assert_string_equal(step_outcome_text(result->outcome), "done");
    assert_string_equal(buffer_text(&result->out), out);
    assert_string_equal(buffer_text(&result->err), err);
    assert_int_equal(result->exit_status, step);
}

/* How many results have TEXT in their detail. */
static int told(const struct fixture *f, const char *text)
{
    int count = 0;
    for (size_t i = 0; i < f->got.result_count; i++)
        count += strstr(f->got.results[i].detail, text) != NULL ? 1 : 0;
    return count;
}

static int told_losses(const struct fixture *f)
{
    return told(f, "on a new connection: ");
}

/* ---- cuts ---- */

/* Without faults: how many bytes a login takes, and a whole session. */
static void measure_session(struct fixture *f)
{
    fault_start(&f->fault, f->port, (const char *const[]){NULL});
    assert_done(dial(f, &f->error), &f->error);
    connection_close(f->connection);
    f->connection = NULL;
    f->login[DOWN] = fault_wait_for_end(&f->fault, &f->login[UP]);
    add_steps(f);
    assert_done(dial(f, &f->error), &f->error);
    assert_done(run(f), &f->error);
    connection_close(f->connection);
    f->connection = NULL;
    f->session[DOWN] = fault_wait_for_end(&f->fault, &f->session[UP]);
    end_run(f);
}

/* Only the first connection is cut: at worst before it can be used. */
static void cut_at(struct fixture *f, int64_t offset, bool is_up)
{
    char option[32];
    if (getenv("TESTING_CUT_TELL") != NULL)
        print_message("cut at %lld\n", (long long)offset);
    snprintf(option, sizeof(option), "--cut=%lld", (long long)offset);
    fault_start(&f->fault, f->port,
                (const char *const[]){"--times=1", option, is_up ? "--up" : NULL, NULL});
    add_steps(f);
    if (!dial(f, &f->error)) {
        assert_int_equal(f->error.code, ERROR_UNREACHABLE);
        f->connections = 0;
        assert_done(dial(f, &f->error), &f->error);
    }
    assert_done(run(f), &f->error);
    for (size_t i = 0; i < STEPS; i++)
        assert_step_is_whole(f, i);
    assert_true(f->connections <= 2);
    assert_int_equal(told_losses(f), f->connections - 1);
    f->cuts++;
    f->replaced += f->connections - 1;
    f->asked_again += told(f, "asked again on a new connection: ");
    end_run(f);
}

static void cut_everywhere(struct fixture *f, bool is_up)
{
    const char *given = getenv("TESTING_CUT_STEP"), *first = getenv("TESTING_CUT_FIRST");
    measure_session(f);
    int64_t length = f->session[is_up ? UP : DOWN];
    int64_t step = given != NULL ? strtoll(given, NULL, 10) : length / CUTS + 1;
    int64_t offset = first != NULL ? strtoll(first, NULL, 10) : 0;
    for (; offset <= length; offset += step)
        cut_at(f, offset, is_up);
    if (given != NULL)
        print_message(
            "%s %lld: %d cuts, %d new connections in the middle, %d commands asked again, "
            "0 answers lost\n",
            is_up ? "up" : "down", (long long)length, f->cuts, f->replaced, f->asked_again);
}

static void a_session_that_is_cut_on_its_way_here_loses_nothing(void **state)
{
    cut_everywhere(ready(state), false);
}

static void a_session_that_is_cut_on_its_way_there_loses_nothing(void **state)
{
    cut_everywhere(ready(state), true);
}

/* ---- silence, and almost silence ---- */

/* On the first connection, when half of the answers have come. */
static void fall_silent(struct fixture *f, const char *first, const char *second)
{
    fault_start(&f->fault, f->port, (const char *const[]){"--times=1", first, second, NULL});
    add_steps(f);
    f->options.frame_wait_ms = SILENCE_MS;
    for (size_t i = 0; i < STEPS; i++)
        f->plan.steps[i].timeout_ms = SILENCE_MS;
    assert_done(dial(f, &f->error), &f->error);
    assert_done(run(f), &f->error);
    assert_int_equal(f->connections, 2);
    assert_int_equal(told_losses(f), 1);
    int late = 0;
    for (size_t i = 0; i < STEPS; i++) {
        bool is_late = f->got.results[i].outcome == STEP_TIMEOUT;
        late += is_late ? 1 : 0;
        if (!is_late)
            assert_step_is_whole(f, i);
    }
    assert_true(late <= 1);
    end_run(f);
}

static void a_server_that_falls_silent_costs_one_step_at_most(void **state)
{
    struct fixture *f = ready(state);
    measure_session(f);
    int64_t answers = f->session[DOWN] - f->login[DOWN];
    /* On a busy machine several answers travel in one packet, and all of them are fewer bytes. */
    for (int part = 1; part <= 2; part++) {
        char option[32];
        snprintf(option, sizeof(option), "--stall=%lld",
                 (long long)(f->login[DOWN] + answers * part / 5));
        fall_silent(f, option, NULL);
    }
}

static void a_server_that_drips_costs_one_step_at_most(void **state)
{
    struct fixture *f = ready(state);
    char option[32];
    measure_session(f);
    snprintf(option, sizeof(option), "--after=%lld",
             (long long)(f->login[DOWN] + (f->session[DOWN] - f->login[DOWN]) / 3));
    fall_silent(f, "--slow=1000", option);
}

static void a_server_that_always_drips_is_given_up_in_time(void **state)
{
    struct fixture *f = ready(state);
    char option[32];
    measure_session(f);
    snprintf(option, sizeof(option), "--after=%lld", (long long)f->login[DOWN] + 50);
    fault_start(&f->fault, f->port, (const char *const[]){"--slow=1000", option, NULL});
    add_steps(f);
    f->options.frame_wait_ms = SILENCE_MS;
    f->timeout_ms = LOGIN_TIMEOUT_MS;
    int64_t before_ms = clock_monotonic_ms();
    assert_done(dial(f, &f->error), &f->error);
    assert_done(run(f), &f->error);
    assert_true(clock_monotonic_ms() - before_ms < 20000);
    for (size_t i = 0; i < STEPS; i++) {
        assert_int_equal(f->got.results[i].outcome, STEP_NO_FRAME);
        assert_true(f->got.results[i].detail[0] != '\0');
    }
}

static void a_long_way_costs_nothing_but_time(void **state)
{
    struct fixture *f = ready(state);
    fault_start(&f->fault, f->port, (const char *const[]){"--rtt=60", NULL});
    add_steps(f);
    assert_done(dial(f, &f->error), &f->error);
    assert_done(run(f), &f->error);
    for (size_t i = 0; i < STEPS; i++)
        assert_step_is_whole(f, i);
    assert_int_equal(f->connections, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_session_that_is_cut_on_its_way_here_loses_nothing),
        TEST(a_session_that_is_cut_on_its_way_there_loses_nothing),
        TEST(a_server_that_falls_silent_costs_one_step_at_most),
        TEST(a_server_that_drips_costs_one_step_at_most),
        TEST(a_server_that_always_drips_is_given_up_in_time),
        TEST(a_long_way_costs_nothing_but_time),
    };
    cmocka_set_test_filter(getenv("TESTING_ONLY"));
    return cmocka_run_group_tests(tests, NULL, NULL);
}
