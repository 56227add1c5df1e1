/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/array.h"
#include "flow/map.h"
#include "flow/plan.h"

struct fixture {
    struct flow_line_list lines;
    struct flow_plan plan;
    struct flow_options options;
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
    flow_line_list_release(&f->lines);
    flow_plan_release(&f->plan);
    free(f);
    return 0;
}

static void add(struct fixture *f, const char *from, const char *places, const char *ports,
                enum flow_protocol protocol)
{
    char *texts[] = {memory_copy_text(from), memory_copy_text(places), memory_copy_text(ports)};
    const struct flow_line line = {.from = texts[0],
                                   .to = texts[1],
                                   .places = texts[1],
                                   .ports = texts[2],
                                   .protocol = protocol,
                                   .expectation = FLOW_EXPECT_DENY};
    flow_line_add(&f->lines, &line);
    for (size_t i = 0; i < LENGTH(texts); i++)
        free(texts[i]);
}

static void make(struct fixture *f, const char *from)
{
    assert_done(flow_plan_make(&f->lines, from, &f->options, &f->plan, &f->error), &f->error);
}

/* What stands behind the functions in the command of a step. */
static const char *calls(const struct flow_step *step)
{
    const char *text = strstr(step->command, "\nset -f\n");
    assert_non_null(text);
    return text + strlen("\nset -f\n");
}

static void each_port_of_each_family_is_asked_for_once(void **state)
{
    struct fixture *f = *state;
    add(f, "web", "10.0.0.2,fd00::2", "80-81", FLOW_TCP);
    add(f, "db", "10.0.0.9", "1", FLOW_TCP);
    add(f, "web", "gateway", "53", FLOW_UDP4);
    add(f, "web", "www.example.org", "443", FLOW_TCP6);
    make(f, "web");
    assert_int_equal(f->plan.step_count, 1);
    assert_int_equal(f->plan.request_count, 6);
    assert_string_equal(calls(&f->plan.steps[0]), "choose tcp\n"
                                                  "choose udp\n"
                                                  "at 4 address 10.0.0.2\n"
                                                  "try 0 tcp 80\n"
                                                  "try 1 tcp 81\n"
                                                  "at 6 address fd00::2\n"
                                                  "try 2 tcp 80\n"
                                                  "try 3 tcp 81\n"
                                                  "at 4 gateway\n"
                                                  "try 4 udp 53\n"
                                                  "at 6 host www.example.org\n"
                                                  "try 5 tcp 443\n"
                                                  "wait\n"
                                                  "echo end\n");
}

static void of_two_lines_the_first_counts(void **state)
{
    struct fixture *f = *state;
    add(f, "web", "10.0.0.2", "80", FLOW_TCP);
    add(f, "web", "10.0.0.2", "79-81", FLOW_TCP4);
    make(f, "web");
    assert_int_equal(f->plan.request_count, 3);
    assert_ptr_equal(f->plan.requests[0].line, &f->lines.items[0]);
    assert_int_equal(f->plan.requests[1].port, 79);
    assert_int_equal(f->plan.requests[2].port, 81);
}

static void much_is_cut_into_steps_that_end_in_time(void **state)
{
    struct fixture *f = *state;
    f->options.rate = 1;
    add(f, "web", "10.0.0.2", "1-100", FLOW_TCP);
    make(f, "web");
    assert_true(f->plan.step_count > 2);
    size_t next = 0;
    for (size_t i = 0; i < f->plan.step_count; i++) {
        assert_int_equal(f->plan.steps[i].first, next);
        assert_true(f->plan.steps[i].timeout_ms <= 300000);
        assert_true(strlen(f->plan.steps[i].command) < 64 * 1024);
        next += f->plan.steps[i].count;
    }
    assert_int_equal(next, 100);
}

static void too_many_flows_are_refused(void **state)
{
    struct fixture *f = *state;
    for (int i = 1; i <= 5; i++) {
        char *place = memory_format("10.0.0.%d", i);
        add(f, "web", place, "1-1024", FLOW_TCP);
        free(place);
    }
    assert_refused(flow_plan_make(&f->lines, "web", &f->options, &f->plan, &f->error), &f->error,
                   ERROR_INVALID);
}

static void what_no_shell_should_see_is_refused(void **state)
{
    static const char *const places[] = {"a;id", "-e", "$(id)", "", "10.0.0.1,", "a b", "a'b", "*"};
    struct fixture *f = *state;
    for (size_t i = 0; i < LENGTH(places); i++) {
        flow_line_list_release(&f->lines);
        add(f, "web", places[i], "80", FLOW_TCP);
        assert_refused(flow_plan_make(&f->lines, "web", &f->options, &f->plan, &f->error),
                       &f->error, ERROR_INVALID);
    }
    flow_line_list_release(&f->lines);
    add(f, "web", "10.0.0.1", "80;id", FLOW_TCP);
    assert_refused(flow_plan_make(&f->lines, "web", &f->options, &f->plan, &f->error), &f->error,
                   ERROR_INVALID);
}

