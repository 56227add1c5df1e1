/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "checklist/fixtures.h"

static struct fixtures *load(const char *text)
{
    struct fixtures *fixtures = NULL;
    struct error error = {0};
    if (!fixtures_load(text, strlen(text), &fixtures, NULL, &error))
        fail_msg("%s", error.message);
    return fixtures;
}

static void assert_complains(const char *text, const char *expected)
{
    struct fixtures *fixtures = NULL;
    struct error error = {0};
    assert_false(fixtures_load(text, strlen(text), &fixtures, NULL, &error));
    if (strstr(error.message, expected) == NULL)
        fail_msg("'%s' lacks '%s'", error.message, expected);
}

#define HEAD "walkdown-fixtures: 1\nchecklist: x\nfixtures:\n"

static void a_text_stands_for_stdout_and_status_0(void **state UNUSED)
{
    AUTO(fixtures)
    struct fixtures *fixtures = load(HEAD "  - {check: a, suggests: pass, probes: {p: hello}}\n");
    assert_int_equal(fixtures->count, 1);
    const struct fixture_answer *answer = &fixtures->items[0].answers[0];
    assert_string_equal(answer->out, "hello\n");
    assert_string_equal(answer->err, "");
    assert_string_equal(answer->outcome, "done");
    assert_int_equal(answer->exit_status, 0);
}

static void a_condition_is_told_by_its_status(void **state UNUSED)
{
    AUTO(fixtures)
    struct fixtures *fixtures = load(HEAD "  - {check: a, suggests: not-applicable, when: 1}\n");
    assert_string_equal(fixtures->items[0].answers[0].probe, "when");
    assert_int_equal(fixtures->items[0].answers[0].exit_status, 1);
}

static void what_is_wrong_is_told_with_its_place(void **state UNUSED)
{
    assert_complains(HEAD "  - {check: a, suggests: pass, notes: x}\n",
                     "4:32: unknown key 'notes'");
    assert_complains(HEAD "  - {check: a}\n", "needs the key 'suggests'");
    assert_complains(HEAD "  - {check: a, suggests: pass, when: 256}\n", "no exit status");
    assert_complains(HEAD "  - {check: a, suggests: pass, now: soon}\n", "no date");
    assert_complains(HEAD "  - {check: a, suggests: pass, probes: [p]}\n", "is a mapping");
    assert_complains("checklist: x\nfixtures: []\n", "needs the key 'walkdown-fixtures'");
    assert_complains("walkdown-fixtures: 2\nchecklist: x\nfixtures: []\n", "expected 1");
}

/* Write one and read it back. */
static struct fixtures *round_trip(char *out, char *err)
{
    struct buffer text = {0};
    struct error error = {0};
    char *values[] = {(char[]){"o'brien"}, (char[]){""}};
    struct fixture_parameter parameter = {.id = (char[]){"admins"}, .values = {values, 2}};
    struct fixture_answer answers[] = {{.probe = (char[]){"when"},
                                        .outcome = (char[]){"done"},
                                        .out = (char[]){""},
                                        .err = (char[]){""}},
                                       {.probe = (char[]){"p"},
                                        .outcome = (char[]){"timeout"},
                                        .exit_status = 3,
                                        .out = out,
                                        .err = err}};
    const struct fixture fixture = {.check = (char[]){"a"},
                                    .suggests = (char[]){"blocked"},
                                    .note = (char[]){"why: it # matters"},
                                    .parameters = &parameter,
                                    .parameter_count = 1,
                                    .answers = answers,
                                    .answer_count = 2};
    fixtures_write_head("x", &text);
    assert_true(fixture_write(&fixture, &text, &error));
    struct fixtures *fixtures = load(buffer_text(&text));
    buffer_release(&text);
    return fixtures;
}

static void what_is_written_reads_back_as_it_was(void **state UNUSED)
{
    static char texts[][64] = {"plain\n", "  indented\n\nafter a gap\n",
                               "\ttab first: [x, {y}] # no comment\n",
                               "- 'quotes' \"and\" %percent\n---\n...\n", "\xc3\xa4\xe2\x82\xac\n"};
    for (size_t i = 0; i < LENGTH(texts); i++) {
        AUTO(fixtures) struct fixtures *fixtures = round_trip(texts[i], texts[i]);
        const struct fixture *fixture = &fixtures->items[0];
        assert_string_equal(fixture->note, "why: it # matters");
        assert_string_equal(fixture->parameters[0].values.items[0], "o'brien");
        assert_string_equal(fixture->parameters[0].values.items[1], "");
        assert_string_equal(fixture->answers[1].out, texts[i]);
        assert_string_equal(fixture->answers[1].err, texts[i]);
        assert_string_equal(fixture->answers[1].outcome, "timeout");
        assert_int_equal(fixture->answers[1].exit_status, 3);
    }
}

static void bytes_that_yaml_cannot_hold_are_refused(void **state UNUSED)
{
    static char texts[][8] = {"\x1b[31m\n", "\xff\n", "\x7f\n"};
    for (size_t i = 0; i < LENGTH(texts); i++) {
        AUTO_RELEASE(buffer) struct buffer text = {0};
        struct error error = {0};
        struct fixture_answer answer = {.probe = (char[]){"p"},
                                        .outcome = (char[]){"done"},
                                        .out = texts[i],
                                        .err = (char[]){""}};
        const struct fixture fixture = {.check = (char[]){"a"},
                                        .suggests = (char[]){"pass"},
                                        .note = (char[]){""},
                                        .answers = &answer,
                                        .answer_count = 1};
        assert_false(fixture_write(&fixture, &text, &error));
        assert_int_equal(error.code, ERROR_UNSUPPORTED);
    }
}

static void fixtures_lie_beside_the_checklist(void **state UNUSED)
{
    AUTO_FREE char *absolute = fixtures_path("/a/b/c.yaml", "id");
    AUTO_FREE char *bare = fixtures_path("c.yaml", "id");
    assert_string_equal(absolute, "/a/b/fixtures/id.yaml");
    assert_string_equal(bare, "./fixtures/id.yaml");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_stands_for_stdout_and_status_0),
        cmocka_unit_test(a_condition_is_told_by_its_status),
        cmocka_unit_test(what_is_wrong_is_told_with_its_place),
        cmocka_unit_test(what_is_written_reads_back_as_it_was),
        cmocka_unit_test(bytes_that_yaml_cannot_hold_are_refused),
        cmocka_unit_test(fixtures_lie_beside_the_checklist),
    };
    return cmocka_run_group_tests_name("fixtures", tests, NULL, NULL);
}
