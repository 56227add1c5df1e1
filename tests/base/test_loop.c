/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/loop.h"
#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIPES = 3 };

struct fixture {
    struct loop *loop;
    struct error error;
    int ends[PIPES][2];
    struct loop_watch *watches[PIPES];
    struct loop_timer *timer;
    int calls;
    int last_signal;
    short last_revents;
    char order[64]; /* one letter a call */
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    f->loop = loop_new();
    for (size_t i = 0; i < PIPES; i++)
        if (pipe2(f->ends[i], O_CLOEXEC | O_NONBLOCK) != 0)
            return -1;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    loop_free(f->loop);
    for (size_t i = 0; i < PIPES; i++) {
        close(f->ends[i][0]);
        close(f->ends[i][1]);
    }
    free(f);
    return 0;
}

static void note(struct fixture *f, char letter)
{
    if ((size_t)f->calls < sizeof(f->order) - 1)
        f->order[f->calls] = letter;
    f->calls++;
}

static void make_readable(const struct fixture *f, size_t i)
{
    assert_int_equal(write(f->ends[i][1], "x", 1), 1);
}

static void run_once(struct fixture *f, int timeout_ms)
{
    assert_done(loop_run_once(f->loop, timeout_ms, &f->error), &f->error);
}

static void read_one(void *context, int fd, short revents)
{
    struct fixture *f = context;
    char byte;
    f->last_revents = revents;
    note(f, 'r');
    if (read(fd, &byte, 1) < 0)
        note(f, '!');
}

static void a_readable_descriptor_calls_its_function(void **state)
{
    struct fixture *f = *state;
    f->watches[0] = loop_watch_add(f->loop, f->ends[0][0], POLLIN, read_one, f);
    run_once(f, 0);
    assert_int_equal(f->calls, 0);
    make_readable(f, 0);
    run_once(f, 1000);
    run_once(f, 0);
    assert_int_equal(f->calls, 1);
    assert_int_equal(f->last_revents, POLLIN);
}

static void a_paused_watch_sleeps_even_when_hung_up(void **state)
{
    struct fixture *f = *state;
    f->watches[0] = loop_watch_add(f->loop, f->ends[0][0], POLLIN, read_one, f);
    close(f->ends[0][1]);
    f->ends[0][1] = -1;
    loop_watch_set_events(f->watches[0], 0);
    run_once(f, 0);
    assert_int_equal(f->calls, 0);
    loop_watch_set_events(f->watches[0], POLLIN);
    run_once(f, 1000);
    assert_int_equal(f->calls, 1);
    assert_true((f->last_revents & POLLHUP) != 0);
}

/* Whichever is called first takes away all of them, itself too, and closes their descriptors. */
static void remove_all(void *context, int fd UNUSED, short revents UNUSED)
{
    struct fixture *f = context;
    note(f, 'a');
    for (size_t i = 0; i < PIPES; i++) {
        loop_watch_remove(f->loop, f->watches[i]);
        close(f->ends[i][0]);
        f->ends[i][0] = -1;
    }
}

static void a_callback_may_remove_every_watch(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < PIPES; i++) {
        f->watches[i] = loop_watch_add(f->loop, f->ends[i][0], POLLIN, remove_all, f);
        make_readable(f, i);
    }
    run_once(f, 1000);
    run_once(f, 0);
    assert_int_equal(f->calls, 1);
}

static void replace_first(void *context, int fd, short revents UNUSED)
{
    struct fixture *f = context;
    note(f, 'p');
    loop_watch_remove(f->loop, f->watches[0]);
    for (int i = 0; i < 100; i++)
        f->watches[0] = loop_watch_add(f->loop, fd, POLLIN, read_one, f);
    loop_watch_set_events(f->watches[1], 0);
}

static void a_callback_may_add_watches_and_pause_others(void **state)
{
    struct fixture *f = *state;
    f->watches[0] = loop_watch_add(f->loop, f->ends[0][0], POLLIN, replace_first, f);
    f->watches[1] = loop_watch_add(f->loop, f->ends[1][0], POLLIN, read_one, f);
    make_readable(f, 0);
    make_readable(f, 1);
    run_once(f, 1000);
    assert_string_equal(f->order, "p");
    run_once(f, 1000);
    assert_int_equal(f->order[1], 'r');
}

static void run_inside(void *context, int fd, short revents UNUSED)
{
    struct fixture *f = context;
    char byte;
    note(f, 'i');
    assert_int_equal(read(fd, &byte, 1), 1);
    loop_watch_remove(f->loop, f->watches[1]);
    run_once(f, 0);
}

static void a_callback_may_run_the_loop(void **state)
{
    struct fixture *f = *state;
    f->watches[0] = loop_watch_add(f->loop, f->ends[0][0], POLLIN, run_inside, f);
    f->watches[1] = loop_watch_add(f->loop, f->ends[1][0], POLLIN, read_one, f);
    f->watches[2] = loop_watch_add(f->loop, f->ends[2][0], POLLIN, read_one, f);
    for (size_t i = 0; i < PIPES; i++)
        make_readable(f, i);
    run_once(f, 1000);
    assert_string_equal(f->order, "irr!");
    loop_watch_remove(f->loop, NULL);
}

static void note_a(void *context)
{
    note(context, 'a');
}

static void note_b(void *context)
{
    note(context, 'b');
}

static void note_c(void *context)
{
    note(context, 'c');
}

static void stop(void *context)
{
    struct fixture *f = context;
    loop_stop(f->loop);
}

