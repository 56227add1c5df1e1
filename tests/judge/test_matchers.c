/* SPDX-License-Identifier: Apache-2.0 */
/* Each matcher and each way of cutting out values, on complete and on incomplete evidence. */
#include "judging.h"

static struct judging judging;

static int release(void **state UNUSED)
{
    judging_release(&judging);
    return 0;
}

#define DENIED "find: '/root': Permission denied\n"

/* An expectation on the one probe "p", all of whose exit statuses are answers. */
struct row {
    const char *expectation;
    const char *out;
    const char *err;
    enum suggestion suggestion;
    const char *reason; /* a part of it */
};

static void judge_rows(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char keys[1000];
        snprintf(keys, sizeof(keys), "probes: [{id: p, run: x, exits: any}], expect: [%s]",
                 rows[i].expectation);
        judging_load(&judging,
                     "admins: {type: list, default: [root, 'a.b']}, "
                     "limit: {default: '4'}, none: {type: list, default: []}",
                     keys);
        struct judge_evidence evidence = judging_done("p", 0, rows[i].out, rows[i].err);
        char what[2000];
        snprintf(what, sizeof(what), "row %zu: %s on '%s', '%s'", i, rows[i].expectation,
                 rows[i].out, rows[i].err);
        judging_expect(judging_judge(&judging, &evidence, 1), rows[i].suggestion, rows[i].reason,
                       what);
    }
}
#define JUDGE_ROWS(rows) judge_rows((rows), LENGTH(rows))

static void matches_wants_one_value(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, matches: '^b'}", "a\nb1\n", "", SUGGESTION_PASS, "'b1' (stdout line 2)"},
        {"{that: stdout, matches: '^b', else: No b}", "a\nc\nd\ne\n", "", SUGGESTION_FAIL,
         "No b: none of 4 values in stdout is as expected, expected to match '^b'"},
        {"{that: stdout, matches: '^permit no$', else: It may}", "x\ny\nz\npermit yes\n", "",
         SUGGESTION_FAIL,
         "It may: found 'permit yes' (stdout line 4), expected to match '^permit no$'"},
        {"{that: stdout, matches: '^b'}", "", "", SUGGESTION_FAIL, "found nothing in stdout"},
        {"{that: stdout, matches: '^b', none: pass}", "\n  \n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, matches: '^b', none: undecided}", "", "", SUGGESTION_UNDECIDED,
         "found nothing"},
        {"{that: stdout, matches: '^b'}", "b\n", DENIED, SUGGESTION_BLOCKED, "Permission denied"},
        {"{that: stdout, matches: '^b'}", "a\n", DENIED, SUGGESTION_BLOCKED,
         "the probe 'p' could not see everything"},
        {"{that: stdout, matches: '^${admins}$'}", "a.b\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, matches: '^${admins}$'}", "aXb\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, matches: '${none}'}", "x\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, matches: '^(a+)+$'}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n", "",
         SUGGESTION_UNDECIDED, "too much for the regular expression"},
    };
    JUDGE_ROWS(rows);
}

static void lacks_wants_no_value(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, lacks: bad}", "good\n", "", SUGGESTION_PASS,
         "nothing in stdout matches 'bad'"},
        {"{that: stdout, lacks: bad}", "", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, lacks: bad, else: It is bad}", "good\nso bad\n", "", SUGGESTION_FAIL,
         "It is bad: found 'so bad' (stdout line 2), expected nothing that matches 'bad'"},
        {"{that: stdout, lacks: bad}", "so bad\n", DENIED, SUGGESTION_FAIL, "so bad"},
        {"{that: stdout, lacks: bad}", "good\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, lacks: '^(a+)+$'}", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n", "",
         SUGGESTION_UNDECIDED, NULL},
    };
    JUDGE_ROWS(rows);
}

