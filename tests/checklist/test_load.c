/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/buffer.h"
#include "base/file.h"
#include "checklist/load.h"

struct fixture {
    struct checklist *checklist, *other;
    struct diagnostics diagnostics;
    struct buffer yaml, text;
};

static struct fixture fixture;

static int release(void **state UNUSED)
{
    checklist_free(fixture.checklist);
    checklist_free(fixture.other);
    diagnostics_release(&fixture.diagnostics);
    buffer_release(&fixture.yaml);
    buffer_release(&fixture.text);
    fixture = (struct fixture){0};
    return 0;
}

static const struct checklist *load(const char *yaml)
{
    struct error error;
    checklist_free(fixture.checklist);
    fixture.checklist = NULL;
    assert_done(checklist_load(yaml, strlen(yaml), &fixture.checklist, NULL, &error), &error);
    return fixture.checklist;
}

/* The one check with these keys, in YAML flow style. */
static const struct check *load_check(const char *keys)
{
    buffer_clear(&fixture.yaml);
    buffer_append_format(&fixture.yaml,
                         "walkdown: 1\nid: test\ntitle: Test\nversion: 1\n"
                         "params: {names: {type: list, default: [x]}, limit: {default: '4'}}\n"
                         "areas: [{id: access, title: Access, checks: [\n"
                         "  {id: check, title: Check, severity: low, %s}]}]\n",
                         keys);
    return &load(buffer_text(&fixture.yaml))->checks[0];
}

static const char example[] =
    "walkdown: 1\n"
    "id: isolated-environment\n"
    "title: Isolated environment baseline\n"
    "version: 2026.1\n"
    "params:\n"
    "  admins: {type: list, default: [root], help: Accounts with administrator rights}\n"
    "areas:\n"
    "  - id: access\n"
    "    title: Access control\n"
    "    checks:\n"
    "      - id: ssh-root-password\n"
    "        title: Root cannot log in over SSH with a password\n"
    "        severity: high\n"
    "        method: test\n"
    "        why: One guessed password would own the sandbox.\n"
    "        how: |\n"
    "          Read the effective configuration,\n"
    "          not the file.\n"
    "        when: {command: sshd}\n"
    "        probes:\n"
    "          - id: effective\n"
    "            run: sshd -T\n"
    "            as: root\n"
    "            timeout: 10s\n"
    "            max-output: 64k\n"
    "            exits: [0, 255]\n"
    "        expect:\n"
    "          - that: effective.stdout\n"
    "            matches: '^permitrootlogin (no|prohibit-password|forced-commands-only)$'\n"
    "            else: Root may log in with a password\n"
    "        ask:\n"
    "          - id: break-glass\n"
    "            question: Who may use the break-glass account?\n"
    "            type: choice\n"
    "            options: [nobody, somebody]\n"
    "        fix: Set `PermitRootLogin no`.\n"
    "        refs: {nist-800-53: [AC-6(2)], cis-debian: 5.1.20}\n"
    "  - id: own\n"
    "    title: My own area\n"
    "    checks: [{id: by-hand, title: Look, severity: info}]\n";

static void every_key_reaches_the_model(void **state UNUSED)
{
    const struct checklist *checklist = load(example);
    assert_string_equal(checklist->id, "isolated-environment");
    assert_string_equal(checklist->version, "2026.1");
    assert_string_equal(checklist->summary, "");
    assert_int_equal(checklist->parameter_count, 1);
    assert_true(checklist->parameters[0].is_list);
    assert_string_equal(checklist->parameters[0].values.items[0], "root");
    assert_int_equal(checklist->parameters[0].position.line, 6);
    assert_int_equal(checklist->area_count, 2);
    assert_int_equal(checklist->check_count, 2);
    const struct check *check = checklist_find_check(checklist, "ssh-root-password");
    assert_non_null(check);
    assert_int_equal(check->area, 0);
    assert_int_equal(check->severity, SEVERITY_HIGH);
    assert_int_equal(check->method, METHOD_TEST);
    assert_string_equal(check->how, "Read the effective configuration,\nnot the file.");
    assert_int_equal(check->when->kind, CONDITION_COMMAND);
    assert_string_equal(check->when->argument, "sshd");
    assert_string_equal(check->fix, "Set `PermitRootLogin no`.");
    assert_int_equal(check->position.line, 11);
    assert_int_equal(check->position.column, 9);
    assert_int_equal(check->reference_count, 2);
    assert_string_equal(check->references[1].framework, "cis-debian");
    assert_string_equal(check->references[1].numbers.items[0], "5.1.20");
    assert_string_equal(checklist->checks[1].why, "");
    assert_int_equal(checklist->checks[1].area, 1);
    assert_int_equal(checklist->checks[1].method, METHOD_EXAMINE);
    assert_null(checklist->checks[1].when);
    assert_null(checklist_find_check(checklist, "nothing"));
}

