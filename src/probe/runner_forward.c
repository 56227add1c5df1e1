/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Connections begin one after the other, at equal distances, and wait side by side. One whose
 * reason for a refusal got lost among others is asked again when no other can get in between.
 * One that takes too long is looked after until the end: should it open yet, it is closed at once.
 */
#include "runner_forward.h"

#include "runner_wait.h"

#include "base/clock.h"
#include "probe/forward.h"

enum { PROOFS_MAX = 3 };

static const char remark[] =
    "Measured by direct-tcpip channels (RFC 4254, section 7.2): sshd made the connections, from "
    "its own\nnetwork namespace and as the account that it runs under for this login. No byte was "
    "sent.\n";

enum attempt_state { ATTEMPT_WAITS, ATTEMPT_IS_ALONE, ATTEMPT_RUNS, ATTEMPT_IS_OVER };

struct attempt {
    struct forward_try tried;
    bool is_proof;
    enum attempt_state state;
    bool was_alone;      /* it waits, or runs, alone */
    size_t number;       /* in the set */
    int64_t deadline_ms; /* of ATTEMPT_RUNS */
};

struct forwarding {
    struct runner *runner;
    struct forward_order order;
    struct forward_set *set;
    struct attempt *attempts;
    size_t count, asked;
    int64_t next_ms, deadline_ms; /* when one may begin; when the step is over */
};

static void forwarding_release(struct forwarding *forwarding)
{
    forward_set_free(forwarding->set);
    forward_order_release(&forwarding->order);
    free(forwarding->attempts);
}

/* ---- what is asked ---- */

static void add_proof(struct forwarding *forwarding, const char *address, int port)
{
    struct attempt *attempt = &forwarding->attempts[forwarding->count++];
    *attempt = (struct attempt){.is_proof = true, .tried = {.port = port}};
    snprintf(attempt->tried.address, sizeof(attempt->tried.address), "%s", address);
}

/* On loopback and by the address that we dialled: "10.0.0.7:22" or "[::1]:22". */
static void add_proofs(struct forwarding *forwarding)
{
    const char *dialled = connection_identity(forwarding->runner->connection)->address;
    const char *colon = strrchr(dialled, ':');
    bool has_brackets = dialled[0] == '[';
    if (colon == NULL || colon == dialled)
        return;
    int port = (int)strtol(colon + 1, NULL, 10);
    size_t length = (size_t)(colon - dialled) - (has_brackets ? 2 : 0);
    AUTO_FREE char *address = memory_copy(dialled + (has_brackets ? 1 : 0), length);
    add_proof(forwarding, "127.0.0.1", port);
    add_proof(forwarding, "::1", port);
    if (forward_family(address) != 0 && strcmp(address, "127.0.0.1") != 0 &&
        strcmp(address, "::1") != 0)
        add_proof(forwarding, address, port);
}

static void add_attempts(struct forwarding *forwarding)
{
    const struct forward_order *order = &forwarding->order;
    forwarding->attempts = memory_new(PROOFS_MAX + order->count, sizeof(*forwarding->attempts));
    if (order->is_to_prove)
        add_proofs(forwarding);
    for (size_t i = 0; i < order->count; i++)
        forwarding->attempts[forwarding->count++].tried = order->tries[i];
}

/* ---- the course of it ---- */

static size_t count_in(const struct forwarding *forwarding, enum attempt_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < forwarding->count; i++)
        count += forwarding->attempts[i].state == state ? 1 : 0;
    return count;
}

static struct attempt *next_attempt(const struct forwarding *forwarding)
{
    bool is_quiet = count_in(forwarding, ATTEMPT_RUNS) == 0;
    for (size_t i = 0; i < forwarding->count; i++)
        if (forwarding->attempts[i].state == ATTEMPT_WAITS)
            return &forwarding->attempts[i];
    for (size_t i = 0; i < forwarding->count && is_quiet; i++)
        if (forwarding->attempts[i].state == ATTEMPT_IS_ALONE)
            return &forwarding->attempts[i];
    return NULL;
}

static void begin_next(struct forwarding *forwarding)
{
    int64_t now_ms = clock_boot_ms();
    struct attempt *attempt = now_ms < forwarding->next_ms ? NULL : next_attempt(forwarding);
    if (attempt == NULL)
        return;
    attempt->was_alone = attempt->state == ATTEMPT_IS_ALONE;
    attempt->state = ATTEMPT_RUNS;
    attempt->deadline_ms = now_ms + forwarding->order.seconds * 1000;
    attempt->number = forward_set_ask(forwarding->set, attempt->tried.address, attempt->tried.port);
    forwarding->next_ms = now_ms + 1000 / forwarding->order.rate;
}

static void end_attempt(struct forwarding *forwarding, struct attempt *attempt,
                        const struct forward_answer *answer)
{
    struct buffer *out = &forwarding->runner->step.out;
    attempt->state = ATTEMPT_IS_OVER;
    if (!attempt->is_proof)
        forward_write_flow(out, &attempt->tried, answer, forwarding->order.seconds);
    else if (answer != NULL && answer->state == FORWARD_OPENED)
        forward_write_proof(out, &attempt->tried);
}

