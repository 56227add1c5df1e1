/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is asked of a target: the commands of its items, and the consent to them. Consent is given
 * to exact bytes: the digest covers every command of a class for a target, whether or not the run
 * at hand asks all of them, so that one consent serves a whole review and none of a changed
 * checklist.
 */
#include "state.h"
#include "way.h"

#include <string.h>

bool item_is_requested(const struct session *session, const struct item *item,
                       const struct run_request *request)
{
    return (!request->check || strcmp(request->check, item->check->id) == 0) &&
           (!request->area || strcmp(request->area, item->area) == 0) &&
           (!request->target ||
            strcmp(request->target, session->targets[item->target].name) == 0) &&
           (!request->targets ||
            strings_contains(request->targets, session->targets[item->target].name));
}

static const char *const class_texts[] = {
#define X(name, text) [CONSENT_##name] = (text),
    CONSENT_CLASSES(X)
#undef X
};

static bool is_of_class(const struct asking *asking, enum consent_class class)
{
    if (class == CONSENT_SUDO)
        return asking->spec && asking->spec->as_root;
    return (asking_effect(asking) == EFFECT_ACTIVE) == (class == CONSENT_ACTIVE);
}

/* As whom a command runs, and where, as far as the checklist says. */
static char *rights_of(const struct asking *asking)
{
    bool as_root = asking->spec && asking->spec->as_root;
    bool is_inside = !asking->spec || asking->spec->from == VANTAGE_INSIDE;

    return memory_format("%s%s%s", as_root ? "root" : "", is_inside ? "" : " from ",
                         is_inside ? "" : vantage_text(asking->spec->from));
}

static void add_to_consent(struct digest_stream *stream, const struct gathering *gathering,
                           enum consent_class class, size_t *commands)
{
    for (size_t i = 0; i < gathering->asking_count; i++) {
        const struct asking *asking = &gathering->askings[i];
        if (!is_of_class(asking, class))
            continue;
        AUTO_FREE char *rights = rights_of(asking);
        digest_stream_add_field(stream, gathering->check->id, strlen(gathering->check->id));
        digest_stream_add_field(stream, asking->probe, strlen(asking->probe));
        digest_stream_add_field(stream, rights, strlen(rights));
        digest_stream_add_field(stream, asking->command, strlen(asking->command));
        ++*commands;
    }
}

struct digest consent_digest(const struct session *session, size_t target, enum consent_class class,
                             size_t *ret_commands)
{
    AUTO(digest_stream) struct digest_stream *stream = digest_stream_new();
    struct gathering way;

    *ret_commands = 0;
    digest_stream_add_field(stream, class_texts[class], strlen(class_texts[class]));
    digest_stream_add_field(stream, session->targets[target].spec,
                            strlen(session->targets[target].spec));
    for (size_t i = 0; i < session->item_count; i++) {
        struct gathering gathering;
        if (session->items[i].target != target)
            continue;
        gathering_init(&gathering, session_parameters(session, &session->items[i]),
                       session->items[i].check, session->targets[target].spec, true);
        add_to_consent(stream, &gathering, class, ret_commands);
        gathering_release(&gathering);
    }
    if (way_gathering_init(&way, session->targets[target].spec)) {
        add_to_consent(stream, &way, class, ret_commands);
        gathering_release(&way);
    }
    return digest_stream_result(stream);
}

bool run_has_items(const struct session *session, size_t target, const struct run_request *request)
{
    for (size_t i = 0; i < session->item_count; i++)
        if (session->items[i].target == target &&
            item_is_requested(session, &session->items[i], request))
            return true;
    return false;
}

bool consent_is_on_record(const struct session *session, const struct consent_row_list *consents,
                          size_t target, enum consent_class class)
{
    size_t commands;
    struct digest digest = consent_digest(session, target, class, &commands);

    for (size_t i = 0; i < consents->count; i++)
        if (digest_equal(&consents->items[i].digest, &digest) &&
            strcmp(consents->items[i].class, class_texts[class]) == 0 &&
            strcmp(consents->items[i].target, session->targets[target].name) == 0)
            return true;
    return false;
}

void consent_record(struct session *session, size_t target, enum consent_class class)
{
    char text[DIGEST_HEX_BYTES];
    size_t commands;
    struct digest digest = consent_digest(session, target, class, &commands);

    record_entry(session, ENTRY_CONSENT,
                 json_pack("{s:s, s:s, s:s, s:I}", "target", session->targets[target].name, "class",
                           class_texts[class], "digest", digest_hex(&digest, text), "commands",
                           (json_int_t)commands));
}

void session_print_commands(struct session *session, const struct run_request *request,
                            struct buffer *text)
{
    for (size_t i = 0; i < session->item_count; i++) {
        const struct item *item = &session->items[i];
        struct gathering gathering;
        if (!item_is_requested(session, item, request))
            continue;
        gathering_init(&gathering, session_parameters(session, item), item->check,
                       session->targets[item->target].spec, request->consent_active);
        if (gathering.asking_count)
            buffer_append_format(text, "# == %s on %s\n", item->check->id,
                                 session->targets[item->target].name);
        gathering_print_commands(&gathering, text);
        gathering_release(&gathering);
    }
}
