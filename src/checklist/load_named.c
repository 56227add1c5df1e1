/* SPDX-License-Identifier: Apache-2.0 */
/*
 * `conditions`: conditions with a name and with words of their own. A check gets a copy of what it
 * refers to, so that nothing behind the loader knows of names; a condition can refer only to those
 * above it, so there is no circle.
 */
#include "base/buffer.h"
#include "load_parts.h"
#include "suggest.h"

#define COPIES_MAX_BYTES ((size_t)4 * 1024 * 1024)

/* One entry under construction. */
struct draft {
    char *met, *unmet;
    struct condition *condition;
};

static void read_draft_when(struct reader *reader, const struct node *value, void *member)
{
    *(struct condition **)member = load_condition(reader, value);
}

static const struct key named_condition_key_list[] = {
    {"met", KEY_REQUIRED, reader_line, offsetof(struct draft, met)},
    {"unmet", KEY_REQUIRED, reader_line, offsetof(struct draft, unmet)},
    {"when", KEY_REQUIRED, read_draft_when, offsetof(struct draft, condition)},
};
const struct key_table named_condition_keys = {"a named condition", named_condition_key_list,
                                               LENGTH(named_condition_key_list)};

/* A condition that is nothing but another named one stays distinct from it: lint sees both used. */
static struct condition *wrap_named(struct condition *condition)
{
    struct condition *outer = memory_new(1, sizeof(*outer));
    *outer = (struct condition){.kind = CONDITION_ALL,
                                .children = condition,
                                .child_count = 1,
                                .position = condition->position};
    return outer;
}

static struct condition *name_condition(const char *id, const struct draft *draft)
{
    struct condition *condition = draft->condition;
    if (condition->id != NULL)
        condition = wrap_named(condition);
    condition->id = memory_copy_text(id);
    condition->met = draft->met;
    condition->unmet = draft->unmet;
    return condition;
}

static void read_named_condition(struct reader *reader, const struct node *value)
{
    struct checklist *checklist = reader->checklist;
    struct draft draft = {0};
    if (!reader_is_id(value->key, strlen(value->key)))
        diagnostics_error(reader->diagnostics, value->key_position,
                          "'%.80s' is no id, expected 1 to 63 of a-z, 0-9 and '-', not starting "
                          "with '-'",
                          value->key);
    reader_mapping(reader, value, &named_condition_keys, &draft);
    struct named_condition *named = array_push(checklist->conditions, checklist->condition_count);
    *named = (struct named_condition){.id = memory_copy_text(value->key),
                                      .position = value->key_position};
    if (draft.condition != NULL) {
        named->condition = name_condition(value->key, &draft);
    } else {
        free(draft.met);
        free(draft.unmet);
    }
}

void load_named_conditions(struct reader *reader, const struct node *value, void *member UNUSED)
{
    if (value->kind != NODE_MAPPING)
        reader_error(reader, value, "'conditions' is a mapping, expected 'name: {when: ...}'");
    for (size_t i = 0; value->kind == NODE_MAPPING && i < value->child_count; i++)
        read_named_condition(reader, &value->children[i]);
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

bool load_named_condition_copy(struct reader *reader, const struct node *value,
                               struct condition *ret_copy)
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
