/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A refused anchor, tag or duplicate key is reported and the parse goes on, so that one run of lint
 * shows them all; what breaks the structure (a syntax error, an alias, a cap) ends it.
 */
#include "node.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "source.h"

#include <yaml.h>

struct builder {
    yaml_parser_t parser;
    struct diagnostics *diagnostics;
    size_t node_count;
};

static struct position position_of(yaml_mark_t mark)
{
    return (struct position){(int)mark.line + 1, (int)mark.column + 1};
}

/* What a reader can do about libyaml's commonest complaints. */
static const char *hint_for(const char *problem)
{
    static const char *const hints[][2] = {
        {"mapping values are not allowed", "put quotes around a text that contains ': '"},
        {"found character that cannot start any token",
         "indent with spaces, not tabs; put quotes around a text that begins with @, ` or %"},
        {"could not find expected ':'", "a key ends in ':'; check the indentation"},
        {"did not find expected key", "check the indentation, and quotes inside quoted text"},
        {"did not find expected '-' indicator", "check the indentation of the list"},
        {"did not find expected ',' or ']'", "a '[' list ends in ']', its items part by ','"},
        {"did not find expected ',' or '}'", "a '{' mapping ends in '}', its keys part by ','"},
        {"block sequence entries are not allowed", "begin the list on a line of its own"},
        {"found unknown escape character", "use single quotes, which keep backslashes"},
        {"found unexpected end of stream", "the quote that begins here is not closed"},
    };
    for (size_t i = 0; i < LENGTH(hints); i++)
        if (strstr(problem, hints[i][0]) != NULL)
            return hints[i][1];
    return "check indentation, brackets and quotes";
}

/* Where a quote or bracket without an end begins says more than where the file ends. */
static bool fail_parse(struct builder *builder)
{
    const yaml_parser_t *parser = &builder->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        memory_exhausted();
    const char *problem = parser->problem == NULL ? "cannot be read" : parser->problem;
    bool is_at_end = strstr(problem, "unexpected end of stream") != NULL;
    AUTO_FREE char *context = NULL;
    if (parser->context != NULL && parser->context_mark.line != parser->problem_mark.line &&
        !is_at_end)
        context =
            memory_format(" %s from line %zu", parser->context, parser->context_mark.line + 1);
    diagnostics_error(
        builder->diagnostics, position_of(is_at_end ? parser->context_mark : parser->problem_mark),
        "not YAML: %s%s; %s", problem, context == NULL ? "" : context, hint_for(problem));
    return false;
}

static bool next_event(struct builder *builder, yaml_event_t *event)
{
    return yaml_parser_parse(&builder->parser, event) != 0 || fail_parse(builder);
}

static bool fail_at(struct builder *builder, struct position position, const char *text)
{
    diagnostics_error(builder->diagnostics, position, "%s", text);
    return false;
}

static void refuse_properties(struct builder *builder, struct position position,
                              const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor != NULL)
        diagnostics_error(builder->diagnostics, position,
                          "anchors are not supported; remove '&%.80s' and repeat the text instead",
                          (const char *)anchor);
    if (tag != NULL)
        diagnostics_error(builder->diagnostics, position,
                          "tags are not supported; remove '%.80s', put quotes around the text "
                          "where it starts with '!'",
                          (const char *)tag);
}

static void check_text(struct builder *builder, const char *text, size_t length,
                       struct position position)
{
    for (size_t i = 0; i < length;) {
        int32_t c;
        i += utf8_decode(text + i, length - i, &c);
        if (!source_allows(c)) {
            diagnostics_error(
                builder->diagnostics, position,
                "control character U+%04X in a text; remove the escape, or use single "
                "quotes where a pattern shall see the backslash",
                (unsigned)c);
            return;
        }
    }
}

/* A text up to its first NUL, without line feeds at the end. */
static char *copy_text(struct builder *builder, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    size_t length = event->data.scalar.length;
    check_text(builder, text, length, position_of(event->start_mark));
    while (length > 0 && text[length - 1] == '\n')
        length--;
    return memory_copy(text, length);
}

static bool count_node(struct builder *builder, struct position position, int depth)
{
    if (++builder->node_count > NODE_COUNT_MAX) {
        diagnostics_error(builder->diagnostics, position,
                          "more than %d values; split the checklist", NODE_COUNT_MAX);
        return false;
    }
    if (depth > NODE_DEPTH_MAX) {
        diagnostics_error(builder->diagnostics, position,
                          "nested deeper than %d levels; flatten the structure", NODE_DEPTH_MAX);
        return false;
    }
    return true;
}

static bool read_text(struct builder *builder, const yaml_event_t *event, struct node *node)
{
    if (event->data.scalar.length > NODE_TEXT_MAX_BYTES) {
        diagnostics_error(builder->diagnostics, node->position,
                          "a text of %zu bytes, expected at most %d; shorten it",
                          event->data.scalar.length, NODE_TEXT_MAX_BYTES);
        return false;
    }
    refuse_properties(builder, node->position, event->data.scalar.anchor, event->data.scalar.tag);
    node->kind = NODE_TEXT;
    node->text = copy_text(builder, event);
    return true;
}

static bool read_node(struct builder *builder, const yaml_event_t *event, int depth,
                      struct node *node);

static bool read_list(struct builder *builder, int depth, struct node *list)
{
    for (;;) {
        yaml_event_t event;
        if (!next_event(builder, &event))
            return false;
        bool is_end = event.type == YAML_SEQUENCE_END_EVENT;
        bool is_good = is_end || read_node(builder, &event, depth + 1,
                                           array_push(list->children, list->child_count));
        yaml_event_delete(&event);
        if (is_end || !is_good)
            return is_good;
    }
}

