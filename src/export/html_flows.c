/* SPDX-License-Identifier: Apache-2.0 */
/* Flows: a drawing of who reaches whom, and every flow in words. */
#include "export/escape.h"
#include "html.h"
#include "wording.h"

enum {
    BOX_WIDTH = 250,
    BOX_HEIGHT = 26,
    BOX_STEP = 36,
    MAP_WIDTH = 860,
    NAME_MAX_COLUMNS = 30,
    EDGES_MAX = 400 /* more lines than that nobody can tell apart */
};

/* The class that the style knows. */
static const char *verdict_class(enum flow_verdict verdict)
{
    switch (verdict) {
    case FLOW_VERDICT_OPEN:
    case FLOW_VERDICT_CLOSED:
        return "pass";
    case FLOW_VERDICT_OPEN_BAD:
    case FLOW_VERDICT_CLOSED_BAD:
        return "fail";
    case FLOW_VERDICT_BLOCKED:
    case FLOW_VERDICT_UNMEASURED:
        return "blocked";
    case FLOW_VERDICT_NONE:
    case FLOW_VERDICT_OTHER_CLOSED:
    case FLOW_VERDICT_OTHER_OPEN:
    case FLOW_VERDICT_COUNT:
        break;
    }
    return "open";
}

/* Lines lead to what is open; and, broken, to what should be and is not. */
static bool is_drawn(enum flow_verdict verdict)
{
    return verdict == FLOW_VERDICT_OPEN || verdict == FLOW_VERDICT_OPEN_BAD ||
           verdict == FLOW_VERDICT_OTHER_OPEN || verdict == FLOW_VERDICT_CLOSED_BAD;
}

/* ---- the drawing ---- */

static bool has_edge(const struct flow_matrix *matrix, size_t column)
{
    for (size_t v = 0; v < matrix->vantages.count; v++)
        if (is_drawn(flow_matrix_cell(matrix, v, column)->verdict))
            return true;
    return false;
}

static void put_box(struct buffer *out, size_t x, size_t row, const char *text)
{
    size_t y = row * BOX_STEP + 4;
    buffer_append_text(out, "<g>");
    html_svg_title(out, text);
    html_put(out, "<rect x=\"%zu\" y=\"%zu\" width=\"%d\" height=\"%d\" rx=\"4\"></rect>", x, y,
             BOX_WIDTH, BOX_HEIGHT);
    html_svg_text(out, x + 10, y + 18, text, NAME_MAX_COLUMNS);
    buffer_append_text(out, "</g>\n");
}

static void put_edge(struct buffer *out, const struct flow_matrix *matrix, size_t vantage,
                     size_t column, size_t row)
{
    enum flow_verdict verdict = flow_matrix_cell(matrix, vantage, column)->verdict;
    AUTO_FREE char *to = flow_column_text(&matrix->columns[column]);
    AUTO_FREE char *title = memory_format("%s to %s: %s", matrix->vantages.items[vantage], to,
                                          flow_verdict_meaning(verdict));
    size_t x1 = BOX_WIDTH + 2, x2 = MAP_WIDTH - BOX_WIDTH - 8;
    size_t y1 = vantage * BOX_STEP + 4 + BOX_HEIGHT / 2, y2 = row * BOX_STEP + 4 + BOX_HEIGHT / 2;
    const char glyph[] = {flow_verdict_glyph(verdict), '\0'};
    html_put(out, "<g class=\"%s\">", verdict_class(verdict));
    html_svg_title(out, title);
    html_put(out, "<line x1=\"%zu\" y1=\"%zu\" x2=\"%zu\" y2=\"%zu\"></line>", x1, y1, x2, y2);
    /* Near its end, where the lines that begin in one box have parted. */
    html_svg_text(out, (x1 + 3 * x2) / 4, (y1 + 3 * y2) / 4 - 3, glyph, 1);
    buffer_append_text(out, "</g>\n");
}

