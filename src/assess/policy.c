/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/policy.h"

#include "checklist/secrets.h"
#include "state.h"

#include <string.h>

enum { KEYS_MAX = 9 };

bool policy_read(struct session *session, const char *topic, struct policy_rule_row_list *rules,
                 struct error *error)
{
    AUTO_RELEASE(policy_rule_row_list) struct policy_rule_row_list all = {0};

    if (!review_query_policy_rules(session->review, NULL, &all, error))
        return false;
    policy_rule_row_list_release(rules);
    for (size_t i = 0; i < all.count; i++) {
        if (strcmp(all.items[i].topic, topic) != 0)
            continue;
        *array_push(rules->items, rules->count) = all.items[i];
        all.items[i] = (struct policy_rule_row){0};
    }
    return true;
}

const char *policy_value(const struct policy_rule_row_list *rules, const char *name)
{
    for (size_t i = 0; i < rules->count; i++)
        if (strcmp(rules->items[i].name, name) == 0)
            return rules->items[i].value;
    return NULL;
}

/* --- setting --- */

struct setting {
    char *topic, *name, *value;
};

static void setting_release(struct setting *setting)
{
    free(setting->topic);
    free(setting->name);
    free(setting->value);
}

static bool parse(const char *text, struct setting *setting, struct error *error)
{
    const char *equals = strchr(text, '='), *dot = strchr(text, '.');

    if (!equals || !dot || dot > equals || dot == text || dot + 1 == equals) {
        error_set(error, ERROR_USAGE, "'%s' is no rule of a policy", text);
        return error_hint(error, "write it like secrets.jwt=store or signoff.approver=1");
    }
    setting->topic = memory_copy(text, (size_t)(dot - text));
    setting->name = memory_copy(dot + 1, (size_t)(equals - dot - 1));
    setting->value = memory_copy_text(equals + 1);
    return true;
}

static bool check_secrets(const struct setting *setting, struct error *error)
{
    AUTO(secret_rules) struct secret_rules *rules = NULL;

    if (strcmp(setting->name, "all") != 0 &&
        (!secret_rules_load(&rules, error) || !secret_rules_knows(rules, setting->name))) {
        if (!rules)
            return false;
        error_set(error, ERROR_NOT_FOUND, "there is no rule '%s' for secrets", setting->name);
        return error_hint(error, "'walkdown policy FILE' lists them");
    }
    return !*setting->value || strcmp(setting->value, "store") == 0 ||
           strcmp(setting->value, "mask") == 0 || strcmp(setting->value, "drop") == 0 ||
           error_set(error, ERROR_USAGE, "a secret is left to 'store', 'mask' or 'drop', not '%s'",
                     setting->value);
}

static bool check_signoff(const struct setting *setting, struct error *error)
{
    if (strcmp(setting->name, "reviewer") != 0 && strcmp(setting->name, "approver") != 0)
        return error_set(error, ERROR_USAGE, "the role is reviewer or approver, not '%s'",
                         setting->name);
    return !*setting->value ||
           (strlen(setting->value) == 1 && *setting->value >= '0' &&
            *setting->value <= '0' + KEYS_MAX) ||
           error_set(error, ERROR_USAGE, "expected a number of keys from 0 to %d, not '%s'",
                     KEYS_MAX, setting->value);
}

static bool check(const struct setting *setting, struct error *error)
{
    if (strcmp(setting->topic, POLICY_SECRETS) == 0)
        return check_secrets(setting, error);
    if (strcmp(setting->topic, POLICY_SIGNOFF) == 0)
        return check_signoff(setting, error);
    return error_set(error, ERROR_USAGE, "a policy is about secrets or signoff, not '%s'",
                     setting->topic);
}

static void add_rule(json_t *rules, const char *name, const char *value)
{
    json_array_append_new(
        rules, json_pack("{s:o, s:o}", "name", json_text(name), "value", json_text(value)));
}

bool session_set_policy(struct session *session, const char *text, struct error *error)
{
    AUTO_RELEASE(policy_rule_row_list) struct policy_rule_row_list before = {0};
    AUTO_RELEASE(setting) struct setting setting = {0};
    json_t *rules;

    if (!parse(text, &setting, error) || !check(&setting, error) ||
        !policy_read(session, setting.topic, &before, error))
        return false;
    rules = json_array();
    for (size_t i = 0; i < before.count; i++)
        if (strcmp(before.items[i].name, setting.name) != 0)
            add_rule(rules, before.items[i].name, before.items[i].value);
    if (*setting.value)
        add_rule(rules, setting.name, setting.value);
    return session_append(session, ENTRY_POLICY,
                          json_pack("{s:s, s:o}", "topic", setting.topic, "rules", rules), error);
}
