/* SPDX-License-Identifier: Apache-2.0 */
/* The map of data flows as JSON: docs/export-json.md describes the shape. */
#ifndef FLOW_MAP_JSON_H
#define FLOW_MAP_JSON_H

#include "base/json.h"
#include "flow/map.h"

/* A list of targets; a new reference. */
json_t *flow_map_json(const struct flow_map *map) MUST_USE;

#endif
