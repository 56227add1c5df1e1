/* SPDX-License-Identifier: Apache-2.0 */
/* Named conditions: written once, used by many checks, told in words of their own. */
#include "support/testing.h"

#include "base/buffer.h"
#include "checklist/load.h"
#include "checklist/parameters.h"

struct fixture {
    struct checklist *checklist;
    struct parameters parameters;
    struct diagnostics diagnostics;
    struct buffer yaml, text;
    char *command, *unmet;
    struct error error;
};

static struct fixture fixture;

static int release(void **state UNUSED)
{
    parameters_release(&fixture.parameters);
    checklist_free(fixture.checklist);
    diagnostics_release(&fixture.diagnostics);
    buffer_release(&fixture.yaml);
    buffer_release(&fixture.text);
    free(fixture.command);
    free(fixture.unmet);
    fixture = (struct fixture){0};
    return 0;
}

static const char conditions[] = "  web: {met: a web server runs, unmet: no web server runs,\n"
                                 "    when: {any: [{process: nginx}, {process: apache2}]}}\n"
                                 "  tls: {met: it speaks TLS, unmet: it speaks no TLS,\n"
                                 "    when: {is: web, path: /etc/ssl}}\n";

static bool load(const char *named, const char *when)
{
    release(NULL);
    buffer_append_format(&fixture.yaml,
                         "walkdown: 1\nid: test\ntitle: T\nversion: 1\nconditions:\n%s"
                         "areas: [{id: a, title: A, checks: [{id: c, title: C, severity: low,\n"
                         "  why: w, fix: f, ask: [{id: q, question: Q}], when: %s}]}]\n",
                         named, when);
    return checklist_load(fixture.yaml.data, fixture.yaml.length, &fixture.checklist,
                          &fixture.diagnostics, &fixture.error);
}

static const struct condition *load_when(const char *when)
{
    assert_done(load(conditions, when), &fixture.error);
    parameters_init(&fixture.parameters, fixture.checklist);
    const struct condition *condition = fixture.checklist->checks[0].when;
    fixture.command = condition_command(condition, &fixture.parameters);
    fixture.unmet = condition_describe_unmet(condition);
    return condition;
}

static void refuse(const char *named, const char *when, const char *expected)
{
    assert_false(load(named, when));
    if (strstr(fixture.error.message, expected) == NULL)
        print_error("expected '%s' in '%s'\n", expected, fixture.error.message);
    assert_non_null(strstr(fixture.error.message, expected));
}

static void a_check_asks_what_the_named_condition_asks(void **state UNUSED)
{
    load_when("{any: [{process: nginx}, {process: apache2}]}");
    char *written = fixture.command;
    fixture.command = NULL;
    load_when("{is: web}");
    bool is_equal = strcmp(written, fixture.command) == 0;
    free(written);
    assert_true(is_equal);
}

static void the_reason_is_told_in_its_words(void **state UNUSED)
{
    static const char *const rows[][2] = {
        {"{is: web}", "no web server runs"},
        {"{not: {is: web}}", "a web server runs"},
        {"{is: tls}", "it speaks no TLS"},
        {"{is: web, command: ss}", "there is no command ss or no web server runs"},
        {"{is: [web, tls]}", "no web server runs or it speaks no TLS"},
        {"{any: [{is: web}, {path: /a}]}", "no web server runs and there is no /a"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        load_when(rows[i][0]);
        assert_string_equal(fixture.unmet, rows[i][1]);
    }
}

static void the_digest_covers_what_is_asked_and_not_the_words(void **state UNUSED)
{
    load_when("{is: web}");
    struct digest by_name = fixture.checklist->checks[0].digest;
    load_when("{any: [{process: nginx}, {process: apache2}]}");
    struct digest written_out = fixture.checklist->checks[0].digest;
    load_when("{any: [{process: nginx}, {process: httpd}]}");
    struct digest other = fixture.checklist->checks[0].digest;
    assert_memory_equal(&by_name, &written_out, sizeof(by_name));
    assert_memory_not_equal(&by_name, &other, sizeof(by_name));
}

static void what_is_not_there_is_told(void **state UNUSED)
{
    refuse(conditions, "{is: wed}", "unknown condition 'wed', did you mean 'web'?");
    refuse(conditions, "{is: mainframe}", "unknown condition 'mainframe'; declare it under");
    refuse(conditions, "{is: []}", "'is' is empty");
    refuse("  a: {met: m, unmet: u, when: {is: b}}\n  b: {met: m, unmet: u, when: {is: a}}\n",
           "{is: a}", "unknown condition 'b'");
    refuse("  a: {met: m, unmet: u}\n", "{path: /}", "a named condition needs the key 'when'");
    refuse("  a: {met: m, when: {path: /}}\n", "{is: a}", "needs the key 'unmet'");
    refuse("  A: {met: m, unmet: u, when: {path: /}}\n", "{is: A}", "'A' is no id");
}

static void lint_tells_what_nobody_uses(void **state UNUSED)
{
    load_when("{path: /}");
    checklist_lint(fixture.checklist, &fixture.diagnostics);
    diagnostics_print(&fixture.diagnostics, "f", &fixture.text);
    assert_null(strstr(buffer_text(&fixture.text), "the condition 'web' is not used"));
    assert_non_null(strstr(buffer_text(&fixture.text), "the condition 'tls' is not used"));
    load_when("{not: {is: tls}}");
    checklist_lint(fixture.checklist, &fixture.diagnostics);
    assert_int_equal(fixture.diagnostics.count, 0);
}

static void lint_looks_into_a_named_condition_once(void **state UNUSED)
{
    assert_done(load("  a: {met: m, unmet: u, when: {shell: touch /x}}\n", "[{is: a}, {is: a}]"),
                &fixture.error);
    checklist_lint(fixture.checklist, &fixture.diagnostics);
    diagnostics_print(&fixture.diagnostics, "f", &fixture.text);
    assert_int_equal(fixture.diagnostics.count, 1);
    assert_non_null(strstr(buffer_text(&fixture.text), "looks as if it changes the target"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_check_asks_what_the_named_condition_asks, release),
        cmocka_unit_test_teardown(the_reason_is_told_in_its_words, release),
        cmocka_unit_test_teardown(the_digest_covers_what_is_asked_and_not_the_words, release),
        cmocka_unit_test_teardown(what_is_not_there_is_told, release),
        cmocka_unit_test_teardown(lint_tells_what_nobody_uses, release),
        cmocka_unit_test_teardown(lint_looks_into_a_named_condition_once, release),
    };
    return cmocka_run_group_tests_name("named conditions", tests, NULL, NULL);
}
