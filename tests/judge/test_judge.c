/* SPDX-License-Identifier: Apache-2.0 */
/* What evidence is worth, and what follows for the check as a whole. */
#include "judging.h"

static struct judging judging;

static int release(void **state UNUSED)
{
    judging_release(&judging);
    return 0;
}

static void load(const char *keys)
{
    judging_load(&judging, NULL, keys);
}

static void expect(const struct judge_evidence *evidence, size_t count, enum suggestion suggestion,
                   const char *reason_part)
{
    judging_expect(judging_judge(&judging, evidence, count), suggestion, reason_part, "check");
}

static void the_words_of_suggestions_and_outcomes_can_be_read_back(void **state UNUSED)
{
    enum suggestion suggestion;
    enum outcome outcome;
    for (int i = SUGGESTION_NONE; i <= SUGGESTION_UNDECIDED; i++) {
        assert_true(suggestion_parse(suggestion_text((enum suggestion)i), &suggestion));
        assert_int_equal(suggestion, i);
    }
    for (int i = OUTCOME_DONE; i <= OUTCOME_UNREACHABLE; i++) {
        assert_true(outcome_parse(outcome_text((enum outcome)i), &outcome));
        assert_int_equal(outcome, i);
    }
    assert_string_equal(suggestion_text(SUGGESTION_NOT_APPLICABLE), "not-applicable");
    assert_false(suggestion_parse("PASS", &suggestion));
    assert_false(outcome_parse("", &outcome));
}

static void without_evidence_nothing_is_suggested(void **state UNUSED)
{
    load("probes: [{id: p, run: x}], expect: [{that: stdout, empty: true}]");
    expect(NULL, 0, SUGGESTION_NONE, "nothing was gathered yet");
    load("when: {command: x}, ask: [{id: q, question: Q?}]");
    expect(NULL, 0, SUGGESTION_NONE, NULL);
}

static void a_check_without_probes_needs_a_human_at_once(void **state UNUSED)
{
    load("ask: [{id: q, question: Who approves it?}, {id: r, question: How often?}]");
    expect(NULL, 0, SUGGESTION_UNDECIDED, "needs your judgement: Who approves it? How often?");
}

static void a_missing_record_is_not_yet_known(void **state UNUSED)
{
    load("probes: [{id: p, run: x}, {id: q, run: y}],"
         "expect: [{that: p.stdout, empty: true}, {that: q.stdout, empty: true}]");
    struct judge_evidence evidence = judging_done("p", 0, "", "");
    expect(&evidence, 1, SUGGESTION_NONE, "the probe 'q' has not been run yet");
    evidence = judging_done("p", 0, "bad\n", "");
    expect(&evidence, 1, SUGGESTION_FAIL, "found 'bad'");
}

static void the_condition_decides_whether_a_check_applies(void **state UNUSED)
{
    load("when: {command: sshd}, probes: [{id: p, run: x}],"
         "expect: [{that: stdout, empty: true}]");
    struct judge_evidence evidence[] = {judging_done("p", 0, "", ""),
                                        judging_done("when", 0, "", "")};
    expect(evidence, 2, SUGGESTION_PASS, NULL);
    expect(evidence, 1, SUGGESTION_NONE, "whether the check applies");
    evidence[1] = judging_done("when", 1, "", "");
    expect(evidence, 2, SUGGESTION_NOT_APPLICABLE, "there is no command sshd");
    expect(evidence + 1, 1, SUGGESTION_NOT_APPLICABLE, NULL);
    evidence[1] = judging_done("when", 2, "", "");
    expect(evidence, 2, SUGGESTION_BLOCKED, "it cannot be told from here whether the check");
    evidence[1] = judging_done("when", 3, "", "");
    expect(evidence, 2, SUGGESTION_BLOCKED, "the test whether the check applies ended with");
    evidence[1] = judging_done("when", 1, "", "ls: /x: Permission denied\n");
    expect(evidence, 2, SUGGESTION_BLOCKED, "Permission denied");
    evidence[1].outcome = OUTCOME_TIMEOUT;
    expect(evidence, 2, SUGGESTION_BLOCKED, "was stopped");
    evidence[1] = judging_done("when", 127, "", "");
    expect(evidence, 2, SUGGESTION_BLOCKED, "no such tool");
}

