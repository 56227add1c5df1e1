/* SPDX-License-Identifier: Apache-2.0 */
/* The Flows screen: the matrix of measured against expected flows, and one cell of it in words. */
#include "assess/flows.h"
#include "draw.h"
#include "flows_map.h"
#include "layout.h"
#include "screens.h"

enum {
    NAME_COLUMNS = 18,
    CELL_COLUMNS = 4,
    LABEL_COLUMNS = 11,
    DETAIL_ROWS = 9,
    KEY_COLUMNS = 25,
    WIDE = 110
};

struct flows {
    struct view view;
    struct flow_line_list lines;
    struct flow_measure_list measures;
    struct flow_matrix matrix;
    struct list list; /* of vantages */
    int column;       /* selected */
    int left;         /* the column shown first */
    bool is_stale;
    bool shows_map, map_is_stale;
    struct map_face map;
    struct rect grid; /* as drawn last, without the row of numbers */
};

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_FLOWS;
}

static void update(struct view *view)
{
    ((struct flows *)view)->is_stale = true;
}

static void forget(struct flows *flows)
{
    flow_matrix_release(&flows->matrix);
    flow_measure_list_release(&flows->measures);
    flow_line_list_release(&flows->lines);
}

static int last_column(const struct flows *flows)
{
    return (int)flows->matrix.column_count - 1;
}

static void read_flows(struct flows *flows)
{
    struct app *app = flows->view.app;
    struct error error = {0};
    if (!flows->is_stale)
        return;
    flows->is_stale = false;
    forget(flows);
    flows->map_is_stale = true;
    if (!flows_of_session(app->session, &flows->lines, &flows->measures, &error) ||
        !flow_matrix_make(&flows->lines, &flows->measures, &flows->matrix, &error))
        app_fail(app, &error);
    list_set_count(&flows->list, (int)flows->matrix.vantages.count);
    if (flows->column > last_column(flows))
        flows->column = last_column(flows) > 0 ? last_column(flows) : 0;
}

/* Of many targets it takes its time: only when it is looked at. */
static void read_map(struct flows *flows)
{
    struct app *app = flows->view.app;
    struct flow_map map = {0};
    struct error error = {0};
    if (!flows->map_is_stale)
        return;
    flows->map_is_stale = false;
    if (!flows_map(app->session, NULL, &flows->lines, &map, &error))
        app_fail(app, &error);
    map_face_set(&flows->map, &map);
}

static const struct flow_cell *selected_cell(const struct flows *flows)
{
    if (flows->list.selected < 0 || flows->column > last_column(flows))
        return NULL;
    return flow_matrix_cell(&flows->matrix, (size_t)flows->list.selected, (size_t)flows->column);
}

/* ---- drawing ---- */

static enum role verdict_cell_role(enum flow_verdict verdict)
{
    switch (verdict) {
    case FLOW_VERDICT_OPEN:
    case FLOW_VERDICT_CLOSED:
        return ROLE_PASS;
    case FLOW_VERDICT_OPEN_BAD:
    case FLOW_VERDICT_CLOSED_BAD:
        return ROLE_FAIL;
    case FLOW_VERDICT_BLOCKED:
    case FLOW_VERDICT_UNMEASURED:
    case FLOW_VERDICT_OTHER_OPEN:
        return ROLE_WARNING;
    case FLOW_VERDICT_NONE:
    case FLOW_VERDICT_OTHER_CLOSED:
    case FLOW_VERDICT_COUNT:
        break;
    }
    return ROLE_MUTED;
}

/* "3 not as declared, 1 not seen, 6 as declared" */
static char *summary(const struct flow_matrix *matrix)
{
    const size_t *counts = matrix->counts;
    return memory_format("%zu not as declared, %zu not seen, %zu as declared",
                         counts[FLOW_VERDICT_OPEN_BAD] + counts[FLOW_VERDICT_CLOSED_BAD],
                         counts[FLOW_VERDICT_BLOCKED] + counts[FLOW_VERDICT_UNMEASURED],
                         counts[FLOW_VERDICT_OPEN] + counts[FLOW_VERDICT_CLOSED]);
}

static int shown_columns(struct rect area)
{
    int columns = (area.columns - NAME_COLUMNS - 3) / CELL_COLUMNS;
    return columns > 1 ? columns : 1;
}

/* Scroll sideways so that the selected column is in sight. */
static void show_column(struct flows *flows, struct rect area)
{
    int shown = shown_columns(area);
    if (flows->column < flows->left)
        flows->left = flows->column;
    if (flows->column >= flows->left + shown)
        flows->left = flows->column - shown + 1;
}

