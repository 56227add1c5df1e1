/* SPDX-License-Identifier: Apache-2.0 */
/* What targets show of themselves: a drawing of each, and every row in words. */
#include "export/escape.h"
#include "html.h"
#include "wording.h"

enum {
    ROW_STEP = 30,
    BOX_HEIGHT = 24,
    BOX_LEFT = 290,
    BOX_RIGHT = 590,
    MAP_WIDTH = 880,
    BOX_COLUMNS = 36,
    PEER_COLUMNS = 28,
    ROWS_MAX = 80 /* of one drawing; the table has them all */
};

/* "between", "may" for what is possible and was not seen to be used, or "". */
static const char *row_class(const struct flow_map_row *row)
{
    if (row->is_between)
        return "between";
    bool is_used = row->thing == FLOW_THING_INBOUND || row->thing == FLOW_THING_OUTBOUND ||
                   row->thing == FLOW_THING_MOUNT;
    return is_used ? "open" : "may";
}

/* The head of an arrow, its point at X. */
static void put_head(struct buffer *out, size_t x, size_t y, bool points_right)
{
    size_t back = points_right ? x - 8 : x + 8;
    html_put(out, "<polygon points=\"%zu,%zu %zu,%zu %zu,%zu\"></polygon>", x, y, back, y - 4, back,
             y + 4);
}

static void put_arrow(struct buffer *out, const struct flow_map_row *row, size_t y)
{
    bool is_left = row->way == FLOW_WAY_IN && row->thing != FLOW_THING_MOUNT;
    size_t x1 = is_left ? BOX_LEFT - 60 : BOX_RIGHT + 2,
           x2 = is_left ? BOX_LEFT - 2 : BOX_RIGHT + 60;
    html_put(out, "<line x1=\"%zu\" y1=\"%zu\" x2=\"%zu\" y2=\"%zu\"></line>", x1, y, x2, y);
    if (row->way == FLOW_WAY_IN)
        put_head(out, is_left ? x2 : x1, y, is_left);
    if (row->way == FLOW_WAY_OUT || row->way == FLOW_WAY_BOTH)
        put_head(out, x2, y, true);
    if (row->way == FLOW_WAY_BOTH)
        put_head(out, x1, y, false);
    html_svg_text(out, is_left ? 4 : BOX_RIGHT + 66, y + 5, row->peer, PEER_COLUMNS);
}

static void put_row(struct buffer *out, const struct flow_map_row *row, size_t number)
{
    size_t top = number * ROW_STEP + 4;
    AUTO_FREE char *words = wording_map_row(row);
    AUTO_FREE char *title =
        memory_format("%s: %s, %s", flow_thing_heading(row->thing), row->here, words);
    bool has_process = *row->process != '\0' && row->thing != FLOW_THING_OUTBOUND;
    AUTO_FREE char *label =
        memory_format("%s%s%s", row->here, has_process ? " " : "", has_process ? row->process : "");
    html_put(out, "<g class=\"%s\">", row_class(row));
    html_svg_title(out, title);
    html_put(out, "<rect x=\"%d\" y=\"%zu\" width=\"%d\" height=\"%d\" rx=\"4\"></rect>", BOX_LEFT,
             top, BOX_RIGHT - BOX_LEFT, BOX_HEIGHT);
    html_svg_text(out, BOX_LEFT + 10, top + 17, label, BOX_COLUMNS);
    if (*row->peer != '\0' && row->way != FLOW_WAY_NONE)
        put_arrow(out, row, top + BOX_HEIGHT / 2);
    buffer_append_text(out, "</g>\n");
}

static void put_drawing(struct buffer *out, const struct flow_map_target *target)
{
    size_t rows = target->row_count < ROWS_MAX ? target->row_count : ROWS_MAX;
    AUTO_FREE char *title = memory_format("Data flows of %s", target->name);
    html_put(out, "<svg class=\"map\" role=\"img\" viewBox=\"0 0 %d %zu\">\n", MAP_WIDTH,
             rows * ROW_STEP + 8);
    html_svg_title(out, title);
    for (size_t i = 0; i < rows; i++)
        put_row(out, &target->rows[i], i);
    buffer_append_text(out, "</svg>\n");
    if (rows < target->row_count)
        html_put(out, "<p class=\"soft\">The drawing shows the first %zu of %zu.</p>\n", rows,
                 target->row_count);
}

static void put_table(struct buffer *out, const struct flow_map_target *target)
{
    buffer_append_text(out, "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">What</th>"
                            "<th scope=\"col\">Here</th><th scope=\"col\">Way</th>"
                            "<th scope=\"col\">Other side</th><th scope=\"col\">Details</th></tr>"
                            "</thead>\n<tbody>\n");
    for (size_t i = 0; i < target->row_count; i++) {
        const struct flow_map_row *row = &target->rows[i];
        AUTO_FREE char *words = wording_map_row(row);
        html_put(out,
                 "<tr><td>%s</td><th scope=\"row\"><bdi>%s</bdi></th><td>%s</td>"
                 "<td><bdi>%s</bdi></td><td>%s</td></tr>\n",
                 flow_thing_heading(row->thing), row->here,
                 row->way != FLOW_WAY_NONE ? flow_way_text(row->way) : "", row->peer, words);
    }
    buffer_append_text(out, "</tbody></table></div>\n");
}

static void put_target(struct buffer *out, const struct flow_map_target *target)
{
    char when[CLOCK_TEXT_BYTES];
    AUTO_FREE char *things = wording_things(target);
    html_put(out, "<h3><bdi>%s</bdi></h3>\n<p>%s <span class=\"soft\">%s</span></p>\n",
             target->name, things, wording_time(target->seen_ms, when));
    if (*target->why != '\0') {
        buffer_append_text(out, "<dl class=\"facts\">\n");
        html_note(out, "Not seen", target->why);
        buffer_append_text(out, "</dl>\n");
    }
    if (target->row_count == 0)
        return;
    put_drawing(out, target);
    put_table(out, target);
}

void html_map(struct buffer *out, const struct report *report)
{
    if (report->map.target_count > 0)
        html_put(out, "<p class=\"soft\">%s</p>\n", wording_map_meaning);
    for (size_t i = 0; i < report->map.target_count; i++)
        put_target(out, &report->map.targets[i]);
}
