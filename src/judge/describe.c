/* SPDX-License-Identifier: Apache-2.0 */
/* Answers of a matcher in words: what was found where, and what was expected. */
#include "matching.h"
#include "quote.h"

static void append_list(struct buffer *text, const struct strings *items, const char *separator)
{
    for (size_t i = 0; i < items->count; i++) {
        if (i == 10) {
            buffer_append_format(text, " and %zu more", items->count - i);
            return;
        }
        buffer_append_text(text, i == 0 ? "" : separator);
        quote_append_text(text, items->items[i]);
    }
}

/* "found 'a' (stdout line 3), 'b' (stdout line 5) and 7 more" */
static void append_found(struct buffer *text, const struct examples *examples, const char *where)
{
    buffer_append_text(text, "found ");
    if (examples->count == 0)
        buffer_append_text(text, "nothing");
    for (size_t i = 0; i < examples->texts.count; i++) {
        buffer_append_text(text, i == 0 ? "" : ", ");
        buffer_append_text(text, examples->texts.items[i]);
        if (examples->text_lines[i] > 0)
            buffer_append_format(text, " (%s line %zu)", where, examples->text_lines[i]);
        else
            buffer_append_format(text, " (%s)", where);
    }
    if (examples->count > examples->texts.count)
        buffer_append_format(text, " and %zu more", examples->count - examples->texts.count);
}

static void append_range(struct buffer *text, const struct strings *range)
{
    if (range->count != 2)
        return;
    if (strcmp(range->items[0], range->items[1]) == 0)
        buffer_append_text(text, range->items[0]);
    else
        buffer_append_format(text, "%s to %s", range->items[0], range->items[1]);
}

static void append_pattern(struct buffer *text, const struct matching *matching)
{
    /* As the author wrote it: the parameters' values would only lengthen it. */
    quote_append_text(text, matching->expectation->arguments.items[0]);
}

/* Before the list: "one of 'a', 'b'", but "'a'" alone. */
static void append_choice(struct buffer *text, const struct strings *arguments)
{
    if (arguments->count == 0)
        buffer_append_text(text, "nothing");
    else if (arguments->count > 1)
        buffer_append_text(text, "one of ");
    append_list(text, arguments, ", ");
}

static void append_existence(struct buffer *text, const struct expectation *expectation)
{
    bool is_exists = expectation->matcher == MATCHER_EXISTS;
    bool wants_value = is_exists == expectation->argument_is_true;
    buffer_append_text(text, wants_value ? "something" : "nothing");
}

/* Words around the one argument of a matcher; NULL for the others. */
static const char *const one_argument_formats[][2] = {
    [MATCHER_AT_MOST] = {"at most ", ""},
    [MATCHER_AT_LEAST] = {"at least ", ""},
    [MATCHER_OLDER_THAN] = {"older than ", ""},
    [MATCHER_NEWER_THAN] = {"newer than ", ""},
    [MATCHER_VERSION_AT_LEAST] = {"version ", " or later"},
    [MATCHER_RPM_VERSION_AT_LEAST] = {"version ", " or later, as rpm orders them"},
    [MATCHER_APK_VERSION_AT_LEAST] = {"version ", " or later, as apk orders them"},
    [MATCHER_MODE_AT_MOST] = {"mode ", " or less"},
};

static void append_expected(struct buffer *text, const struct matching *matching)
{
    const struct strings *arguments = &matching->arguments;
    enum matcher matcher = matching->expectation->matcher;
    switch (matcher) {
    case MATCHER_MATCHES:
    case MATCHER_LACKS:
    case MATCHER_EACH_MATCHES:
        buffer_append_text(text, matcher == MATCHER_LACKS     ? "nothing that matches "
                                 : matcher == MATCHER_MATCHES ? "to match "
                                                              : "each to match ");
        append_pattern(text, matching);
        break;
    case MATCHER_ONE_OF:
    case MATCHER_SUBSET_OF:
    case MATCHER_EXIT:
    case MATCHER_IN_NETWORKS:
        append_choice(text, arguments);
        break;
    case MATCHER_CONTAINS_ALL:
        append_list(text, arguments, " and ");
        break;
    case MATCHER_BETWEEN:
    case MATCHER_COUNT:
        append_range(text, arguments);
        buffer_append_text(text, matcher == MATCHER_COUNT ? " values" : "");
        break;
    case MATCHER_EQUALS:
        quote_append_text(text, arguments->items[0]);
        break;
    case MATCHER_SAME_AS:
    case MATCHER_DIFFERS_FROM:
        buffer_append_format(text, "%s%s says",
                             matcher == MATCHER_SAME_AS ? "what " : "something else than ",
                             matching->expectation->arguments.items[0]);
        break;
    case MATCHER_EMPTY:
    case MATCHER_EXISTS:
        append_existence(text, matching->expectation);
        break;
    default:
        buffer_append_format(text, "%s%s%s", one_argument_formats[matcher][0], arguments->items[0],
                             one_argument_formats[matcher][1]);
        break;
    }
}