static void take_answer(struct forwarding *forwarding, struct attempt *attempt, int64_t now_ms)
{
    const struct forward_answer *answer = forward_set_answer(forwarding->set, attempt->number);
    if (answer->state == FORWARD_PENDING) {
        if (now_ms >= attempt->deadline_ms)
            end_attempt(forwarding, attempt, NULL);
    } else if (answer->state == FORWARD_UNCLEAR && !attempt->was_alone && !attempt->is_proof) {
        attempt->state = ATTEMPT_IS_ALONE;
    } else {
        end_attempt(forwarding, attempt, answer);
    }
}

static void take_answers(struct forwarding *forwarding)
{
    int64_t now_ms = clock_boot_ms();
    forward_set_look(forwarding->set);
    for (size_t i = 0; i < forwarding->count; i++)
        if (forwarding->attempts[i].state == ATTEMPT_RUNS)
            take_answer(forwarding, &forwarding->attempts[i], now_ms);
}

static int time_to_wait(const struct forwarding *forwarding)
{
    int64_t until_ms = forwarding->deadline_ms, now_ms = clock_boot_ms();
    if (next_attempt(forwarding) != NULL && forwarding->next_ms < until_ms)
        until_ms = forwarding->next_ms;
    for (size_t i = 0; i < forwarding->count; i++)
        if (forwarding->attempts[i].state == ATTEMPT_RUNS &&
            forwarding->attempts[i].deadline_ms < until_ms)
            until_ms = forwarding->attempts[i].deadline_ms;
    return until_ms > now_ms ? (int)(until_ms - now_ms) : 0;
}

/* Nothing could be heard while we stood still. */
static void move_deadlines(struct forwarding *forwarding, int64_t still_ms)
{
    forwarding->deadline_ms += still_ms;
    for (size_t i = 0; i < forwarding->count; i++)
        forwarding->attempts[i].deadline_ms += still_ms;
}

static bool work(struct forwarding *forwarding, struct error *error)
{
    struct runner *runner = forwarding->runner;
    while (count_in(forwarding, ATTEMPT_IS_OVER) < forwarding->count &&
           clock_boot_ms() < forwarding->deadline_ms) {
        int64_t still_ms = runner->suspended_ms;
        begin_next(forwarding);
        if (!runner_wait(runner, time_to_wait(forwarding), error))
            return false;
        if (runner->has_stopped)
            return true;
        move_deadlines(forwarding, runner->suspended_ms - still_ms);
        take_answers(forwarding);
    }
    return true;
}

/* ---- the step ---- */

static void begin_step(struct runner *runner)
{
    runner->part = SCRIPT_STEP;
    runner->in_frame = runner->is_forwarding = true;
    runner->frame_began_ms = clock_boot_ms();
    runner->step = (struct step_result){.started_ms = clock_wall_ms()};
    runner->noise_told = runner->channel.noise_bytes;
    runner->events->begun(runner->events->context, runner->next);
}

static void end_step(const struct forwarding *forwarding)
{
    struct runner *runner = forwarding->runner;
    const struct plan_step *step = &runner->plan->steps[runner->next];
    buffer_append_text(&runner->step.err, remark);
    if (runner->step.out.length + sizeof("end\n") > step->out_max_bytes ||
        runner->step.err.length > step->err_max_bytes) {
        buffer_clear(&runner->step.out);
        buffer_clear(&runner->step.err);
        runner_fail_step(runner, STEP_TRUNCATED, "the answer is longer than its cap");
    } else if (count_in(forwarding, ATTEMPT_IS_OVER) < forwarding->count) {
        runner_fail_step(runner, STEP_TIMEOUT, "stopped after %d ms", step->timeout_ms);
    } else {
        buffer_append_text(&runner->step.out, "end\n");
        runner_fail_step(runner, STEP_DONE, "%s", "");
    }
}

bool runner_forward(struct runner *runner, struct error *error)
{
    const struct plan_step *step = &runner->plan->steps[runner->next];
    AUTO_RELEASE(forwarding) struct forwarding forwarding = {.runner = runner};
    struct error trouble;
    bool is_connected = true;
    begin_step(runner);
    forwarding.deadline_ms = runner->frame_began_ms + step->timeout_ms;
    if (!forward_order_read(step->command, &forwarding.order, &trouble) ||
        !forward_set_new(runner->connection, &forwarding.set, &trouble)) {
        runner_fail_step(runner, STEP_REFUSED, "%s", trouble.message);
    } else {
        add_attempts(&forwarding);
        is_connected = work(&forwarding, error);
        if (is_connected && !runner->has_stopped)
            end_step(&forwarding);
        else if (!is_connected && !runner->has_stopped)
            runner_fail_step(runner, STEP_CUT, "%s; connections are not tried again",
                             error->message);
    }
    runner->is_forwarding = false;
    return is_connected;
}
