/* SPDX-License-Identifier: Apache-2.0 */
/* Which flows are expected: out of a file, out of a review, and into it. */
#include "assess/flows.h"

#include "base/path.h"
#include "flow/recorded.h"
#include "state.h"

#include <string.h>

/* --- a file --- */

struct expanding {
    const struct inventory *inventory;
    const char *path;
    struct flow_line_list *lines;
};

static bool fail_at(const struct expanding *expanding, const struct inventory_flow *flow,
                    struct error *error)
{
    return error_prefix(error, "%s:%d:%d", expanding->path, flow->position.line,
                        flow->position.column);
}

/* Where others reach a target: what the file says, or the host that we log in to. */
static char *places_of_target(const struct inventory *inventory, const char *name,
                              struct error *error)
{
    AUTO_RELEASE(target_spec) struct target_spec spec = {0};
    const char *addresses = inventory_addresses(inventory, name);

    if (*addresses)
        return memory_copy_text(addresses);
    if (!target_spec_parse(inventory_target(inventory, name), &spec, error))
        return NULL;
    if (spec.host && !spec.hop_count &&
        (flow_address_family(spec.host) || flow_is_host_name(spec.host)))
        return memory_copy_text(spec.host);
    error_set(error, ERROR_INVALID,
              "it is not known where others reach '%s': give it 'addresses: [10.0.0.2]'", name);
    return NULL;
}

static bool add_pair(const struct expanding *expanding, const struct inventory_flow *flow,
                     const char *from, const char *to, struct error *error)
{
    bool is_target = inventory_target(expanding->inventory, to) != NULL;
    AUTO_FREE char *places =
        is_target ? places_of_target(expanding->inventory, to, error) : memory_copy_text(to);
    AUTO_FREE char *source = memory_copy_text(from);
    AUTO_FREE char *destination = memory_copy_text(to);
    const struct flow_line line = {.from = source,
                                   .to = destination,
                                   .places = places,
                                   .ports = flow->rule.ports,
                                   .protocol = flow->rule.protocol,
                                   .expectation = flow->rule.is_allowed ? FLOW_EXPECT_ALLOW
                                                                        : FLOW_EXPECT_DENY};

    if (!places)
        return fail_at(expanding, flow, error);
    if (expanding->lines->count >= FLOW_LINES_MAX) {
        error_set(error, ERROR_INVALID,
                  "the flows are more than %d pairs of a vantage and a destination",
                  FLOW_LINES_MAX);
        return fail_at(expanding, flow, error);
    }
    flow_line_add(expanding->lines, &line);
    return true;
}

/* A group's members among themselves, but none to itself unless the rule names it so. */
static bool add_flow(const struct expanding *expanding, const struct inventory_flow *flow,
                     struct error *error)
{
    AUTO_RELEASE(strings) struct strings sources = {0};
    AUTO_RELEASE(strings) struct strings destinations = {0};
    const char *to = flow->rule.to;
    bool is_named = strcmp(flow->rule.from, to) == 0;

    inventory_members(expanding->inventory, flow->rule.from, &sources);
    inventory_members(expanding->inventory, to, &destinations);
    if (!destinations.count && (flow_word_ports(to) || flow_address_family(to) || strchr(to, '.')))
        strings_push(&destinations, to);
    for (size_t s = 0; s < sources.count; s++)
        for (size_t d = 0; d < destinations.count; d++) {
            bool is_self = strcmp(sources.items[s], destinations.items[d]) == 0;
            if ((!is_self || (is_named && sources.count == 1)) &&
                !add_pair(expanding, flow, sources.items[s], destinations.items[d], error))
                return false;
        }
    return true;
}

bool flows_of_inventory(const struct inventory *inventory, const char *path,
                        struct flow_line_list *ret_lines, struct error *error)
{
    const struct expanding expanding = {inventory, path, ret_lines};

    for (size_t i = 0; i < inventory->flow_count; i++)
        if (!add_flow(&expanding, &inventory->flows[i], error))
            return false;
    for (size_t i = 0; i < inventory->names.count && ret_lines->count < FLOW_LINES_MAX; i++)
        flow_line_add_defaults(ret_lines, inventory->names.items[i]);
    return true;
}

/* --- a review --- */

bool flows_of_session(struct session *session, struct flow_line_list *ret_lines,
                      struct flow_measure_list *ret_measures, struct error *error)
{
    if (!review_flows(session->review, ret_lines, ret_measures, error))
        return false;
    bool is_declared = ret_lines->count > 0;
    for (size_t i = 0; !is_declared && i < session->target_count; i++)
        flow_line_add_defaults(ret_lines, session->targets[i].name);
    return true;
}

static void map_of_survey(const struct flow_survey *survey, const struct flow_line_list *lines,
                          struct flow_map *ret_map)
{
    struct flow_map_source *sources = memory_new(survey->view_count, sizeof(*sources));

    for (size_t i = 0; i < survey->view_count; i++)
        sources[i] =
            (struct flow_map_source){.target = survey->views[i].target,
                                     .text = survey->views[i].text,
                                     .why = survey->views[i].why,
                                     .addresses = flow_addresses_of(lines, survey->views[i].target),
                                     .seen_ms = survey->views[i].seen_ms};
    flow_map_join(sources, survey->view_count, ret_map);
    free(sources);
}

bool flows_map(struct session *session, const struct flow_survey *survey,
               const struct flow_line_list *lines, struct flow_map *ret_map, struct error *error)
{
    if (session)
        return review_flow_map(session->review, lines, ret_map, error);
    map_of_survey(survey, lines, ret_map);
    return true;
}

json_t *flows_body(const struct flow_line_list *lines, const char *file)
{
    json_t *list = json_array();

    for (size_t i = 0; i < lines->count; i++) {
        const struct flow_line *line = &lines->items[i];
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o, s:o, s:s, s:s}", "from", json_text(line->from), "to",
                            json_text(line->to), "places", json_text(line->places), "ports",
                            json_text(line->ports), "protocol", flow_protocol_text(line->protocol),
                            "expected", flow_expectation_text(line->expectation)));
    }
    return json_pack("{s:o, s:o}", "file", json_text(file ? path_base(file) : ""), "lines", list);
}

bool session_expect_flows(struct session *session, const struct flow_line_list *lines,
                          const char *file, struct error *error)
{
    AUTO_RELEASE(flow_line_list) struct flow_line_list before = {0};
    AUTO_RELEASE(flow_measure_list) struct flow_measure_list measures = {0};
    AUTO_JSON json_t *body = flows_body(lines, file);
    AUTO_JSON json_t *old = NULL;

    if (!review_flows(session->review, &before, &measures, error))
        return false;
    old = flows_body(&before, file);
    return json_equal(body, old) || session_append(session, ENTRY_FLOWS, json_incref(body), error);
}