static void put_edges(struct buffer *out, const struct flow_matrix *matrix)
{
    size_t row = 0;
    for (size_t c = 0; c < matrix->column_count; c++) {
        for (size_t v = 0; v < matrix->vantages.count; v++)
            if (is_drawn(flow_matrix_cell(matrix, v, c)->verdict))
                put_edge(out, matrix, v, c, row);
        row += has_edge(matrix, c);
    }
}

static void put_map(struct buffer *out, const struct flow_matrix *matrix)
{
    size_t rows = 0, edges = 0;
    for (size_t c = 0; c < matrix->column_count; c++) {
        rows += has_edge(matrix, c);
        for (size_t v = 0; v < matrix->vantages.count; v++)
            edges += is_drawn(flow_matrix_cell(matrix, v, c)->verdict);
    }
    if (rows == 0 || edges > EDGES_MAX) {
        buffer_append_text(out, rows == 0
                                    ? "<p>No flow is open.</p>\n"
                                    : "<p>There are too many open flows for a drawing.</p>\n");
        return;
    }
    size_t height = (rows > matrix->vantages.count ? rows : matrix->vantages.count) * BOX_STEP + 8;
    html_put(out,
             "<svg class=\"map\" role=\"img\" viewBox=\"0 0 %d %zu\">\n<title>Open flows, from the "
             "left to the right</title>\n",
             MAP_WIDTH, height);
    put_edges(out, matrix);
    for (size_t v = 0; v < matrix->vantages.count; v++)
        put_box(out, 2, v, matrix->vantages.items[v]);
    for (size_t c = 0, row = 0; c < matrix->column_count; c++) {
        AUTO_FREE char *to = flow_column_text(&matrix->columns[c]);
        if (has_edge(matrix, c))
            put_box(out, MAP_WIDTH - BOX_WIDTH - 4, row++, to);
    }
    buffer_append_text(out, "</svg>\n");
}

/* ---- in words ---- */

static void put_flow(struct buffer *out, const struct flow_matrix *matrix, size_t index)
{
    const struct flow_cell *cell = &matrix->cells[index];
    AUTO_FREE char *to = flow_column_text(&matrix->columns[index % matrix->column_count]);
    AUTO_FREE char *reason = flow_cell_reason(cell);
    const char glyph[] = {flow_verdict_glyph(cell->verdict), '\0'};
    html_put(out,
             "<tr><th scope=\"row\"><bdi>%s</bdi></th><td><bdi>%s</bdi></td><td>%s</td>"
             "<td class=\"%s\"><span class=\"mark\">%s %s</span></td><td>%s</td></tr>\n",
             matrix->vantages.items[index / matrix->column_count], to,
             flow_expectation_text(cell->expectation), verdict_class(cell->verdict), glyph,
             flow_verdict_meaning(cell->verdict), reason);
}

static void put_table(struct buffer *out, const struct flow_matrix *matrix)
{
    buffer_append_text(out, "<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">From</th>"
                            "<th scope=\"col\">To</th><th scope=\"col\">Expected</th>"
                            "<th scope=\"col\">Is</th><th scope=\"col\">Measured</th></tr></thead>"
                            "\n<tbody>\n");
    size_t count;
    AUTO_FREE size_t *order = flow_matrix_worst_first(matrix, &count);
    for (size_t i = 0; i < count; i++)
        put_flow(out, matrix, order[i]);
    buffer_append_text(out, "</tbody></table></div>\n");
}

void html_flows(struct buffer *out, const struct report *report)
{
    const struct flow_matrix *matrix = &report->flows;
    AUTO_FREE char *counts = wording_flows(matrix);
    if (matrix->column_count + report->map.target_count == 0)
        return;
    buffer_append_text(out, "<section id=\"flows\">\n<h2>Flows</h2>\n");
    if (matrix->column_count > 0) {
        html_put(out, "<p>%s</p>\n<p class=\"soft\">%s</p>\n", counts, wording_flows_meaning);
        put_map(out, matrix);
        put_table(out, matrix);
    }
    html_map(out, report);
    buffer_append_text(out, "</section>\n");
}
