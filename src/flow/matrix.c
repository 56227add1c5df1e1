/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/matrix.h"

#include <string.h>

static const struct {
    const char *text;
    char glyph;
    const char *meaning;
} verdicts[] = {
#define X(name, text, glyph, meaning) {text, glyph, meaning},
    FLOW_VERDICTS(X)
#undef X
};

const char *flow_verdict_text(enum flow_verdict verdict)
{
    return verdicts[verdict].text;
}

char flow_verdict_glyph(enum flow_verdict verdict)
{
    return verdicts[verdict].glyph;
}

const char *flow_verdict_meaning(enum flow_verdict verdict)
{
    return verdicts[verdict].meaning;
}

bool flow_verdict_is_bad(enum flow_verdict verdict)
{
    return verdict == FLOW_VERDICT_OPEN_BAD || verdict == FLOW_VERDICT_CLOSED_BAD;
}

static bool is_seen_closed(const struct flow_measure *measure)
{
    switch (measure->state) {
    case FLOW_REFUSED_STATE:
    case FLOW_FILTERED_STATE:
    case FLOW_UNREACHABLE_STATE:
    case FLOW_PROHIBITED_STATE:
        return measure->proof[0] != '\0';
    case FLOW_OPEN_STATE:
    case FLOW_SILENT_STATE:
    case FLOW_ABSENT_STATE:
    case FLOW_BLOCKED_STATE:
        break;
    }
    return false;
}

enum flow_verdict flow_judge(enum flow_expectation expectation, const struct flow_measure *measure)
{
    static const enum flow_verdict open[] = {[FLOW_EXPECT_UNDECLARED] = FLOW_VERDICT_OTHER_OPEN,
                                             [FLOW_EXPECT_ALLOW] = FLOW_VERDICT_OPEN,
                                             [FLOW_EXPECT_DENY] = FLOW_VERDICT_OPEN_BAD};
    static const enum flow_verdict closed[] = {[FLOW_EXPECT_UNDECLARED] = FLOW_VERDICT_OTHER_CLOSED,
                                               [FLOW_EXPECT_ALLOW] = FLOW_VERDICT_CLOSED_BAD,
                                               [FLOW_EXPECT_DENY] = FLOW_VERDICT_CLOSED};
    if (measure->state == FLOW_OPEN_STATE)
        return open[expectation];
    if (measure->state == FLOW_ABSENT_STATE && measure->proof[0] != '\0')
        return FLOW_VERDICT_NONE;
    return is_seen_closed(measure) ? closed[expectation] : FLOW_VERDICT_BLOCKED;
}

/* --- the matrix --- */

void flow_matrix_release(struct flow_matrix *matrix)
{
    strings_release(&matrix->vantages);
    free(matrix->columns);
    free(matrix->cells);
    *matrix = (struct flow_matrix){0};
}

static bool is_column(const struct flow_column *column, const char *to, bool is_udp, int family,
                      int port)
{
    return column->port == port && column->family == family && column->is_udp == is_udp &&
           strcmp(column->to, to) == 0;
}

static size_t find_column(const struct flow_matrix *matrix, const char *to, bool is_udp, int family,
                          int port)
{
    size_t i = 0;
    while (i < matrix->column_count && !is_column(&matrix->columns[i], to, is_udp, family, port))
        i++;
    return i;
}

static size_t find_vantage(const struct flow_matrix *matrix, const char *name)
{
    size_t i = 0;
    while (i < matrix->vantages.count && strcmp(matrix->vantages.items[i], name) != 0)
        i++;
    return i;
}

/* What the plans of all vantages ask. */
struct asked {
    struct flow_plan *plans;
    size_t count;
};

static void asked_release(struct asked *asked)
{
    for (size_t i = 0; i < asked->count; i++)
        flow_plan_release(&asked->plans[i]);
    free(asked->plans);
}

static bool ask(struct flow_matrix *matrix, const struct flow_line_list *lines,
                struct asked *ret_asked, struct error *error)
{
    const struct flow_options options = {0};
    for (size_t i = 0; i < lines->count; i++)
        if (!strings_contains(&matrix->vantages, lines->items[i].from))
            strings_push(&matrix->vantages, lines->items[i].from);
    for (size_t i = 0; i < matrix->vantages.count; i++)
        if (!flow_plan_make(lines, matrix->vantages.items[i], &options,
                            array_push(ret_asked->plans, ret_asked->count), error))
            return false;
    return true;
}

static void add_columns(struct flow_matrix *matrix, const struct flow_plan *plan)
{
    for (size_t i = 0; i < plan->request_count; i++) {
        const struct flow_request *request = &plan->requests[i];
        bool is_udp = flow_protocol_is_udp(request->line->protocol);
        if (find_column(matrix, request->line->to, is_udp, request->family, request->port) ==
            matrix->column_count)
            *array_push(matrix->columns, matrix->column_count) =
                (struct flow_column){.to = request->line->to,
                                     .is_udp = is_udp,
                                     .family = request->family,
                                     .port = request->port};
    }
}

static void expect(struct flow_matrix *matrix, size_t vantage, const struct flow_plan *plan)
{
    for (size_t i = 0; i < plan->request_count; i++) {
        const struct flow_request *request = &plan->requests[i];
        size_t column =
            find_column(matrix, request->line->to, flow_protocol_is_udp(request->line->protocol),
                        request->family, request->port);
        struct flow_cell *cell = &matrix->cells[vantage * matrix->column_count + column];
        cell->expectation = request->line->expectation;
        cell->verdict = cell->expectation == FLOW_EXPECT_UNDECLARED ? FLOW_VERDICT_NONE
                                                                    : FLOW_VERDICT_UNMEASURED;
    }
}

