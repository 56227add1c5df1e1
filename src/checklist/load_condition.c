/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `when`: a mapping whose keys all have to hold, or a list of such mappings. Each key adds
 * conditions to the list of its mapping; a list of one is that one. `is` adds a copy of a named
 * condition, so that nothing behind the loader knows of names; only those above can be referred
 * to, so there is no circle.
 */
#include "base/buffer.h"
#include "load_parts.h"
#include "placeholder.h"
#include "suggest.h"

#include <ctype.h>

#define COPIES_MAX_BYTES ((size_t)4 * 1024 * 1024)

/* The members of a combination under construction. */
struct collection {
    struct condition *children;
    size_t child_count;
};

static void read_conditions(struct reader *reader, const struct node *value,
                            struct collection *collection);

static bool is_command_name(const char *text)
{
    if (*text == '-' || *text == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (!isalnum((unsigned char)*text) && strchr("._+-[", *text) == NULL)
            return false;
    return true;
}

static void check_argument(struct reader *reader, const struct node *value,
                           enum condition_kind kind)
{
    struct placeholder placeholder;
    if (kind == CONDITION_SHELL) {
        load_check_command(reader, value);
        return;
    }
    if (strchr(value->text, '\n') != NULL)
        reader_error(reader, value, "several lines, expected one");
    if (!load_check_references(reader, value, false, false) ||
        placeholder_find(value->text, 0, &placeholder))
        return;
    if (kind == CONDITION_PATH && value->text[0] != '/')
        reader_error(reader, value,
                     "'%.80s' is no absolute path, expected one that begins with '/'", value->text);
    if (kind == CONDITION_COMMAND && !is_command_name(value->text))
        reader_error(reader, value,
                     "'%.80s' is no name of a program; use 'path' for a file, 'shell' for a test",
                     value->text);
}

static void add_leaf(struct reader *reader, const struct node *value, enum condition_kind kind,
                     struct collection *collection)
{
    const char *text = reader_expect_text(reader, value);
    if (text == NULL)
        return;
    *array_push(collection->children, collection->child_count) = (struct condition){
        .kind = kind, .argument = memory_copy_text(text), .position = value->position};
    check_argument(reader, value, kind);
}

static void add_leaves(struct reader *reader, const struct node *value, enum condition_kind kind,
                       struct collection *collection)
{
    if (value->kind != NODE_LIST) {
        add_leaf(reader, value, kind, collection);
        return;
    }
    if (value->child_count == 0)
        reader_error(reader, value, "'%s' is empty; leave it out", value->key);
    for (size_t i = 0; i < value->child_count; i++)
        add_leaf(reader, &value->children[i], kind, collection);
}

static void read_command_key(struct reader *reader, const struct node *value, void *member)
{
    add_leaves(reader, value, CONDITION_COMMAND, member);
}

static void read_path_key(struct reader *reader, const struct node *value, void *member)
{
    add_leaves(reader, value, CONDITION_PATH, member);
}

static void read_process_key(struct reader *reader, const struct node *value, void *member)
{
    add_leaves(reader, value, CONDITION_PROCESS, member);
}

static void read_shell_key(struct reader *reader, const struct node *value, void *member)
{
    add_leaves(reader, value, CONDITION_SHELL, member);
}

static void read_fact_key(struct reader *reader, const struct node *value, void *member)
{
    struct collection *collection = member;
    load_facts(reader, value, &collection->children, &collection->child_count);
}

static char *copy_text(const char *text)
{
    return text == NULL ? NULL : memory_copy_text(text);
}

static struct condition copy_condition(const struct condition *condition)
{
    struct condition copy = *condition;
    copy.argument = copy_text(condition->argument);
    copy.id = copy_text(condition->id);
    copy.met = copy_text(condition->met);
    copy.unmet = copy_text(condition->unmet);
    copy.children = NULL;
    copy.child_count = 0;
    for (size_t i = 0; i < condition->child_count; i++)
        *array_push(copy.children, copy.child_count) = copy_condition(&condition->children[i]);
    return copy;
}

static size_t size_of_text(const char *text)
{
    return text == NULL ? 0 : strlen(text);
}

static size_t size_of(const struct condition *condition)
{
    size_t size = sizeof(*condition) + size_of_text(condition->argument) +
                  size_of_text(condition->met) + size_of_text(condition->unmet);
    for (size_t i = 0; i < condition->child_count; i++)
        size += size_of(&condition->children[i]);
    return size;
}

/* A few lines that refer to each other could otherwise grow without end. */
static bool reserve_copy(struct reader *reader, const struct node *value,
                         const struct condition *condition)
{
    reader->copied_bytes += size_of(condition);
    if (reader->copied_bytes <= COPIES_MAX_BYTES)
        return true;
    reader_error(reader, value, "the named conditions are too large to be used so often");
    return false;
}

/* False and a diagnostic when there is none of the name that VALUE, a text, tells. */
static bool copy_named(struct reader *reader, const struct node *value, struct condition *ret_copy)
{
    const struct checklist *checklist = reader->checklist;
    const char *id = reader_expect_text(reader, value);
    struct suggest_search search = {.wanted = id};
    for (size_t i = 0; id != NULL && i < checklist->condition_count; i++) {
        const struct named_condition *named = &checklist->conditions[i];
        suggest_try(&search, named->id);
        if (strcmp(named->id, id) != 0 || named->condition == NULL)
            continue;
        if (!reserve_copy(reader, value, named->condition))
            return false;
        *ret_copy = copy_condition(named->condition);
        return true;
    }
    if (search.best != NULL && strcmp(search.best, id) != 0)
        reader_error(reader, value, "unknown condition '%.80s', did you mean '%s'?", id,
                     search.best);
    else if (id != NULL && search.best == NULL)
        reader_error(reader, value, "unknown condition '%.80s'; declare it under 'conditions'", id);
    return false;
}

static void add_named(struct reader *reader, const struct node *value,
                      struct collection *collection)
{
    struct condition copy;
    if (copy_named(reader, value, &copy))
        *array_push(collection->children, collection->child_count) = copy;
}

static void read_is_key(struct reader *reader, const struct node *value, void *member)
{
    if (value->kind != NODE_LIST) {
        add_named(reader, value, member);
        return;
    }
    if (value->child_count == 0)
        reader_error(reader, value, "'is' is empty; leave it out");
    for (size_t i = 0; i < value->child_count; i++)
        add_named(reader, &value->children[i], member);
}

/* A combination of one is that one. Nothing is added after an error that left it empty. */
static void add_combination(enum condition_kind kind, struct position position,
                            struct collection *parts, struct collection *collection)
{
    if (parts->child_count == 0)
        return;
    struct condition *condition = array_push(collection->children, collection->child_count);
    if (parts->child_count == 1 && kind != CONDITION_NOT) {
        *condition = parts->children[0];
        free(parts->children);
        return;
    }
    *condition = (struct condition){.kind = kind,
                                    .children = parts->children,
                                    .child_count = parts->child_count,
                                    .position = position};
}

static void read_all_key(struct reader *reader, const struct node *value, void *member)
{
    struct collection parts = {0};
    if (reader_expect_list(reader, value, "conditions"))
        read_conditions(reader, value, &parts);
    add_combination(CONDITION_ALL, value->position, &parts, member);
}

/* One alternative, which may be a mapping of several keys. */
static void add_alternative(struct reader *reader, const struct node *value,
                            struct collection *alternatives)
{
    struct collection parts = {0};
    read_conditions(reader, value, &parts);
    add_combination(CONDITION_ALL, value->position, &parts, alternatives);
}

static void read_any_key(struct reader *reader, const struct node *value, void *member)
{
    struct collection alternatives = {0};
    if (!reader_expect_list(reader, value, "conditions"))
        return;
    if (value->child_count == 0)
        reader_error(reader, value, "'any' is empty; leave it out");
    for (size_t i = 0; i < value->child_count; i++)
        add_alternative(reader, &value->children[i], &alternatives);
    add_combination(CONDITION_ANY, value->position, &alternatives, member);
}

static void read_not_key(struct reader *reader, const struct node *value, void *member)
{
    struct collection parts = {0};
    add_alternative(reader, value, &parts);
    add_combination(CONDITION_NOT, value->position, &parts, member);
}

static const struct key condition_key_list[] = {
    {"command", KEY_OPTIONAL, read_command_key, 0}, {"path", KEY_OPTIONAL, read_path_key, 0},
    {"process", KEY_OPTIONAL, read_process_key, 0}, {"shell", KEY_OPTIONAL, read_shell_key, 0},
    {"fact", KEY_OPTIONAL, read_fact_key, 0},       {"all", KEY_OPTIONAL, read_all_key, 0},
    {"any", KEY_OPTIONAL, read_any_key, 0},         {"not", KEY_OPTIONAL, read_not_key, 0},
    {"is", KEY_OPTIONAL, read_is_key, 0},
};
const struct key_table condition_keys = {"a condition", condition_key_list,
                                         LENGTH(condition_key_list)};

static void read_conditions(struct reader *reader, const struct node *value,
                            struct collection *collection)
{
    if (value->kind != NODE_LIST) {
        if (reader_mapping(reader, value, &condition_keys, collection) && value->child_count == 0)
            reader_error(reader, value, "an empty condition; leave it out");
        return;
    }
    if (value->child_count == 0)
        reader_error(reader, value, "an empty list of conditions; leave it out");
    for (size_t i = 0; i < value->child_count; i++)
        read_conditions(reader, &value->children[i], collection);
}

struct condition *load_condition(struct reader *reader, const struct node *value)
{
    struct collection whole = {0};
    add_alternative(reader, value, &whole);
    return whole.children;
}

void load_when(struct reader *reader, const struct node *value, void *member UNUSED)
{
    reader->check->when = load_condition(reader, value);
}
