/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/redact.h"

#include "commands.h"
#include "opening.h"

static json_t *left_json(const struct redact_result *result)
{
    json_t *list = json_array();

    for (size_t i = 0; i < result->left.count; i++)
        json_array_append_new(list, json_text(result->left.items[i]));
    return list;
}

static int report(const struct arguments *arguments, const struct redact_result *result)
{
    int status =
        report_done(arguments,
                    json_pack("{s:I, s:I, s:o}", "places", (json_int_t)result->span_count, "bytes",
                              (json_int_t)result->byte_count, "left", left_json(result)),
                    "redacted: %zu bytes in %zu %s", result->byte_count, result->span_count,
                    result->span_count == 1 ? "place" : "places");

    if (!arguments->json)
        for (size_t i = 0; i < result->left.count; i++)
            output_note("the same bytes are still in %s", result->left.items[i]);
    return result->left.count && status == EXIT_DONE ? EXIT_NO : status;
}

static int run(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    AUTO_RELEASE(redact_result) struct redact_result result = {0};
    const struct redact_request request = {.entry = arguments->words[1],
                                           .is_stderr = arguments->is_stderr,
                                           .lines = arguments->lines,
                                           .bytes = arguments->bytes,
                                           .secrets = arguments->secrets,
                                           .all = arguments->everything,
                                           .why = arguments->why};
    struct error error = {0};
    int status;

    if (!open_review(arguments, false, &session, &status))
        return status;
    if (!session_redact(session, &request, &result, &error))
        return output_error(&error, "redact");
    return report(arguments, &result);
}

static const struct option_spec options[] = {
    VALUE(0, "why", "TEXT", why, "the reason, which stands in the ledger"),
    VALUE(0, "lines", "FIRST-LAST", lines, "these lines, from 1"),
    VALUE(0, "bytes", "FIRST-LAST", bytes, "these bytes, from 0"),
    FLAG(0, "secrets", secrets, "what the rules for secrets find"),
    FLAG(0, "all", everything, "everything"),
    FLAG(0, "stderr", is_stderr, "of what went to standard error"),
    {0},
};

const struct command command_redact = {
    .name = "redact",
    .words = "FILE [ENTRY]",
    .words_min = 1,
    .words_max = 2,
    .summary = "take bytes of evidence or an attachment out of the file, for ever",
    .details =
        "ENTRY brought the bytes: 'walkdown log FILE' and 'walkdown show --json' name it.\n"
        "Without it, --secrets looks through all evidence and attachments. No byte of what\n"
        "is redacted stays in the file or its free pages; the ledger tells who redacted how\n"
        "much and why, and verify still holds. This cannot be undone. Exit status 1: the\n"
        "same bytes are still in other places, which are named.",
    .options = options,
    .run = run,
};
