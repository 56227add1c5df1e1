/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Walk screen: on the left the checks in the order of work, on the right the one that is
 * selected. One key decides and goes on.
 */
#include "note.h"
#include "screens.h"
#include "walk_view.h"

static enum context context(const struct view *view)
{
    const struct walk *walk = (const struct walk *)view;
    return walk->search != NULL ? CONTEXT_WALK_SEARCH : CONTEXT_WALK;
}

static void update(struct view *view)
{
    struct walk *walk = (struct walk *)view;
    struct app *app = view->app;
    if (walk->queue.target != app->focus.target) {
        queue_set(&walk->queue, app->session, walk->queue.filter, app->focus.target);
    } else {
        queue_update(&walk->queue, app->session);
    }
    if (app->focus.check == NULL)
        walk_publish_focus(walk);
    else if (!queue_select(&walk->queue, app->session, app->focus.check) &&
             walk->queue.row_count > 0 && app->tab == TAB_WALK && app->overlay_count == 0)
        walk_publish_focus(walk);
}

/* Show a check wherever it is: when the view leaves it out, all are shown. */
static void enter(struct view *view)
{
    struct walk *walk = (struct walk *)view;
    struct app *app = view->app;
    struct focus focus = app->focus;
    if (focus.check == NULL || walk->queue.target != focus.target) {
        update(view);
        return;
    }
    if (app->tab_before == TAB_OVERVIEW) /* nobody was looking: put it in order */
        queue_set(&walk->queue, app->session, walk->queue.filter, focus.target);
    if (!queue_select(&walk->queue, app->session, focus.check)) {
        queue_set(&walk->queue, app->session, QUEUE_ALL, focus.target);
        queue_select(&walk->queue, app->session, focus.check);
    }
    walk_publish_focus(walk);
}

/* ---- the view ---- */

static void set_filter(struct walk *walk, int filter)
{
    struct app *app = walk->view.app;
    struct focus focus = app->focus;
    filter = (filter + QUEUE_FILTER_COUNT) % QUEUE_FILTER_COUNT;
    queue_set(&walk->queue, app->session, (enum queue_filter)filter, walk->queue.target);
    if (focus.check != NULL)
        queue_select(&walk->queue, app->session, focus.check);
    walk_publish_focus(walk);
    app_say(app, MESSAGE_INFO, "view: %s", queue_filter_title(walk->queue.filter));
}

static void next_target(struct walk *walk)
{
    struct app *app = walk->view.app;
    size_t count;
    (void)session_targets(app->session, &count);
    if (count < 2) {
        app_say(app, MESSAGE_INFO, "this review has one target");
        return;
    }
    app_set_focus(app, app->focus.check, (app->focus.target + 1) % count);
    app_update(app);
    app_say(app, MESSAGE_INFO, "target: %s", app_target_name(app, app->focus.target));
}

void walk_show_area(struct app *app, const char *area)
{
    struct walk *walk = walk_of(app);
    queue_set(&walk->queue, app->session, QUEUE_ALL, app->focus.target);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < walk->queue.row_count; i++) {
            const struct queue_row *row = &walk->queue.rows[i];
            const struct queue_group *group = &walk->queue.groups[row->group];
            size_t count;
            const struct item *items = session_items(app->session, &count);
            if (row->check == NULL || strcmp(group->area, area) != 0 ||
                (pass == 0 && items[row->item].verdict != VERDICT_OPEN))
                continue;
            list_select(&walk->queue.list, (int)i);
            walk_publish_focus(walk);
            app_go(app, TAB_WALK);
            return;
        }
    app_say(app, MESSAGE_INFO, "there is no check in this area");
}

/* The first one of the target in the focus, or else of any. */
static const struct item *find_disputed(const struct app *app)
{
    const struct item *found = NULL;
    size_t count;
    const struct item *items = session_items(app->session, &count);
    for (size_t i = 0; i < count; i++) {
        if (items[i].verdict != VERDICT_DISPUTED)
            continue;
        if (items[i].target == app->focus.target)
            return &items[i];
        if (found == NULL)
            found = &items[i];
    }
    return found;
}

void walk_show_disputes(struct app *app)
{
    struct walk *walk = walk_of(app);
    const struct item *item = find_disputed(app);
    if (item == NULL) {
        app_say(app, MESSAGE_INFO, "nothing is disputed");
        return;
    }
    app_set_focus(app, item->check, item->target);
    queue_set(&walk->queue, app->session, QUEUE_DISAGREE, item->target);
    app_go(app, TAB_WALK);
}

/* ---- search ---- */

