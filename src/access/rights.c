/* SPDX-License-Identifier: Apache-2.0 */
/* Who becomes root how, and which keys open which account. */
#include "model.h"

#include <string.h>

enum { RIGHTS_MAX = 200 }; /* rules or keys of one account that are kept */

static void add_right(struct strings *rights, char *text)
{
    if (rights->count < RIGHTS_MAX && !strings_contains(rights, text))
        strings_push_take(rights, text);
    else
        free(text);
}

/* --- doas.conf: permit|deny [options] identity [as target] [cmd command [args ...]] --- */

struct doas_rule {
    bool is_permit, is_limited; /* limited: as somebody else, or one command */
    const char *identity;
};

/* The index behind an option at I; I itself when there is none. */
static size_t skip_option(const struct strings *words, size_t i)
{
    static const char *const options[] = {"nopass", "nolog", "persist", "keepenv"};
    for (size_t j = 0; j < LENGTH(options); j++)
        if (strcmp(words->items[i], options[j]) == 0)
            return i + 1;
    if (strcmp(words->items[i], "setenv") != 0)
        return i;
    while (i < words->count && strchr(words->items[i], '}') == NULL)
        i++;
    return i < words->count ? i + 1 : i;
}

static bool parse_doas_rule(const struct strings *words, struct doas_rule *rule)
{
    size_t i = 1;
    rule->is_permit = strcmp(words->items[0], "permit") == 0;
    if (!rule->is_permit && strcmp(words->items[0], "deny") != 0)
        return false;
    while (i < words->count && skip_option(words, i) > i)
        i = skip_option(words, i);
    if (i >= words->count)
        return false;
    rule->identity = words->items[i];
    rule->is_limited = i + 1 < words->count;
    return true;
}

/* doas takes the last rule that fits. A rule that denies everything ends what came before it; one
 * that denies a command or a target leaves it, so that too much is shown rather than too little. */
static void drop_doas(struct account *account)
{
    struct strings kept = {0};
    for (size_t i = 0; i < account->rules.count; i++)
        if (strncmp(account->rules.items[i], "doas: ", strlen("doas: ")) != 0)
            strings_push(&kept, account->rules.items[i]);
    strings_release(&account->rules);
    account->rules = kept;
}

static bool doas_fits(const struct account *account, const char *identity)
{
    if (*identity == ':')
        return strings_contains(&account->groups, identity + 1);
    return strcmp(identity, account->name) == 0 || field_number(identity) == account->uid;
}

static void add_doas(struct model *model, const char *text, size_t number, const char *line)
{
    AUTO_RELEASE(strings) struct strings words = {0};
    struct doas_rule rule;
    split_words(&words, text);
    if (words.count == 0 || !parse_doas_rule(&words, &rule))
        return;
    for (size_t i = 0; i < model->count; i++) {
        struct account *account = &model->accounts[i];
        if (!doas_fits(account, rule.identity))
            continue;
        account_cite(account, ACCESS_RULES, number, line);
        if (rule.is_permit)
            add_right(&account->rules, memory_format("doas: %s", text));
        else if (!rule.is_limited)
            drop_doas(account);
    }
}

/* --- the other rules --- */

/* "polkit:group:wheel", "polkit:user:ada" */
static void add_polkit(struct model *model, const struct fields *fields, size_t number,
                       const char *line)
{
    bool is_group = strcmp(fields->items[1], "group") == 0;
    for (size_t i = 0; i < model->count; i++) {
        struct account *account = &model->accounts[i];
        if (is_group ? !strings_contains(&account->groups, fields->items[2])
                     : strcmp(account->name, fields->items[2]) != 0)
            continue;
        add_right(&account->rules, memory_format("polkit: administrator by %s %s", fields->items[1],
                                                 fields->items[2]));
        account_cite(account, ACCESS_RULES, number, line);
    }
}

static void add_of_account(struct model *model, const struct fields *fields, size_t number,
                           const char *line)
{
    struct account *account = model_find(model, fields->items[1]);
    if (account == NULL)
        return;
    if (strcmp(fields->items[0], "sudo") == 0)
        add_right(&account->rules, memory_format("sudo: %s", fields->items[2]));
    else
        account->has_unseen_rules = true;
    account_cite(account, ACCESS_RULES, number, line);
}

void parse_rules(struct model *model, const char *text)
{
    enum { RULE_FIELDS = 3 };
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, text, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        AUTO_FREE char *copy = memory_copy_text(lines.items[i]);
        const char *doas = "doas:";
        struct fields fields;
        if (strncmp(copy, doas, strlen(doas)) == 0) {
            add_doas(model, copy + strlen(doas), i + 1, lines.items[i]);
            continue;
        }
        fields_split(&fields, copy, RULE_FIELDS);
        if (fields.count != RULE_FIELDS)
            continue;
        if (strcmp(fields.items[0], "polkit") == 0)
            add_polkit(model, &fields, i + 1, lines.items[i]);
        else if (strcmp(fields.items[0], "sudo") == 0 || strcmp(fields.items[0], "unseen") == 0)
            add_of_account(model, &fields, i + 1, lines.items[i]);
    }
}

/* --- keys --- */

/* A line of `sshd -T`. */
static void take_setting(struct model *model, const char *text)
{
    static const char *const sources[] = {"authorizedkeyscommand ", "trustedusercakeys "};
    for (size_t i = 0; i < LENGTH(sources); i++)
        if (strncmp(text, sources[i], strlen(sources[i])) == 0)
            model->has_outside_keys |= strcmp(text + strlen(sources[i]), "none") != 0;
    model->refuses_root |= strcmp(text, "permitrootlogin no") == 0;
}

void parse_keys(struct model *model, const char *text)
{
    enum { KEY_FIELDS = 3 };
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, text, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        AUTO_FREE char *copy = memory_copy_text(lines.items[i]);
        struct fields fields;
        fields_split(&fields, copy, KEY_FIELDS);
        if (fields.count >= 2 && strcmp(fields.items[0], "setting") == 0)
            take_setting(model, fields.items[1]);
        struct account *account =
            fields.count == KEY_FIELDS ? model_find(model, fields.items[1]) : NULL;
        if (account == NULL)
            continue;
        if (strcmp(fields.items[0], "key") == 0)
            add_right(&account->keys, memory_copy_text(fields.items[2]));
        else if (strcmp(fields.items[0], "unreadable") == 0)
            account->has_unread_keys = true;
        else
            continue;
        account_cite(account, ACCESS_KEYS, i + 1, lines.items[i]);
    }
}
