/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/map_json.h"
#include "base/clock.h"

static json_t *row_json(const struct flow_map_row *row)
{
    return json_pack("{s:s, s:o, s:s, s:o, s:o, s:b, s:b, s:I, s:o}", "thing",
                     flow_thing_text(row->thing), "here", json_text(row->here), "way",
                     flow_way_text(row->way), "peer", json_text(row->peer), "process",
                     json_text(row->process), "open", row->is_open, "between", row->is_between,
                     "count", (json_int_t)row->count, "detail", json_text(row->detail));
}

json_t *flow_map_json(const struct flow_map *map)
{
    json_t *targets = json_array();
    for (size_t i = 0; i < map->target_count; i++) {
        const struct flow_map_target *target = &map->targets[i];
        char when[CLOCK_TEXT_BYTES];
        json_t *rows = json_array();
        for (size_t j = 0; j < target->row_count; j++)
            json_array_append_new(rows, row_json(&target->rows[j]));
        json_array_append_new(targets,
                              json_pack("{s:o, s:b, s:o, s:o, s:o, s:I}", "target",
                                        json_text(target->name), "seen", target->is_seen, "time",
                                        target->seen_ms > 0
                                            ? json_text(clock_format_utc(target->seen_ms, when))
                                            : json_null(),
                                        "not_seen", json_text(target->why), "rows", rows,
                                        "left_out", (json_int_t)target->left_out));
    }
    return targets;
}
