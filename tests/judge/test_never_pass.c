/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A property: evidence that is incomplete, refused or missing never gives "pass", whatever is
 * expected of it. Expectations, combinations and evidence are drawn at random from a fixed seed.
 */
#include "judging.h"

static struct judging judging;
static uint32_t seed;

static int release(void **state UNUSED)
{
    judging_release(&judging);
    return 0;
}

/* xorshift32 */
static size_t draw(size_t count)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed % count;
}

#define DRAW(list) (list)[draw(LENGTH(list))]

static const char *const streams[] = {"stdout", "stdout", "stdout", "stderr"};
static const char *const cuts[] = {
    "",
    "",
    "capture: '(\\d+)', ",
    "column: 2, ",
    "key: port, ",
    "whole: true, ",
    "column: 1, separator: ':', ",
    "pointer: /a, ",
};
static const char *const line_cuts[] = {"", "", "select: 'a', ", "ignore: '^#', "};
static const char *const matchers[] = {
    "matches: a",
    "matches: a, none: pass",
    "lacks: a",
    "each-matches: '.'",
    "equals: a",
    "equals: a, none: pass",
    "one-of: [a, b]",
    "subset-of: [a, b]",
    "subset-of: []",
    "contains-all: [a]",
    "contains-all: [], none: pass",
    "at-most: 5",
    "at-most: 5, none: pass",
    "at-least: 0",
    "between: [0, 99]",
    "count: 0",
    "count: [0, 100]",
    "empty: true",
    "empty: false",
    "exists: true",
    "exists: false",
    "older-than: 1d",
    "newer-than: 9000w, none: pass",
    "version-at-least: '0'",
    "rpm-version-at-least: '0'",
    "apk-version-at-least: '0'",
    "mode-at-most: '777'",
    "in-networks: [0.0.0.0/0, '::/0']",
};
static const char *const exits[] = {"{that: p.exit, exit: [0, 1, 2]}",
                                    "{that: p.exit, at-most: 255}", "{that: p.exit, exists: true}"};

static void append_expectation(struct buffer *text, int depth)
{
    size_t kind = depth == 0 ? 0 : draw(6);
    static const char *const combinations[] = {"all", "any"};
    if (kind >= 4) {
        size_t count = 1 + draw(3);
        buffer_append_format(text, "{%s: [", DRAW(combinations));
        for (size_t i = 0; i < count; i++) {
            buffer_append_text(text, i == 0 ? "" : ", ");
            append_expectation(text, depth - 1);
        }
        buffer_append_text(text, "]}");
    } else if (kind == 3) {
        buffer_append_text(text, "{not: ");
        append_expectation(text, depth - 1);
        buffer_append_byte(text, '}');
    } else if (draw(8) == 0) {
        buffer_append_text(text, DRAW(exits));
    } else {
        const char *cut = DRAW(cuts);
        bool is_pointer = strncmp(cut, "pointer", 7) == 0;
        buffer_append_format(text, "{that: p.%s, %s%s%s}", DRAW(streams), cut,
                             is_pointer ? "" : DRAW(line_cuts), DRAW(matchers));
    }
}

static const char *const outputs[] = {
    "",          "a\n",        "a\nb\n",     "5\n",          "port 3\n", "a: 1\nb",
    "{\"a\":5}", "{\"a\":[]}", "1.2.3\n0\n", "2026-01-01\n", "#a\n\n",   "0",
};
static const char *const refusals[] = {"Permission denied\n", "x: Operation not permitted\n",
                                       "you must be root", "sh: 1: x: not found\n",
                                       "sudo: a password is required\n"};

