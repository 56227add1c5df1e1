/* SPDX-License-Identifier: Apache-2.0 */
#include "errand.h"

static void on_progress(void *context UNUSED, int job UNUSED, const char *text UNUSED)
{
}

static void on_hostkey(void *context, int job, const struct hostkey *hostkey,
                       enum hostkey_verdict verdict, const char *where)
{
    struct errand *errand = context;
    const struct visit_events *events = &errand->events;

    fleet_answer_hostkey(errand->fleet, job,
                         verdict == HOSTKEY_UNKNOWN && events->accept_hostkey &&
                             events->accept_hostkey(events->context, hostkey, where));
}

static void on_prompt(void *context, int job, const struct prompt *prompt)
{
    struct errand *errand = context;
    const struct visit_events *events = &errand->events;
    AUTO_RELEASE(buffer) struct buffer answer = {0};
    bool is_given =
        events->answer_prompt && events->answer_prompt(events->context, prompt, &answer);

    fleet_answer_prompt(errand->fleet, job, is_given ? buffer_text(&answer) : NULL);
    if (answer.data)
        memory_wipe(answer.data, answer.capacity);
}

static void on_connected(void *context, int job UNUSED, const struct connection_identity *identity)
{
    struct errand *errand = context;

    if (errand->connected)
        errand->connected(errand->context, identity);
}

static void on_begun(void *context UNUSED, int job UNUSED, size_t step UNUSED)
{
}

static void on_result(void *context, int job UNUSED, struct step_result *result)
{
    struct errand *errand = context;

    errand->result(errand->context, result);
}

static void on_ended(void *context, int job UNUSED, const struct error *error)
{
    struct errand *errand = context;

    if (error)
        errand->failure = *error;
    loop_stop(errand->loop);
}

bool errand_run(struct errand *errand, struct plan *plan, struct error *error)
{
    const struct fleet_options options = {.worker_max = 1};
    const struct fleet_events events = {.context = errand,
                                        .progress = on_progress,
                                        .hostkey = on_hostkey,
                                        .prompt = on_prompt,
                                        .connected = on_connected,
                                        .begun = on_begun,
                                        .result = on_result,
                                        .ended = on_ended};
    struct job job = {.target = errand->target,
                      .spec = errand->spec,
                      .allow_password = errand->allow_password,
                      .from_reviewer = errand->from_reviewer,
                      .pinned_key = errand->pinned_key,
                      .jump_keys = errand->jump_keys,
                      .plan = plan};
    bool ok;

    if (!fleet_new(errand->loop, &options, &events, &errand->fleet, error))
        return false;
    fleet_start(errand->fleet, &job);
    ok = loop_run(errand->loop, error);
    fleet_free(take(&errand->fleet));
    if (ok && errand->failure.code) {
        *error = errand->failure;
        return false;
    }
    return ok;
}

void errand_cancel(struct errand *errand)
{
    if (errand->fleet)
        fleet_cancel(errand->fleet, 0);
}
