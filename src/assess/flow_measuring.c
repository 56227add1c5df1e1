/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measuring flows beside everything else: a job of the session's fleet a vantage, one after the
 * other. What the fleet brings comes in by run.c, which knows a run's job from ours.
 */
#include "assess/flows.h"
#include "capture.h"
#include "flow_surveying.h"

#include <string.h>

struct measuring {
    /* The caller's request may go: these are ours. */
    struct flows_request request;
    struct flow_line_list lines;
    struct flow_vantage *vantages;
    char *tools;
    /* The vantage at work. */
    size_t vantage, target;
    int job; /* 0: none */
    struct surveying surveying;
    size_t steps_done;
    bool is_cancelled;
    struct error failure; /* the review cannot be written */
};

static void measuring_free(struct measuring *measuring)
{
    surveying_release(&measuring->surveying);
    flow_line_list_release(&measuring->lines);
    for (size_t i = 0; i < measuring->request.vantage_count; i++) {
        free(measuring->vantages[i].name);
        free(measuring->vantages[i].spec);
    }
    free(measuring->vantages);
    free(measuring->tools);
    free(measuring);
}

static struct measuring *measuring_new(struct session *session, const struct flows_request *request)
{
    struct measuring *measuring = memory_new(1, sizeof(*measuring));
    size_t count = request->vantage_count;

    measuring->vantages = memory_new(count, sizeof(*measuring->vantages));
    for (size_t i = 0; i < count; i++)
        measuring->vantages[i] = (struct flow_vantage){memory_copy_text(request->vantages[i].name),
                                                       memory_copy_text(request->vantages[i].spec)};
    for (size_t i = 0; i < request->lines->count; i++)
        flow_line_add(&measuring->lines, &request->lines->items[i]);
    measuring->request = *request;
    measuring->request.session = session;
    measuring->request.lines = &measuring->lines;
    measuring->request.vantages = measuring->vantages;
    measuring->request.options.tools = measuring->tools = memory_copy_text(request->options.tools);
    return measuring;
}

/* --- one vantage --- */

static void start_job(struct session *session, struct measuring *measuring)
{
    struct session_target *state = &session->targets[measuring->target];
    struct plan plan = {0};
    struct job job = {.target = measuring->surveying.vantage->name,
                      .spec = measuring->surveying.vantage->spec,
                      .pinned_key = session->target_rows.items[measuring->target].key,
                      .jump_keys = &session->jump_keys,
                      .allow_password = measuring->request.allow_password,
                      .plan = &plan};

    surveying_fill_plan(&measuring->surveying, &plan);
    state->state = TARGET_WAITING;
    state->steps_done = state->refused_count = 0;
    state->steps_total = plan.step_count;
    state->has_failed = false;
    target_set_status(session, measuring->target, "");
    measuring->steps_done = 0;
    measuring->job = fleet_start(session->fleet, &job);
}

static bool start_vantage(struct session *session, struct measuring *measuring, struct error *error)
{
    const struct flows_request *request = &measuring->request;
    const char *name = request->vantages[measuring->vantage].name;

    if (!target_require(session, name, &measuring->target, error) ||
        !surveying_begin(request, measuring->vantage, &measuring->surveying, error) ||
        !surveying_ensure_consent(&measuring->surveying, error))
        return false;
    start_job(session, measuring);
    return true;
}

/* What became of it: no error when it answered. */
static struct error end_vantage(struct session *session, struct measuring *measuring,
                                const struct error *error)
{
    struct surveying *surveying = &measuring->surveying;
    struct session_target *state = &session->targets[measuring->target];
    struct error end = {0};

    if (error && !surveying->error.code)
        surveying->error = *error;
    if (surveying->error.code)
        end = surveying->error;
    else if (!surveying_has_answered(surveying))
        error_set(&end, ERROR_UNREACHABLE, "%s", surveying_why_less(surveying, 0));
    questions_drop(session, measuring->target);
    state->state = TARGET_IDLE;
    surveying_read(surveying);
    if (!measuring->failure.code)
        (void)!surveying_record(surveying, &measuring->failure);
    if (measuring->failure.code)
        end = measuring->failure;
    state = &session->targets[measuring->target]; /* recorded: read again */
    target_set_status(session, measuring->target, end.code ? end.message : "");
    state->has_failed = end.code && end.code != ERROR_CANCELLED;
    surveying_release(surveying);
    *surveying = (struct surveying){0};
    measuring->job = 0;
    return end;
}

static void announce(struct session *session, size_t target, const struct error *error)
{
    if (session->events.measured)
        session->events.measured(session->events.context, target, error->code ? error : NULL);
    session_announce(session);
}

/* --- events of the fleet, for our job --- */

bool measuring_has_job(const struct session *session, int job)
{
    return session->measuring && session->measuring->job == job;
}

const size_t *measuring_target(const struct session *session)
{
    return &session->measuring->target;
}

void measuring_connected(struct session *session, const struct connection_identity *identity)
{
    struct measuring *measuring = session->measuring;

    session->targets[measuring->target].state = TARGET_PROBING;
    target_set_status(session, measuring->target, "connected");
    if (!surveying_pin(&measuring->surveying, identity)) {
        measuring->failure = measuring->surveying.error;
        fleet_cancel(session->fleet, measuring->job);
    }
    session_announce(session);
}

