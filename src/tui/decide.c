/* SPDX-License-Identifier: Apache-2.0 */
/* Decisions: at once where the suggestion agrees, with a reason where it does not. */
#include "base/utf8.h"
#include "dialog.h"
#include "drafts.h"
#include "note.h"
#include "screens.h"

struct deciding {
    struct focus focus;
    enum verdict verdict;
};

static bool decide(struct app *app, const struct deciding *deciding, const char *because)
{
    struct error error = {0};
    struct decision decision = {.check = deciding->focus.check->id,
                                .target = app_target_name(app, deciding->focus.target),
                                .verdict = deciding->verdict,
                                .because = because};
    if (!session_decide(app->session, &decision, &error)) {
        app_fail(app, &error);
        return false;
    }
    app_set_focus(app, deciding->focus.check, deciding->focus.target);
    app_update(app);
    app_say(app, MESSAGE_GOOD, "%s: %s, saved", deciding->focus.check->id,
            verdict_text(deciding->verdict));
    walk_decided(app);
    return true;
}

static bool reason_given(struct app *app, void *context, const char *text)
{
    return decide(app, context, text);
}

static char *describe_disagreement(const struct item *item, enum verdict verdict)
{
    if (item->suggestion == SUGGESTION_NONE)
        return memory_format("No evidence was gathered for %s. Why is it '%s'?", item->check->id,
                             verdict_text(verdict));
    if (item->suggestion == SUGGESTION_BLOCKED)
        return memory_format("The probes of %s could not look. Why is it '%s'?", item->check->id,
                             verdict_text(verdict));
    return memory_format("The suggestion for %s is '%s'. Why is it '%s'?", item->check->id,
                         suggestion_text(item->suggestion), verdict_text(verdict));
}

static void ask_reason(struct app *app, const struct item *item, const struct deciding *deciding)
{
    struct deciding *copy = memory_new(1, sizeof(*copy));
    *copy = *deciding;
    AUTO_FREE char *prompt = describe_disagreement(item, deciding->verdict);
    AUTO_FREE char *draft = drafts_key(app, "because");
    AUTO_FREE char *title = memory_format("Reason for '%s'", verdict_text(deciding->verdict));
    const char *reason = item->row->suggestion_reason;
    note_open(app, &(struct note_request){.title = title,
                                          .prompt = prompt,
                                          .quote = reason[0] != '\0' ? reason : NULL,
                                          .kind = EDITOR_LINE,
                                          .draft = draft,
                                          .save = "decide",
                                          .done = reason_given,
                                          .context = copy,
                                          .free_context = free});
}

void do_decide(struct app *app, enum verdict verdict)
{
    const struct item *item = app_item(app, app->focus);
    if (item == NULL || !app_can_write(app))
        return;
    struct deciding deciding = {app->focus, verdict};
    if (decision_needs_reason(item, verdict))
        ask_reason(app, item, &deciding);
    else
        decide(app, &deciding, NULL);
}

void do_accept(struct app *app)
{
    const struct item *item = app_item(app, app->focus);
    if (item == NULL)
        return;
    switch (item->suggestion) {
    case SUGGESTION_PASS:
        do_decide(app, VERDICT_PASS);
        return;
    case SUGGESTION_FAIL:
        do_decide(app, VERDICT_FAIL);
        return;
    case SUGGESTION_NOT_APPLICABLE:
        do_decide(app, VERDICT_NOT_APPLICABLE);
        return;
    case SUGGESTION_NONE:
        app_say(app, MESSAGE_INFO, "nothing is suggested yet: r gathers evidence");
        return;
    case SUGGESTION_BLOCKED:
    case SUGGESTION_UNDECIDED:
        app_say(app, MESSAGE_INFO, "the suggestion is '%s': that is for you to decide",
                suggestion_text(item->suggestion));
        return;
    }
}

/* ---- all suggested passes ---- */

static void passes_accepted(struct app *app, void *context, bool yes)
{
    struct error error = {0};
    size_t count = 0;
    if (!yes)
        return;
    if (!session_accept(app->session, context, SUGGESTION_PASS, &count, &error))
        app_fail(app, &error);
    else
        app_say(app, MESSAGE_GOOD, "%zu decided as pass, saved", count);
    app_update(app);
}

void do_accept_passes(struct app *app, const char *area)
{
    struct item_counts counts = session_count(app->session, area, NULL);
    if (!app_can_write(app))
        return;
    if (counts.suggested_pass == 0) {
        app_say(app, MESSAGE_INFO, "no open check is suggested as pass here");
        return;
    }
    AUTO_FREE char *text =
        memory_format("%zu open check%s suggested as pass%s. Each decision is recorded as yours.",
                      counts.suggested_pass, counts.suggested_pass == 1 ? " is" : "s are",
                      area != NULL ? " in this area" : "");
    dialog_open(app, &(struct dialog_request){.title = "Confirm the suggested passes?",
                                              .text = text,
                                              .confirm = "decide them all as pass",
                                              .done = passes_accepted,
                                              .context = memory_copy_text(area),
                                              .free_context = free});
}

/* ---- undo ---- */

/* What was taken back begins with the id of its check: go there. */
static void follow(struct app *app, const char *what)
{
    size_t length = strcspn(what, ",");
    size_t count;
    const struct item *items = session_items(app->session, &count);
    for (size_t i = 0; i < count; i++)
        if (items[i].target == app->focus.target && strlen(items[i].check->id) == length &&
            strncmp(items[i].check->id, what, length) == 0) {
            app_set_focus(app, items[i].check, items[i].target);
            return;
        }
}

static void take_back(struct app *app, bool (*function)(struct session *, char **, struct error *),
                      const char *done)
{
    struct error error = {0};
    AUTO_FREE char *what = NULL;
    if (!app_can_write(app))
        return;
    if (!function(app->session, &what, &error)) {
        app_say(app, error.code == ERROR_NOT_FOUND ? MESSAGE_INFO : MESSAGE_BAD, "%s",
                error.message);
        return;
    }
    follow(app, what);
    app_update(app);
    app_say(app, MESSAGE_GOOD, "%s: %s", done, what);
}

void do_undo(struct app *app)
{
    take_back(app, session_undo, "undone");
}

void do_redo(struct app *app)
{
    take_back(app, session_redo, "done again");
}
