/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A file of targets: names, groups of names, parameters of the review, and which flows between them
 * are expected, in the same safe subset of YAML as a checklist. Knows how a target is written no
 * more than a checklist does: the texts are handed on.
 */
#ifndef CHECKLIST_INVENTORY_H
#define CHECKLIST_INVENTORY_H

#include "base/array.h"
#include "base/error.h"
#include "checklist/checklist.h"
#include "checklist/flow_rule.h"

#define INVENTORY_TARGETS_MAX   10000
#define INVENTORY_ADDRESSES_MAX 16 /* of a target */

struct inventory {
    struct strings names;      /* of the targets, in the order of the file */
    struct strings targets;    /* what each is: "ssh://web1" */
    struct strings addresses;  /* where others reach each: "10.0.0.2,fd00::2"; "" not said */
    struct strings parameters; /* "id=value", "id=a,b" */
    struct strings own;        /* the same of one target each: "web1/id=value" */
    struct inventory_group {
        char *id;
        struct strings names;
        struct strings parameters; /* of its targets: "id=value" */
    } * groups;
    size_t group_count;
    struct inventory_flow {
        struct flow_rule rule;
        struct position position;
    } * flows; /* in the order of the file: the first that fits counts */
    size_t flow_count;
};

void inventory_release(struct inventory *inventory);
/* ERROR_INVALID: "FILE:LINE:COLUMN: what is wrong and how to mend it". */
bool inventory_load_file(const char *path, struct inventory *ret_inventory,
                         struct error *error) MUST_USE;
/* Append the names of a group, or all for NULL. ERROR_NOT_FOUND names the groups there are. */
bool inventory_select(const struct inventory *inventory, const char *group,
                      struct strings *ret_names, struct error *error) MUST_USE;
/* What NAME is; NULL for none of the file. */
const char *inventory_target(const struct inventory *inventory, const char *name);

/* Append the parameters of one target, "web1/id=value": those of its groups in the order of the
 * file, then its own; a later one counts. */
void inventory_settings(const struct inventory *inventory, const char *name,
                        struct strings *ret_settings);

/* The names that a flow's FROM or TO stands for: a target, the members of a group, or all for
 * "any"; none for anything else. */
void inventory_members(const struct inventory *inventory, const char *name,
                       struct strings *ret_names);
/* The addresses of a target of the file, "" where none are said. */
const char *inventory_addresses(const struct inventory *inventory, const char *name);

#endif
