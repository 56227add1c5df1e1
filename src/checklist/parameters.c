/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/parameters.h"

#include "base/buffer.h"
#include "base/pattern.h"
#include "base/utf8.h"
#include "expand.h"
#include "placeholder.h"
#include "source.h"
#include "suggest.h"

#define VALUE_COUNT_MAX 1000
#define VALUE_BYTES_MAX 4096
#define NEVER_MATCHES   "(?!)"

static void copy_strings(struct strings *to, const struct strings *from)
{
    for (size_t i = 0; i < from->count; i++)
        strings_push(to, from->items[i]);
}

void parameters_init(struct parameters *parameters, const struct checklist *checklist)
{
    *parameters = (struct parameters){
        .checklist = checklist,
        .values = memory_new(checklist->parameter_count, sizeof(*parameters->values))};
    for (size_t i = 0; i < checklist->parameter_count; i++)
        copy_strings(&parameters->values[i], &checklist->parameters[i].values);
}

void parameters_copy(struct parameters *parameters, const struct parameters *other)
{
    const struct checklist *checklist = other->checklist;
    *parameters = (struct parameters){
        .checklist = checklist,
        .values = memory_new(checklist->parameter_count, sizeof(*parameters->values))};
    for (size_t i = 0; i < checklist->parameter_count; i++)
        copy_strings(&parameters->values[i], &other->values[i]);
}

void parameters_release(struct parameters *parameters)
{
    if (parameters->checklist == NULL)
        return;
    for (size_t i = 0; i < parameters->checklist->parameter_count; i++)
        strings_release(&parameters->values[i]);
    free(parameters->values);
    *parameters = (struct parameters){0};
}

static bool check_value(const char *id, const char *value, struct error *error)
{
    size_t length = strlen(value);
    if (length > VALUE_BYTES_MAX)
        return error_set(error, ERROR_INVALID,
                         "parameter '%s': a value of %zu bytes, expected at "
                         "most %d",
                         id, length, VALUE_BYTES_MAX);
    for (size_t i = 0; i < length;) {
        int32_t c;
        i += utf8_decode(value + i, length - i, &c);
        if (c < 0 || c == '\n' || !source_allows(c))
            return error_set(error, ERROR_INVALID,
                             "parameter '%s': a value has control characters or is not UTF-8, "
                             "expected one line of text",
                             id);
    }
    return true;
}

static bool set_unknown(const struct parameters *parameters, const char *id, struct error *error)
{
    struct suggest_search search = {.wanted = id};
    for (size_t i = 0; i < parameters->checklist->parameter_count; i++)
        suggest_try(&search, parameters->checklist->parameters[i].id);
    error_set(error, ERROR_NOT_FOUND, "the checklist has no parameter '%s'", id);
    return search.best == NULL ? false : error_hint(error, "did you mean '%s'?", search.best);
}

bool parameters_set(struct parameters *parameters, const char *id, const struct strings *values,
                    struct error *error)
{
    const struct parameter *parameter = checklist_find_parameter(parameters->checklist, id);
    if (parameter == NULL)
        return set_unknown(parameters, id, error);
    if (!parameter->is_list && values->count != 1)
        return error_set(error, ERROR_INVALID, "parameter '%s' takes one value, got %zu", id,
                         values->count);
    if (values->count > VALUE_COUNT_MAX)
        return error_set(error, ERROR_INVALID, "parameter '%s': %zu values, expected at most %d",
                         id, values->count, VALUE_COUNT_MAX);
    for (size_t i = 0; i < values->count; i++)
        if (!check_value(id, values->items[i], error))
            return false;
    struct strings copy = {0};
    copy_strings(&copy, values);
    struct strings *place = &parameters->values[parameter - parameters->checklist->parameters];
    strings_release(place);
    *place = copy;
    return true;
}

const struct strings *parameters_values(const struct parameters *parameters, const char *id)
{
    const struct parameter *parameter = checklist_find_parameter(parameters->checklist, id);
    return parameter == NULL ? NULL
                             : &parameters->values[parameter - parameters->checklist->parameters];
}

void expand_shell_word(struct buffer *command, const char *word)
{
    buffer_append_byte(command, '\'');
    for (const char *quote; (quote = strchr(word, '\'')) != NULL; word = quote + 1) {
        buffer_append(command, word, (size_t)(quote - word));
        buffer_append_text(command, "'\\''");
    }
    buffer_append_text(command, word);
    buffer_append_byte(command, '\'');
}

static void append_as_words(struct buffer *command, const struct strings *values)
{
    for (size_t i = 0; i < values->count; i++) {
        if (i > 0)
            buffer_append_byte(command, ' ');
        expand_shell_word(command, values->items[i]);
    }
}

static void append_as_pattern(struct buffer *pattern, const struct strings *values)
{
    if (values->count == 0) {
        buffer_append_text(pattern, NEVER_MATCHES);
        return;
    }
    for (size_t i = 0; i < values->count; i++) {
        buffer_append_text(pattern, i == 0 ? "(?:" : "|");
        pattern_quote(pattern, values->items[i]);
    }
    buffer_append_byte(pattern, ')');
}

static void append_as_text(struct buffer *text, const struct strings *values)
{
    AUTO_FREE char *joined = strings_join(values, " ");
    buffer_append_text(text, joined);
}

typedef bool find_function(const char *text, size_t from, struct placeholder *ret_placeholder);
typedef void append_function(struct buffer *text, const struct strings *values);

/* TEXT with each placeholder to a known parameter replaced by what APPEND makes of its values. */
static char *expand(const struct parameters *parameters, const char *text, find_function *find,
                    append_function *append)
{
    struct buffer result = {0};
    struct placeholder placeholder;
    size_t copied = 0;
    for (size_t from = 0; find(text, from, &placeholder);) {
        const struct strings *values = parameters_values(parameters, placeholder.id);
        from = placeholder.start + (values == NULL ? 1 : placeholder.length);
        if (values == NULL)
            continue;
        buffer_append(&result, text + copied, placeholder.start - copied);
        append(&result, values);
        copied = from;
    }
    buffer_append_text(&result, text + copied);
    return buffer_take(&result);
}

char *parameters_expand_command(const struct parameters *parameters, const char *text)
{
    return expand(parameters, text, placeholder_find, append_as_words);
}

char *parameters_expand_pattern(const struct parameters *parameters, const char *text)
{
    return expand(parameters, text, placeholder_find_in_pattern, append_as_pattern);
}

char *parameters_expand_text(const struct parameters *parameters, const char *text)
{
    return expand(parameters, text, placeholder_find, append_as_text);
}

void parameters_expand_arguments(const struct parameters *parameters,
                                 const struct strings *arguments, struct strings *ret_arguments)
{
    for (size_t i = 0; i < arguments->count; i++) {
        struct placeholder placeholder;
        const struct strings *values = NULL;
        if (placeholder_is_all(arguments->items[i], &placeholder))
            values = parameters_values(parameters, placeholder.id);
        if (values != NULL)
            copy_strings(ret_arguments, values);
        else
            strings_push_take(ret_arguments,
                              parameters_expand_text(parameters, arguments->items[i]));
    }
}
