/* SPDX-License-Identifier: Apache-2.0 */
/* Decisions: at once where the suggestion agrees, with a reason where it does not. */
#include "choice.h"
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

/* ---- in bulk ---- */

struct accepting {
    char *area; /* NULL: all */
    enum suggestion suggestion;
};

static void free_accepting(void *context)
{
    struct accepting *accepting = context;
    free(accepting->area);
    free(accepting);
}

static struct accepting *make_accepting(const char *area, enum suggestion suggestion)
{
    struct accepting *accepting = memory_new(1, sizeof(*accepting));
    accepting->area = memory_copy_text(area);
    accepting->suggestion = suggestion;
    return accepting;
}

static void accept_confirmed(struct app *app, void *context, bool yes)
{
    const struct accepting *accepting = context;
    struct error error = {0};
    size_t count = 0;
    if (!yes)
        return;
    bool is_done =
        session_accept(app->session, accepting->area, accepting->suggestion, &count, &error);
    app_update(app);
    if (!is_done)
        app_fail(app, &error);
    else
        app_say(app, MESSAGE_GOOD, "%zu decided as %s, saved", count,
                suggestion_text(accepting->suggestion));
}

/* Open items of an area that are suggested so. */
static size_t count_suggested(const struct app *app, const char *area, enum suggestion suggestion)
{
    size_t count;
    size_t found = 0;
    const struct item *items = session_items(app->session, &count);
    for (size_t i = 0; i < count; i++)
        found += items[i].verdict == VERDICT_OPEN && items[i].suggestion == suggestion &&
                 (area == NULL || strcmp(items[i].area, area) == 0);
    return found;
}

static void suggestion_chosen(struct app *app, void *context, int value,
                              const char *text_typed UNUSED)
{
    const struct accepting *choice = context;
    enum suggestion suggestion = (enum suggestion)value;
    size_t count = count_suggested(app, choice->area, suggestion);
    AUTO_FREE char *text =
        memory_format("%zu open check%s suggested as %s%s. Each decision is recorded as yours.",
                      count, count == 1 ? " is" : "s are", suggestion_text(suggestion),
                      choice->area != NULL ? " in this area" : "");
    AUTO_FREE char *confirm = memory_format("decide them as %s", suggestion_text(suggestion));
    dialog_open(app, &(struct dialog_request){.title = "Confirm what is suggested?",
                                              .text = text,
                                              .confirm = confirm,
                                              .done = accept_confirmed,
                                              .context = make_accepting(choice->area, suggestion),
                                              .free_context = free_accepting});
}

void do_accept_all(struct app *app, const char *area)
{
    static const enum suggestion suggestions[] = {SUGGESTION_PASS, SUGGESTION_NOT_APPLICABLE,
                                                  SUGGESTION_FAIL};
    struct choice_items items = {0};
    if (!app_can_write(app))
        return;
    for (size_t i = 0; i < LENGTH(suggestions); i++) {
        size_t count = count_suggested(app, area, suggestions[i]);
        if (count > 0)
            choice_add(&items, (struct choice_item){
                                   .text = memory_copy_text(suggestion_text(suggestions[i])),
                                   .detail = memory_format("%zu open check%s", count,
                                                           count == 1 ? "" : "s"),
                                   .value = (int)suggestions[i]});
    }
    if (items.count == 0) {
        app_say(app, MESSAGE_INFO, "nothing that is open here has a suggestion to confirm");
        return;
    }
    choice_open(app, &(struct choice_request){.title = "Confirm in bulk what is suggested as",
                                              .items = items,
                                              .selected = -1,
                                              .done = suggestion_chosen,
                                              .context = make_accepting(area, SUGGESTION_NONE),
                                              .free_context = free_accepting});
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
