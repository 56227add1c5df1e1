/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "flow/matrix.h"

struct fixture {
    struct flow_line_list lines;
    struct flow_measure_list measures;
    struct flow_matrix matrix;
    struct error error;
};

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    flow_matrix_release(&f->matrix);
    flow_measure_list_release(&f->measures);
    flow_line_list_release(&f->lines);
    free(f);
    return 0;
}

static void declare(struct fixture *f, const char *from, const char *ports,
                    enum flow_expectation expectation)
{
    char to[] = "db", places[] = "10.0.0.2,fd00::2";
    char *texts[] = {memory_copy_text(from), memory_copy_text(ports)};
    const struct flow_line line = {.from = texts[0],
                                   .to = to,
                                   .places = places,
                                   .ports = texts[1],
                                   .expectation = expectation};
    flow_line_add(&f->lines, &line);
    free(texts[0]);
    free(texts[1]);
}

static void measured_from(struct fixture *f, const char *from, int port, int family,
                          enum flow_state state)
{
    bool is_seen = state != FLOW_OPEN_STATE && state != FLOW_BLOCKED_STATE;
    *array_push(f->measures.items, f->measures.count) =
        (struct flow_measure){.from = memory_copy_text(from),
                              .to = memory_copy_text("db"),
                              .family = family,
                              .port = port,
                              .address = memory_copy_text(family == 4 ? "10.0.0.2" : "fd00::2"),
                              .state = state,
                              .tool = memory_copy_text("nc"),
                              .proof = memory_copy_text(is_seen ? "saw it" : ""),
                              .detail = memory_copy_text("")};
}

static void measured(struct fixture *f, int port, int family, enum flow_state state)
{
    measured_from(f, "web", port, family, state);
}

static void make(struct fixture *f)
{
    flow_matrix_release(&f->matrix);
    assert_done(flow_matrix_make(&f->lines, &f->measures, &f->matrix, &f->error), &f->error);
}

/* The glyphs of a row. */
static void expect_row(const struct fixture *f, size_t vantage, const char *expected)
{
    char row[100] = "";
    for (size_t c = 0; c < f->matrix.column_count; c++)
        row[c] = flow_verdict_glyph(flow_matrix_cell(&f->matrix, vantage, c)->verdict);
    assert_string_equal(row, expected);
}

static void every_state_under_every_expectation_has_its_verdict(void **state UNUSED)
{
    static const struct {
        enum flow_state state;
        const char *proof;
        const char *glyphs; /* undeclared, allowed, denied */
    } rows[] = {
        {FLOW_OPEN_STATE, "", "*+!"},        {FLOW_REFUSED_STATE, "saw", ".x-"},
        {FLOW_REFUSED_STATE, "", "???"},     {FLOW_FILTERED_STATE, "saw", ".x-"},
        {FLOW_FILTERED_STATE, "", "???"},    {FLOW_UNREACHABLE_STATE, "saw", ".x-"},
        {FLOW_UNREACHABLE_STATE, "", "???"}, {FLOW_PROHIBITED_STATE, "saw", ".x-"},
        {FLOW_PROHIBITED_STATE, "", "???"},  {FLOW_SILENT_STATE, "saw", "???"},
        {FLOW_BLOCKED_STATE, "saw", "???"},  {FLOW_ABSENT_STATE, "", "???"},
        {FLOW_ABSENT_STATE, "has", "   "},
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        for (int e = FLOW_EXPECT_UNDECLARED; e <= FLOW_EXPECT_DENY; e++) {
            char *proof = memory_copy_text(rows[i].proof);
            const struct flow_measure measure = {.state = rows[i].state, .proof = proof};
            enum flow_verdict verdict = flow_judge((enum flow_expectation)e, &measure);
            if (flow_verdict_glyph(verdict) != rows[i].glyphs[e])
                fail_msg("%s '%s' %s: %s", flow_state_text(rows[i].state), proof,
                         flow_expectation_text((enum flow_expectation)e),
                         flow_verdict_text(verdict));
            free(proof);
        }
}

static void rows_are_vantages_and_columns_are_destinations(void **state)
{
    struct fixture *f = *state;
    declare(f, "web", "80", FLOW_EXPECT_ALLOW);
    declare(f, "web", "79-81", FLOW_EXPECT_DENY);
    declare(f, "mail", "80", FLOW_EXPECT_DENY);
    measured(f, 80, 4, FLOW_OPEN_STATE);
    measured(f, 80, 6, FLOW_FILTERED_STATE);
    measured(f, 79, 4, FLOW_REFUSED_STATE);
    measured(f, 81, 6, FLOW_OPEN_STATE);
    measured(f, 99, 6, FLOW_OPEN_STATE);
    measured_from(f, "nobody", 80, 6, FLOW_OPEN_STATE);
    make(f);
    expect_row(f, 0, "+x-~~!");
    expect_row(f, 1, "~~    ");
    char *text = flow_column_text(&f->matrix.columns[1]);
    assert_string_equal(text, "db:80/tcp6");
    free(text);
    text = flow_cell_reason(flow_matrix_cell(&f->matrix, 0, 1));
    assert_string_equal(text, "no answer in time; fd00::2 by nc; it saw it");
    free(text);
    assert_int_equal(f->matrix.counts[FLOW_VERDICT_OPEN_BAD], 1);
    assert_int_equal(f->matrix.counts[FLOW_VERDICT_CLOSED_BAD], 1);
}

static void of_several_addresses_the_worst_counts(void **state)
{
    struct fixture *f = *state;
    declare(f, "web", "80", FLOW_EXPECT_DENY);
    measured(f, 80, 4, FLOW_FILTERED_STATE);
    measured(f, 80, 4, FLOW_OPEN_STATE);
    measured(f, 80, 4, FLOW_REFUSED_STATE);
    measured(f, 80, 6, FLOW_REFUSED_STATE);
    measured(f, 80, 6, FLOW_BLOCKED_STATE);
    make(f);
    expect_row(f, 0, "!?");
}

static void what_is_not_declared_and_not_measured_has_no_column(void **state)
{
    struct fixture *f = *state;
    declare(f, "web", "80", FLOW_EXPECT_UNDECLARED);
    measured(f, 80, 4, FLOW_OPEN_STATE);
    measured(f, 80, 6, FLOW_ABSENT_STATE);
    make(f);
    expect_row(f, 0, "*");
}

static void a_vantage_that_nobody_asked_has_no_row(void **state)
{
    struct fixture *f = *state;
    declare(f, "idle", "80", FLOW_EXPECT_UNDECLARED);
    declare(f, "web", "80", FLOW_EXPECT_DENY);
    make(f);
    assert_int_equal(f->matrix.vantages.count, 1);
    assert_string_equal(f->matrix.vantages.items[0], "web");
    expect_row(f, 0, "~~");
}

static void nothing_is_an_empty_matrix(void **state)
{
    struct fixture *f = *state;
    make(f);
    assert_int_equal(f->matrix.vantages.count, 0);
    assert_int_equal(f->matrix.column_count, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_state_under_every_expectation_has_its_verdict),
        TEST(rows_are_vantages_and_columns_are_destinations),
        TEST(of_several_addresses_the_worst_counts),
        TEST(what_is_not_declared_and_not_measured_has_no_column),
        TEST(a_vantage_that_nobody_asked_has_no_row),
        TEST(nothing_is_an_empty_matrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
