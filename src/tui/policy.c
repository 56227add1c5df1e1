/* SPDX-License-Identifier: Apache-2.0 */
/* The policy of a review: a list of what can be asked for, and for each a list of values. After a
 * change the first list is there again. */
#include "assess/policy.h"

#include "checklist/secrets.h"
#include "choice.h"
#include "screens.h"

enum { KEYS_MAX = 9 };

/* One line of the list: "TOPIC.NAME". */
struct rule {
    const char *topic;
    char *name, *title;
};

/* What belongs to one of the lists; to that of values the one rule and its place in the other. */
struct asking {
    struct rule *rules;
    size_t rule_count;
    int place;
};

static const struct {
    const char *value, *detail;
} secret_ways[] = {
    {"mask", "a mark with its length is stored in its place"},
    {"drop", "a mark is stored in place of the whole line"},
    {"store", "it is stored as it came"},
};

static void free_asking(void *context)
{
    struct asking *asking = context;
    for (size_t i = 0; i < asking->rule_count; i++) {
        free(asking->rules[i].name);
        free(asking->rules[i].title);
    }
    free(asking->rules);
    free(asking);
}

static bool is_signoff(const struct rule *rule)
{
    return strcmp(rule->topic, POLICY_SIGNOFF) == 0;
}

static char *count_text(int count)
{
    return memory_format(count == 1 ? "%d key" : "%d keys", count);
}

/* What holds now, in words. */
static char *value_text(const struct rule *rule, const struct policy_rule_row_list *set)
{
    const char *value = policy_value(set, rule->name);
    if (is_signoff(rule))
        return value == NULL ? memory_copy_text("none required")
                             : count_text((int)strtol(value, NULL, 10));
    if (value != NULL)
        return memory_copy_text(value);
    const char *all = policy_value(set, "all");
    return strcmp(rule->name, "all") == 0 ? memory_copy_text("mask")
                                          : memory_format("%s, as all", all == NULL ? "mask" : all);
}

/* The list as it grows. */
struct listing {
    struct asking *asking;
    struct choice_items *items;
    const char *topic;
    struct policy_rule_row_list set;
};

static void add_rule(struct listing *listing, const char *name, const char *title)
{
    struct asking *asking = listing->asking;
    const struct rule rule = {listing->topic, memory_copy_text(name), memory_copy_text(title)};
    choice_add(listing->items, (struct choice_item){.text = memory_copy_text(title),
                                                    .detail = value_text(&rule, &listing->set),
                                                    .value = (int)asking->rule_count});
    *array_push(asking->rules, asking->rule_count) = rule;
}

static bool list_rules(struct app *app, struct asking *asking, struct choice_items *items,
                       struct error *error)
{
    AUTO(secret_rules) struct secret_rules *rules = NULL;
    struct listing listing = {.asking = asking, .items = items, .topic = POLICY_SIGNOFF};
    bool good = policy_read(app->session, listing.topic, &listing.set, error);
    if (good) {
        add_rule(&listing, "reviewer", "Signatures of reviewers");
        add_rule(&listing, "approver", "Signatures of approvers");
        listing.topic = POLICY_SECRETS;
        good = policy_read(app->session, listing.topic, &listing.set, error) &&
               secret_rules_load(&rules, error);
    }
    if (good)
        add_rule(&listing, "all", "Secrets of every kind");
    for (size_t i = 0; good && i < secret_rules_count(rules); i++)
        add_rule(&listing, secret_rules_id(rules, i), secret_rules_title(rules, i));
    policy_rule_row_list_release(&listing.set);
    return good;
}

static void open_rules(struct app *app, int selected);

