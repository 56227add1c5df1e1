/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Last logins: "today:DAYS"; "lastlog:" and a line of lastlog or lastlog2, which ends in "Mon Nov
 * 23 20:15:01 +0000 2026" or "**Never logged in**"; "last:" and a line of last or wtmpdb with its
 * times in ISO 8601. All in the C locale and in UTC.
 */
#include "model.h"

#include <string.h>
#include <time.h>

static int64_t day_of(int64_t year, int64_t month, int64_t day)
{
    enum { YEAR_MIN = 1970, YEAR_MAX = 9999, MONTHS = 12, DAYS = 31, TM_BASE = 1900 };
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > MONTHS || day < 1 || day > DAYS)
        return DAY_UNKNOWN;
    struct tm parts = {
        .tm_year = (int)year - TM_BASE, .tm_mon = (int)month - 1, .tm_mday = (int)day};
    return (int64_t)timegm(&parts) * 1000 / DAY_MS;
}

static int64_t number_of(const char *text, size_t length)
{
    AUTO_FREE char *digits = memory_copy(text, length);
    return field_number(digits);
}

int64_t parse_iso_day(const char *text)
{
    enum { MONTH_AT = 5, DAY_AT = 8 };
    static const char form[] = "dddd-dd-ddT";
    for (size_t i = 0; form[i] != '\0'; i++)
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != form[i])
            return DAY_UNKNOWN;
    return day_of(number_of(text, 4), number_of(text + MONTH_AT, 2), number_of(text + DAY_AT, 2));
}

static int64_t month_of(const char *name)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    for (size_t i = 0; i < LENGTH(months); i++)
        if (strcmp(name, months[i]) == 0)
            return (int64_t)i + 1;
    return 0;
}

/* The last words: ... Mon Nov 23 20:15:01 +0000 2026 */
static int64_t lastlog_day(const struct strings *words)
{
    enum { MONTH_BEHIND = 5, DAY_BEHIND = 4, YEAR_BEHIND = 1, WORDS_MIN = 7 };
    size_t count = words->count;
    if (count < WORDS_MIN)
        return DAY_UNKNOWN;
    return day_of(field_number(words->items[count - YEAR_BEHIND]),
                  month_of(words->items[count - MONTH_BEHIND]),
                  field_number(words->items[count - DAY_BEHIND]));
}

/* The first time in the line is that of the login. */
static int64_t last_day(const struct strings *words)
{
    for (size_t i = 1; i < words->count; i++)
        if (parse_iso_day(words->items[i]) != DAY_UNKNOWN)
            return parse_iso_day(words->items[i]);
    return DAY_UNKNOWN;
}

static void take_login(struct model *model, const char *text, bool is_lastlog, size_t number,
                       const char *line)
{
    AUTO_RELEASE(strings) struct strings words = {0};
    split_words(&words, text);
    struct account *account = words.count > 0 ? model_find(model, words.items[0]) : NULL;
    if (account == NULL)
        return;
    int64_t day = is_lastlog ? lastlog_day(&words) : last_day(&words);
    if (is_lastlog && strstr(text, "**Never logged in**") != NULL)
        account->is_never_seen = true;
    else if (day <= account->login_day)
        return;
    else
        account->login_day = day;
    account_cite(account, ACCESS_LOGINS, number, line);
}

void parse_logins(struct model *model, const char *text)
{
    static const char today[] = "today:", lastlog[] = "lastlog:", last[] = "last:";
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, text, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        const char *line = lines.items[i];
        if (strncmp(line, today, strlen(today)) == 0)
            model->today = field_number(line + strlen(today));
        else if (strncmp(line, lastlog, strlen(lastlog)) == 0)
            take_login(model, line + strlen(lastlog), true, i + 1, line);
        else if (strncmp(line, last, strlen(last)) == 0)
            take_login(model, line + strlen(last), false, i + 1, line);
        else
            continue;
        model->keeps_logins |= strncmp(line, today, strlen(today)) != 0;
    }
}
