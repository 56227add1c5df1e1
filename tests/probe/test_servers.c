/* SPDX-License-Identifier: Apache-2.0 */
/* Whole plans on servers that are strict, change, or are hostile. */
#include "support/sshd.h"
#include "support/testing.h"

#include "../target/hostile.h"
#include "collect.h"
#include "shells.h"

#include "base/clock.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

enum { WAIT_MS = 1500, PATIENCE_MS = 60000 };

struct fixture {
    struct sshd *sshd; /* NULL: not installed */
    struct sshd *next; /* whom a second connection finds; NULL: the same */
    int manner;        /* of a hostile server instead; -1: none */
    int socket;
    pid_t hostile;
    struct connection *connection;
    int connections;
    struct plan plan;
    struct runner_options options;
    struct runner_events events;
    struct collected got;
    struct error error;
};

static void hang_up(struct fixture *f)
{
    connection_close(f->connection);
    f->connection = NULL;
    if (f->socket > 0)
        close(f->socket);
    f->socket = 0;
    hostile_stop(f->hostile);
    f->hostile = 0;
}

static bool dial(struct fixture *f, struct error *error)
{
    const struct target_spec spec = {.kind = TARGET_SSH,
                                     .host = (char[]){"box.example"},
                                     .user = (char *)(uintptr_t)sshd_user(f->sshd)};
    hang_up(f);
    struct sshd *server = ++f->connections > 1 && f->next != NULL ? f->next : f->sshd;
    f->socket = f->manner < 0 ? sshd_connect(server)
                              : hostile_start((enum hostile_manner)f->manner,
                                              sshd_file(f->sshd, "host_key"), &f->hostile);
    const struct connection_options options = {.pinned_key =
                                                   strchr(sshd_host_key(f->sshd), ' ') + 1,
                                               .socket_fd = f->socket,
                                               .identity = sshd_identity(f->sshd)};
    return connection_open(&spec, &options, NULL, &f->connection, error);
}

static bool reconnect(void *context, const struct runner_loss *loss UNUSED,
                      struct connection **ret_connection, struct error *error)
{
    struct fixture *f = (struct fixture *)((char *)context - offsetof(struct fixture, got));
    if (!dial(f, error))
        return false;
    *ret_connection = f->connection;
    return true;
}

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    *state = f;
    f->manner = -1;
    f->options.retry_pause_ms = 1;
    f->events = collect_events(&f->got);
    f->events.reconnect = reconnect;
    f->sshd = sshd_is_installed() ? sshd_new() : NULL;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    hang_up(f);
    plan_release(&f->plan);
    collected_release(&f->got);
    sshd_free(f->next);
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

static bool run(struct fixture *f)
{
    assert_done(plan_check(&f->plan, &f->error), &f->error);
    bool good = runner_run(f->connection, &f->plan, &f->options, &f->events, &f->error);
    assert_false(f->got.is_out_of_order);
    assert_int_equal(f->got.result_count, f->plan.step_count);
    return good;
}

#define assert_outcome(f, step, expected)                                                          \
    assert_string_equal(step_outcome_text((f)->got.results[step].outcome),                         \
                        step_outcome_text(expected))

static void new_keys_in_the_middle_lose_no_byte(void **state)
{
    struct fixture *f = ready(state);
    sshd_configure(f->sshd, "RekeyLimit 100K");
    for (int i = 0; i < 20; i++)
        plan_add(&f->plan, "head -c 300000 /dev/zero; echo err >&2");
    assert_done(dial(f, &f->error), &f->error);
    assert_done(run(f), &f->error);
    for (size_t i = 0; i < 20; i++) {
        assert_outcome(f, i, STEP_DONE);
        assert_int_equal(f->got.results[i].out.length, 300000);
        assert_string_equal(buffer_text(&f->got.results[i].err), "err\n");
    }
    assert_int_equal(f->connections, 1);
}

static void one_session_at_a_time_is_enough(void **state)
{
    struct fixture *f = ready(state);
    sshd_configure(f->sshd, "MaxSessions 1");
    plan_add(&f->plan, "echo before");
    plan_add(&f->plan, "trap '' TERM; sleep 1000")->timeout_ms = 300;
    plan_add(&f->plan, "yes")->out_max_bytes = 100;
    plan_add(&f->plan, "echo after");
    assert_done(dial(f, &f->error), &f->error);
    assert_done(run(f), &f->error);
    assert_outcome(f, 0, STEP_DONE);
    assert_outcome(f, 1, STEP_TIMEOUT);
    assert_outcome(f, 2, STEP_TRUNCATED);
    assert_outcome(f, 3, STEP_DONE);
    assert_string_equal(buffer_text(&f->got.results[3].out), "after\n");
}

