/* SPDX-License-Identifier: Apache-2.0 */
#include "export/format.h"

#include "base/file.h"
#include "commands.h"
#include "opening.h"

#include <string.h>
#include <unistd.h>

static int unknown_format(const char *name)
{
    struct error error = {0};
    AUTO_RELEASE(strings) struct strings names = {0};
    AUTO_FREE char *list = NULL;

    for (const struct export_format *f = export_formats(); f->name; f++)
        strings_push(&names, f->name);
    list = strings_join(&names, ", ");
    error_set(&error, ERROR_USAGE, "'%s' is no format", name ? name : "");
    error_hint(&error, "give -f with one of: %s", list);
    return output_error(&error, "export");
}

static bool write_file(const struct export_format *format, const struct report *report,
                       const char *path, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};

    if (!format->write(report, &text, error))
        return false;
    if (!path || strcmp(path, "-") == 0)
        return output_report(&text, error);
    return file_write(path, text.data, text.length, 0600, error);
}

static bool write_export(struct session *session, const struct export_format *format,
                         const char *path, struct error *error)
{
    AUTO(report) struct report *report = NULL;
    size_t count;
    const struct checklist *const *checklists = session_checklists(session, &count);

    if (!report_build(session_review(session), checklists, count, &report, error))
        return false;
    if (!format->is_folder)
        return write_file(format, report, path, error);
    if (!path || strcmp(path, "-") == 0) {
        error_set(error, ERROR_USAGE, "the format '%s' is a folder", format->name);
        return error_hint(error, "say where with -o FOLDER");
    }
    return format->write_folder(report, session_review(session), path, error);
}

static int run(const struct arguments *arguments)
{
    const char *path = arguments->output;
    const struct export_format *format =
        arguments->format ? export_format_find(arguments->format) : NULL;
    AUTO(session) struct session *session = NULL;
    struct error error = {0};
    int status;

    if (!format)
        return unknown_format(arguments->format);
    if (!open_review(arguments, true, &session, &status))
        return status;
    if (!write_export(session, format, path, &error))
        return output_error(&error, path ? path : format->name);
    if (!path || strcmp(path, "-") == 0)
        return EXIT_DONE;
    return report_done(arguments, json_pack("{s:o}", "path", json_text(path)), "wrote %s", path);
}

static const struct option_spec options[] = {
    VALUE('f', "format", "FORMAT", format, "html, md, json, csv, access-csv, flows-csv or folder"),
    VALUE('o', "output", "PATH", output, "where to; without it, or with -, to stdout"),
    {0},
};

const struct command command_export = {
    .name = "export",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .summary = "write a report",
    .details = "html: one self-contained, printable file. md: CommonMark. json: everything, for\n"
               "programs. csv: a row an item. access-csv: a row an account of the access matrix.\n"
               "flows-csv: a row a flow. folder: all of these with the evidence itself, the\n"
               "signatures, and how to check both with sha256sum and ssh-keygen.",
    .options = options,
    .run = run,
};
