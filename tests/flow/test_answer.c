/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/array.h"
#include "flow/answer.h"

struct fixture {
    struct flow_line_list lines;
    struct flow_plan plan;
    struct flow_answer answer;
};

static int set_up(void **state)
{
    struct fixture *f = *state = memory_new(1, sizeof(*f));
    const struct flow_options options = {0};
    char from[] = "web", to[] = "db", places[] = "10.0.0.2,fd00::2", ports[] = "80-81";
    struct flow_line line = {.from = from, .to = to, .places = places, .ports = ports};
    flow_line_add(&f->lines, &line);
    line.protocol = FLOW_UDP4;
    flow_line_add(&f->lines, &line);
    assert_done(flow_plan_make(&f->lines, "web", &options, &f->plan, NULL), NULL);
    assert_int_equal(f->plan.request_count, 6);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    flow_answer_release(&f->answer);
    flow_plan_release(&f->plan);
    flow_line_list_release(&f->lines);
    free(f);
    return 0;
}

static void read_all(struct fixture *f, const char *text, const char *why)
{
    flow_answer_release(&f->answer);
    flow_answer_read(&f->answer, &f->plan, 0, text, why);
    flow_answer_end(&f->answer, &f->plan);
}

static const struct flow_measure *measure(const struct fixture *f, size_t number)
{
    for (size_t i = 0; i < f->answer.measures.count; i++)
        if (flow_answer_request(&f->answer, i) == number)
            return &f->answer.measures.items[i];
    fail_msg("no measure %zu", number);
    return NULL;
}

static void each_line_is_a_measure_of_its_request(void **state)
{
    struct fixture *f = *state;
    read_all(f,
             "proof tcp 4 nc 127.0.0.1 22\ntool tcp nc\n"
             "flow 1 10.0.0.2 filtered nc \nflow 0 10.0.0.2 open nc\n"
             "flow 2 fd00::2 blocked nc nc: strange\nflow 3 - absent -\n"
             "flow 4 10.0.0.2 silent nc\nflow 5 10.0.0.2 refused nc\nend\n",
             "");
    assert_int_equal(f->answer.strange_lines, 0);
    assert_int_equal(f->answer.measures.count, 6);
    assert_int_equal(measure(f, 0)->state, FLOW_OPEN_STATE);
    assert_int_equal(measure(f, 1)->state, FLOW_FILTERED_STATE);
    assert_string_equal(measure(f, 2)->detail, "nc: strange");
    assert_int_equal(measure(f, 3)->state, FLOW_ABSENT_STATE);
    assert_int_equal(measure(f, 4)->state, FLOW_SILENT_STATE);
    assert_true(measure(f, 4)->is_udp);
    assert_int_equal(measure(f, 3)->family, 6);
    assert_int_equal(measure(f, 3)->port, 81);
}

/* What the vantage answered without a tool, and then sshd. */
static void read_both(struct fixture *f, const char *vantage, const char *sshd, const char *why)
{
    const struct flow_options options = {0};
    flow_plan_add_forwards(&f->plan, &options);
    assert_int_equal(f->plan.step_count, 2);
    flow_answer_read(&f->answer, &f->plan, 0, vantage, "");
    flow_answer_read(&f->answer, &f->plan, 1, sshd, why);
    flow_answer_end(&f->answer, &f->plan);
}

static void sshd_stands_in_where_there_is_no_tool(void **state)
{
    struct fixture *f = *state;
    read_both(f, "tool tcp -\nflow 0 10.0.0.2 blocked -\nflow 1 10.0.0.2 blocked -\nend\n",
              "proof tcp 6 direct-tcpip fd00::1 22\nflow 0 10.0.0.2 open direct-tcpip\n"
              "flow 1 10.0.0.2 blocked direct-tcpip sshd does not allow this forwarding: no\n"
              "flow 2 fd00::2 filtered direct-tcpip sshd gave no answer within 4 s\nend\n",
              "");
    assert_int_equal(f->answer.strange_lines, 0);
    assert_int_equal(f->answer.measures.count, 6);
    assert_int_equal(measure(f, 0)->state, FLOW_OPEN_STATE);
    assert_string_equal(measure(f, 0)->tool, "direct-tcpip");
    assert_int_equal(measure(f, 1)->state, FLOW_BLOCKED_STATE);
    assert_string_equal(measure(f, 1)->detail, "sshd does not allow this forwarding: no");
    assert_string_equal(measure(f, 2)->proof, "saw port 22 open on fd00::1");
    assert_string_equal(measure(f, 4)->tool, "");
}

static void what_a_tool_measured_is_not_replaced(void **state)
{
    struct fixture *f = *state;
    read_both(f, "flow 0 10.0.0.2 refused nc\nend\n", "", "the connection was lost");
    assert_string_equal(measure(f, 0)->tool, "nc");
    assert_int_equal(measure(f, 0)->state, FLOW_REFUSED_STATE);
    assert_string_equal(measure(f, 1)->detail, "the connection was lost");
    assert_string_equal(measure(f, 4)->detail, "the vantage did not answer");
}

static void neither_speaks_for_the_other(void **state)
{
    struct fixture *f = *state;
    read_both(f, "flow 0 10.0.0.2 open direct-tcpip\nproof tcp 4 direct-tcpip 127.0.0.1 22\n",
              "flow 0 10.0.0.2 open nc\nproof tcp 4 nc 127.0.0.1 22\n", "");
    assert_int_equal(f->answer.strange_lines, 4);
    assert_int_equal(measure(f, 0)->state, FLOW_BLOCKED_STATE);
}

