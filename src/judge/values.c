/* SPDX-License-Identifier: Apache-2.0 */
#include "values.h"

#include "base/buffer.h"
#include "base/pattern.h"
#include "quote.h"

struct cutter {
    const struct expectation *expectation;
    struct pattern *select, *ignore, *capture;
    const struct value_sink *sink;
    struct error *error;
    struct pattern_span span; /* of the last match */
    struct buffer whole;      /* the lines that are left, of EXTRACT_WHOLE */
    size_t whole_line;        /* number of the first of them */
};

enum step { STEP_NEXT, STEP_END, STEP_FAIL };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_blank_line(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_blank(line[i]))
            return false;
    return true;
}

static enum step give(struct cutter *cutter, const char *text, size_t length, size_t line)
{
    struct value value = {text, length, line};
    return cutter->sink->function(cutter->sink->context, &value) ? STEP_NEXT : STEP_END;
}

static enum pattern_result search(struct cutter *cutter, const struct pattern *pattern,
                                  const char *line, size_t length, size_t number)
{
    enum pattern_result result = pattern_search(pattern, line, length, &cutter->span);
    if (result == PATTERN_GAVE_UP)
        error_set(cutter->error, ERROR_TIMEOUT,
                  "a regular expression takes too long on line %zu; simplify it", number);
    return result;
}

/* What select and ignore say about a line. */
static enum pattern_result is_kept(struct cutter *cutter, const char *line, size_t length,
                                   size_t number)
{
    enum pattern_result result = PATTERN_MATCH;
    if (cutter->select != NULL)
        result = search(cutter, cutter->select, line, length, number);
    if (cutter->ignore == NULL || result != PATTERN_MATCH)
        return result;
    switch (search(cutter, cutter->ignore, line, length, number)) {
    case PATTERN_MATCH:
        return PATTERN_NO_MATCH;
    case PATTERN_NO_MATCH:
        return PATTERN_MATCH;
    default:
        return PATTERN_GAVE_UP;
    }
}

static enum step cut_capture(struct cutter *cutter, const char *line, size_t length, size_t number)
{
    switch (search(cutter, cutter->capture, line, length, number)) {
    case PATTERN_MATCH:
        return give(cutter, line + cutter->span.start, cutter->span.length, number);
    case PATTERN_NO_MATCH:
        return STEP_NEXT;
    default:
        return STEP_FAIL;
    }
}

static enum step cut_blank_column(struct cutter *cutter, const char *line, size_t length,
                                  size_t number)
{
    size_t start = 0;
    for (int column = 1;; column++) {
        while (start < length && is_blank(line[start]))
            start++;
        size_t end = start;
        while (end < length && !is_blank(line[end]))
            end++;
        if (start == end)
            return STEP_NEXT;
        if (column == cutter->expectation->extract_number)
            return give(cutter, line + start, end - start, number);
        start = end;
    }
}

static enum step cut_column(struct cutter *cutter, const char *line, size_t length, size_t number)
{
    const char *separator = cutter->expectation->separator;
    if (separator == NULL)
        return cut_blank_column(cutter, line, length, number);
    const char *end = line + length;
    for (int column = 1;; column++) {
        const char *next = memmem(line, (size_t)(end - line), separator, strlen(separator));
        const char *stop = next == NULL ? end : next;
        if (column == cutter->expectation->extract_number)
            return give(cutter, line, (size_t)(stop - line), number);
        if (next == NULL)
            return STEP_NEXT;
        line = next + strlen(separator);
    }
}

/* "key=value", "key = value", "key: value", "key value"; blanks around, and a pair of quotes, are
 * no part of the value. */
static enum step cut_key(struct cutter *cutter, const char *line, size_t length, size_t number)
{
    const char *key = cutter->expectation->extract_text;
    size_t key_length = strlen(key), start = 0;
    while (start < length && is_blank(line[start]))
        start++;
    if (length - start < key_length || memcmp(line + start, key, key_length) != 0)
        return STEP_NEXT;
    size_t behind = start += key_length;
    while (start < length && is_blank(line[start]))
        start++;
    bool has_mark = start < length && (line[start] == '=' || line[start] == ':');
    if (!has_mark && start == behind && start < length)
        return STEP_NEXT; /* a longer word */
    start += has_mark;
    while (start < length && is_blank(line[start]))
        start++;
    while (length > start && is_blank(line[length - 1]))
        length--;
    if (length - start >= 2 && line[start] == line[length - 1] &&
        (line[start] == '"' || line[start] == '\'')) {
        start++;
        length--;
    }
    return give(cutter, line + start, length - start, number);
}

