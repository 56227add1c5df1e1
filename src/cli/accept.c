/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "opening.h"

#include <string.h>

static bool area_is_known(const struct session *session, const char *area)
{
    size_t count;
    const struct session_area *areas = session_areas(session, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(areas[i].id, area) == 0)
            return true;
    return false;
}

static int run(const struct arguments *arguments)
{
    const char *text = arguments->suggested ? arguments->suggested : "pass";
    AUTO(session) struct session *session = NULL;
    enum suggestion suggestion;
    struct error error = {0};
    size_t count;
    int status;

    if (strcmp(text, "na") == 0)
        text = "not-applicable";
    if (!suggestion_parse(text, &suggestion)) {
        error_set(&error, ERROR_USAGE, "'%s' is no suggestion that can be accepted", text);
        return output_error(&error, "accept");
    }
    if (!open_review(arguments, false, &session, &status))
        return status;
    if (arguments->area && !area_is_known(session, arguments->area)) {
        error_set(&error, ERROR_NOT_FOUND, "the review has no area '%s'", arguments->area);
        return output_error(&error, "accept");
    }
    if (!session_accept(session, arguments->area, suggestion, &count, &error))
        return output_error(&error, "accept");
    return report_done(arguments, json_pack("{s:I}", "accepted", (json_int_t)count),
                       "saved: %zu %s as suggested: %s", count, count == 1 ? "item" : "items",
                       text);
}

static const struct option_spec options[] = {
    VALUE('a', "area", "ID", area, "only this area"),
    VALUE(0, "suggested", "WHAT", suggested, "pass (default), fail or na"),
    {0},
};

const struct command command_accept = {
    .name = "accept",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .summary = "confirm suggestions in bulk, each recorded as your decision",
    .options = options,
    .run = run,
};
