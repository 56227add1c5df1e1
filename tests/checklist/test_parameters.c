/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/buffer.h"
#include "base/pattern.h"
#include "checklist/load.h"
#include "checklist/parameters.h"

struct fixture {
    struct checklist *checklist;
    struct parameters parameters;
    struct strings values, arguments;
    struct pattern *pattern;
    char *text;
};

static struct fixture fixture;

static int set_up(void **state UNUSED)
{
    static const char yaml[] =
        "walkdown: 1\nid: test\ntitle: T\nversion: 1\n"
        "params:\n"
        "  name: {default: joe}\n"
        "  names: {type: list, default: [root, 'a b']}\n"
        "  none: {type: list, default: []}\n"
        "areas: [{id: a, title: A, checks: [{id: c, title: C, severity: low}]}]\n";
    struct error error;
    fixture = (struct fixture){0};
    if (!checklist_load(yaml, strlen(yaml), &fixture.checklist, NULL, &error))
        return -1;
    parameters_init(&fixture.parameters, fixture.checklist);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    parameters_release(&fixture.parameters);
    checklist_free(fixture.checklist);
    strings_release(&fixture.values);
    strings_release(&fixture.arguments);
    pattern_free(fixture.pattern);
    free(fixture.text);
    return 0;
}

static void set(const char *id, const char *value)
{
    struct error error;
    strings_release(&fixture.values);
    strings_push(&fixture.values, value);
    assert_done(parameters_set(&fixture.parameters, id, &fixture.values, &error), &error);
}

static const char *command(const char *text)
{
    free(fixture.text);
    return fixture.text = parameters_expand_command(&fixture.parameters, text);
}

static const char *pattern(const char *text)
{
    free(fixture.text);
    return fixture.text = parameters_expand_pattern(&fixture.parameters, text);
}

static void a_command_gets_quoted_words(void **state UNUSED)
{
    assert_string_equal(command("id ${name}"), "id 'joe'");
    assert_string_equal(command("ls -- ${names}; echo ${names}"),
                        "ls -- 'root' 'a b'; echo 'root' 'a b'");
    assert_string_equal(command("ls ${none}."), "ls .");
    set("name", "a'b $(rm x) `id` \\ \"");
    assert_string_equal(command("id ${name}"), "id 'a'\\''b $(rm x) `id` \\ \"'");
    set("name", "'");
    assert_string_equal(command("id ${name}"), "id ''\\'''");
}

static void other_expansions_are_the_shells_own(void **state UNUSED)
{
    static const char *const texts[] = {"${HOME}", "${names:-x}", "$name",   "${nam}",   "${name",
                                        "$",       "${}",         "${Name}", "$ {name}", "",
                                        "$${nope}"};
    for (size_t i = 0; i < LENGTH(texts); i++)
        assert_string_equal(command(texts[i]), texts[i]);
    assert_string_equal(command("$${name}"), "$'joe'");
}

static void a_pattern_gets_alternatives_that_match_themselves(void **state UNUSED)
{
    assert_string_equal(pattern("^${name}$"), "^(?:joe)$");
    assert_string_equal(pattern("^${names}$"), "^(?:root|a\\ b)$");
    assert_string_equal(pattern("\\${name}"), "\\${name}");
    assert_string_equal(pattern("\\\\${name}"), "\\\\(?:joe)");
    assert_string_equal(pattern("${unknown}x"), "${unknown}x");
    struct error error;
    assert_done(pattern_new(pattern("^${none}$"), false, &fixture.pattern, &error), &error);
    assert_int_equal(pattern_search(fixture.pattern, "", 0, NULL), PATTERN_NO_MATCH);
}

static void an_argument_that_is_a_reference_becomes_its_members(void **state UNUSED)
{
    strings_push(&fixture.values, "${names}");
    strings_push(&fixture.values, "x");
    strings_push(&fixture.values, "${none}");
    strings_push(&fixture.values, "<${name}>");
    strings_push(&fixture.values, "${unknown}");
    parameters_expand_arguments(&fixture.parameters, &fixture.values, &fixture.arguments);
    static const char *const expected[] = {"root", "a b", "x", "<joe>", "${unknown}"};
    assert_int_equal(fixture.arguments.count, LENGTH(expected));
    for (size_t i = 0; i < LENGTH(expected); i++)
        assert_string_equal(fixture.arguments.items[i], expected[i]);
}

static void values_that_do_not_fit_are_refused(void **state UNUSED)
{
    struct error error;
    strings_push(&fixture.values, "a");
    strings_push(&fixture.values, "b");
    assert_refused(parameters_set(&fixture.parameters, "nmae", &fixture.values, &error), &error,
                   ERROR_NOT_FOUND);
    assert_string_equal(error.hint, "did you mean 'name'?");
    assert_refused(parameters_set(&fixture.parameters, "name", &fixture.values, &error), &error,
                   ERROR_INVALID);
    assert_done(parameters_set(&fixture.parameters, "names", &fixture.values, &error), &error);
    assert_string_equal(command("${names}"), "'a' 'b'");
    strings_release(&fixture.values);
    assert_refused(parameters_set(&fixture.parameters, "name", &fixture.values, &error), &error,
                   ERROR_INVALID);
    assert_done(parameters_set(&fixture.parameters, "names", &fixture.values, &error), &error);
    assert_string_equal(command("${names}"), "");
}

/* A line feed in a value could end a comment in which the reference stands. */
static void values_of_several_lines_or_with_controls_are_refused(void **state UNUSED)
{
    static const char *const bad[] = {"a\nb", "a\x1B[2J", "\xFF", "\xC2\x9B", "\x7F"};
    struct error error;
    for (size_t i = 0; i < LENGTH(bad); i++) {
        strings_release(&fixture.values);
        strings_push(&fixture.values, bad[i]);
        assert_refused(parameters_set(&fixture.parameters, "name", &fixture.values, &error), &error,
                       ERROR_INVALID);
    }
    assert_string_equal(command("${name}"), "'joe'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_command_gets_quoted_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_expansions_are_the_shells_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pattern_gets_alternatives_that_match_themselves, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_argument_that_is_a_reference_becomes_its_members, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(values_that_do_not_fit_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_of_several_lines_or_with_controls_are_refused,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests_name("parameters", tests, NULL, NULL);
}
