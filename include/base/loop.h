/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The poll loop of one process: descriptors, timers and signals, no threads. Callbacks may add and
 * remove watches, timers and themselves at any time. Signals arrive by signalfd(2): the loop blocks
 * them for the process; children that are started through base/process get the old mask back.
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include "base/error.h"

struct loop;
struct loop_watch; /* one descriptor */
struct loop_timer; /* one timer, once or repeating */

typedef void loop_watch_function(void *context, int fd, short revents);
typedef void loop_timer_function(void *context);
typedef void loop_signal_function(void *context, int signal_number);

struct loop *loop_new(void) MUST_USE;
/* Frees the watches and timers that are left; closes no descriptor of others. */
void loop_free(struct loop *loop);
DEFINE_AUTO(loop, loop_free)

/* Watch FD for EVENTS as in poll(2); 0 pauses the watch, also for POLLHUP and POLLERR. The watch
 * belongs to the loop until it is removed; the descriptor stays the caller's and is closed only
 * after its watch was removed. */
struct loop_watch *loop_watch_add(struct loop *loop, int fd, short events,
                                  loop_watch_function *function, void *context);
void loop_watch_set_events(struct loop_watch *watch, short events);
void loop_watch_remove(struct loop *loop, struct loop_watch *watch); /* NULL is fine */

/* Call FUNCTION after DELAY_MS, and then every REPEAT_MS unless that is 0. A timer that does not
 * repeat is removed before its function runs. */
struct loop_timer *loop_timer_add(struct loop *loop, int64_t delay_ms, int64_t repeat_ms,
                                  loop_timer_function *function, void *context);
void loop_timer_remove(struct loop *loop, struct loop_timer *timer); /* NULL is fine */

/* Deliver these signals (0-terminated list) to FUNCTION; once a loop. */
bool loop_signals_set(struct loop *loop, const int *signal_numbers, loop_signal_function *function,
                      void *context, struct error *error) MUST_USE;

/* Wait for something, at most TIMEOUT_MS (-1: no limit), and run what is due. */
bool loop_run_once(struct loop *loop, int timeout_ms, struct error *error) MUST_USE;
/* Run until loop_stop() is called. */
bool loop_run(struct loop *loop, struct error *error) MUST_USE;
void loop_stop(struct loop *loop);

#endif
