/* SPDX-License-Identifier: Apache-2.0 */
/* The flows of a review, as its rows tell them. */
#ifndef FLOW_RECORDED_H
#define FLOW_RECORDED_H

#include "flow/matrix.h"
#include "review/query.h"

/* What is expected, and what the newest run of each vantage measured; both are appended. */
bool review_flows(struct review *review, struct flow_line_list *ret_lines,
                  struct flow_measure_list *ret_measures, struct error *error) MUST_USE;

#endif
