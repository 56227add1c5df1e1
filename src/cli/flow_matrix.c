/* SPDX-License-Identifier: Apache-2.0 */
#include "flow_matrix.h"

enum { NAME_COLUMNS = 16, BLOCK_COLUMNS = 20, KEY_COLUMNS = 39 };

static enum style style_of(enum flow_verdict verdict)
{
    switch (verdict) {
    case FLOW_VERDICT_OPEN:
    case FLOW_VERDICT_CLOSED:
        return STYLE_GOOD;
    case FLOW_VERDICT_OPEN_BAD:
    case FLOW_VERDICT_CLOSED_BAD:
        return STYLE_BAD;
    case FLOW_VERDICT_BLOCKED:
    case FLOW_VERDICT_UNMEASURED:
    case FLOW_VERDICT_OTHER_OPEN:
        return STYLE_WARN;
    case FLOW_VERDICT_NONE:
    case FLOW_VERDICT_OTHER_CLOSED:
    case FLOW_VERDICT_COUNT:
        break;
    }
    return STYLE_PLAIN;
}

/* --- the grid --- */

static void print_numbers(struct output *output, size_t first, size_t end)
{
    output_safe(output, "from", NAME_COLUMNS);
    for (size_t c = first; c < end; c++)
        output_add(output, "%3zu", c + 1);
    output_add(output, "\n");
}

static void print_row(const struct flow_matrix *matrix, struct output *output, size_t vantage,
                      size_t first, size_t end)
{
    output_safe(output, matrix->vantages.items[vantage], NAME_COLUMNS);
    for (size_t c = first; c < end; c++) {
        enum flow_verdict verdict = flow_matrix_cell(matrix, vantage, c)->verdict;
        const char glyph[] = {flow_verdict_glyph(verdict), '\0'};
        output_add(output, "  ");
        output_styled(output, style_of(verdict), glyph);
    }
    output_add(output, "\n");
}

/* Two columns of keys: "  1  db:5432/tcp4". */
static void print_keys(const struct flow_matrix *matrix, struct output *output, size_t first,
                       size_t end)
{
    for (size_t c = first; c < end; c++) {
        AUTO_FREE char *name = flow_column_text(&matrix->columns[c]);
        bool is_left = (c - first) % 2 == 0, is_last = c + 1 == end;
        output_add(output, "%3zu  ", c + 1);
        output_safe(output, name, is_left && !is_last ? KEY_COLUMNS - 5 : 0);
        output_add(output, is_left && !is_last ? "" : "\n");
    }
    output_add(output, "\n");
}

static void print_grid(const struct flow_matrix *matrix, struct output *output)
{
    for (size_t first = 0; first < matrix->column_count; first += BLOCK_COLUMNS) {
        size_t end = first + BLOCK_COLUMNS;
        end = end < matrix->column_count ? end : matrix->column_count;
        print_numbers(output, first, end);
        for (size_t v = 0; v < matrix->vantages.count; v++)
            print_row(matrix, output, v, first, end);
        output_add(output, "\n");
        print_keys(matrix, output, first, end);
    }
}

/* --- in words --- */

/* From bad to good: what has to be read stands first. */
static void print_cells(const struct flow_matrix *matrix, struct output *output,
                        enum flow_verdict verdict)
{
    size_t cells = matrix->vantages.count * matrix->column_count;
    for (size_t i = 0; i < cells; i++) {
        const struct flow_cell *cell = &matrix->cells[i];
        if (cell->verdict != verdict)
            continue;
        AUTO_FREE char *to = flow_column_text(&matrix->columns[i % matrix->column_count]);
        AUTO_FREE char *reason = flow_cell_reason(cell);
        output_styled(output, style_of(verdict), flow_verdict_meaning(verdict));
        output_add(output, ": ");
        output_safe(output, matrix->vantages.items[i / matrix->column_count], 0);
        output_add(output, " -> ");
        output_safe(output, to, 0);
        output_add(output, "\n");
        if (*reason)
            output_lines(output, reason, 4);
    }
}

