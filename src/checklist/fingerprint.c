/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The digest of a check: SHA-256 over its content as a sequence of fields, each with its length in
 * front (digest_stream_add_field). The first field names the encoding. Numbers are decimal text, a
 * missing text is the field "-", a present one "+" followed by it, a list is its count followed by
 * its items. Not covered: id, area, severity, method, why, how, fix, refs, positions.
 */
#include "base/buffer.h"
#include "fact.h"
#include "load_parts.h"

static void add_text(struct digest_stream *stream, const char *text)
{
    AUTO_FREE char *field = text == NULL ? memory_copy_text("-") : memory_format("+%s", text);
    digest_stream_add_field(stream, field, strlen(field));
}

static void add_number(struct digest_stream *stream, size_t number)
{
    AUTO_FREE char *field = memory_format("%zu", number);
    digest_stream_add_field(stream, field, strlen(field));
}

static void add_strings(struct digest_stream *stream, const struct strings *strings)
{
    add_number(stream, strings->count);
    for (size_t i = 0; i < strings->count; i++)
        add_text(stream, strings->items[i]);
}

static void add_question(struct digest_stream *stream, const struct question *question)
{
    add_text(stream, question->id);
    add_text(stream, question->text);
    add_text(stream, answer_type_text(question->type));
    add_strings(stream, &question->options);
}

static void add_condition(struct digest_stream *stream, const struct condition *condition)
{
    static const char *const kinds[] = {
        [CONDITION_ALL] = "all",         [CONDITION_ANY] = "any",   [CONDITION_NOT] = "not",
        [CONDITION_COMMAND] = "command", [CONDITION_PATH] = "path", [CONDITION_PROCESS] = "process",
        [CONDITION_SHELL] = "shell",     [CONDITION_FACT] = "fact"};
    add_text(stream, kinds[condition->kind]);
    if (condition->kind == CONDITION_FACT)
        add_text(stream, fact_infos[condition->fact].name);
    add_text(stream, condition->argument);
    add_number(stream, condition->child_count);
    for (size_t i = 0; i < condition->child_count; i++)
        add_condition(stream, &condition->children[i]);
}

static void add_probe(struct digest_stream *stream, const struct check_probe *probe)
{
    add_text(stream, probe->id);
    add_text(stream, probe->run);
    add_number(stream, probe->as_root);
    add_text(stream, effect_text(probe->effect));
    add_text(stream, vantage_text(probe->from));
    add_number(stream, (size_t)probe->timeout_ms);
    add_number(stream, probe->output_max_bytes);
    char exits[LENGTH(probe->exits) + 1] = "";
    for (size_t i = 0; i < LENGTH(probe->exits); i++)
        exits[i] = probe->exits[i] ? '1' : '0';
    add_text(stream, exits);
}

static void add_expectation(struct digest_stream *stream, const struct expectation *expectation)
{
    static const char *const kinds[] = {
        [EXPECT_ALL] = "all", [EXPECT_ANY] = "any", [EXPECT_NOT] = "not", [EXPECT_MATCH] = "match"};
    static const char *const streams[] = {
        [STREAM_STDOUT] = "stdout", [STREAM_STDERR] = "stderr", [STREAM_EXIT] = "exit"};
    static const char *const extractions[] = {
        [EXTRACT_LINES] = "lines",   [EXTRACT_WHOLE] = "whole", [EXTRACT_CAPTURE] = "capture",
        [EXTRACT_COLUMN] = "column", [EXTRACT_KEY] = "key",     [EXTRACT_POINTER] = "pointer"};
    static const char *const no_values[] = {
        [NO_VALUE_UNDECIDED] = "undecided", [NO_VALUE_PASS] = "pass", [NO_VALUE_FAIL] = "fail"};
    add_text(stream, kinds[expectation->kind]);
    add_text(stream, expectation->otherwise);
    add_number(stream, expectation->child_count);
    for (size_t i = 0; i < expectation->child_count; i++)
        add_expectation(stream, &expectation->children[i]);
    if (expectation->kind != EXPECT_MATCH)
        return;
    add_text(stream, expectation->probe);
    add_text(stream, streams[expectation->stream]);
    add_text(stream, extractions[expectation->extraction]);
    add_text(stream, expectation->extract_text);
    add_number(stream, (size_t)expectation->extract_number);
    add_text(stream, expectation->separator);
    add_text(stream, expectation->select);
    add_text(stream, expectation->ignore);
    add_text(stream, matcher_text(expectation->matcher));
    add_strings(stream, &expectation->arguments);
    add_number(stream, expectation->argument_is_true);
    add_text(stream, no_values[expectation->no_value]);
}

void checklist_fingerprint(struct check *check)
{
    AUTO(digest_stream) struct digest_stream *stream = digest_stream_new();
    add_text(stream, "walkdown check 1");
    add_text(stream, check->title);
    add_number(stream, check->question_count);
    for (size_t i = 0; i < check->question_count; i++)
        add_question(stream, &check->questions[i]);
    add_number(stream, check->when != NULL);
    if (check->when != NULL)
        add_condition(stream, check->when);
    add_number(stream, check->probe_count);
    for (size_t i = 0; i < check->probe_count; i++)
        add_probe(stream, &check->probes[i]);
    add_number(stream, check->expectation_count);
    for (size_t i = 0; i < check->expectation_count; i++)
        add_expectation(stream, &check->expectations[i]);
    check->digest = digest_stream_result(stream);
}
