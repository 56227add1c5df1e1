/* SPDX-License-Identifier: Apache-2.0 */
#include "keys.h"

#include "base/buffer.h"
#include "suggest.h"

static const char *const kind_names[] = {
    [NODE_TEXT] = "a text", [NODE_LIST] = "a list", [NODE_MAPPING] = "a mapping"};

void reader_error(struct reader *reader, const struct node *value, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct buffer text = {0};
    buffer_append_format_list(&text, format, arguments);
    va_end(arguments);
    diagnostics_error(reader->diagnostics, value->position, "%s", buffer_text(&text));
    buffer_release(&text);
}

/* "'title' is a list, expected a text" */
static void error_of_kind(struct reader *reader, const struct node *value, const char *expected)
{
    if (value->key != NULL)
        reader_error(reader, value, "'%s' is %s, expected %s", value->key, kind_names[value->kind],
                     expected);
    else
        reader_error(reader, value, "found %s, expected %s", kind_names[value->kind], expected);
}

bool reader_expect_list(struct reader *reader, const struct node *value, const char *what)
{
    if (value->kind == NODE_LIST)
        return true;
    AUTO_FREE char *expected = memory_format("a list of %s", what);
    error_of_kind(reader, value, expected);
    return false;
}

const char *reader_expect_text(struct reader *reader, const struct node *value)
{
    if (value->kind != NODE_TEXT)
        error_of_kind(reader, value, "a text");
    else if (value->text[0] != '\0')
        return value->text;
    else if (value->key != NULL)
        reader_error(reader, value, "'%s' is empty; write a text or leave the key out", value->key);
    else
        reader_error(reader, value, "an empty text");
    return NULL;
}

static void report_unknown(struct reader *reader, const struct node *member,
                           const struct key_table *table)
{
    struct suggest_search search = {.wanted = member->key};
    AUTO_RELEASE(buffer) struct buffer known = {0};
    for (size_t i = 0; i < table->count; i++) {
        suggest_try(&search, table->keys[i].name);
        buffer_append_format(&known, "%s%s", i == 0 ? "" : ", ", table->keys[i].name);
    }
    if (search.best != NULL)
        diagnostics_error(reader->diagnostics, member->key_position,
                          "unknown key '%.80s', did you mean '%s'?", member->key, search.best);
    else
        diagnostics_error(reader->diagnostics, member->key_position,
                          "unknown key '%.80s', expected one of: %s", member->key,
                          buffer_text(&known));
}

static const struct key *find_key(const struct key_table *table, const char *name)
{
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->keys[i].name, name) == 0)
            return &table->keys[i];
    return NULL;
}

bool reader_mapping(struct reader *reader, const struct node *value, const struct key_table *table,
                    void *object)
{
    if (value->kind != NODE_MAPPING) {
        AUTO_FREE char *expected = memory_format("the mapping of %s", table->object);
        error_of_kind(reader, value, expected);
        return false;
    }
    for (size_t i = 0; i < value->child_count; i++)
        if (find_key(table, value->children[i].key) == NULL)
            report_unknown(reader, &value->children[i], table);
    for (size_t i = 0; i < table->count; i++) {
        const struct key *key = &table->keys[i];
        const struct node *member = node_member(value, key->name);
        if (member != NULL)
            key->read(reader, member, (char *)object + key->offset);
        else if (key->need == KEY_REQUIRED)
            reader_error(reader, value, "%s needs the key '%s'", table->object, key->name);
    }
    return true;
}

bool reader_is_id(const char *text, size_t length)
{
    if (length == 0 || length > 63 || text[0] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!((text[i] >= 'a' && text[i] <= 'z') || (text[i] >= '0' && text[i] <= '9') ||
              text[i] == '-'))
            return false;
    return true;
}

void reader_id(struct reader *reader, const struct node *value, void *member)
{
    const char *text = reader_expect_text(reader, value);
    if (text == NULL)
        return;
    if (reader_is_id(text, strlen(text)))
        *(char **)member = memory_copy_text(text);
    else
        reader_error(
            reader, value,
            "'%.80s' is no id, expected 1 to 63 of a-z, 0-9 and '-', not starting with '-'", text);
}

