/* SPDX-License-Identifier: Apache-2.0 */
/* What a run would send, without sending it. */
#include "checklist/command.h"
#include "probe/frame.h"
#include "probe/script.h"
#include "state.h"

/* Of the length of a real nonce, which is made anew for every connection. */
static const char nonce[FRAME_NONCE_BYTES] = "nonce-made-at-run-time";

/* ssh_config is asked when it is needed, since that may run programs. */
static const struct target_reach there = {.kind = TARGET_SSH,
                                          .host = (char[]){"found-at-run-time"}},
                                 here = {.kind = TARGET_LOCAL, .host = (char[]){"127.0.0.1"}};

void run_script_list_release(struct run_script_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        buffer_release(&list->items[i].text);
    free(list->items);
    *list = (struct run_script_list){0};
}

static bool add_scripts(const struct session *session, size_t target,
                        const struct run_request *request, struct run_script_list *list,
                        struct error *error)
{
    struct script_options options = {.nonce = nonce, .self_test = true};
    struct run *run = run_new(session, target, request);
    struct plan plan = {0};
    AUTO_RELEASE(target_spec) struct target_spec spec = {0};

    run_fill_plan(run, &plan);
    run_free(run);
    plan.sudo_may_ask = request->sudo_may_ask;
    bool ok =
        target_spec_parse(session->targets[target].spec, &spec, error) && plan_check(&plan, error);
    while (ok && options.first_step < plan.step_count) {
        struct script script;
        const struct plan_step *first = &plan.steps[options.first_step];
        options.sandbox = target_outside_hop(&spec, first->outside);
        options.reach = first->from_reviewer ? spec.kind == TARGET_LOCAL ? &here : &there : NULL;
        script_write(&plan, &options, &script);
        options.first_step += script.step_count;
        options.self_test = false;
        *array_push(list->items, list->count) =
            (struct run_script){.target = target,
                                .from_reviewer = first->from_reviewer,
                                .commands = script.step_count,
                                .text = script.text};
        script.text = (struct buffer){0};
        script_release(&script);
    }
    plan_release(&plan);
    return ok;
}

bool session_dry_run(struct session *session, const struct run_request *request,
                     struct run_script_list *ret_list, struct error *error)
{
    struct run_script_list list = {0};
    bool ok = run_check_request(session, request, error);

    for (size_t t = 0; ok && t < session->target_count; t++)
        ok = !run_has_items(session, t, request) || add_scripts(session, t, request, &list, error);
    if (ok)
        *ret_list = list;
    else
        run_script_list_release(&list);
    return ok;
}

static void suspect_item(const struct session *session, const struct item *item, bool active,
                         struct buffer *text)
{
    struct gathering gathering;

    gathering_init(&gathering, session_parameters(session, item), item->check,
                   session->targets[item->target].spec, active);
    for (size_t i = 0; i < gathering.asking_count; i++) {
        const struct asking *asking = &gathering.askings[i];
        AUTO_RELEASE(buffer) struct buffer changes = {0};
        if (asking->not_run || (asking->spec && asking->spec->effect == EFFECT_ACTIVE))
            continue;
        command_changes(asking->command, &changes);
        if (changes.length)
            buffer_append_format(
                text, "%s%s: the probe '%s' looks as if it changes the target (%s)",
                text->length ? "\n" : "", item->check->id, asking->probe, buffer_text(&changes));
    }
    gathering_release(&gathering);
}

void session_suspect_commands(const struct session *session, const struct run_request *request,
                              struct buffer *text)
{
    const struct check *last = NULL;

    /* The commands of a check are the same on every target. */
    for (size_t i = 0; i < session->item_count; i++) {
        const struct item *item = &session->items[i];
        if (item->check == last || !item_is_requested(session, item, request))
            continue;
        suspect_item(session, item, request->consent_active, text);
        last = item->check;
    }
}