static void probes_and_questions_reach_the_model(void **state UNUSED)
{
    const struct check *check = &load(example)->checks[0];
    const struct check_probe *probe = check_find_probe(check, "effective");
    assert_non_null(probe);
    assert_string_equal(probe->run, "sshd -T");
    assert_true(probe->as_root);
    assert_int_equal(probe->effect, EFFECT_READ);
    assert_int_equal(probe->from, VANTAGE_INSIDE);
    assert_int_equal(probe->timeout_ms, 10000);
    assert_int_equal(probe->output_max_bytes, 65536);
    assert_true(probe->exits[0] && probe->exits[255] && !probe->exits[1]);
    assert_string_equal(check->questions[0].text, "Who may use the break-glass account?");
    assert_int_equal(check->questions[0].type, ANSWER_CHOICE);
    assert_int_equal(check->questions[0].options.count, 2);
    assert_string_equal(check->expectations[0].probe, "effective");
    assert_string_equal(check->expectations[0].otherwise, "Root may log in with a password");
    assert_int_equal(check->expectations[0].position.line, 28);
}

static void a_probe_has_defaults(void **state UNUSED)
{
    const struct check_probe *probe = &load_check("probes: [{id: p, run: x}]")->probes[0];
    assert_false(probe->as_root);
    assert_int_equal(probe->timeout_ms, PROBE_TIMEOUT_MS_DEFAULT);
    assert_int_equal(probe->output_max_bytes, PROBE_OUTPUT_BYTES_DEFAULT);
    for (size_t i = 0; i < LENGTH(probe->exits); i++)
        assert_int_equal(probe->exits[i], i == 0);
    probe = &load_check("probes: [{id: p, run: x, exits: any, timeout: 500ms, max-output: 4M,"
                        "effect: active, from: host}]")
                 ->probes[0];
    assert_true(probe->exits[0] && probe->exits[77]);
    assert_int_equal(probe->timeout_ms, 500);
    assert_int_equal(probe->output_max_bytes, 4 * 1024 * 1024);
    assert_int_equal(probe->effect, EFFECT_ACTIVE);
    assert_int_equal(probe->from, VANTAGE_HOST);
}

static void scalars_are_text_and_booleans_only_true_and_false(void **state UNUSED)
{
    const struct check *check =
        load_check("why: no, how: 1.10, fix: ~, probes: [{id: '0', run: off}], expect: ["
                   "{that: stdout, one-of: [no, yes, 0644, 1e3, null]}, {that: stdout, empty: "
                   "true}, {that: stdout, exists: 'false'}]");
    assert_string_equal(check->why, "no");
    assert_string_equal(check->how, "1.10");
    assert_string_equal(check->fix, "~");
    assert_string_equal(check->probes[0].run, "off");
    static const char *const texts[] = {"no", "yes", "0644", "1e3", "null"};
    for (size_t i = 0; i < LENGTH(texts); i++)
        assert_string_equal(check->expectations[0].arguments.items[i], texts[i]);
    assert_true(check->expectations[1].argument_is_true);
    assert_false(check->expectations[2].argument_is_true);
}

