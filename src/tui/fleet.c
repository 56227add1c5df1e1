/* SPDX-License-Identifier: Apache-2.0 */
/*
 * All targets at a glance, over a screen: by areas, the worst of each first, or one check across
 * all of them; and how a run does on each. It is drawn of the session as it is at that moment, in
 * one walk over the items, and remembers nothing of it.
 */
#include "document.h"
#include "draw.h"
#include "layout.h"
#include "screens.h"

enum {
    NAME_COLUMNS = 17,
    STATE_COLUMNS = 13,
    CELL_COLUMNS_MIN = 7,
    CELL_COLUMNS_WORDS = 16, /* from here on a cell says in words what its sign means */
    CELL_COLUMNS_MAX = 19,   /* unless a name is longer */
    LABEL_COLUMNS = 12,
    DETAIL_ROWS = 4,
    DETAIL_FROM = 14
};

/* How the items of one target stand in one area, the worst first. */
#define HEATS(X)                                                                                   \
    X(FAIL, GLYPH_FAIL, ROLE_FAIL, "fail")                                                         \
    X(DISPUTED, GLYPH_DISPUTED, ROLE_FAIL, "disputed")                                             \
    X(BLOCKED, GLYPH_DOUBLE, ROLE_WARNING, "blocked")                                              \
    X(JUDGE, GLYPH_OPEN, ROLE_TEXT, "to judge")                                                    \
    X(NONE, GLYPH_SEPARATOR, ROLE_DIM, "not run")                                                  \
    X(READY, GLYPH_READY, ROLE_PASS, "to confirm")                                                 \
    X(DECIDED, GLYPH_PASS, ROLE_PASS, "decided")

enum heat {
#define X(name, glyph, role, text) HEAT_##name,
    HEATS(X)
#undef X
        HEAT_COUNT
};

static const struct {
    enum glyph glyph;
    enum role role;
    const char *text;
} heats[] = {
#define X(name, glyph, role, text) [HEAT_##name] = {glyph, role, text},
    HEATS(X)
#undef X
};

struct cell_heat {
    size_t by_heat[HEAT_COUNT];
};

struct fleet {
    struct view view;
    struct list list;  /* of targets */
    int area;          /* the column that is selected */
    int first_area;    /* that is shown */
    bool shows_check;  /* one check instead of areas */
    struct rect rows;  /* as drawn last */
    int *area_columns; /* of each area, as drawn last */
    int state_columns; /* 0: nothing was said of a run */
    int areas_at;      /* where the first cell stood */
};

/* What is drawn: made anew each time. */
struct sight {
    const struct session_target *targets;
    size_t target_count;
    const struct session_area *areas;
    size_t area_count;
    struct cell_heat *cells;    /* target_count rows of area_count */
    const struct item **checks; /* the focused check on each target; NULL: not there */
};

/* ---- looking ---- */

static enum heat heat_of(const struct item *item)
{
    static const enum heat of_suggestion[] = {
        [SUGGESTION_NONE] = HEAT_NONE,       [SUGGESTION_PASS] = HEAT_READY,
        [SUGGESTION_FAIL] = HEAT_FAIL,       [SUGGESTION_NOT_APPLICABLE] = HEAT_READY,
        [SUGGESTION_BLOCKED] = HEAT_BLOCKED, [SUGGESTION_UNDECIDED] = HEAT_JUDGE};
    switch (item->verdict) {
    case VERDICT_OPEN:
        return of_suggestion[item->suggestion];
    case VERDICT_FAIL:
        return HEAT_FAIL;
    case VERDICT_DISPUTED:
        return HEAT_DISPUTED;
    default:
        return HEAT_DECIDED;
    }
}

static size_t find_area(const struct sight *sight, const char *id)
{
    size_t area = 0;
    while (area < sight->area_count && strcmp(sight->areas[area].id, id) != 0)
        area++;
    return area;
}

