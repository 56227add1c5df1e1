/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "checklist/value.h"
#include "load_expectation.h"
#include "placeholder.h"

static char takes_of(enum matcher matcher)
{
#define X(name, text, takes) takes,
    static const char takes[] = {MATCHERS(X)};
#undef X
    return takes[matcher];
}

static bool is_duration_or_date(const char *text)
{
    int64_t ms;
    return age_parse(text, &ms) || moment_parse(text, &ms);
}

static bool is_exit_status(const char *text)
{
    int64_t status;
    return reader_parse_whole(text, 0, 255, &status);
}

static bool is_count(const char *text)
{
    int64_t count;
    return reader_parse_whole(text, 0, INT64_MAX, &count);
}

/* What an argument has to look like. */
static const struct {
    char takes;
    bool (*is_valid)(const char *text);
    const char *expected;
} argument_rules[] = {
    {'n', decimal_is_valid, "a number such as 4 or 0.5"},
    {'p', decimal_is_valid, "a number such as 4 or 0.5"},
    {'d', is_duration_or_date, "an age such as 90d, 12h, 2w or a date such as 2026-01-31"},
    {'v', version_is_valid, "a version such as 1.2.3"},
    {'R', rpm_version_is_valid, "a version of rpm such as 1.2.3-4.el9"},
    {'A', apk_version_is_valid, "a version of apk such as 1.2.3_rc1-r4"},
    {'m', mode_is_valid, "a file mode such as 0640"},
    {'w', network_is_valid, "networks such as 10.0.0.0/8 or fd00::/8"},
    {'e', is_exit_status, "an exit status from 0 to 255"},
};

static void check_values(struct reader *reader, const struct node *value, char takes,
                         const struct strings *values)
{
    for (size_t rule = 0; rule < LENGTH(argument_rules); rule++)
        for (size_t i = 0; argument_rules[rule].takes == takes && i < values->count; i++)
            if (!argument_rules[rule].is_valid(values->items[i]))
                reader_error(reader, value, "'%.80s' is not what '%s' takes, expected %s",
                             values->items[i], value->key, argument_rules[rule].expected);
}

/* "count: 1" is [1, 1]; a range is in order. */
static void check_range(struct reader *reader, const struct node *value,
                        struct expectation *expectation)
{
    struct strings *range = &expectation->arguments;
    bool is_count_matcher = expectation->matcher == MATCHER_COUNT;
    if (is_count_matcher && range->count == 1)
        strings_push(range, range->items[0]);
    if (range->count != 2) {
        reader_error(reader, value, "'%s' takes %s[lowest, highest]", value->key,
                     is_count_matcher ? "a number or " : "");
        return;
    }
    AUTO_RELEASE(strings) struct strings values = {0};
    parameters_expand_arguments(&reader->defaults, range, &values);
    if (values.count != 2 || !decimal_is_valid(values.items[0]) ||
        !decimal_is_valid(values.items[1]))
        return;
    if (is_count_matcher && (!is_count(values.items[0]) || !is_count(values.items[1])))
        reader_error(reader, value, "'count' takes whole numbers from 0");
    else if (decimal_compare(values.items[0], values.items[1]) > 0)
        reader_error(reader, value, "the range begins above its end, expected [lowest, highest]");
}

/* Each argument is on a node of its own, so that an error shows which. */
static bool check_argument_references(struct reader *reader, const struct node *value, bool is_list)
{
    if (value->kind == NODE_TEXT) {
        struct placeholder placeholder;
        bool is_member = is_list && placeholder_is_all(value->text, &placeholder);
        return load_check_references(reader, value, false, is_member);
    }
    bool is_good = true;
    for (size_t i = 0; i < value->child_count; i++)
        is_good &= value->children[i].kind != NODE_TEXT ||
                   check_argument_references(reader, &value->children[i], is_list);
    return is_good;
}

static void read_arguments(struct reader *reader, const struct node *value, char takes,
                           struct expectation *expectation)
{
    bool is_list = takes == 'l' || takes == 'e' || takes == 'w';
    if (!is_list && takes != 'p' && value->kind != NODE_TEXT) {
        reader_error(reader, value, "'%s' takes one text, not a list", value->key);
        return;
    }
    reader_texts(reader, value, &expectation->arguments);
    if (!check_argument_references(reader, value, is_list))
        return;
    AUTO_RELEASE(strings) struct strings values = {0};
    parameters_expand_arguments(&reader->defaults, &expectation->arguments, &values);
    check_values(reader, value, takes, &values);
    if (takes == 'p')
        check_range(reader, value, expectation);
    if (takes == 'e' && values.count == 0)
        reader_error(reader, value, "'exit' is empty, expected exit statuses");
}

/* Without a value "matches" and "contains-all" have their answer. */
static enum no_value default_no_value(enum matcher matcher)
{
    return matcher == MATCHER_MATCHES || matcher == MATCHER_CONTAINS_ALL ? NO_VALUE_FAIL
                                                                         : NO_VALUE_UNDECIDED;
}

static bool needs_value(enum matcher matcher)
{
    switch (matcher) {
    case MATCHER_LACKS:
    case MATCHER_SUBSET_OF:
    case MATCHER_COUNT:
    case MATCHER_EMPTY:
    case MATCHER_EXISTS:
    case MATCHER_EXIT:
        return false;
    default:
        return true;
    }
}

static void read_other_probe(struct reader *reader, const struct node *value,
                             struct expectation *expectation)
{
    const char *text = reader_expect_text(reader, value);
    if (text == NULL)
        return;
    if (!load_has_probe(reader->check, text))
        reader_error(reader, value, "the check has no probe '%.80s'", text);
    else if (expectation->probe != NULL && strcmp(expectation->probe, text) == 0)
        reader_error(reader, value, "'%s' compares with another probe, not with itself",
                     value->key);
    strings_push(&expectation->arguments, text);
}

void load_matcher(struct reader *reader, struct draft *draft)
{
    struct expectation *expectation = draft->target;
    const struct node *value = draft->matcher;
    char takes = takes_of(expectation->matcher);
    if (draft->none == NULL)
        expectation->no_value = default_no_value(expectation->matcher);
    else if (!needs_value(expectation->matcher))
        reader_error(reader, draft->none, "'none' is of no use with '%s', which needs no value",
                     value->key);
    if (takes == 'b') {
        reader_bool(reader, value, &expectation->argument_is_true);
    } else if (takes == 'r') {
        const char *text = reader_expect_text(reader, value);
        if (text == NULL)
            return;
        strings_push(&expectation->arguments, text);
        load_check_pattern(reader, value);
    } else if (takes == 'o') {
        read_other_probe(reader, value, expectation);
    } else {
        read_arguments(reader, value, takes, expectation);
    }
}