static void each_matches_equals_and_one_of_want_every_value(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, each-matches: '^b'}", "b1\nb2\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, each-matches: '^b'}", "b1\na\n", "", SUGGESTION_FAIL,
         "found 'a' (stdout line 2), expected each to match '^b'"},
        {"{that: stdout, each-matches: '^b'}", "", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, each-matches: '^b'}", "a\n", DENIED, SUGGESTION_FAIL, NULL},
        {"{that: stdout, each-matches: '^b'}", "b\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, equals: no}", "no\nno\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, equals: no}", "no\nno \n", "", SUGGESTION_FAIL,
         "found 'no ' (stdout line 2), expected 'no'"},
        {"{that: stdout, equals: no}", "", "", SUGGESTION_UNDECIDED,
         "found nothing in stdout, expected 'no'"},
        {"{that: stdout, equals: no, none: fail}", "", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, equals: no, none: pass}", "", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, equals: no, none: pass}", "", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, equals: no}", "yes\n", DENIED, SUGGESTION_FAIL, NULL},
        {"{that: stdout, equals: no}", "no\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, equals: '${limit}'}", "4\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, equals: 'x${limit}y'}", "x4y\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, one-of: [a, b]}", "a\nb\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, one-of: [a, b]}", "a\nc\n", "", SUGGESTION_FAIL,
         "found 'c' (stdout line 2), expected one of 'a', 'b'"},
        {"{that: stdout, one-of: [a, b]}", "", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, one-of: ['${admins}', daemon]}", "root\ndaemon\na.b\n", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, one-of: '${none}'}", "x\n", "", SUGGESTION_FAIL, "expected nothing"},
    };
    JUDGE_ROWS(rows);
}

static void subset_of_and_contains_all_compare_sets(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, subset-of: [a, b]}", "a\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, subset-of: [a, b]}", "", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, subset-of: [a, b]}", "x\na\ny\n", "", SUGGESTION_FAIL,
         "found 'x' (stdout line 1), 'y' (stdout line 3), expected one of"},
        {"{that: stdout, subset-of: [a, b]}", "x\n", DENIED, SUGGESTION_FAIL, NULL},
        {"{that: stdout, subset-of: [a, b]}", "a\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, subset-of: '${none}'}", "x\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, contains-all: [a, b]}", "b\nx\na\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, contains-all: [a, b, c]}", "b\n", "", SUGGESTION_FAIL,
         "found no 'a', no 'c' in stdout"},
        {"{that: stdout, contains-all: [a]}", "", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, contains-all: [a], none: undecided}", "", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, contains-all: '${none}'}", "", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, contains-all: [a]}", "a\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, contains-all: [a]}", "b\n", DENIED, SUGGESTION_BLOCKED, NULL},
    };
    JUDGE_ROWS(rows);
}

static void numbers_are_compared_exactly(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, at-most: 4}", "4\n3.99\n-7\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, at-most: 4}", "4.01\n", "", SUGGESTION_FAIL,
         "found '4.01' (stdout line 1), expected at most 4"},
        {"{that: stdout, at-most: '${limit}'}", "5\n", "", SUGGESTION_FAIL, "at most 4"},
        {"{that: stdout, at-most: 9007199254740992}", "9007199254740993\n", "", SUGGESTION_FAIL,
         NULL},
        {"{that: stdout, at-most: 4}", "four\n", "", SUGGESTION_UNDECIDED,
         "found 'four' (stdout line 1), which is no number"},
        {"{that: stdout, at-most: 4}", "3 \n", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, at-most: 4}", "3\nfour\n5\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, at-most: 4}", "", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, at-most: 4}", "5\n", DENIED, SUGGESTION_FAIL, NULL},
        {"{that: stdout, at-most: 4}", "3\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, at-least: -1.5}", "-1.5\n0\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, at-least: 3}", "2\n", "", SUGGESTION_FAIL, "expected at least 3"},
        {"{that: stdout, at-least: 3}", "10\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, between: [1, 5]}", "1\n5.0\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, between: [1, 5]}", "0\n", "", SUGGESTION_FAIL, "expected 1 to 5"},
        {"{that: stdout, between: [1, 5]}", "6\n", "", SUGGESTION_FAIL, NULL},
    };
    JUDGE_ROWS(rows);
}

