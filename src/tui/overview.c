/* SPDX-License-Identifier: Apache-2.0 */
/* The Overview screen: how far the review is, how its targets do, and what to do next. */
#include "assess/facts.h"
#include "assess/signoff.h"
#include "base/clock.h"
#include "draw.h"
#include "layout.h"
#include "screens.h"

enum {
    WIDE_COLUMNS = 120, /* from there on, targets stand beside the areas */
    NAME_COLUMNS = 28,
    NUMBER_COLUMNS = 5,
    BAR_COLUMNS_MAX = 24,
    TARGET_ROWS_MAX = 6,
    FAILING_ROWS_MIN = 4,
};

struct overview {
    struct view view;
    struct list areas;   /* the first row is all of them */
    struct list targets; /* the same */
    bool targets_have_focus;
    struct preflight preflight;
    struct strings facts;               /* a line for each target */
    bool is_stale;                      /* these two are to be made anew before they are drawn */
    struct rect area_rows, target_rows; /* as drawn last */
};

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_OVERVIEW;
}

static void update(struct view *view)
{
    struct overview *overview = (struct overview *)view;
    struct session *session = view->app->session;
    size_t count;
    (void)session_areas(session, &count);
    list_set_count(&overview->areas, (int)count + 1);
    (void)session_targets(session, &count);
    list_set_count(&overview->targets, (int)count);
    overview->is_stale = true;
}

static void read_facts(struct overview *overview)
{
    struct session *session = overview->view.app->session;
    size_t count;
    const struct session_target *targets = session_targets(session, &count);
    strings_release(&overview->facts);
    for (size_t i = 0; i < count; i++) {
        AUTO_RELEASE(target_facts) struct target_facts facts = {0};
        struct error error;
        if (session_facts(session, targets[i].name, &facts, &error))
            strings_push_take(&overview->facts, target_facts_line(&facts));
        else
            strings_push(&overview->facts, error.message);
    }
}

static void read_preflight(struct overview *overview)
{
    struct app *app = overview->view.app;
    struct error error = {0};
    if (!overview->is_stale)
        return;
    overview->is_stale = false;
    read_facts(overview);
    preflight_release(&overview->preflight);
    if (!session_preflight(app->session, &overview->preflight, &error))
        app_fail(app, &error);
}

/* ---- areas ---- */

/* Open items by severity: what is left weighs more than what is done. */
struct weights {
    size_t critical, high;
};

static struct weights weigh(const struct session *session, const char *area)
{
    struct weights weights = {0};
    size_t count;
    const struct item *items = session_items(session, &count);
    for (size_t i = 0; i < count; i++) {
        bool is_open = items[i].verdict == VERDICT_OPEN || items[i].verdict == VERDICT_DISPUTED;
        if (!is_open || (area != NULL && strcmp(items[i].area, area) != 0))
            continue;
        weights.critical += items[i].check->severity == SEVERITY_CRITICAL;
        weights.high += items[i].check->severity == SEVERITY_HIGH;
    }
    return weights;
}

static int bar_columns(const struct rect *area)
{
    int columns = area->columns - NAME_COLUMNS - 9 - 6 * NUMBER_COLUMNS - 2;
    return columns > BAR_COLUMNS_MAX ? BAR_COLUMNS_MAX : columns < 0 ? 0 : columns;
}

static void draw_area_head(struct canvas *canvas, struct rect area)
{
    static const char *const heads[] = {"pass", "fail", "n/a", "open", "crit", "high"};
    struct strip strip = canvas_strip(canvas, area, 0);
    strip_skip_to(&strip, NAME_COLUMNS + bar_columns(&area) + 1);
    strip_put(&strip, ROLE_DIM, " decided");
    for (size_t i = 0; i < LENGTH(heads); i++)
        strip_format(&strip, ROLE_DIM, "%*s", NUMBER_COLUMNS, heads[i]);
}