static void a_probe_that_gave_no_answer_blocks(void **state UNUSED)
{
    static const struct {
        enum outcome outcome;
        const char *reason;
    } rows[] = {
        {OUTCOME_TIMEOUT, "the probe 'effective' was stopped after 10 s"},
        {OUTCOME_TRUNCATED, "the output of the probe 'effective' was longer than 64 KiB"},
        {OUTCOME_CUT, "the connection ended before the probe 'effective' did"},
        {OUTCOME_NO_FRAME, "did not reach a working shell"},
        {OUTCOME_REFUSED, "the right to run the probe 'effective' as root was refused"},
        {OUTCOME_CANCELLED, "was cancelled"},
        {OUTCOME_NOT_RUN, "the probe 'effective' was not run: 'no consent'"},
        {OUTCOME_UNREACHABLE, "could not be reached"},
    };
    load("probes: [{id: effective, run: x, timeout: 10s, max-output: 64k}],"
         "expect: [{that: stdout, lacks: bad}]");
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct judge_evidence evidence = judging_done("effective", 0, "good\n", "");
        evidence.outcome = rows[i].outcome;
        evidence.detail = "no consent";
        expect(&evidence, 1, SUGGESTION_BLOCKED, rows[i].reason);
    }
}

/* What a way in said of itself is the reason, and stands behind words of ours. */
static void what_is_known_of_an_outcome_is_told_to_its_end(void **state UNUSED)
{
    load("probes: [{id: p, run: x}], expect: [{that: stdout, lacks: bad}]");
    struct judge_evidence evidence = judging_done("p", 0, "", "");
    evidence.outcome = OUTCOME_NO_FRAME;
    evidence.detail = "the way in failed: what leads into the sandbox ended with status 1; the "
                      "target said \"permission denied while trying to connect to the daemon at "
                      "unix:///var/run/docker.sock: connect: permission denied\"";
    expect(&evidence, 1, SUGGESTION_BLOCKED, "docker.sock: connect: permission denied\"'");
}

static void what_was_seen_before_the_stop_can_still_fail(void **state UNUSED)
{
    load("probes: [{id: p, run: x}], expect: [{that: stdout, lacks: bad}]");
    static const enum outcome stopped[] = {OUTCOME_TIMEOUT, OUTCOME_TRUNCATED, OUTCOME_CUT,
                                           OUTCOME_CANCELLED};
    for (size_t i = 0; i < LENGTH(stopped); i++) {
        struct judge_evidence evidence = judging_done("p", 0, "so bad\nand", "");
        evidence.outcome = stopped[i];
        expect(&evidence, 1, SUGGESTION_FAIL, "so bad");
        /* The last line is not all there: it may go on to say something else. */
        evidence = judging_done("p", 0, "and\nso bad", "");
        evidence.outcome = stopped[i];
        expect(&evidence, 1, SUGGESTION_BLOCKED, NULL);
    }
}

static void output_of_a_probe_that_was_refused_proves_nothing(void **state UNUSED)
{
    load("probes: [{id: p, run: x}], expect: [{that: stdout, lacks: bad}]");
    static const enum outcome refused[] = {OUTCOME_NO_FRAME, OUTCOME_REFUSED, OUTCOME_NOT_RUN,
                                           OUTCOME_UNREACHABLE};
    for (size_t i = 0; i < LENGTH(refused); i++) {
        struct judge_evidence evidence = judging_done("p", 0, "so bad\n", "");
        evidence.outcome = refused[i];
        expect(&evidence, 1, SUGGESTION_BLOCKED, NULL);
    }
}

