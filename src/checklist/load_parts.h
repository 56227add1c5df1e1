/* SPDX-License-Identifier: Apache-2.0 */
/* Readers of the parts of a checklist, a file each. MEMBER is as in struct key. */
#ifndef CHECKLIST_LOAD_PARTS_H
#define CHECKLIST_LOAD_PARTS_H

#include "keys.h"

#define CHECKS_MAX           2000
#define PROBES_PER_CHECK_MAX 64

void load_parameters(struct reader *reader, const struct node *value, void *checklist);
void load_named_conditions(struct reader *reader, const struct node *value, void *checklist);
void load_checks(struct reader *reader, const struct node *value, struct checklist *checklist,
                 size_t area);
void load_probes(struct reader *reader, const struct node *value, void *check);
void load_expectations(struct reader *reader, const struct node *value, void *check);
void load_when(struct reader *reader, const struct node *value, void *check);

/* The condition that VALUE describes, one element on the heap, or NULL after an error. */
struct condition *load_condition(struct reader *reader, const struct node *value);
/* Append a condition for each fact of the mapping VALUE. */
void load_facts(struct reader *reader, const struct node *value, struct condition **children,
                size_t *child_count);

/* Report references of a command that stand where quoting would not protect their values. */
void load_check_command(struct reader *reader, const struct node *value);
/* Report references to unknown parameters, and those to lists unless LISTS_ARE_FINE. False when
 * there was one. */
bool load_check_references(struct reader *reader, const struct node *value, bool is_pattern,
                           bool lists_are_fine) MUST_USE;
/* Report an unknown reference or an expression that does not compile. */
void load_check_pattern(struct reader *reader, const struct node *value);
/* CHECK has a probe of that name, so far. */
bool load_has_probe(const struct check *check, const char *id);
/* Digest of what makes a check the same check; fingerprint.c. */
void checklist_fingerprint(struct check *check);

#endif
