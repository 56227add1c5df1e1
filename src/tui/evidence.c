/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Evidence screen: the records of one check, each with what its probe brought and where it came
 * from. Stored bytes are never changed by how they are shown.
 */
#include "evidence_view.h"

#include "note.h"
#include "screens.h"

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_EVIDENCE;
}

/* ---- acting ---- */

static bool step_record(struct evidence *evidence, int step)
{
    int record = evidence_find_record(evidence, step);
    if (record >= 0)
        evidence_choose_record(evidence, (size_t)record);
    else
        app_say(evidence->view.app, MESSAGE_INFO,
                step < 0 ? "there is no earlier record" : "there is no later record");
    return true;
}

/* The probes of a check in the order in which they first ran, newest record each. */
static bool step_probe(struct evidence *evidence, int step)
{
    const struct evidence_row_list *list = &evidence->facts.evidence;
    int count = (int)list->count;
    int start = 0;
    if (evidence->probe == NULL || list->items == NULL)
        return true;
    for (int i = 0; i < count; i++)
        if (list->items[i].is_latest && strcmp(list->items[i].probe, evidence->probe) == 0)
            start = i;
    for (int i = 1; i < count; i++) {
        int at = ((start + step * i) % count + count) % count;
        if (list->items[at].is_latest && strcmp(list->items[at].probe, evidence->probe) != 0) {
            evidence_choose_record(evidence, (size_t)at);
            return true;
        }
    }
    app_say(evidence->view.app, MESSAGE_INFO, "this check has one probe");
    return true;
}

static bool step_check(struct evidence *evidence, int step)
{
    struct app *app = evidence->view.app;
    size_t count;
    const struct item *items = session_items(app->session, &count);
    size_t here = count;
    for (size_t i = 0; i < count; i++)
        if (items[i].check == app->focus.check && items[i].target == app->focus.target)
            here = i;
    for (size_t i = 1; i < count && here < count; i++) {
        size_t at = step > 0 ? (here + i) % count : (here + count - i) % count;
        if (items[at].target == app->focus.target && items[at].row->evidence_count > 0) {
            app_set_focus(app, items[at].check, items[at].target);
            return true;
        }
    }
    app_say(app, MESSAGE_INFO, "no other check has evidence on this target");
    return true;
}

static bool next_target(struct evidence *evidence)
{
    struct app *app = evidence->view.app;
    size_t count;
    (void)session_targets(app->session, &count);
    app_set_focus(app, app->focus.check, (app->focus.target + 1) % count);
    app_update(app);
    if (count < 2)
        app_say(app, MESSAGE_INFO, "this review has one target");
    return true;
}

static bool switch_diff(struct evidence *evidence)
{
    if (!evidence->is_diff && evidence_find_record(evidence, -1) < 0) {
        app_say(evidence->view.app, MESSAGE_INFO,
                "there is no earlier record to compare with: r runs the probe again");
        return true;
    }
    evidence->is_diff = !evidence->is_diff;
    return true;
}

static bool search_done(struct app *app, void *context, const char *text)
{
    struct evidence *evidence = context;
    if (!pager_search(&evidence->pager, text))
        app_say(app, MESSAGE_INFO, "not found: %s", text);
    return true;
}

static bool ask_search(struct evidence *evidence)
{
    note_open(evidence->view.app, &(struct note_request){.title = "Search",
                                                         .kind = EDITOR_LINE,
                                                         .initial = evidence->pager.search,
                                                         .save = "search",
                                                         .is_prompt = true,
                                                         .may_be_empty = true,
                                                         .done = search_done,
                                                         .context = evidence});
    return true;
}

static bool next_match(struct evidence *evidence, bool forward)
{
    if (!pager_search_next(&evidence->pager, forward))
        app_say(evidence->view.app, MESSAGE_INFO,
                evidence->pager.search == NULL ? "/ searches" : "not found");
    return true;
}

