/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "opening.h"

static int run(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    const struct answer answer = {.check = arguments->words[1],
                                  .target = arguments->target,
                                  .question = arguments->words[2],
                                  .value = arguments->words[3]};
    struct error error = {0};
    int status;

    if (!open_review(arguments, false, &session, &status))
        return status;
    if (!session_answer(session, &answer, &error))
        return output_error(&error, arguments->words[1]);
    return report_done(arguments, json_object(), "saved: answer to %s of %s", arguments->words[2],
                       arguments->words[1]);
}

static const struct option_spec options[] = {
    VALUE('t', "target", "NAME", target, "on which target; needed when there are several"),
    {0},
};

const struct command command_answer = {
    .name = "answer",
    .words = "FILE CHECK QUESTION VALUE",
    .words_min = 4,
    .words_max = 4,
    .summary = "answer a question of a check",
    .details = "'walkdown show FILE CHECK' lists the questions with their ids.",
    .options = options,
    .run = run,
};