static void print_legend(const struct flow_matrix *matrix, struct output *output)
{
    for (int v = FLOW_VERDICT_NONE + 1; v < FLOW_VERDICT_COUNT; v++) {
        if (!matrix->counts[v])
            continue;
        const char glyph[] = {flow_verdict_glyph((enum flow_verdict)v), '\0'};
        output_styled(output, style_of((enum flow_verdict)v), glyph);
        output_add(output, "  %4zu  %s\n", matrix->counts[v],
                   flow_verdict_meaning((enum flow_verdict)v));
    }
}

void flow_matrix_print(const struct flow_matrix *matrix, struct output *output)
{
    if (!matrix->column_count) {
        output_add(output, "no flow is expected, and none was measured\n");
        return;
    }
    print_grid(matrix, output);
    print_cells(matrix, output, FLOW_VERDICT_OPEN_BAD);
    print_cells(matrix, output, FLOW_VERDICT_CLOSED_BAD);
    print_cells(matrix, output, FLOW_VERDICT_BLOCKED);
    print_cells(matrix, output, FLOW_VERDICT_OTHER_OPEN);
    print_legend(matrix, output);
}

/* --- JSON --- */

static json_t *cell_json(const struct flow_matrix *matrix, size_t index)
{
    const struct flow_cell *cell = &matrix->cells[index];
    const struct flow_column *column = &matrix->columns[index % matrix->column_count];
    const struct flow_measure *measure = cell->measure;
    json_t *json = json_pack("{s:o, s:o, s:i, s:s, s:i, s:s, s:s}", "from",
                             json_text(matrix->vantages.items[index / matrix->column_count]), "to",
                             json_text(column->to), "port", column->port, "protocol",
                             column->is_udp ? "udp" : "tcp", "family", column->family, "expected",
                             flow_expectation_text(cell->expectation), "verdict",
                             flow_verdict_text(cell->verdict));

    json_object_set_new(json, "state",
                        measure ? json_string(flow_state_text(measure->state)) : json_null());
    json_object_set_new(json, "address", json_text(measure ? measure->address : ""));
    json_object_set_new(json, "tool", json_text(measure ? measure->tool : ""));
    json_object_set_new(json, "proof", json_text(measure ? measure->proof : ""));
    json_object_set_new(json, "detail", json_text(measure ? measure->detail : ""));
    return json;
}

json_t *flow_failures_json(const struct strings *failures)
{
    json_t *list = json_array();

    for (size_t i = 0; i < failures->count; i++)
        json_array_append_new(list, json_text(failures->items[i]));
    return list;
}

json_t *flow_matrix_json(const struct flow_matrix *matrix, const struct strings *failures)
{
    json_t *flows = json_array(), *counts = json_object();

    for (size_t i = 0; i < matrix->vantages.count * matrix->column_count; i++)
        if (matrix->cells[i].verdict != FLOW_VERDICT_NONE)
            json_array_append_new(flows, cell_json(matrix, i));
    for (int v = FLOW_VERDICT_NONE + 1; v < FLOW_VERDICT_COUNT; v++)
        json_object_set_new(counts, flow_verdict_text((enum flow_verdict)v),
                            json_integer((json_int_t)matrix->counts[v]));
    return json_pack("{s:o, s:o, s:o}", "flows", flows, "counts", counts, "failures",
                     flow_failures_json(failures));
}

int flow_matrix_status(const struct flow_matrix *matrix)
{
    if (matrix->counts[FLOW_VERDICT_OPEN_BAD] || matrix->counts[FLOW_VERDICT_CLOSED_BAD])
        return EXIT_GATE;
    for (size_t i = 0; i < matrix->vantages.count * matrix->column_count; i++) {
        const struct flow_cell *cell = &matrix->cells[i];
        if (cell->expectation != FLOW_EXPECT_UNDECLARED &&
            (cell->verdict == FLOW_VERDICT_BLOCKED || cell->verdict == FLOW_VERDICT_UNMEASURED))
            return EXIT_CANNOT;
    }
    return EXIT_DONE;
}
