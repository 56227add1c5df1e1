/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/fixtures.h"

#include "base/file.h"
#include "base/path.h"
#include "checklist/value.h"
#include "load_parts.h"

#define FIXTURES_MAX 8000

void fixtures_free(struct fixtures *fixtures)
{
    if (fixtures == NULL)
        return;
    for (size_t i = 0; i < fixtures->count; i++) {
        struct fixture *fixture = &fixtures->items[i];
        for (size_t j = 0; j < fixture->answer_count; j++) {
            free(fixture->answers[j].probe);
            free(fixture->answers[j].outcome);
            free(fixture->answers[j].out);
            free(fixture->answers[j].err);
        }
        for (size_t j = 0; j < fixture->parameter_count; j++) {
            free(fixture->parameters[j].id);
            strings_release(&fixture->parameters[j].values);
        }
        free(fixture->answers);
        free(fixture->parameters);
        free(fixture->check);
        free(fixture->suggests);
        free(fixture->note);
        free(fixture->now);
    }
    free(fixtures->items);
    free(fixtures->checklist);
    free(fixtures);
}

char *fixtures_path(const char *path, const char *checklist)
{
    const char *name = path_base(path);
    AUTO_FREE char *folder =
        name == path ? memory_copy_text(".") : memory_copy(path, (size_t)(name - path));
    AUTO_FREE char *file = memory_format("fixtures/%s.yaml", checklist);
    return path_join(folder, file);
}

/* --- reading --- */

static void read_format_version(struct reader *reader, const struct node *value,
                                void *member UNUSED)
{
    const char *text = reader_expect_text(reader, value);
    if (text != NULL && strcmp(text, "1") != 0)
        reader_error(reader, value, "format version '%.20s', expected 1", text);
}

static void read_exit(struct reader *reader, const struct node *value, void *member)
{
    const char *text = reader_expect_text(reader, value);
    int64_t status = 0;
    if (text != NULL && !reader_parse_whole(text, 0, 255, &status))
        reader_error(reader, value, "'%.80s' is no exit status, expected 0 to 255", text);
    *(int *)member = (int)status;
}

/* What a stream holds is whole lines, and may be nothing. */
static void read_stream(struct reader *reader, const struct node *value, void *member)
{
    if (value->kind != NODE_TEXT)
        reader_error(reader, value, "'%s' is no text", value->key);
    else if (value->text[0] != '\0')
        *(char **)member = memory_format("%s\n", value->text);
}

static const struct key answer_key_list[] = {
    {"stdout", KEY_OPTIONAL, read_stream, offsetof(struct fixture_answer, out)},
    {"stderr", KEY_OPTIONAL, read_stream, offsetof(struct fixture_answer, err)},
    {"exit", KEY_OPTIONAL, read_exit, offsetof(struct fixture_answer, exit_status)},
    {"outcome", KEY_OPTIONAL, reader_id, offsetof(struct fixture_answer, outcome)},
};
const struct key_table fixture_answer_keys = {"an answer", answer_key_list,
                                              LENGTH(answer_key_list)};

static struct fixture_answer *add_answer(struct fixture *fixture, const char *probe,
                                         const struct node *value)
{
    struct fixture_answer *answer = array_push(fixture->answers, fixture->answer_count);
    *answer =
        (struct fixture_answer){.probe = memory_copy_text(probe), .position = value->position};
    return answer;
}

static void complete(struct fixture_answer *answer)
{
    if (answer->outcome == NULL)
        answer->outcome = memory_copy_text("done");
    if (answer->out == NULL)
        answer->out = memory_copy_text("");
    if (answer->err == NULL)
        answer->err = memory_copy_text("");
}

/* A probe's answer: a mapping, or a text that is its stdout. */
static void read_answers(struct reader *reader, const struct node *value, void *fixture)
{
    if (value->kind != NODE_MAPPING)
        reader_error(reader, value, "'probes' is a mapping, expected 'probe: its stdout'");
    for (size_t i = 0; value->kind == NODE_MAPPING && i < value->child_count; i++) {
        const struct node *member = &value->children[i];
        struct fixture_answer *answer = add_answer(fixture, member->key, member);
        if (member->kind == NODE_TEXT)
            read_stream(reader, member, &answer->out);
        else
            reader_mapping(reader, member, &fixture_answer_keys, answer);
        complete(answer);
    }
}

/* The condition's answer: a mapping, or an exit status. */
static void read_when(struct reader *reader, const struct node *value, void *fixture)
{
    struct fixture_answer *answer = add_answer(fixture, "when", value);
    if (value->kind == NODE_TEXT)
        read_exit(reader, value, &answer->exit_status);
    else
        reader_mapping(reader, value, &fixture_answer_keys, answer);
    complete(answer);
}