/* Of several addresses of one column the worst counts. */
static void enter(struct flow_matrix *matrix, const struct flow_measure *measure)
{
    size_t vantage = find_vantage(matrix, measure->from);
    size_t column =
        find_column(matrix, measure->to, measure->is_udp, measure->family, measure->port);
    if (vantage == matrix->vantages.count || column == matrix->column_count)
        return;
    struct flow_cell *cell = &matrix->cells[vantage * matrix->column_count + column];
    enum flow_verdict verdict = flow_judge(cell->expectation, measure);
    if (cell->measure != NULL && verdict <= cell->verdict)
        return;
    cell->measure = measure;
    cell->verdict = verdict;
}

/* A column of which no vantage has anything to say is of a family that nobody has there. */
static void drop_empty_columns(struct flow_matrix *matrix)
{
    size_t rows = matrix->vantages.count, all = matrix->column_count, kept = 0;
    AUTO_FREE struct flow_cell *old = matrix->cells;
    matrix->cells = NULL;
    AUTO_FREE size_t *from = memory_new(all, sizeof(*from));
    for (size_t c = 0; c < all; c++) {
        bool is_empty = true;
        for (size_t v = 0; v < rows; v++)
            is_empty = is_empty && old[v * all + c].verdict == FLOW_VERDICT_NONE;
        if (is_empty)
            continue;
        matrix->columns[kept] = matrix->columns[c];
        from[kept++] = c;
    }
    matrix->column_count = kept;
    matrix->cells = memory_new(rows * kept, sizeof(*matrix->cells));
    for (size_t v = 0; v < rows; v++)
        for (size_t c = 0; c < kept; c++)
            matrix->cells[v * kept + c] = old[v * all + from[c]];
}

/* Nor a vantage that was neither asked nor is expected to be. */
static void drop_empty_rows(struct flow_matrix *matrix)
{
    size_t kept = 0, columns = matrix->column_count;
    for (size_t v = 0; v < matrix->vantages.count; v++) {
        bool is_empty = true;
        for (size_t c = 0; c < columns; c++)
            is_empty = is_empty && matrix->cells[v * columns + c].verdict == FLOW_VERDICT_NONE;
        if (is_empty) {
            free(matrix->vantages.items[v]);
            continue;
        }
        memmove(&matrix->cells[kept * columns], &matrix->cells[v * columns],
                columns * sizeof(*matrix->cells));
        matrix->vantages.items[kept++] = matrix->vantages.items[v];
    }
    matrix->vantages.count = kept;
}

bool flow_matrix_make(const struct flow_line_list *lines, const struct flow_measure_list *measures,
                      struct flow_matrix *ret_matrix, struct error *error)
{
    AUTO_RELEASE(asked) struct asked asked = {0};
    struct flow_matrix matrix = {0};
    if (!ask(&matrix, lines, &asked, error)) {
        flow_matrix_release(&matrix);
        return false;
    }
    for (size_t i = 0; i < asked.count; i++)
        add_columns(&matrix, &asked.plans[i]);
    matrix.cells = memory_new(matrix.vantages.count * matrix.column_count, sizeof(*matrix.cells));
    for (size_t i = 0; i < asked.count; i++)
        expect(&matrix, i, &asked.plans[i]);
    for (size_t i = 0; i < measures->count; i++)
        enter(&matrix, &measures->items[i]);
    drop_empty_columns(&matrix);
    drop_empty_rows(&matrix);
    for (size_t i = 0; i < matrix.vantages.count * matrix.column_count; i++)
        matrix.counts[matrix.cells[i].verdict]++;
    *ret_matrix = matrix;
    return true;
}

const struct flow_cell *flow_matrix_cell(const struct flow_matrix *matrix, size_t vantage,
                                         size_t column)
{
    return &matrix->cells[vantage * matrix->column_count + column];
}

size_t *flow_matrix_worst_first(const struct flow_matrix *matrix, size_t *ret_count)
{
    size_t cells = matrix->vantages.count * matrix->column_count, count = 0;
    size_t *order = memory_new(cells, sizeof(*order));
    for (int verdict = FLOW_VERDICT_COUNT - 1; verdict > FLOW_VERDICT_NONE; verdict--)
        for (size_t i = 0; i < cells; i++)
            if ((int)matrix->cells[i].verdict == verdict)
                order[count++] = i;
    *ret_count = count;
    return order;
}

char *flow_column_text(const struct flow_column *column)
{
    bool is_long = strchr(column->to, ':') != NULL;
    return memory_format("%s%s%s:%d/%s%d", is_long ? "[" : "", column->to, is_long ? "]" : "",
                         column->port, column->is_udp ? "udp" : "tcp", column->family);
}

char *flow_cell_reason(const struct flow_cell *cell)
{
    const struct flow_measure *measure = cell->measure;
    AUTO_RELEASE(buffer) struct buffer text = {0};
    if (measure == NULL)
        return memory_copy_text("");
    buffer_append_text(&text, flow_state_meaning(measure->state));
    if (measure->address[0] != '\0')
        buffer_append_format(&text, "; %s", measure->address);
    if (measure->tool[0] != '\0')
        buffer_append_format(&text, " by %s", measure->tool);
    if (measure->detail[0] != '\0')
        buffer_append_format(&text, "; %s", measure->detail);
    if (measure->proof[0] != '\0')
        buffer_append_format(&text, "; it %s", measure->proof);
    else if (measure->tool[0] != '\0' && cell->verdict == FLOW_VERDICT_BLOCKED)
        buffer_append_text(&text, "; it was not seen to reach anything that is open");
    return buffer_take(&text);
}