static void an_exit_status_that_is_no_answer_blocks(void **state UNUSED)
{
    static const struct {
        int status;
        const char *err, *reason;
    } rows[] = {
        {1, "\nboom\nbang\n", "ended with exit status 1, which is no answer: 'boom'"},
        {2, "", "ended with exit status 2, which is no answer"},
        {3, "sudo: unable to resolve host x: No address\nboom\n", "which is no answer: 'boom'"},
        {4, "sudo: unable to resolve host x: No address\n",
         "answer: 'sudo: unable to resolve host"},
        {126, "sh: x: cannot run\n", "could not start its tool: 'sh: x: cannot run'"},
        {127, "sh: 1: x: not found\n", "the target has no such tool as the probe 'p' needs"},
        {153, "", "tried to write a file"},
        {152, "", "too much processor time"},
        {-1, "", "which is no answer"},
        {300, "", "which is no answer"},
    };
    load("probes: [{id: p, run: x}], expect: [{that: stdout, lacks: bad}]");
    for (size_t i = 0; i < LENGTH(rows); i++) {
        struct judge_evidence evidence = judging_done("p", rows[i].status, "bad\n", rows[i].err);
        expect(&evidence, 1, SUGGESTION_BLOCKED, rows[i].reason);
    }
    load("probes: [{id: p, run: x, exits: [0, 1]}], expect: [{that: stdout, lacks: bad}]");
    struct judge_evidence evidence = judging_done("p", 1, "", "");
    expect(&evidence, 1, SUGGESTION_PASS, NULL);
}

static void refusals_on_stderr_make_output_incomplete(void **state UNUSED)
{
    static const char *const refusals[] = {
        "grep: /etc/shadow: Permission denied\n",
        "ss: Operation not permitted\n",
        "iptables v1.8.9: Could not fetch rule set: Permission denied (you must be root)\n",
        "You need to be root to perform this command.\n",
        "sudo: a password is required\n",
        "joe is not in the sudoers file.\n",
        "(No info could be read for \"-p\": geteuid()=1000 but you should be root.)\n",
        "Failed: Interactive authentication required.\n",
        "sh: 1: lsns: not found\n",
        "bash: line 3: lsns: command not found",
        "sh: lsns: inaccessible or not found\n",
        "zsh:1: command not found: lsns\n",
        "find: unrecognized: -nouser\nBusyBox v1.37.0 multi-call binary.\n",
        "stat: unrecognized option '--printf'\n",
        "find: unknown predicate `-nosuch'\n",
        "ss: invalid option -- 'H'\n",
        "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.\n",
        "sort: cannot allocate memory\n",
        "This has to be run as root\n",
        "System has not been booted with systemd as init system (PID 1). Can't operate.\n",
        "Cannot open netlink socket: Protocol not supported\n",
        "The connection to the server localhost:8080 was refused\n",
        "incomplete: the package lists are 30 days old\n",
        "noise\nmore noise\nls: cannot open directory '/root': PERMISSION DENIED\r\n",
    };
    load("probes: [{id: p, run: x}], expect: [{that: stdout, lacks: bad}]");
    for (size_t i = 0; i < LENGTH(refusals); i++) {
        struct judge_evidence evidence = judging_done("p", 0, "good\n", refusals[i]);
        expect(&evidence, 1, SUGGESTION_BLOCKED, "the probe 'p' could not see everything: '");
        evidence = judging_done("p", 0, "bad\n", refusals[i]);
        expect(&evidence, 1, SUGGESTION_FAIL, NULL);
    }
    static const char *const noise[] = {"warning: deprecated\n", "Unit x.service not found.\n",
                                        "grep: /etc/x: No such file or directory\n", "found: 3\n",
                                        "WARNING: running as root is unwise\n"};
    for (size_t i = 0; i < LENGTH(noise); i++) {
        struct judge_evidence evidence = judging_done("p", 0, "good\n", noise[i]);
        expect(&evidence, 1, SUGGESTION_PASS, NULL);
    }
}

