/* SPDX-License-Identifier: Apache-2.0 */
#include "check_pane.h"
#include "draw.h"
#include "walk_view.h"

enum {
    LEFT_PERCENT = 45,
    LEFT_MIN = 30,
    LEFT_MAX = 56,
    BAR_COLUMNS = 8,
    SUGGESTION_COLUMNS = 6, /* "block" */
    SEVERITY_COLUMNS = 5,   /* "CRIT" */
    FOOT_ROWS = 2,          /* of the suggestion and of the decision each */
    FOOT_ROWS_TALL = 4,
    TALL_ROWS = 16,
};

/* ---- the list ---- */

static void draw_group(const struct walk *walk, struct strip *strip, int index)
{
    const struct queue_group *group = &walk->queue.groups[index];
    AUTO_FREE char *parts =
        memory_format("%zu/%zu", group->counts.total - group->counts.open, group->counts.total);
    AUTO_FREE char *count = memory_format("%7s ", parts);
    strip_skip(strip, 1);
    strip_glyph(strip, ROLE_LABEL, group->is_closed ? GLYPH_COLLAPSED : GLYPH_EXPANDED);
    strip_skip(strip, 1);
    strip_put_right(strip, ROLE_DIM, count);
    if (strip_left(strip) > BAR_COLUMNS + 18) {
        struct strip bar = *strip;
        bar.next = bar.limit - BAR_COLUMNS - 1;
        draw_bar(&bar, &group->counts, BAR_COLUMNS);
        strip->limit -= BAR_COLUMNS + 2;
    }
    strip_put(strip, ROLE_LABEL, group->title);
}

/* What the probes say, or that they are at it. */
static void draw_suggestion(const struct walk *walk, struct strip *strip, const struct item *item)
{
    struct strip cell = *strip;
    cell.next = cell.limit - SUGGESTION_COLUMNS;
    strip->limit -= SUGGESTION_COLUMNS;
    if (item->activity == ACTIVITY_RUNNING)
        strip_glyph(&cell, ROLE_ACCENT, glyph_spinner(walk->view.app->spinner_step));
    else if (item->activity == ACTIVITY_QUEUED)
        strip_put(&cell, ROLE_DIM, "queue");
    else if (item->row->is_stale)
        strip_glyph(&cell, ROLE_WARNING, GLYPH_STALE);
    if (item->activity == ACTIVITY_NONE)
        strip_put(&cell, suggestion_role(item->suggestion), suggestion_label(item->suggestion));
}

static void draw_severity(struct strip *strip, const struct item *item)
{
    struct strip cell = *strip;
    cell.next = cell.limit - SEVERITY_COLUMNS;
    strip->limit -= SEVERITY_COLUMNS;
    strip_put(&cell, severity_role(item->check->severity), severity_label(item->check->severity));
}

static void draw_check(const struct walk *walk, struct strip *strip, const struct item *item)
{
    bool by_severity = walk->queue.filter == QUEUE_OPEN;
    bool is_decided = item->verdict != VERDICT_OPEN;
    strip_skip(strip, 2);
    strip_glyph(strip, verdict_role(item->verdict), verdict_glyph(item->verdict));
    strip_skip(strip, 1);
    draw_suggestion(walk, strip, item);
    if (!by_severity)
        draw_severity(strip, item);
    strip->limit--;
    int start = strip->next;
    strip_put(strip, is_decided ? ROLE_DIM : ROLE_TEXT, item->check->id);
    if (walk->search != NULL && check_has_text(item->check, walk->search))
        canvas_set_layer(strip->canvas, (struct rect){strip->row, start, 1, strip->next - start},
                         LAYER_MATCH);
}

static void draw_row(const struct walk *walk, struct canvas *canvas, struct rect area, int row)
{
    int index = walk->queue.list.top + row;
    if (index >= (int)walk->queue.row_count)
        return;
    const struct queue_row *line = &walk->queue.rows[index];
    size_t count;
    const struct item *items = session_items(walk->view.app->session, &count);
    struct strip strip = canvas_strip(canvas, area, row);
    if (line->check == NULL)
        draw_group(walk, &strip, line->group);
    else if (line->item < count)
        draw_check(walk, &strip, &items[line->item]);
}

static void draw_empty(const struct walk *walk, struct canvas *canvas, struct rect area)
{
    static const char *const texts[] = {[QUEUE_OPEN] = "Nothing is open here.",
                                        [QUEUE_OPEN_BY_AREA] = "Nothing is open here.",
                                        [QUEUE_ALL] = "There are no checks.",
                                        [QUEUE_FAILED] = "Nothing has failed.",
                                        [QUEUE_DISAGREE] = "Nobody disagrees."};
    struct document document;
    area = layout_indent(area, 2);
    document_init(&document, canvas, area.columns);
    document_text(&document, ROLE_TEXT, 0, texts[walk->queue.filter]);
    document_text(&document, ROLE_DIM, 0, "v shows other checks.");
    document_draw(&document, canvas, area, 0);
    document_release(&document);
}

