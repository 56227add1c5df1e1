/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds secrets in bytes of any kind by rules that are data (docs/secrets.md): keywords that a line
 * has to hold, a pattern whose group 1 is the secret, how random it has to look. Each byte is
 * looked at a bounded number of times a rule; a line that a rule cannot decide within its limits
 * counts as a secret of that rule as a whole.
 */
#ifndef CHECKLIST_SECRETS_H
#define CHECKLIST_SECRETS_H

#include "checklist/load.h"

struct secret_rules;

/* Load the rules that came with walkdown, and the user's own (secrets.yaml in the config folder),
 * which come in front and replace those of the same id. ERROR_NOT_FOUND: walkdown's are not there.
 */
bool secret_rules_load(struct secret_rules **ret_rules, struct error *error) MUST_USE;
/* From bytes, in front of what RULES holds (NULL: nothing). ERROR's message begins with
 * "LINE:COLUMN: ". RULES is replaced on success only. */
bool secret_rules_add(struct secret_rules **rules, const char *bytes, size_t length,
                      struct error *error) MUST_USE;
void secret_rules_free(struct secret_rules *rules);
DEFINE_AUTO(secret_rules, secret_rules_free)
size_t secret_rules_count(const struct secret_rules *rules);
const char *secret_rules_id(const struct secret_rules *rules, size_t index);
const char *secret_rules_title(const struct secret_rules *rules, size_t index);
bool secret_rules_knows(const struct secret_rules *rules, const char *id);

struct secret {
    size_t offset, length; /* bytes */
    const char *rule;      /* the id, borrowed from the rules */
};
/* All of them, rising, none overlapping another; free the result with free(). */
struct secret *secrets_find(const struct secret_rules *rules, const char *bytes, size_t length,
                            size_t *ret_count) MUST_USE;

#endif
