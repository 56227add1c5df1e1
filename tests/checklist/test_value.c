/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "checklist/value.h"

static int sign(int number)
{
    return (number > 0) - (number < 0);
}

static void a_number_is_digits_and_nothing_else(void **state UNUSED)
{
    static const char *const good[] = {
        "0", "-1", "+1", "007", "3.50", "-0.0", "123456789012345678901234567890"};
    static const char *const bad[] = {"",   "-",  "1.", ".5",  "1e3", "0x10", "1,5",  " 1",
                                      "1 ", "1k", "1%", "--1", "NaN", "inf",  "1.2.3"};
    for (size_t i = 0; i < LENGTH(good); i++)
        assert_true(decimal_is_valid(good[i]));
    for (size_t i = 0; i < LENGTH(bad); i++)
        assert_false(decimal_is_valid(bad[i]));
}

static void numbers_in_order_compare_so(void **state UNUSED)
{
    static const char *const ordered[] = {"-100",
                                          "-99.5",
                                          "-1",
                                          "-0.25",
                                          "0",
                                          "0.1",
                                          "0.11",
                                          "0.2",
                                          "1",
                                          "1.0001",
                                          "2",
                                          "10",
                                          "9007199254740992",
                                          "9007199254740993",
                                          "100000000000000000000000000000"};
    for (size_t i = 0; i < LENGTH(ordered); i++)
        for (size_t j = 0; j < LENGTH(ordered); j++)
            assert_int_equal(sign(decimal_compare(ordered[i], ordered[j])), sign((int)i - (int)j));
    assert_int_equal(decimal_compare("-0", "+0.00"), 0);
    assert_int_equal(decimal_compare("1.50", "01.5"), 0);
}

static void an_age_is_a_number_and_a_unit(void **state UNUSED)
{
    int64_t ms;
    assert_true(age_parse("90d", &ms));
    assert_int_equal(ms, 90LL * 86400000);
    assert_true(age_parse("2w", &ms));
    assert_int_equal(ms, 14LL * 86400000);
    assert_true(age_parse("12h", &ms));
    assert_int_equal(ms, 12LL * 3600000);
    assert_true(age_parse("5m", &ms));
    assert_int_equal(ms, 300000);
    assert_true(age_parse("0s", &ms));
    assert_int_equal(ms, 0);
    static const char *const bad[] = {"", "d", "90", "90 d", "90days", "-1d", "1y", "9999999999d"};
    for (size_t i = 0; i < LENGTH(bad); i++)
        assert_false(age_parse(bad[i], &ms));
}

static void dates_of_several_forms_are_moments(void **state UNUSED)
{
    static const struct {
        const char *text;
        int64_t ms;
    } rows[] = {
        {"1970-01-01", 0},
        {"2026-06-15", 1781481600000},
        {"2026-06-15T12:00:00Z", 1781524800000},
        {"2026-06-15t12:00:00z", 1781524800000},
        {"2026-06-15 12:00", 1781524800000},
        {"2026-06-15T14:00:00+02:00", 1781524800000},
        {"2026-06-15 14:00:00.123456789 +0200", 1781524800123},
        {"2026-06-15T07:00:00-05", 1781524800000},
        {"2024-02-29", 1709164800000},
        {"1900-03-01", -2203891200000},
        {"1781524800", 1781524800000},
        {"1781524800.5", 1781524800500},
        {"0", 0},
    };
    int64_t ms;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        if (!moment_parse(rows[i].text, &ms))
            fail_msg("'%s' is no moment", rows[i].text);
        assert_int_equal(ms, rows[i].ms);
    }
}

static void what_is_no_date_is_no_moment(void **state UNUSED)
{
    static const char *const bad[] = {"",
                                      "2026-02-30",
                                      "2025-02-29",
                                      "1900-02-29",
                                      "2026-13-01",
                                      "2026-00-01",
                                      "2026-1-1",
                                      "26-01-01",
                                      "2026-01-01T",
                                      "2026-01-01T25:00",
                                      "2026-01-01T12",
                                      "2026-01-01T12:00 ",
                                      "2026-01-01T12:00:61",
                                      "2026-01-01T12:00:00+",
                                      "2026-01-01T12:00:00+02:",
                                      "2026-01-01x",
                                      "2026-01-01T12:00:00.",
                                      "12345678901234",
                                      "-1",
                                      "1.",
                                      "yesterday",
                                      "Jan 1 2026"};
    int64_t ms;
    for (size_t i = 0; i < LENGTH(bad); i++)
        if (moment_parse(bad[i], &ms))
            fail_msg("'%s' is a moment", bad[i]);
}

static void expect_order(const char *const *ordered, size_t count, bool (*is_valid)(const char *),
                         int (*compare)(const char *, const char *))
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++) {
            if (!is_valid(ordered[i]))
                fail_msg("'%s' is no version", ordered[i]);
            if (sign(compare(ordered[i], ordered[j])) != sign((int)i - (int)j))
                fail_msg("'%s' and '%s' compare as %d", ordered[i], ordered[j],
                         compare(ordered[i], ordered[j]));
        }
}