static void values_are_counted(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, count: 0}", "", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, count: 0}", "a\nb\n", "", SUGGESTION_FAIL,
         "found 2 values in stdout, expected 0 values"},
        {"{that: stdout, count: [1, 2]}", "a\n", "", SUGGESTION_PASS, "found 1 values"},
        {"{that: stdout, count: [1, 2]}", "a\nb\nc\n", "", SUGGESTION_FAIL, "expected 1 to 2"},
        {"{that: stdout, count: [1, 2]}", "", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, count: 1}", "a\nb\n", DENIED, SUGGESTION_FAIL, NULL},
        {"{that: stdout, count: 1}", "a\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, count: 1}", "", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, empty: true}", "\n \n", "", SUGGESTION_PASS, "found nothing"},
        {"{that: stdout, empty: true}", "a\n", "", SUGGESTION_FAIL,
         "found 'a' (stdout line 1), expected nothing"},
        {"{that: stdout, empty: true}", "", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, empty: true}", "a\n", DENIED, SUGGESTION_FAIL, NULL},
        {"{that: stdout, empty: false}", "a\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, empty: false}", "a\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, exists: true}", "a\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, exists: true}", "", "", SUGGESTION_FAIL, "expected something"},
        {"{that: stdout, exists: true}", "", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, exists: false}", "", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, exists: false}", "a\n", DENIED, SUGGESTION_FAIL, NULL},
    };
    JUDGE_ROWS(rows);
}

static void dates_are_older_or_newer_than_an_age_or_a_date(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, newer-than: 90d}", "2026-06-01\n2026-06-15T11:00:00+02:00\n", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, newer-than: 90d}", "2026-01-01\n", "", SUGGESTION_FAIL,
         "found '2026-01-01' (stdout line 1), expected newer than 90d"},
        {"{that: stdout, older-than: 1h}", "1781517600\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, older-than: 1h}", "1781524000.25\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, older-than: 2026-01-31}", "2026-01-30 23:59:59.5 +0000\n", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, older-than: 2026-01-31}", "2026-01-31\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, newer-than: 2w}", "yesterday\n", "", SUGGESTION_UNDECIDED,
         "which is no date"},
        {"{that: stdout, newer-than: 2w}", "2026-02-30\n", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, newer-than: 2w}", "", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, newer-than: 2w}", "2020-01-01\n", DENIED, SUGGESTION_FAIL, NULL},
        {"{that: stdout, newer-than: 2w}", "2026-06-14\n", DENIED, SUGGESTION_BLOCKED, NULL},
    };
    JUDGE_ROWS(rows);
}

static void versions_are_ordered_as_dpkg_does(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, version-at-least: '1.10'}", "1.10\nv1.11\n2:0.1\n1.10-1+deb12u1\n", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, version-at-least: '1.10'}", "1.9\n", "", SUGGESTION_FAIL,
         "expected version 1.10 or later"},
        {"{that: stdout, version-at-least: '1.10'}", "1.10~rc1\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, version-at-least: '1.10'}", "unknown\n", "", SUGGESTION_UNDECIDED,
         "which is no version"},
        {"{that: stdout, version-at-least: '1.10'}", "", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, version-at-least: '1.10'}", "1.9\n", DENIED, SUGGESTION_FAIL, NULL},
        {"{that: stdout, version-at-least: '1.10'}", "1.10\n", DENIED, SUGGESTION_BLOCKED, NULL},
    };
    JUDGE_ROWS(rows);
}

