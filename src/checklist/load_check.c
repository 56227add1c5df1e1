/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "load_parts.h"

static void read_severity(struct reader *reader, const struct node *value, void *member)
{
    size_t index;
    if (reader_term(reader, value, &severity_terms, &index))
        *(enum severity *)member = (enum severity)index;
}

static void read_method(struct reader *reader, const struct node *value, void *member)
{
    size_t index;
    if (reader_term(reader, value, &method_terms, &index))
        *(enum method *)member = (enum method)index;
}

static void read_answer_type(struct reader *reader, const struct node *value, void *member)
{
    size_t index;
    if (reader_term(reader, value, &answer_type_terms, &index))
        *(enum answer_type *)member = (enum answer_type)index;
}

static const struct key question_key_list[] = {
    {"id", KEY_REQUIRED, reader_id, offsetof(struct question, id)},
    {"question", KEY_REQUIRED, reader_text, offsetof(struct question, text)},
    {"type", KEY_OPTIONAL, read_answer_type, offsetof(struct question, type)},
    {"options", KEY_OPTIONAL, reader_texts, offsetof(struct question, options)},
};
const struct key_table question_keys = {"a question", question_key_list, LENGTH(question_key_list)};

static void check_options(struct reader *reader, const struct node *value,
                          const struct question *question)
{
    const struct node *options = node_member(value, "options");
    if (question->type == ANSWER_CHOICE && question->options.count < 2)
        reader_error(reader, value, "a question of type choice needs 'options', at least two");
    if (question->type != ANSWER_CHOICE && options != NULL)
        reader_error(reader, options, "'options' is only for 'type: choice'");
    for (size_t i = 0; i < question->options.count; i++)
        if (question->options.items[i][0] == '\0')
            reader_error(reader, value, "an option is empty");
}

static void read_question(struct reader *reader, const struct node *value)
{
    struct check *check = reader->check;
    struct question *question = array_push(check->questions, check->question_count);
    question->position = value->position;
    if (!reader_mapping(reader, value, &question_keys, question))
        return;
    check_options(reader, value, question);
    for (const struct question *other = check->questions; other < question; other++)
        if (question->id != NULL && other->id != NULL && strcmp(other->id, question->id) == 0)
            reader_error(reader, value, "duplicate question '%s', first in line %d", question->id,
                         other->position.line);
}

static void read_questions(struct reader *reader, const struct node *value, void *member UNUSED)
{
    if (!reader_expect_list(reader, value, "questions"))
        return;
    for (size_t i = 0; i < value->child_count; i++)
        read_question(reader, &value->children[i]);
}

static void read_references(struct reader *reader, const struct node *value, void *member UNUSED)
{
    if (value->kind != NODE_MAPPING) {
        reader_error(reader, value, "'refs' is a mapping, expected 'nist-800-53: [AC-6]'");
        return;
    }
    struct check *check = reader->check;
    for (size_t i = 0; i < value->child_count; i++) {
        const struct node *numbers = &value->children[i];
        struct reference *reference = array_push(check->references, check->reference_count);
        reference->framework = memory_copy_text(numbers->key);
        if (!reader_is_id(numbers->key, strlen(numbers->key)))
            diagnostics_error(reader->diagnostics, numbers->key_position,
                              "'%.80s' is no id of a standard, expected a-z, 0-9 and '-'",
                              numbers->key);
        reader_texts(reader, numbers, &reference->numbers);
        if (reference->numbers.count == 0 || strings_contains(&reference->numbers, ""))
            reader_error(reader, numbers, "'%.80s' has no numbers; leave it out", numbers->key);
    }
}

/* The table of a check is in the order in which its parts need each other: expectations look at
 * probes. */
static const struct key check_key_list[] = {
    {"id", KEY_REQUIRED, reader_id, offsetof(struct check, id)},
    {"title", KEY_REQUIRED, reader_line, offsetof(struct check, title)},
    {"severity", KEY_REQUIRED, read_severity, offsetof(struct check, severity)},
    {"method", KEY_OPTIONAL, read_method, offsetof(struct check, method)},
    {"why", KEY_OPTIONAL, reader_text, offsetof(struct check, why)},
    {"how", KEY_OPTIONAL, reader_text, offsetof(struct check, how)},
    {"when", KEY_OPTIONAL, load_when, 0},
    {"probes", KEY_OPTIONAL, load_probes, 0},
    {"expect", KEY_OPTIONAL, load_expectations, 0},
    {"ask", KEY_OPTIONAL, read_questions, 0},
    {"fix", KEY_OPTIONAL, reader_text, offsetof(struct check, fix)},
    {"refs", KEY_OPTIONAL, read_references, 0},
};
const struct key_table check_keys = {"a check", check_key_list, LENGTH(check_key_list)};

static void set_empty_texts(struct check *check)
{
    char **const texts[] = {&check->why, &check->how, &check->fix};
    for (size_t i = 0; i < LENGTH(texts); i++)
        if (*texts[i] == NULL)
            *texts[i] = memory_copy_text("");
}

static void report_repeated_check(struct reader *reader, const struct node *value)
{
    const struct checklist *checklist = reader->checklist;
    const char *id = reader->check->id;
    for (const struct check *other = checklist->checks; id != NULL && other < reader->check;
         other++)
        if (other->id != NULL && strcmp(other->id, id) == 0) {
            reader_error(reader, value, "duplicate check '%s', first in line %d", id,
                         other->position.line);
            return;
        }
}

static void read_check(struct reader *reader, const struct node *value, size_t area)
{
    struct checklist *checklist = reader->checklist;
    reader->check = array_push(checklist->checks, checklist->check_count);
    reader->check->area = area;
    reader->check->position = value->position;
    if (reader_mapping(reader, value, &check_keys, reader->check))
        report_repeated_check(reader, value);
    set_empty_texts(reader->check);
}

void load_checks(struct reader *reader, const struct node *value, struct checklist *checklist,
                 size_t area)
{
    if (!reader_expect_list(reader, value, "checks"))
        return;
    if (value->child_count == 0)
        reader_error(reader, value, "'checks' is empty, expected at least one check");
    for (size_t i = 0; i < value->child_count; i++) {
        if (checklist->check_count >= CHECKS_MAX) {
            reader_error(reader, &value->children[i], "more than %d checks; split the checklist",
                         CHECKS_MAX);
            return;
        }
        read_check(reader, &value->children[i], area);
    }
}
