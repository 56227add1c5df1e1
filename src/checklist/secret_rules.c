/* SPDX-License-Identifier: Apache-2.0 */
/* Rules from YAML. */
#include "base/file.h"
#include "base/path.h"
#include "checklist/catalog.h"
#include "diagnostics.h"
#include "node.h"
#include "secret_rule.h"

#include <ctype.h>

enum { RULES_MAX = 500, FILE_MAX_BYTES = 1024 * 1024 };
#define FILE_NAME "secrets.yaml"

static void release_rule(struct secret_rule *rule)
{
    free(rule->id);
    free(rule->title);
    strings_release(&rule->keywords);
    pattern_free(rule->pattern);
    pattern_free(rule->allow);
    pattern_free(rule->begin);
    pattern_free(rule->end);
}

void secret_rules_free(struct secret_rules *rules)
{
    if (rules == NULL)
        return;
    for (size_t i = 0; i < rules->count; i++)
        release_rule(&rules->items[i]);
    free(rules->items);
    free(rules);
}

size_t secret_rules_count(const struct secret_rules *rules)
{
    return rules->count;
}

const char *secret_rules_id(const struct secret_rules *rules, size_t index)
{
    return rules->items[index].id;
}

const char *secret_rules_title(const struct secret_rules *rules, size_t index)
{
    return rules->items[index].title;
}

bool secret_rules_knows(const struct secret_rules *rules, const char *id)
{
    for (size_t i = 0; i < rules->count; i++)
        if (strcmp(rules->items[i].id, id) == 0)
            return true;
    return false;
}

/* --- reading --- */

