/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/inventory.h"

#include "base/file.h"
#include "node.h"

struct reader {
    struct inventory *inventory;
    struct diagnostics *diagnostics;
};

void inventory_release(struct inventory *inventory)
{
    strings_release(&inventory->names);
    strings_release(&inventory->targets);
    strings_release(&inventory->addresses);
    strings_release(&inventory->parameters);
    strings_release(&inventory->own);
    for (size_t i = 0; i < inventory->flow_count; i++)
        flow_rule_release(&inventory->flows[i].rule);
    free(inventory->flows);
    for (size_t i = 0; i < inventory->group_count; i++) {
        free(inventory->groups[i].id);
        strings_release(&inventory->groups[i].names);
        strings_release(&inventory->groups[i].parameters);
    }
    free(inventory->groups);
    *inventory = (struct inventory){0};
}

static struct inventory_group *group_of(struct inventory *inventory, const char *id)
{
    for (size_t i = 0; i < inventory->group_count; i++)
        if (strcmp(inventory->groups[i].id, id) == 0)
            return &inventory->groups[i];
    struct inventory_group *group = array_push(inventory->groups, inventory->group_count);
    *group = (struct inventory_group){.id = memory_copy_text(id)};
    return group;
}

static void join_group(struct inventory *inventory, const char *id, const char *name)
{
    struct inventory_group *group = group_of(inventory, id);
    if (!strings_contains(&group->names, name))
        strings_push(&group->names, name);
}

static bool is_mapping(const struct reader *reader, const struct node *node, const char *what)
{
    if (node->kind == NODE_MAPPING)
        return true;
    diagnostics_error(reader->diagnostics, node->position, "%s has to be a mapping", what);
    return false;
}

/* Each text of a list, or the one text. */
static void read_texts(const struct reader *reader, const struct node *node, const char *what,
                       struct strings *ret_texts)
{
    if (node->kind == NODE_TEXT) {
        strings_push(ret_texts, node->text);
        return;
    }
    for (size_t i = 0; i < node->child_count; i++) {
        if (node->kind == NODE_LIST && node->children[i].kind == NODE_TEXT)
            strings_push(ret_texts, node->children[i].text);
        else
            diagnostics_error(reader->diagnostics, node->children[i].position,
                              "%s has to be a text or a list of texts", what);
    }
}

/* Each parameter of a mapping as "PREFIXid=value". */
static void read_parameters(const struct reader *reader, const struct node *node,
                            const char *prefix, struct strings *ret_parameters)
{
    if (node == NULL || !is_mapping(reader, node, "'params'"))
        return;
    for (size_t i = 0; i < node->child_count; i++) {
        const struct node *child = &node->children[i];
        AUTO_RELEASE(strings) struct strings values = {0};
        if (strpbrk(child->key, "/=") != NULL)
            diagnostics_error(reader->diagnostics, child->key_position,
                              "'%.80s' is no id of a parameter", child->key);
        read_texts(reader, child, "a parameter", &values);
        AUTO_FREE char *joined = strings_join(&values, ",");
        strings_push_take(ret_parameters, memory_format("%s%s=%s", prefix, child->key, joined));
    }
}

static void read_addresses(const struct reader *reader, const struct node *node)
{
    AUTO_RELEASE(strings) struct strings addresses = {0};
    struct strings *all = &reader->inventory->addresses;
    read_texts(reader, node, "'addresses'", &addresses);
    for (size_t i = 0; i < addresses.count; i++)
        if (flow_address_family(addresses.items[i]) == 0 && !flow_is_host_name(addresses.items[i]))
            diagnostics_error(reader->diagnostics, node->position,
                              "'%s' is no address and no name of a host", addresses.items[i]);
    if (addresses.count > INVENTORY_ADDRESSES_MAX)
        diagnostics_error(reader->diagnostics, node->position, "a target has at most %d addresses",
                          INVENTORY_ADDRESSES_MAX);
    free(all->items[all->count - 1]);
    all->items[all->count - 1] = strings_join(&addresses, ",");
}