static bool back(struct evidence *evidence)
{
    if (evidence->pager.search != NULL)
        (void)pager_search(&evidence->pager, NULL);
    else if (evidence->is_diff)
        evidence->is_diff = false;
    else
        return false;
    return true;
}

static bool act_on_record(struct evidence *evidence, enum action action)
{
    switch (action) {
    case ACTION_EARLIER:
        return step_record(evidence, -1);
    case ACTION_LATER:
        return step_record(evidence, 1);
    case ACTION_NEXT_PROBE:
        return step_probe(evidence, 1);
    case ACTION_PREVIOUS_PROBE:
        return step_probe(evidence, -1);
    case ACTION_NEXT_CHECK:
        return step_check(evidence, 1);
    case ACTION_PREVIOUS_CHECK:
        return step_check(evidence, -1);
    case ACTION_NEXT_TARGET:
        return next_target(evidence);
    case ACTION_DIFF:
        return switch_diff(evidence);
    case ACTION_STREAM:
        evidence->is_stderr = !evidence->is_stderr;
        return true;
    case ACTION_PROVENANCE:
        evidence->shows_all = !evidence->shows_all;
        return true;
    default:
        return false;
    }
}

static bool act(struct view *view, enum action action)
{
    struct evidence *evidence = (struct evidence *)view;
    evidence_read(evidence);
    switch (action) {
    case ACTION_SEARCH:
        return ask_search(evidence);
    case ACTION_NEXT_MATCH:
        return next_match(evidence, true);
    case ACTION_PREVIOUS_MATCH:
        return next_match(evidence, false);
    case ACTION_BACK:
        return back(evidence);
    case ACTION_REDACT:
        return evidence_redact(evidence);
    default:
        if (evidence_record(evidence) != NULL && pager_act(&evidence->pager, action))
            return true;
        return view->app->focus.check != NULL && act_on_record(evidence, action);
    }
}

static void mouse(struct view *view, const struct event *event)
{
    struct evidence *evidence = (struct evidence *)view;
    if (event->kind != EVENT_CLICK && evidence_record(evidence) != NULL)
        pager_scroll(&evidence->pager, event->kind == EVENT_WHEEL_UP ? -3 : 3);
}

static const char *hint(const struct view *view, enum action action)
{
    const struct evidence *evidence = (const struct evidence *)view;
    size_t count;
    (void)session_targets(view->app->session, &count);
    switch (action) {
    case ACTION_COMMENT:
    case ACTION_WRITE_UP:
        return "";
    case ACTION_NEXT_TARGET:
        return count > 1 ? NULL : "";
    case ACTION_NEXT_MARK:
        return evidence->pager.mark_count > 0 ? NULL : "";
    case ACTION_RUN:
        return "run again";
    case ACTION_DIFF:
        return evidence->is_diff ? "end diff" : NULL;
    case ACTION_BACK:
        return "back";
    default:
        return NULL;
    }
}

static void free_evidence(struct view *view)
{
    struct evidence *evidence = (struct evidence *)view;
    facts_release(&evidence->facts);
    pager_release(&evidence->pager);
    buffer_release(&evidence->data);
    redact_form_release(&evidence->redact);
    free(evidence->marks);
    free(evidence->probe);
    free(evidence->shown_name);
    free(evidence->reached);
    free(evidence->changed);
    free(evidence);
}

static const struct view_class evidence_class = {.title = "Evidence",
                                                 .context = context,
                                                 .draw = evidence_draw,
                                                 .act = act,
                                                 .mouse = mouse,
                                                 .hint = hint,
                                                 .free = free_evidence};

struct view *evidence_new(struct app *app)
{
    struct evidence *evidence = memory_new(1, sizeof(*evidence));
    evidence->view = (struct view){&evidence_class, app};
    evidence->pager.rows = 12; /* until it is drawn */
    evidence->pager.columns = 60;
    return &evidence->view;
}
