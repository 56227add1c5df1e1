/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Callbacks may remove anything, so nothing that a dispatch still looks at is freed under it: a
 * watch that is removed while events are handed out is only marked, and swept when the outermost
 * dispatch is over. Timers are looked up anew after each call and need no such care.
 */
#include "base/loop.h"

#include "base/array.h"
#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

struct loop_watch {
    int fd;
    short events;
    bool is_removed;
    loop_watch_function *function;
    void *context;
};

struct loop_timer {
    int64_t due_ms;
    int64_t repeat_ms;
    uint64_t number; /* order of creation: decides between timers that are due together */
    loop_timer_function *function;
    void *context;
};

struct loop {
    struct loop_watch **watches;
    size_t watch_count;
    struct loop_timer **timers;
    size_t timer_count;
    uint64_t next_timer_number;
    int depth; /* dispatches under way: a callback may run the loop itself */
    bool needs_sweep;
    bool is_stopped;
    int signal_fd; /* -1 until loop_signals_set() */
    struct loop_watch *signal_watch;
    sigset_t mask_before;
    loop_signal_function *signal_function;
    void *signal_context;
};

struct loop *loop_new(void)
{
    struct loop *loop = memory_new(1, sizeof(*loop));
    loop->signal_fd = -1;
    return loop;
}

void loop_free(struct loop *loop)
{
    if (loop == NULL)
        return;
    assert(loop->depth == 0);
    for (size_t i = 0; i < loop->watch_count; i++)
        free(loop->watches[i]);
    for (size_t i = 0; i < loop->timer_count; i++)
        free(loop->timers[i]);
    if (loop->signal_fd >= 0) {
        close(loop->signal_fd);
        sigprocmask(SIG_SETMASK, &loop->mask_before, NULL);
    }
    free(loop->watches);
    free(loop->timers);
    free(loop);
}

struct loop_watch *loop_watch_add(struct loop *loop, int fd, short events,
                                  loop_watch_function *function, void *context)
{
    struct loop_watch *watch = memory_new(1, sizeof(*watch));
    *watch =
        (struct loop_watch){.fd = fd, .events = events, .function = function, .context = context};
    *array_push(loop->watches, loop->watch_count) = watch;
    return watch;
}

void loop_watch_set_events(struct loop_watch *watch, short events)
{
    watch->events = events;
}

static void sweep_watches(struct loop *loop)
{
    size_t kept = 0;
    for (size_t i = 0; i < loop->watch_count; i++) {
        if (loop->watches[i]->is_removed)
            free(loop->watches[i]);
        else
            loop->watches[kept++] = loop->watches[i];
    }
    loop->watch_count = kept;
    loop->needs_sweep = false;
}

void loop_watch_remove(struct loop *loop, struct loop_watch *watch)
{
    if (watch == NULL)
        return;
    watch->is_removed = true;
    loop->needs_sweep = true;
    if (loop->depth == 0)
        sweep_watches(loop);
}

struct loop_timer *loop_timer_add(struct loop *loop, int64_t delay_ms, int64_t repeat_ms,
                                  loop_timer_function *function, void *context)
{
    struct loop_timer *timer = memory_new(1, sizeof(*timer));
    *timer = (struct loop_timer){.due_ms = clock_monotonic_ms() + delay_ms,
                                 .repeat_ms = repeat_ms,
                                 .number = loop->next_timer_number++,
                                 .function = function,
                                 .context = context};
    *array_push(loop->timers, loop->timer_count) = timer;
    return timer;
}

void loop_timer_remove(struct loop *loop, struct loop_timer *timer)
{
    if (timer == NULL)
        return;
    for (size_t i = 0; i < loop->timer_count; i++) {
        if (loop->timers[i] != timer)
            continue;
        loop->timers[i] = loop->timers[--loop->timer_count];
        free(timer);
        return;
    }
}

static void deliver_signals(void *context, int fd, short revents UNUSED)
{
    struct loop *loop = context;
    struct signalfd_siginfo info;
    while (read(fd, &info, sizeof(info)) == (ssize_t)sizeof(info))
        loop->signal_function(loop->signal_context, (int)info.ssi_signo);
}