static void sight_take(struct fleet *fleet, struct sight *sight)
{
    const struct app *app = fleet->view.app;
    size_t count;
    const struct item *items = session_items(app->session, &count);
    *sight = (struct sight){0};
    sight->targets = session_targets(app->session, &sight->target_count);
    sight->areas = session_areas(app->session, &sight->area_count);
    sight->cells = memory_new(sight->target_count * sight->area_count, sizeof(*sight->cells));
    sight->checks = memory_new(sight->target_count, sizeof(*sight->checks));
    for (size_t i = 0; i < count; i++) {
        size_t area = find_area(sight, items[i].area);
        if (area < sight->area_count)
            sight->cells[items[i].target * sight->area_count + area].by_heat[heat_of(&items[i])]++;
        if (items[i].check == app->focus.check)
            sight->checks[items[i].target] = &items[i];
    }
    list_set_count(&fleet->list, (int)sight->target_count);
    if (fleet->area >= (int)sight->area_count)
        fleet->area = (int)sight->area_count - 1;
}

static void sight_release(struct sight *sight)
{
    free(sight->cells);
    free(sight->checks);
}

/* HEAT_COUNT: there is nothing. */
static enum heat worst_of(const struct cell_heat *cell)
{
    int heat = 0;
    while (heat < HEAT_COUNT && cell->by_heat[heat] == 0)
        heat++;
    return (enum heat)heat;
}

/* ---- drawing ---- */

static struct strip cut_cell(struct strip *strip, int columns)
{
    struct strip cell = *strip;
    if (cell.next + columns - 1 < cell.limit)
        cell.limit = cell.next + columns - 1;
    strip_skip(strip, columns);
    return cell;
}

static void draw_state(const struct fleet *fleet, struct strip *strip,
                       const struct session_target *target)
{
    static const char *const words[] = {[TARGET_IDLE] = "",
                                        [TARGET_WAITING] = "waits",
                                        [TARGET_CONNECTING] = "connects",
                                        [TARGET_ASKING] = "asks you",
                                        [TARGET_PROBING] = ""};
    struct strip cell = cut_cell(strip, fleet->state_columns);
    if (target->state == TARGET_IDLE) {
        if (target->has_failed)
            strip_put(&cell, ROLE_FAIL, "failed");
        return;
    }
    strip_glyph(&cell, ROLE_ACCENT, glyph_spinner(fleet->view.app->spinner_step));
    strip_skip(&cell, 1);
    if (target->state == TARGET_PROBING)
        strip_format(&cell, ROLE_ACCENT, "%zu of %zu", target->steps_done, target->steps_total);
    else
        strip_put(&cell, target->state == TARGET_ASKING ? ROLE_WARNING : ROLE_ACCENT,
                  words[target->state]);
}

/* The worst there is, and how many of it; where there is room, in words. */
static void draw_cell(struct strip *strip, const struct cell_heat *heat_cell, int columns,
                      bool is_selected)
{
    struct strip cell = cut_cell(strip, columns);
    enum heat heat = worst_of(heat_cell);
    int start = cell.next;
    if (heat == HEAT_COUNT) {
        strip_glyph(&cell, ROLE_MUTED, GLYPH_NOT_APPLICABLE);
    } else {
        strip_glyph(&cell, heats[heat].role, heats[heat].glyph);
        strip_format(&cell, heats[heat].role, " %zu", heat_cell->by_heat[heat]);
        if (columns >= CELL_COLUMNS_WORDS)
            strip_format(&cell, ROLE_DIM, " %s", heats[heat].text);
    }
    if (is_selected)
        canvas_set_layer(cell.canvas, (struct rect){cell.row, start, 1, columns - 1},
                         LAYER_SELECTED);
}

/* Columns for each area, with the one between two: as wide as the names where there is room for
 * them, the narrow ones wider where there is more; else all alike. */
static void share_columns(const struct sight *sight, const struct canvas *canvas, int left,
                          int *columns)
{
    int count = (int)sight->area_count;
    int even = count > 0 ? left / count : 0;
    int64_t spare = left;
    for (int i = 0; i < count; i++) {
        columns[i] = canvas_text_width(canvas, sight->areas[i].title) + 1;
        if (columns[i] < CELL_COLUMNS_MIN)
            columns[i] = CELL_COLUMNS_MIN;
        spare -= columns[i];
    }
    even = even < CELL_COLUMNS_MIN ? CELL_COLUMNS_MIN : even;
    for (int i = 0; i < count && spare < 0; i++)
        columns[i] = even < CELL_COLUMNS_MAX ? even : CELL_COLUMNS_MAX;
    for (int width = CELL_COLUMNS_MIN; width < CELL_COLUMNS_MAX; width++)
        for (int i = 0; i < count && spare > 0; i++)
            if (columns[i] == width) {
                columns[i]++;
                spare--;
            }
}