static void draw_area(const struct overview *overview, struct canvas *canvas, struct rect area,
                      int row)
{
    const struct session *session = overview->view.app->session;
    size_t count;
    const struct session_area *areas = session_areas(session, &count);
    int index = overview->areas.top + row;
    if (index > (int)count)
        return;
    const char *id = index == 0 ? NULL : areas[index - 1].id;
    struct item_counts counts = session_count(session, id, NULL);
    struct weights weights = weigh(session, id);
    struct strip strip = canvas_strip(canvas, area, row);
    struct strip name = strip;
    name.limit = name.start + NAME_COLUMNS - 1;
    strip_skip(&name, 2);
    strip_put(&name, index == 0 ? ROLE_STRONG : ROLE_TEXT,
              id == NULL ? "All areas" : areas[index - 1].title);
    strip_skip(&strip, NAME_COLUMNS);
    draw_bar(&strip, &counts, bar_columns(&area));
    size_t open = counts.open + counts.disputed;
    AUTO_FREE char *done = memory_format("%zu/%zu", counts.total - open, counts.total);
    strip_format(&strip, ROLE_TEXT, "%9s", done);
    draw_number(&strip, ROLE_PASS, counts.pass, NUMBER_COLUMNS);
    draw_number(&strip, ROLE_FAIL, counts.fail, NUMBER_COLUMNS);
    draw_number(&strip, ROLE_MUTED, counts.not_applicable, NUMBER_COLUMNS);
    draw_number(&strip, ROLE_TEXT, open, NUMBER_COLUMNS);
    draw_number(&strip, ROLE_CRITICAL, weights.critical, NUMBER_COLUMNS);
    draw_number(&strip, ROLE_HIGH, weights.high, NUMBER_COLUMNS);
}

static void draw_areas(struct overview *overview, struct canvas *canvas, struct rect area)
{
    draw_title(canvas, area,
               &(struct title){"Areas", "crit, high: still open", !overview->targets_have_focus});
    struct rect rows = layout_below_title(area);
    draw_area_head(canvas, layout_take_top(&rows, 1));
    overview->area_rows = rows;
    list_show(&overview->areas, rows.rows);
    for (int row = 0; row < rows.rows; row++)
        draw_area(overview, canvas, rows, row);
    draw_selection(canvas, rows, &overview->areas, !overview->targets_have_focus);
}

/* ---- targets ---- */

static void draw_state(const struct app *app, struct strip *strip,
                       const struct session_target *target)
{
    static const char *const states[] = {[TARGET_IDLE] = "",
                                         [TARGET_WAITING] = "waiting",
                                         [TARGET_CONNECTING] = "connecting",
                                         [TARGET_ASKING] = "waits for your answer",
                                         [TARGET_PROBING] = "probing"};
    if (target->state == TARGET_IDLE) {
        strip_put(strip, ROLE_FAIL, target->status);
        return;
    }
    strip_put(strip, target->state == TARGET_ASKING ? ROLE_WARNING : ROLE_ACCENT,
              states[target->state]);
    if (target->state == TARGET_PROBING) {
        struct item_counts counts = {.total = target->steps_total,
                                     .open = target->steps_total - target->steps_done,
                                     .pass = target->steps_done};
        strip_format(strip, ROLE_TEXT, "  %zu/%zu  ", target->steps_done, target->steps_total);
        if (strip_left(strip) > 14)
            draw_bar(strip, &counts, 12);
    } else if (target->status[0] != '\0') {
        strip_format(strip, ROLE_DIM, ": %s", target->status);
    }
    (void)app;
}

static void draw_target(const struct overview *overview, struct canvas *canvas, struct rect area,
                        int row)
{
    const struct app *app = overview->view.app;
    size_t count;
    const struct session_target *targets = session_targets(app->session, &count);
    size_t index = (size_t)overview->targets.top + (size_t)row;
    if (index >= count)
        return;
    const struct session_target *target = &targets[index];
    bool is_working = target->state != TARGET_IDLE;
    struct item_counts counts = session_count(app->session, NULL, target->name);
    bool has_evidence = counts.not_run < counts.open || counts.open == 0;
    struct strip strip = canvas_strip(canvas, area, row);
    strip_skip(&strip, 2);
    strip_glyph(&strip,
                target->has_failed ? ROLE_FAIL
                : is_working       ? ROLE_ACCENT
                : has_evidence     ? ROLE_PASS
                                   : ROLE_DIM,
                target->has_failed ? GLYPH_FAIL
                : is_working       ? glyph_spinner(app->spinner_step)
                : has_evidence     ? GLYPH_READY
                                   : GLYPH_IDLE);
    strip_skip(&strip, 1);
    struct strip name = strip;
    name.limit = name.next + 18 < name.limit ? name.next + 18 : name.limit;
    strip_put(&name, ROLE_TEXT, target->name);
    strip_skip(&strip, 19);
    if (!is_working && !target->has_failed) {
        AUTO_FREE char *open =
            memory_format("%zu open, %zu fail", counts.open + counts.disputed, counts.fail);
        strip_put(&strip, ROLE_DIM, has_evidence ? open : "no evidence yet");
        strip_format(&strip, ROLE_DIM, "  %s", target->spec);
        if (index < overview->facts.count && overview->facts.items[index][0] != '\0')
            strip_format(&strip, ROLE_DIM, "  %s", overview->facts.items[index]);
        return;
    }
    draw_state(app, &strip, target);
}