static void timers_run_in_the_order_in_which_they_are_due(void **state)
{
    struct fixture *f = *state;
    loop_timer_add(f->loop, 20, 0, note_c, f);
    loop_timer_add(f->loop, 0, 0, note_a, f);
    loop_timer_add(f->loop, 0, 0, note_b, f);
    loop_timer_add(f->loop, 30, 0, stop, f);
    int64_t start_ms = clock_monotonic_ms();
    assert_done(loop_run(f->loop, &f->error), &f->error);
    assert_string_equal(f->order, "abc");
    assert_true(clock_monotonic_ms() - start_ms >= 30);
}

static void remove_repeating(void *context)
{
    struct fixture *f = context;
    note(f, 't');
    if (f->calls == 3) {
        loop_timer_remove(f->loop, f->timer);
        loop_stop(f->loop);
    }
}

static void a_repeating_timer_ends_when_it_is_removed(void **state)
{
    struct fixture *f = *state;
    f->timer = loop_timer_add(f->loop, 1, 1, remove_repeating, f);
    assert_done(loop_run(f->loop, &f->error), &f->error);
    assert_string_equal(f->order, "ttt");
    loop_timer_add(f->loop, 5, 0, stop, f);
    assert_done(loop_run(f->loop, &f->error), &f->error);
    assert_string_equal(f->order, "ttt");
    loop_timer_remove(f->loop, NULL);
}

static void again(void *context)
{
    struct fixture *f = context;
    note(f, 'n');
    loop_timer_add(f->loop, 0, 0, again, f);
}

static void a_timer_that_makes_another_starves_nobody(void **state)
{
    struct fixture *f = *state;
    f->watches[0] = loop_watch_add(f->loop, f->ends[0][0], POLLIN, read_one, f);
    loop_timer_add(f->loop, 0, 0, again, f);
    make_readable(f, 0);
    run_once(f, 1000);
    run_once(f, 1000);
    assert_string_equal(f->order, "rnn");
}

static void remove_the_other(void *context)
{
    struct fixture *f = context;
    note(f, 'o');
    loop_timer_remove(f->loop, f->timer);
}

static void a_timer_may_remove_another_that_is_due(void **state)
{
    struct fixture *f = *state;
    loop_timer_add(f->loop, 0, 0, remove_the_other, f);
    f->timer = loop_timer_add(f->loop, 0, 0, note_a, f);
    run_once(f, 100);
    run_once(f, 0);
    assert_string_equal(f->order, "o");
}

static void waiting_ends_at_the_timeout(void **state)
{
    struct fixture *f = *state;
    loop_timer_add(f->loop, 60000, 0, note_a, f);
    int64_t start_ms = clock_monotonic_ms();
    run_once(f, 10);
    int64_t took_ms = clock_monotonic_ms() - start_ms;
    assert_in_range(took_ms, 10, 30000);
    assert_int_equal(f->calls, 0);
}

static void a_stop_before_the_run_is_not_lost(void **state)
{
    struct fixture *f = *state;
    loop_stop(f->loop);
    assert_done(loop_run(f->loop, &f->error), &f->error);
}

static void note_signal(void *context, int signal_number)
{
    struct fixture *f = context;
    note(f, 's');
    f->last_signal = signal_number;
    loop_stop(f->loop);
}

static void signals_arrive_in_the_loop(void **state)
{
    struct fixture *f = *state;
    static const int numbers[] = {SIGTERM, SIGWINCH, SIGCHLD, 0};
    sigset_t before;
    sigset_t after;
    sigprocmask(SIG_SETMASK, NULL, &before);
    assert_done(loop_signals_set(f->loop, numbers, note_signal, f, &f->error), &f->error);
    kill(getpid(), SIGTERM);
    assert_done(loop_run(f->loop, &f->error), &f->error);
    assert_int_equal(f->last_signal, SIGTERM);
    kill(getpid(), SIGWINCH);
    assert_done(loop_run(f->loop, &f->error), &f->error);
    assert_int_equal(f->last_signal, SIGWINCH);
    loop_free(f->loop);
    f->loop = NULL;
    sigprocmask(SIG_SETMASK, NULL, &after);
    assert_int_equal(sigismember(&after, SIGTERM), sigismember(&before, SIGTERM));
}

static void the_end_of_a_child_is_a_signal_and_it_has_no_mask(void **state)
{
    struct fixture *f = *state;
    static const int numbers[] = {SIGCHLD, SIGTERM, 0};
    const char *const arguments[] = {"sh", "-c", "kill -TERM $$", NULL};
    struct process_options options = {.arguments = arguments};
    const int nowhere[3] = {-1, -1, -1};
    pid_t pid = 0;
    int status = 0;
    assert_done(loop_signals_set(f->loop, numbers, note_signal, f, &f->error), &f->error);
    assert_done(process_spawn(&options, nowhere, &pid, &f->error), &f->error);
    assert_done(loop_run(f->loop, &f->error), &f->error);
    assert_int_equal(f->last_signal, SIGCHLD);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_readable_descriptor_calls_its_function),
        TEST(a_paused_watch_sleeps_even_when_hung_up),
        TEST(a_callback_may_remove_every_watch),
        TEST(a_callback_may_add_watches_and_pause_others),
        TEST(a_callback_may_run_the_loop),
        TEST(timers_run_in_the_order_in_which_they_are_due),
        TEST(a_repeating_timer_ends_when_it_is_removed),
        TEST(a_timer_that_makes_another_starves_nobody),
        TEST(a_timer_may_remove_another_that_is_due),
        TEST(waiting_ends_at_the_timeout),
        TEST(a_stop_before_the_run_is_not_lost),
        TEST(signals_arrive_in_the_loop),
        TEST(the_end_of_a_child_is_a_signal_and_it_has_no_mask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
