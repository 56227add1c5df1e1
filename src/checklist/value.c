/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/value.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t digits_at(const char *text)
{
    size_t count = 0;
    while (is_digit(text[count]))
        count++;
    return count;
}

/* A number taken apart; leading zeros of the integer and trailing ones of the fraction are gone. */
struct decimal {
    bool is_negative;
    const char *integer, *fraction;
    size_t integer_length, fraction_length;
};

static bool split_decimal(const char *text, struct decimal *decimal)
{
    decimal->is_negative = *text == '-';
    if (*text == '-' || *text == '+')
        text++;
    size_t count = digits_at(text);
    if (count == 0)
        return false;
    const char *rest = text + count;
    for (; count > 0 && *text == '0'; text++)
        count--;
    decimal->integer = text;
    decimal->integer_length = count;
    decimal->fraction = rest;
    decimal->fraction_length = 0;
    if (*rest == '.') {
        decimal->fraction = rest + 1;
        decimal->fraction_length = digits_at(rest + 1);
        if (decimal->fraction_length == 0)
            return false;
        rest += 1 + decimal->fraction_length;
    }
    while (decimal->fraction_length > 0 && decimal->fraction[decimal->fraction_length - 1] == '0')
        decimal->fraction_length--;
    if (decimal->integer_length == 0 && decimal->fraction_length == 0)
        decimal->is_negative = false;
    return *rest == '\0';
}

bool decimal_is_valid(const char *text)
{
    struct decimal decimal;
    return strlen(text) <= VALUE_MAX_BYTES && split_decimal(text, &decimal);
}

static int compare_sizes(const struct decimal *a, const struct decimal *b)
{
    if (a->integer_length != b->integer_length)
        return a->integer_length < b->integer_length ? -1 : 1;
    int order = memcmp(a->integer, b->integer, a->integer_length);
    if (order != 0)
        return order;
    size_t shared =
        a->fraction_length < b->fraction_length ? a->fraction_length : b->fraction_length;
    order = memcmp(a->fraction, b->fraction, shared);
    if (order != 0 || a->fraction_length == b->fraction_length)
        return order;
    return a->fraction_length < b->fraction_length ? -1 : 1;
}

int decimal_compare(const char *a, const char *b)
{
    struct decimal left = {0}, right = {0};
    if (!split_decimal(a, &left) || !split_decimal(b, &right))
        return 0;
    if (left.is_negative != right.is_negative)
        return left.is_negative ? -1 : 1;
    int order = compare_sizes(&left, &right);
    return left.is_negative ? -order : order;
}

bool age_parse(const char *text, int64_t *ret_ms)
{
    static const struct {
        char unit;
        int64_t ms;
    } units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000}, {'w', 604800000}};
    size_t count = digits_at(text);
    if (count == 0 || count > 9 || text[count] == '\0' || text[count + 1] != '\0')
        return false;
    for (size_t i = 0; i < LENGTH(units); i++)
        if (units[i].unit == text[count]) {
            *ret_ms = strtoll(text, NULL, 10) * units[i].ms;
            return true;
        }
    return false;
}

/* Exactly COUNT digits as a number from LOWEST to HIGHEST; moves *TEXT behind them. */
static bool read_number(const char **text, size_t count, int lowest, int highest, int *ret_number)
{
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_digit((*text)[i]))
            return false;
        number = number * 10 + ((*text)[i] - '0');
    }
    *text += count;
    *ret_number = number;
    return number >= lowest && number <= highest;
}

static bool read_byte(const char **text, char byte)
{
    if (**text != byte)
        return false;
    (*text)++;
    return true;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
static int64_t days_of(int year, int month, int day)
{
    /* The year begins in March, so that the leap day is its last. */
    int64_t years = month <= 2 ? year - 1 : year;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return years * 365 + years / 4 - years / 100 + years / 400 + day_of_year - 719468;
}

static bool read_date(const char **text, int64_t *ret_ms)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!read_number(text, 4, 1, 9999, &year) || !read_byte(text, '-') ||
        !read_number(text, 2, 1, 12, &month) || !read_byte(text, '-') ||
        !read_number(text, 2, 1, 31, &day))
        return false;
    bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (day > lengths[month - 1] + (month == 2 && is_leap ? 1 : 0))
        return false;
    *ret_ms = days_of(year, month, day) * 86400000;
    return true;
}

/* ".25" as milliseconds; further digits are cut. */
static bool read_fraction(const char **text, int64_t *ms)
{
    if (**text != '.')
        return true;
    size_t count = digits_at(++*text);
    int64_t unit = 100;
    for (size_t i = 0; i < count && unit > 0; i++, unit /= 10)
        *ms += unit * ((*text)[i] - '0');
    *text += count;
    return count > 0;
}

