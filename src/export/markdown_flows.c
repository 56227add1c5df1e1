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

void markdown_flows(struct buffer *out, const struct report *report)
{
    const struct flow_matrix *matrix = &report->flows;
    size_t count;
    AUTO_FREE size_t *order = flow_matrix_worst_first(matrix, &count);
    AUTO_FREE char *counts = wording_flows(matrix);
    if (count == 0)
        return;
    markdown_put(out, "\n## Flows\n\n%s\n\n%s\n", counts, wording_flows_meaning);
    buffer_append_text(out, "\n| From | To | Expected | Is | Measured |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < count; i++)
        put_flow(out, matrix, order[i]);
}
