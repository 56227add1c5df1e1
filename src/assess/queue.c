/* SPDX-License-Identifier: Apache-2.0 */
/* Runs that wait for their turn, and the start of one: what a run holds is bounded by the workers,
 * not by the targets. */
#include "state.h"

#include <string.h>

enum { WORKERS_DEFAULT = 32 };

static void fail_to_start(struct session *session, struct run *run, const struct error *error)
{
    struct session_target *state = &session->targets[run->target];

    state->state = TARGET_IDLE;
    state->has_failed = true;
    target_set_status(session, run->target, error->message);
    run_tell(session, run, "failed", error->message);
    record_ended(session, run->target, error);
    run_free(run);
}

/* PLAN is taken. */
static void start_job(struct session *session, struct run *run, const struct run_request *request,
                      struct plan *plan)
{
    const struct session_target *state = &session->targets[run->target];
    struct job job = {.target = state->name,
                      .spec = state->spec,
                      .pinned_key = session->target_rows.items[run->target].key,
                      .jump_keys = &session->jump_keys,
                      .allow_password = request->allow_password,
                      .retries = session->retries,
                      .plan = plan};

    plan->sudo_may_ask = request->sudo_may_ask && state->sudo != SUDO_DECLINED;
    run->job = fleet_start(session->fleet, &job);
}

static void start_run(struct session *session, size_t target, const struct run_request *request)
{
    struct run *run = run_new(session, target, request);
    struct session_target *state = &session->targets[target];
    struct plan plan = {0};
    struct error error = {0};

    run_fill_plan(run, &plan);
    run_tell(session, run, "started", "");
    if (!frames_open(session, run, &plan, &error)) {
        plan_release(&plan);
        fail_to_start(session, run, &error);
        return;
    }
    *array_push(session->runs, session->run_count) = run;
    state->steps_total = run_probe_count(run);
    plan_split(&plan, &run->reviewers);
    if (plan.step_count || !run->reviewers.step_count)
        start_job(session, run, request, &plan);
    else
        run_start_reviewers(session, run);
    plan_release(&plan);
    for (size_t i = 0; i < run->gathering_count; i++)
        if (!run->gatherings[i].open_count)
            record_ready(session, run, i);
}

/* --- the queue --- */

static void let_go(struct shared_request *shared)
{
    if (--shared->user_count)
        return;
    free(shared->area);
    free(shared->check);
    free(shared);
}

static void add_waiting(struct session *session, size_t target, struct shared_request *shared)
{
    struct session_target *state = &session->targets[target];

    *array_push(session->waiting, session->waiting_count) = (struct waiting_run){target, shared};
    shared->user_count++;
    state->state = TARGET_WAITING;
    state->steps_done = state->steps_total = state->refused_count = 0;
    state->has_failed = false;
    state->status[0] = '\0';
}

static struct waiting_run take_waiting(struct session *session, size_t index)
{
    struct waiting_run waiting = session->waiting[index];

    memmove(&session->waiting[index], &session->waiting[index + 1],
            (--session->waiting_count - index) * sizeof(waiting));
    return waiting;
}

void runs_start_waiting(struct session *session)
{
    /* As many again as there are workers: some wait for a question or to try again. */
    size_t most = 2 * (size_t)(session->worker_max > 0 ? session->worker_max : WORKERS_DEFAULT);

    while (session->waiting_count && session->run_count < most) {
        struct waiting_run waiting = take_waiting(session, 0);
        start_run(session, waiting.target, &waiting.shared->request);
        let_go(waiting.shared);
    }
}

void runs_drop_waiting(struct session *session, const size_t *target)
{
    struct error cancelled;

    for (size_t i = 0; i < session->waiting_count;) {
        if (target && session->waiting[i].target != *target) {
            i++;
            continue;
        }
        struct waiting_run waiting = take_waiting(session, i);
        struct session_target *state = &session->targets[waiting.target];
        error_set(&cancelled, ERROR_CANCELLED, "the run on %s was cancelled before it began",
                  state->name);
        state->state = TARGET_IDLE;
        target_set_status(session, waiting.target, cancelled.message);
        record_ended(session, waiting.target, &cancelled);
        let_go(waiting.shared);
    }
}

void runs_queue(struct session *session, const struct run_request *request)
{
    struct shared_request *shared = memory_new(1, sizeof(*shared));

    *shared = (struct shared_request){.user_count = 1,
                                      .request = *request,
                                      .area = memory_copy_text(request->area),
                                      .check = memory_copy_text(request->check)};
    shared->request.area = shared->area;
    shared->request.check = shared->check;
    for (size_t t = 0; t < session->target_count; t++)
        if (run_has_items(session, t, request))
            add_waiting(session, t, shared);
    /* Each run is of one target. */
    shared->request.target = NULL;
    shared->request.targets = NULL;
    let_go(shared);
}
