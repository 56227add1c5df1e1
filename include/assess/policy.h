/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a review asks of those who work on it, recorded in its ledger. Topic "secrets": what becomes
 * of secrets that probes bring, a rule (or "all") each: store, mask (the default) or drop. Topic
 * "signoff": how many keys have to sign in a role.
 */
#ifndef ASSESS_POLICY_H
#define ASSESS_POLICY_H

#include "assess/session.h"

#define POLICY_SECRETS "secrets"
#define POLICY_SIGNOFF "signoff"

/* The rules of a topic that are in force. */
bool policy_read(struct session *session, const char *topic, struct policy_rule_row_list *rules,
                 struct error *error) MUST_USE;
/* NULL when the rules say nothing of it. */
const char *policy_value(const struct policy_rule_row_list *rules, const char *name);
/* Change one: "TOPIC.NAME=VALUE"; without a VALUE it is taken out. */
bool session_set_policy(struct session *session, const char *text, struct error *error) MUST_USE;

#endif
