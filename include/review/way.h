/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What was reached behind a target's hops: a container's id, its image and digest, the namespaces
 * inside. Each run gathers it as evidence of the check WAY_CHECK, which no checklist can have: one
 * probe a hop, and one inside, each printing lines "name: value". The host's own words: testimony,
 * to be shown through base/utf8.
 */
#ifndef REVIEW_WAY_H
#define REVIEW_WAY_H

#include "review/query.h"

#define WAY_CHECK "walkdown/way"
/* The probe inside, where each run starts the sandbox anew: its values are not compared. */
#define WAY_INSIDE_ANEW "inside-anew"

struct way_fact {
    char *probe; /* "hop-1-docker", "inside" */
    char *name, *value;
    char *before; /* the value at the time before; "" when it was the same, or there is none */
};

struct way {
    struct way_fact *facts; /* of the newest evidence; hops first, outermost first */
    size_t count;
    size_t changed_count;  /* of those with a value before */
    struct strings unseen; /* "hop-1-docker: exit 127": what could not be asked */
};

void way_release(struct way *way);
/* Of one target, in one run or, for NULL, the newest of each probe; empty where it has no hops or
 * no run went there. RET_WAY is overwritten. */
bool way_read(struct review *review, const char *target, const char *run, struct way *ret_way,
              struct error *error) MUST_USE;
/* "hop-1-docker: id 4f66..., image web:1; inside: ..."; "" when there is nothing. Free with
 * free(). */
char *way_line(const struct way *way) MUST_USE;
/* "hop-1-docker id is X and was Y before; ..."; "" when nothing changed. Free with free(). */
char *way_changes(const struct way *way) MUST_USE;

#endif
