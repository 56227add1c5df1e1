/* SPDX-License-Identifier: Apache-2.0 */
#include "flow_map.h"

#include "base/clock.h"

enum { HEADING_COLUMNS = 13, HERE_COLUMNS = 32 };

/* "-->", and broken where it is possible but was not seen to be used. */
static const char *arrow(const struct flow_map_row *row)
{
    switch (row->way) {
    case FLOW_WAY_IN:
        return row->thing == FLOW_THING_LISTENER ? "< -" : "<--";
    case FLOW_WAY_OUT:
        return "-->";
    case FLOW_WAY_BOTH:
        return "<->";
    case FLOW_WAY_NONE:
        break;
    }
    return row->peer[0] != '\0' ? "-|-" : "   ";
}

static void print_row(const struct flow_map_row *row, const char *heading, struct output *output)
{
    bool has_process = row->process[0] != '\0' && row->thing != FLOW_THING_OUTBOUND;
    AUTO_FREE char *here =
        memory_format("%s%s%s", row->here, has_process ? " " : "", has_process ? row->process : "");
    output_add(output, "  %-*s", HEADING_COLUMNS, heading);
    output_safe(output, here, HERE_COLUMNS);
    output_styled(output, row->is_between ? STYLE_WARN : STYLE_PLAIN, arrow(row));
    output_add(output, " ");
    output_safe(output, row->peer, 0);
    if (row->count > 1)
        output_add(output, " (%zu)", row->count);
    output_add(output, "\n");
    output_lines(output, row->detail, 2 + HEADING_COLUMNS + 2);
}

static void print_target(const struct flow_map_target *target, struct output *output)
{
    char when[CLOCK_TEXT_BYTES];
    output_safe(output, target->name, 0);
    output_add(output, "%s%s\n", target->seen_ms > 0 ? ", seen " : "",
               target->seen_ms > 0 ? clock_format_utc(target->seen_ms, when) : "");
    if (*target->why)
        output_lines(output, target->why, 2);
    if (!target->is_seen)
        output_add(output, "  nothing was seen\n");
    for (size_t i = 0; i < target->row_count; i++) {
        const struct flow_map_row *row = &target->rows[i];
        bool is_first = i == 0 || target->rows[i - 1].thing != row->thing;
        print_row(row, is_first ? flow_thing_heading(row->thing) : "", output);
    }
    if (target->left_out > 0)
        output_add(output, "  %zu more are left out\n", target->left_out);
}

void flow_map_print(const struct flow_map *map, struct output *output)
{
    if (map->target_count == 0)
        output_add(output, "no target has shown yet what listens, is connected or mounted there\n");
    for (size_t i = 0; i < map->target_count; i++) {
        output_add(output, i > 0 ? "\n" : "");
        print_target(&map->targets[i], output);
    }
}
