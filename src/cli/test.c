/* SPDX-License-Identifier: Apache-2.0 */
/* Checklists judged on recorded outputs. */
#include "assess/rehearse.h"
#include "commands.h"
#include "output.h"

static json_t *row_json(const struct rehearsal *rehearsal, const struct rehearsal_row *row)
{
    return json_pack("{s:o, s:i, s:o, s:s, s:s, s:b, s:o}", "file",
                     json_text(rehearsal->fixtures_path), "line", row->fixture->position.line,
                     "check", json_text(row->check->id), "expected", suggestion_text(row->expected),
                     "actual", suggestion_text(row->actual), "ok", row->expected == row->actual,
                     "reason", json_text(row->reason));
}

static json_t *rehearsal_json(const struct rehearsal *rehearsal)
{
    json_t *rows = json_array(), *missing = json_array();

    for (size_t i = 0; i < rehearsal->row_count; i++)
        json_array_append_new(rows, row_json(rehearsal, &rehearsal->rows[i]));
    for (size_t i = 0; i < rehearsal->gap_count; i++)
        json_array_append_new(missing, json_pack("{s:o, s:s}", "check",
                                                 json_text(rehearsal->gaps[i].check->id), "what",
                                                 rehearsal->gaps[i].what));
    return json_pack(
        "{s:o, s:I, s:I, s:I, s:I, s:o, s:o}", "checklist", json_text(rehearsal->checklist->id),
        "checks", (json_int_t)rehearsal->checklist->check_count, "deciding",
        (json_int_t)rehearsal->deciding_count, "assisting", (json_int_t)rehearsal->assisting_count,
        "wrong", (json_int_t)rehearsal->wrong_count, "fixtures", rows, "missing", missing);
}

static void print_wrong(struct output *output, const struct rehearsal *rehearsal,
                        const struct rehearsal_row *row)
{
    output_safe(output, rehearsal->fixtures_path, 0);
    output_add(output, ":%d: ", row->fixture->position.line);
    output_safe(output, row->check->id, 0);
    output_add(output, ": expected %s, is ", suggestion_text(row->expected));
    output_styled(output, STYLE_BAD, suggestion_text(row->actual));
    output_add(output, "\n");
    output_lines(output, row->reason, 4);
}

static void print_gaps(struct output *output, const struct rehearsal *rehearsal)
{
    for (size_t i = 0; i < rehearsal->gap_count; i++) {
        output_safe(output, rehearsal->checklist->id, 0);
        output_add(output, ": ");
        output_safe(output, rehearsal->gaps[i].check->id, 0);
        output_add(output, ": no fixture, %s\n", rehearsal->gaps[i].what);
    }
}

static void print_summary(struct output *output, const struct rehearsal *rehearsal)
{
    output_safe(output, rehearsal->checklist->id, 24);
    output_add(output, "%4zu checks (%zu decide, %zu assist), %zu fixtures, ",
               rehearsal->checklist->check_count, rehearsal->deciding_count,
               rehearsal->assisting_count, rehearsal->row_count);
    if (rehearsal->wrong_count)
        output_add(output, "%zu wrong", rehearsal->wrong_count);
    else
        output_add(output, "all as expected");
    if (rehearsal->gap_count)
        output_add(output, ", %zu missing", rehearsal->gap_count);
    output_add(output, "\n");
}

static bool test_one(const char *name, const struct arguments *arguments, struct output *output,
                     json_t *list)
{
    AUTO(rehearsal) struct rehearsal *rehearsal = NULL;
    struct error error = {0};

    if (!rehearse(name, &rehearsal, &error)) {
        output_error(&error, name);
        return false;
    }
    json_array_append_new(list, rehearsal_json(rehearsal));
    for (size_t i = 0; i < rehearsal->row_count; i++)
        if (rehearsal->rows[i].expected != rehearsal->rows[i].actual)
            print_wrong(output, rehearsal, &rehearsal->rows[i]);
    if (arguments->missing)
        print_gaps(output, rehearsal);
    if (!arguments->quiet)
        print_summary(output, rehearsal);
    return !rehearsal->wrong_count && !(arguments->missing && rehearsal->gap_count);
}

static int run(const struct arguments *arguments)
{
    AUTO_RELEASE(output) struct output output;
    AUTO_JSON json_t *list = json_array();
    bool ok = true;

    output_init(&output, arguments);
    for (size_t i = 0; i < arguments->word_count; i++)
        ok = test_one(arguments->words[i], arguments, &output, list) && ok;
    if (arguments->json)
        output_json(json_incref(list));
    else
        output_write(&output);
    return ok ? EXIT_DONE : EXIT_NO;
}

static const struct option_spec options[] = {
    FLAG(0, "missing", missing, "list what has no fixtures, and count that as a failure"),
    {0},
};

const struct command command_test = {
    .name = "test",
    .words = "CHECKLIST...",
    .words_min = 1,
    .words_max = 64,
    .summary = "judge checklists on recorded outputs",
    .details = "Replays fixtures/ID.yaml, which lies beside the checklist: what probes said, and\n"
               "the suggestion that it has to lead to. Exit status 1 when one leads to another.\n"
               "'walkdown try --record' adds to that file.",
    .options = options,
    .run = run,
};