static void draw_numbers(struct flows *flows, struct canvas *canvas, struct rect area)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    int end = flows->left + shown_columns(area);
    strip_skip(&strip, 2);
    strip_put(&strip, ROLE_DIM, "from");
    for (int c = flows->left; c < end && c <= last_column(flows); c++) {
        strip_skip_to(&strip, NAME_COLUMNS + (c - flows->left) * CELL_COLUMNS);
        strip_format(&strip, c == flows->column ? ROLE_STRONG : ROLE_DIM, "%4d", c + 1);
    }
    if (flows->left > 0) {
        struct strip more = canvas_strip(canvas, area, 0);
        strip_skip(&more, NAME_COLUMNS - 1);
        strip_glyph(&more, ROLE_DIM, GLYPH_MORE_LEFT);
    }
    if (end <= last_column(flows))
        strip_glyph(&strip, ROLE_DIM, GLYPH_MORE_RIGHT);
}

static void draw_row(struct flows *flows, struct canvas *canvas, struct rect area, int row)
{
    int index = flows->list.top + row;
    struct strip strip = canvas_strip(canvas, area, row);
    struct strip name = strip;
    if (index >= flows->list.count)
        return;
    name.limit = name.start + NAME_COLUMNS < name.limit ? name.start + NAME_COLUMNS : name.limit;
    strip_skip(&name, 2);
    strip_put(&name, ROLE_TEXT, flows->matrix.vantages.items[index]);
    for (int c = flows->left; c <= last_column(flows) && c < flows->left + shown_columns(area);
         c++) {
        enum flow_verdict verdict =
            flow_matrix_cell(&flows->matrix, (size_t)index, (size_t)c)->verdict;
        bool is_selected = index == flows->list.selected && c == flows->column;
        strip_skip_to(&strip, NAME_COLUMNS + (c - flows->left) * CELL_COLUMNS + 2);
        strip_format(&strip, verdict_cell_role(verdict), is_selected ? "[%c]" : " %c",
                     flow_verdict_glyph(verdict));
    }
}

/* What the numbers of the columns stand for, as far as there is room. */
static void draw_keys(const struct flows *flows, struct canvas *canvas, struct rect area)
{
    int per_row = area.columns / KEY_COLUMNS > 0 ? area.columns / KEY_COLUMNS : 1;
    int end = flows->left + shown_columns(area);
    for (int c = flows->left; c < end && c <= last_column(flows); c++) {
        int place = c - flows->left;
        if (place / per_row >= area.rows)
            return;
        AUTO_FREE char *name = flow_column_text(&flows->matrix.columns[c]);
        struct strip strip = canvas_strip(canvas, area, place / per_row);
        strip_skip(&strip, place % per_row * KEY_COLUMNS);
        strip.limit =
            strip.next + KEY_COLUMNS < strip.limit ? strip.next + KEY_COLUMNS - 1 : strip.limit;
        strip_format(&strip, ROLE_DIM, "%4d ", c + 1);
        strip_put(&strip, c == flows->column ? ROLE_STRONG : ROLE_TEXT, name);
    }
}

static void draw_grid(struct flows *flows, struct canvas *canvas, struct rect area)
{
    show_column(flows, area);
    draw_numbers(flows, canvas, area);
    flows->grid = layout_below_title(area);
    if (flows->grid.rows > flows->list.count + 1) {
        struct rect keys = flows->grid;
        flows->grid = layout_take_top(&keys, flows->list.count);
        layout_take_top(&keys, 1);
        draw_keys(flows, canvas, keys);
    }
    list_show(&flows->list, flows->grid.rows);
    for (int row = 0; row < flows->grid.rows; row++)
        draw_row(flows, canvas, flows->grid, row);
    draw_selection(canvas, flows->grid, &flows->list, true);
    draw_list_scrollbar(canvas, flows->grid, &flows->list);
}

static void draw_field(struct canvas *canvas, struct rect area, int *row, const char *label,
                       const char *text)
{
    if (*text == '\0' || *row >= area.rows)
        return;
    struct strip strip = canvas_strip(canvas, area, (*row)++);
    strip_skip(&strip, 2);
    strip_put(&strip, ROLE_LABEL, label);
    strip_skip_to(&strip, LABEL_COLUMNS + 2);
    strip_put(&strip, ROLE_TEXT, text);
}

static void draw_cell(const struct flow_cell *cell, struct canvas *canvas, struct rect area,
                      int row)
{
    const struct flow_measure *measure = cell->measure;
    draw_field(canvas, area, &row, "Is", flow_verdict_meaning(cell->verdict));
    draw_field(canvas, area, &row, "Expected", flow_expectation_text(cell->expectation));
    if (measure == NULL)
        return;
    draw_field(canvas, area, &row, "Measured", flow_state_meaning(measure->state));
    draw_field(canvas, area, &row, "Why", measure->detail);
    draw_field(canvas, area, &row, "Address", measure->address);
    draw_field(canvas, area, &row, "Tool", measure->tool);
    draw_field(canvas, area, &row, "Proof", measure->proof);
}