static void one_earned_alternative_is_enough(void **state UNUSED)
{
    load("probes: [{id: nft, run: x}, {id: ipt, run: y}], expect: [{any: ["
         "{that: nft.stdout, exists: true}, {that: ipt.stdout, exists: true}], else: No filter}]");
    struct judge_evidence evidence[] = {judging_done("nft", 127, "", "sh: nft: not found\n"),
                                        judging_done("ipt", 0, "-A INPUT\n", "")};
    expect(evidence, 2, SUGGESTION_PASS, "'-A INPUT' (ipt.stdout line 1)");
    evidence[1] = judging_done("ipt", 0, "", "");
    expect(evidence, 2, SUGGESTION_BLOCKED, "no such tool as the probe 'nft' needs");
    evidence[1] = judging_done("ipt", 0, "-A INPUT\n", "permission denied\n");
    expect(evidence, 2, SUGGESTION_BLOCKED, NULL);
    evidence[0] = judging_done("nft", 0, "", "");
    evidence[1] = judging_done("ipt", 0, "", "");
    expect(evidence, 2, SUGGESTION_FAIL, "No filter: found nothing in nft.stdout");
}

static void failing_expectations_are_told_together_and_blocked_ones_are_not(void **state UNUSED)
{
    load("probes: [{id: p, run: x}, {id: q, run: y}], expect: ["
         "{that: p.stdout, lacks: a, else: An a}, {that: q.stdout, lacks: x},"
         "{that: p.stdout, lacks: b, else: A b}, {that: p.stdout, matches: c}]");
    struct judge_evidence evidence[] = {judging_done("p", 0, "a\nb\nc\n", ""),
                                        judging_done("q", 127, "", "")};
    expect(evidence, 2, SUGGESTION_FAIL,
           "An a: found 'a' (p.stdout line 1), expected nothing that matches 'a'; "
           "A b: found 'b'");
    assert_null(strstr(judging.judgement.reason, "tool"));
}

static void a_probe_that_nothing_looks_at_is_only_noted(void **state UNUSED)
{
    load("probes: [{id: p, run: x}, {id: extra, run: y}], expect: [{that: p.stdout, lacks: a}]");
    struct judge_evidence evidence[] = {judging_done("p", 0, "", ""),
                                        judging_done("extra", 127, "", "")};
    expect(evidence, 2, SUGGESTION_PASS, "note: the target has no such tool");
}

static void without_expectations_a_human_decides_on_what_there_is(void **state UNUSED)
{
    load("probes: [{id: p, run: x}, {id: q, run: y}], ask: [{id: a, question: Is it fine?}]");
    struct judge_evidence evidence[] = {judging_done("p", 0, "x\n", ""),
                                        judging_done("q", 127, "", "")};
    expect(evidence, 2, SUGGESTION_UNDECIDED,
           "needs your judgement: Is it fine?; note: the target");
    expect(evidence + 1, 1, SUGGESTION_BLOCKED, "no such tool");
    evidence[0].probe = "r";
    expect(evidence, 1, SUGGESTION_NONE, NULL);
}

static void parameters_change_the_answer(void **state UNUSED)
{
    judging_load(&judging, "admins: {type: list, default: [root]}",
                 "probes: [{id: p, run: x}], expect: [{that: stdout, subset-of: '${admins}'}]");
    struct judge_evidence evidence = judging_done("p", 0, "root\njoe\n", "");
    expect(&evidence, 1, SUGGESTION_FAIL, "found 'joe' (stdout line 2), expected 'root'");
    struct strings values = {0};
    strings_push(&values, "joe");
    strings_push(&values, "root");
    bool is_set = parameters_set(&judging.parameters, "admins", &values, NULL);
    strings_release(&values);
    assert_true(is_set);
    expect(&evidence, 1, SUGGESTION_PASS, NULL);
}