static void draw_targets(struct overview *overview, struct canvas *canvas, struct rect area)
{
    AUTO_FREE char *right =
        overview->targets.count > 1 ? memory_format("%d", overview->targets.count) : NULL;
    draw_title(canvas, area, &(struct title){"Targets", right, overview->targets_have_focus});
    struct rect rows = layout_below_title(area);
    overview->target_rows = rows;
    list_show(&overview->targets, rows.rows);
    for (int row = 0; row < rows.rows; row++)
        draw_target(overview, canvas, rows, row);
    draw_selection(canvas, rows, &overview->targets, overview->targets_have_focus);
    draw_list_scrollbar(canvas, rows, &overview->targets);
}

/* ---- what is left ---- */

static void draw_point(struct canvas *canvas, struct rect area, int row,
                       const struct preflight_point *point)
{
    struct strip strip = canvas_strip(canvas, area, row);
    strip_skip(&strip, 2);
    strip_glyph(&strip, preflight_role(point->level), preflight_glyph(point->level));
    strip_skip(&strip, 1);
    strip_put(&strip, point->level == PREFLIGHT_OK ? ROLE_DIM : ROLE_TEXT, point->text);
}

/* Problems first: on a small screen the rest is cut. */
static void draw_preflight(const struct overview *overview, struct canvas *canvas, struct rect area)
{
    const struct preflight *preflight = &overview->preflight;
    draw_title(canvas, area, &(struct title){"Before sign-off", NULL, false});
    struct rect rows = layout_below_title(area);
    int row = 0;
    for (int level = PREFLIGHT_PROBLEM; level >= PREFLIGHT_OK; level--)
        for (size_t i = 0; i < preflight->point_count; i++)
            if ((int)preflight->points[i].level == level)
                draw_point(canvas, rows, row++, &preflight->points[i]);
}

/* ---- what fails ---- */

static bool is_failing(const struct item *item)
{
    return item->verdict == VERDICT_FAIL ||
           (item->verdict == VERDICT_OPEN && item->suggestion == SUGGESTION_FAIL);
}

static void draw_failing_item(const struct overview *overview, struct canvas *canvas,
                              struct rect area, int row, const struct item *item)
{
    struct strip strip = canvas_strip(canvas, area, row);
    bool is_decided = item->verdict == VERDICT_FAIL;
    strip_skip(&strip, 2);
    strip_glyph(&strip, verdict_role(item->verdict), verdict_glyph(item->verdict));
    strip_skip(&strip, 1);
    strip_format(&strip, severity_role(item->check->severity), "%-5s",
                 severity_label(item->check->severity));
    strip_put_right(&strip, ROLE_DIM, is_decided ? "           " : " suggested ");
    if (overview->targets.count > 1) {
        AUTO_FREE char *target =
            memory_format(" %s", app_target_name(overview->view.app, item->target));
        strip_put_right(&strip, ROLE_DIM, target);
    }
    strip_put(&strip, ROLE_TEXT, item->check->id);
}

