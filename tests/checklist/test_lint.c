/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "../../src/checklist/suggest.h"
#include "base/buffer.h"
#include "checklist/command.h"
#include "checklist/load.h"

struct fixture {
    struct checklist *checklist;
    struct diagnostics diagnostics;
    struct buffer yaml, changes;
};

static struct fixture fixture;

static int release(void **state UNUSED)
{
    checklist_free(fixture.checklist);
    diagnostics_release(&fixture.diagnostics);
    buffer_release(&fixture.yaml);
    buffer_release(&fixture.changes);
    fixture = (struct fixture){0};
    return 0;
}

#define PROSE "why: W, fix: F, "

/* Lint a checklist whose one check has these keys, in YAML flow style. */
static void lint(const char *params, const char *keys)
{
    struct error error;
    release(NULL);
    buffer_append_format(&fixture.yaml,
                         "walkdown: 1\nid: test\ntitle: Test\nversion: 1\nparams: {%s}\n"
                         "areas: [{id: access, title: Access, checks: [\n"
                         "  {id: check, title: Check, severity: low, %s}]}]\n",
                         params, keys);
    assert_done(checklist_load(fixture.yaml.data, fixture.yaml.length, &fixture.checklist,
                               &fixture.diagnostics, &error),
                &error);
    checklist_lint(fixture.checklist, &fixture.diagnostics);
}

static void expect_warning(const char *part)
{
    assert_int_equal(fixture.diagnostics.error_count, 0);
    for (size_t i = 0; i < fixture.diagnostics.count; i++) {
        assert_int_equal(fixture.diagnostics.items[i].level, DIAGNOSTIC_WARNING);
        if (strstr(fixture.diagnostics.items[i].text, part) != NULL)
            return;
    }
    for (size_t i = 0; i < fixture.diagnostics.count; i++)
        print_error("%s\n", fixture.diagnostics.items[i].text);
    fail_msg("no warning has '%s'", part);
}

static void expect_silence(void)
{
    if (fixture.diagnostics.count > 0)
        print_error("%s\n", fixture.diagnostics.items[0].text);
    assert_int_equal(fixture.diagnostics.warning_count, 0);
}

static void a_sound_check_gives_no_warning(void **state UNUSED)
{
    lint("admins: {type: list, default: [root]}",
         PROSE "probes: [{id: p, run: 'getent group docker >&2'}],"
               "expect: [{that: stdout, subset-of: '${admins}'}],"
               "refs: {nist-800-53: [AC-6(2), CM-7], cis-docker: [5.1.20], stig-x: [V-242376],"
               "mitre-attack: [T1021.004, T1548], cwe: CWE-250, lynis: SSH-7408, mine: [a b]}");
    expect_silence();
}

static void missing_prose_is_told(void **state UNUSED)
{
    lint("", "ask: [{id: q, question: Q}]");
    expect_warning("has no 'why'");
    expect_warning("has no 'fix'");
}

static void a_check_that_leads_nowhere_is_told(void **state UNUSED)
{
    lint("", PROSE "probes: [{id: p, run: x}]");
    expect_warning("neither 'expect' nor 'ask'");
}

static void parameters_are_used_and_spelt_right(void **state UNUSED)
{
    lint("admins: {default: root}, paths: {default: x}",
         PROSE "probes: [{id: p, run: 'id ${admin} ${HOME}'}], expect: [{that: stdout, exists: "
               "true}]");
    expect_warning("the parameter 'admins' is not used");
    expect_warning("the parameter 'paths' is not used");
    expect_warning("${admin} is left to the shell, did you mean '${admins}'?");
    assert_int_equal(fixture.diagnostics.warning_count, 3);
    lint("a: {default: a}, b: {default: b}, c: {default: c}, d: {default: d}",
         PROSE "when: {path: '/${a}', shell: 'test ${b}'}, probes: [{id: p, run: x}], expect: ["
               "{that: stdout, select: '${c}', equals: 'x${d}'}]");
    expect_silence();
}

static void named_conditions_are_used_and_linted_once(void **state UNUSED)
{
    static const char conditions[] =
        "}\nconditions: {a: {met: m, unmet: u, when: {shell: 'rm ${p}'}},"
        "b: {met: m, unmet: u, when: {is: a}}, c: {met: m, unmet: u, when: {command: x}}";
    char params[400];
    snprintf(params, sizeof(params), "p: {default: x}%s", conditions);
    lint(params, PROSE "when: {is: b, not: {is: b}}, ask: [{id: q, question: Q}]");
    expect_warning("the condition 'c' is not used");
    expect_warning("the test looks as if it changes the target (calls rm)");
    assert_int_equal(fixture.diagnostics.warning_count, 2);
}