static void versions_of_rpm_and_apk_have_orders_of_their_own(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, rpm-version-at-least: 1.10-4}", "1.10-4.el9\n1:0.1-1\n1.10^git1-1\n", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, rpm-version-at-least: 1.10-4}", "1.10~rc1-9\n", "", SUGGESTION_FAIL,
         "expected version 1.10-4 or later, as rpm orders them"},
        {"{that: stdout, rpm-version-at-least: 1.10}", "package x is not installed\n", "",
         SUGGESTION_UNDECIDED, "which is no version of rpm"},
        {"{that: stdout, rpm-version-at-least: 1.10}", "1.10-1-1\n", "", SUGGESTION_UNDECIDED,
         NULL},
        {"{that: stdout, rpm-version-at-least: 1.10}", "", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, rpm-version-at-least: 1.10}", "1.10-1\n", DENIED, SUGGESTION_BLOCKED,
         NULL},
        {"{that: stdout, apk-version-at-least: 1.10_rc2-r1}", "1.10-r0\n1.10_rc10\n", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, apk-version-at-least: 1.10-r1}", "1.10_rc1-r2\n", "", SUGGESTION_FAIL,
         "expected version 1.10-r1 or later, as apk orders them"},
        {"{that: stdout, apk-version-at-least: 1.10-r1}", "1.10-1\n", "", SUGGESTION_UNDECIDED,
         "which is no version of apk"},
        {"{that: stdout, apk-version-at-least: 1.10-r1}", "1.10-r1\n", DENIED, SUGGESTION_BLOCKED,
         NULL},
    };
    JUDGE_ROWS(rows);
}

static void modes_are_compared_bit_by_bit(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, mode-at-most: '0644'}", "644\n0600\n000\n-rw-r--r--\n-rw-------.\n", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, mode-at-most: '0644'}", "600\n664\n", "", SUGGESTION_FAIL,
         "expected mode 0644 or less"},
        {"{that: stdout, mode-at-most: '0644'}", "4644\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, mode-at-most: '0755'}", "-rwsr-xr-x\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, mode-at-most: '4755'}", "-rwsr-xr-x\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, mode-at-most: '0755'}", "drwxrwxrwt\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, mode-at-most: '1777'}", "drwxrwxrwt\ndrwxrwx--T\n", "", SUGGESTION_PASS,
         NULL},
        {"{that: stdout, mode-at-most: '0644'}", "rw-r--r--\n", "", SUGGESTION_UNDECIDED,
         "which is no file mode"},
        {"{that: stdout, mode-at-most: '0644'}", "689\n", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, mode-at-most: '0644'}", "", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, mode-at-most: '0644'}", "600\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, mode-at-most: '0644'}", "666\n", DENIED, SUGGESTION_FAIL, NULL},
    };
    JUDGE_ROWS(rows);
}

static void addresses_lie_in_networks(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, in-networks: [10.0.0.0/8, 'fd00::/8', '::1']}",
         "10.255.0.1\n[fd12::3]\n::1\n::ffff:10.1.2.3\nfd00::1%eth0\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, in-networks: 10.0.0.0/8}", "10.0.0.1\n11.0.0.1\n", "", SUGGESTION_FAIL,
         "expected '10.0.0.0/8'"},
        {"{that: stdout, in-networks: 192.168.16.0/20}", "192.168.31.255\n", "", SUGGESTION_PASS,
         NULL},
        {"{that: stdout, in-networks: 192.168.16.0/20}", "192.168.32.0\n", "", SUGGESTION_FAIL,
         NULL},
        {"{that: stdout, in-networks: 0.0.0.0/0}", "::1\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, in-networks: 127.0.0.1}", "127.0.0.2\n", "", SUGGESTION_FAIL, NULL},
        {"{that: stdout, in-networks: 10.0.0.0/8}", "10.0.0.1:22\n", "", SUGGESTION_UNDECIDED,
         "which is no address"},
        {"{that: stdout, in-networks: 10.0.0.0/8}", "[\n", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, in-networks: 10.0.0.0/8}", "", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, in-networks: 10.0.0.0/8}", "10.0.0.1\n", DENIED, SUGGESTION_BLOCKED, NULL},
    };
    JUDGE_ROWS(rows);
}

