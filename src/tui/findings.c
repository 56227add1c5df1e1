/* SPDX-License-Identifier: Apache-2.0 */
/* The Findings screen: what failed or was noticed, who mends it until when, and what was accepted.
 */
#include "findings_view.h"

#include "screens.h"

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_FINDINGS;
}

/* ---- reading ---- */

static bool select_wanted(struct findings *findings)
{
    for (size_t i = 0; findings->wanted != NULL && i < findings->found.count; i++) {
        AUTO_FREE char *name = finding_line_name(&findings->found.lines[i]);
        if (strcmp(name, findings->wanted) != 0)
            continue;
        list_select(&findings->list, (int)i);
        return true;
    }
    return false;
}

static void remember_selected(struct findings *findings)
{
    const struct finding_line *line = findings_selected(findings);
    if (findings->wanted == NULL && line != NULL)
        findings->wanted = finding_line_name(line);
}

/* The lines borrow from the session as it was: only the name of the selected one is still good. */
static void update(struct view *view)
{
    struct findings *findings = (struct findings *)view;
    remember_selected(findings);
    findings->is_stale = true;
}

static void read_again(struct findings *findings)
{
    struct app *app = findings->view.app;
    struct findings_list found = {0};
    struct error error = {0};
    if (!findings->is_stale)
        return;
    findings->is_stale = false;
    if (!findings_list_read(app, findings->filter, &found, &error)) {
        app_fail(app, &error);
        return;
    }
    findings_list_release(&findings->found);
    findings->found = found;
    list_set_count(&findings->list, (int)found.count);
    if (!select_wanted(findings))
        findings->detail_top = 0;
    free(take(&findings->wanted));
}

static void refresh(struct findings *findings)
{
    read_again(findings);
    const struct finding_line *line = findings_selected(findings);
    facts_load(&findings->facts, findings->view.app,
               line != NULL ? line->focus : (struct focus){0});
}

/* ---- acting ---- */

static void show(struct findings *findings)
{
    struct app *app = findings->view.app;
    const struct finding_line *line = findings_selected(findings);
    if (line == NULL)
        return;
    if (line->focus.check == NULL) {
        app_say(app, MESSAGE_INFO, "this finding belongs to no check; F edits it");
        return;
    }
    app_set_focus(app, line->focus.check, line->focus.target);
    app_go(app, TAB_EVIDENCE);
}

static void step_filter(struct findings *findings, int step)
{
    int filter = (int)findings->filter + step + FINDING_FILTER_COUNT;
    remember_selected(findings);
    findings->filter = (enum finding_filter)(filter % FINDING_FILTER_COUNT);
    findings->is_stale = true;
}

static void scroll_detail(struct findings *findings, int step)
{
    if (step > 0 && findings->detail_below == 0)
        return;
    findings->detail_top += step;
    if (findings->detail_top < 0)
        findings->detail_top = 0;
}

static bool move(struct findings *findings, enum action action)
{
    int before = findings->list.selected;
    bool is_done = list_act(&findings->list, action);
    if (findings->list.selected != before)
        findings->detail_top = 0;
    return is_done;
}

static bool change(struct findings *findings, enum action action)
{
    struct app *app = findings->view.app;
    const struct finding_line *line = findings_selected(findings);
    switch (action) {
    case ACTION_WRITE_UP:
        findings_write_up(app, line);
        return true;
    case ACTION_NEW_FINDING:
        findings_write_up(app, NULL);
        return true;
    case ACTION_FINDING_STATE:
        findings_choose_state(app, line);
        return true;
    case ACTION_ACCEPT_RISK:
        findings_accept_risk(app, line);
        return true;
    case ACTION_END_ACCEPTANCE:
        findings_end_acceptance(app, line);
        return true;
    default:
        return move(findings, action);
    }
}

static bool act(struct view *view, enum action action)
{
    struct findings *findings = (struct findings *)view;
    refresh(findings);
    switch (action) {
    case ACTION_SHOW:
    case ACTION_SHOW_EVIDENCE:
        show(findings);
        return true;
    case ACTION_FILTER:
        step_filter(findings, 1);
        return true;
    case ACTION_FILTER_BACK:
        step_filter(findings, -1);
        return true;
    case ACTION_DETAIL_DOWN:
        scroll_detail(findings, 1);
        return true;
    case ACTION_DETAIL_UP:
        scroll_detail(findings, -1);
        return true;
    default:
        return change(findings, action);
    }
}

static void mouse(struct view *view, const struct event *event)
{
    struct findings *findings = (struct findings *)view;
    refresh(findings);
    enum list_click click = list_mouse(&findings->list, findings->rows, event);
    if (click == LIST_CLICKED_AGAIN)
        show(findings);
    else if (click == LIST_CLICKED)
        findings->detail_top = 0;
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct findings *findings = (struct findings *)view;
    refresh(findings);
    findings_draw(findings, canvas, area);
}

static const char *hint(const struct view *view, enum action action)
{
    const struct finding_line *line = findings_selected((const struct findings *)view);
    if (action == ACTION_WRITE_UP && line != NULL && line->finding != NULL)
        return "edit";
    return action == ACTION_SHOW ? "evidence" : action == ACTION_SHOW_EVIDENCE ? "" : NULL;
}

static void free_findings(struct view *view)
{
    struct findings *findings = (struct findings *)view;
    findings_list_release(&findings->found);
    facts_release(&findings->facts);
    free(findings->wanted);
    free(findings);
}

static const struct view_class findings_class = {.title = "Findings",
                                                 .context = context,
                                                 .draw = draw,
                                                 .act = act,
                                                 .mouse = mouse,
                                                 .hint = hint,
                                                 .update = update,
                                                 .free = free_findings};

struct view *findings_new(struct app *app)
{
    struct findings *findings = memory_new(1, sizeof(*findings));
    findings->view = (struct view){&findings_class, app};
    findings->is_stale = true;
    return &findings->view;
}

/* ---- from other screens ---- */

/* The line of the check in the focus: its finding, or the check itself. */
void do_write_up(struct app *app)
{
    struct findings_list all;
    struct error error = {0};
    const struct item *item = app_item(app, app->focus);
    if (item == NULL || !app_can_write(app))
        return;
    if (!findings_list_read(app, FINDING_FILTER_ALL, &all, &error)) {
        app_fail(app, &error);
        return;
    }
    struct finding_line fresh = {.focus = app->focus,
                                 .check = item->check->id,
                                 .target = item->row->target,
                                 .title = item->check->title,
                                 .severity = item->check->severity};
    const struct finding_line *line = &fresh;
    for (size_t i = 0; i < all.count; i++) {
        const struct finding_line *one = &all.lines[i];
        if (one->finding != NULL && one->standing != FINDING_STANDS_CLOSED &&
            strcmp(one->check, fresh.check) == 0 && strcmp(one->target, fresh.target) == 0)
            line = one;
    }
    findings_write_up(app, line);
    findings_list_release(&all);
}
