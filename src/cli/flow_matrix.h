/* SPDX-License-Identifier: Apache-2.0 */
/* The matrix of flows as text for 80 columns, and as JSON. */
#ifndef CLI_FLOW_MATRIX_H
#define CLI_FLOW_MATRIX_H

#include "flow/matrix.h"
#include "output.h"

void flow_matrix_print(const struct flow_matrix *matrix, struct output *output);
/* FAILURES: vantages that could not be reached. New reference. */
json_t *flow_matrix_json(const struct flow_matrix *matrix, const struct strings *failures);
/* FAILURES alone. New reference. */
json_t *flow_failures_json(const struct strings *failures);
/* Something is otherwise than declared: EXIT_GATE; a declared flow could not be seen: EXIT_CANNOT.
 */
int flow_matrix_status(const struct flow_matrix *matrix);

#endif
