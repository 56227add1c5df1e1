/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/clock.h"

static void a_pinned_wall_clock_answers_what_it_was_told(void **state UNUSED)
{
    clock_set_wall_ms(1795464901250);
    assert_int_equal(clock_wall_ms(), 1795464901250);
    clock_set_wall_ms(0);
    assert_true(clock_wall_ms() > 1600000000000);
}

static void the_monotonic_clock_never_goes_back(void **state UNUSED)
{
    int64_t before = clock_monotonic_us();
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_monotonic_us();
        assert_true(now >= before);
        before = now;
    }
    assert_true(clock_monotonic_ms() >= before / 1000);
}

static void utc_has_milliseconds_and_a_z(void **state UNUSED)
{
    static const struct {
        int64_t wall_ms;
        const char *text;
    } cases[] = {
        {1795464901250, "2026-11-23T20:15:01.250Z"},
        {0, "1970-01-01T00:00:00.000Z"},
        {-1, "1969-12-31T23:59:59.999Z"},
        {951782400007, "2000-02-29T00:00:00.007Z"},
        {253402300799999, "9999-12-31T23:59:59.999Z"},
        {253402300800000, "invalid time"},
        {INT64_MAX, "invalid time"},
        {INT64_MIN, "invalid time"},
    };
    char text[CLOCK_TEXT_BYTES];
    for (size_t i = 0; i < LENGTH(cases); i++)
        assert_string_equal(clock_format_utc(cases[i].wall_ms, text), cases[i].text);
}

static void local_time_follows_the_time_zone(void **state UNUSED)
{
    char text[CLOCK_TEXT_BYTES];
    assert_string_equal(clock_format_minute(1795464901250, text), "2026-11-23 20:15");
    assert_string_equal(clock_format_time_of_day(1795464901250, text), "20:15:01");
    setenv("TZ", "XXT-5:30", 1);
    tzset();
    assert_string_equal(clock_format_minute(1795464901250, text), "2026-11-24 01:45");
    setenv("TZ", "UTC", 1);
    tzset();
    assert_string_equal(clock_format_minute(INT64_MAX, text), "invalid time");
}

static void durations_have_at_most_two_units(void **state UNUSED)
{
    static const struct {
        int64_t duration_ms;
        const char *text;
    } cases[] = {
        {-5, "0 ms"},
        {0, "0 ms"},
        {12, "12 ms"},
        {999, "999 ms"},
        {1000, "1.0 s"},
        {3456, "3.4 s"},
        {59999, "59.9 s"},
        {60000, "1 min 0 s"},
        {125000, "2 min 5 s"},
        {12000000, "3 h 20 min"},
        {INT64_MAX, "2562047788015 h 12 min"},
    };
    char text[CLOCK_TEXT_BYTES];
    for (size_t i = 0; i < LENGTH(cases); i++)
        assert_string_equal(clock_format_duration(cases[i].duration_ms, text), cases[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pinned_wall_clock_answers_what_it_was_told),
        cmocka_unit_test(the_monotonic_clock_never_goes_back),
        cmocka_unit_test(utc_has_milliseconds_and_a_z),
        cmocka_unit_test(local_time_follows_the_time_zone),
        cmocka_unit_test(durations_have_at_most_two_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