static void what_is_not_said_is_blocked(void **state)
{
    struct fixture *f = *state;
    read_all(f, "flow 0 10.0.0.2 open nc\n", "the connection was lost");
    assert_int_equal(f->answer.measures.count, 6);
    assert_int_equal(measure(f, 0)->state, FLOW_OPEN_STATE);
    for (size_t i = 1; i < 6; i++) {
        assert_int_equal(measure(f, i)->state, FLOW_BLOCKED_STATE);
        assert_string_equal(measure(f, i)->detail, "the connection was lost");
    }
    read_all(f, "", "");
    assert_string_equal(measure(f, 0)->detail, "the vantage did not answer");
}

static void lines_that_do_not_fit_are_counted_and_left_aside(void **state)
{
    static const char *const lines[] = {
        "flow 6 10.0.0.2 open nc",
        "flow 99999999999999999999 10.0.0.2 open nc",
        "flow -1 10.0.0.2 open nc",
        "flow 0 10.0.0.2 opened nc",
        "flow 0 10.0.0.2 open|filtered nc",
        "flow 0 10.0.0.2 open nmap",
        "flow 0 10.0.0.2 refused -",
        "flow 0 \033[2J open nc",
        "flow 0",
        "flow",
        "proof tcp 5 nc 127.0.0.1 22",
        "proof tcp 4 me 127.0.0.1 22",
        "proof tcp 4 nc \033]0;x 22",
        "root:x:0:0",
        "flowflowflowflowflowflowflowflowflowflowflowflowflowflowflowflowflowflowflow 0",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < LENGTH(lines); i++) {
        read_all(f, lines[i], "");
        if (f->answer.strange_lines != 1)
            fail_msg("'%s' was taken", lines[i]);
        assert_int_equal(measure(f, 0)->state, FLOW_BLOCKED_STATE);
    }
}

static void nobody_floods_the_list(void **state)
{
    struct fixture *f = *state;
    struct buffer text = {0};
    for (int i = 0; i < 1000; i++)
        buffer_append_text(&text, "flow 0 10.0.0.2 open nc\n");
    read_all(f, buffer_text(&text), "");
    buffer_release(&text);
    assert_true(f->answer.measures.count < 100);
    assert_true(f->answer.strange_lines > 900);
}

/* Each row: what a vantage said, and whether flow 3, to fd00::2, is proven. */
static void silence_needs_a_proof_of_its_own_kind(void **state)
{
    static const struct {
        const char *text;
        bool is_proven;
    } rows[] = {
        {"flow 3 fd00::2 filtered nc\n", false},
        {"flow 3 fd00::2 filtered nc\nproof tcp 6 nc ::1 22\n", true},
        {"flow 3 fd00::2 filtered nc\nproof tcp 4 nc 127.0.0.1 22\n", false},
        {"flow 3 fd00::2 filtered nc\nproof udp 6 nc ::1\n", false},
        {"flow 3 fd00::2 filtered nc\nproof tcp 6 perl ::1\n", false},
        {"flow 3 fd00::2 filtered nc\nflow 2 fd00::2 open nc\n", true},
        {"flow 3 fd00::2 filtered nc\nflow 0 10.0.0.2 open nc\n", false},
        {"flow 3 fd00::2 filtered nc\nflow 2 fd00::2 refused nc\n", false},
        {"flow 3 fd00::2 prohibited nc\nproof tcp 4 nc 127.0.0.1 22\n", false},
        {"flow 3 fd00::2 prohibited nc\nproof tcp 6 nc ::1 22\n", true},
        {"flow 3 fd00::2 refused nc\n", false},
        {"flow 3 fd00::2 refused nc\nproof tcp 4 nc 127.0.0.1 22\n", true},
        {"flow 3 fd00::2 unreachable nc\nflow 0 10.0.0.2 open nc\n", true},
        {"flow 3 fd00::2 unreachable nc\nproof udp 6 nc ::1 22\n", false},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        read_all(f, rows[i].text, "");
        if ((measure(f, 3)->proof[0] != '\0') != rows[i].is_proven)
            fail_msg("%s: '%s'", rows[i].text, measure(f, 3)->proof);
    }
}

static void a_place_without_an_address_of_a_family_is_said_to_be_so(void **state)
{
    struct fixture *f = *state;
    read_all(f, "flow 0 10.0.0.2 refused nc\nflow 2 - absent -\n", "");
    assert_string_equal(measure(f, 2)->proof, "has an address of the other family alone");
    read_all(f, "flow 0 - absent -\nflow 2 - absent -\n", "");
    assert_string_equal(measure(f, 2)->proof, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_line_is_a_measure_of_its_request),
        TEST(sshd_stands_in_where_there_is_no_tool),
        TEST(what_a_tool_measured_is_not_replaced),
        TEST(neither_speaks_for_the_other),
        TEST(what_is_not_said_is_blocked),
        TEST(lines_that_do_not_fit_are_counted_and_left_aside),
        TEST(nobody_floods_the_list),
        TEST(silence_needs_a_proof_of_its_own_kind),
        TEST(a_place_without_an_address_of_a_family_is_said_to_be_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
