/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/merge.h"

#include "commands.h"
#include "disputes.h"
#include "opening.h"

static void print_merged(const struct arguments *arguments, struct output *output,
                         const char *other, const struct merge_report *report)
{
    if (arguments->quiet)
        return;
    output_safe(output, other, 0);
    if (report->entry_count == 0)
        output_add(output, ": nothing new\n");
    else
        output_add(output, ": %lld entries of %zu %s and %lld blobs were added\n",
                   (long long)report->entry_count, report->authors.count,
                   report->authors.count == 1 ? "author" : "authors",
                   (long long)report->blob_count);
}

static json_t *merged_json(const char *other, const struct merge_report *report)
{
    json_t *authors = json_array();

    for (size_t i = 0; i < report->authors.count; i++)
        json_array_append_new(authors, json_text(report->authors.items[i]));
    return json_pack("{s:o, s:I, s:I, s:o}", "file", json_text(other), "entries",
                     (json_int_t)report->entry_count, "blobs", (json_int_t)report->blob_count,
                     "authors", authors);
}

static int refuse(const struct error *error, const char *other, const struct merge_report *report)
{
    for (size_t i = 1; i < report->forks.count; i++)
        output_note("%s", report->forks.items[i]);
    return output_error(error, other);
}

static bool merge_all(const struct arguments *arguments, struct output *output, json_t *merged,
                      int *ret_status)
{
    for (size_t i = 1; i < arguments->word_count; i++) {
        const char *other = arguments->words[i];
        AUTO_RELEASE(merge_report) struct merge_report report = {0};
        struct error error = {0};
        if (!assess_merge(arguments->words[0], other, &report, &error)) {
            *ret_status = refuse(&error, other, &report);
            return false;
        }
        print_merged(arguments, output, other, &report);
        json_array_append_new(merged, merged_json(other, &report));
    }
    return true;
}

static int run(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    AUTO_RELEASE(output) struct output output;
    AUTO_JSON json_t *merged = json_array();
    int status = EXIT_DONE;
    size_t disputes;

    output_init(&output, arguments);
    if (!merge_all(arguments, &output, merged, &status) ||
        !open_review(arguments, true, &session, &status)) {
        output_write(&output);
        return status;
    }
    if (arguments->json)
        return output_json(json_pack("{s:b, s:O, s:o}", "ok", true, "merged", merged, "disputes",
                                     disputes_json(session)));
    disputes = disputes_print(session, &output);
    if (disputes && !arguments->quiet)
        output_add(&output, "Settle each with 'walkdown resolve'.\n");
    return output_write(&output);
}

const struct command command_merge = {
    .name = "merge",
    .words = "FILE OTHER...",
    .words_min = 2,
    .words_max = 64,
    .summary = "add what copies of a review hold, worked on apart",
    .details = "The result is the union of all authors' logs: nothing is overwritten, and the\n"
               "order does not matter. OTHER is verified first, by a process that can read it and\n"
               "do nothing else, and is not changed. Decisions that did not know of each other\n"
               "are listed as disputed. Where one author wrote in two copies, their histories\n"
               "have forked: each such entry is named, and nothing is merged.",
    .run = run,
};