static void draw_list(struct walk *walk, struct canvas *canvas, struct rect area)
{
    struct app *app = walk->view.app;
    size_t count;
    (void)session_targets(app->session, &count);
    AUTO_FREE char *left = count > 1 ? memory_copy_text(app_target_name(app, walk->queue.target))
                                     : memory_copy_text("Checks");
    struct rect rows = layout_below_title(area);
    draw_title(
        canvas, area,
        &(struct title){left, queue_filter_title(walk->queue.filter), !walk->detail_has_focus});
    walk->list_area = rows;
    list_show(&walk->queue.list, rows.rows);
    for (int row = 0; row < rows.rows; row++)
        draw_row(walk, canvas, rows, row);
    if (walk->queue.row_count == 0)
        draw_empty(walk, canvas, rows);
    draw_selection(canvas, rows, &walk->queue.list, !walk->detail_has_focus);
}

/* ---- the check ---- */

static void draw_foot_rule(struct canvas *canvas, struct rect area, int below)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    if (below > 0) {
        AUTO_FREE char *text =
            memory_format(" %s %d more ", glyph_text(GLYPH_MORE_DOWN, canvas->ascii), below);
        struct strip right = strip;
        int columns = canvas_text_width(canvas, text);
        right.next = right.limit - columns - 1;
        strip.limit = right.next;
        strip_put(&right, ROLE_DIM, text);
        strip_glyph(&right, ROLE_FRAME, GLYPH_HORIZONTAL);
    }
    strip_repeat(&strip, ROLE_FRAME, GLYPH_HORIZONTAL, strip_left(&strip));
}

static void draw_check_title(const struct walk *walk, struct canvas *canvas, struct rect area,
                             const struct check *check)
{
    AUTO_FREE char *right =
        memory_format("%s %s %s", severity_label(check->severity),
                      glyph_text(GLYPH_SEPARATOR, canvas->ascii), method_text(check->method));
    draw_title(canvas, area, &(struct title){check->id, right, walk->detail_has_focus});
}

/* The foot keeps its rows; what is above it scrolls. */
static void draw_item(struct walk *walk, struct canvas *canvas, struct rect body,
                      const struct item *item)
{
    struct document text, foot;
    document_init(&text, canvas, body.columns - 2);
    document_init(&foot, canvas, body.columns - 2);
    check_pane_build(&text, &walk->facts, item);
    check_pane_build_foot(&foot, item, body.rows >= TALL_ROWS ? FOOT_ROWS_TALL : FOOT_ROWS);
    int rows = (int)foot.count < body.rows - 2 ? (int)foot.count : body.rows - 2;
    struct rect foot_area = layout_take_bottom(&body, rows > 0 ? rows : 0);
    struct rect rule = layout_take_bottom(&body, 1);
    walk->detail_area = body;
    walk->detail_below = document_draw(&text, canvas, layout_indent(body, 1), walk->detail_top);
    draw_foot_rule(canvas, rule, walk->detail_below);
    document_draw(&foot, canvas, layout_indent(foot_area, 1), 0);
    document_release(&text);
    document_release(&foot);
}

/* With the head of a group selected, there is no check to show. */
static void draw_group_summary(const struct walk *walk, struct canvas *canvas, struct rect body)
{
    const struct queue_row *row = queue_selected(&walk->queue);
    if (row == NULL)
        return;
    const struct queue_group *group = &walk->queue.groups[row->group];
    struct document document;
    body = layout_indent(body, 1);
    document_init(&document, canvas, body.columns);

    AUTO_FREE char *text = memory_format("%zu check%s in this view, %zu open", group->counts.total,
                                         group->counts.total == 1 ? "" : "s", group->counts.open);
    document_text(&document, ROLE_TEXT, 0, text);
    document_blank(&document);
    document_text(&document, ROLE_DIM, 0,
                  group->is_closed ? "Enter opens the group." : "Enter closes the group.");
    document_draw(&document, canvas, body, 0);
    document_release(&document);
}

static void draw_detail(struct walk *walk, struct canvas *canvas, struct rect area)
{
    struct app *app = walk->view.app;
    const struct item *item = app_item(app, app->focus);
    struct rect body = layout_below_title(area);
    walk->detail_area = body;
    if (item == NULL) {
        const struct queue_row *row = queue_selected(&walk->queue);
        const char *title = row != NULL ? walk->queue.groups[row->group].title : NULL;
        draw_title(canvas, area, &(struct title){title, NULL, walk->detail_has_focus});
        draw_group_summary(walk, canvas, body);
        return;
    }
    if (walk->detail_of.check != item->check || walk->detail_of.target != item->target)
        walk->detail_top = 0;
    walk->detail_of = app->focus;
    facts_load(&walk->facts, app, app->focus);
    draw_check_title(walk, canvas, area, item->check);
    draw_item(walk, canvas, body, item);
}

void walk_draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct walk *walk = (struct walk *)view;
    int percent =
        area.columns * LEFT_PERCENT / 100 > LEFT_MAX ? LEFT_MAX * 100 / area.columns : LEFT_PERCENT;
    struct panes panes = layout_panes(area, percent, LEFT_MIN);
    walk->list_area = walk->detail_area = (struct rect){0};
    if (!panes.is_single || !walk->detail_has_focus)
        draw_list(walk, canvas, panes.left);
    if (!panes.is_single || walk->detail_has_focus)
        draw_detail(walk, canvas, panes.right);
    struct rect bar = layout_below_title(panes.left);
    if (panes.divider >= 0)
        draw_divider(canvas, area, panes.divider);
    bar.columns += panes.divider >= 0; /* the divider is the scroll bar of the list */
    if (!panes.is_single || !walk->detail_has_focus)
        draw_list_scrollbar(canvas, bar, &walk->queue.list);
}
