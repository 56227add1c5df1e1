/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Deadlines are read from a clock that goes on while the machine is suspended, and are moved on by
 * the time in which we did not look: what waits in the socket then still counts.
 */
#include "runner_wait.h"

#include "runner_frames.h"
#include "runner_secret.h"

#include "base/clock.h"

#include <poll.h>

enum { SUSPENDED_MS = 2000 }; /* longer than a wait should have taken: we were stopped meanwhile */

/* What is here already was finished before the user had enough. */
static void hear_the_last(struct runner *runner)
{
    struct error lost;
    if (runner->channel.shell == NULL || runner->channel_is_over)
        return;
    (void)!connection_pump(runner->connection, -1, 0, &lost);
    runner_take_events(runner);
}

void runner_hear_user(struct runner *runner, int wait_ms)
{
    int fd = runner->options->wake_fd > 0 ? runner->options->wake_fd : -1;
    struct pollfd wake = {.fd = fd, .events = POLLIN};
    if (poll(&wake, 1, wait_ms) <= 0)
        return;
    if (runner->events->woken(runner->events->context)) {
        runner_take_answer(runner);
        return;
    }
    runner->is_cancelled = true;
    hear_the_last(runner);
    if (!runner->has_stopped)
        runner_stop(runner, STEP_CANCELLED, "cancelled");
}

int runner_time_left_ms(const struct runner *runner)
{
    int64_t left_ms = runner->deadline_ms - clock_boot_ms();
    return left_ms < 0 ? 0 : (int)left_ms;
}

void runner_set_deadline(struct runner *runner, int after_ms)
{
    runner->looked_ms = clock_boot_ms();
    runner->deadline_ms = runner->looked_ms + after_ms;
}

/* When we were stopped, or the machine was suspended, since the last look plus a wait of WAIT_MS:
 * the target had no chance to be heard in that time. */
static void make_up_for_standstill(struct runner *runner, int wait_ms)
{
    int64_t now_ms = clock_boot_ms();
    int64_t still_ms = now_ms - runner->looked_ms - wait_ms;
    runner->looked_ms = now_ms;
    if (still_ms < SUSPENDED_MS)
        return;
    runner->deadline_ms += still_ms;
    runner->suspended_ms += still_ms;
    runner->stood_still = true;
}

bool runner_pump(struct runner *runner, struct error *error)
{
    const struct runner_events *events = runner->events;
    int wake_fd = runner->options->wake_fd > 0 ? runner->options->wake_fd : -1;
    int most_ms = events->before_wait == NULL ? -1 : events->before_wait(events->context);
    int wait_ms = runner_time_left_ms(runner);
    wait_ms = most_ms >= 0 && most_ms < wait_ms ? most_ms : wait_ms;
    bool is_connected = connection_pump(runner->connection, wake_fd, wait_ms, error);
    make_up_for_standstill(runner, wait_ms);
    return is_connected;
}

bool runner_wait(struct runner *runner, int wait_ms, struct error *error)
{
    runner_set_deadline(runner, wait_ms);
    bool is_connected = runner_pump(runner, error);
    runner_hear_user(runner, 0);
    return is_connected;
}
