/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is asked of a target: the commands of its items, and the consent to them. Consent is given
 * to exact bytes: the digest covers every command of a class for a target, whether or not the run
 * at hand asks all of them, so that one consent serves a whole review and none of a changed
 * checklist.
 */
#include "base/utf8.h"
#include "state.h"

#include <string.h>

bool item_is_requested(const struct session *session, const struct item *item,
                       const struct run_request *request)
{
    return (!request->check || strcmp(request->check, item->check->id) == 0) &&
           (!request->area || strcmp(request->area, item->area) == 0) &&
           (!request->target || strcmp(request->target, session->targets[item->target].name) == 0);
}

/* Why a probe is not asked; NULL when it is. */
static const char *not_run_reason(const struct check_probe *probe, bool active_allowed)
{
    if (probe->from == VANTAGE_REVIEWER)
        return "it has to run on the reviewer's own machine, which needs a target of its own";
    if (probe->effect == EFFECT_ACTIVE && !active_allowed)
        return "it changes or contacts something, and consent to that was not given";
    return NULL;
}

void gathering_init(struct gathering *gathering, const struct session *session,
                    const struct check *check, bool active_allowed)
{
    const struct parameters *parameters = session_parameters(session, check);

    *gathering = (struct gathering){.check = check};
    if (check->when)
        *array_push(gathering->askings, gathering->asking_count) = (struct asking){
            .probe = JUDGE_WHEN, .command = condition_command(check->when, parameters)};
    for (size_t i = 0; i < check->probe_count; i++) {
        const struct check_probe *probe = &check->probes[i];
        *array_push(gathering->askings, gathering->asking_count) =
            (struct asking){.probe = probe->id,
                            .spec = probe,
                            .command = parameters_expand_command(parameters, probe->run),
                            .not_run = not_run_reason(probe, active_allowed)};
    }
    for (size_t i = 0; i < gathering->asking_count; i++)
        gathering->open_count += gathering->askings[i].not_run == NULL;
}

void gathering_release(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->asking_count; i++) {
        free(gathering->askings[i].command);
        step_result_release(&gathering->askings[i].result);
    }
    free(gathering->askings);
    gathering->askings = NULL;
    gathering->asking_count = 0;
}

static enum effect asking_effect(const struct asking *asking)
{
    return asking->spec ? asking->spec->effect : EFFECT_READ;
}

static void add_to_consent(struct digest_stream *stream, const struct gathering *gathering,
                           enum effect effect, size_t *commands)
{
    for (size_t i = 0; i < gathering->asking_count; i++) {
        const struct asking *asking = &gathering->askings[i];
        const char *rights = asking->spec && asking->spec->as_root ? "root" : "";
        if (asking_effect(asking) != effect)
            continue;
        digest_stream_add_field(stream, gathering->check->id, strlen(gathering->check->id));
        digest_stream_add_field(stream, asking->probe, strlen(asking->probe));
        digest_stream_add_field(stream, rights, strlen(rights));
        digest_stream_add_field(stream, asking->command, strlen(asking->command));
        ++*commands;
    }
}

struct digest consent_digest(const struct session *session, size_t target, enum effect effect,
                             size_t *ret_commands)
{
    AUTO(digest_stream) struct digest_stream *stream = digest_stream_new();

    *ret_commands = 0;
    digest_stream_add_field(stream, effect_text(effect), strlen(effect_text(effect)));
    digest_stream_add_field(stream, session->targets[target].spec,
                            strlen(session->targets[target].spec));
    for (size_t i = 0; i < session->item_count; i++) {
        struct gathering gathering;
        if (session->items[i].target != target)
            continue;
        gathering_init(&gathering, session, session->items[i].check, true);
        add_to_consent(stream, &gathering, effect, ret_commands);
        gathering_release(&gathering);
    }
    return digest_stream_result(stream);
}

bool consent_is_on_record(struct session *session, size_t target, enum effect effect,
                          bool *ret_given, struct error *error)
{
    const struct review_filter filter = {.target = session->targets[target].name};
    AUTO_RELEASE(consent_row_list) struct consent_row_list rows = {0};
    size_t commands;
    struct digest digest = consent_digest(session, target, effect, &commands);

    if (!review_query_consents(session->review, &filter, &rows, error))
        return false;
    *ret_given = false;
    for (size_t i = 0; i < rows.count; i++)
        if (strcmp(rows.items[i].class, effect_text(effect)) == 0 &&
            digest_equal(&rows.items[i].digest, &digest))
            *ret_given = true;
    return true;
}

bool consent_record(struct session *session, size_t target, enum effect effect, struct error *error)
{
    char text[DIGEST_HEX_BYTES];
    size_t commands;
    struct digest digest = consent_digest(session, target, effect, &commands);

    return session_append(session, ENTRY_CONSENT,
                          json_pack("{s:s, s:s, s:s, s:I}", "target", session->targets[target].name,
                                    "class", effect_text(effect), "digest",
                                    digest_hex(&digest, text), "commands", (json_int_t)commands),
                          error);
}

static void print_asking(const struct asking *asking, struct buffer *text)
{
    buffer_append_format(text, "# probe %s%s%s%s%s\n", asking->probe,
                         asking->spec && asking->spec->as_root ? ", as root" : "",
                         asking_effect(asking) == EFFECT_ACTIVE ? ", active" : "",
                         asking->not_run ? ", left out: " : "",
                         asking->not_run ? asking->not_run : "");
    safe_text_append(text, asking->command, strlen(asking->command), SAFE_MANY_LINES);
    buffer_append_text(text, "\n\n");
}

void session_print_commands(struct session *session, const struct run_request *request,
                            struct buffer *text)
{
    for (size_t i = 0; i < session->item_count; i++) {
        const struct item *item = &session->items[i];
        struct gathering gathering;
        if (!item_is_requested(session, item, request))
            continue;
        gathering_init(&gathering, session, item->check, request->consent_active);
        if (gathering.asking_count)
            buffer_append_format(text, "# == %s on %s\n", item->check->id,
                                 session->targets[item->target].name);
        for (size_t a = 0; a < gathering.asking_count; a++)
            print_asking(&gathering.askings[a], text);
        gathering_release(&gathering);
    }
}