static void an_exit_status_is_a_value(void **state UNUSED)
{
    static const struct {
        const char *expectation;
        int status;
        const char *err;
        enum suggestion suggestion;
    } rows[] = {
        {"{that: exit, exit: 0}", 0, "", SUGGESTION_PASS},
        {"{that: exit, exit: [0, 1]}", 1, "", SUGGESTION_PASS},
        {"{that: exit, exit: [0, 1]}", 2, "", SUGGESTION_FAIL},
        {"{that: exit, exit: 0}", 0, DENIED, SUGGESTION_BLOCKED},
        {"{that: exit, exit: 0}", 2, DENIED, SUGGESTION_FAIL},
        {"{that: exit, exit: 0}", 127, "", SUGGESTION_BLOCKED},
        {"{that: exit, exit: 0}", 126, "", SUGGESTION_BLOCKED},
        {"{that: exit, at-most: 3}", 3, "", SUGGESTION_PASS},
        {"{that: exit, equals: 3}", 4, "", SUGGESTION_FAIL},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char keys[200];
        snprintf(keys, sizeof(keys), "probes: [{id: p, run: x, exits: any}], expect: [%s]",
                 rows[i].expectation);
        judging_load(&judging, NULL, keys);
        struct judge_evidence evidence = judging_done("p", rows[i].status, "", rows[i].err);
        judging_expect(judging_judge(&judging, &evidence, 1), rows[i].suggestion, NULL,
                       rows[i].expectation);
        assert_int_equal(judging.judgement.line_count, 0);
    }
}

static void values_are_cut_out_of_lines(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, capture: 'id=(\\d+)', equals: 7}", "x\nid=7 name=a\n", "", SUGGESTION_PASS,
         NULL},
        {"{that: stdout, capture: 'id=(\\d+)', equals: 7}", "id=8\n", "", SUGGESTION_FAIL,
         "found '8' (stdout line 1)"},
        {"{that: stdout, capture: '\\d+', equals: 7}", "id=7\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, column: 2, equals: b}", "a b c\n  a\tb\nshort\n", "", SUGGESTION_PASS,
         NULL},
        {"{that: stdout, column: 2, separator: ':', equals: ''}", "root::0\n", "", SUGGESTION_PASS,
         NULL},
        {"{that: stdout, column: 3, separator: ', ', equals: c}", "a, b, c\n", "", SUGGESTION_PASS,
         NULL},
        {"{that: stdout, column: 4, separator: ':', equals: c}", "a:b:c\n", "",
         SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, key: port, equals: 22}", "port 22\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, key: port, equals: 22}", "  port = 22 \r\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, key: port, equals: 22}", "port: '22'\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, key: port, equals: 22}", "port=\"22\"\nport=23\n", "", SUGGESTION_FAIL,
         "'23' (stdout line 2)"},
        {"{that: stdout, key: port, equals: 22}", "ports 22\n# port 22\n", "", SUGGESTION_UNDECIDED,
         NULL},
        {"{that: stdout, key: port, equals: ''}", "port\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, key: net.ipv4.ip_forward, equals: 0}", "net.ipv4.ip_forward = 0\n", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, whole: true, equals: \"a\\nb\"}", "a\nb\n\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, whole: true, equals: a}", " \n", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, whole: true, ignore: '^#', equals: a}", "# x\na\n", "", SUGGESTION_PASS,
         NULL},
        {"{that: stdout, whole: true, equals: a}", "b\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{that: stdout, select: '^a', count: 2}", "a1\nb\na2\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, ignore: '^#', count: 1}", "# x\na\n", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, select: '^a', ignore: '2$', equals: a1}", "a1\na2\nb\n", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, ignore: '^(a+)+$', empty: true}",
         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab\n", "", SUGGESTION_UNDECIDED,
         "takes too long on line 1"},
        {"{that: stderr, matches: warn}", "", "a warning\n", SUGGESTION_PASS, "(stderr line 1)"},
    };
    JUDGE_ROWS(rows);
}

