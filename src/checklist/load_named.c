/* SPDX-License-Identifier: Apache-2.0 */
/* `conditions`: conditions with a name and with words of their own. */
#include "base/buffer.h"
#include "load_parts.h"

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
