/* SPDX-License-Identifier: Apache-2.0 */
/* Measuring flows: one errand a vantage, after the consent to its very commands. */
#include "assess/flows.h"
#include "base/clock.h"
#include "capture.h"
#include "errand.h"
#include "flow_surveying.h"

#include <string.h>

static void on_connected(void *context, const struct connection_identity *identity)
{
    struct surveying *surveying = context;

    if (!surveying_pin(surveying, identity))
        loop_stop(surveying->request->loop);
}

static void on_result(void *context, struct step_result *result)
{
    (void)surveying_take(context, result);
}

static bool run_errand(struct surveying *surveying, const struct visit_events *events,
                       struct flow_survey *survey)
{
    const struct flows_request *request = surveying->request;
    struct session *session = request->session;
    struct plan plan = {0};
    AUTO_FREE char *pinned_key = NULL;
    size_t target;
    struct errand errand = {.target = surveying->vantage->name,
                            .spec = surveying->vantage->spec,
                            .allow_password = request->allow_password,
                            .loop = request->loop,
                            .events = *events,
                            .context = surveying,
                            .result = on_result,
                            .connected = on_connected};

    if (session && target_require(session, errand.target, &target, NULL))
        pinned_key = memory_copy_text(session->target_rows.items[target].key);
    errand.pinned_key = session ? pinned_key : surveying->key;
    errand.jump_keys = session ? &session->jump_keys : NULL;
    surveying_fill_plan(surveying, &plan);
    survey->errand = &errand;
    bool ok = errand_run(&errand, &plan, &surveying->error);
    survey->errand = NULL;
    plan_release(&plan);
    return ok;
}

static void run_errands(struct surveying *surveying, const struct visit_events *events,
                        struct flow_survey *survey)
{
    bool ok;

    do
        ok = run_errand(surveying, events, survey);
    while (ok && !survey->is_cancelled && surveying_go_on(surveying));
    if (survey->is_cancelled && !surveying->error.code)
        error_set(&surveying->error, ERROR_CANCELLED, "it was stopped");
    if (!ok || !surveying_has_answered(surveying))
        strings_push_take(&survey->failures, memory_format("%s: %s", surveying->vantage->name,
                                                           surveying_why_less(surveying, 0)));
    surveying_read(surveying);
}

static void keep_view(const struct surveying *surveying, struct flow_survey *survey)
{
    const struct step_result *result = &surveying->results[0];
    AUTO_RELEASE(buffer) struct buffer text = {0};

    buffer_append(&text, result->out.data, result->out.length);
    for (size_t i = 0; i < text.length; i++)
        if (!text.data[i])
            text.data[i] = '?';
    *array_push(survey->views, survey->view_count) = (struct flow_view){
        .target = memory_copy_text(surveying->vantage->name),
        .text = memory_copy_text(buffer_text(&text)),
        .why = memory_copy_text(surveying_why_less(surveying, 0)),
        .seen_ms = surveying->has_result[0] ? result->started_ms : clock_wall_ms()};
}

static void keep_measures(struct surveying *surveying, struct flow_survey *survey)
{
    struct flow_measure_list *from = &surveying->answer.measures;

    for (size_t i = 0; i < from->count; i++)
        *array_push(survey->measures.items, survey->measures.count) = from->items[i];
    free(from->items);
    *from = (struct flow_measure_list){0};
}

/* --- from outside --- */

void flow_survey_release(struct flow_survey *survey)
{
    flow_measure_list_release(&survey->measures);
    strings_release(&survey->failures);
    for (size_t i = 0; i < survey->view_count; i++) {
        free(survey->views[i].target);
        free(survey->views[i].text);
        free(survey->views[i].why);
    }
    free(survey->views);
}

static bool survey_one(const struct flows_request *request, size_t vantage,
                       const struct visit_events *events, struct flow_survey *survey,
                       struct error *error)
{
    AUTO_RELEASE(surveying) struct surveying surveying = {0};

    if (!surveying_begin(request, vantage, &surveying, error) ||
        !surveying_ensure_consent(&surveying, error))
        return false;
    run_errands(&surveying, events, survey);
    if (request->session && !surveying_record(&surveying, error))
        return false;
    keep_view(&surveying, survey);
    keep_measures(&surveying, survey);
    return true;
}

bool flows_measure(const struct flows_request *request, const struct visit_events *events,
                   struct flow_survey *ret_survey, struct error *error)
{
    if (request->session && !capture_prepare(request->session, error))
        return false;
    for (size_t i = 0; i < request->vantage_count && !ret_survey->is_cancelled; i++)
        if (!survey_one(request, i, events, ret_survey, error))
            return false;
    return true;
}

void flows_cancel(struct flow_survey *survey)
{
    survey->is_cancelled = true;
    if (survey->errand)
        errand_cancel(survey->errand);
}