static void expectations_become_a_tree(void **state UNUSED)
{
    const struct check *check = load_check(
        "probes: [{id: p, run: x}], expect: ["
        "{any: [{all: [{that: p.stderr, column: 3, separator: ':', at-most: 4}]},"
        " {not: {that: stdout, key: port, equals: '${limit}', none: pass}}], else: Neither},"
        "{that: exit, exit: [0, 3]}, {that: stdout, count: 1, select: a, ignore: b},"
        "{that: stdout, capture: '(x)', between: [1, 2]}, {that: stdout, pointer: '', lacks: a},"
        "{that: stdout, whole: true, contains-all: '${names}'}]");
    assert_int_equal(check->expectation_count, 6);
    const struct expectation *any = &check->expectations[0];
    assert_int_equal(any->kind, EXPECT_ANY);
    assert_string_equal(any->otherwise, "Neither");
    assert_int_equal(any->child_count, 2);
    const struct expectation *column = &any->children[0].children[0];
    assert_int_equal(column->stream, STREAM_STDERR);
    assert_int_equal(column->extraction, EXTRACT_COLUMN);
    assert_int_equal(column->extract_number, 3);
    assert_string_equal(column->separator, ":");
    assert_int_equal(column->matcher, MATCHER_AT_MOST);
    const struct expectation *key = &any->children[1].children[0];
    assert_int_equal(any->children[1].kind, EXPECT_NOT);
    assert_int_equal(key->extraction, EXTRACT_KEY);
    assert_string_equal(key->extract_text, "port");
    assert_int_equal(key->no_value, NO_VALUE_PASS);
    assert_int_equal(check->expectations[1].stream, STREAM_EXIT);
    assert_int_equal(check->expectations[1].arguments.count, 2);
    assert_int_equal(check->expectations[2].arguments.count, 2);
    assert_string_equal(check->expectations[2].arguments.items[1], "1");
    assert_string_equal(check->expectations[2].ignore, "b");
    assert_int_equal(check->expectations[4].extraction, EXTRACT_POINTER);
    assert_int_equal(check->expectations[5].no_value, NO_VALUE_FAIL);
}

static void conditions_of_one_mapping_all_hold(void **state UNUSED)
{
    const struct condition *when =
        load_check("when: {command: [a, b], not: {path: /x}, any: [{process: c}, {shell: d, "
                   "path: /e}]}")
            ->when;
    assert_int_equal(when->kind, CONDITION_ALL);
    assert_int_equal(when->child_count, 4);
    assert_int_equal(when->children[1].kind, CONDITION_COMMAND);
    assert_string_equal(when->children[1].argument, "b");
    assert_int_equal(when->children[2].kind, CONDITION_ANY);
    assert_int_equal(when->children[2].children[1].kind, CONDITION_ALL);
    assert_int_equal(when->children[3].kind, CONDITION_NOT);
    assert_int_equal(when->children[3].child_count, 1);
    when = load_check("when: [{command: a}]")->when;
    assert_int_equal(when->kind, CONDITION_COMMAND);
    when = load_check("when: {not: [{command: a}, {command: b}]}")->when;
    assert_int_equal(when->kind, CONDITION_NOT);
    assert_int_equal(when->children[0].kind, CONDITION_ALL);
}

static void a_named_condition_is_copied_into_its_checks(void **state UNUSED)
{
    const struct checklist *checklist =
        load("walkdown: 1\nid: x\ntitle: T\nversion: 1\n"
             "conditions:\n"
             "  sandbox: {met: a sandbox, unmet: a host, when: {path: [/a, /b]}}\n"
             "areas: [{id: a, title: A, checks: [\n"
             "  {id: c, title: C, severity: low, when: {command: x, is: sandbox}},\n"
             "  {id: d, title: C, severity: low, when: {command: x, path: [/a, /b]}}]}]\n");
    assert_int_equal(checklist->condition_count, 1);
    assert_string_equal(checklist->conditions[0].id, "sandbox");
    const struct condition *when = checklist->checks[0].when;
    assert_int_equal(when->kind, CONDITION_ALL);
    assert_int_equal(when->child_count, 2);
    assert_string_equal(when->children[1].id, "sandbox");
    assert_string_equal(when->children[1].unmet, "a host");
    assert_int_equal(when->children[1].kind, CONDITION_ALL);
    assert_string_equal(when->children[1].children[1].argument, "/b");
    assert_ptr_not_equal(when->children[1].children, checklist->conditions[0].condition->children);
}

/* The hexadecimal digest of the check with these keys. */
static void digest_of_check(const char *keys, char text[DIGEST_HEX_BYTES])
{
    digest_hex(&load_check(keys)->digest, text);
}