static void a_parameter_that_is_no_number_cannot_decide(void **state UNUSED)
{
    judging_load(&judging, "limit: {default: '4'}, age: {default: 90d}",
                 "probes: [{id: p, run: x}], expect: [{that: stdout, at-most: '${limit}'}]");
    struct strings values = {0};
    strings_push(&values, "four");
    bool is_set = parameters_set(&judging.parameters, "limit", &values, NULL);
    strings_release(&values);
    assert_true(is_set);
    struct judge_evidence evidence = judging_done("p", 0, "3\n", "");
    expect(&evidence, 1, SUGGESTION_UNDECIDED, "'four' is no number");
}

static void a_reason_stays_readable(void **state UNUSED)
{
    static char keys[61000];
    size_t length = (size_t)snprintf(keys, sizeof(keys), "%s",
                                     "probes: [{id: p, run: x}], expect: [{that: stdout, "
                                     "empty: true, else: '");
    while (length + 10 < sizeof(keys))
        length += (size_t)snprintf(keys + length, 10, "ü");
    snprintf(keys + length, sizeof(keys) - length, "'}]");
    load(keys);
    struct judge_evidence evidence = judging_done("p", 0, "x\n", "");
    expect(&evidence, 1, SUGGESTION_FAIL, "üü...");
    assert_true(strlen(judging.judgement.reason) < 5000);
}

/* The goal is a few milliseconds; the bound leaves room for sanitizers and a busy machine. */
static void two_hundred_times_the_same_gives_the_same(void **state UNUSED)
{
    char out[8000] = "";
    size_t length = 0;
    while (length + 60 < sizeof(out))
        length += (size_t)snprintf(out + length, 60, "option%zu some value of it\n", length);
    load("when: {command: sshd}, probes: [{id: p, run: x}], expect: ["
         "{that: stdout, matches: '^option0 (some|other)'},"
         "{that: stdout, key: option0, equals: some value of it},"
         "{that: stdout, lacks: '(?i)^never.*seen$'}]");
    struct judge_evidence evidence[] = {judging_done("when", 0, "", ""),
                                        judging_done("p", 0, out, "")};
    for (int i = 0; i < 200; i++)
        expect(evidence, 2, SUGGESTION_PASS, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_words_of_suggestions_and_outcomes_can_be_read_back),
        cmocka_unit_test_teardown(without_evidence_nothing_is_suggested, release),
        cmocka_unit_test_teardown(a_check_without_probes_needs_a_human_at_once, release),
        cmocka_unit_test_teardown(a_missing_record_is_not_yet_known, release),
        cmocka_unit_test_teardown(the_condition_decides_whether_a_check_applies, release),
        cmocka_unit_test_teardown(a_probe_that_gave_no_answer_blocks, release),
        cmocka_unit_test_teardown(what_is_known_of_an_outcome_is_told_to_its_end, release),
        cmocka_unit_test_teardown(what_was_seen_before_the_stop_can_still_fail, release),
        cmocka_unit_test_teardown(output_of_a_probe_that_was_refused_proves_nothing, release),
        cmocka_unit_test_teardown(an_exit_status_that_is_no_answer_blocks, release),
        cmocka_unit_test_teardown(refusals_on_stderr_make_output_incomplete, release),
        cmocka_unit_test_teardown(one_earned_alternative_is_enough, release),
        cmocka_unit_test_teardown(failing_expectations_are_told_together_and_blocked_ones_are_not,
                                  release),
        cmocka_unit_test_teardown(a_probe_that_nothing_looks_at_is_only_noted, release),
        cmocka_unit_test_teardown(without_expectations_a_human_decides_on_what_there_is, release),
        cmocka_unit_test_teardown(parameters_change_the_answer, release),
        cmocka_unit_test_teardown(a_parameter_that_is_no_number_cannot_decide, release),
        cmocka_unit_test_teardown(a_reason_stays_readable, release),
        cmocka_unit_test_teardown(two_hundred_times_the_same_gives_the_same, release),
    };
    return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
