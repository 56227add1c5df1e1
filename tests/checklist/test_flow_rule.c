/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "checklist/flow_rule.h"

static void expect_rule(const char *text, const char *expected)
{
    struct flow_rule rule;
    struct error error = {0};
    assert_done(flow_rule_parse(text, &rule, &error), &error);
    char *actual =
        memory_format("%s %s %s %s %s", rule.from, rule.to, rule.ports,
                      flow_protocol_text(rule.protocol), rule.is_allowed ? "allow" : "deny");
    assert_string_equal(actual, expected);
    free(actual);
    flow_rule_release(&rule);
}

static void a_rule_has_two_ends_ports_a_protocol_and_a_word(void **state UNUSED)
{
    expect_rule("web -> db:5432/tcp allow", "web db 5432 tcp allow");
    expect_rule("web  ->\tdb:5432 deny ", "web db 5432 tcp deny");
    expect_rule("any -> 10.0.0.2:22,80,8000-8010/udp4 deny",
                "any 10.0.0.2 22,80,8000-8010 udp4 deny");
    expect_rule("a -> [fd00::1]:443/tcp6 allow", "a fd00::1 443 tcp6 allow");
    expect_rule("a -> mirror.example.org:443 allow", "a mirror.example.org 443 tcp allow");
}

static void a_word_brings_its_ports(void **state UNUSED)
{
    expect_rule("any -> metadata deny", "any metadata 80 tcp deny");
    expect_rule("any -> dns/udp allow", "any dns 53 udp allow");
    expect_rule("any -> gateway:53/udp6 deny", "any gateway 53 udp6 deny");
    assert_null(flow_word_ports("Gateway"));
}

static void a_wrong_part_is_named(void **state UNUSED)
{
    static const char *const rows[][2] = {
        {"", "is written 'FROM -> TO"},
        {"web -> db:1", "is written 'FROM -> TO"},
        {"web db:1 allow", "is written 'FROM -> TO"},
        {"web -> db:1 allow always", "is written 'FROM -> TO"},
        {"web => db:1/tcp allow", "is written 'FROM -> TO"},
        {"web -> db:1/tcp maybe", "not with 'maybe'"},
        {"web -> db allow", "'db' needs a port"},
        {"web -> db: allow", "'' is no port"},
        {"web -> db:0 allow", "'0' is no port"},
        {"web -> db:65536 allow", "'65536' is no port"},
        {"web -> db:99999999999999999999 allow", "is no port"},
        {"web -> db:80, allow", "'' is no port"},
        {"web -> db:80-79 allow", "ends before it begins"},
        {"web -> db:-1 allow", "'-1' is no port"},
        {"web -> db:1-2000 allow", "at most 1024 ports"},
        {"web -> db:1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,"
         "30,31,32,33 allow",
         "in 32 ranges"},
        {"web -> db:80/icmp allow", "'icmp' is no protocol"},
        {"web -> db:80/ allow", "'' is no protocol"},
        {"web -> fd00::1:443 allow", "stands in brackets"},
        {"web -> [fd00::1 allow", "no address in brackets"},
        {"web -> [10.0.0.1]:80 allow", "'10.0.0.1' is no IPv6 address"},
        {"web -> []:80 allow", "'' is no IPv6 address"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct flow_rule rule;
        struct error error = {0};
        assert_refused(flow_rule_parse(rows[i][0], &rule, &error), &error, ERROR_INVALID);
        if (strstr(error.message, rows[i][1]) == NULL)
            fail_msg("%s: '%s', expected '%s'", rows[i][0], error.message, rows[i][1]);
    }
}

static void ports_are_counted_out(void **state UNUSED)
{
    struct flow_ports ports;
    struct error error = {0};
    assert_done(flow_ports_parse("22,8000-8009,65535", &ports, &error), &error);
    assert_int_equal(ports.range_count, 3);
    assert_int_equal(ports.total, 12);
    assert_int_equal(ports.ranges[1].first, 8000);
    assert_int_equal(ports.ranges[1].last, 8009);
}

static void what_could_be_an_option_is_no_host(void **state UNUSED)
{
    assert_true(flow_is_host_name("db.example.org"));
    assert_false(flow_is_host_name("-e"));
    assert_false(flow_is_host_name("a;id"));
    assert_false(flow_is_host_name("a b"));
    assert_false(flow_is_host_name(""));
    assert_int_equal(flow_address_family("10.0.0.1"), 4);
    assert_int_equal(flow_address_family("fd00::1"), 6);
    assert_int_equal(flow_address_family("10.0.0"), 0);
    assert_int_equal(flow_address_family("fe80::1%eth0"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_has_two_ends_ports_a_protocol_and_a_word),
        cmocka_unit_test(a_word_brings_its_ports),
        cmocka_unit_test(a_wrong_part_is_named),
        cmocka_unit_test(ports_are_counted_out),
        cmocka_unit_test(what_could_be_an_option_is_no_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