static void value_taken(struct app *app, void *context, int value, const char *text UNUSED)
{
    struct asking *asking = context;
    const struct rule *rule = &asking->rules[0];
    struct error error = {0};
    AUTO_FREE char *setting = NULL;
    if (value < 0)
        setting = memory_format("%s.%s=", rule->topic, rule->name);
    else if (is_signoff(rule))
        setting = memory_format("%s.%s=%d", rule->topic, rule->name, value);
    else
        setting = memory_format("%s.%s=%s", rule->topic, rule->name, secret_ways[value].value);
    if (!session_set_policy(app->session, setting, &error)) {
        app_fail(app, &error);
        return;
    }
    app_update(app);
    app_say(app, MESSAGE_GOOD, "the policy is saved");
    open_rules(app, asking->place);
}

/* The value -1 takes the rule out. */
static void add_values(const struct rule *rule, struct choice_items *items)
{
    bool is_for_all = strcmp(rule->name, "all") == 0;
    for (size_t i = 0; !is_signoff(rule) && i < LENGTH(secret_ways); i++)
        choice_add(items, (struct choice_item){.text = memory_copy_text(secret_ways[i].value),
                                               .detail = memory_copy_text(secret_ways[i].detail),
                                               .value = (int)i});
    for (int i = 1; is_signoff(rule) && i <= KEYS_MAX; i++)
        choice_add(items, (struct choice_item){.text = count_text(i), .value = i});
    if (is_signoff(rule))
        choice_add(items,
                   (struct choice_item){.text = memory_copy_text("none required"), .value = -1});
    else if (!is_for_all)
        choice_add(items, (struct choice_item){.text = memory_copy_text("as all"), .value = -1});
}

static void rule_taken(struct app *app, void *context, int value, const char *text UNUSED)
{
    const struct asking *from = context;
    struct asking *asking = memory_new(1, sizeof(*asking));
    struct choice_items items = {0};
    const struct rule *rule = &from->rules[value];
    *array_push(asking->rules, asking->rule_count) =
        (struct rule){rule->topic, memory_copy_text(rule->name), memory_copy_text(rule->title)};
    asking->place = value;
    add_values(rule, &items);
    choice_open(app, &(struct choice_request){.title = rule->title,
                                              .items = items,
                                              .done = value_taken,
                                              .context = asking,
                                              .free_context = free_asking});
}

static void open_rules(struct app *app, int selected)
{
    struct asking *asking = memory_new(1, sizeof(*asking));
    struct choice_items items = {0};
    struct error error = {0};
    if (!list_rules(app, asking, &items, &error))
        app_fail(app, &error);
    choice_open(app, &(struct choice_request){.title = "Policy of this review",
                                              .items = items,
                                              .selected = selected,
                                              .done = rule_taken,
                                              .context = asking,
                                              .free_context = free_asking});
}

void do_policy(struct app *app)
{
    if (app_can_write(app))
        open_rules(app, 0);
}

/* "1 reviewer, 2 approvers; secrets: mask, 1 otherwise" */
char *policy_summary(struct app *app)
{
    AUTO_RELEASE(policy_rule_row_list) struct policy_rule_row_list signoff = {0};
    AUTO_RELEASE(policy_rule_row_list) struct policy_rule_row_list secrets = {0};
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct error error = {0};
    if (!policy_read(app->session, POLICY_SIGNOFF, &signoff, &error) ||
        !policy_read(app->session, POLICY_SECRETS, &secrets, &error)) {
        app_fail(app, &error);
        return memory_copy_text("?");
    }
    for (size_t i = 0; i < signoff.count; i++)
        buffer_append_format(&text, "%s%s %s%s", text.length > 0 ? ", " : "",
                             signoff.items[i].value, signoff.items[i].name,
                             strcmp(signoff.items[i].value, "1") == 0 ? "" : "s");
    const char *all = policy_value(&secrets, "all");
    buffer_append_format(&text, "%ssecrets: %s", text.length > 0 ? "; " : "",
                         all == NULL ? "mask" : all);
    size_t others = secrets.count - (all != NULL ? 1 : 0);
    if (others > 0)
        buffer_append_format(&text, ", %zu otherwise", others);
    return buffer_take(&text);
}