/* Scroll so that the selected area is in sight. */
static void place_areas(struct fleet *fleet, const struct sight *sight, int columns)
{
    int left = columns - fleet->areas_at - 1, used = 0, first = fleet->area;
    free(fleet->area_columns);
    fleet->area_columns = memory_new(sight->area_count, sizeof(*fleet->area_columns));
    share_columns(sight, &fleet->view.app->canvas, left, fleet->area_columns);
    for (; first >= 0 && used + fleet->area_columns[first] <= left; first--)
        used += fleet->area_columns[first];
    first++;
    if (fleet->first_area < first)
        fleet->first_area = first < fleet->area ? first : fleet->area;
    if (fleet->first_area > fleet->area)
        fleet->first_area = fleet->area;
    if (fleet->first_area < 0)
        fleet->first_area = 0;
}

static void draw_headings(const struct fleet *fleet, const struct sight *sight,
                          struct canvas *canvas, struct rect area)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    strip_skip(&strip, fleet->areas_at);
    if (fleet->shows_check) {
        strip_put(&strip, ROLE_DIM, "Decided     Suggested   Because");
        return;
    }
    for (size_t i = (size_t)fleet->first_area; i < sight->area_count; i++) {
        struct strip cell = cut_cell(&strip, fleet->area_columns[i]);
        strip_put(&cell, (int)i == fleet->area ? ROLE_STRONG : ROLE_DIM, sight->areas[i].title);
    }
}

static void draw_check(struct strip *strip, const struct item *item)
{
    if (item == NULL) {
        strip_put(strip, ROLE_MUTED, "this check is not asked of it");
        return;
    }
    struct strip verdict = cut_cell(strip, LABEL_COLUMNS);
    strip_glyph(&verdict, verdict_role(item->verdict), verdict_glyph(item->verdict));
    strip_format(&verdict, verdict_role(item->verdict), " %s",
                 item->verdict == VERDICT_OPEN             ? "open"
                 : item->verdict == VERDICT_NOT_APPLICABLE ? "n/a"
                                                           : verdict_text(item->verdict));
    struct strip suggestion = cut_cell(strip, LABEL_COLUMNS);
    strip_put(&suggestion, suggestion_role(item->suggestion), suggestion_label(item->suggestion));
    strip_put(strip, ROLE_TEXT, item->row->suggestion_reason);
}

static void draw_row(const struct fleet *fleet, const struct sight *sight, struct canvas *canvas,
                     struct rect area, int row)
{
    size_t index = (size_t)fleet->list.top + (size_t)row;
    if (index >= sight->target_count)
        return;
    struct strip strip = canvas_strip(canvas, area, row);
    strip_skip(&strip, 2);
    struct strip name = cut_cell(&strip, NAME_COLUMNS);
    bool is_selected = (int)index == fleet->list.selected;
    strip_put(&name, is_selected ? ROLE_STRONG : ROLE_TEXT, sight->targets[index].name);
    if (fleet->state_columns > 0)
        draw_state(fleet, &strip, &sight->targets[index]);
    if (fleet->shows_check) {
        draw_check(&strip, sight->checks[index]);
        return;
    }
    const struct cell_heat *cells = &sight->cells[index * sight->area_count];
    for (size_t i = (size_t)fleet->first_area; i < sight->area_count; i++)
        draw_cell(&strip, &cells[i], fleet->area_columns[i], is_selected && (int)i == fleet->area);
}

/* What the signs stand for. */
static void draw_legend(struct canvas *canvas, struct rect area)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    strip_skip(&strip, 2);
    for (size_t i = 0; i < LENGTH(heats); i++) {
        strip_skip(&strip, i > 0 ? 2 : 0);
        strip_glyph(&strip, heats[i].role, heats[i].glyph);
        strip_format(&strip, ROLE_DIM, " %s", heats[i].text);
    }
}

