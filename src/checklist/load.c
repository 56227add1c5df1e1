/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/load.h"

#include "base/buffer.h"
#include "base/file.h"
#include "load_parts.h"

static void read_format_version(struct reader *reader, const struct node *value,
                                void *member UNUSED)
{
    const char *text = reader_expect_text(reader, value);
    if (text != NULL && strcmp(text, "1") != 0)
        reader_error(reader, value,
                     "format version '%.20s', expected 1; a newer walkdown may read this file",
                     text);
}

static void report_repeated_area(struct reader *reader, const struct node *value,
                                 const struct area *area)
{
    for (const struct area *other = reader->checklist->areas; other < area; other++)
        if (area->id != NULL && other->id != NULL && strcmp(other->id, area->id) == 0)
            reader_error(reader, value,
                         "the area '%s' is already in line %d; move the checks there", area->id,
                         other->position.line);
}

static void read_area(struct reader *reader, const struct node *value)
{
    struct checklist *checklist = reader->checklist;
    size_t index = checklist->area_count;
    struct area *area = array_push(checklist->areas, checklist->area_count);
    area->position = value->position;
    if (!reader_mapping(reader, value, &area_keys, area))
        return;
    report_repeated_area(reader, value, area);
    const struct node *checks = node_member(value, "checks");
    if (checks != NULL)
        load_checks(reader, checks, checklist, index);
}

static void read_areas(struct reader *reader, const struct node *value, void *member UNUSED)
{
    if (reader->defaults.checklist == NULL)
        parameters_init(&reader->defaults, reader->checklist);
    if (!reader_expect_list(reader, value, "areas"))
        return;
    if (value->child_count == 0)
        reader_error(reader, value, "'areas' is empty, expected at least one area");
    for (size_t i = 0; i < value->child_count; i++)
        read_area(reader, &value->children[i]);
}

/* read_area() reads the checks, when the area's address no longer matters. */
static void read_nothing(struct reader *reader UNUSED, const struct node *value UNUSED,
                         void *member UNUSED)
{
}

static const struct key checklist_key_list[] = {
    {"walkdown", KEY_REQUIRED, read_format_version, 0},
    {"id", KEY_REQUIRED, reader_id, offsetof(struct checklist, id)},
    {"title", KEY_REQUIRED, reader_line, offsetof(struct checklist, title)},
    {"version", KEY_REQUIRED, reader_line, offsetof(struct checklist, version)},
    {"summary", KEY_OPTIONAL, reader_text, offsetof(struct checklist, summary)},
    {"params", KEY_OPTIONAL, load_parameters, 0},
    {"conditions", KEY_OPTIONAL, load_named_conditions, 0},
    {"areas", KEY_REQUIRED, read_areas, 0},
};
const struct key_table checklist_keys = {"a checklist", checklist_key_list,
                                         LENGTH(checklist_key_list)};

static const struct key area_key_list[] = {
    {"id", KEY_REQUIRED, reader_id, offsetof(struct area, id)},
    {"title", KEY_REQUIRED, reader_line, offsetof(struct area, title)},
    {"checks", KEY_REQUIRED, read_nothing, 0},
};
const struct key_table area_keys = {"an area", area_key_list, LENGTH(area_key_list)};

static void read_root(struct checklist *checklist, const struct node *root,
                      struct diagnostics *diagnostics)
{
    struct reader reader = {.checklist = checklist, .diagnostics = diagnostics};
    reader_mapping(&reader, root, &checklist_keys, checklist);
    parameters_release(&reader.defaults);
    for (size_t i = 0; i < checklist->check_count; i++)
        checklist_fingerprint(&checklist->checks[i]);
    if (checklist->summary == NULL)
        checklist->summary = memory_copy_text("");
}

/* The first error from item FIRST on, not the first diagnostic: a warning does not stop a load. */
static bool set_first_error(const struct diagnostics *diagnostics, size_t first,
                            struct error *error)
{
    for (size_t i = first; i < diagnostics->count; i++) {
        const struct diagnostic *item = &diagnostics->items[i];
        if (item->level != DIAGNOSTIC_ERROR)
            continue;
        if (item->position.line == 0)
            return error_set(error, ERROR_INVALID, " %s", item->text);
        return error_set(error, ERROR_INVALID, "%d:%d: %s", item->position.line,
                         item->position.column, item->text);
    }
    return error_set(error, ERROR_INVALID, "the checklist has errors");
}

static bool load(const void *bytes, size_t length, struct checklist *checklist,
                 struct diagnostics *diagnostics, struct error *error)
{
    size_t errors = diagnostics->error_count, first = diagnostics->count;
    struct node root = {0};
    if (node_parse(bytes, length, &root, diagnostics))
        read_root(checklist, &root, diagnostics);
    node_release(&root);
    diagnostics_sort(diagnostics, first);
    if (diagnostics->error_count > errors)
        return set_first_error(diagnostics, first, error);
    checklist->digest = digest_of(bytes, length);
    buffer_append(&checklist->source, bytes, length);
    return true;
}

bool checklist_load(const void *bytes, size_t length, struct checklist **ret_checklist,
                    struct diagnostics *diagnostics, struct error *error)
{
    AUTO(checklist) struct checklist *checklist = memory_new(1, sizeof(*checklist));
    AUTO_RELEASE(diagnostics) struct diagnostics own = {0};
    if (!load(bytes, length, checklist, diagnostics == NULL ? &own : diagnostics, error))
        return false;
    *ret_checklist = take(&checklist);
    return true;
}

bool checklist_load_file(const char *path, struct checklist **ret_checklist,
                         struct diagnostics *diagnostics, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer source = {0};
    if (!file_read(path, CHECKLIST_SOURCE_MAX_BYTES, &source, error))
        return false;
    struct error problem = {0};
    if (checklist_load(buffer_text(&source), source.length, ret_checklist, diagnostics, &problem))
        return true;
    /* "FILE:LINE:COLUMN: ", as compilers write it; error_prefix() would put a blank in between. */
    return error_set(error, problem.code, "%s:%s", path, problem.message);
}