static void read_member(const struct reader *reader, const struct node *target,
                        const struct node *member)
{
    AUTO_RELEASE(strings) struct strings groups = {0};
    if (strcmp(member->key, "target") == 0)
        return;
    if (strcmp(member->key, "addresses") == 0) {
        read_addresses(reader, member);
        return;
    }
    if (strcmp(member->key, "params") == 0) {
        AUTO_FREE char *prefix = memory_format("%s/", target->key);
        read_parameters(reader, member, prefix, &reader->inventory->own);
        return;
    }
    if (strcmp(member->key, "groups") != 0) {
        diagnostics_error(
            reader->diagnostics, member->key_position,
            "a target has no key '%s'; it has 'target', 'groups', 'addresses' and 'params'",
            member->key);
        return;
    }
    read_texts(reader, member, "'groups'", &groups);
    for (size_t i = 0; i < groups.count; i++)
        join_group(reader->inventory, groups.items[i], target->key);
}

/* "web1: ssh://web1" or "web1: {target: ssh://web1, groups: [web]}" */
static void read_target(const struct reader *reader, const struct node *node)
{
    const struct node *text = node->kind == NODE_MAPPING ? node_member(node, "target") : node;
    if (text == NULL || text->kind != NODE_TEXT || text->text[0] == '\0') {
        diagnostics_error(reader->diagnostics, node->position,
                          "'%s' needs a target: '%s: ssh://HOST' or '{target: ssh://HOST}'",
                          node->key, node->key);
        return;
    }
    strings_push(&reader->inventory->names, node->key);
    strings_push(&reader->inventory->targets, text->text);
    strings_push(&reader->inventory->addresses, "");
    for (size_t i = 0; node->kind == NODE_MAPPING && i < node->child_count; i++)
        read_member(reader, node, &node->children[i]);
}

/* The names of a group: a list, or the member 'targets' of a mapping that may have parameters too.
 */
static void read_group_names(const struct reader *reader, const struct node *node,
                             struct strings *ret_names)
{
    if (node->kind != NODE_MAPPING) {
        read_texts(reader, node, "a group", ret_names);
        return;
    }
    for (size_t i = 0; i < node->child_count; i++) {
        const struct node *member = &node->children[i];
        if (strcmp(member->key, "targets") == 0)
            read_texts(reader, member, "'targets' of a group", ret_names);
        else if (strcmp(member->key, "params") == 0)
            read_parameters(reader, member, "",
                            &group_of(reader->inventory, node->key)->parameters);
        else
            diagnostics_error(reader->diagnostics, member->key_position,
                              "a group has no key '%s'; it has 'targets' and 'params'",
                              member->key);
    }
}

static void read_group(const struct reader *reader, const struct node *node)
{
    AUTO_RELEASE(strings) struct strings names = {0};
    group_of(reader->inventory, node->key);
    read_group_names(reader, node, &names);
    for (size_t i = 0; i < names.count; i++) {
        if (strings_contains(&reader->inventory->names, names.items[i]))
            join_group(reader->inventory, node->key, names.items[i]);
        else
            diagnostics_error(reader->diagnostics, node->position,
                              "the group '%s' names '%s', which is no target of this file",
                              node->key, names.items[i]);
    }
}

/* --- flows --- */

static const struct strings *group_members(const struct inventory *inventory, const char *name)
{
    if (strcmp(name, "any") == 0)
        return &inventory->names;
    for (size_t i = 0; i < inventory->group_count; i++)
        if (strcmp(inventory->groups[i].id, name) == 0)
            return &inventory->groups[i].names;
    return NULL;
}

void inventory_members(const struct inventory *inventory, const char *name,
                       struct strings *ret_names)
{
    bool is_target = strings_contains(&inventory->names, name);
    const struct strings *members = is_target ? NULL : group_members(inventory, name);
    if (is_target)
        strings_push(ret_names, name);
    for (size_t i = 0; members != NULL && i < members->count; i++)
        strings_push(ret_names, members->items[i]);
}

