/* SPDX-License-Identifier: Apache-2.0 */
#include "flows_map.h"

#include "base/clock.h"
#include "draw.h"
#include "layout.h"

#include <string.h>

enum { ARROW_COLUMNS = 5, LABEL_COLUMNS = 13, WIDE = 110 };

struct map_line {
    enum { LINE_TOP, LINE_NOTE, LINE_ROW, LINE_BOTTOM } kind;
    const struct flow_map_target *target;
    const struct flow_map_row *row; /* of LINE_ROW */
    char *text;                     /* of LINE_NOTE */
};

/* ---- lines ---- */

static void release_lines(struct map_face *face)
{
    for (size_t i = 0; i < face->line_count; i++)
        free(face->lines[i].text);
    free(face->lines);
    face->lines = NULL;
    face->line_count = 0;
}

void map_face_release(struct map_face *face)
{
    release_lines(face);
    flow_map_release(&face->map);
}

static struct map_line *add_line(struct map_face *face, const struct flow_map_target *target)
{
    struct map_line *line = array_push(face->lines, face->line_count);
    line->target = target;
    return line;
}

static void add_note(struct map_face *face, const struct flow_map_target *target, const char *text)
{
    struct map_line *line = add_line(face, target);
    line->kind = LINE_NOTE;
    line->text = memory_copy_text(text);
}

static void add_target(struct map_face *face, const struct flow_map_target *target)
{
    AUTO_RELEASE(strings) struct strings notes = {0};
    add_line(face, target)->kind = LINE_TOP;
    strings_split(&notes, target->why, '\n');
    for (size_t i = 0; i < notes.count; i++)
        if (*notes.items[i] != '\0')
            add_note(face, target, notes.items[i]);
    for (size_t i = 0; i < target->row_count; i++) {
        struct map_line *line = add_line(face, target);
        line->kind = LINE_ROW;
        line->row = &target->rows[i];
    }
    if (target->left_out > 0) {
        AUTO_FREE char *text = memory_format("%zu more are left out", target->left_out);
        add_note(face, target, text);
    }
    add_line(face, target)->kind = LINE_BOTTOM;
}

void map_face_set(struct map_face *face, struct flow_map *map)
{
    map_face_release(face);
    face->map = *map;
    *map = (struct flow_map){0};
    for (size_t i = 0; i < face->map.target_count; i++)
        add_target(face, &face->map.targets[i]);
    list_set_count(&face->list, (int)face->line_count);
}

/* ---- drawing ---- */

/* Where the box of a target stands. */
struct places {
    int left, right; /* its walls */
};

static struct places places_of(struct rect area)
{
    int inner = area.columns - 3;
    int box = inner * 2 / 5;
    int side = (inner - box) / 2;
    return (struct places){side, side + box};
}

static void draw_wall(struct canvas *canvas, struct rect area, int row, const struct places *places)
{
    struct strip strip = canvas_strip(canvas, area, row);
    strip_skip_to(&strip, places->left);
    strip_glyph(&strip, ROLE_FRAME, GLYPH_VERTICAL);
    strip_skip_to(&strip, places->right);
    strip_glyph(&strip, ROLE_FRAME, GLYPH_VERTICAL);
}

static void draw_edge(const struct map_line *line, struct canvas *canvas, struct rect area, int row,
                      const struct places *places)
{
    bool is_top = line->kind == LINE_TOP;
    struct strip strip = canvas_strip(canvas, area, row);
    strip_skip_to(&strip, places->left);
    strip_glyph(&strip, ROLE_FRAME, is_top ? GLYPH_TOP_LEFT : GLYPH_BOTTOM_LEFT);
    strip_repeat(&strip, ROLE_FRAME, GLYPH_HORIZONTAL, places->right - places->left - 1);
    strip_glyph(&strip, ROLE_FRAME, is_top ? GLYPH_TOP_RIGHT : GLYPH_BOTTOM_RIGHT);
    if (!is_top)
        return;
    struct strip name = canvas_strip(canvas, area, row);
    name.limit =
        name.start + places->right - 1 < name.limit ? name.start + places->right - 1 : name.limit;
    strip_skip_to(&name, places->left + 2);
    strip_put(&name, ROLE_TEXT, " ");
    strip_put(&name, ROLE_STRONG, line->target->name);
    strip_put(&name, ROLE_TEXT, " ");
}

/* Between two targets, in use, or only possible. */
static enum glyph shaft_of(const struct flow_map_row *row)
{
    if (row->is_between)
        return GLYPH_DOUBLE;
    bool is_used = row->thing == FLOW_THING_INBOUND || row->thing == FLOW_THING_OUTBOUND ||
                   row->thing == FLOW_THING_MOUNT;
    return is_used ? GLYPH_HORIZONTAL : GLYPH_DOTTED;
}