static void versions_of_rpm_in_order_compare_so(void **state UNUSED)
{
    static const char *const ordered[] = {
        "0~0",       "0",     "0.9",      "1.fc1",    "1.0~~",     "1.0~beta1",   "1.0~rc1",
        "1.0~rc1^a", "1.0",   "1.0-1~a",  "1.0-1",    "1.0-1.el9", "1.0-1.el9_4", "1.0-2",
        "1.0-10",    "1.0^",  "1.0^git1", "1.0^git2", "1.0^2026",  "1.0a",        "1.0a1",
        "1.0aa",     "1.0b",  "1.0.1",    "1.2",      "1.10",      "2",           "10",
        "20260101",  "1:0.1", "1:0.1-1",  "2:0",      "10:0"};
    expect_order(ordered, LENGTH(ordered), rpm_version_is_valid, rpm_version_compare);
    assert_int_equal(rpm_version_compare("1.0", "0:1.0"), 0);
    assert_int_equal(rpm_version_compare("1.0", "1_00"), 0);
    assert_int_equal(rpm_version_compare("1a2", "1.a+002."), 0);
    assert_int_equal(rpm_version_compare("3.0.7-1.el9", "03.0.7-1el9"), 0);
}

static void a_version_of_rpm_has_a_version_and_perhaps_more(void **state UNUSED)
{
    static const char *const bad[] = {
        "",      "v1",  "latest", "1-",  "1-2-3", "1:",       ":1",    "1:-2",
        "1:2:3", "a:1", "1.0 b",  "1/2", "~1",    "(none):1", "1:a-1", "-1"};
    for (size_t i = 0; i < LENGTH(bad); i++)
        if (rpm_version_is_valid(bad[i]))
            fail_msg("'%s' is a version of rpm", bad[i]);
}

static void versions_of_apk_in_order_compare_so(void **state UNUSED)
{
    static const char *const ordered[] = {
        "0.9",       "1",           "1-r0",     "1.0_alpha", "1.0_alpha2", "1.0_alpha10",
        "1.0_beta",  "1.0_pre1",    "1.0_rc",   "1.0_rc-r1", "1.0_rc1",    "1.0_rc2_p1",
        "1.0",       "1.0-r0",      "1.0-r9",   "1.0-r10",   "1.0~0",      "1.0~a0",
        "1.0~a0-r1", "1.0~b",       "1.0_cvs1", "1.0_svn",   "1.0_git1",   "1.0_git20260101",
        "1.0_hg",    "1.0_p_alpha", "1.0_p",    "1.0_p0",    "1.0_p1",     "1.0a_rc1",
        "1.0a",      "1.0b",        "1.0.1",    "1.05",      "1.1",        "1.5",
        "1.10",      "2",           "10",       "20260101"};
    expect_order(ordered, LENGTH(ordered), apk_version_is_valid, apk_version_compare);
    assert_int_equal(apk_version_compare("01.0_p01-r01", "1.0_p1-r1"), 0);
}

static void a_version_of_apk_has_its_parts_in_order(void **state UNUSED)
{
    static const char *const bad[] = {
        "",      "v1",      "latest", "1.",    "1..2", "1.a", "1ab",     "1a.2", "1a2",
        "1_x",   "1_",      "1_rcx1", "1_P1",  "1-1",  "1-r", "1-r1-r2", "1~",   "1~g",
        "1~a~b", "1-r1_p1", "1:2",    "1.0 b", "-r1",  "1A",  "1~a.1"};
    for (size_t i = 0; i < LENGTH(bad); i++)
        if (apk_version_is_valid(bad[i]))
            fail_msg("'%s' is a version of apk", bad[i]);
}

static void versions_in_order_compare_so(void **state UNUSED)
{
    static const char *const ordered[] = {"0",    "0.9",    "1.0~~",         "1.0~rc1", "1.0~rc2",
                                          "1.0",  "1.0-1",  "1.0-1+deb12u1", "1.0-2",   "1.0-10",
                                          "1.0a", "1.0+b1", "1.0.1",         "1.2",     "1.10",
                                          "2",    "10",     "1:0.1",         "1:0.1-1", "2:0"};
    for (size_t i = 0; i < LENGTH(ordered); i++)
        for (size_t j = 0; j < LENGTH(ordered); j++)
            if (sign(version_compare(ordered[i], ordered[j])) != sign((int)i - (int)j))
                fail_msg("'%s' and '%s' compare as %d", ordered[i], ordered[j],
                         version_compare(ordered[i], ordered[j]));
    assert_int_equal(version_compare("1.0", "v1.0"), 0);
    assert_int_equal(version_compare("1.01", "1.1"), 0);
    assert_int_equal(version_compare("1.0", "0:1.0"), 0);
}

static void a_version_begins_with_a_digit(void **state UNUSED)
{
    assert_true(version_is_valid("1"));
    assert_true(version_is_valid("v2.0"));
    assert_true(version_is_valid("9.2p1-2+deb12u3"));
    assert_true(version_is_valid("2:8.39-15~x_1"));
    assert_false(version_is_valid(""));
    assert_false(version_is_valid("v"));
    assert_false(version_is_valid("latest"));
    assert_false(version_is_valid("1.0 beta"));
    assert_false(version_is_valid("1.0/2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_digits_and_nothing_else),
        cmocka_unit_test(numbers_in_order_compare_so),
        cmocka_unit_test(an_age_is_a_number_and_a_unit),
        cmocka_unit_test(dates_of_several_forms_are_moments),
        cmocka_unit_test(what_is_no_date_is_no_moment),
        cmocka_unit_test(versions_in_order_compare_so),
        cmocka_unit_test(a_version_begins_with_a_digit),
        cmocka_unit_test(versions_of_rpm_in_order_compare_so),
        cmocka_unit_test(a_version_of_rpm_has_a_version_and_perhaps_more),
        cmocka_unit_test(versions_of_apk_in_order_compare_so),
        cmocka_unit_test(a_version_of_apk_has_its_parts_in_order),
    };
    return cmocka_run_group_tests_name("value", tests, NULL, NULL);
}
