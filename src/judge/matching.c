/* SPDX-License-Identifier: Apache-2.0 */
#include "matching.h"

#include "checklist/value.h"
#include "quote.h"

#include <ctype.h>

/* Few enough to show them all when none is what was expected. */
#define FEW_VALUES 3
#define OTHERS_MAX 10000 /* values of another probe */
#define NEAR_MIN   3

static bool takes_pattern(enum matcher matcher)
{
    return matcher == MATCHER_MATCHES || matcher == MATCHER_LACKS ||
           matcher == MATCHER_EACH_MATCHES;
}

/* An alternative at the top level: no part of the pattern has to be there. */
static bool has_alternatives(const char *pattern)
{
    int depth = 0;
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '\\' && pattern[1] != '\0')
            pattern++;
        else if (*pattern == '(')
            depth++;
        else if (*pattern == ')')
            depth--;
        else if (*pattern == '|' && depth == 0)
            return true;
    }
    return false;
}

/* The plain first word that a match begins with. For the reader's sake only: it finds the line that
 * almost is what was expected, "permitrootlogin yes" for '^permitrootlogin no$'. */
static char *plain_start(const char *pattern, bool *ret_is_start)
{
    struct buffer text = {0};
    *ret_is_start = *pattern == '^';
    pattern += *ret_is_start;
    if (has_alternatives(pattern))
        return NULL;
    for (; *pattern != '\0'; pattern++) {
        bool is_escaped = *pattern == '\\';
        if (is_escaped && (pattern[1] == '\0' || isalnum((unsigned char)pattern[1])))
            break;
        if (!is_escaped && strchr("^$.[]|()?*+{}", *pattern) != NULL) {
            if (strchr("?*{", *pattern) != NULL && text.length > 0)
                text.data[--text.length] = '\0';
            break;
        }
        pattern += is_escaped;
        buffer_append_byte(&text, *pattern);
    }
    size_t length = strcspn(buffer_text(&text), " \t=:");
    char *word = length < NEAR_MIN ? NULL : memory_copy(text.data, length);
    buffer_release(&text);
    return word;
}

static bool init_pattern(struct matching *matching, const struct parameters *parameters,
                         struct error *error)
{
    matching->pattern_text =
        parameters_expand_pattern(parameters, matching->expectation->arguments.items[0]);
    matching->near_text = plain_start(matching->pattern_text, &matching->is_near_start);
    return pattern_new(matching->pattern_text, false, &matching->pattern, error);
}

static bool init_moment(struct matching *matching, int64_t now_ms, struct error *error)
{
    int64_t age;
    const char *text = matching->arguments.items[0];
    if (age_parse(text, &age)) {
        matching->moment_ms = now_ms - age;
        return true;
    }
    if (moment_parse(text, &matching->moment_ms))
        return true;
    return error_set(error, ERROR_INVALID, "'%.80s' is no age or date", text);
}

static bool check_arguments(struct matching *matching, bool is_valid(const char *), size_t count,
                            const char *what, struct error *error)
{
    const struct strings *arguments = &matching->arguments;
    if (arguments->count != count)
        return error_set(error, ERROR_INVALID, "'%s' takes %zu values, got %zu",
                         matcher_text(matching->expectation->matcher), count, arguments->count);
    for (size_t i = 0; i < count; i++)
        if (!is_valid(arguments->items[i]))
            return error_set(error, ERROR_INVALID, "'%.80s' is no %s", arguments->items[i], what);
    return true;
}

static bool is_any(const char *text UNUSED)
{
    return true;
}

static bool init_arguments(struct matching *matching, int64_t now_ms, struct error *error)
{
    switch (matching->expectation->matcher) {
    case MATCHER_EQUALS:
        return check_arguments(matching, is_any, 1, "text", error);
    case MATCHER_AT_MOST:
    case MATCHER_AT_LEAST:
        return check_arguments(matching, decimal_is_valid, 1, "number", error);
    case MATCHER_BETWEEN:
    case MATCHER_COUNT:
        return check_arguments(matching, decimal_is_valid, 2, "number", error);
    case MATCHER_VERSION_AT_LEAST:
        return check_arguments(matching, version_is_valid, 1, "version", error);
    case MATCHER_RPM_VERSION_AT_LEAST:
        return check_arguments(matching, rpm_version_is_valid, 1, "version of rpm", error);
    case MATCHER_APK_VERSION_AT_LEAST:
        return check_arguments(matching, apk_version_is_valid, 1, "version of apk", error);
    case MATCHER_MODE_AT_MOST:
        return check_arguments(matching, mode_is_valid, 1, "file mode", error);
    case MATCHER_IN_NETWORKS:
        return check_arguments(matching, network_is_valid, matching->arguments.count, "network",
                               error);
    case MATCHER_OLDER_THAN:
    case MATCHER_NEWER_THAN:
        return check_arguments(matching, is_any, 1, "date", error) &&
               init_moment(matching, now_ms, error);
    case MATCHER_CONTAINS_ALL:
        matching->is_seen = memory_new(matching->arguments.count, sizeof(bool));
        return true;
    default:
        return true;
    }
}

