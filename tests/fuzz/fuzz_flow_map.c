/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what two targets show of themselves: every row has its texts, stands in its place,
 * and leads to another target only where both showed something. */
#include "flow/map.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check(const struct flow_map_target *target)
{
    size_t count = 0;
    require(target->row_count <= FLOW_MAP_ROWS_MAX);
    for (size_t i = 0; i < target->row_count; i++) {
        const struct flow_map_row *row = &target->rows[i];
        require(row->thing < FLOW_THING_COUNT && row->count > 0);
        require(row->here && row->peer && row->process && row->detail);
        require(i == 0 || target->rows[i - 1].thing <= row->thing);
    }
    for (size_t i = 0; i < FLOW_THING_COUNT; i++)
        count += target->by_thing[i];
    require(count == target->row_count);
    require(target->is_seen || target->row_count == 0 || strstr(target->why, "no end") != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_FREE char *first = memory_copy(bytes, length / 2);
    AUTO_FREE char *second = memory_copy(bytes + length / 2, length - length / 2);
    const struct flow_map_source sources[] = {
        {.target = "a", .text = first, .why = "", .addresses = "10.0.0.1"},
        {.target = "b", .text = second, .why = "", .addresses = ""}};
    AUTO_RELEASE(flow_map) struct flow_map map = {0};
    flow_map_join(sources, LENGTH(sources), &map);
    require(map.target_count == LENGTH(sources));
    for (size_t i = 0; i < map.target_count; i++)
        check(&map.targets[i]);
    return 0;
}