static void malformed_references_are_told(void **state UNUSED)
{
    static const char *const bad[] = {"nist-800-53: AC6",  "cis-debian: 5.1.x", "stig-k: 242376",
                                      "mitre-attack: T12", "cwe: '250'",        "lynis: SSH7408"};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        char keys[200];
        snprintf(keys, sizeof(keys), PROSE "ask: [{id: q, question: Q}], refs: {%s}", bad[i]);
        lint("", keys);
        expect_warning("does not look like a number of");
        assert_int_equal(fixture.diagnostics.warning_count, 1);
    }
}

static void what_does_not_fit_the_screen_or_hides_is_told(void **state UNUSED)
{
    char keys[400];
    snprintf(keys, sizeof(keys), "why: '%080d', fix: F, ask: [{id: q, question: Q}]", 1);
    lint("", keys);
    expect_warning("'why' has a word of 80 columns");
    lint("", "why: \"a\\u202Eb\", fix: F, ask: [{id: q, question: Q}]");
    expect_warning("'why' has hidden characters (1)");
    lint("", PROSE "probes: [{id: p, run: \"id \\u200B\"}], ask: [{id: q, question: Q}]");
    expect_warning("the probe 'p' has hidden characters");
}

static void hidden_errors_are_told_where_nothing_found_is_good(void **state UNUSED)
{
    static const char *const content[] = {"lacks: a",    "subset-of: [a]",
                                          "empty: true", "exists: false",
                                          "count: 0",    "matches: a, none: pass"};
    char keys[300];
    for (size_t i = 0; i < LENGTH(content); i++) {
        snprintf(keys, sizeof(keys),
                 PROSE "probes: [{id: p, run: 'find /etc 2>/dev/null'}],"
                       "expect: [{any: [{that: stdout, %s}]}]",
                 content[i]);
        lint("", keys);
        expect_warning("hides its errors");
    }
    static const char *const hiding[] = {"find /etc 2> /dev/null", "id 2>&-", "grep -rs a /etc",
                                         "grep -E -s a", "grep --no-messages a /etc"};
    for (size_t i = 0; i < LENGTH(hiding); i++) {
        snprintf(keys, sizeof(keys),
                 PROSE "probes: [{id: p, run: '%s'}], expect: [{that: stdout, lacks: a}]",
                 hiding[i]);
        lint("", keys);
        expect_warning("hides its errors");
    }
    lint("", PROSE "probes: [{id: p, run: 'grep -rn -e sas /etc >/dev/null'}],"
                   "expect: [{that: stdout, lacks: a}]");
    expect_silence();
    lint("", PROSE "probes: [{id: p, run: 'find /etc 2>/dev/null'}],"
                   "expect: [{that: stdout, matches: a}]");
    expect_silence();
    lint("", PROSE "probes: [{id: p, run: 'find /etc 2>/dev/null', as: root}],"
                   "expect: [{that: stdout, lacks: a}]");
    expect_silence();
}

static void an_exit_status_that_cannot_differ_is_told(void **state UNUSED)
{
    lint("", PROSE "probes: [{id: p, run: x}], expect: [{that: exit, exit: 0}]");
    expect_warning("this always holds");
    lint("", PROSE "probes: [{id: p, run: x, exits: [0, 1]}], expect: [{that: exit, exit: 0}]");
    expect_silence();
}

static void an_active_probe_may_change_things(void **state UNUSED)
{
    lint("", PROSE "probes: [{id: p, run: 'touch /x'}], ask: [{id: q, question: Q}]");
    expect_warning("the probe 'p' looks as if it changes the target (calls touch)");
    lint("",
         PROSE "probes: [{id: p, run: 'touch /x', effect: active}], ask: [{id: q, question: Q}]");
    expect_silence();
    lint("", PROSE "when: {shell: 'rm x'}, ask: [{id: q, question: Q}]");
    expect_warning("the test looks as if it changes the target (calls rm)");
}

static void a_look_from_the_reviewers_machine_is_at_the_target(void **state UNUSED)
{
    lint("", PROSE "probes: [{id: p, run: 'ssh-keyscan \"$TARGET_HOST\"', from: reviewer}], "
                   "ask: [{id: q, question: Q}]");
    expect_silence();
    lint("", PROSE "probes: [{id: p, run: 'ss -lnt', from: reviewer}], "
                   "ask: [{id: q, question: Q}]");
    expect_warning("it looks at that machine and not at the target");
    lint("", PROSE "probes: [{id: p, run: 'echo $TARGET_HOST', from: host}], "
                   "ask: [{id: q, question: Q}]");
    expect_warning("$TARGET_HOST, which is set only with 'from: reviewer'");
}