static bool take_other(void *context, const struct value *value)
{
    struct matching *matching = context;
    strings_push_take(&matching->arguments, memory_copy(value->text, value->length));
    return matching->arguments.count < OTHERS_MAX;
}

bool matching_compare_with(struct matching *matching, const struct parameters *parameters,
                           const struct testimony *other, struct error *error)
{
    const struct value_sink sink = {take_other, matching};
    strings_release(&matching->arguments);
    matching->arguments = (struct strings){0};
    if (!values_each(matching->expectation, parameters, other, &sink, error))
        return error_prefix(error, "the other probe");
    return matching->arguments.count < OTHERS_MAX ||
           error_set(error, ERROR_INVALID, "the other probe has more than %d values", OTHERS_MAX);
}

bool matching_init(struct matching *matching, const struct expectation *expectation,
                   const struct parameters *parameters, int64_t now_ms, struct error *error)
{
    *matching = (struct matching){.expectation = expectation};
    if (takes_pattern(expectation->matcher))
        return init_pattern(matching, parameters, error);
    parameters_expand_arguments(parameters, &expectation->arguments, &matching->arguments);
    return init_arguments(matching, now_ms, error);
}

void matching_release(struct matching *matching)
{
    strings_release(&matching->arguments);
    pattern_free(matching->pattern);
    free(matching->pattern_text);
    free(matching->near_text);
    free(matching->is_seen);
    strings_release(&matching->good.texts);
    strings_release(&matching->bad.texts);
    strings_release(&matching->near.texts);
    strings_release(&matching->unreadable.texts);
    strings_release(&matching->all.texts);
}

static void note(struct examples *examples, const struct value *value)
{
    examples->count++;
    if (examples->texts.count < EXAMPLES_MAX) {
        examples->text_lines[examples->texts.count] = value->line;
        struct buffer quoted = {0};
        quote_append(&quoted, value->text, value->length);
        strings_push_take(&examples->texts, buffer_take(&quoted));
    }
    size_t last = examples->line_count == 0 ? 0 : examples->lines[examples->line_count - 1];
    if (value->line > last && examples->line_count < JUDGE_LINES_MAX)
        examples->lines[examples->line_count++] = value->line;
}

static bool is_near(const struct matching *matching, const struct value *value)
{
    if (matching->near_text == NULL)
        return false;
    size_t length = strlen(matching->near_text);
    if (matching->is_near_start)
        return value->length >= length && memcmp(value->text, matching->near_text, length) == 0;
    return memmem(value->text, value->length, matching->near_text, length) != NULL;
}

static bool take_for_pattern(struct matching *matching, const struct value *value)
{
    enum pattern_result result =
        pattern_search(matching->pattern, value->text, value->length, NULL);
    bool is_lacks = matching->expectation->matcher == MATCHER_LACKS;
    if (result == PATTERN_GAVE_UP) {
        /* It costs time, and the answer is open now: no need to look at more. */
        note(&matching->unreadable, value);
        return false;
    }
    if (result == PATTERN_MATCH)
        note(is_lacks ? &matching->bad : &matching->good, value);
    else if (matching->expectation->matcher == MATCHER_EACH_MATCHES)
        note(&matching->bad, value);
    else if (is_near(matching, value))
        note(&matching->near, value);
    return true;
}

static bool equals(const struct value *value, const char *text)
{
    return strlen(text) == value->length && memcmp(text, value->text, value->length) == 0;
}