void reader_text(struct reader *reader, const struct node *value, void *member)
{
    const char *text = reader_expect_text(reader, value);
    if (text != NULL)
        *(char **)member = memory_copy_text(text);
}

void reader_line(struct reader *reader, const struct node *value, void *member)
{
    const char *text = reader_expect_text(reader, value);
    if (text != NULL && strchr(text, '\n') != NULL)
        reader_error(reader, value, "'%s' has several lines, expected one", value->key);
    else if (text != NULL)
        *(char **)member = memory_copy_text(text);
}

/* Items may be empty: an empty text is a value like any other. */
static void read_item(struct reader *reader, const struct node *item, struct strings *texts)
{
    if (item->kind == NODE_TEXT)
        strings_push(texts, item->text);
    else
        error_of_kind(reader, item, "a text");
}

void reader_texts(struct reader *reader, const struct node *value, void *member)
{
    if (value->kind == NODE_MAPPING)
        error_of_kind(reader, value, "a list of texts");
    else if (value->kind == NODE_TEXT)
        read_item(reader, value, member);
    for (size_t i = 0; value->kind == NODE_LIST && i < value->child_count; i++)
        read_item(reader, &value->children[i], member);
}

void reader_bool(struct reader *reader, const struct node *value, void *member)
{
    const char *text = reader_expect_text(reader, value);
    if (text == NULL)
        return;
    if (strcmp(text, "true") == 0)
        *(bool *)member = true;
    else if (strcmp(text, "false") == 0)
        *(bool *)member = false;
    else
        reader_error(reader, value, "'%.80s' is no boolean, expected true or false", text);
}

bool reader_term(struct reader *reader, const struct node *value, const struct terms *terms,
                 size_t *ret_index)
{
    const char *text = reader_expect_text(reader, value);
    if (text == NULL || terms_find(terms, text, ret_index))
        return text != NULL;
    AUTO_RELEASE(buffer) struct buffer known = {0};
    struct suggest_search search = {.wanted = text};
    for (size_t i = 0; i < terms->count; i++) {
        buffer_append_format(&known, "%s%s", i == 0 ? "" : ", ", terms->texts[i]);
        suggest_try(&search, terms->texts[i]);
    }
    if (search.best != NULL)
        reader_error(reader, value, "'%.80s' is not what '%s' takes, did you mean '%s'?", text,
                     value->key, search.best);
    else
        reader_error(reader, value, "'%.80s' is not what '%s' takes, expected one of: %s", text,
                     value->key, buffer_text(&known));
    return false;
}

/* Digits at the front of TEXT; false when there are none or too many to count, or when a zero leads
 * them: is 010 eight or ten? */
static bool parse_digits(const char *text, int64_t *ret_number, const char **ret_rest)
{
    int64_t number = 0;
    const char *digit = text;
    for (; *digit >= '0' && *digit <= '9'; digit++)
        if (__builtin_mul_overflow(number, (int64_t)10, &number) ||
            __builtin_add_overflow(number, (int64_t)(*digit - '0'), &number))
            return false;
    *ret_number = number;
    *ret_rest = digit;
    return digit > text && (*text != '0' || digit == text + 1);
}

bool reader_parse_whole(const char *text, int64_t lowest, int64_t highest, int64_t *ret_number)
{
    int64_t number;
    const char *rest;
    if (!parse_digits(text, &number, &rest) || *rest != '\0' || number < lowest || number > highest)
        return false;
    *ret_number = number;
    return true;
}

bool reader_parse_with_unit(const char *text, const struct unit *units, size_t unit_count,
                            int64_t *ret_number)
{
    int64_t number;
    const char *rest;
    if (!parse_digits(text, &number, &rest))
        return false;
    for (size_t i = 0; i < unit_count; i++)
        if (strcmp(rest, units[i].name) == 0)
            return !__builtin_mul_overflow(number, units[i].factor, ret_number);
    return false;
}