static void a_gigabyte_on_one_line_takes_no_memory(void **state)
{
    struct fixture *f = ready(state);
    struct rusage before, after;
    plan_add(&f->plan, "head -c 1000000000 /dev/zero");
    plan_add(&f->plan, "head -c 1000000000 /dev/zero >&2");
    plan_add(&f->plan, "echo after");
    assert_done(dial(f, &f->error), &f->error);
    assert_int_equal(getrusage(RUSAGE_SELF, &before), 0);
    assert_done(run(f), &f->error);
    assert_int_equal(getrusage(RUSAGE_SELF, &after), 0);
    assert_outcome(f, 0, STEP_TRUNCATED);
    assert_outcome(f, 1, STEP_TRUNCATED);
    assert_outcome(f, 2, STEP_DONE);
#ifndef __SANITIZE_ADDRESS__
    assert_true(after.ru_maxrss - before.ru_maxrss < 32 * 1024);
#endif
}

static void kill_the_server(void *context, size_t step)
{
    struct fixture *f = (struct fixture *)((char *)context - offsetof(struct fixture, got));
    collect_events(&f->got).begun(&f->got, step);
    if (step == 1)
        kill(sshd_process(f->sshd), SIGKILL);
}

static void another_key_in_place_of_a_lost_server_ends_the_run(void **state)
{
    struct fixture *f = ready(state);
    f->next = sshd_new();
    f->events.begun = kill_the_server;
    plan_add(&f->plan, "echo done");
    plan_add(&f->plan, "sleep 1000");
    plan_add(&f->plan, "echo never");
    assert_done(dial(f, &f->error), &f->error);
    assert_refused(run(f), &f->error, ERROR_DENIED);
    assert_int_equal(f->connections, 2);
    assert_outcome(f, 0, STEP_DONE);
    assert_outcome(f, 1, STEP_CUT);
    assert_outcome(f, 2, STEP_CUT);
    assert_non_null(strstr(f->got.results[2].detail, "connecting again failed: "));
    assert_non_null(strstr(f->error.message, "key"));
}

/* Whatever it does with the shell: it gave no frame, and so there is nothing to judge. */
static void no_manner_of_a_hostile_server_passes_for_an_answer(void **state)
{
    static const enum hostile_manner manners[] = {
        HOSTILE_OPENS_CHANNELS, HOSTILE_TWO_STATUSES, HOSTILE_ODD_STATUS, HOSTILE_SIGNAL,
        HOSTILE_NO_STATUS,      HOSTILE_HUNG_END,     HOSTILE_CUT,        HOSTILE_REFUSES_CHANNEL,
        HOSTILE_REFUSES_SHELL,  HOSTILE_NO_CHANNEL,   HOSTILE_NO_SHELL};
    struct fixture *f = ready(state);
    f->options.frame_wait_ms = WAIT_MS;
    plan_add(&f->plan, "echo one");
    plan_add(&f->plan, "echo two");
    for (size_t i = 0; i < LENGTH(manners); i++) {
        int64_t before_ms = clock_monotonic_ms();
        f->manner = (int)manners[i];
        assert_done(dial(f, &f->error), &f->error);
        (void)!run(f);
        for (size_t step = 0; step < 2; step++) {
            const struct step_result *result = &f->got.results[step];
            assert_true(result->outcome == STEP_NO_FRAME || result->outcome == STEP_CUT);
            assert_true(result->detail[0] != '\0');
            assert_int_equal(result->out.length, 0);
        }
        assert_true(clock_monotonic_ms() - before_ms < PATIENCE_MS);
        collected_release(&f->got);
    }
}

static void what_comes_behind_the_end_of_a_channel_is_not_heard(void **state)
{
    struct fixture *f = ready(state);
    f->options.frame_wait_ms = WAIT_MS;
    f->manner = HOSTILE_BEHIND_CLOSE;
    plan_add(&f->plan, "echo one");
    plan_add(&f->plan, "echo two");
    plan_add(&f->plan, "echo three");
    assert_done(dial(f, &f->error), &f->error);
    (void)!run(f);
    assert_outcome(f, 0, STEP_DONE);
    assert_outcome(f, 1, STEP_DONE);
    assert_string_equal(buffer_text(&f->got.results[1].out), "output\n");
    assert_outcome(f, 2, STEP_CUT);
    assert_string_equal(f->got.results[2].detail, "the shell ended between two commands");
    assert_int_equal(f->got.results[2].out.length, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(new_keys_in_the_middle_lose_no_byte),
        TEST(one_session_at_a_time_is_enough),
        TEST(a_gigabyte_on_one_line_takes_no_memory),
        TEST(another_key_in_place_of_a_lost_server_ends_the_run),
        TEST(no_manner_of_a_hostile_server_passes_for_an_answer),
        TEST(what_comes_behind_the_end_of_a_channel_is_not_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
