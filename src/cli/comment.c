/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "opening.h"

static int run(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    struct error error = {0};
    int status;

    if (!open_review(arguments, false, &session, &status))
        return status;
    if (!session_comment(session, arguments->words[1], arguments->target, arguments->words[2],
                         &error))
        return output_error(&error, arguments->words[1]);
    return report_done(arguments, json_object(), "saved: comment on %s", arguments->words[1]);
}

static const struct option_spec options[] = {
    VALUE('t', "target", "NAME", target, "on which target; needed when there are several"),
    {0},
};

const struct command command_comment = {
    .name = "comment",
    .words = "FILE CHECK TEXT",
    .words_min = 3,
    .words_max = 3,
    .summary = "add a comment to a check",
    .options = options,
    .run = run,
};
