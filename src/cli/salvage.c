/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/salvage.h"

#include "commands.h"
#include "opening.h"

static json_t *report_json(const struct salvage_report *report)
{
    char hex[DIGEST_HEX_BYTES];
    json_t *lost = json_array();

    for (size_t i = 0; i < report->lost.count; i++)
        json_array_append_new(lost, json_text(report->lost.items[i]));
    return json_pack("{s:b, s:I, s:s, s:o}", "ok", true, "entries", (json_int_t)report->entry_count,
                     "source", digest_hex(&report->source, hex), "lost", lost);
}

static int print(const struct arguments *arguments, const struct salvage_report *report)
{
    AUTO_RELEASE(output) struct output output;

    output_init(&output, arguments);
    if (arguments->json)
        return output_json(report_json(report));
    if (!arguments->quiet) {
        output_add(&output, "%lld entries are proven and were copied to ",
                   (long long)report->entry_count);
        output_safe(&output, arguments->words[1], 0);
        output_add(&output, ".\n");
    }
    for (size_t i = 0; i < report->lost.count; i++) {
        output_styled(&output, STYLE_BAD, "  lost ");
        output_safe(&output, report->lost.items[i], 0);
        output_add(&output, "\n");
    }
    return output_write(&output);
}

static int run(const struct arguments *arguments)
{
    AUTO_RELEASE(salvage_report) struct salvage_report report = {0};
    struct error error = {0};
    int status;

    if (!assess_salvage(arguments->words[0], arguments->words[1], &report, &error))
        return review_error(&error, "salvage");
    status = print(arguments, &report);
    return status == EXIT_DONE && report.lost.count ? EXIT_NO : status;
}

const struct command command_salvage = {
    .name = "salvage",
    .words = "DAMAGED NEW",
    .words_min = 2,
    .words_max = 2,
    .summary = "copy what is proven of a damaged file into a new one",
    .details =
        "The damaged file is not changed. Entries whose hashes and chain fit from the first\n"
        "on, and blobs that fit their ids, are copied; what is lost is listed, and recorded\n"
        "in the new file. Exit status 1: something was lost. Copies that walkdown made by\n"
        "itself are in the state folder, backups/.",
    .run = run,
};