static bool take_for_list(struct matching *matching, const struct value *value)
{
    const struct strings *arguments = &matching->arguments;
    bool is_listed = false;
    for (size_t i = 0; i < arguments->count; i++) {
        if (!equals(value, arguments->items[i]))
            continue;
        is_listed = true;
        if (matching->is_seen != NULL)
            matching->is_seen[i] = true;
    }
    bool is_wanted = is_listed != (matching->expectation->matcher == MATCHER_DIFFERS_FROM);
    if (is_listed || matching->expectation->matcher != MATCHER_CONTAINS_ALL)
        note(is_wanted ? &matching->good : &matching->bad, value);
    return true;
}

/* The text of a value that may be a number, a date or a version; NULL when it cannot be one. */
static char *short_text(const struct value *value)
{
    if (value->length > VALUE_MAX_BYTES || memchr(value->text, '\0', value->length) != NULL)
        return NULL;
    return memory_copy(value->text, value->length);
}

static enum truth compare_number(const struct matching *matching, const char *text)
{
    const struct strings *arguments = &matching->arguments;
    enum matcher matcher = matching->expectation->matcher;
    if (!decimal_is_valid(text))
        return TRUTH_OPEN;
    bool is_good = true;
    if (matcher != MATCHER_AT_MOST)
        is_good = decimal_compare(text, arguments->items[0]) >= 0;
    if (matcher != MATCHER_AT_LEAST)
        is_good &= decimal_compare(text, arguments->items[arguments->count - 1]) <= 0;
    return is_good ? TRUTH_YES : TRUTH_NO;
}

static enum truth compare_moment(const struct matching *matching, const char *text)
{
    int64_t ms;
    if (!moment_parse(text, &ms))
        return TRUTH_OPEN;
    bool is_older = matching->expectation->matcher == MATCHER_OLDER_THAN;
    return (is_older ? ms < matching->moment_ms : ms > matching->moment_ms) ? TRUTH_YES : TRUTH_NO;
}

static enum truth compare_version(const struct matching *matching, const char *text,
                                  bool (*is_valid)(const char *),
                                  int (*order)(const char *, const char *))
{
    if (!is_valid(text))
        return TRUTH_OPEN;
    return order(text, matching->arguments.items[0]) >= 0 ? TRUTH_YES : TRUTH_NO;
}

static enum truth compare_mode(const struct matching *matching, const char *text)
{
    unsigned allowed, bits;
    if (!mode_parse(matching->arguments.items[0], &allowed) || !mode_parse(text, &bits))
        return TRUTH_OPEN;
    return (bits & ~allowed) == 0 ? TRUTH_YES : TRUTH_NO;
}

static enum truth compare_address(const struct matching *matching, const char *text)
{
    if (!address_is_valid(text))
        return TRUTH_OPEN;
    for (size_t i = 0; i < matching->arguments.count; i++)
        if (network_contains(matching->arguments.items[i], text))
            return TRUTH_YES;
    return TRUTH_NO;
}

static enum truth compare(const struct matching *matching, const char *text)
{
    switch (matching->expectation->matcher) {
    case MATCHER_OLDER_THAN:
    case MATCHER_NEWER_THAN:
        return compare_moment(matching, text);
    case MATCHER_VERSION_AT_LEAST:
        return compare_version(matching, text, version_is_valid, version_compare);
    case MATCHER_RPM_VERSION_AT_LEAST:
        return compare_version(matching, text, rpm_version_is_valid, rpm_version_compare);
    case MATCHER_APK_VERSION_AT_LEAST:
        return compare_version(matching, text, apk_version_is_valid, apk_version_compare);
    case MATCHER_MODE_AT_MOST:
        return compare_mode(matching, text);
    case MATCHER_IN_NETWORKS:
        return compare_address(matching, text);
    default:
        return compare_number(matching, text);
    }
}

static bool take_for_order(struct matching *matching, const struct value *value)
{
    AUTO_FREE char *text = short_text(value);
    enum truth truth = text == NULL ? TRUTH_OPEN : compare(matching, text);
    note(truth == TRUTH_YES  ? &matching->good
         : truth == TRUTH_NO ? &matching->bad
                             : &matching->unreadable,
         value);
    return true;
}