static void draw_selected(const struct flows *flows, struct canvas *canvas, struct rect area)
{
    const struct flow_cell *cell = selected_cell(flows);
    if (cell == NULL)
        return;
    AUTO_FREE char *to = flow_column_text(&flows->matrix.columns[flows->column]);
    AUTO_FREE char *title =
        memory_format("%s %s %s", flows->matrix.vantages.items[flows->list.selected],
                      glyph_text(GLYPH_ARROW, canvas->ascii), to);
    AUTO_FREE char *right = memory_format("%d of %d", flows->column + 1, last_column(flows) + 1);
    draw_title(canvas, area, &(struct title){title, right, false});
    draw_cell(cell, canvas, layout_below_title(area), 0);
}

/* The signs that are there, and what they mean. */
static void draw_legend(const struct flows *flows, struct canvas *canvas, struct rect area)
{
    int row = 0;
    draw_title(canvas, area, &(struct title){"Signs", NULL, false});
    struct rect rows = layout_below_title(area);
    for (int v = FLOW_VERDICT_COUNT - 1; v > FLOW_VERDICT_NONE; v--) {
        enum flow_verdict verdict = (enum flow_verdict)v;
        if (flows->matrix.counts[v] == 0 || row >= rows.rows)
            continue;
        struct strip strip = canvas_strip(canvas, rows, row++);
        strip_skip(&strip, 2);
        strip_format(&strip, verdict_cell_role(verdict), "%c", flow_verdict_glyph(verdict));
        strip_format(&strip, ROLE_DIM, "%5zu", flows->matrix.counts[v]);
        strip_skip(&strip, 2);
        strip_put(&strip, ROLE_TEXT, flow_verdict_meaning(verdict));
    }
}

/* "measuring from web, 1 of 2: step 3 of 5"; NULL: nothing is. */
static char *progress(const struct app *app)
{
    struct flows_progress at;
    if (!session_measure_progress(app->session, &at))
        return NULL;
    size_t step = at.steps_done < at.steps_total ? at.steps_done + 1 : at.steps_total;
    return memory_format("%s %s, %zu of %zu: step %zu of %zu",
                         at.only_map ? "asking" : "measuring from", app_target_name(app, at.target),
                         at.vantage + 1, at.vantage_count, step, at.steps_total);
}

static char *key_of(const struct app *app, enum action action)
{
    struct buffer key = {0};
    keymap_format_keys(&app->keymap, action, CONTEXT_FLOWS, false, &key);
    return buffer_take(&key);
}

static void draw_nothing(const struct app *app, struct canvas *canvas, struct rect area,
                         bool is_map)
{
    AUTO_FREE char *measure = key_of(app, ACTION_MEASURE);
    AUTO_FREE char *ask = key_of(app, ACTION_MEASURE_MAP);
    AUTO_FREE char *by_map =
        memory_format("%s asks them, after your consent, and makes no connection;", ask);
    AUTO_FREE char *by_both = memory_format("%s asks them, and measures flows.", measure);
    AUTO_FREE char *by_flows =
        memory_format("%s measures them after your consent, and the default set:", measure);
    const char *const of_map[] = {
        "No target has shown yet what listens, is connected or mounted there.", by_map, by_both,
        "'walkdown flows FILE' does the same without a screen."};
    const char *const of_matrix[] = {
        "No flow was measured yet, and none is declared.",
        "A file of targets may declare flows: web -> db:5432/tcp allow", by_flows,
        "metadata services, gateways, name servers and neighbours, over IPv4 and IPv6.",
        "'walkdown flows FILE' does the same without a screen."};
    const char *const *lines = is_map ? of_map : of_matrix;
    int count = (int)(is_map ? LENGTH(of_map) : LENGTH(of_matrix));
    for (int i = 0; i < count; i++) {
        struct strip strip = canvas_strip(canvas, area, i + 1);
        strip_skip(&strip, 2);
        strip_put(&strip, ROLE_DIM, lines[i]);
    }
}

