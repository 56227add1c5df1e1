/* SPDX-License-Identifier: Apache-2.0 */
/* What a run would do, whether it may, and its start. */
#include "capture.h"
#include "checklist/catalog.h"
#include "way.h"

#include <string.h>

enum { WORKERS_DEFAULT = 32 };

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

/* --- the queue: what a run holds is bounded by the workers, not by the targets --- */

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

static bool is_waiting(const struct session *session, size_t target)
{
    for (size_t i = 0; i < session->waiting_count; i++)
        if (session->waiting[i].target == target)
            return true;
    return false;
}

bool run_has_items(const struct session *session, size_t target, const struct run_request *request)
{
    for (size_t i = 0; i < session->item_count; i++)
        if (session->items[i].target == target &&
            item_is_requested(session, &session->items[i], request))
            return true;
    return false;
}

static bool ensure_consent(struct session *session, const struct consent_row_list *consents,
                           size_t target, bool given, struct error *error)
{
    if (consent_is_on_record(session, consents, target, CONSENT_READ))
        return true;
    if (given) {
        consent_record(session, target, CONSENT_READ);
        return true;
    }
    error_set(error, ERROR_DENIED, "nobody consented to run these commands on '%s'",
              session->targets[target].name);
    return error_hint(error, "read them with 'walkdown run --dry-run', then give --consent read");
}

static bool prepare_target(struct session *session, const struct consent_row_list *consents,
                           size_t target, const struct run_request *request, struct error *error)
{
    if (run_of_target(session, target) || is_waiting(session, target))
        return error_set(error, ERROR_CONFLICT, "a run on '%s' is under way",
                         session->targets[target].name);
    if (!ensure_consent(session, consents, target, request->consent_read, error))
        return false;
    if (request->consent_active && !consent_is_on_record(session, consents, target, CONSENT_ACTIVE))
        consent_record(session, target, CONSENT_ACTIVE);
    if (request->consent_sudo)
        sudo_consent(session, consents, target);
    return true;
}

bool run_check_request(struct session *session, const struct run_request *request,
                       struct error *error)
{
    size_t target;
    bool has_any = false;

    if (session->is_read_only)
        return error_set(error, ERROR_DENIED, "the review is open read-only");
    if (!session->loop)
        return error_set(error, ERROR_UNSUPPORTED, "no probes can be run here");
    if (session->measuring) {
        error_set(error, ERROR_CONFLICT, "flows are being measured");
        return error_hint(error, "wait until that is done, or stop it");
    }
    if (request->target && !target_require(session, request->target, &target, error))
        return false;
    for (size_t i = 0; request->targets && i < request->targets->count; i++)
        if (!target_require(session, request->targets->items[i], &target, error))
            return false;
    for (size_t t = 0; t < session->target_count; t++)
        has_any = has_any || run_has_items(session, t, request);
    return has_any || error_set(error, ERROR_NOT_FOUND, "the review has no such check or area");
}

static void queue_runs(struct session *session, const struct run_request *request)
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

bool session_run(struct session *session, const struct run_request *request, struct error *error)
{
    const struct review_filter all = {0};
    AUTO_RELEASE(consent_row_list) struct consent_row_list consents = {0};
    bool ok = run_check_request(session, request, error) && capture_prepare(session, error) &&
              runs_ensure_fleet(session, error) && record_flush(session, error) &&
              review_query_consents(session->review, &all, &consents, error);

    for (size_t t = 0; ok && t < session->target_count; t++)
        ok = !run_has_items(session, t, request) ||
             prepare_target(session, &consents, t, request, error);
    /* No command is sent before the consent to it is on the disk. */
    ok = ok && record_flush(session, error);
    if (!ok)
        return false;
    if (!items_read(session, error)) /* the newest host keys */
        return false;
    queue_runs(session, request);
    runs_start_waiting(session);
    return true;
}

static void preview_item(const struct session *session, const struct item *item,
                         struct run_preview *preview)
{
    struct gathering gathering;

    gathering_init(&gathering, session_parameters(session, item), item->check,
                   session->targets[item->target].spec, true);
    preview->check_count += gathering.asking_count > 0;
    bool is_here = strcmp(session->targets[item->target].spec, "local") == 0;
    for (size_t a = 0; a < gathering.asking_count; a++) {
        const struct check_probe *spec = gathering.askings[a].spec;
        preview->reviewer_count +=
            !is_here && asking_vantage(&gathering.askings[a]) == VANTAGE_REVIEWER;
        if (spec && spec->effect == EFFECT_ACTIVE)
            preview->active_count++;
        else
            preview->read_count++;
    }
    gathering_release(&gathering);
}

bool session_preview_run(struct session *session, const struct run_request *request,
                         struct run_preview *ret_preview, struct error *error)
{
    struct run_preview preview = {.is_bundled = true};

    const struct review_filter all = {0};
    AUTO_RELEASE(consent_row_list) struct consent_row_list consents = {0};

    if (!run_check_request(session, request, error) ||
        !review_query_consents(session->review, &all, &consents, error))
        return false;
    for (size_t i = 0; i < session->checklist_count; i++)
        preview.is_bundled =
            preview.is_bundled && catalog_is_bundled(&session->checklists[i]->digest);
    for (size_t i = 0; i < session->item_count; i++)
        if (item_is_requested(session, &session->items[i], request))
            preview_item(session, &session->items[i], &preview);
    for (size_t t = 0; t < session->target_count; t++) {
        if (!run_has_items(session, t, request))
            continue;
        preview.target_count++;
        preview.needs_consent_read |= !consent_is_on_record(session, &consents, t, CONSENT_READ);
        preview.needs_consent_active |=
            preview.active_count > 0 &&
            !consent_is_on_record(session, &consents, t, CONSENT_ACTIVE);
    }
    *ret_preview = preview;
    return true;
}