/* Where there is room: what fails, worst first. */
static void draw_failing(const struct overview *overview, struct canvas *canvas, struct rect area)
{
    size_t count;
    size_t failing = 0;
    const struct item *items = session_items(overview->view.app->session, &count);
    for (size_t i = 0; i < count; i++)
        failing += is_failing(&items[i]);
    if (failing == 0 || area.rows < FAILING_ROWS_MIN)
        return;
    AUTO_FREE char *right = memory_format("%zu", failing);
    draw_title(canvas, area, &(struct title){"Failing", right, false});
    struct rect rows = layout_below_title(area);
    int row = 0;
    for (int severity = SEVERITY_CRITICAL; severity >= SEVERITY_INFO; severity--)
        for (size_t i = 0; i < count && row < rows.rows; i++)
            if (is_failing(&items[i]) && (int)items[i].check->severity == severity)
                draw_failing_item(overview, canvas, rows, row++, &items[i]);
}

/* What to do next, and the action that leads there. */
static char *describe_next(const struct session *session, enum action *ret_action)
{
    struct item_counts counts = session_count(session, NULL, NULL);
    size_t targets;
    (void)session_targets(session, &targets);
    size_t running = session_running_count(session);
    *ret_action = ACTION_GO_WALK;
    if (running > 0)
        return memory_format("go through what has arrived; %zu target%s still at work", running,
                             running == 1 ? " is" : "s are");
    if (counts.disputed > 0) {
        *ret_action = ACTION_DISPUTES;
        return memory_format("settle %zu disputed check%s", counts.disputed,
                             counts.disputed == 1 ? "" : "s");
    }
    if (counts.open > 0 && counts.not_run == counts.open && counts.open == counts.total) {
        *ret_action = ACTION_RUN;
        return memory_format("gather evidence from %zu target%s", targets, targets == 1 ? "" : "s");
    }
    if (counts.open > 0)
        return memory_format("go through %zu open check%s, worst first", counts.open,
                             counts.open == 1 ? "" : "s");
    *ret_action = ACTION_GO_SIGNOFF;
    return memory_copy_text("read what would be signed, and sign off");
}

static void draw_next(const struct overview *overview, struct canvas *canvas, struct rect area)
{
    const struct app *app = overview->view.app;
    enum action action;
    AUTO_RELEASE(buffer) struct buffer key = {0};
    AUTO_FREE char *next = describe_next(app->session, &action);
    struct strip strip = canvas_strip(canvas, area, 0);
    keymap_format_keys(&app->keymap, action, CONTEXT_OVERVIEW, false, &key);
    strip_skip(&strip, 2);
    strip_glyph(&strip, ROLE_TITLE_FOCUS, GLYPH_ARROW);
    strip_put(&strip, ROLE_STRONG, " Next: press ");
    strip_put(&strip, ROLE_KEY, buffer_text(&key));
    strip_format(&strip, ROLE_STRONG, " to %s", next);
}

static struct rect take_areas(const struct overview *overview, struct rect *area, int rows)
{
    struct rect taken =
        layout_take_top(area, rows < overview->areas.count + 2 ? rows : overview->areas.count + 2);
    layout_take_top(area, area->rows > 6 ? 1 : 0);
    return taken;
}

/* Rows that the list before the sign-off takes, with its title. */
static int preflight_rows(const struct overview *overview)
{
    return (int)overview->preflight.point_count + 1;
}

static void draw_wide(struct overview *overview, struct canvas *canvas, struct rect area)
{
    struct panes panes = layout_panes(area, 62, 0);
    struct rect left = panes.left;
    struct rect right = panes.right;
    draw_areas(overview, canvas, take_areas(overview, &left, left.rows));
    draw_preflight(overview, canvas, left);
    int targets = overview->targets.count + 1;
    draw_targets(overview, canvas,
                 layout_take_top(&right, targets < right.rows / 2 ? targets : right.rows / 2));
    layout_take_top(&right, 1);
    draw_failing(overview, canvas, right);
    draw_divider(canvas, area, panes.divider);
}

/* Targets always have a row; what is left goes to the lists below them. */
static void draw_narrow(struct overview *overview, struct canvas *canvas, struct rect area)
{
    int targets =
        overview->targets.count < TARGET_ROWS_MAX ? overview->targets.count : TARGET_ROWS_MAX;
    draw_areas(overview, canvas, take_areas(overview, &area, area.rows - targets - 1));
    draw_targets(overview, canvas, layout_take_top(&area, targets + 1));
    layout_take_top(&area, area.rows > 5 ? 1 : 0);
    if (area.rows < 2)
        return;
    draw_preflight(overview, canvas, layout_take_top(&area, preflight_rows(overview)));
    layout_take_top(&area, 1);
    draw_failing(overview, canvas, area);
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct overview *overview = (struct overview *)view;
    bool is_wide = area.columns >= WIDE_COLUMNS;
    read_preflight(overview);
    struct rect next = layout_take_bottom(&area, 1);
    layout_take_bottom(&area, area.rows > 18 ? 1 : 0);
    if (is_wide)
        draw_wide(overview, canvas, area);
    else
        draw_narrow(overview, canvas, area);
    draw_next(overview, canvas, next);
}

