/* SPDX-License-Identifier: Apache-2.0 */
/* `fact` of a condition: a mapping from names of facts to the values, one of which has to be so. */
#include "base/buffer.h"
#include "fact.h"
#include "load_parts.h"
#include "placeholder.h"

static void add_leaf(struct condition *any, const struct node *value, enum fact fact,
                     const char *text)
{
    *array_push(any->children, any->child_count) =
        (struct condition){.kind = CONDITION_FACT,
                           .fact = (int)fact,
                           .argument = memory_copy_text(text),
                           .position = value->position};
}

/* One of the values: a combination of one is that one. */
static struct condition any_of(const struct node *value, enum fact fact,
                               const struct strings *texts)
{
    struct condition any = {.kind = CONDITION_ANY, .position = value->position};
    for (size_t i = 0; i < texts->count; i++)
        add_leaf(&any, value, fact, texts->items[i]);
    if (any.child_count != 1)
        return any;
    struct condition only = any.children[0];
    free(any.children);
    return only;
}

/* One of the words of WORDS, which have blanks between. */
static bool is_word(const char *words, const char *text)
{
    AUTO_RELEASE(strings) struct strings known = {0};
    strings_split(&known, words, ' ');
    return strings_contains(&known, text);
}

/* A value that no target can have is a mistake, and would make the check never apply. */
static bool check_value(struct reader *reader, const struct node *value,
                        const struct fact_info *info)
{
    struct placeholder placeholder;
    if (value->kind != NODE_TEXT || !load_check_references(reader, value, false, false))
        return false;
    if (info->values == NULL || strchr(value->text, '*') != NULL ||
        placeholder_find(value->text, 0, &placeholder) || is_word(info->values, value->text))
        return true;
    reader_error(reader, value, "no target has the %s '%.80s', expected one of: %s", info->what,
                 value->text, info->values);
    return false;
}

static bool check_values(struct reader *reader, const struct node *values,
                         const struct fact_info *info)
{
    bool is_good = true;
    if (values->kind != NODE_LIST)
        return check_value(reader, values, info);
    if (values->child_count == 0)
        reader_error(reader, values, "'%s' has no values; leave it out", values->key);
    for (size_t i = 0; i < values->child_count; i++)
        is_good = check_value(reader, &values->children[i], info) && is_good;
    return is_good;
}

static void report_unknown(struct reader *reader, const struct node *member)
{
    AUTO_RELEASE(buffer) struct buffer known = {0};
    for (size_t i = 0; i < FACT_COUNT; i++)
        buffer_append_format(&known, "%s%s", i == 0 ? "" : ", ", fact_infos[i].name);
    diagnostics_error(reader->diagnostics, member->key_position,
                      "unknown fact '%.80s', expected one of: %s", member->key,
                      buffer_text(&known));
}

static void load_fact(struct reader *reader, const struct node *member, struct condition **children,
                      size_t *child_count)
{
    size_t fact = 0;
    while (fact < FACT_COUNT && strcmp(fact_infos[fact].name, member->key) != 0)
        fact++;
    if (fact == FACT_COUNT) {
        report_unknown(reader, member);
        return;
    }
    AUTO_RELEASE(strings) struct strings texts = {0};
    reader_texts(reader, member, &texts);
    if (check_values(reader, member, &fact_infos[fact]) && texts.count > 0)
        *array_push(*children, *child_count) = any_of(member, (enum fact)fact, &texts);
}

void load_facts(struct reader *reader, const struct node *value, struct condition **children,
                size_t *child_count)
{
    if (value->kind != NODE_MAPPING) {
        reader_error(reader, value, "expected a mapping of facts, such as 'fact: {init: systemd}'");
        return;
    }
    if (value->child_count == 0)
        reader_error(reader, value, "'fact' is empty; leave it out");
    for (size_t i = 0; i < value->child_count; i++)
        load_fact(reader, &value->children[i], children, child_count);
}
