/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "base/pattern.h"
#include "expand.h"
#include "load_parts.h"
#include "placeholder.h"
#include "shell.h"
#include "suggest.h"

static void read_type(struct reader *reader, const struct node *value, void *member)
{
    static const char *const texts[] = {"text", "list"};
    static const struct terms terms = {texts, LENGTH(texts)};
    size_t index;
    if (reader_term(reader, value, &terms, &index))
        ((struct parameter *)member)->is_list = index == 1;
}

static void read_default(struct reader *reader, const struct node *value, void *member)
{
    struct parameter *parameter = member;
    if (parameter->is_list && value->kind != NODE_LIST)
        reader_error(reader, value, "the default of a list is a list, '[]' for none");
    else if (!parameter->is_list && value->kind != NODE_TEXT)
        reader_error(reader, value,
                     "the default of a text is one text; say 'type: list' for a list");
    else
        reader_texts(reader, value, &parameter->values);
    for (size_t i = 0; i < parameter->values.count; i++)
        if (strpbrk(parameter->values.items[i], "\n\t") != NULL)
            reader_error(reader, value, "a value has several lines or a tab, expected plain text");
}

static const struct key parameter_key_list[] = {
    {"type", KEY_OPTIONAL, read_type, 0},
    {"default", KEY_REQUIRED, read_default, 0},
    {"help", KEY_OPTIONAL, reader_text, offsetof(struct parameter, help)},
};
const struct key_table parameter_keys = {"a parameter", parameter_key_list,
                                         LENGTH(parameter_key_list)};

static void read_parameter(struct reader *reader, const struct node *value)
{
    struct checklist *checklist = reader->checklist;
    struct parameter *parameter = array_push(checklist->parameters, checklist->parameter_count);
    parameter->id = memory_copy_text(value->key);
    parameter->position = value->key_position;
    if (!reader_is_id(value->key, strlen(value->key)))
        diagnostics_error(reader->diagnostics, value->key_position,
                          "'%.80s' is no id, expected 1 to 63 of a-z, 0-9 and '-', not starting "
                          "with '-'",
                          value->key);
    reader_mapping(reader, value, &parameter_keys, parameter);
    if (parameter->help == NULL)
        parameter->help = memory_copy_text("");
    /* One value even after an error, as the model promises. */
    if (!parameter->is_list && parameter->values.count == 0)
        strings_push(&parameter->values, "");
}

void load_parameters(struct reader *reader, const struct node *value, void *member UNUSED)
{
    if (value->kind != NODE_MAPPING)
        reader_error(reader, value, "'params' is a mapping, expected 'name: {default: ...}'");
    for (size_t i = 0; value->kind == NODE_MAPPING && i < value->child_count; i++)
        read_parameter(reader, &value->children[i]);
    parameters_init(&reader->defaults, reader->checklist);
}

static bool report_unknown(struct reader *reader, const struct node *value, const char *id)
{
    struct suggest_search search = {.wanted = id};
    for (size_t i = 0; i < reader->checklist->parameter_count; i++)
        suggest_try(&search, reader->checklist->parameters[i].id);
    if (search.best == NULL)
        reader_error(reader, value, "unknown parameter '%s'; declare it under 'params'", id);
    else
        reader_error(reader, value, "unknown parameter '%s', did you mean '%s'?", id, search.best);
    return false;
}

bool load_check_references(struct reader *reader, const struct node *value, bool is_pattern,
                           bool lists_are_fine)
{
    struct placeholder placeholder;
    bool is_good = true;
    for (size_t from = 0; is_pattern ? placeholder_find_in_pattern(value->text, from, &placeholder)
                                     : placeholder_find(value->text, from, &placeholder);
         from = placeholder.start + placeholder.length) {
        const struct parameter *parameter =
            checklist_find_parameter(reader->checklist, placeholder.id);
        if (parameter == NULL)
            is_good = report_unknown(reader, value, placeholder.id);
        else if (parameter->is_list && !lists_are_fine) {
            reader_error(reader, value,
                         "the parameter '%s' is a list, expected one of type text here",
                         placeholder.id);
            is_good = false;
        }
    }
    return is_good;
}

void load_check_pattern(struct reader *reader, const struct node *value)
{
    if (!load_check_references(reader, value, true, true))
        return;
    AUTO_FREE char *expanded = parameters_expand_pattern(&reader->defaults, value->text);
    AUTO(pattern) struct pattern *pattern = NULL;
    struct error error;
    if (!pattern_new(expanded, false, &pattern, &error))
        reader_error(reader, value, "%s", error.message);
}

static bool find_known(const struct reader *reader, const char *text, size_t from,
                       struct placeholder *ret_placeholder)
{
    for (; placeholder_find(text, from, ret_placeholder); from = ret_placeholder->start + 1)
        if (checklist_find_parameter(reader->checklist, ret_placeholder->id) != NULL)
            return true;
    return false;
}

/* Its values become quoted words, which is right only where a word may stand. */
static bool is_safe(const struct shell_scan *scan, const struct placeholder *placeholder)
{
    return scan->unit == SHELL_COMMENT ||
           (scan->unit == SHELL_EXPANSION && !scan->is_quoted && scan->start == placeholder->start);
}

void load_check_command(struct reader *reader, const struct node *value)
{
    struct shell_scan scan;
    shell_scan_start(&scan, value->text);
    struct placeholder placeholder;
    for (size_t from = 0; find_known(reader, value->text, from, &placeholder);
         from = placeholder.start + placeholder.length) {
        while (scan.start + scan.length <= placeholder.start && shell_scan_next(&scan))
            ;
        if (!is_safe(&scan, &placeholder)) {
            reader_error(reader, value,
                         "${%s} stands inside quotes, backquotes, another expansion or a "
                         "here-document; its values become quoted words, so write it outside",
                         placeholder.id);
            return;
        }
    }
}