static bool is_on_left(const struct flow_map_row *row)
{
    return row->way == FLOW_WAY_IN && row->thing != FLOW_THING_MOUNT;
}

static void draw_arrow(const struct flow_map_row *row, struct strip *strip)
{
    bool points_left = row->way == FLOW_WAY_BOTH || (row->way == FLOW_WAY_IN && !is_on_left(row));
    bool points_right = row->way != FLOW_WAY_IN || is_on_left(row);
    enum role role = row->is_between ? ROLE_STRONG : ROLE_DIM;
    strip_glyph(strip, role, points_left ? GLYPH_ARROW_LEFT : shaft_of(row));
    strip_glyph(strip, role, shaft_of(row));
    strip_glyph(strip, role, points_right ? GLYPH_ARROW : shaft_of(row));
}

static void draw_peer(const struct flow_map_row *row, struct strip *strip)
{
    enum role role = row->is_between ? ROLE_STRONG : ROLE_TEXT;
    if (row->count > 1) {
        AUTO_FREE char *text = memory_format("%s (%zu)", row->peer, row->count);
        strip_put(strip, role, text);
    } else
        strip_put(strip, role, row->peer);
}

static void draw_row(const struct flow_map_row *row, struct canvas *canvas, struct rect area,
                     int line, const struct places *places)
{
    struct strip here = canvas_strip(canvas, area, line);
    struct strip peer = here;
    here.limit = here.start + places->right < here.limit ? here.start + places->right : here.limit;
    strip_skip_to(&here, places->left + 2);
    strip_put(&here, row->is_open ? ROLE_TEXT : ROLE_MUTED, row->here);
    if (row->process[0] != '\0' && row->thing != FLOW_THING_OUTBOUND) {
        strip_skip(&here, 1);
        strip_put(&here, ROLE_DIM, row->process);
    }
    if (row->way == FLOW_WAY_NONE || row->peer[0] == '\0')
        return;
    if (is_on_left(row)) {
        struct strip arrow = peer;
        peer.limit = peer.start + places->left - ARROW_COLUMNS;
        strip_skip(&peer, 2);
        draw_peer(row, &peer);
        strip_skip_to(&arrow, places->left - ARROW_COLUMNS + 1);
        draw_arrow(row, &arrow);
    } else {
        strip_skip_to(&peer, places->right + 2);
        draw_arrow(row, &peer);
        strip_skip(&peer, 1);
        peer.limit -= 1; /* the scroll bar */
        draw_peer(row, &peer);
    }
}

static void draw_line(const struct map_face *face, struct canvas *canvas, struct rect area, int row)
{
    int index = face->list.top + row;
    struct places places = places_of(area);
    if (index >= face->list.count)
        return;
    const struct map_line *line = &face->lines[index];
    struct strip strip = canvas_strip(canvas, area, row);
    switch (line->kind) {
    case LINE_TOP:
    case LINE_BOTTOM:
        draw_edge(line, canvas, area, row, &places);
        return;
    case LINE_NOTE:
        strip.limit -= 1; /* the scroll bar */
        strip_skip(&strip, 2);
        strip_glyph(&strip, ROLE_WARNING, GLYPH_WARNING);
        strip_skip(&strip, 1);
        strip_put(&strip, ROLE_WARNING, line->text);
        return;
    case LINE_ROW:
        draw_wall(canvas, area, row, &places);
        draw_row(line->row, canvas, area, row, &places);
    }
}

void map_face_draw(struct map_face *face, struct canvas *canvas, struct rect area)
{
    face->area = area;
    list_show(&face->list, area.rows);
    for (int row = 0; row < area.rows; row++)
        draw_line(face, canvas, area, row);
    draw_selection(canvas, area, &face->list, true);
    draw_list_scrollbar(canvas, area, &face->list);
}

/* ---- in words ---- */