/* Evidence of which nothing may pass. */
static struct judge_evidence draw_bad_evidence(void)
{
    static const char *const calm[] = {"", "a\n", "noise\n"};
    struct judge_evidence evidence = judging_done("p", (int)draw(3), DRAW(outputs), "");
    const char *err = DRAW(calm);
    switch (draw(3)) {
    case 0:
        evidence.outcome = (enum outcome)(1 + draw(OUTCOME_UNREACHABLE));
        break;
    case 1:
        err = DRAW(refusals);
        break;
    default:
        evidence.exit_status = 126 + (int)draw(2);
        break;
    }
    evidence.err = err;
    evidence.err_length = strlen(err);
    return evidence;
}

static void load_random_check(void)
{
    struct buffer keys = {0};
    buffer_append_text(&keys, "probes: [{id: p, run: x, exits: any}, {id: q, run: y}], expect: [");
    size_t count = 1 + draw(2);
    for (size_t i = 0; i < count; i++) {
        buffer_append_text(&keys, i == 0 ? "" : ", ");
        append_expectation(&keys, 3);
    }
    buffer_append_byte(&keys, ']');
    static char text[20000];
    snprintf(text, sizeof(text), "%s", buffer_text(&keys));
    buffer_release(&keys);
    judging_load(&judging, NULL, text);
}

static void incomplete_evidence_never_passes(void **state UNUSED)
{
    size_t fails = 0;
    seed = 20260615;
    for (int check = 0; check < 2000; check++) {
        load_random_check();
        for (int i = 0; i < 20; i++) {
            struct judge_evidence evidence[] = {draw_bad_evidence(),
                                                judging_done("q", 0, "fine\n", "")};
            const struct judgement *judgement = judging_judge(&judging, evidence, 2);
            assert_int_not_equal(judgement->suggestion, SUGGESTION_PASS);
            assert_int_not_equal(judgement->suggestion, SUGGESTION_NOT_APPLICABLE);
            fails += judgement->suggestion == SUGGESTION_FAIL;
        }
    }
    /* A judge that blocks everything would have the property too. */
    assert_true(fails > 1000);
}

/* What is seen at all is seen with more: a suggestion to fail stays when the rest comes in. */
static void a_failure_on_a_part_is_one_on_the_whole(void **state UNUSED)
{
    static const char *const rests[] = {"a\n", "b\n7\n", "x y z\nport 9\n"};
    size_t fails = 0;
    seed = 99;
    for (int check = 0; check < 3000; check++) {
        load_random_check();
        const char *part = DRAW(outputs);
        char whole[200];
        snprintf(whole, sizeof(whole), "%s%s", part, DRAW(rests));
        struct judge_evidence evidence[] = {judging_done("p", 0, part, ""),
                                            judging_done("q", 0, "", "")};
        evidence[0].outcome = OUTCOME_TRUNCATED;
        if (judging_judge(&judging, evidence, 2)->suggestion != SUGGESTION_FAIL)
            continue;
        fails++;
        evidence[0] = judging_done("p", 0, whole, "");
        judging_expect(judging_judge(&judging, evidence, 2), SUGGESTION_FAIL, NULL, whole);
    }
    assert_true(fails > 100);
}

static void complete_evidence_can_pass_and_is_never_blocked(void **state UNUSED)
{
    size_t passes = 0;
    seed = 7;
    for (int check = 0; check < 2000; check++) {
        load_random_check();
        struct judge_evidence evidence[] = {judging_done("p", 0, DRAW(outputs), ""),
                                            judging_done("q", 0, "", "")};
        const struct judgement *judgement = judging_judge(&judging, evidence, 2);
        passes += judgement->suggestion == SUGGESTION_PASS;
        assert_int_not_equal(judgement->suggestion, SUGGESTION_BLOCKED);
        assert_int_not_equal(judgement->suggestion, SUGGESTION_NONE);
    }
    assert_true(passes > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(incomplete_evidence_never_passes, release),
        cmocka_unit_test_teardown(a_failure_on_a_part_is_one_on_the_whole, release),
        cmocka_unit_test_teardown(complete_evidence_can_pass_and_is_never_blocked, release),
    };
    return cmocka_run_group_tests_name("never pass", tests, NULL, NULL);
}
