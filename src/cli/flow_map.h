/* SPDX-License-Identifier: Apache-2.0 */
/* The map of data flows as text for 80 columns. */
#ifndef CLI_FLOW_MAP_H
#define CLI_FLOW_MAP_H

#include "flow/map.h"
#include "output.h"

void flow_map_print(const struct flow_map *map, struct output *output);

#endif