static void describe_missing(const struct matching *matching, const char *where,
                             struct buffer *text)
{
    struct strings missing = {0};
    for (size_t i = 0; i < matching->arguments.count; i++)
        if (!matching->is_seen[i])
            strings_push(&missing, matching->arguments.items[i]);
    buffer_append_text(text, "found no ");
    append_list(text, &missing, ", no ");
    buffer_append_format(text, " in %s", where);
    strings_release(&missing);
}

static void describe_no(const struct matching *matching, const char *where, struct buffer *text)
{
    const struct examples *witnesses = matching_witnesses(matching, TRUTH_NO);
    enum matcher matcher = matching->expectation->matcher;
    if (matcher == MATCHER_CONTAINS_ALL) {
        describe_missing(matching, where, text);
        return;
    }
    if (matcher == MATCHER_COUNT)
        buffer_append_format(text, "found %zu values in %s, ", matching->all.count, where);
    else if (matcher == MATCHER_MATCHES && witnesses->count == 0 && matching->all.count > 0)
        buffer_append_format(text, "none of %zu values in %s is as expected, ", matching->all.count,
                             where);
    else if (matching->all.count == 0)
        buffer_append_format(text, "found nothing in %s, ", where);
    else {
        append_found(text, witnesses, where);
        buffer_append_text(text, ", ");
    }
    buffer_append_text(text, "expected ");
    append_expected(text, matching);
}

static void describe_yes(const struct matching *matching, const char *where, struct buffer *text)
{
    const struct examples *witnesses = matching_witnesses(matching, TRUTH_YES);
    enum matcher matcher = matching->expectation->matcher;
    if (matcher == MATCHER_LACKS) {
        buffer_append_format(text, "nothing in %s matches ", where);
        append_pattern(text, matching);
    } else if (matching->all.count == 0) {
        buffer_append_format(text, "found nothing in %s", where);
    } else if (matcher == MATCHER_COUNT) {
        buffer_append_format(text, "found %zu values in %s", matching->all.count, where);
    } else {
        append_found(text, witnesses, where);
    }
}

static const char *kind_of(enum matcher matcher)
{
    switch (matcher) {
    case MATCHER_OLDER_THAN:
    case MATCHER_NEWER_THAN:
        return "no date";
    case MATCHER_VERSION_AT_LEAST:
        return "no version";
    case MATCHER_RPM_VERSION_AT_LEAST:
        return "no version of rpm";
    case MATCHER_APK_VERSION_AT_LEAST:
        return "no version of apk";
    case MATCHER_MODE_AT_MOST:
        return "no file mode";
    case MATCHER_IN_NETWORKS:
        return "no address";
    case MATCHER_MATCHES:
    case MATCHER_LACKS:
    case MATCHER_EACH_MATCHES:
        return "too much for the regular expression";
    default:
        return "no number";
    }
}

static void describe_open(const struct matching *matching, const char *where, struct buffer *text)
{
    if (matching->unreadable.count > 0) {
        append_found(text, &matching->unreadable, where);
        buffer_append_format(text, ", which is %s, expected ",
                             kind_of(matching->expectation->matcher));
    } else {
        buffer_append_format(text, "found nothing in %s, expected ", where);
    }
    append_expected(text, matching);
}

void matching_describe(const struct matching *matching, enum truth truth, const char *where,
                       struct buffer *text)
{
    switch (truth) {
    case TRUTH_YES:
        describe_yes(matching, where, text);
        break;
    case TRUTH_NO:
        describe_no(matching, where, text);
        break;
    default:
        describe_open(matching, where, text);
        break;
    }
}