static void expect_changes(const char *const rows[][2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        buffer_clear(&fixture.changes);
        command_changes(rows[i][0], &fixture.changes);
        if (strcmp(buffer_text(&fixture.changes), rows[i][1]) != 0)
            fail_msg("%s: '%s', expected '%s'", rows[i][0], buffer_text(&fixture.changes),
                     rows[i][1]);
    }
}

static void commands_that_change_are_seen(void **state UNUSED)
{
    static const char *const rows[][2] = {
        {"rm -rf /x", "calls rm"},
        {"ls; /bin/mv a b", "calls mv"},
        {"cat x | tee /y", "calls tee"},
        {"id > /tmp/x", "writes to /tmp/x"},
        {"id >> x", "writes to x"},
        {"id 2>err", "writes to err"},
        {"id >| x", "writes to x"},
        {"id >&x", "writes to x"},
        {"id <>x", "writes to x"},
        {"id > \"$f\"", "writes to $f"},
        {"id > $(mktemp)", "writes to $(...)"},
        {"echo $(rm x)", "calls rm"},
        {"echo \"$(rm x)\"", "calls rm"},
        {"echo `rm x`", "calls rm"},
        {"if true; then rm x; fi", "calls rm"},
        {"A=b rm x", "calls rm"},
        {"! rm x", "calls rm"},
        {"(rm x)", "calls rm"},
        {"{ rm x; }", "calls rm"},
        {"true && rm x", "calls rm"},
        {"true &\nrm x", "calls rm"},
        {"sudo -n rm x", "calls rm"},
        {"ls | xargs -r rm", "calls rm"},
        {"find / -name x -exec rm {} +", "calls rm"},
        {"find / -name x -delete", "calls find -delete"},
        {"timeout 5 kill -9 1", "calls kill"},
        {"r\\m x", "calls rm"},
        {"'rm' x", "calls rm"},
        {"chmod 600 /x", "calls chmod"},
        {"apt-get -y install x", "calls apt-get install"},
        {"env LC_ALL=C apt-get -y install x", "calls apt-get install"},
        {"systemctl --user restart x", "calls systemctl restart"},
        {"service ssh restart", "calls service restart"},
        {"sysctl -w a=1", "calls sysctl -w, calls sysctl a=1"},
        {"sysctl a=1", "calls sysctl a=1"},
        {"docker container rm x", "calls docker rm"},
        {"docker -v; docker run x", "calls docker run"},
        {"sed -i s/a/b/ x", "calls sed -i"},
        {"cat <<E\nrm x\nE\nrm y", "calls rm"},
        {"mkfs.ext4 /dev/sda", "calls mkfs.ext4"},
    };
    expect_changes(rows, LENGTH(rows));
}

static void commands_inside_commands_are_seen(void **state UNUSED)
{
    static const char *const rows[][2] = {
        {"sh -c 'id; rm x'", "calls rm"},
        {"sudo -n bash -ec \"echo a > /etc/x\"", "writes to /etc/x"},
        {"find / -exec sh -c 'kill $1' _ {} \\;", "calls kill"},
        {"eval 'rm x'", "calls rm"},
        {"sh -c \"sh -c 'rm x'\"", "calls rm"},
        {"sed -Ei.bak s/a/b/ x", "calls sed -i"},
        {"curl -s -o /x http://a", "calls curl -o"},
        {"machinectl poweroff x", "calls machinectl poweroff"},
        {"initctl stop x", "calls initctl stop"},
    };
    expect_changes(rows, LENGTH(rows));
}

static void commands_that_only_look_are_let_be(void **state UNUSED)
{
    static const char *const rows[] = {
        "id >/dev/null 2>&1",
        "id >&2",
        "id 1>&2 2>/dev/null <x",
        "id 2>&-",
        "echo rm mv tee",
        "grep '> x' f",
        "awk '{ print > 3 }' f",
        "echo \"a > b; rm c\"",
        "echo a\\>b",
        "echo $((3 > 2))",
        "echo ${x:->y}",
        "# rm x > y",
        "command -v rm",
        "find / -name rm",
        "systemctl status restart",
        "systemctl is-active x",
        "docker ps --filter name=rm",
        "docker inspect run",
        "apt list --installed",
        "dpkg -l",
        "dpkg-query -W install",
        "sysctl -n kernel.x",
        "mount | grep rm",
        "ip -br addr show",
        "kubectl auth can-i create pods",
        "for f in rm mv; do echo \"$f\"; done",
        "case rm in rm) echo x ;; esac",
        "cat <<E\nrm x\nE",
        "passwd -S root",
        "iptables -S",
        "sh -c 'grep \"rm x\" /etc/passwd'",
        "bash --norc /x rm",
        "sed -ne '/i/p' x",
        "perl -ne 'print if /i/' x",
        "curl -sI http://a",
        "machinectl list",
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        buffer_clear(&fixture.changes);
        command_changes(rows[i], &fixture.changes);
        if (fixture.changes.length > 0)
            fail_msg("%s: '%s'", rows[i], buffer_text(&fixture.changes));
    }
}

