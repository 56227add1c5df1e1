/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "opening.h"
#include "summary.h"

#include <string.h>

static bool is_listed(const struct session *session, const struct item *item,
                      const struct arguments *arguments)
{
    size_t count;
    const struct session_target *targets = session_targets(session, &count);

    return (!arguments->area || strcmp(item->area, arguments->area) == 0) &&
           (!arguments->target || strcmp(targets[item->target].name, arguments->target) == 0);
}

static const char *shown_verdict(const struct item *item)
{
    return item->verdict == VERDICT_OPEN ? "open" : verdict_text(item->verdict);
}

static void print_items(const struct session *session, const struct arguments *arguments,
                        struct output *output)
{
    size_t count, target_count;
    const struct item *items = session_items(session, &count);
    const struct session_target *targets = session_targets(session, &target_count);

    output_styled(output, STYLE_BOLD, "\nItems\n");
    for (size_t i = 0; i < count; i++) {
        char verdict[24];
        if (!is_listed(session, &items[i], arguments))
            continue;
        snprintf(verdict, sizeof(verdict), "  %-14s ", shown_verdict(&items[i]));
        output_styled(output, style_of_verdict(verdict_text(items[i].verdict)), verdict);
        output_add(output, "%-8s ", severity_text(items[i].check->severity));
        output_safe(output, items[i].check->id, target_count > 1 ? 32 : 0);
        if (target_count > 1)
            output_safe(output, targets[items[i].target].name, 0);
        if (items[i].verdict == VERDICT_OPEN && items[i].suggestion != SUGGESTION_NONE)
            output_add(output, "  suggested: %s", suggestion_text(items[i].suggestion));
        output_add(output, "\n");
    }
}

static json_t *items_json(const struct session *session, const struct arguments *arguments)
{
    size_t count;
    const struct item *items = session_items(session, &count);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        if (is_listed(session, &items[i], arguments))
            json_array_append_new(list, item_json(session, &items[i]));
    return list;
}

static int run(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    AUTO_RELEASE(output) struct output output;
    struct error error = {0};
    int status;

    output_init(&output, arguments);
    if (!open_review(arguments, true, &session, &status))
        return status;
    if (arguments->json) {
        json_t *json = summary_json(session, &error);
        if (!json)
            return review_error(&error, arguments->words[0]);
        json_object_set_new(json, "items", items_json(session, arguments));
        return output_json(json);
    }
    if (!summary_print(session, &output, &error))
        return review_error(&error, arguments->words[0]);
    if (!arguments->quiet)
        print_items(session, arguments, &output);
    return output_write(&output);
}

static const struct option_spec options[] = {
    VALUE('a', "area", "ID", area, "list only the items of this area"),
    VALUE('t', "target", "NAME", target, "list only the items of this target"),
    {0},
};

const struct command command_status = {
    .name = "status",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .summary = "print progress, verdicts and what is left before sign-off",
    .options = options,
    .run = run,
};
