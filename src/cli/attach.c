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
    if (!session_attach(session, arguments->words[1], arguments->target, arguments->words[2],
                        &error))
        return output_error(&error, arguments->words[2]);
    return report_done(arguments, json_object(), "saved: %s is attached to %s", arguments->words[2],
                       arguments->words[1]);
}

static const struct option_spec options[] = {
    VALUE('t', "target", "NAME", target, "on which target; needed when there are several"),
    {0},
};

const struct command command_attach = {
    .name = "attach",
    .words = "FILE CHECK PATH",
    .words_min = 3,
    .words_max = 3,
    .summary = "store a file as evidence",
    .details = "The file's bytes go into the review, 64 MiB at most, with their SHA-256.",
    .options = options,
    .run = run,
};