static bool is_known_source(const struct inventory *inventory, const char *name)
{
    return strings_contains(&inventory->names, name) || group_members(inventory, name) != NULL;
}

/* A name with a dot may be that of any host; one without is more likely mistyped. */
static bool is_known_destination(const struct inventory *inventory, const char *name)
{
    return is_known_source(inventory, name) || flow_word_ports(name) != NULL ||
           flow_address_family(name) != 0 || (flow_is_host_name(name) && strchr(name, '.') != NULL);
}

static void read_flow(const struct reader *reader, const struct node *node)
{
    struct inventory *inventory = reader->inventory;
    struct flow_rule rule = {0};
    struct error error = {0};
    if (node->kind != NODE_TEXT) {
        diagnostics_error(reader->diagnostics, node->position,
                          "a flow is a text: 'FROM -> TO:PORT/PROTOCOL allow' or '... deny'");
        return;
    }
    if (!flow_rule_parse(node->text, &rule, &error)) {
        diagnostics_error(reader->diagnostics, node->position, "%s", error.message);
        return;
    }
    if (!is_known_source(inventory, rule.from))
        diagnostics_error(reader->diagnostics, node->position,
                          "a flow comes from a target or a group of this file, or from 'any'; '%s' "
                          "is none",
                          rule.from);
    if (!is_known_destination(inventory, rule.to))
        diagnostics_error(reader->diagnostics, node->position,
                          "'%s' is no target, group, address, host name with a dot, or one of the "
                          "words metadata, gateway, dns, neighbours, internet",
                          rule.to);
    *array_push(inventory->flows, inventory->flow_count) =
        (struct inventory_flow){.rule = rule, .position = node->position};
}

static void read_flows(const struct reader *reader, const struct node *node)
{
    if (node == NULL)
        return;
    if (node->kind != NODE_LIST)
        diagnostics_error(reader->diagnostics, node->position, "'flows' has to be a list of texts");
    else if (node->child_count > FLOW_RULES_MAX)
        diagnostics_error(reader->diagnostics, node->position, "a file has at most %d flows",
                          FLOW_RULES_MAX);
    for (size_t i = 0; node->kind == NODE_LIST && i < node->child_count && i < FLOW_RULES_MAX; i++)
        read_flow(reader, &node->children[i]);
}

static void read_each(const struct reader *reader, const struct node *node, const char *what,
                      void (*read)(const struct reader *reader, const struct node *node))
{
    if (node == NULL || !is_mapping(reader, node, what))
        return;
    for (size_t i = 0; i < node->child_count; i++)
        read(reader, &node->children[i]);
}

static void check_keys(const struct reader *reader, const struct node *root)
{
    static const char *const known[] = {"walkdown-targets", "params", "targets", "groups", "flows"};
    for (size_t i = 0; i < root->child_count; i++) {
        bool is_known = false;
        for (size_t k = 0; k < LENGTH(known); k++)
            is_known = is_known || strcmp(known[k], root->children[i].key) == 0;
        if (!is_known)
            diagnostics_error(reader->diagnostics, root->children[i].key_position,
                              "a file of targets has no key '%s'; it has walkdown-targets, params, "
                              "targets, groups and flows",
                              root->children[i].key);
    }
}

static void read_root(const struct reader *reader, const struct node *root)
{
    const struct node *version = node_member(root, "walkdown-targets");
    const struct node *targets = node_member(root, "targets");
    if (version == NULL || version->kind != NODE_TEXT || strcmp(version->text, "1") != 0)
        diagnostics_error(reader->diagnostics, root->position,
                          "a file of targets begins with 'walkdown-targets: 1'");
    check_keys(reader, root);
    read_parameters(reader, node_member(root, "params"), "", &reader->inventory->parameters);
    read_each(reader, targets, "'targets'", read_target);
    read_each(reader, node_member(root, "groups"), "'groups'", read_group);
    read_flows(reader, node_member(root, "flows"));
    if (targets == NULL || targets->child_count == 0)
        diagnostics_error(reader->diagnostics, root->position, "there are no 'targets'");
}

