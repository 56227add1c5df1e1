/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "commands.h"
#include "opening.h"

#include <string.h>

static json_t *event_json(const struct event_row *event)
{
    char id[ENTRY_ID_TEXT_BYTES], hash[DIGEST_HEX_BYTES], time[CLOCK_TEXT_BYTES];

    return json_pack("{s:s, s:I, s:s, s:o, s:o, s:o, s:o, s:o, s:b, s:s}", "entry",
                     entry_id_text(&event->id, id), "clock", (json_int_t)event->clock, "time",
                     clock_format_utc(event->time_ms, time), "kind", json_text(event->kind),
                     "author", json_text(event->author), "check", json_text(event->check), "target",
                     json_text(event->target), "summary", json_text(event->summary), "retracted",
                     event->is_retracted, "hash", digest_hex(&event->hash, hash));
}

static void print_event(struct output *output, const struct event_row *event)
{
    char time[CLOCK_TEXT_BYTES];

    output_add(output, "%5lld  ", (long long)event->id.seq);
    output_styled(output, STYLE_DIM, clock_format_minute(event->time_ms, time));
    output_add(output, "  ");
    output_safe(output, event->author, 14);
    output_add(output, " ");
    output_safe(output, event->kind, 11);
    output_add(output, " ");
    if (*event->check) {
        output_safe(output, event->check, 0);
        output_add(output, *event->target ? " on " : "");
    }
    output_safe(output, event->target, 0);
    output_add(output, *event->check || *event->target ? ": " : "");
    output_safe(output, event->summary, 0);
    output_add(output, "%s\n", event->is_retracted ? "  (taken back)" : "");
}

static bool is_wanted(const struct event_row *event, const struct arguments *arguments)
{
    return !arguments->kind || strcmp(event->kind, arguments->kind) == 0;
}

static int run(const struct arguments *arguments)
{
    const struct review_filter filter = {.target = arguments->target, .check = arguments->check};
    AUTO(session) struct session *session = NULL;
    AUTO_RELEASE(output) struct output output;
    AUTO_RELEASE(event_row_list) struct event_row_list events = {0};
    AUTO_JSON json_t *list = json_array();
    struct error error = {0};
    int status;

    output_init(&output, arguments);
    if (!open_review(arguments, true, &session, &status))
        return status;
    if (!review_query_events(session_review(session), &filter, &events, &error))
        return review_error(&error, arguments->words[0]);
    for (size_t i = 0; i < events.count; i++) {
        if (!is_wanted(&events.items[i], arguments))
            continue;
        json_array_append_new(list, event_json(&events.items[i]));
        print_event(&output, &events.items[i]);
    }
    return arguments->json ? output_json(json_incref(list)) : output_write(&output);
}

static const struct option_spec options[] = {
    VALUE('t', "target", "NAME", target, "only what concerns this target"),
    VALUE('k', "check", "ID", check, "only what concerns this check"),
    VALUE(0, "kind", "KIND", kind, "only entries of this kind, e.g. decision"),
    {0},
};

const struct command command_log = {
    .name = "log",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .summary = "print the ledger as a timeline",
    .options = options,
    .run = run,
};
