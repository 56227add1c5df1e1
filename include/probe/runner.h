/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Works a plan through on one connection, channel after channel: a command that hangs or floods
 * costs its own check and a new channel, a connection that is lost costs a new connection. A step
 * that was cut off by that loss is asked once more, unless it is one to ask only once; the detail
 * of its result says so. Knows neither sockets nor messages: a worker hands results on, a test
 * collects them.
 */
#ifndef PROBE_RUNNER_H
#define PROBE_RUNNER_H

#include "base/secret.h"
#include "probe/plan.h"
#include "target/connection.h"
#include "target/reach.h"

struct runner_options {
    int wake_fd;                      /* ask `woken` when it can be read; 0: none */
    const struct target_reach *reach; /* of steps that run on the reviewer's machine; else NULL */
    int frame_wait_ms;                /* for the first frame of a channel; 0: 30,000 */
    int retry_pause_ms; /* before the first try to connect again, longer each time; 0: 250 */
};

/* A connection that was lost in the middle of a plan. */
struct runner_loss {
    const char *why;
    int attempt, attempt_max; /* from 1 */
};

struct runner_events {
    void *context;
    void (*begun)(void *context, size_t step);
    /* In the order of the plan. The callee may move the bytes out of RESULT. */
    void (*result)(void *context, struct step_result *result);
    /* False: stop, nobody wants the rest. */
    bool (*woken)(void *context);
    /* Called before each wait, with the longest time until the next call in milliseconds as its
     * answer, or -1: for a callee that gathers what it hands on. NULL: none. */
    int (*before_wait)(void *context);
    /* Close the connection, which is lost, and open another one to the same target. After an error
     * that more patience may mend (UNREACHABLE, TIMEOUT, IO) it is called again, a few times. NULL:
     * a lost connection is the end of the run. */
    bool (*reconnect)(void *context, const struct runner_loss *loss,
                      struct connection **ret_connection, struct error *error);
    /* sudo wants the user's password, ATTEMPT from 1: ask for it. Needed for a plan whose
     * `sudo_may_ask` is set; so is the next one. */
    void (*need_secret)(void *context, int attempt);
    /* True when the answer is there: RET_SECRET is borrowed, NULL: the user gives none. Called
     * after need_secret(), when something woke the runner, and for each later command. */
    bool (*secret)(void *context, struct secret **ret_secret);
};

/* Run PLAN, which plan_check() has seen. Each step gets exactly one result, whatever happens. Fails
 * with ERROR_CANCELLED, or with the error of a connection that was lost. */
bool runner_run(struct connection *connection, const struct plan *plan,
                const struct runner_options *options, const struct runner_events *events,
                struct error *error) MUST_USE;

#endif