bool matching_take(void *context, const struct value *value)
{
    struct matching *matching = context;
    note(&matching->all, value);
    switch (matching->expectation->matcher) {
    case MATCHER_MATCHES:
    case MATCHER_LACKS:
    case MATCHER_EACH_MATCHES:
        return take_for_pattern(matching, value);
    case MATCHER_EQUALS:
    case MATCHER_ONE_OF:
    case MATCHER_SUBSET_OF:
    case MATCHER_CONTAINS_ALL:
    case MATCHER_EXIT:
    case MATCHER_SAME_AS:
    case MATCHER_DIFFERS_FROM:
        return take_for_list(matching, value);
    case MATCHER_COUNT:
    case MATCHER_EMPTY:
    case MATCHER_EXISTS:
        return true;
    default:
        return take_for_order(matching, value);
    }
}

static enum truth conclude_count(const struct matching *matching, bool is_all)
{
    char count[24];
    snprintf(count, sizeof(count), "%zu", matching->all.count);
    const struct strings *range = &matching->arguments;
    if (decimal_compare(count, range->items[1]) > 0)
        return TRUTH_NO;
    if (!is_all)
        return TRUTH_OPEN;
    return decimal_compare(count, range->items[0]) >= 0 ? TRUTH_YES : TRUTH_NO;
}

static enum truth conclude_existence(const struct matching *matching, bool is_all)
{
    bool wants_value = (matching->expectation->matcher == MATCHER_EXISTS) ==
                       matching->expectation->argument_is_true;
    if (matching->all.count > 0)
        return wants_value ? TRUTH_YES : TRUTH_NO;
    if (!is_all)
        return TRUTH_OPEN;
    return wants_value ? TRUTH_NO : TRUTH_YES;
}

static enum truth conclude_no_value(const struct matching *matching)
{
    switch (matching->expectation->no_value) {
    case NO_VALUE_PASS:
        return TRUTH_YES;
    case NO_VALUE_FAIL:
        return TRUTH_NO;
    default:
        return TRUTH_OPEN;
    }
}

/* matches and contains-all: what was found stays found, whatever else there is. */
static enum truth conclude_search(const struct matching *matching, bool is_all)
{
    bool is_found = matching->good.count > 0;
    if (matching->is_seen != NULL) {
        is_found = true;
        for (size_t i = 0; i < matching->arguments.count; i++)
            is_found &= matching->is_seen[i];
    }
    if (is_found)
        return TRUTH_YES;
    if (!is_all || matching->unreadable.count > 0)
        return TRUTH_OPEN;
    return matching->all.count == 0 ? conclude_no_value(matching) : TRUTH_NO;
}

/* All others: one bad value decides. */
static enum truth conclude_each(const struct matching *matching, bool is_all)
{
    enum matcher matcher = matching->expectation->matcher;
    if (matching->bad.count > 0)
        return TRUTH_NO;
    if (!is_all || matching->unreadable.count > 0)
        return TRUTH_OPEN;
    bool is_content_with_nothing = matcher == MATCHER_LACKS || matcher == MATCHER_SUBSET_OF;
    return matching->all.count == 0 && !is_content_with_nothing ? conclude_no_value(matching)
                                                                : TRUTH_YES;
}

enum truth matching_conclude(const struct matching *matching, bool is_all)
{
    switch (matching->expectation->matcher) {
    case MATCHER_MATCHES:
    case MATCHER_CONTAINS_ALL:
        return conclude_search(matching, is_all);
    case MATCHER_COUNT:
        return conclude_count(matching, is_all);
    case MATCHER_EMPTY:
    case MATCHER_EXISTS:
        return conclude_existence(matching, is_all);
    default:
        return conclude_each(matching, is_all);
    }
}

static const struct examples *witnesses_of_no(const struct matching *matching)
{
    switch (matching->expectation->matcher) {
    case MATCHER_MATCHES:
        if (matching->near.count == 0 && matching->all.count <= FEW_VALUES)
            return &matching->all;
        return &matching->near;
    case MATCHER_COUNT:
    case MATCHER_EMPTY:
    case MATCHER_EXISTS:
        return &matching->all;
    case MATCHER_CONTAINS_ALL:
        return &matching->good;
    default:
        return &matching->bad;
    }
}

const struct examples *matching_witnesses(const struct matching *matching, enum truth truth)
{
    switch (truth) {
    case TRUTH_NO:
        return witnesses_of_no(matching);
    case TRUTH_OPEN:
        return &matching->unreadable;
    default:
        break;
    }
    switch (matching->expectation->matcher) {
    case MATCHER_COUNT:
    case MATCHER_EMPTY:
    case MATCHER_EXISTS:
        return &matching->all;
    default:
        return &matching->good;
    }
}
