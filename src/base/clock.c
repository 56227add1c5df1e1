/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

static int64_t pinned_wall_ms;

static int64_t read_clock_us(clockid_t id)
{
    struct timespec now;
    if (clock_gettime(id, &now) != 0)
        abort();
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_monotonic_ms(void)
{
    return read_clock_us(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_boot_ms(void)
{
    return read_clock_us(CLOCK_BOOTTIME) / 1000;
}

int64_t clock_monotonic_us(void)
{
    return read_clock_us(CLOCK_MONOTONIC);
}

int64_t clock_wall_ms(void)
{
    return pinned_wall_ms != 0 ? pinned_wall_ms : read_clock_us(CLOCK_REALTIME) / 1000;
}

void clock_set_wall_ms(int64_t wall_ms)
{
    pinned_wall_ms = wall_ms;
}

/* No clock that works says such a year, and the texts have no room for more digits. */
static bool has_four_digits(const struct tm *parts)
{
    return parts->tm_year >= -1900 && parts->tm_year <= 9999 - 1900;
}

/* Whole seconds, rounded down also before 1970, and the milliseconds that are left. */
static time_t split_ms(int64_t wall_ms, int *ret_ms)
{
    int64_t seconds = wall_ms / 1000;
    int64_t rest = wall_ms % 1000;
    if (rest < 0) {
        rest += 1000;
        seconds--;
    }
    *ret_ms = (int)rest;
    return (time_t)seconds;
}

static const char *no_time(char text[CLOCK_TEXT_BYTES])
{
    snprintf(text, CLOCK_TEXT_BYTES, "invalid time");
    return text;
}

const char *clock_format_utc(int64_t wall_ms, char text[CLOCK_TEXT_BYTES])
{
    int ms;
    time_t seconds = split_ms(wall_ms, &ms);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL || !has_four_digits(&parts))
        return no_time(text);
    size_t length = (size_t)snprintf(text, CLOCK_TEXT_BYTES, "%04d", parts.tm_year + 1900);
    length += strftime(text + length, CLOCK_TEXT_BYTES - length, "-%m-%dT%H:%M:%S", &parts);
    snprintf(text + length, CLOCK_TEXT_BYTES - length, ".%03uZ", (unsigned)ms % 1000);
    return text;
}

static const char *format_local(int64_t wall_ms, const char *format, char text[CLOCK_TEXT_BYTES])
{
    int ms;
    time_t seconds = split_ms(wall_ms, &ms);
    struct tm parts;
    if (localtime_r(&seconds, &parts) == NULL || !has_four_digits(&parts))
        return no_time(text);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    size_t length = strftime(text, CLOCK_TEXT_BYTES, format, &parts);
#pragma GCC diagnostic pop
    return length == 0 ? no_time(text) : text;
}

const char *clock_format_minute(int64_t wall_ms, char text[CLOCK_TEXT_BYTES])
{
    return format_local(wall_ms, "%Y-%m-%d %H:%M", text);
}

const char *clock_format_time_of_day(int64_t wall_ms, char text[CLOCK_TEXT_BYTES])
{
    return format_local(wall_ms, "%H:%M:%S", text);
}

const char *clock_format_duration(int64_t duration_ms, char text[CLOCK_TEXT_BYTES])
{
    int64_t ms = duration_ms < 0 ? 0 : duration_ms;
    int64_t seconds = ms / 1000;
    if (seconds < 1)
        snprintf(text, CLOCK_TEXT_BYTES, "%lld ms", (long long)ms);
    else if (seconds < 60)
        snprintf(text, CLOCK_TEXT_BYTES, "%lld.%lld s", (long long)seconds,
                 (long long)(ms % 1000 / 100));
    else if (seconds < 3600)
        snprintf(text, CLOCK_TEXT_BYTES, "%lld min %lld s", (long long)(seconds / 60),
                 (long long)(seconds % 60));
    else
        snprintf(text, CLOCK_TEXT_BYTES, "%lld h %lld min", (long long)(seconds / 3600),
                 (long long)(seconds / 60 % 60));
    return text;
}