static bool is_id(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && length <= 64 &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

static const char *expect_text(const struct node *value, struct diagnostics *diagnostics)
{
    if (value->kind == NODE_TEXT && *value->text != '\0')
        return value->text;
    diagnostics_error(diagnostics, value->position, "'%s': expected a text", value->key);
    return NULL;
}

static void read_pattern(const struct node *value, struct pattern **ret_pattern,
                         struct diagnostics *diagnostics)
{
    struct error error = {0};
    const char *text = expect_text(value, diagnostics);
    if (text != NULL && !pattern_new(text, false, ret_pattern, &error))
        diagnostics_error(diagnostics, value->position, "'%s': %s", value->key, error.message);
}

static void read_keywords(const struct node *value, struct strings *keywords,
                          struct diagnostics *diagnostics)
{
    if (value->kind != NODE_LIST)
        diagnostics_error(diagnostics, value->position, "'keywords': expected a list");
    for (size_t i = 0; value->kind == NODE_LIST && i < value->child_count; i++) {
        const struct node *item = &value->children[i];
        if (item->kind != NODE_TEXT || *item->text == '\0') {
            diagnostics_error(diagnostics, item->position, "'keywords': expected texts");
            continue;
        }
        AUTO_FREE char *lower = memory_copy_text(item->text);
        for (char *at = lower; *at != '\0'; at++)
            *at = (char)tolower((unsigned char)*at);
        strings_push(keywords, lower);
    }
}

static void read_entropy(const struct node *value, double *entropy, struct diagnostics *diagnostics)
{
    char *end = NULL;
    const char *text = expect_text(value, diagnostics);
    if (text == NULL)
        return;
    *entropy = strtod(text, &end);
    if (*end != '\0' || !(*entropy >= 0 && *entropy <= 8))
        diagnostics_error(diagnostics, value->position, "'entropy': expected a number from 0 to 8");
}

static void read_member(struct secret_rule *rule, const struct node *value,
                        struct diagnostics *diagnostics)
{
    struct {
        const char *key;
        struct pattern **member;
    } patterns[] = {{"pattern", &rule->pattern},
                    {"allow", &rule->allow},
                    {"begin", &rule->begin},
                    {"end", &rule->end}};
    for (size_t i = 0; i < LENGTH(patterns); i++)
        if (strcmp(value->key, patterns[i].key) == 0) {
            read_pattern(value, patterns[i].member, diagnostics);
            return;
        }
    if (strcmp(value->key, "id") == 0)
        rule->id = memory_copy_text(expect_text(value, diagnostics));
    else if (strcmp(value->key, "title") == 0)
        rule->title = memory_copy_text(expect_text(value, diagnostics));
    else if (strcmp(value->key, "keywords") == 0)
        read_keywords(value, &rule->keywords, diagnostics);
    else if (strcmp(value->key, "entropy") == 0)
        read_entropy(value, &rule->entropy, diagnostics);
    else
        diagnostics_error(diagnostics, value->key_position, "a rule has no member '%s'",
                          value->key);
}

static void read_rule(struct secret_rule *rule, const struct node *value,
                      struct diagnostics *diagnostics)
{
    if (value->kind != NODE_MAPPING) {
        diagnostics_error(diagnostics, value->position, "expected a rule with 'id' and 'pattern'");
        return;
    }
    for (size_t i = 0; i < value->child_count; i++)
        read_member(rule, &value->children[i], diagnostics);
    if (rule->id == NULL || !is_id(rule->id))
        diagnostics_error(diagnostics, value->position,
                          "a rule needs an 'id' of lower-case letters, digits and hyphens");
    if ((rule->pattern != NULL) == (rule->begin != NULL) ||
        (rule->begin != NULL) != (rule->end != NULL))
        diagnostics_error(diagnostics, value->position,
                          "a rule needs a 'pattern', or 'begin' and 'end'");
    if (rule->title == NULL)
        rule->title = memory_copy_text(rule->id);
}

static void read_rules(struct secret_rules *rules, const struct node *root,
                       struct diagnostics *diagnostics)
{
    const struct node *version =
        root->kind == NODE_MAPPING ? node_member(root, "walkdown-secrets") : NULL;
    const struct node *list = root->kind == NODE_MAPPING ? node_member(root, "rules") : NULL;
    if (version == NULL || version->kind != NODE_TEXT || strcmp(version->text, "1") != 0)
        diagnostics_error(diagnostics, root->position, "expected 'walkdown-secrets: 1'");
    else if (list == NULL || list->kind != NODE_LIST)
        diagnostics_error(diagnostics, root->position, "expected a list 'rules'");
    else if (list->child_count > RULES_MAX)
        diagnostics_error(diagnostics, list->position, "expected at most %d rules", RULES_MAX);
    else
        for (size_t i = 0; i < list->child_count; i++)
            read_rule(array_push(rules->items, rules->count), &list->children[i], diagnostics);
}

static bool first_error(const struct diagnostics *diagnostics, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    if (diagnostics->error_count == 0)
        return true;
    for (size_t i = 0; i < diagnostics->count && text.length == 0; i++) {
        if (diagnostics->items[i].level != DIAGNOSTIC_ERROR)
            continue;
        diagnostics_place(&text, diagnostics->items[i].position);
        buffer_append_text(&text, diagnostics->items[i].text);
    }
    return error_set(error, ERROR_INVALID, "%s", buffer_text(&text));
}

/* Those of OLDER that no newer rule replaces move behind. */
static void adopt(struct secret_rules *rules, struct secret_rules *older)
{
    for (size_t i = 0; older != NULL && i < older->count; i++) {
        if (secret_rules_knows(rules, older->items[i].id))
            continue;
        *array_push(rules->items, rules->count) = older->items[i];
        older->items[i] = (struct secret_rule){0};
    }
}

bool secret_rules_add(struct secret_rules **rules, const char *bytes, size_t length,
                      struct error *error)
{
    AUTO(secret_rules) struct secret_rules *fresh = memory_new(1, sizeof(*fresh));
    struct diagnostics diagnostics = {0};
    struct node root = {0};
    if (node_parse(bytes, length, &root, &diagnostics))
        read_rules(fresh, &root, &diagnostics);
    bool good = first_error(&diagnostics, error);
    node_release(&root);
    diagnostics_release(&diagnostics);
    if (!good)
        return false;
    adopt(fresh, *rules);
    secret_rules_free(*rules);
    *rules = take(&fresh);
    return true;
}

/* --- files --- */

static bool add_file(struct secret_rules **rules, const char *path, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    if (file_read(path, FILE_MAX_BYTES, &text, error) &&
        secret_rules_add(rules, buffer_text(&text), text.length, error))
        return true;
    return error_prefix(error, "%s", path);
}

bool secret_rules_load(struct secret_rules **ret_rules, struct error *error)
{
    AUTO(secret_rules) struct secret_rules *rules = NULL;
    AUTO_FREE char *bundled = NULL;
    AUTO_FREE char *config = path_config_folder();
    AUTO_FREE char *own = path_join(config, FILE_NAME);
    struct error problem = {0};
    if (!catalog_find_rules(FILE_NAME, &bundled, error) || !add_file(&rules, bundled, error))
        return false;
    if (!add_file(&rules, own, &problem) && problem.code != ERROR_NOT_FOUND) {
        if (error != NULL)
            *error = problem;
        return false;
    }
    *ret_rules = take(&rules);
    return true;
}