static void values_are_cut_out_of_json(void **state UNUSED)
{
    static const struct row rows[] = {
        {"{that: stdout, pointer: /a/0/b, equals: x}", "{\"a\":[{\"b\":\"x\"}]}", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, pointer: /a, one-of: [x, y]}", "{\"a\":[\"x\",\"z\"]}", "",
         SUGGESTION_FAIL, "found 'z' (stdout)"},
        {"{that: stdout, pointer: /a, equals: 'true'}", "{\"a\":true}", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, pointer: /a, at-most: 2.5}", "{\"a\":2.5}", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, pointer: /a, equals: '{\"b\":1}'}", "{\"a\":{ \"b\": 1 }}", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, pointer: /a~1b/m~0n, equals: 1}", "{\"a/b\":{\"m~n\":1}}", "",
         SUGGESTION_PASS, NULL},
        {"{that: stdout, pointer: '', equals: 5}", "5", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, pointer: /a, empty: true}", "{\"a\":null}", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, pointer: /a, empty: true}", "{\"a\":[]}", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, pointer: /b/7, empty: true}", "{\"b\":[1]}", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, pointer: /b/01, empty: true}", "{\"b\":[1,2]}", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, pointer: /b/x, empty: true}", "{\"b\":[1,2]}", "", SUGGESTION_PASS, NULL},
        {"{that: stdout, pointer: /a, empty: true}", "no json", "", SUGGESTION_UNDECIDED,
         "stdout: JSON, line 1"},
        {"{that: stdout, pointer: /a, empty: true}", "", "", SUGGESTION_UNDECIDED, NULL},
        {"{that: stdout, pointer: /a, equals: x}", "{\"a\":\"y\"}", DENIED, SUGGESTION_BLOCKED,
         NULL},
    };
    JUDGE_ROWS(rows);
}

static void combinations_follow_three_valued_logic(void **state UNUSED)
{
    /* a: holds, b: violated, n: cannot be told */
#define A "{that: stdout, matches: a, else: No a}"
#define B "{that: stdout, matches: b, else: No b}"
#define N "{that: stdout, at-most: 1, else: Too many}"
    static const struct row rows[] = {
        {"{all: [" A ", " A "]}", "a\n", "", SUGGESTION_PASS, NULL},
        {"{all: [" A ", " N "]}", "a\n", "", SUGGESTION_UNDECIDED, NULL},
        {"{all: [" N ", " A ", " B "], else: Wrong}", "a\n", "", SUGGESTION_FAIL,
         "Wrong: No b: found 'a'"},
        {"{all: [" B ", " B "]}", "a\n", "", SUGGESTION_FAIL, NULL},
        {"{any: [" B ", " A "]}", "a\n", "", SUGGESTION_PASS, "'a' (stdout line 1)"},
        {"{any: [" B ", " N "]}", "a\n", "", SUGGESTION_UNDECIDED, NULL},
        {"{any: [" N ", " A "]}", "a\n", "", SUGGESTION_PASS, NULL},
        {"{any: [" B ", {that: stdout, lacks: a, else: An a}], else: Neither}", "a\n", "",
         SUGGESTION_FAIL, "Neither: No b: found 'a' (stdout line 1), expected to match 'b'; An a"},
        {"{not: " B "}", "a\n", "", SUGGESTION_PASS, "as expected"},
        {"{not: " A ", else: There is an a}", "a\n", "", SUGGESTION_FAIL,
         "There is an a: found 'a' (stdout line 1), expected it not to be so"},
        {"{not: " N "}", "a\n", "", SUGGESTION_UNDECIDED, NULL},
        {"{not: {not: " A "}}", "a\n", "", SUGGESTION_PASS, NULL},
        {A ", " B ", {that: stdout, empty: true, else: Not empty}", "a\n", "", SUGGESTION_FAIL,
         "; Not empty: found 'a'"},
        {A ", " N, "a\n", "", SUGGESTION_UNDECIDED, NULL},
        /* incomplete evidence */
        {"{not: " A "}", "a\n", DENIED, SUGGESTION_FAIL, NULL},
        {"{not: " B "}", "a\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{not: {that: stdout, lacks: a}}", "a\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{any: [" A ", " B "]}", "a\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{any: [" N ", " A "]}", "a\n", DENIED, SUGGESTION_BLOCKED, NULL},
        {"{all: [" A ", {not: " A "}]}", "a\n", DENIED, SUGGESTION_FAIL, NULL},
    };
    JUDGE_ROWS(rows);
}