static void add_area(const struct fleet *fleet, const struct sight *sight, size_t target,
                     struct document *document)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    if (fleet->area < 0)
        return;
    const struct cell_heat *cell = &sight->cells[target * sight->area_count + (size_t)fleet->area];
    for (size_t i = 0; i < HEAT_COUNT; i++)
        if (cell->by_heat[i] > 0)
            buffer_append_format(&text, "%s%zu %s", text.length > 0 ? ", " : "", cell->by_heat[i],
                                 heats[i].text);
    AUTO_FREE char *line = memory_format("%s: %s", sight->areas[fleet->area].title,
                                         text.length > 0 ? buffer_text(&text) : "no checks");
    document_labeled(document, "Area", ROLE_TEXT, LABEL_COLUMNS, line);
}

static void draw_detail(const struct fleet *fleet, const struct sight *sight, struct canvas *canvas,
                        struct rect area)
{
    struct document document;
    size_t index = (size_t)fleet->list.selected;
    if (index >= sight->target_count)
        return;
    const struct session_target *target = &sight->targets[index];
    draw_title(canvas, area, &(struct title){target->name, NULL, false});
    area = layout_indent(layout_below_title(area), 2);
    document_init(&document, canvas, area.columns);
    document_labeled(&document, "Target", ROLE_TEXT, LABEL_COLUMNS, target->spec);
    if (!fleet->shows_check)
        add_area(fleet, sight, index, &document);
    if (target->status[0] != '\0')
        document_labeled(&document, "Run", target->has_failed ? ROLE_FAIL : ROLE_DIM, LABEL_COLUMNS,
                         target->status);
    document_draw(&document, canvas, area, 0);
    document_release(&document);
}

static char *count_text(const struct sight *sight)
{
    size_t working = 0, failed = 0;
    for (size_t i = 0; i < sight->target_count; i++) {
        working += sight->targets[i].state != TARGET_IDLE;
        failed += sight->targets[i].state == TARGET_IDLE && sight->targets[i].has_failed;
    }
    return memory_format("%zu target%s, %zu at work, %zu failed", sight->target_count,
                         sight->target_count == 1 ? "" : "s", working, failed);
}

static void draw_sight(struct fleet *fleet, const struct sight *sight, struct canvas *canvas,
                       struct rect area)
{
    const struct check *check = fleet->view.app->focus.check;
    AUTO_FREE char *left = fleet->shows_check && check != NULL
                               ? memory_format("Fleet %s", check->title)
                               : memory_copy_text("Fleet by areas");
    AUTO_FREE char *right = count_text(sight);
    canvas_fill(canvas, area, ROLE_TEXT);
    draw_title(canvas, area, &(struct title){left, right, true});
    struct rect body = layout_below_title(area);
    if (!fleet->shows_check)
        draw_legend(canvas, layout_take_bottom(&body, 1));
    if (area.rows >= DETAIL_FROM)
        draw_detail(fleet, sight, canvas, layout_take_bottom(&body, DETAIL_ROWS));
    draw_headings(fleet, sight, canvas, layout_take_top(&body, 1));
    fleet->rows = body;
    list_show(&fleet->list, body.rows);
    for (int row = 0; row < body.rows; row++)
        draw_row(fleet, sight, canvas, body, row);
    if (fleet->shows_check)
        draw_selection(canvas, body, &fleet->list, true);
    draw_list_scrollbar(canvas, body, &fleet->list);
}

/* Whether there is something to say about a run. */
static bool has_news(const struct sight *sight)
{
    for (size_t i = 0; i < sight->target_count; i++)
        if (sight->targets[i].state != TARGET_IDLE || sight->targets[i].has_failed)
            return true;
    return false;
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct fleet *fleet = (struct fleet *)view;
    struct sight sight;
    sight_take(fleet, &sight);
    fleet->state_columns = has_news(&sight) ? STATE_COLUMNS : 0;
    fleet->areas_at = 2 + NAME_COLUMNS + fleet->state_columns;
    place_areas(fleet, &sight, area.columns);
    draw_sight(fleet, &sight, canvas, area);
    sight_release(&sight);
}

/* ---- acting ---- */

/* Go where the selection is: the area in Walk, or the check. This view is gone then. */
static void show(struct fleet *fleet)
{
    struct app *app = fleet->view.app;
    size_t count;
    const struct session_area *areas = session_areas(app->session, &count);
    bool is_area = !fleet->shows_check && fleet->area >= 0 && fleet->area < (int)count;
    const char *area = is_area ? areas[fleet->area].id : NULL;
    if (fleet->list.selected < 0)
        return;
    app_set_focus(app, app->focus.check, (size_t)fleet->list.selected);
    app_pop(app, &fleet->view);
    if (area != NULL)
        walk_show_area(app, area);
    else
        app_go(app, TAB_WALK);
}

