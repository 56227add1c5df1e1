/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/catalog.h"
#include "checklist/load.h"
#include "commands.h"
#include "output.h"

static json_t *diagnostic_json(const char *path, const struct diagnostic *diagnostic)
{
    return json_pack("{s:o, s:i, s:i, s:s, s:o}", "file", json_text(path), "line",
                     diagnostic->position.line, "column", diagnostic->position.column, "level",
                     diagnostic->level == DIAGNOSTIC_ERROR ? "error" : "warning", "text",
                     json_text(diagnostic->text));
}

/* True when the checklist can be used. */
static bool lint_one(const char *name, struct buffer *text, json_t *list, size_t *warnings)
{
    AUTO_FREE char *path = NULL;
    AUTO(checklist) struct checklist *checklist = NULL;
    AUTO_RELEASE(diagnostics) struct diagnostics diagnostics = {0};
    struct error error = {0};
    bool ok = catalog_find(name, &path, &error);

    if (!ok) {
        output_error(&error, name);
        return false;
    }
    ok = checklist_load_file(path, &checklist, &diagnostics, &error);
    if (ok)
        checklist_lint(checklist, &diagnostics);
    else if (!diagnostics.count)
        output_error(&error, NULL);
    diagnostics_print(&diagnostics, path, text);
    for (size_t i = 0; i < diagnostics.count; i++)
        json_array_append_new(list, diagnostic_json(path, &diagnostics.items[i]));
    *warnings += diagnostics.warning_count;
    return ok;
}

static int run(const struct arguments *arguments)
{
    AUTO_RELEASE(output) struct output output;
    AUTO_JSON json_t *list = json_array();
    size_t warnings = 0;
    bool ok = true;

    output_init(&output, arguments);
    for (size_t i = 0; i < arguments->word_count; i++)
        ok = lint_one(arguments->words[i], &output.text, list, &warnings) && ok;
    if (arguments->json)
        output_json(json_incref(list));
    else if (!output.text.length && !arguments->quiet && ok)
        output_add(&output, "%s: nothing to complain about\n",
                   arguments->word_count == 1 ? "the checklist" : "the checklists");
    if (!arguments->json)
        output_write(&output);
    return ok && !warnings ? EXIT_DONE : EXIT_NO;
}

const struct command command_lint = {
    .name = "lint",
    .words = "CHECKLIST...",
    .words_min = 1,
    .words_max = 64,
    .summary = "check checklists for mistakes, with file:line:column",
    .details = "Exit status 1 when there is an error or a warning.",
    .run = run,
};