static void read_parameters(struct reader *reader, const struct node *value, void *fixture)
{
    struct fixture *owner = fixture;
    if (value->kind != NODE_MAPPING)
        reader_error(reader, value, "'params' is a mapping, expected 'name: value'");
    for (size_t i = 0; value->kind == NODE_MAPPING && i < value->child_count; i++) {
        struct fixture_parameter *parameter = array_push(owner->parameters, owner->parameter_count);
        parameter->id = memory_copy_text(value->children[i].key);
        parameter->position = value->children[i].key_position;
        reader_texts(reader, &value->children[i], &parameter->values);
    }
}

static void read_now(struct reader *reader, const struct node *value, void *member)
{
    const char *text = reader_expect_text(reader, value);
    int64_t moment;
    if (text != NULL && !moment_parse(text, &moment))
        reader_error(reader, value, "'%.80s' is no date, expected 2026-01-31", text);
    else
        *(char **)member = memory_copy_text(text);
}

static const struct key fixture_key_list[] = {
    {"check", KEY_REQUIRED, reader_id, offsetof(struct fixture, check)},
    {"suggests", KEY_REQUIRED, reader_id, offsetof(struct fixture, suggests)},
    {"note", KEY_OPTIONAL, reader_text, offsetof(struct fixture, note)},
    {"now", KEY_OPTIONAL, read_now, offsetof(struct fixture, now)},
    {"params", KEY_OPTIONAL, read_parameters, 0},
    {"when", KEY_OPTIONAL, read_when, 0},
    {"probes", KEY_OPTIONAL, read_answers, 0},
};
const struct key_table fixture_keys = {"a fixture", fixture_key_list, LENGTH(fixture_key_list)};

static void read_fixtures(struct reader *reader, const struct node *value, void *owner)
{
    struct fixtures *fixtures = owner;
    if (!reader_expect_list(reader, value, "fixtures"))
        return;
    if (value->child_count > FIXTURES_MAX)
        reader_error(reader, value, "more than %d fixtures", FIXTURES_MAX);
    for (size_t i = 0; i < value->child_count && i < FIXTURES_MAX; i++) {
        struct fixture *fixture = array_push(fixtures->items, fixtures->count);
        fixture->position = value->children[i].position;
        reader_mapping(reader, &value->children[i], &fixture_keys, fixture);
        if (fixture->note == NULL)
            fixture->note = memory_copy_text("");
    }
}

static const struct key fixtures_key_list[] = {
    {"walkdown-fixtures", KEY_REQUIRED, read_format_version, 0},
    {"checklist", KEY_REQUIRED, reader_id, offsetof(struct fixtures, checklist)},
    {"fixtures", KEY_REQUIRED, read_fixtures, 0},
};
const struct key_table fixtures_keys = {"a file of fixtures", fixtures_key_list,
                                        LENGTH(fixtures_key_list)};

static bool fail(const struct diagnostics *diagnostics, size_t first, struct error *error)
{
    for (size_t i = first; i < diagnostics->count; i++) {
        const struct diagnostic *item = &diagnostics->items[i];
        if (item->level == DIAGNOSTIC_ERROR)
            return error_set(error, ERROR_INVALID, "%d:%d: %s", item->position.line,
                             item->position.column, item->text);
    }
    return error_set(error, ERROR_INVALID, " the fixtures have errors");
}

bool fixtures_load(const void *bytes, size_t length, struct fixtures **ret_fixtures,
                   struct diagnostics *diagnostics, struct error *error)
{
    AUTO(fixtures) struct fixtures *fixtures = memory_new(1, sizeof(*fixtures));
    AUTO_RELEASE(diagnostics) struct diagnostics own = {0};
    struct reader reader = {.diagnostics = diagnostics == NULL ? &own : diagnostics};
    size_t first = reader.diagnostics->count, errors = reader.diagnostics->error_count;
    struct node root = {0};
    if (node_parse(bytes, length, &root, reader.diagnostics))
        reader_mapping(&reader, &root, &fixtures_keys, fixtures);
    node_release(&root);
    diagnostics_sort(reader.diagnostics, first);
    if (reader.diagnostics->error_count > errors)
        return fail(reader.diagnostics, first, error);
    *ret_fixtures = take(&fixtures);
    return true;
}

bool fixtures_load_file(const char *path, struct fixtures **ret_fixtures,
                        struct diagnostics *diagnostics, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer source = {0};
    struct error problem = {0};
    if (!file_read(path, CHECKLIST_SOURCE_MAX_BYTES, &source, error))
        return false;
    if (fixtures_load(buffer_text(&source), source.length, ret_fixtures, diagnostics, &problem))
        return true;
    return error_set(error, problem.code, "%s:%s", path, problem.message);
}
