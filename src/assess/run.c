/* SPDX-License-Identifier: Apache-2.0 */
/* A run: what it asks of one target, and what the ledger is told of it. */
#include "state.h"
#include "way.h"

#include <unistd.h>

static void add_steps(struct run *run, size_t index, enum vantage vantage, struct plan *plan)
{
    const struct gathering *gathering = &run->gatherings[index];

    for (size_t a = 0; a < gathering->asking_count; a++) {
        const struct step_owner who = {index, a};
        size_t step;
        if (asking_vantage(&gathering->askings[a]) != vantage ||
            !gathering_add_step(gathering, a, run->outside, plan))
            continue;
        if (!gathering_asks_twice(gathering, a) && plan_share_last(plan, &step))
            *array_push(run->sharers, run->sharer_count) = (struct step_sharer){step, who};
        else
            *array_push(run->owners, run->owner_count) = who;
    }
}

/* One shell in the sandbox, then one on its host, then one on the reviewer's machine. */
void run_fill_plan(struct run *run, struct plan *plan)
{
    for (size_t v = VANTAGE_INSIDE; v <= VANTAGE_REVIEWER; v++)
        for (size_t i = 0; i < run->gathering_count; i++)
            add_steps(run, i, (enum vantage)v, plan);
}

/* Behind a target's hops, what was reached is evidence too. */
static void add_way(const struct session *session, struct run *run)
{
    struct gathering way;

    if (run->gathering_count && way_gathering_init(&way, session->targets[run->target].spec))
        *array_push(run->gatherings, run->gathering_count) = way;
}

struct run *run_new(const struct session *session, size_t target, const struct run_request *request)
{
    struct run *run = memory_new(1, sizeof(*run));
    struct ledger_id id = ledger_id_random();

    run->frames_fd = -1;
    run->target = target;
    run->outside = gathering_outside(session->targets[target].spec);
    ledger_id_text(&id, run->id);
    for (size_t i = 0; i < session->item_count; i++) {
        const struct item *item = &session->items[i];
        if (item->target == target && item_is_requested(session, item, request))
            gathering_init(array_push(run->gatherings, run->gathering_count),
                           session_parameters(session, item), item->check,
                           session->targets[target].spec, request->consent_active);
    }
    add_way(session, run);
    return run;
}

void run_free(struct run *run)
{
    if (!run)
        return;
    for (size_t i = 0; i < run->gathering_count; i++)
        gathering_release(&run->gatherings[i]);
    free(run->gatherings);
    free(run->owners);
    free(run->sharers);
    free(run->obstacle);
    plan_release(&run->reviewers);
    json_decref(run->identity);
    if (run->frames_fd >= 0)
        close(run->frames_fd);
    free(run);
}

size_t runs_count(const struct session *session)
{
    return session->run_count + session->waiting_count + session->pending.ended_count;
}

size_t run_probe_count(const struct run *run)
{
    return run->owner_count + run->sharer_count;
}

static size_t count_checks(const struct run *run)
{
    size_t count = 0;

    for (size_t i = 0; i < run->gathering_count; i++)
        count += !gathering_is_way(&run->gatherings[i]);
    return count;
}

void run_tell(struct session *session, const struct run *run, const char *state, const char *detail)
{
    json_t *body = json_pack("{s:s, s:s, s:s, s:o, s:I, s:I}", "run", run->id, "target",
                             session->targets[run->target].name, "state", state, "detail",
                             json_text(detail), "checks", (json_int_t)count_checks(run), "probes",
                             (json_int_t)run_probe_count(run));

    if (run->identity)
        json_object_set(body, "identity", run->identity);
    record_entry(session, ENTRY_RUN, body);
}

/* What a command there finds is judged with what the target said, which was reached before. */
void run_start_reviewers(struct session *session, struct run *run)
{
    struct session_target *target = &session->targets[run->target];
    struct job job = {.target = target->name,
                      .spec = target->spec,
                      .from_reviewer = true,
                      .plan = &run->reviewers};

    run->first_step = run->owner_count - run->reviewers.step_count;
    run->is_on_reviewers = true;
    target_set_status(session, run->target, "looking from the reviewer's machine");
    run->job = fleet_start(session->fleet, &job);
}