static void draw_map(struct flows *flows, struct canvas *canvas, struct rect area)
{
    read_map(flows);
    AUTO_FREE char *right = progress(flows->view.app);
    if (right == NULL && flows->map.list.count > 0)
        right = map_face_summary(&flows->map);
    draw_title(canvas, area, &(struct title){"Flows: map", right, true});
    struct rect rest = layout_below_title(area);
    if (flows->map.list.count == 0) {
        draw_nothing(flows->view.app, canvas, rest, true);
        return;
    }
    struct rect detail =
        layout_take_bottom(&rest, rest.rows > 2 * DETAIL_ROWS ? DETAIL_ROWS : rest.rows / 2);
    map_face_draw(&flows->map, canvas, rest);
    map_face_draw_selected(&flows->map, canvas, detail);
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct flows *flows = (struct flows *)view;
    read_flows(flows);
    if (flows->shows_map) {
        draw_map(flows, canvas, area);
        return;
    }
    AUTO_FREE char *right = progress(view->app);
    if (right == NULL && flows->list.count > 0)
        right = summary(&flows->matrix);
    draw_title(canvas, area, &(struct title){"Flows", right, true});
    struct rect rest = layout_below_title(area);
    if (flows->list.count == 0) {
        draw_nothing(flows->view.app, canvas, rest, false);
        return;
    }
    struct rect detail =
        layout_take_bottom(&rest, rest.rows > 2 * DETAIL_ROWS ? DETAIL_ROWS : rest.rows / 2);
    draw_grid(flows, canvas, rest);
    struct panes panes = layout_panes(detail, area.columns >= WIDE ? 65 : 56, 30);
    draw_selected(flows, canvas, panes.left);
    if (!panes.is_single) {
        draw_legend(flows, canvas, panes.right);
        draw_divider(canvas, detail, panes.divider);
    }
}

/* ---- acting ---- */

static bool is_worth_a_look(enum flow_verdict verdict)
{
    return flow_verdict_is_bad(verdict) || verdict == FLOW_VERDICT_BLOCKED;
}

/* The next cell that is otherwise than declared, or blocked; around the end. */
static void go_to_next(struct flows *flows, bool forward)
{
    int columns = last_column(flows) + 1, count = flows->list.count * columns;
    int at = flows->list.selected * columns + flows->column;
    for (int step = 1; step <= count; step++) {
        int cell = (at + (forward ? step : count - step)) % count;
        if (is_worth_a_look(flows->matrix.cells[cell].verdict)) {
            list_select(&flows->list, cell / columns);
            flows->column = cell % columns;
            return;
        }
    }
    app_say(flows->view.app, MESSAGE_INFO, "No flow is otherwise than declared, or blocked");
}

static bool act_on_map(struct flows *flows, enum action action)
{
    read_map(flows);
    if (action != ACTION_NEXT_MARK && action != ACTION_PREVIOUS_MARK)
        return list_act(&flows->map.list, action);
    if (!map_face_go_to_next(&flows->map, action == ACTION_NEXT_MARK))
        app_say(flows->view.app, MESSAGE_INFO, "Nothing leads to another target");
    return true;
}

static bool act(struct view *view, enum action action)
{
    struct flows *flows = (struct flows *)view;
    if (action == ACTION_MEASURE || action == ACTION_MEASURE_MAP) {
        measure_open(view->app, action == ACTION_MEASURE_MAP);
        return true;
    }
    if (action == ACTION_MEASURE_WITH) {
        measure_open_form(view->app);
        return true;
    }
    read_flows(flows);
    if (action == ACTION_MAP) {
        flows->shows_map = !flows->shows_map;
        return true;
    }
    if (flows->shows_map)
        return act_on_map(flows, action);
    switch (action) {
    case ACTION_LEFT:
        flows->column -= flows->column > 0;
        return true;
    case ACTION_RIGHT:
        flows->column += flows->column < last_column(flows);
        return true;
    case ACTION_NEXT_MARK:
    case ACTION_PREVIOUS_MARK:
        go_to_next(flows, action == ACTION_NEXT_MARK);
        return true;
    default:
        return list_act(&flows->list, action);
    }
}

static void mouse(struct view *view, const struct event *event)
{
    struct flows *flows = (struct flows *)view;
    if (flows->shows_map) {
        list_mouse(&flows->map.list, flows->map.area, event);
        return;
    }
    int column = (event->column - flows->grid.column - NAME_COLUMNS - 1) / CELL_COLUMNS;
    if (list_mouse(&flows->list, flows->grid, event) == LIST_MISSED)
        return;
    if (event->column - flows->grid.column > NAME_COLUMNS &&
        flows->left + column <= last_column(flows))
        flows->column = flows->left + column;
}

static const char *hint(const struct view *view, enum action action)
{
    bool shows_map = ((const struct flows *)view)->shows_map;
    if (action == ACTION_MAP)
        return shows_map ? "matrix" : "map";
    return action != ACTION_NEXT_MARK ? NULL : shows_map ? "next between" : "next problem";
}

static void free_flows(struct view *view)
{
    struct flows *flows = (struct flows *)view;
    forget(flows);
    map_face_release(&flows->map);
    free(flows);
}

static const struct view_class flows_class = {.title = "Flows",
                                              .context = context,
                                              .draw = draw,
                                              .act = act,
                                              .mouse = mouse,
                                              .hint = hint,
                                              .update = update,
                                              .free = free_flows};

struct view *flows_new(struct app *app)
{
    struct flows *flows = memory_new(1, sizeof(*flows));
    flows->view = (struct view){&flows_class, app};
    flows->is_stale = true;
    return &flows->view;
}