static void search_changed(struct app *app, void *context UNUSED, const char *text)
{
    struct walk *walk = walk_of(app);
    free(walk->search);
    walk->search = text[0] != '\0' ? memory_copy_text(text) : NULL;
    if (walk->search != NULL && queue_search(&walk->queue, app->session, walk->search, 0))
        walk_publish_focus(walk);
}

static bool search_done(struct app *app, void *context, const char *text)
{
    struct walk *walk = walk_of(app);
    search_changed(app, context, text);
    if (walk->search != NULL && !queue_search(&walk->queue, app->session, walk->search, 0))
        app_say(app, MESSAGE_INFO, "no check in this view has '%s' in its name or title", text);
    return true;
}

static void end_search(struct app *app, void *context UNUSED)
{
    struct walk *walk = walk_of(app);
    free(take(&walk->search));
}

static void ask_search(struct walk *walk)
{
    note_open(walk->view.app, &(struct note_request){.title = "Search",
                                                     .kind = EDITOR_LINE,
                                                     .save = "search",
                                                     .is_prompt = true,
                                                     .may_be_empty = true,
                                                     .done = search_done,
                                                     .changed = search_changed,
                                                     .cancelled = end_search});
}

static void next_match(struct walk *walk, int step)
{
    if (queue_search(&walk->queue, walk->view.app->session, walk->search, step))
        walk_publish_focus(walk);
}

/* ---- acting ---- */

static void scroll_detail(struct walk *walk, int rows)
{
    int most = walk->detail_top + walk->detail_below;
    walk->detail_top += rows;
    if (walk->detail_top > most)
        walk->detail_top = most;
    if (walk->detail_top < 0)
        walk->detail_top = 0;
}

static bool act_on_detail(struct walk *walk, enum action action)
{
    int page = walk->detail_area.rows > 1 ? walk->detail_area.rows - 1 : 1;
    switch (action) {
    case ACTION_UP:
        scroll_detail(walk, -1);
        return true;
    case ACTION_DOWN:
        scroll_detail(walk, 1);
        return true;
    case ACTION_PAGE_UP:
    case ACTION_HALF_UP:
        scroll_detail(walk, action == ACTION_PAGE_UP ? -page : -page / 2);
        return true;
    case ACTION_PAGE_DOWN:
    case ACTION_HALF_DOWN:
        scroll_detail(walk, action == ACTION_PAGE_DOWN ? page : page / 2);
        return true;
    case ACTION_TOP:
        walk->detail_top = 0;
        return true;
    case ACTION_BOTTOM:
        scroll_detail(walk, walk->detail_below);
        return true;
    default:
        return false;
    }
}

/* Right goes into a group, then to the check beside it; left the other way. */
static bool move_sideways(struct walk *walk, bool right)
{
    struct session *session = walk->view.app->session;
    const struct queue_row *row = queue_selected(&walk->queue);
    bool is_closed = row != NULL && walk->queue.groups[row->group].is_closed;
    if (walk->detail_has_focus)
        walk->detail_has_focus = right;
    else if (row != NULL && row->check == NULL && is_closed == right)
        queue_set_closed(&walk->queue, session, !right);
    else if (row != NULL && row->check != NULL && right)
        walk->detail_has_focus = true;
    else if (row != NULL && row->check != NULL)
        queue_set_closed(&walk->queue, session, true);
    walk_publish_focus(walk);
    return true;
}

static bool show(struct walk *walk)
{
    const struct queue_row *row = queue_selected(&walk->queue);
    if (row == NULL)
        return true;
    if (row->check == NULL)
        queue_set_closed(&walk->queue, walk->view.app->session,
                         !walk->queue.groups[row->group].is_closed);
    else
        app_go(walk->view.app, TAB_EVIDENCE);
    return true;
}

static bool back(struct walk *walk)
{
    if (walk->search != NULL)
        end_search(walk->view.app, NULL);
    else if (walk->detail_has_focus)
        walk->detail_has_focus = false;
    else
        return false;
    return true;
}

static bool decide(struct walk *walk, enum action action)
{
    struct app *app = walk->view.app;
    if (app->focus.check == NULL)
        app_say(app, MESSAGE_INFO, "select a check first");
    else if (action == ACTION_ACCEPT)
        do_accept(app);
    else
        do_decide(app, action == ACTION_PASS   ? VERDICT_PASS
                       : action == ACTION_FAIL ? VERDICT_FAIL
                                               : VERDICT_NOT_APPLICABLE);
    return true;
}