static bool tell_first_error(const char *path, const struct diagnostics *diagnostics,
                             struct error *error)
{
    for (size_t i = 0; i < diagnostics->count; i++)
        if (diagnostics->items[i].level == DIAGNOSTIC_ERROR)
            return error_set(error, ERROR_INVALID, "%s:%d:%d: %s", path,
                             diagnostics->items[i].position.line,
                             diagnostics->items[i].position.column, diagnostics->items[i].text);
    return error_set(error, ERROR_INVALID, "%s has errors", path);
}

bool inventory_load_file(const char *path, struct inventory *ret_inventory, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer source = {0};
    AUTO_RELEASE(diagnostics) struct diagnostics diagnostics = {0};
    struct inventory inventory = {0};
    struct node root = {0};
    const struct reader reader = {&inventory, &diagnostics};
    if (!file_read(path, CHECKLIST_SOURCE_MAX_BYTES, &source, error))
        return false;
    if (node_parse(buffer_text(&source), source.length, &root, &diagnostics) &&
        is_mapping(&reader, &root, "a file of targets"))
        read_root(&reader, &root);
    node_release(&root);
    diagnostics_sort(&diagnostics, 0);
    if (diagnostics.error_count > 0) {
        inventory_release(&inventory);
        return tell_first_error(path, &diagnostics, error);
    }
    *ret_inventory = inventory;
    return true;
}

bool inventory_select(const struct inventory *inventory, const char *group,
                      struct strings *ret_names, struct error *error)
{
    AUTO_RELEASE(strings) struct strings known = {0};
    const struct strings *names = group == NULL ? &inventory->names : NULL;
    for (size_t i = 0; group != NULL && names == NULL && i < inventory->group_count; i++) {
        strings_push(&known, inventory->groups[i].id);
        if (strcmp(inventory->groups[i].id, group) == 0)
            names = &inventory->groups[i].names;
    }
    for (size_t i = 0; names != NULL && i < names->count; i++)
        if (!strings_contains(ret_names, names->items[i]))
            strings_push(ret_names, names->items[i]);
    if (names != NULL)
        return true;
    AUTO_FREE char *list = strings_join(&known, ", ");
    error_set(error, ERROR_NOT_FOUND, "the file of targets has no group '%s'", group);
    return error_hint(error, "it has: %s", known.count > 0 ? list : "none");
}

void inventory_settings(const struct inventory *inventory, const char *name,
                        struct strings *ret_settings)
{
    AUTO_FREE char *prefix = memory_format("%s/", name);
    for (size_t i = 0; i < inventory->group_count; i++) {
        const struct inventory_group *group = &inventory->groups[i];
        bool is_member = strings_contains(&group->names, name);
        for (size_t p = 0; is_member && p < group->parameters.count; p++)
            strings_push_take(ret_settings,
                              memory_format("%s%s", prefix, group->parameters.items[p]));
    }
    for (size_t i = 0; i < inventory->own.count; i++)
        if (strncmp(inventory->own.items[i], prefix, strlen(prefix)) == 0)
            strings_push(ret_settings, inventory->own.items[i]);
}

const char *inventory_target(const struct inventory *inventory, const char *name)
{
    for (size_t i = 0; i < inventory->names.count; i++)
        if (strcmp(inventory->names.items[i], name) == 0)
            return inventory->targets.items[i];
    return NULL;
}

const char *inventory_addresses(const struct inventory *inventory, const char *name)
{
    for (size_t i = 0; i < inventory->names.count; i++)
        if (strcmp(inventory->names.items[i], name) == 0)
            return inventory->addresses.items[i];
    return "";
}
