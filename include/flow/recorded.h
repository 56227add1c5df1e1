/* SPDX-License-Identifier: Apache-2.0 */
/* The flows of a review, as its rows tell them. */
#ifndef FLOW_RECORDED_H
#define FLOW_RECORDED_H

#include "flow/map.h"
#include "flow/matrix.h"
#include "review/query.h"

/* What is expected, and what the newest run of each vantage measured; both are appended. */
bool review_flows(struct review *review, struct flow_line_list *ret_lines,
                  struct flow_measure_list *ret_measures, struct error *error) MUST_USE;
/* What each target showed in its newest run; LINES tell where others reach it. ERROR_CORRUPT: a
 * blob contradicts its id. */
bool review_flow_map(struct review *review, const struct flow_line_list *lines,
                     struct flow_map *ret_map, struct error *error) MUST_USE;
/* Where LINES say that others reach TARGET: borrowed, or "". */
const char *flow_addresses_of(const struct flow_line_list *lines, const char *target);

#endif