static void tools_and_rates_are_checked(void **state)
{
    static const struct flow_options wrong[] = {
        {.rate = -1}, {.rate = 101}, {.tools = "nmap"}, {.tools = "nc,"}, {.tools = "nc;id"}};
    struct fixture *f = *state;
    for (size_t i = 0; i < LENGTH(wrong); i++)
        assert_refused(flow_options_check(&wrong[i], &f->error), &f->error, ERROR_USAGE);
    f->options = (struct flow_options){.rate = 100, .tools = "nc,busybox"};
    add(f, "web", "10.0.0.1", "80", FLOW_TCP);
    make(f, "web");
    assert_non_null(strstr(f->plan.steps[0].command, "rate=100"));
    assert_non_null(strstr(f->plan.steps[0].command, "tools='nc busybox'"));
}

static void the_default_set_names_what_every_sandbox_has(void **state)
{
    struct fixture *f = *state;
    flow_line_add_defaults(&f->lines, "web");
    make(f, "web");
    const char *text = calls(&f->plan.steps[0]);
    static const char *const parts[] = {"at 4 metadata\n",   "at 6 metadata\n",  "at 4 gateway\n",
                                        "at 6 gateway\n",    "at 4 dns\n",       "at 6 dns\n",
                                        "at 4 neighbours\n", "at 6 neighbours\n"};
    for (size_t i = 0; i < LENGTH(parts); i++)
        assert_non_null(strstr(text, parts[i]));
    assert_int_equal(f->plan.requests[0].line->expectation, FLOW_EXPECT_UNDECLARED);
}

static void what_the_map_is_made_of_is_asked_first_and_answers_no_request(void **state)
{
    struct fixture *f = *state;
    add(f, "web", "10.0.0.2", "80-81", FLOW_TCP);
    make(f, "web");
    size_t before = f->plan.step_count;
    flow_plan_add_map(&f->plan);
    assert_int_equal(f->plan.step_count, before + 1);
    assert_true(flow_map_is_command(f->plan.steps[0].command));
    assert_int_equal(f->plan.steps[0].count, 0);
    assert_int_equal(f->plan.steps[1].first, 0);
    assert_int_equal(f->plan.steps[1].count, 2);
    assert_non_null(strstr(calls(&f->plan.steps[1]), "try 1 tcp 81\n"));
}

/* The order for sshd behind the steps for a shell; NULL: there is none. */
static const char *order(struct fixture *f)
{
    make(f, "web");
    flow_plan_add_forwards(&f->plan, &f->options);
    const struct flow_step *last = &f->plan.steps[f->plan.step_count - 1];
    return last->is_forward ? last->command : NULL;
}

static void sshd_is_asked_for_tcp_to_addresses_that_are_known(void **state)
{
    struct fixture *f = *state;
    add(f, "web", "10.0.0.2,fd00::2,db.example", "80", FLOW_TCP);
    add(f, "web", "10.0.0.3", "53", FLOW_UDP);
    add(f, "web", "gateway", "22", FLOW_TCP);
    add(f, "web", "metadata", "80", FLOW_TCP4);
    const char *tries = strstr(order(f), "direct-tcpip seconds");
    assert_string_equal(tries, "direct-tcpip seconds 4 rate 20\nprove\ntry 0 10.0.0.2 80\n"
                               "try 1 fd00::2 80\ntry 5 169.254.169.254 80\n");
}

static void sshd_is_not_asked_where_the_tools_leave_it_out(void **state)
{
    struct fixture *f = *state;
    add(f, "web", "10.0.0.2", "80", FLOW_TCP);
    f->options.tools = "nc,bash";
    assert_null(order(f));
    flow_plan_release(&f->plan);
    f->options.tools = "nc,direct-tcpip";
    assert_non_null(order(f));
    /* It is nothing that a shell could find. */
    assert_non_null(strstr(f->plan.steps[0].command, "\ntools='nc'\n"));
}

static void orders_for_sshd_end_in_time(void **state)
{
    struct fixture *f = *state;
    size_t tries = 0;
    f->options.rate = 2;
    add(f, "web", "10.0.0.2", "1-500", FLOW_TCP);
    (void)order(f);
    for (size_t i = 0; i < f->plan.step_count; i++) {
        const struct flow_step *step = &f->plan.steps[i];
        size_t of_step = 0;
        if (!step->is_forward)
            continue;
        for (const char *at = step->command; (at = strstr(at, "\ntry ")) != NULL; at++)
            of_step++;
        assert_true(of_step > 0 && of_step <= 400);
        assert_true(step->timeout_ms >= (int)of_step * 1000 / 2 * 2);
        assert_true(step->timeout_ms <= 300000);
        tries += of_step;
    }
    assert_int_equal(tries, 500);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_port_of_each_family_is_asked_for_once),
        TEST(of_two_lines_the_first_counts),
        TEST(much_is_cut_into_steps_that_end_in_time),
        TEST(too_many_flows_are_refused),
        TEST(what_no_shell_should_see_is_refused),
        TEST(tools_and_rates_are_checked),
        TEST(the_default_set_names_what_every_sandbox_has),
        TEST(sshd_is_asked_for_tcp_to_addresses_that_are_known),
        TEST(sshd_is_not_asked_where_the_tools_leave_it_out),
        TEST(orders_for_sshd_end_in_time),
        TEST(what_the_map_is_made_of_is_asked_first_and_answers_no_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
