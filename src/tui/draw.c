/* SPDX-License-Identifier: Apache-2.0 */
#include "draw.h"

#include "base/path.h"

enum { TITLE_COLUMNS_MIN = 16 }; /* for the left part and what is around both */

void draw_title(struct canvas *canvas, struct rect area, const struct title *title)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    enum role role = title->has_focus ? ROLE_TITLE_FOCUS : ROLE_TITLE;
    int width = title->right != NULL ? canvas_text_width(canvas, title->right) : 0;
    if (width > 0 && width + TITLE_COLUMNS_MIN <= strip_left(&strip)) {
        struct strip right = strip;
        right.next = right.limit - width - 3;
        strip.limit = right.next;
        strip_skip(&right, 1);
        strip_put(&right, ROLE_DIM, title->right);
        strip_skip(&right, 1);
        strip_glyph(&right, ROLE_FRAME, GLYPH_HORIZONTAL);
    }
    strip_glyph(&strip, ROLE_FRAME, GLYPH_HORIZONTAL);
    if (title->left != NULL) {
        struct strip text = strip; /* a title that is cut leaves a bit of the rule behind it */
        text.limit -= 2;
        strip_skip(&text, 1);
        strip_put(&text, role, title->left);
        strip.next = text.next;
        strip_skip(&strip, 1);
    }
    strip_repeat(&strip, ROLE_FRAME, GLYPH_HORIZONTAL, strip_left(&strip));
}

void draw_divider(struct canvas *canvas, struct rect area, int column)
{
    struct rect line = {area.row, column, area.rows, 1};
    for (int i = 0; i < area.rows; i++) {
        struct strip strip = canvas_strip(canvas, line, i);
        strip_glyph(&strip, ROLE_FRAME, i == 0 ? GLYPH_TEE_DOWN : GLYPH_VERTICAL);
    }
}

static void draw_edge(struct canvas *canvas, struct rect area, enum glyph left, enum glyph right)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    strip_glyph(&strip, ROLE_DIM, left);
    strip_repeat(&strip, ROLE_DIM, GLYPH_HORIZONTAL, strip_left(&strip) - 1);
    strip_glyph(&strip, ROLE_DIM, right);
}

struct rect draw_box(struct canvas *canvas, struct rect area, const char *title)
{
    struct rect edge = {area.row, area.column, 1, area.columns};
    canvas_fill(canvas, area, ROLE_TEXT);
    draw_edge(canvas, edge, GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT);
    struct rect label = {area.row, area.column + 2, 1, area.columns - 4};
    struct strip strip = canvas_strip(canvas, label, 0);
    strip_skip(&strip, 1);
    strip_put(&strip, ROLE_TITLE_FOCUS, title);
    canvas_fill(canvas, (struct rect){area.row, area.column + 2, 1, 1}, ROLE_TEXT);
    canvas_fill(canvas, (struct rect){area.row, strip.next, 1, 1}, ROLE_TEXT);
    for (int i = 1; i < area.rows - 1; i++) {
        struct strip side = canvas_strip(canvas, area, i);
        strip_glyph(&side, ROLE_DIM, GLYPH_VERTICAL);
        strip_skip_to(&side, area.columns - 1);
        strip_glyph(&side, ROLE_DIM, GLYPH_VERTICAL);
    }
    edge.row = area.row + area.rows - 1;
    draw_edge(canvas, edge, GLYPH_BOTTOM_LEFT, GLYPH_BOTTOM_RIGHT);
    return (struct rect){area.row + 1, area.column + 2, area.rows - 2, area.columns - 4};
}

void draw_selection(struct canvas *canvas, struct rect area, const struct list *list,
                    bool has_focus)
{
    int row = list->selected - list->top;
    if (list->selected < 0 || row < 0 || row >= area.rows)
        return;
    struct rect line = {area.row + row, area.column, 1, area.columns};
    canvas_set_layer(canvas, line, has_focus ? LAYER_SELECTED : LAYER_REMEMBERED);
    line.columns = 1;
    struct strip strip = canvas_strip(canvas, line, 0);
    strip_glyph(&strip, has_focus ? ROLE_TITLE_FOCUS : ROLE_DIM, GLYPH_POINTER);
    canvas_set_layer(canvas, line, has_focus ? LAYER_SELECTED : LAYER_REMEMBERED);
}

void draw_list_scrollbar(struct canvas *canvas, struct rect area, const struct list *list)
{
    if (list->count <= area.rows || area.rows < 2)
        return;
    int size = area.rows * area.rows / list->count;
    size = size < 1 ? 1 : size;
    int start = list->top * (area.rows - size) / (list->count - area.rows);
    struct rect bar = {area.row, area.column + area.columns - 1, area.rows, 1};
    for (int i = start; i < start + size; i++) {
        struct strip strip = canvas_strip(canvas, bar, i);
        strip_glyph(&strip, ROLE_DIM, GLYPH_THUMB);
    }
}

/* Each part gets its share, rounded so that none that exists vanishes. */
static int share(size_t part, size_t total, int columns)
{
    if (part == 0 || total == 0)
        return 0;
    int cells = (int)((double)part / (double)total * columns + 0.5);
    return cells < 1 ? 1 : cells;
}