static bool act_on_check(struct walk *walk, enum action action)
{
    struct app *app = walk->view.app;
    switch (action) {
    case ACTION_PASS:
    case ACTION_FAIL:
    case ACTION_NOT_APPLICABLE:
    case ACTION_ACCEPT:
        return decide(walk, action);
    case ACTION_SHOW:
        return show(walk);
    case ACTION_SHOW_EVIDENCE:
        app_go(app, TAB_EVIDENCE);
        return true;
    case ACTION_ANSWER:
        do_answer(app);
        return true;
    case ACTION_ATTACH:
        do_attach(app);
        return true;
    case ACTION_NEXT_OPEN:
    case ACTION_PREVIOUS_OPEN:
        if (!do_next_open(app, action == ACTION_NEXT_OPEN))
            app_say(app, MESSAGE_INFO, "no check is open in this view");
        return true;
    case ACTION_DETAIL_DOWN:
    case ACTION_DETAIL_UP:
        scroll_detail(walk, action == ACTION_DETAIL_DOWN ? 1 : -1);
        return true;
    default:
        return false;
    }
}

static bool goes_up(enum action action)
{
    return action == ACTION_UP || action == ACTION_PAGE_UP || action == ACTION_HALF_UP;
}

static bool act(struct view *view, enum action action)
{
    struct walk *walk = (struct walk *)view;
    if (walk->detail_has_focus && act_on_detail(walk, action))
        return true;
    switch (action) {
    case ACTION_FILTER:
    case ACTION_FILTER_BACK:
        set_filter(walk, (int)walk->queue.filter + (action == ACTION_FILTER ? 1 : -1));
        return true;
    case ACTION_NEXT_TARGET:
        next_target(walk);
        return true;
    case ACTION_SEARCH:
        ask_search(walk);
        return true;
    case ACTION_NEXT_MATCH:
    case ACTION_PREVIOUS_MATCH:
        next_match(walk, action == ACTION_NEXT_MATCH ? 1 : -1);
        return true;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        return move_sideways(walk, action == ACTION_RIGHT);
    case ACTION_BACK:
        return back(walk);
    default:
        if (!list_act(&walk->queue.list, action))
            return act_on_check(walk, action);
        queue_skip_heads(&walk->queue, goes_up(action) ? -1 : 1);
        walk_publish_focus(walk);
        return true;
    }
}

static void click(struct walk *walk, const struct event *event)
{
    if (layout_contains(walk->list_area, event->row, event->column)) {
        int row = walk->queue.list.top + event->row - walk->list_area.row;
        bool was_selected = row == walk->queue.list.selected;
        walk->detail_has_focus = false;
        if (row >= walk->queue.list.count)
            return;
        list_select(&walk->queue.list, row);
        const struct queue_row *selected = queue_selected(&walk->queue);
        if (was_selected || selected->check == NULL)
            show(walk);
        walk_publish_focus(walk);
    } else if (layout_contains(walk->detail_area, event->row, event->column)) {
        walk->detail_has_focus = true;
    }
}

static void mouse(struct view *view, const struct event *event)
{
    struct walk *walk = (struct walk *)view;
    int step = event->kind == EVENT_WHEEL_UP ? -3 : 3;
    if (event->kind == EVENT_CLICK) {
        click(walk, event);
    } else if (layout_contains(walk->detail_area, event->row, event->column)) {
        scroll_detail(walk, step);
    } else {
        list_scroll(&walk->queue.list, step);
        walk_publish_focus(walk);
    }
}

static bool has_failed(const struct app *app)
{
    const struct item *item = app_item(app, app->focus);
    return item != NULL && item->verdict == VERDICT_FAIL;
}

static const char *hint(const struct view *view, enum action action)
{
    const struct app *app = view->app;
    size_t count;
    bool has_questions = app->focus.check != NULL && app->focus.check->question_count > 0;
    (void)session_targets(app->session, &count);
    switch (action) {
    case ACTION_NEXT_TARGET:
        return count > 1 ? NULL : "";
    case ACTION_WRITE_UP:
        return has_failed(app) ? NULL : "";
    case ACTION_ANSWER:
        return has_questions ? "answer" : "";
    case ACTION_NEXT_MATCH:
        return "next match";
    case ACTION_BACK:
        return ((const struct walk *)view)->search != NULL ? "end search" : "";
    default:
        return NULL;
    }
}

static void free_walk(struct view *view)
{
    struct walk *walk = (struct walk *)view;
    queue_release(&walk->queue);
    facts_release(&walk->facts);
    free(walk->search);
    free(walk);
}

static const struct view_class walk_class = {.title = "Walk",
                                             .context = context,
                                             .draw = walk_draw,
                                             .act = act,
                                             .mouse = mouse,
                                             .hint = hint,
                                             .update = update,
                                             .enter = enter,
                                             .free = free_walk};

struct view *walk_new(struct app *app)
{
    struct walk *walk = memory_new(1, sizeof(*walk));
    walk->view = (struct view){&walk_class, app};
    queue_set(&walk->queue, app->session, QUEUE_OPEN, 0);
    return &walk->view;
}
