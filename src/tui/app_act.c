/* SPDX-License-Identifier: Apache-2.0 */
/* The actions that mean the same on every screen. */
#include "app_main.h"

#include "assess/flows.h"
#include "dialog.h"
#include "screens.h"

static void confirm_quit(struct app *app, void *context, bool yes)
{
    (void)context;
    if (yes)
        app_quit(app);
}

static void ask_quit(struct app *app)
{
    size_t running = app->session != NULL ? session_running_count(app->session) : 0;
    if (running == 0) {
        app_quit(app);
        return;
    }
    struct flows_progress flows;
    AUTO_FREE char *text = memory_format(
        "%s from %zu target%s. What has arrived is saved; the rest would be given "
        "up.",
        session_measure_progress(app->session, &flows) ? "Flows are still being measured"
                                                       : "Evidence is still being gathered",
        running, running == 1 ? "" : "s");
    dialog_open(app, &(struct dialog_request){
                         .title = "Quit?", .text = text, .confirm = "quit", .done = confirm_quit});
}

/* Whoever presses Esc once more than there are dialogs to close does not want to leave. */
static void go_back(struct app *app, bool may_quit)
{
    AUTO_RELEASE(buffer) struct buffer keys = {0};
    if (app->session != NULL && app->tab != TAB_OVERVIEW) {
        app_go_back(app);
    } else if (may_quit) {
        ask_quit(app);
    } else {
        keymap_format_keys(&app->keymap, ACTION_BACK, CONTEXT_OVERVIEW, false, &keys);
        app_say(app, MESSAGE_INFO, "nothing to close here; %s quits", buffer_text(&keys));
    }
}

static bool act_on_review(struct app *app, enum action action)
{
    const char *check = app->focus.check != NULL ? app->focus.check->id : NULL;
    switch (action) {
    case ACTION_RUN:
        do_run(app, app->tab == TAB_OVERVIEW ? NULL : check);
        return true;
    case ACTION_RUN_ALL:
        do_run(app, NULL);
        return true;
    case ACTION_RUN_ASK:
        run_open(app, &(struct run_request){0}, true);
        return true;
    case ACTION_STOP:
        do_stop(app);
        return true;
    case ACTION_UNDO:
        do_undo(app);
        return true;
    case ACTION_REDO:
        do_redo(app);
        return true;
    case ACTION_COMMENT:
        do_comment(app, false);
        return true;
    case ACTION_COMMENT_EDITOR:
        do_comment(app, true);
        return true;
    case ACTION_FLEET:
        fleet_open(app);
        return true;
    case ACTION_MERGE:
        do_merge(app);
        return true;
    case ACTION_WRITE_UP:
        do_write_up(app);
        return true;
    case ACTION_CHOOSE_TARGET:
        do_choose_target(app);
        return true;
    case ACTION_ADD_TARGET:
        do_add_target(app);
        return true;
    default:
        return false;
    }
}

static bool act_on_tabs(struct app *app, enum action action)
{
    switch (action) {
    case ACTION_GO_OVERVIEW:
        app_go(app, TAB_OVERVIEW);
        return true;
    case ACTION_GO_WALK:
        app_go(app, TAB_WALK);
        return true;
    case ACTION_GO_EVIDENCE:
        app_go(app, TAB_EVIDENCE);
        return true;
    case ACTION_GO_FINDINGS:
        app_go(app, TAB_FINDINGS);
        return true;
    case ACTION_GO_ACCESS:
        app_go(app, TAB_ACCESS);
        return true;
    case ACTION_GO_FLOWS:
        app_go(app, TAB_FLOWS);
        return true;
    case ACTION_GO_HISTORY:
        app_go(app, TAB_HISTORY);
        return true;
    case ACTION_GO_SIGNOFF:
        app_go(app, TAB_SIGNOFF);
        return true;
    default:
        return act_on_review(app, action);
    }
}

static void call_host(struct app *app, void (*function)(void *context))
{
    if (function != NULL)
        function(app->host.context);
}

bool app_act(struct app *app, enum action action)
{
    struct view *view = app_front(app);
    enum action to_view = action == ACTION_CLOSE ? ACTION_BACK : action;
    if (view->class->act != NULL && view->class->act(view, to_view))
        return true;
    switch (action) {
    case ACTION_REDRAW:
        call_host(app, app->host.redraw);
        return true;
    case ACTION_SUSPEND:
        call_host(app, app->host.stop);
        return true;
    case ACTION_HELP:
        help_open(app, view->class->context(view));
        return true;
    case ACTION_PALETTE:
        palette_open(app, app_act);
        return true;
    case ACTION_QUIT:
        ask_quit(app);
        return true;
    case ACTION_BACK:
    case ACTION_CLOSE:
        go_back(app, action == ACTION_BACK);
        return true;
    default:
        return app->session != NULL && act_on_tabs(app, action);
    }
}
