/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/recorded.h"

#include <string.h>

static void add_line(const struct expected_flow_row *row, struct flow_line_list *lines)
{
    struct flow_line line = {
        .from = row->from, .to = row->to, .places = row->places, .ports = row->ports};
    if (flow_protocol_parse(row->protocol, &line.protocol) &&
        flow_expectation_parse(row->expected, &line.expectation))
        flow_line_add(lines, &line);
}

static void add_measure(const struct measured_flow_row *row, struct flow_measure_list *measures)
{
    enum flow_state state;
    if (!flow_state_parse(row->state, &state))
        return;
    *array_push(measures->items, measures->count) =
        (struct flow_measure){.from = memory_copy_text(row->from),
                              .to = memory_copy_text(row->to),
                              .is_udp = strcmp(row->protocol, "udp") == 0,
                              .family = row->family,
                              .port = row->port,
                              .address = memory_copy_text(row->address),
                              .state = state,
                              .tool = memory_copy_text(row->tool),
                              .proof = memory_copy_text(row->proof),
                              .detail = memory_copy_text(row->detail)};
}

bool review_flows(struct review *review, struct flow_line_list *ret_lines,
                  struct flow_measure_list *ret_measures, struct error *error)
{
    AUTO_RELEASE(expected_flow_row_list) struct expected_flow_row_list expected = {0};
    AUTO_RELEASE(measured_flow_row_list) struct measured_flow_row_list measured = {0};
    if (!review_query_expected_flows(review, NULL, &expected, error) ||
        !review_query_measured_flows(review, NULL, &measured, error))
        return false;
    for (size_t i = 0; i < expected.count; i++)
        add_line(&expected.items[i], ret_lines);
    for (size_t i = 0; i < measured.count; i++)
        add_measure(&measured.items[i], ret_measures);
    return true;
}