static enum step cut_line(struct cutter *cutter, const char *line, size_t length, size_t number)
{
    if (cutter->expectation->extraction == EXTRACT_WHOLE) {
        if (cutter->whole_line == 0)
            cutter->whole_line = number;
        buffer_append(&cutter->whole, line, length);
        buffer_append_byte(&cutter->whole, '\n');
        return STEP_NEXT;
    }
    if (is_blank_line(line, length))
        return STEP_NEXT;
    switch (cutter->expectation->extraction) {
    case EXTRACT_CAPTURE:
        return cut_capture(cutter, line, length, number);
    case EXTRACT_COLUMN:
        return cut_column(cutter, line, length, number);
    case EXTRACT_KEY:
        return cut_key(cutter, line, length, number);
    default:
        return give(cutter, line, length, number);
    }
}

static enum step cut_kept_line(struct cutter *cutter, const char *line, size_t length,
                               size_t number)
{
    if (length > 0 && line[length - 1] == '\r')
        length--;
    switch (is_kept(cutter, line, length, number)) {
    case PATTERN_MATCH:
        return cut_line(cutter, line, length, number);
    case PATTERN_NO_MATCH:
        return STEP_NEXT;
    default:
        return STEP_FAIL;
    }
}

static bool cut_lines(struct cutter *cutter, const char *bytes, size_t length)
{
    size_t number = 1;
    for (size_t start = 0; start < length; number++) {
        const char *end = memchr(bytes + start, '\n', length - start);
        size_t line_length = end == NULL ? length - start : (size_t)(end - bytes) - start;
        enum step step = cut_kept_line(cutter, bytes + start, line_length, number);
        if (step != STEP_NEXT)
            return step == STEP_END;
        start += line_length + 1;
    }
    return true;
}

static void give_whole(struct cutter *cutter)
{
    struct buffer *whole = &cutter->whole;
    while (whole->length > 0 && whole->data[whole->length - 1] == '\n')
        whole->length--;
    size_t blanks = 0;
    while (blanks < whole->length && (is_blank(whole->data[blanks]) || whole->data[blanks] == '\n'))
        blanks++;
    if (blanks < whole->length)
        give(cutter, buffer_text(whole), whole->length, cutter->whole_line);
}

static bool compile(const struct parameters *parameters, const char *text,
                    struct pattern **ret_pattern, struct error *error)
{
    if (text == NULL)
        return true;
    AUTO_FREE char *expanded = parameters_expand_pattern(parameters, text);
    return pattern_new(expanded, false, ret_pattern, error);
}

static bool give_exit_status(struct cutter *cutter, const struct testimony *testimony)
{
    char text[12];
    int length = snprintf(text, sizeof(text), "%d", testimony->exit_status);
    if (testimony->has_exit_status)
        give(cutter, text, (size_t)length, 0);
    return true;
}

static bool cut(struct cutter *cutter, const struct parameters *parameters,
                const struct testimony *testimony)
{
    const struct expectation *expectation = cutter->expectation;
    if (expectation->stream == STREAM_EXIT)
        return give_exit_status(cutter, testimony);
    bool is_stdout = expectation->stream == STREAM_STDOUT;
    const char *bytes = is_stdout ? testimony->out : testimony->err;
    size_t length = is_stdout ? testimony->out_length : testimony->err_length;
    if (expectation->extraction == EXTRACT_POINTER)
        return values_each_of_json(bytes, length, expectation->extract_text, cutter->sink,
                                   cutter->error);
    bool is_capture = expectation->extraction == EXTRACT_CAPTURE;
    if (!compile(parameters, expectation->select, &cutter->select, cutter->error) ||
        !compile(parameters, expectation->ignore, &cutter->ignore, cutter->error) ||
        !compile(parameters, is_capture ? expectation->extract_text : NULL, &cutter->capture,
                 cutter->error) ||
        !cut_lines(cutter, bytes, length))
        return false;
    if (expectation->extraction == EXTRACT_WHOLE)
        give_whole(cutter);
    return true;
}

bool values_each(const struct expectation *expectation, const struct parameters *parameters,
                 const struct testimony *testimony, const struct value_sink *sink,
                 struct error *error)
{
    struct cutter cutter = {.expectation = expectation, .sink = sink, .error = error};
    bool is_good = cut(&cutter, parameters, testimony);
    pattern_free(cutter.select);
    pattern_free(cutter.ignore);
    pattern_free(cutter.capture);
    buffer_release(&cutter.whole);
    return is_good;
}
