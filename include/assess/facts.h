/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the evidence says about a target itself: its system, kernel, kind, user and so on. They are
 * the "key: value" lines that the probe FACTS_PROBE of the check FACTS_CHECK printed, which is the
 * first of the baseline; so they are gathered once a run, and kept as any evidence is. A target's
 * own words: show them through base/utf8.
 */
#ifndef ASSESS_FACTS_H
#define ASSESS_FACTS_H

#include "assess/session.h"

#define FACTS_CHECK "target-is-the-meant-one"
#define FACTS_PROBE "facts"

/* Pairs in the order they came; none when nothing was gathered. */
struct target_facts {
    struct strings names, values;
};

void target_facts_release(struct target_facts *facts);
/* From the newest evidence. RET_FACTS is overwritten. */
bool session_facts(struct session *session, const char *target, struct target_facts *ret_facts,
                   struct error *error) MUST_USE;
/* The value of that name, or NULL. Borrowed. */
const char *target_facts_value(const struct target_facts *facts, const char *name);
/* "Debian GNU/Linux 12, Linux 6.1, virtual machine, systemd, ada (sudo)"; "" when there are none.
 * Free with free(). */
char *target_facts_line(const struct target_facts *facts) MUST_USE;

#endif
