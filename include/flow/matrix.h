/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was measured against what is expected: a row for each vantage, a column for each
 * destination, port, protocol and family. A closed flow counts as seen only when the tool that did
 * not get through is known to see what is open; else it is blocked.
 */
#ifndef FLOW_MATRIX_H
#define FLOW_MATRIX_H

#include "base/array.h"
#include "flow/answer.h"

/* X(name, text, glyph, what it means); those of one expectation from good to bad */
#define FLOW_VERDICTS(X)                                                                           \
    X(NONE, "none", ' ', "not in the plan")                                                        \
    X(OPEN, "open-as-expected", '+', "open, as expected")                                          \
    X(CLOSED, "closed-as-expected", '-', "closed, as expected")                                    \
    X(OTHER_CLOSED, "closed-not-declared", '.', "closed, not declared")                            \
    X(OTHER_OPEN, "open-not-declared", '*', "open, not declared")                                  \
    X(UNMEASURED, "not-measured", '~', "declared, not measured yet")                               \
    X(BLOCKED, "blocked", '?', "blocked: could not be seen")                                       \
    X(CLOSED_BAD, "closed-but-allowed", 'x', "closed, but allowed")                                \
    X(OPEN_BAD, "open-but-denied", '!', "OPEN, but denied")
enum flow_verdict {
#define X(name, text, glyph, meaning) FLOW_VERDICT_##name,
    FLOW_VERDICTS(X)
#undef X
        FLOW_VERDICT_COUNT
};
const char *flow_verdict_text(enum flow_verdict verdict);
char flow_verdict_glyph(enum flow_verdict verdict);
const char *flow_verdict_meaning(enum flow_verdict verdict);
/* Is it otherwise than somebody declared? */
bool flow_verdict_is_bad(enum flow_verdict verdict);

enum flow_verdict flow_judge(enum flow_expectation expectation, const struct flow_measure *measure);

struct flow_column {
    const char *to; /* borrowed from the lines */
    bool is_udp;
    int family, port;
};
struct flow_cell {
    enum flow_verdict verdict;
    enum flow_expectation expectation;
    const struct flow_measure *measure; /* the worst of its addresses; NULL: none; borrowed */
};
struct flow_matrix {
    struct strings vantages;
    struct flow_column *columns;
    size_t column_count;
    struct flow_cell *cells; /* vantage after vantage */
    size_t counts[FLOW_VERDICT_COUNT];
};
void flow_matrix_release(struct flow_matrix *matrix);
/* Lines and measures have to stay. ERROR_INVALID: a line is malformed. */
bool flow_matrix_make(const struct flow_line_list *lines, const struct flow_measure_list *measures,
                      struct flow_matrix *ret_matrix, struct error *error) MUST_USE;
const struct flow_cell *flow_matrix_cell(const struct flow_matrix *matrix, size_t vantage,
                                         size_t column);
/* Numbers of all cells that say something, from bad to good; free with free(). */
size_t *flow_matrix_worst_first(const struct flow_matrix *matrix, size_t *ret_count) MUST_USE;
/* "db:5432/tcp4"; free with free(). TO is hostile. */
char *flow_column_text(const struct flow_column *column) MUST_USE;
/* Why a cell is as it is, in words: state, address, tool, proof. Free with free(); hostile. */
char *flow_cell_reason(const struct flow_cell *cell) MUST_USE;

#endif
