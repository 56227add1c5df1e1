/* SPDX-License-Identifier: Apache-2.0 */
/* What a run would do, whether it may, and its start. */
#include "capture.h"
#include "checklist/catalog.h"

static void add_steps(struct run *run, size_t index, bool outside, struct plan *plan)
{
    const struct gathering *gathering = &run->gatherings[index];

    for (size_t a = 0; a < gathering->asking_count; a++)
        if (asking_is_outside(&gathering->askings[a]) == outside &&
            gathering_add_step(gathering, a, run->outside, plan))
            *array_push(run->owners, run->owner_count) = (struct step_owner){index, a};
}

/* One shell in the sandbox, then one on its host. */
void run_fill_plan(struct run *run, struct plan *plan)
{
    for (size_t i = 0; i < run->gathering_count; i++)
        add_steps(run, i, false, plan);
    for (size_t i = 0; i < run->gathering_count; i++)
        add_steps(run, i, true, plan);
}

struct run *run_new(const struct session *session, size_t target, const struct run_request *request)
{
    struct run *run = memory_new(1, sizeof(*run));
    struct ledger_id id = ledger_id_random();

    run->target = target;
    run->outside = gathering_outside(session->targets[target].spec);
    ledger_id_text(&id, run->id);
    for (size_t i = 0; i < session->item_count; i++) {
        const struct item *item = &session->items[i];
        if (item->target == target && item_is_requested(session, item, request))
            gathering_init(array_push(run->gatherings, run->gathering_count),
                           session_parameters(session, item->check), item->check,
                           request->consent_active);
    }
    return run;
}

static bool start_run(struct session *session, size_t target, const struct run_request *request,
                      struct error *error)
{
    struct run *run = run_new(session, target, request);
    struct session_target *state = &session->targets[target];
    struct plan plan = {0};
    struct job job = {.allow_password = request->allow_password, .plan = &plan};

    if (!run_append(session, run, "started", "", error)) {
        run_free(run);
        return false;
    }
    run_fill_plan(run, &plan);
    plan.sudo_may_ask = request->sudo_may_ask && state->sudo != SUDO_DECLINED;
    *array_push(session->runs, session->run_count) = run;
    state->state = TARGET_WAITING;
    state->steps_done = 0;
    state->refused_count = 0;
    state->steps_total = plan.step_count;
    state->has_failed = false;
    state->status[0] = '\0';
    job.target = state->name;
    job.spec = state->spec;
    job.pinned_key = session->target_rows.items[target].key;
    run->job = fleet_start(session->fleet, &job);
    for (size_t i = 0; i < run->gathering_count; i++)
        if (!run->gatherings[i].open_count)
            record_ready(session, run, i);
    return true;
}

bool run_has_items(const struct session *session, size_t target, const struct run_request *request)
{
    for (size_t i = 0; i < session->item_count; i++)
        if (session->items[i].target == target &&
            item_is_requested(session, &session->items[i], request))
            return true;
    return false;
}

static bool ensure_consent(struct session *session, size_t target, enum consent_class class,
                           bool given, struct error *error)
{
    bool on_record;

    if (!consent_is_on_record(session, target, class, &on_record, error))
        return false;
    if (on_record)
        return true;
    if (given)
        return consent_record(session, target, class, error);
    error_set(error, ERROR_DENIED, "nobody consented to run these commands on '%s'",
              session->targets[target].name);
    return error_hint(error, "read them with 'walkdown run --dry-run', then give --consent read");
}

static bool prepare_target(struct session *session, size_t target,
                           const struct run_request *request, struct error *error)
{
    if (run_of_target(session, target))
        return error_set(error, ERROR_CONFLICT, "a run on '%s' is under way",
                         session->targets[target].name);
    return ensure_consent(session, target, CONSENT_READ, request->consent_read, error) &&
           (!request->consent_active ||
            ensure_consent(session, target, CONSENT_ACTIVE, true, error)) &&
           (!request->consent_sudo || sudo_consent(session, target, error));
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
    if (request->target && !target_require(session, request->target, &target, error))
        return false;
    for (size_t t = 0; t < session->target_count; t++)
        has_any = has_any || run_has_items(session, t, request);
    return has_any || error_set(error, ERROR_NOT_FOUND, "the review has no such check or area");
}

bool session_run(struct session *session, const struct run_request *request, struct error *error)
{
    bool ok = run_check_request(session, request, error) && capture_prepare(session, error) &&
              runs_ensure_fleet(session, error);

    for (size_t t = 0; ok && t < session->target_count; t++)
        ok = !run_has_items(session, t, request) || prepare_target(session, t, request, error);
    for (size_t t = 0; ok && t < session->target_count; t++)
        ok = !run_has_items(session, t, request) || start_run(session, t, request, error);
    return ok && items_read(session, error);
}

static void preview_item(const struct session *session, const struct item *item,
                         struct run_preview *preview)
{
    struct gathering gathering;

    gathering_init(&gathering, session_parameters(session, item->check), item->check, true);
    preview->check_count += gathering.asking_count > 0;
    for (size_t a = 0; a < gathering.asking_count; a++) {
        const struct check_probe *spec = gathering.askings[a].spec;
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

    if (!run_check_request(session, request, error))
        return false;
    for (size_t i = 0; i < session->checklist_count; i++)
        preview.is_bundled =
            preview.is_bundled && catalog_is_bundled(&session->checklists[i]->digest);
    for (size_t i = 0; i < session->item_count; i++)
        if (item_is_requested(session, &session->items[i], request))
            preview_item(session, &session->items[i], &preview);
    for (size_t t = 0; t < session->target_count; t++) {
        bool read, active;
        if (!run_has_items(session, t, request))
            continue;
        preview.target_count++;
        if (!consent_is_on_record(session, t, CONSENT_READ, &read, error) ||
            !consent_is_on_record(session, t, CONSENT_ACTIVE, &active, error))
            return false;
        preview.needs_consent_read |= !read;
        preview.needs_consent_active |= !active && preview.active_count > 0;
    }
    *ret_preview = preview;
    return true;
}