void draw_bar(struct strip *strip, const struct item_counts *counts, int columns)
{
    int end = strip->next + columns;
    if (end > strip->limit)
        end = strip->limit;
    size_t done = counts->total - counts->open - counts->disputed;
    int all = done == counts->total ? columns : share(done, counts->total, columns);
    if (all == columns && done < counts->total)
        all = columns - 1;
    int fails = share(counts->fail, counts->total, columns);
    int others = share(counts->not_applicable, counts->total, columns);
    int passes = all - fails - others;
    strip_repeat(strip, ROLE_PASS, GLYPH_BAR_DONE, passes);
    strip_repeat(strip, ROLE_FAIL, GLYPH_BAR_DONE, all < fails ? all : fails);
    strip_repeat(strip, ROLE_MUTED, GLYPH_BAR_DONE, end - strip->next < others ? 0 : others);
    strip_repeat(strip, ROLE_FRAME, GLYPH_BAR_LEFT, end - strip->next);
}

void draw_number(struct strip *strip, enum role role, size_t number, int columns)
{
    if (number > 0) {
        strip_format(strip, role, "%*zu", columns, number);
    } else {
        strip_skip(strip, columns - 1);
        strip_glyph(strip, ROLE_FRAME, GLYPH_SEPARATOR);
    }
}

enum glyph preflight_glyph(enum preflight_level level)
{
    return level == PREFLIGHT_OK        ? GLYPH_PASS
           : level == PREFLIGHT_WARNING ? GLYPH_WARNING
                                        : GLYPH_FAIL;
}

enum role preflight_role(enum preflight_level level)
{
    return level == PREFLIGHT_OK        ? ROLE_PASS
           : level == PREFLIGHT_WARNING ? ROLE_WARNING
                                        : ROLE_FAIL;
}

enum glyph verdict_glyph(enum verdict verdict)
{
    static const enum glyph glyphs[] = {[VERDICT_OPEN] = GLYPH_OPEN,
                                        [VERDICT_PASS] = GLYPH_PASS,
                                        [VERDICT_FAIL] = GLYPH_FAIL,
                                        [VERDICT_NOT_APPLICABLE] = GLYPH_NOT_APPLICABLE,
                                        [VERDICT_DISPUTED] = GLYPH_DISPUTED};
    return glyphs[verdict];
}

enum role verdict_role(enum verdict verdict)
{
    static const enum role roles[] = {[VERDICT_OPEN] = ROLE_DIM,
                                      [VERDICT_PASS] = ROLE_PASS,
                                      [VERDICT_FAIL] = ROLE_FAIL,
                                      [VERDICT_NOT_APPLICABLE] = ROLE_MUTED,
                                      [VERDICT_DISPUTED] = ROLE_WARNING};
    return roles[verdict];
}

enum role suggestion_role(enum suggestion suggestion)
{
    static const enum role roles[] = {
        [SUGGESTION_NONE] = ROLE_DIM,        [SUGGESTION_PASS] = ROLE_PASS,
        [SUGGESTION_FAIL] = ROLE_FAIL,       [SUGGESTION_NOT_APPLICABLE] = ROLE_MUTED,
        [SUGGESTION_BLOCKED] = ROLE_WARNING, [SUGGESTION_UNDECIDED] = ROLE_LABEL};
    return roles[suggestion];
}

const char *suggestion_label(enum suggestion suggestion)
{
    static const char *const labels[] = {
        [SUGGESTION_NONE] = "",         [SUGGESTION_PASS] = "pass",
        [SUGGESTION_FAIL] = "fail",     [SUGGESTION_NOT_APPLICABLE] = "n/a",
        [SUGGESTION_BLOCKED] = "block", [SUGGESTION_UNDECIDED] = "look"};
    return labels[suggestion];
}

enum role severity_role(enum severity severity)
{
    static const enum role roles[] = {[SEVERITY_INFO] = ROLE_LOW,
                                      [SEVERITY_LOW] = ROLE_LOW,
                                      [SEVERITY_MEDIUM] = ROLE_MEDIUM,
                                      [SEVERITY_HIGH] = ROLE_HIGH,
                                      [SEVERITY_CRITICAL] = ROLE_CRITICAL};
    return roles[severity];
}

const char *severity_label(enum severity severity)
{
    static const char *const labels[] = {[SEVERITY_INFO] = "INFO",
                                         [SEVERITY_LOW] = "LOW",
                                         [SEVERITY_MEDIUM] = "MED",
                                         [SEVERITY_HIGH] = "HIGH",
                                         [SEVERITY_CRITICAL] = "CRIT"};
    return labels[severity];
}

char *path_text(const char *path)
{
    AUTO_FREE char *home = path_home();
    size_t length = strlen(home);
    bool is_below = length > 1 && strncmp(path, home, length) == 0 &&
                    (path[length] == '/' || path[length] == '\0');
    return is_below ? memory_format("~%s", path + length) : memory_copy_text(path);
}

char *size_text(int64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB"};
    double size = (double)bytes;
    size_t unit = 0;
    while (size >= 1024 && unit + 1 < LENGTH(units)) {
        size /= 1024;
        unit++;
    }
    return unit == 0 ? memory_format("%d B", (int)bytes)
                     : memory_format("%.1f %s", size, units[unit]);
}