bool loop_signals_set(struct loop *loop, const int *signal_numbers, loop_signal_function *function,
                      void *context, struct error *error)
{
    assert(loop->signal_fd < 0);
    sigset_t set;
    sigemptyset(&set);
    for (; *signal_numbers != 0; signal_numbers++)
        sigaddset(&set, *signal_numbers);
    int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (fd < 0)
        return error_set(error, ERROR_IO, "cannot receive signals: %s", strerror(errno));
    sigprocmask(SIG_BLOCK, &set, &loop->mask_before);
    loop->signal_fd = fd;
    loop->signal_function = function;
    loop->signal_context = context;
    loop->signal_watch = loop_watch_add(loop, fd, POLLIN, deliver_signals, loop);
    return true;
}

/* The timer to run next among those made before number LIMIT; NULL when there is none. */
static struct loop_timer *earliest_timer(const struct loop *loop, uint64_t limit)
{
    struct loop_timer *best = NULL;
    for (size_t i = 0; i < loop->timer_count; i++) {
        struct loop_timer *timer = loop->timers[i];
        if (timer->number >= limit)
            continue;
        if (best == NULL || timer->due_ms < best->due_ms ||
            (timer->due_ms == best->due_ms && timer->number < best->number))
            best = timer;
    }
    return best;
}

/* A timer that is made while these run waits for the next round, so that one that keeps making
 * another cannot starve the descriptors. */
static void run_timers(struct loop *loop)
{
    int64_t now_ms = clock_monotonic_ms();
    uint64_t limit = loop->next_timer_number;
    struct loop_timer *timer;
    while ((timer = earliest_timer(loop, limit)) != NULL && timer->due_ms <= now_ms) {
        loop_timer_function *function = timer->function;
        void *context = timer->context;
        if (timer->repeat_ms > 0) {
            int64_t next_ms = timer->due_ms + timer->repeat_ms;
            timer->due_ms = next_ms > now_ms ? next_ms : now_ms + timer->repeat_ms;
        } else {
            loop_timer_remove(loop, timer);
        }
        function(context);
    }
}

static int wait_ms(const struct loop *loop, int timeout_ms)
{
    const struct loop_timer *timer = earliest_timer(loop, UINT64_MAX);
    if (timer == NULL)
        return timeout_ms;
    int64_t left_ms = timer->due_ms - clock_monotonic_ms();
    if (left_ms < 0)
        left_ms = 0;
    if (timeout_ms >= 0 && left_ms > timeout_ms)
        return timeout_ms;
    return left_ms > INT_MAX ? INT_MAX : (int)left_ms;
}

/* A watch that waits for nothing is left out, or a hung-up descriptor would wake us for ever. */
static size_t collect(const struct loop *loop, struct pollfd *polls, struct loop_watch **watches)
{
    size_t count = 0;
    for (size_t i = 0; i < loop->watch_count; i++) {
        struct loop_watch *watch = loop->watches[i];
        if (watch->is_removed || watch->events == 0)
            continue;
        polls[count] = (struct pollfd){.fd = watch->fd, .events = watch->events};
        watches[count++] = watch;
    }
    return count;
}

static void dispatch(const struct pollfd *polls, struct loop_watch *const *watches, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct loop_watch *watch = watches[i];
        short wanted = (short)(watch->events | POLLERR | POLLHUP | POLLNVAL);
        short revents = (short)(polls[i].revents & wanted);
        if (revents != 0 && !watch->is_removed && watch->events != 0)
            watch->function(watch->context, watch->fd, revents);
    }
}

bool loop_run_once(struct loop *loop, int timeout_ms, struct error *error)
{
    AUTO_FREE struct pollfd *polls = memory_new(loop->watch_count, sizeof(*polls));
    AUTO_FREE struct loop_watch **watches =
        memory_new(loop->watch_count, sizeof(struct loop_watch *));
    size_t count = collect(loop, polls, watches);
    int ready = poll(polls, count, wait_ms(loop, timeout_ms));
    if (ready < 0 && errno != EINTR)
        return error_set(error, ERROR_IO, "cannot wait for input: %s", strerror(errno));
    loop->depth++;
    if (ready > 0)
        dispatch(polls, watches, count);
    run_timers(loop);
    loop->depth--;
    if (loop->depth == 0 && loop->needs_sweep)
        sweep_watches(loop);
    return true;
}

bool loop_run(struct loop *loop, struct error *error)
{
    bool good = true;
    while (good && !loop->is_stopped)
        good = loop_run_once(loop, -1, error);
    loop->is_stopped = false;
    return good;
}

void loop_stop(struct loop *loop)
{
    loop->is_stopped = true;
}