static void check_key(struct builder *builder, const struct node *mapping,
                      const struct node *member)
{
    if (strcmp(member->key, "<<") == 0)
        diagnostics_error(builder->diagnostics, member->key_position,
                          "merge keys are not supported; repeat the keys instead of '<<'");
    for (size_t i = 0; i + 1 < mapping->child_count; i++)
        if (strcmp(mapping->children[i].key, member->key) == 0) {
            diagnostics_error(builder->diagnostics, member->key_position,
                              "duplicate key '%.80s', first in line %d; remove one of them",
                              member->key, mapping->children[i].key_position.line);
            return;
        }
}

static bool read_key(struct builder *builder, const yaml_event_t *event, struct node *mapping)
{
    struct position position = position_of(event->start_mark);
    if (event->type == YAML_ALIAS_EVENT)
        return fail_at(builder, position,
                       "aliases are not supported; repeat the text in place of the '*'");
    if (event->type != YAML_SCALAR_EVENT)
        return fail_at(builder, position,
                       "a key has to be plain text; quotes mend a value that begins with '{', "
                       "'[' or '?'");
    if (mapping->child_count >= NODE_MAPPING_MAX_KEYS)
        return fail_at(builder, position, "more than 1000 keys in one mapping");
    struct node text = {.position = position};
    if (!count_node(builder, position, 0) || !read_text(builder, event, &text))
        return false;
    struct node *member = array_push(mapping->children, mapping->child_count);
    member->key = text.text;
    member->key_position = position;
    check_key(builder, mapping, member);
    return true;
}

static bool read_member(struct builder *builder, const yaml_event_t *key_event, int depth,
                        struct node *mapping)
{
    yaml_event_t event;
    if (!read_key(builder, key_event, mapping) || !next_event(builder, &event))
        return false;
    bool is_good =
        read_node(builder, &event, depth + 1, &mapping->children[mapping->child_count - 1]);
    yaml_event_delete(&event);
    return is_good;
}

static bool read_mapping(struct builder *builder, int depth, struct node *mapping)
{
    for (;;) {
        yaml_event_t event;
        if (!next_event(builder, &event))
            return false;
        bool is_end = event.type == YAML_MAPPING_END_EVENT;
        bool is_good = is_end || read_member(builder, &event, depth, mapping);
        yaml_event_delete(&event);
        if (is_end || !is_good)
            return is_good;
    }
}

static bool read_node(struct builder *builder, const yaml_event_t *event, int depth,
                      struct node *node)
{
    node->position = position_of(event->start_mark);
    /* Whatever comes, the node can be looked at. */
    node->text = NULL;
    if (!count_node(builder, node->position, depth))
        return false;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_text(builder, event, node);
    case YAML_SEQUENCE_START_EVENT:
        refuse_properties(builder, node->position, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
        node->kind = NODE_LIST;
        return read_list(builder, depth, node);
    case YAML_MAPPING_START_EVENT:
        refuse_properties(builder, node->position, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag);
        node->kind = NODE_MAPPING;
        return read_mapping(builder, depth, node);
    case YAML_ALIAS_EVENT:
        return fail_at(builder, node->position,
                       "aliases are not supported; repeat the text in place of the '*', or put "
                       "quotes around a text that begins with it");
    default:
        return fail_at(builder, node->position, "unexpected end of the document");
    }
}

/* Wait for one event, forget it, and say where it began. */
static bool skip_event(struct builder *builder, yaml_event_type_t expected,
                       struct position *ret_start)
{
    yaml_event_t event;
    if (!next_event(builder, &event))
        return false;
    *ret_start = position_of(event.start_mark);
    bool is_expected = event.type == expected;
    yaml_event_delete(&event);
    return is_expected || fail_at(builder, *ret_start, "the file is empty, expected 'walkdown: 1'");
}

static bool read_document(struct builder *builder, struct node *root, struct position *ret_end)
{
    yaml_event_t event;
    struct position start;
    if (!skip_event(builder, YAML_STREAM_START_EVENT, &start) ||
        !skip_event(builder, YAML_DOCUMENT_START_EVENT, &start) || !next_event(builder, &event))
        return false;
    bool is_good = read_node(builder, &event, 1, root);
    yaml_event_delete(&event);
    return is_good && skip_event(builder, YAML_DOCUMENT_END_EVENT, ret_end);
}

bool node_parse(const char *bytes, size_t length, struct node *root,
                struct diagnostics *diagnostics)
{
    size_t errors = diagnostics->error_count;
    if (!source_check(bytes, length, diagnostics))
        return false;
    struct builder builder = {.diagnostics = diagnostics};
    if (!yaml_parser_initialize(&builder.parser))
        memory_exhausted();
    yaml_parser_set_encoding(&builder.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&builder.parser, (const unsigned char *)bytes, length);
    struct position end = {0};
    bool is_good =
        read_document(&builder, root, &end) && source_check_end(bytes, length, end, diagnostics);
    yaml_parser_delete(&builder.parser);
    return is_good && diagnostics->error_count == errors;
}

void node_release(struct node *node)
{
    for (size_t i = 0; i < node->child_count; i++)
        node_release(&node->children[i]);
    free(node->children);
    free(node->key);
    free(node->text);
}

const struct node *node_member(const struct node *mapping, const char *key)
{
    for (size_t i = 0; i < mapping->child_count; i++)
        if (strcmp(mapping->children[i].key, key) == 0)
            return &mapping->children[i];
    return NULL;
}