/* ---- acting ---- */

static const char *selected_area(const struct overview *overview)
{
    size_t count;
    const struct session_area *areas = session_areas(overview->view.app->session, &count);
    int row = overview->areas.selected;
    return overview->targets_have_focus || row < 1 || row > (int)count ? NULL : areas[row - 1].id;
}

static void show(struct overview *overview)
{
    struct app *app = overview->view.app;
    const char *area = selected_area(overview);
    if (overview->targets_have_focus) {
        app_set_focus(app, app->focus.check, (size_t)overview->targets.selected);
        app_update(app);
    }
    if (area != NULL)
        walk_show_area(app, area);
    else
        app_go(app, TAB_WALK);
}

static void run(struct overview *overview)
{
    struct app *app = overview->view.app;
    if (overview->targets_have_focus)
        run_open(app,
                 &(struct run_request){
                     .target = app_target_name(app, (size_t)overview->targets.selected)},
                 false);
    else
        run_open(app, &(struct run_request){.area = selected_area(overview)}, false);
}

static bool act(struct view *view, enum action action)
{
    struct overview *overview = (struct overview *)view;
    struct list *list = overview->targets_have_focus ? &overview->targets : &overview->areas;
    switch (action) {
    case ACTION_NEXT_PANE:
        overview->targets_have_focus = !overview->targets_have_focus;
        return true;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        overview->targets_have_focus = action == ACTION_RIGHT;
        return true;
    case ACTION_SHOW:
        show(overview);
        return true;
    case ACTION_RUN:
        run(overview);
        return true;
    case ACTION_DISPUTES:
        walk_show_disputes(view->app);
        return true;
    case ACTION_ACCEPT_ALL:
        do_accept_all(view->app, selected_area(overview));
        return true;
    default:
        return list_act(list, action);
    }
}

static void mouse(struct view *view, const struct event *event)
{
    struct overview *overview = (struct overview *)view;
    bool on_targets = layout_contains(overview->target_rows, event->row, event->column);
    bool on_areas = layout_contains(overview->area_rows, event->row, event->column);
    struct list *list = on_targets ? &overview->targets : &overview->areas;
    struct rect rows = on_targets ? overview->target_rows : overview->area_rows;
    if (!on_targets && !on_areas)
        return;
    overview->targets_have_focus = on_targets;
    if (event->kind != EVENT_CLICK) {
        list_scroll(list, event->kind == EVENT_WHEEL_UP ? -1 : 1);
        return;
    }
    int row = list->top + event->row - rows.row;
    if (row == list->selected)
        show(overview);
    else if (row < list->count)
        list_select(list, row);
}

static const char *hint(const struct view *view, enum action action)
{
    const struct overview *overview = (const struct overview *)view;
    if (action == ACTION_RUN)
        return overview->targets_have_focus      ? "run this target"
               : selected_area(overview) != NULL ? "run this area"
                                                 : "run all";
    if (action == ACTION_DISPUTES)
        return session_count(view->app->session, NULL, NULL).disputed > 0 ? NULL : "";
    if (action == ACTION_SHOW)
        return "open";
    return NULL;
}

static void free_overview(struct view *view)
{
    struct overview *overview = (struct overview *)view;
    preflight_release(&overview->preflight);
    strings_release(&overview->facts);
    free(overview);
}

static const struct view_class overview_class = {.title = "Overview",
                                                 .context = context,
                                                 .draw = draw,
                                                 .act = act,
                                                 .mouse = mouse,
                                                 .hint = hint,
                                                 .update = update,
                                                 .free = free_overview};

struct view *overview_new(struct app *app)
{
    struct overview *overview = memory_new(1, sizeof(*overview));
    overview->view = (struct view){&overview_class, app};
    return &overview->view;
}
