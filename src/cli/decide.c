/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "opening.h"

static int run(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    struct decision decision = {.check = arguments->words[1],
                                .target = arguments->target,
                                .note = arguments->note,
                                .because = arguments->because};
    struct error error = {0};
    const struct item *item;
    int status;

    if (!arguments->verdict || !verdict_parse(arguments->verdict, &decision.verdict) ||
        decision.verdict == VERDICT_OPEN || decision.verdict == VERDICT_DISPUTED) {
        error_set(&error, ERROR_USAGE, "'%s' is no verdict",
                  arguments->verdict ? arguments->verdict : "");
        error_hint(&error, "give -v pass, -v fail or -v na");
        return output_error(&error, "decide");
    }
    if (!open_review(arguments, false, &session, &status))
        return status;
    if (!session_decide(session, &decision, &error))
        return output_error(&error, arguments->words[1]);
    item = session_find_item(session, arguments->words[1], arguments->target);
    return report_done(arguments, item_json(session, item), "saved: %s is %s", item->check->id,
                       verdict_text(item->verdict));
}

static const struct option_spec options[] = {
    VALUE('v', "verdict", "VERDICT", verdict, "pass, fail or na (not applicable)"),
    VALUE('t', "target", "NAME", target, "on which target; needed when there are several"),
    VALUE(0, "note", "TEXT", note, "a note that goes with the decision"),
    VALUE(0, "because", "TEXT", because, "why the suggestion is not followed"),
    {0},
};

const struct command command_decide = {
    .name = "decide",
    .words = "FILE CHECK",
    .words_min = 2,
    .words_max = 2,
    .summary = "decide a check",
    .details = "The decision is on the disk when the command ends. One that contradicts the\n"
               "suggestion needs a reason. Nothing is overwritten: see 'walkdown log'.",
    .options = options,
    .run = run,
};