void measuring_begun(struct session *session)
{
    const struct measuring *measuring = session->measuring;

    session->targets[measuring->target].state = TARGET_PROBING;
    target_set_status(session, measuring->target,
                      measuring->request.only_map ? "what is to be seen there" : "flows");
    session_announce(session);
}

void measuring_result(struct session *session, struct step_result *result)
{
    struct measuring *measuring = session->measuring;

    if (!surveying_take(&measuring->surveying, result))
        return;
    measuring->steps_done++;
    session->targets[measuring->target].steps_done++;
    session_announce(session);
}

/* sshd is to be asked where the vantage has no tool. */
static bool goes_on(struct measuring *measuring, const struct error *error)
{
    return !error && !measuring->is_cancelled && !measuring->failure.code &&
           surveying_go_on(&measuring->surveying);
}

/* On to the next errand or vantage, or it is over: told when it is known which. */
void measuring_ended(struct session *session, const struct error *error)
{
    struct measuring *measuring = session->measuring;
    size_t target = measuring->target;

    if (goes_on(measuring, error)) {
        start_job(session, measuring);
        session_announce(session);
        return;
    }
    struct error end = end_vantage(session, measuring, error);
    struct error cannot = {0};
    bool has_more = ++measuring->vantage < measuring->request.vantage_count &&
                    !measuring->is_cancelled && !measuring->failure.code;

    if (has_more && !start_vantage(session, measuring, &cannot))
        has_more = false;
    size_t next = measuring->target;
    if (!has_more)
        measuring_free(take(&session->measuring));
    announce(session, target, &end);
    if (cannot.code)
        announce(session, next, &cannot);
}

/* --- from outside --- */

/* One thing at a time: a target's question is of one job, and the map shows no run's connection. */
static bool check_request(const struct session *session, const struct flows_request *request,
                          struct error *error)
{
    if (session->is_read_only)
        return error_set(error, ERROR_DENIED, "the review is open read-only");
    if (!session->loop)
        return error_set(error, ERROR_UNSUPPORTED, "nothing can be measured here");
    if (session->measuring)
        return error_set(error, ERROR_CONFLICT, "flows are being measured already");
    if (runs_count(session)) {
        error_set(error, ERROR_CONFLICT, "evidence is being gathered");
        return error_hint(error, "wait until that is done, or stop it");
    }
    return request->vantage_count > 0 ||
           error_set(error, ERROR_NOT_FOUND, "no target of the review is to measure anything");
}

bool session_preview_flows(struct session *session, const struct flows_request *request,
                           struct flows_preview *ret_preview, struct error *error)
{
    struct flows_request own = *request;
    int rate = request->options.rate;
    struct flows_preview preview = {.rate = rate > 0 ? rate : FLOW_RATE_DEFAULT};

    own.session = session;
    if (!check_request(session, request, error))
        return false;
    for (size_t i = 0; i < request->vantage_count; i++) {
        AUTO_RELEASE(surveying) struct surveying surveying = {0};
        bool has_consent = false;
        if (!surveying_begin(&own, i, &surveying, error) ||
            !surveying_has_consent(&surveying, &has_consent, error))
            return false;
        preview.flow_count += surveying.plan.request_count;
        preview.command_count += surveying.plan.step_count;
        preview.needs_consent |= !has_consent;
    }
    *ret_preview = preview;
    return true;
}

bool flows_print_commands(const struct flows_request *request, struct buffer *text,
                          struct error *error)
{
    for (size_t i = 0; i < request->vantage_count; i++) {
        AUTO_RELEASE(surveying) struct surveying surveying = {0};
        if (!surveying_begin(request, i, &surveying, error))
            return false;
        for (size_t s = 0; s < surveying.plan.step_count; s++)
            buffer_append_format(text, "# == %zu of %zu on %s\n%s\n", s + 1,
                                 surveying.plan.step_count, surveying.vantage->name,
                                 surveying.plan.steps[s].command);
    }
    return true;
}

bool measuring_begin(struct session *session, const struct flows_request *request,
                     struct error *error)
{
    struct measuring *measuring = measuring_new(session, request);

    if (!start_vantage(session, measuring, error)) {
        measuring_free(measuring);
        return false;
    }
    session->measuring = measuring;
    session_announce(session);
    return true;
}

bool session_measure_progress(const struct session *session, struct flows_progress *ret_progress)
{
    const struct measuring *measuring = session->measuring;

    if (!measuring)
        return false;
    *ret_progress = (struct flows_progress){.target = measuring->target,
                                            .vantage = measuring->vantage,
                                            .vantage_count = measuring->request.vantage_count,
                                            .steps_done = measuring->steps_done,
                                            .steps_total = measuring->surveying.errand_steps,
                                            .only_map = measuring->request.only_map};
    return true;
}

size_t measuring_left(const struct session *session)
{
    const struct measuring *measuring = session->measuring;

    return measuring ? measuring->request.vantage_count - measuring->vantage : 0;
}

void measuring_cancel(struct session *session, const size_t *target)
{
    struct measuring *measuring = session->measuring;

    if (!measuring || (target && *target != measuring->target))
        return;
    measuring->is_cancelled |= !target;
    fleet_cancel(session->fleet, measuring->job);
}

/* The review is closing, and the workers are gone. */
void measuring_close(struct session *session)
{
    struct measuring *measuring = session->measuring;
    struct error error;

    if (!measuring)
        return;
    error_set(&error, ERROR_CANCELLED, "the review was closed");
    end_vantage(session, measuring, &error);
    measuring_free(take(&session->measuring));
}