static void the_deciding_lines_are_marked(void **state UNUSED)
{
    judging_load(&judging, NULL,
                 "probes: [{id: p, run: x}, {id: q, run: y}],"
                 "expect: [{that: p.stdout, lacks: bad}, {that: q.stdout, matches: good}]");
    struct judge_evidence evidence[] = {judging_done("p", 0, "a\nbad\nc\nbad\n", ""),
                                        judging_done("q", 0, "\ngood\n", "")};
    const struct judgement *judgement = judging_judge(&judging, evidence, 2);
    judging_expect(judgement, SUGGESTION_FAIL, "found 'bad' (p.stdout line 2)", "lines");
    assert_int_equal(judgement->line_count, 2);
    assert_int_equal(judgement->lines[0].line, 2);
    assert_int_equal(judgement->lines[1].line, 4);
    assert_string_equal(judgement->lines[0].probe, "p");
    assert_true(judgement->lines[0].is_bad);
    evidence[0] = judging_done("p", 0, "a\n", "");
    judgement = judging_judge(&judging, evidence, 2);
    judging_expect(judgement, SUGGESTION_PASS, NULL, "lines");
    assert_int_equal(judgement->line_count, 1);
    assert_string_equal(judgement->lines[0].probe, "q");
    assert_int_equal(judgement->lines[0].line, 2);
    assert_false(judgement->lines[0].is_bad);
}

static void no_more_than_64_lines_are_marked(void **state UNUSED)
{
    char out[2000] = "";
    for (int i = 0; i < 500; i++)
        memcpy(out + 4 * i, "bad\n", 4);
    judging_load(&judging, NULL, "probes: [{id: p, run: x}], expect: [{that: stdout, lacks: bad}]");
    struct judge_evidence evidence = judging_done("p", 0, "", "");
    evidence.out = out;
    evidence.out_length = sizeof(out);
    const struct judgement *judgement = judging_judge(&judging, &evidence, 1);
    judging_expect(judgement, SUGGESTION_FAIL, "and 497 more", "many lines");
    assert_int_equal(judgement->line_count, JUDGE_LINES_MAX);
    assert_int_equal(judgement->lines[63].line, 64);
}

static void what_is_quoted_is_short_and_valid(void **state UNUSED)
{
    char out[3000];
    memset(out, 'x', sizeof(out));
    memcpy(out, "bad\xFF\x1B\x00", 6);
    for (size_t i = 10; i + 2 <= 1000; i += 2)
        memcpy(out + i, "ü", 2);
    judging_load(&judging, NULL, "probes: [{id: p, run: x}], expect: [{that: stdout, lacks: bad}]");
    struct judge_evidence evidence = judging_done("p", 0, "", "");
    evidence.out = out;
    evidence.out_length = sizeof(out);
    const struct judgement *judgement = judging_judge(&judging, &evidence, 1);
    judging_expect(judgement, SUGGESTION_FAIL, "found 'bad\xEF\xBF\xBD  ", "quotes");
    assert_true(strlen(judgement->reason) < 250);
}

