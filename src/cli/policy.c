/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/policy.h"

#include "checklist/secrets.h"
#include "commands.h"
#include "opening.h"

static json_t *rules_json(const struct policy_rule_row_list *rules)
{
    json_t *list = json_array();

    for (size_t i = 0; i < rules->count; i++)
        json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "topic",
                                              json_text(rules->items[i].topic), "name",
                                              json_text(rules->items[i].name), "value",
                                              json_text(rules->items[i].value)));
    return list;
}

static void print_rules(struct output *output, const struct policy_rule_row_list *rules)
{
    for (size_t i = 0; i < rules->count; i++) {
        output_safe(output, rules->items[i].topic, 0);
        output_add(output, ".");
        output_safe(output, rules->items[i].name, 0);
        output_add(output, "=");
        output_safe(output, rules->items[i].value, 0);
        output_add(output, "\n");
    }
}

static void print_known(struct output *output)
{
    AUTO(secret_rules) struct secret_rules *rules = NULL;

    if (!secret_rules_load(&rules, NULL))
        return;
    output_styled(output, STYLE_DIM, "\nRules for secrets, masked unless said otherwise\n");
    for (size_t i = 0; i < secret_rules_count(rules); i++) {
        output_add(output, "  ");
        output_safe(output, secret_rules_id(rules, i), 20);
        output_add(output, " ");
        output_safe(output, secret_rules_title(rules, i), 0);
        output_add(output, "\n");
    }
}

static int list(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    AUTO_RELEASE(policy_rule_row_list) struct policy_rule_row_list rules = {0};
    AUTO_RELEASE(output) struct output output;
    struct error error = {0};
    int status;

    output_init(&output, arguments);
    if (!open_review(arguments, true, &session, &status))
        return status;
    if (!review_query_policy_rules(session_review(session), NULL, &rules, &error))
        return review_error(&error, arguments->words[0]);
    if (arguments->json)
        return output_json(rules_json(&rules));
    print_rules(&output, &rules);
    if (!arguments->quiet) {
        if (!rules.count)
            output_add(&output, "No policy was set.\n");
        print_known(&output);
    }
    return output_write(&output);
}

static int run(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    struct error error = {0};
    int status;

    if (arguments->word_count == 1)
        return list(arguments);
    if (!open_review(arguments, false, &session, &status))
        return status;
    for (size_t i = 1; i < arguments->word_count; i++)
        if (!session_set_policy(session, arguments->words[i], &error))
            return output_error(&error, "policy");
    return report_done(arguments, json_object(), "saved");
}

const struct command command_policy = {
    .name = "policy",
    .words = "FILE [TOPIC.NAME=VALUE...]",
    .words_min = 1,
    .words_max = 64,
    .summary = "say who has to sign, and what becomes of secrets in evidence",
    .details =
        "signoff.reviewer=N and signoff.approver=N: so many keys have to sign in that role,\n"
        "none of them in two. secrets.RULE=store, mask or drop: what becomes of a secret\n"
        "that a probe brings, before it is stored; secrets.all is for all rules. Nothing\n"
        "behind '=' takes a rule out. Without any, what is set is printed.",
    .run = run,
};