/* The check behind or before the one in the focus, around the end. */
static void step_check(struct fleet *fleet, bool forward)
{
    struct app *app = fleet->view.app;
    size_t count;
    const struct item *items = session_items(app->session, &count);
    size_t at = 0;
    while (at < count && items[at].check != app->focus.check)
        at++;
    for (size_t i = 0; i < count; i++) {
        at = forward ? (at + 1) % count : (at + count - 1) % count;
        if (items[at].check != app->focus.check)
            break;
    }
    if (count > 0)
        app_set_focus(app, items[at].check, app->focus.target);
}

static void switch_view(struct fleet *fleet)
{
    fleet->shows_check = !fleet->shows_check;
    if (fleet->shows_check && fleet->view.app->focus.check == NULL)
        step_check(fleet, true);
}

static void run(struct fleet *fleet)
{
    struct app *app = fleet->view.app;
    const char *check =
        fleet->shows_check && app->focus.check != NULL ? app->focus.check->id : NULL;
    if (fleet->list.selected >= 0)
        run_open(app,
                 &(struct run_request){
                     .check = check, .target = app_target_name(app, (size_t)fleet->list.selected)},
                 false);
}

static bool act(struct view *view, enum action action)
{
    struct fleet *fleet = (struct fleet *)view;
    switch (action) {
    case ACTION_BACK:
        app_pop(view->app, view);
        return true;
    case ACTION_SHOW:
        show(fleet);
        return true;
    case ACTION_FLEET_VIEW:
        switch_view(fleet);
        return true;
    case ACTION_LEFT:
    case ACTION_RIGHT:
        fleet->area += action == ACTION_RIGHT ? 1 : fleet->area > 0 ? -1 : 0;
        return true;
    case ACTION_NEXT_CHECK:
    case ACTION_PREVIOUS_CHECK:
        step_check(fleet, action == ACTION_NEXT_CHECK);
        fleet->shows_check = true;
        return true;
    case ACTION_RUN:
        run(fleet);
        return true;
    default:
        return list_act(&fleet->list, action);
    }
}

/* The area whose cells are drawn AT columns behind the first one. */
static int area_at(const struct fleet *fleet, int at)
{
    size_t count;
    int area = fleet->first_area;
    (void)session_areas(fleet->view.app->session, &count);
    while (area + 1 < (int)count && at >= fleet->area_columns[area])
        at -= fleet->area_columns[area++];
    return area;
}

static void mouse(struct view *view, const struct event *event)
{
    struct fleet *fleet = (struct fleet *)view;
    int at = event->column - fleet->rows.column - fleet->areas_at;
    if (list_mouse(&fleet->list, fleet->rows, event) == LIST_MISSED)
        return;
    if (!fleet->shows_check && at >= 0)
        fleet->area = area_at(fleet, at);
}

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_FLEET;
}

static const char *hint(const struct view *view, enum action action)
{
    const struct fleet *fleet = (const struct fleet *)view;
    bool steps = action == ACTION_NEXT_CHECK && fleet->shows_check;
    return steps                         ? "next check"
           : action == ACTION_SHOW       ? "walk"
           : action == ACTION_BACK       ? "close"
           : action == ACTION_FLEET_VIEW ? (fleet->shows_check ? "areas" : "one check")
                                         : NULL;
}

static void free_fleet(struct view *view)
{
    free(((struct fleet *)view)->area_columns);
    free(view);
}

static const struct view_class fleet_class = {.title = "Fleet",
                                              .context = context,
                                              .draw = draw,
                                              .act = act,
                                              .mouse = mouse,
                                              .hint = hint,
                                              .free = free_fleet};

void fleet_open(struct app *app)
{
    struct fleet *fleet = memory_new(1, sizeof(*fleet));
    size_t count;
    fleet->view = (struct view){&fleet_class, app};
    (void)session_targets(app->session, &count);
    list_set_count(&fleet->list, (int)count);
    list_select(&fleet->list, (int)app->focus.target);
    app_push(app, &fleet->view);
}