static void the_distance_of_words_counts_edits(void **state UNUSED)
{
    static const struct {
        const char *a, *b;
        int distance;
    } rows[] = {{"", "", 0},
                {"a", "", 1},
                {"", "abc", 3},
                {"severty", "severity", 1},
                {"severtiy", "severity", 1},
                {"kitten", "sitting", 3},
                {"ab", "ba", 1},
                {"same", "same", 0}};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_int_equal(suggest_distance(rows[i].a, rows[i].b), rows[i].distance);
        assert_int_equal(suggest_distance(rows[i].b, rows[i].a), rows[i].distance);
    }
    char longest[80] = "";
    memset(longest, 'x', 70);
    assert_true(suggest_distance(longest, "x") > 1000);
}

static void lint_pattern(const char *matcher, const char *pattern)
{
    AUTO_FREE char *keys = memory_format(
        PROSE "probes: [{id: p, run: echo}], expect: [{that: stdout, %s: '%s', else: E}]", matcher,
        pattern);
    lint("", keys);
}

static void patterns_that_backtrack_badly_are_told(void **state UNUSED)
{
    static const char *const bad[] = {"(a+)+b",    "(a*)*",        "(?:\\s*\\S+)*x",
                                      "^(.*)*$",   "(a|b*)+c",     "a.*.*b",
                                      "([^ ]+)+$", "(a{2,}){3,}b", "((x+)?)*y"};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        lint_pattern("lacks", bad[i]);
        expect_warning("endlessly many ways");
    }
}

static void patterns_that_are_kept_apart_are_fine(void **state UNUSED)
{
    static const char *const good[] = {"^(a+ )+b",
                                       "( [^ ]*publickey[^ ]*)+$",
                                       "(?:(?!^x).)*?end",
                                       "([(*+]|\\(x\\*)+y",
                                       "(a++)+b",
                                       "(?>a+)*b",
                                       "\\.*x",
                                       "(?:nopass|set\\s*x)*y",
                                       "[[:space:]]*a[])]+",
                                       "(ab?)*c",
                                       "(a{2}){3}b"};
    for (size_t i = 0; i < LENGTH(good); i++) {
        lint_pattern("lacks", good[i]);
        expect_silence();
    }
}

static void expectations_whose_outcome_is_known_are_told(void **state UNUSED)
{
    lint_pattern("matches", ".*");
    expect_warning("can never fail");
    lint_pattern("each-matches", "^");
    expect_warning("can never fail");
    lint_pattern("lacks", "x*");
    expect_warning("can never pass");
    lint("", PROSE "probes: [{id: p, run: echo}], "
                   "expect: [{that: stdout, ignore: '.*', exists: true, else: E}]");
    expect_warning("nothing is left");
    lint_pattern("lacks", "^x*$");
    expect_silence();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(patterns_that_backtrack_badly_are_told, release),
        cmocka_unit_test_teardown(patterns_that_are_kept_apart_are_fine, release),
        cmocka_unit_test_teardown(expectations_whose_outcome_is_known_are_told, release),
        cmocka_unit_test_teardown(a_sound_check_gives_no_warning, release),
        cmocka_unit_test_teardown(missing_prose_is_told, release),
        cmocka_unit_test_teardown(a_check_that_leads_nowhere_is_told, release),
        cmocka_unit_test_teardown(parameters_are_used_and_spelt_right, release),
        cmocka_unit_test_teardown(named_conditions_are_used_and_linted_once, release),
        cmocka_unit_test_teardown(malformed_references_are_told, release),
        cmocka_unit_test_teardown(what_does_not_fit_the_screen_or_hides_is_told, release),
        cmocka_unit_test_teardown(hidden_errors_are_told_where_nothing_found_is_good, release),
        cmocka_unit_test_teardown(an_exit_status_that_cannot_differ_is_told, release),
        cmocka_unit_test_teardown(an_active_probe_may_change_things, release),
        cmocka_unit_test_teardown(a_look_from_the_reviewers_machine_is_at_the_target, release),
        cmocka_unit_test_teardown(commands_that_change_are_seen, release),
        cmocka_unit_test_teardown(commands_inside_commands_are_seen, release),
        cmocka_unit_test_teardown(commands_that_only_look_are_let_be, release),
        cmocka_unit_test(the_distance_of_words_counts_edits),
    };
    return cmocka_run_group_tests_name("lint", tests, NULL, NULL);
}
