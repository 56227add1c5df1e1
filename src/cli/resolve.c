/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/merge.h"

#include "commands.h"
#include "disputes.h"
#include "opening.h"

static int list(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    AUTO_RELEASE(output) struct output output;
    int status;

    output_init(&output, arguments);
    if (!open_review(arguments, true, &session, &status))
        return status;
    if (arguments->json)
        return output_json(disputes_json(session));
    if (disputes_print(session, &output) == 0 && !arguments->quiet)
        output_add(&output, "Nothing is disputed.\n");
    return output_write(&output);
}

static int resolve(const struct arguments *arguments, const struct decision *decision)
{
    AUTO(session) struct session *session = NULL;
    struct error error = {0};
    const struct item *item;
    int status;

    if (!open_review(arguments, false, &session, &status))
        return status;
    if (!session_resolve(session, decision, &error))
        return output_error(&error, decision->check);
    item = session_find_item(session, decision->check, decision->target);
    return report_done(arguments, item_json(session, item), "settled: %s is %s", item->check->id,
                       verdict_text(item->verdict));
}

static int run(const struct arguments *arguments)
{
    struct decision decision = {.check = arguments->words[1],
                                .target = arguments->target,
                                .note = arguments->note,
                                .because = arguments->because};
    struct error error = {0};

    if (arguments->word_count == 1)
        return list(arguments);
    if (!arguments->verdict || !verdict_parse(arguments->verdict, &decision.verdict) ||
        decision.verdict == VERDICT_OPEN || decision.verdict == VERDICT_DISPUTED) {
        error_set(&error, ERROR_USAGE, "'%s' is no verdict",
                  arguments->verdict ? arguments->verdict : "");
        error_hint(&error, "give -v pass, -v fail or -v na");
        return output_error(&error, "resolve");
    }
    return resolve(arguments, &decision);
}

static const struct option_spec options[] = {
    VALUE('v', "verdict", "VERDICT", verdict, "pass, fail or na (not applicable)"),
    VALUE('t', "target", "NAME", target, "on which target; needed when there are several"),
    VALUE(0, "note", "TEXT", note, "a note that goes with the decision"),
    VALUE(0, "because", "TEXT", because, "why the suggestion is not followed"),
    {0},
};

const struct command command_resolve = {
    .name = "resolve",
    .words = "FILE [CHECK]",
    .words_min = 1,
    .words_max = 2,
    .summary = "list what is disputed, or settle a dispute",
    .details = "Two reviewers who did not know of each other may decide one check differently.\n"
               "Without CHECK the decisions that contradict each other are listed. With CHECK and\n"
               "a verdict, one decision takes the place of them; they stay in the history.",
    .options = options,
    .run = run,
};
