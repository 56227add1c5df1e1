/* SPDX-License-Identifier: Apache-2.0 */
#include "report_json.h"

static json_t *write_flow(const struct flow_matrix *matrix, size_t index)
{
    const struct flow_cell *cell = &matrix->cells[index];
    const struct flow_column *column = &matrix->columns[index % matrix->column_count];
    const struct flow_measure *measure = cell->measure;
    json_t *object = json_object();
    report_json_set_text(object, "from", matrix->vantages.items[index / matrix->column_count]);
    report_json_set_text(object, "to", column->to);
    report_json_set_text(object, "protocol", column->is_udp ? "udp" : "tcp");
    report_json_set_integer(object, "family", column->family);
    report_json_set_integer(object, "port", column->port);
    report_json_set_text(object, "expected", flow_expectation_text(cell->expectation));
    report_json_set_text(object, "verdict", flow_verdict_text(cell->verdict));
    report_json_set(object, "state",
                    measure != NULL ? json_text(flow_state_text(measure->state)) : json_null());
    report_json_set_text(object, "address", measure != NULL ? measure->address : "");
    report_json_set_text(object, "tool", measure != NULL ? measure->tool : "");
    report_json_set_text(object, "proof", measure != NULL ? measure->proof : "");
    report_json_set_text(object, "detail", measure != NULL ? measure->detail : "");
    return object;
}

json_t *report_json_flows(const struct report *report)
{
    size_t count;
    AUTO_FREE size_t *order = flow_matrix_worst_first(&report->flows, &count);
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, write_flow(&report->flows, order[i]));
    return list;
}
