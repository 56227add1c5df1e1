/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the record that is read are taken out for good: which, why, and a word to be typed. */
#include "assess/redact.h"

#include "dialog.h"
#include "evidence_view.h"
#include "note.h"

void redact_form_release(struct redact_form *form)
{
    free(form->lines);
    free(form->why);
    *form = (struct redact_form){0};
}

static void report(struct app *app, const struct redact_result *result)
{
    if (result->left.count == 0)
        app_say(app, MESSAGE_GOOD, "%zu bytes were taken out of the review file",
                result->byte_count);
    else
        app_say(app, MESSAGE_BAD, "%zu bytes were taken out; the same are still in %s%s",
                result->byte_count, result->left.items[0],
                result->left.count > 1 ? " and other places" : "");
}

static void confirmed(struct app *app, void *context, bool yes)
{
    struct evidence *evidence = context;
    struct redact_form *form = &evidence->redact;
    char entry[ENTRY_ID_TEXT_BYTES];
    struct redact_request request = {.entry = entry_id_text(&form->entry, entry),
                                     .is_stderr = form->is_stderr,
                                     .lines = form->lines,
                                     .why = form->why};
    AUTO_RELEASE(redact_result) struct redact_result result = {0};
    struct error error = {0};
    if (!yes)
        return;
    if (!session_redact(app->session, &request, &result, &error))
        app_fail(app, &error);
    else
        report(app, &result);
    evidence->shown = (struct entry_id){0}; /* what is in the pager is no more */
    app_update(app);
}

static bool why_given(struct app *app, void *context, const char *text)
{
    struct evidence *evidence = context;
    AUTO_FREE char *question = memory_format(
        "Line %s of this record will be taken out of the review file. Nobody can bring "
        "it back. The ledger tells that you did it, and why.",
        evidence->redact.lines);
    free(evidence->redact.why);
    evidence->redact.why = memory_copy_text(text);
    dialog_open(app, &(struct dialog_request){.title = "Redact for good?",
                                              .text = question,
                                              .word = "redact",
                                              .confirm = "redact",
                                              .is_warning = true,
                                              .done = confirmed,
                                              .context = evidence});
    return true;
}

static bool lines_given(struct app *app, void *context, const char *text)
{
    struct evidence *evidence = context;
    if (text[strspn(text, "0123456789-")] != '\0') {
        app_say(app, MESSAGE_BAD, "write a line like 12, or lines like 12-14");
        return false;
    }
    free(evidence->redact.lines);
    evidence->redact.lines = memory_copy_text(text);
    note_open(app, &(struct note_request){.title = "Why is it redacted?",
                                          .prompt = "The reason stands in the ledger.",
                                          .kind = EDITOR_LINES,
                                          .save = "go on",
                                          .done = why_given,
                                          .context = evidence});
    return true;
}

/* Where the search stands, else the mark, else the top of the screen. */
static size_t line_in_sight(const struct pager *pager)
{
    size_t offset = pager->has_match  ? pager->match
                    : pager->has_mark ? lines_start(&pager->lines, pager->mark_at)
                                      : pager->top;
    return lines_number(&pager->lines, offset) + 1;
}

bool evidence_redact(struct evidence *evidence)
{
    struct app *app = evidence->view.app;
    const struct evidence_row *row = evidence_record(evidence);
    if (!app_can_write(app))
        return true;
    if (row == NULL || evidence->is_diff || evidence->pager.length == 0) {
        app_say(app, MESSAGE_INFO, "there is no output here that could be redacted");
        return true;
    }
    AUTO_FREE char *line = memory_format("%zu", line_in_sight(&evidence->pager));
    evidence->redact.entry = row->id;
    evidence->redact.is_stderr = evidence->is_stderr;
    note_open(app, &(struct note_request){.title = "Redact lines (like 12 or 12-14)",
                                          .kind = EDITOR_LINE,
                                          .initial = line,
                                          .save = "go on",
                                          .is_prompt = true,
                                          .done = lines_given,
                                          .context = evidence});
    return true;
}
