/* SPDX-License-Identifier: Apache-2.0 */
#include "export/escape.h"
#include "markdown.h"
#include "wording.h"

static void put_flow(struct buffer *out, const struct flow_matrix *matrix, size_t index)
{
    const struct flow_cell *cell = &matrix->cells[index];
    AUTO_FREE char *to = flow_column_text(&matrix->columns[index % matrix->column_count]);
    AUTO_FREE char *reason = flow_cell_reason(cell);
    markdown_put(
        out, "| %s | %s | %s | %s | %s |\n", matrix->vantages.items[index / matrix->column_count],
        to, flow_expectation_text(cell->expectation), flow_verdict_meaning(cell->verdict), reason);
}

static void put_matrix(struct buffer *out, const struct flow_matrix *matrix)
{
    size_t count;
    AUTO_FREE size_t *order = flow_matrix_worst_first(matrix, &count);
    AUTO_FREE char *counts = wording_flows(matrix);
    if (count == 0)
        return;
    markdown_put(out, "\n%s\n\n%s\n", counts, wording_flows_meaning);
    buffer_append_text(out, "\n| From | To | Expected | Is | Measured |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++)
        put_flow(out, matrix, order[i]);
}

static void put_target(struct buffer *out, const struct flow_map_target *target)
{
    AUTO_FREE char *things = wording_things(target);
    markdown_put(out, "\n### Data flows of %s\n\n%s\n", target->name, things);
    markdown_note(out, "Not seen", target->why);
    if (target->row_count > 0)
        buffer_append_text(out, "\n| What | Here | Way | Other side | Details |\n"
                                "|---|---|---|---|---|\n");
    for (size_t i = 0; i < target->row_count; i++) {
        const struct flow_map_row *row = &target->rows[i];
        AUTO_FREE char *words = wording_map_row(row);
        markdown_put(out, "| %s | %s | %s | %s | %s |\n", flow_thing_heading(row->thing), row->here,
                     row->way != FLOW_WAY_NONE ? flow_way_text(row->way) : "", row->peer, words);
    }
}

void markdown_flows(struct buffer *out, const struct report *report)
{
    if (report->flows.column_count + report->map.target_count == 0)
        return;
    buffer_append_text(out, "\n## Flows\n");
    put_matrix(out, &report->flows);
    for (size_t i = 0; i < report->map.target_count; i++)
        put_target(out, &report->map.targets[i]);
}
