/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate.h"
#include "quote.h"

static void append_extraction(struct buffer *title, const struct expectation *expectation)
{
    static const char *const words[] = {
        [EXTRACT_CAPTURE] = "capture", [EXTRACT_KEY] = "key", [EXTRACT_POINTER] = "pointer"};
    if (expectation->select != NULL) {
        buffer_append_text(title, ", select ");
        quote_append_text(title, expectation->select);
    }
    if (expectation->ignore != NULL) {
        buffer_append_text(title, ", ignore ");
        quote_append_text(title, expectation->ignore);
    }
    if (expectation->extraction == EXTRACT_WHOLE)
        buffer_append_text(title, ", whole");
    else if (expectation->extraction == EXTRACT_COLUMN)
        buffer_append_format(title, ", column %d", expectation->extract_number);
    else if (expectation->extraction != EXTRACT_LINES) {
        buffer_append_format(title, ", %s ", words[expectation->extraction]);
        quote_append_text(title, expectation->extract_text);
    }
}

static char *title_of(const struct expectation *expectation)
{
    static const char *const combinations[] = {
        [EXPECT_ALL] = "all of", [EXPECT_ANY] = "any of", [EXPECT_NOT] = "not"};
    static const char *const streams[] = {
        [STREAM_STDOUT] = "stdout", [STREAM_STDERR] = "stderr", [STREAM_EXIT] = "exit"};
    if (expectation->kind != EXPECT_MATCH)
        return memory_copy_text(combinations[expectation->kind]);
    struct buffer title = {0};
    AUTO_FREE char *arguments = strings_join(&expectation->arguments, ", ");
    buffer_append_format(&title, "%s.%s", expectation->probe, streams[expectation->stream]);
    append_extraction(&title, expectation);
    buffer_append_format(&title, ": %s ", matcher_text(expectation->matcher));
    if (expectation->arguments.count > 0)
        quote_append_text(&title, arguments);
    else
        buffer_append_text(&title, expectation->argument_is_true ? "true" : "false");
    return buffer_take(&title);
}

static void explain(const struct evaluation *evaluation, const struct expectation *expectation,
                    size_t depth, struct judge_explanation *explanation)
{
    AUTO_RELEASE(answer) struct answer answer;
    AUTO_RELEASE(buffer) struct buffer reason = {0};
    evaluate_expectation(evaluation, expectation, &answer);
    enum suggestion suggestion = answer_suggestion(&answer);
    /* Members tell of themselves. */
    if (expectation->kind == EXPECT_MATCH)
        answer_append_reason(&answer, suggestion, &reason);
    else if (suggestion == SUGGESTION_FAIL && expectation->otherwise != NULL)
        buffer_append_text(&reason, expectation->otherwise);
    *array_push(explanation->steps, explanation->count) =
        (struct judge_step){.depth = depth,
                            .title = title_of(expectation),
                            .suggestion = suggestion,
                            .reason = buffer_take(&reason)};
    for (size_t i = 0; i < expectation->child_count; i++)
        explain(evaluation, &expectation->children[i], depth + 1, explanation);
}

void judge_explain(const struct judge_case *matter, struct judge_explanation *ret_explanation)
{
    const struct check *check = matter->check;
    struct testimony *testimonies = testimonies_new(matter);
    const struct evaluation evaluation = {check, matter->parameters, testimonies, matter->now_ms};
    *ret_explanation = (struct judge_explanation){0};
    for (size_t i = 0; i < check->expectation_count; i++)
        explain(&evaluation, &check->expectations[i], 0, ret_explanation);
    testimonies_free(testimonies, check->probe_count);
}

void judge_explanation_release(struct judge_explanation *explanation)
{
    for (size_t i = 0; i < explanation->count; i++) {
        free(explanation->steps[i].title);
        free(explanation->steps[i].reason);
    }
    free(explanation->steps);
    *explanation = (struct judge_explanation){0};
}