static void the_digest_of_a_check_covers_what_makes_it_the_same(void **state UNUSED)
{
#define PLAIN "probes: [{id: p, run: x}], expect: [{that: stdout, lacks: a}]"
    static const char *const same[] = {
        PLAIN, "why: W, how: H, fix: F, refs: {cwe: CWE-1}, method: test, " PLAIN,
        "expect: [{lacks: 'a', that: p.stdout}], probes: [{run: \"x\", id: p, timeout: 30s}]"};
    static const char *const others[] = {
        "probes: [{id: p, run: y}], expect: [{that: stdout, lacks: a}]",
        "probes: [{id: p, run: x}], expect: [{that: stdout, lacks: b}]",
        "probes: [{id: p, run: x}], expect: [{that: stdout, matches: a}]",
        "probes: [{id: p, run: x}], expect: [{that: stderr, lacks: a}]",
        "probes: [{id: p, run: x}], expect: [{that: stdout, lacks: a, else: E}]",
        "probes: [{id: p, run: x}], expect: [{that: stdout, lacks: a, select: s}]",
        "probes: [{id: p, run: x}], expect: [{that: stdout, lacks: a, ignore: s}]",
        "probes: [{id: p, run: x}], expect: [{not: {that: stdout, lacks: a}}]",
        "probes: [{id: p, run: x}], expect: [{that: stdout, column: 1, lacks: a}]",
        "probes: [{id: p, run: x}], expect: [{that: stdout, column: 2, lacks: a}]",
        "probes: [{id: p, run: x, as: root}], expect: [{that: stdout, lacks: a}]",
        "probes: [{id: p, run: x, effect: active}], expect: [{that: stdout, lacks: a}]",
        "probes: [{id: p, run: x, from: host}], expect: [{that: stdout, lacks: a}]",
        "probes: [{id: p, run: x, timeout: 1s}], expect: [{that: stdout, lacks: a}]",
        "probes: [{id: p, run: x, max-output: 1k}], expect: [{that: stdout, lacks: a}]",
        "probes: [{id: p, run: x, exits: [0, 1]}], expect: [{that: stdout, lacks: a}]",
        "when: {command: x}, " PLAIN,
        "when: {path: /x}, " PLAIN,
        "ask: [{id: q, question: Q}], " PLAIN,
        "ask: [{id: q, question: Q, type: number}], " PLAIN,
    };
    char first[DIGEST_HEX_BYTES], text[LENGTH(others)][DIGEST_HEX_BYTES];
    digest_of_check(PLAIN, first);
    for (size_t i = 0; i < LENGTH(same); i++) {
        digest_of_check(same[i], text[0]);
        assert_string_equal(text[0], first);
    }
    for (size_t i = 0; i < LENGTH(others); i++) {
        digest_of_check(others[i], text[i]);
        assert_string_not_equal(text[i], first);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(text[i], text[j]);
    }
    /* A change of the encoding would end every verdict that is carried forward. */
    assert_string_equal(first, "1d4598540d8471e14b0035e8ef43f9c1858c864c183498f3b4a8a79b9b24a3bb");
}

static void the_source_is_kept_with_its_digest(void **state UNUSED)
{
    const struct checklist *checklist = load(example);
    struct digest digest = digest_of(example, strlen(example));
    assert_true(digest_equal(&checklist->digest, &digest));
    assert_int_equal(checklist->source.length, strlen(example));
    assert_memory_equal(checklist->source.data, example, strlen(example));
}

static void carriage_returns_and_an_end_mark_are_fine(void **state UNUSED)
{
    load("---\r\nwalkdown: 1\r\nid: x\r\ntitle: T\r\nversion: 1\r\n"
         "areas: [{id: a, title: A, checks: [{id: c, title: C, severity: low}]}]\r\n...\r\n# end");
}

static void all_errors_are_told_in_the_order_of_the_file(void **state UNUSED)
{
    static const char yaml[] = "walkdown: 1\nid: X\ntitel: T\nversion: 1\nareas: []\n";
    struct error error;
    assert_refused(
        checklist_load(yaml, strlen(yaml), &fixture.checklist, &fixture.diagnostics, &error),
        &error, ERROR_INVALID);
    assert_string_equal(error.message, "1:1: a checklist needs the key 'title'");
    diagnostics_print(&fixture.diagnostics, "dir/\x1B[2J.yaml", &fixture.text);
    assert_string_equal(
        buffer_text(&fixture.text),
        "dir/<1B>[2J.yaml:1:1: error: a checklist needs the key 'title'\n"
        "dir/<1B>[2J.yaml:2:5: error: 'X' is no id, expected 1 to 63 of a-z, 0-9 and '-', not "
        "starting with '-'\n"
        "dir/<1B>[2J.yaml:3:1: error: unknown key 'titel', did you mean 'title'?\n"
        "dir/<1B>[2J.yaml:5:8: error: 'areas' is empty, expected at least one area\n");
}

