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

/* --- the map --- */

const char *flow_addresses_of(const struct flow_line_list *lines, const char *target)
{
    for (size_t i = 0; i < lines->count; i++)
        if (strcmp(lines->items[i].to, target) == 0 && !flow_word_ports(target))
            return lines->items[i].places;
    return "";
}

/* The sources of a map, and the texts that they borrow. */
struct gathered {
    struct flow_map_source *sources;
    struct buffer *texts;
    size_t count, text_count;
};

static void gathered_release(struct gathered *gathered)
{
    for (size_t i = 0; i < gathered->text_count; i++)
        buffer_release(&gathered->texts[i]);
    free(gathered->texts);
    free(gathered->sources);
}

static const char *why_less(const struct reach_row *row)
{
    if (strcmp(row->outcome, "done") == 0)
        return "";
    return *row->detail != '\0' ? row->detail : row->outcome;
}

static bool gather(struct review *review, const struct reach_row *row,
                   const struct flow_line_list *lines, struct gathered *gathered,
                   struct error *error)
{
    struct buffer *text = array_push(gathered->texts, gathered->text_count);
    struct error missing = {0};
    const char *why = why_less(row);
    if (row->out_bytes > 0 && !review_read_blob(review, &row->out_blob, text, &missing)) {
        if (missing.code != ERROR_NOT_FOUND)
            return error_set(error, missing.code, "%s", missing.message);
        why = "its answer is not in the review file";
    }
    for (size_t i = 0; i < text->length; i++)
        if (text->data[i] == '\0')
            text->data[i] = '?';
    *array_push(gathered->sources, gathered->count) =
        (struct flow_map_source){.target = row->target,
                                 .text = buffer_text(text),
                                 .why = why,
                                 .addresses = flow_addresses_of(lines, row->target),
                                 .seen_ms = row->started_ms};
    return true;
}

bool review_flow_map(struct review *review, const struct flow_line_list *lines,
                     struct flow_map *ret_map, struct error *error)
{
    AUTO_RELEASE(reach_row_list) struct reach_row_list rows = {0};
    AUTO_RELEASE(gathered) struct gathered gathered = {0};
    if (!review_query_reaches(review, NULL, &rows, error))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        if (flow_map_is_command(rows.items[i].command) &&
            !gather(review, &rows.items[i], lines, &gathered, error))
            return false;
    flow_map_join(gathered.sources, gathered.count, ret_map);
    return true;
}