/* What probe b says; a says "x 1" and "y 2". */
static void expect_compared(const char *expectation, struct judge_evidence other,
                            enum suggestion suggestion, const char *reason)
{
    struct judging own = {0};
    char *keys =
        memory_format("probes: [{id: a, run: x}, {id: b, run: y}], expect: [%s]", expectation);
    const struct judge_evidence evidence[] = {judging_done("a", 0, "x 1\ny 2\n", ""), other};
    judging_load(&own, NULL, keys);
    judging_expect(judging_judge(&own, evidence, LENGTH(evidence)), suggestion, reason, keys);
    judging_release(&own);
    free(keys);
}

static void two_probes_are_compared(void **state UNUSED)
{
    static const char same[] = "{that: a.stdout, same-as: b}";
    static const char differs[] = "{that: a.stdout, differs-from: b, else: It is shared}";
    expect_compared(same, judging_done("b", 0, "y 2\nx 1\nz 3\n", ""), SUGGESTION_PASS, NULL);
    expect_compared(same, judging_done("b", 0, "y 2\n", ""), SUGGESTION_FAIL,
                    "found 'x 1' (a.stdout line 1), expected what b says");
    expect_compared(same, judging_done("b", 0, "", ""), SUGGESTION_FAIL, NULL);
    expect_compared(differs, judging_done("b", 0, "x 2\n", ""), SUGGESTION_PASS, NULL);
    expect_compared(differs, judging_done("b", 0, "y 2\n", ""), SUGGESTION_FAIL,
                    "It is shared: found 'y 2' (a.stdout line 2), expected something else than b "
                    "says");
    expect_compared("{that: a.stdout, column: 2, differs-from: b}",
                    judging_done("b", 0, "q 2\n", ""), SUGGESTION_FAIL, "found '2'");
    /* What was not seen is no difference. */
    expect_compared(differs, judging_done("b", 1, "", "permission denied\n"), SUGGESTION_BLOCKED,
                    "permission denied");
    expect_compared(same, judging_done("b", 1, "x 1\ny 2\n", "permission denied\n"),
                    SUGGESTION_BLOCKED, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(matches_wants_one_value, release),
        cmocka_unit_test_teardown(lacks_wants_no_value, release),
        cmocka_unit_test_teardown(each_matches_equals_and_one_of_want_every_value, release),
        cmocka_unit_test_teardown(subset_of_and_contains_all_compare_sets, release),
        cmocka_unit_test_teardown(numbers_are_compared_exactly, release),
        cmocka_unit_test_teardown(values_are_counted, release),
        cmocka_unit_test_teardown(dates_are_older_or_newer_than_an_age_or_a_date, release),
        cmocka_unit_test_teardown(versions_are_ordered_as_dpkg_does, release),
        cmocka_unit_test_teardown(versions_of_rpm_and_apk_have_orders_of_their_own, release),
        cmocka_unit_test_teardown(modes_are_compared_bit_by_bit, release),
        cmocka_unit_test_teardown(addresses_lie_in_networks, release),
        cmocka_unit_test_teardown(an_exit_status_is_a_value, release),
        cmocka_unit_test_teardown(values_are_cut_out_of_lines, release),
        cmocka_unit_test_teardown(values_are_cut_out_of_json, release),
        cmocka_unit_test_teardown(combinations_follow_three_valued_logic, release),
        cmocka_unit_test_teardown(the_deciding_lines_are_marked, release),
        cmocka_unit_test_teardown(no_more_than_64_lines_are_marked, release),
        cmocka_unit_test_teardown(what_is_quoted_is_short_and_valid, release),
        cmocka_unit_test(two_probes_are_compared),
    };
    return cmocka_run_group_tests_name("matchers", tests, NULL, NULL);
}