static void no_more_than_100_diagnostics_are_kept(void **state UNUSED)
{
    struct error error;
    for (int i = 0; i < 150; i++)
        buffer_append_format(&fixture.yaml, "k%d: v\n", i);
    assert_refused(checklist_load(fixture.yaml.data, fixture.yaml.length, &fixture.checklist,
                                  &fixture.diagnostics, &error),
                   &error, ERROR_INVALID);
    assert_int_equal(fixture.diagnostics.count, 100);
    assert_int_equal(fixture.diagnostics.error_count, 155);
    diagnostics_print(&fixture.diagnostics, "f", &fixture.text);
    assert_non_null(strstr(buffer_text(&fixture.text), "\nf: and 55 more\n"));
}

static void the_error_of_a_file_begins_with_its_place(void **state UNUSED)
{
    struct error error;
    const char *path = testing_write("bad.yaml", "walkdown: 1\nid: X\n");
    assert_refused(checklist_load_file(path, &fixture.checklist, NULL, &error), &error,
                   ERROR_INVALID);
    buffer_append_format(&fixture.text, "%s:1:1: a checklist needs the key 'title'", path);
    assert_string_equal(error.message, buffer_text(&fixture.text));
    path = testing_write("good.yaml", example);
    assert_done(checklist_load_file(path, &fixture.checklist, NULL, &error), &error);
    assert_refused(checklist_load_file(testing_path("none.yaml"), &fixture.other, NULL, &error),
                   &error, ERROR_NOT_FOUND);
}

static void the_example_of_the_manual_loads_without_a_warning(void **state UNUSED)
{
    struct error error;
    assert_done(
        file_read(testing_source("docs/checklist-format.md"), 1024 * 1024, &fixture.text, &error),
        &error);
    const char *start = strstr(buffer_text(&fixture.text), "```yaml\nwalkdown: 1\n");
    assert_non_null(start);
    start += strlen("```yaml\n");
    const char *end = strstr(start, "```\n");
    assert_non_null(end);
    assert_done(checklist_load(start, (size_t)(end - start), &fixture.checklist,
                               &fixture.diagnostics, &error),
                &error);
    checklist_lint(fixture.checklist, &fixture.diagnostics);
    diagnostics_print(&fixture.diagnostics, "example", &fixture.yaml);
    assert_string_equal(buffer_text(&fixture.yaml), "");
}

static void the_words_of_a_checklist_can_be_read_back(void **state UNUSED)
{
    enum severity severity;
    for (int i = SEVERITY_INFO; i <= SEVERITY_CRITICAL; i++) {
        assert_true(severity_parse(severity_text((enum severity)i), &severity));
        assert_int_equal(severity, i);
    }
    assert_false(severity_parse("High", &severity));
    assert_string_equal(method_text(METHOD_INTERVIEW), "interview");
    assert_string_equal(effect_text(EFFECT_ACTIVE), "active");
    assert_string_equal(vantage_text(VANTAGE_REVIEWER), "reviewer");
    assert_string_equal(answer_type_text(ANSWER_YES_NO), "yes-no");
    assert_string_equal(matcher_text(MATCHER_VERSION_AT_LEAST), "version-at-least");
    assert_string_equal(matcher_text(MATCHER_DIFFERS_FROM), "differs-from");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_key_reaches_the_model, release),
        cmocka_unit_test_teardown(probes_and_questions_reach_the_model, release),
        cmocka_unit_test_teardown(a_probe_has_defaults, release),
        cmocka_unit_test_teardown(scalars_are_text_and_booleans_only_true_and_false, release),
        cmocka_unit_test_teardown(expectations_become_a_tree, release),
        cmocka_unit_test_teardown(conditions_of_one_mapping_all_hold, release),
        cmocka_unit_test_teardown(a_named_condition_is_copied_into_its_checks, release),
        cmocka_unit_test_teardown(the_digest_of_a_check_covers_what_makes_it_the_same, release),
        cmocka_unit_test_teardown(the_source_is_kept_with_its_digest, release),
        cmocka_unit_test_teardown(carriage_returns_and_an_end_mark_are_fine, release),
        cmocka_unit_test_teardown(all_errors_are_told_in_the_order_of_the_file, release),
        cmocka_unit_test_teardown(no_more_than_100_diagnostics_are_kept, release),
        cmocka_unit_test_teardown(the_error_of_a_file_begins_with_its_place, release),
        cmocka_unit_test_teardown(the_example_of_the_manual_loads_without_a_warning, release),
        cmocka_unit_test(the_words_of_a_checklist_can_be_read_back),
    };
    return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