static bool read_time(const char **text, int64_t *ms)
{
    int hour, minute, second = 0;
    if (!read_number(text, 2, 0, 23, &hour) || !read_byte(text, ':') ||
        !read_number(text, 2, 0, 59, &minute))
        return false;
    /* A leap second counts as the first of the next minute. */
    if (read_byte(text, ':') && !read_number(text, 2, 0, 60, &second))
        return false;
    *ms += ((int64_t)hour * 60 + minute) * 60000 + (int64_t)second * 1000;
    return read_fraction(text, ms);
}

static bool read_zone(const char **text, int64_t *ms)
{
    if (read_byte(text, ' ') && **text == '\0')
        return false;
    if (**text == '\0' || read_byte(text, 'Z') || read_byte(text, 'z'))
        return true;
    int sign = **text == '-' ? -1 : 1;
    int hours, minutes = 0;
    if ((!read_byte(text, '+') && !read_byte(text, '-')) || !read_number(text, 2, 0, 23, &hours))
        return false;
    bool has_colon = read_byte(text, ':');
    if ((has_colon || **text != '\0') && !read_number(text, 2, 0, 59, &minutes))
        return false;
    *ms -= sign * ((int64_t)hours * 60 + minutes) * 60000;
    return true;
}

static bool parse_unix_time(const char *text, int64_t *ret_ms)
{
    size_t count = digits_at(text);
    if (count == 0 || count > 12)
        return false;
    int64_t ms = strtoll(text, NULL, 10) * 1000;
    const char *rest = text + count;
    if (!read_fraction(&rest, &ms) || *rest != '\0')
        return false;
    *ret_ms = ms;
    return true;
}

bool moment_parse(const char *text, int64_t *ret_ms)
{
    int64_t ms;
    if (strlen(text) > VALUE_MAX_BYTES)
        return false;
    if (parse_unix_time(text, ret_ms))
        return true;
    if (!read_date(&text, &ms))
        return false;
    if (*text == 'T' || *text == 't' || *text == ' ') {
        text++;
        if (!read_time(&text, &ms) || !read_zone(&text, &ms))
            return false;
    }
    if (*text != '\0')
        return false;
    *ret_ms = ms;
    return true;
}

static const char *without_v(const char *version)
{
    return (*version == 'v' || *version == 'V') ? version + 1 : version;
}

bool version_is_valid(const char *text)
{
    if (strlen(text) > VALUE_MAX_BYTES || !is_digit(*without_v(text)))
        return false;
    for (; *text != '\0'; text++)
        if (!is_digit(*text) && !is_letter(*text) && strchr(".+-~:_", *text) == NULL)
            return false;
    return true;
}

/* '~' sorts before the end, letters before everything else. */
static int weight_of(char c)
{
    if (c == '~')
        return -1;
    if (c == '\0' || is_digit(c))
        return 0;
    return is_letter(c) ? c : c + 256;
}

/* Runs of other characters and runs of digits take turns. */
static int compare_parts(const char *a, size_t a_length, const char *b, size_t b_length)
{
    const char *a_end = a + a_length, *b_end = b + b_length;
    while (a < a_end || b < b_end) {
        while ((a < a_end && !is_digit(*a)) || (b < b_end && !is_digit(*b))) {
            int order = weight_of(a < a_end ? *a : '\0') - weight_of(b < b_end ? *b : '\0');
            if (order != 0)
                return order;
            a++;
            b++;
        }
        int first = 0;
        for (; a < a_end && *a == '0'; a++)
            ;
        for (; b < b_end && *b == '0'; b++)
            ;
        for (; a < a_end && is_digit(*a) && b < b_end && is_digit(*b); a++, b++)
            if (first == 0)
                first = *a - *b;
        if (a < a_end && is_digit(*a))
            return 1;
        if (b < b_end && is_digit(*b))
            return -1;
        if (first != 0)
            return first;
    }
    return 0;
}

struct version {
    const char *epoch, *upstream, *revision;
    size_t epoch_length, upstream_length, revision_length;
};

static struct version split_version(const char *text)
{
    struct version version = {.epoch = "", .upstream = without_v(text), .revision = ""};
    const char *colon = strchr(version.upstream, ':');
    if (colon != NULL) {
        version.epoch = version.upstream;
        version.epoch_length = (size_t)(colon - version.epoch);
        version.upstream = colon + 1;
    }
    const char *dash = strrchr(version.upstream, '-');
    version.upstream_length = strlen(version.upstream);
    if (dash != NULL) {
        version.upstream_length = (size_t)(dash - version.upstream);
        version.revision = dash + 1;
        version.revision_length = strlen(dash + 1);
    }
    return version;
}

int version_compare(const char *a, const char *b)
{
    struct version left = split_version(a), right = split_version(b);
    int order = compare_parts(left.epoch, left.epoch_length, right.epoch, right.epoch_length);
    if (order == 0)
        order = compare_parts(left.upstream, left.upstream_length, right.upstream,
                              right.upstream_length);
    if (order == 0)
        order = compare_parts(left.revision, left.revision_length, right.revision,
                              right.revision_length);
    return order;
}