static const struct map_line *selected_line(const struct map_face *face)
{
    return face->list.selected < 0 ? NULL : &face->lines[face->list.selected];
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

/* Its parts, a row each. */
static void draw_details(struct canvas *canvas, struct rect area, int *row, const char *text)
{
    const char *label = "Details";
    while (*text != '\0') {
        const char *end = strstr(text, "; ");
        size_t length = end != NULL ? (size_t)(end - text) : strlen(text);
        AUTO_FREE char *part = memory_copy(text, length);
        draw_field(canvas, area, row, label, part);
        text += length + (end != NULL ? 2 : 0);
        label = "";
    }
}

static void draw_signs(struct canvas *canvas, struct rect area)
{
    static const struct {
        enum glyph shaft;
        const char *text;
    } signs[] = {{GLYPH_HORIZONTAL, "in use"},
                 {GLYPH_DOTTED, "possible, not seen in use"},
                 {GLYPH_DOUBLE, "to another target"}};
    int row = 0;
    draw_title(canvas, area, &(struct title){"Signs", NULL, false});
    struct rect rows = layout_below_title(area);
    for (size_t i = 0; i < LENGTH(signs) && row < rows.rows; i++) {
        struct strip strip = canvas_strip(canvas, rows, row++);
        strip_skip(&strip, 2);
        strip_repeat(&strip, ROLE_DIM, signs[i].shaft, 2);
        strip_glyph(&strip, ROLE_DIM, GLYPH_ARROW);
        strip_skip(&strip, 2);
        strip_put(&strip, ROLE_TEXT, signs[i].text);
    }
    if (row < rows.rows) {
        struct strip strip = canvas_strip(canvas, rows, row);
        strip_skip(&strip, 2);
        strip_glyph(&strip, ROLE_WARNING, GLYPH_WARNING);
        strip_skip(&strip, 4);
        strip_put(&strip, ROLE_TEXT, "what was not seen");
    }
}

static void draw_words(const struct flow_map_row *row, struct canvas *canvas, struct rect area)
{
    int line = 0;
    AUTO_FREE char *count = row->count > 1 ? memory_format("%zu times", row->count) : NULL;
    draw_field(canvas, area, &line, "Is", flow_thing_heading(row->thing));
    draw_field(canvas, area, &line, "Here", row->here);
    draw_field(canvas, area, &line, "Way",
               row->way != FLOW_WAY_NONE ? flow_way_text(row->way) : "");
    draw_field(canvas, area, &line, "Other", row->peer);
    draw_field(canvas, area, &line, "Process", row->process);
    draw_field(canvas, area, &line, "Count", count != NULL ? count : "");
    draw_details(canvas, area, &line, row->detail);
}

/* Of a box: how much of each there is, and when it was seen. */
static void draw_counts(const struct flow_map_target *target, struct canvas *canvas,
                        struct rect area)
{
    char when[CLOCK_TEXT_BYTES] = "never";
    int line = 0;
    if (target->seen_ms > 0)
        clock_format_minute(target->seen_ms, when);
    draw_field(canvas, area, &line, "Seen", when);
    for (int i = 0; i < FLOW_THING_COUNT; i++) {
        AUTO_FREE char *count = memory_format("%zu", target->by_thing[i]);
        if (target->by_thing[i] > 0)
            draw_field(canvas, area, &line, flow_thing_heading((enum flow_thing)i), count);
    }
}

void map_face_draw_selected(const struct map_face *face, struct canvas *canvas, struct rect area)
{
    const struct map_line *line = selected_line(face);
    struct panes panes = layout_panes(area, area.columns >= WIDE ? 65 : 56, 30);
    if (line == NULL)
        return;
    draw_title(canvas, panes.left, &(struct title){line->target->name, NULL, false});
    if (line->kind == LINE_ROW)
        draw_words(line->row, canvas, layout_below_title(panes.left));
    else
        draw_counts(line->target, canvas, layout_below_title(panes.left));
    if (panes.is_single)
        return;
    draw_signs(canvas, panes.right);
    draw_divider(canvas, area, panes.divider);
}

/* ---- acting ---- */

bool map_face_go_to_next(struct map_face *face, bool forward)
{
    int count = face->list.count;
    for (int step = 1; step <= count; step++) {
        int at = (face->list.selected + (forward ? step : count - step)) % count;
        if (face->lines[at].kind == LINE_ROW && face->lines[at].row->is_between) {
            list_select(&face->list, at);
            return true;
        }
    }
    return false;
}

char *map_face_summary(const struct map_face *face)
{
    size_t listening = 0, connected = 0, between = 0;
    for (size_t i = 0; i < face->line_count; i++) {
        const struct flow_map_row *row = face->lines[i].row;
        if (row == NULL)
            continue;
        listening += row->thing == FLOW_THING_LISTENER;
        connected += row->thing == FLOW_THING_INBOUND || row->thing == FLOW_THING_OUTBOUND;
        between += row->is_between;
    }
    return memory_format("%zu target%s, %zu listen, %zu connected, %zu between them",
                         face->map.target_count, face->map.target_count == 1 ? "" : "s", listening,
                         connected, between);
}
