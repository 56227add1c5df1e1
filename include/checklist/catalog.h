/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where checklists are found: a path; or a name, looked for in the folder that $WALKDOWN_CHECKLISTS
 * names (an absolute path), in the user's config folder (checklists/), in checklists/ of the source
 * tree when the program runs from its build tree, and in the installed folder.
 */
#ifndef CHECKLIST_CATALOG_H
#define CHECKLIST_CATALOG_H

#include "base/error.h"
#include "checklist/checklist.h"

struct catalog_entry {
    char *name; /* "isolated-environment" */
    char *path;
    bool is_bundled; /* came with walkdown: running it is consent to its read-only probes */
};

struct catalog {
    struct catalog_entry *entries; /* by name; an earlier folder hides a later one's */
    size_t count;
};

void catalog_release(struct catalog *catalog);
/* List what there is; an unreadable folder is as if empty. */
void catalog_list(struct catalog *ret_catalog);
/* The path for a name or a path. ERROR_NOT_FOUND names the folders that were searched. */
bool catalog_find(const char *name_or_path, char **ret_path, struct error *error) MUST_USE;
/* The path of a file of rules that came with walkdown (rules/NAME). */
bool catalog_find_rules(const char *name, char **ret_path, struct error *error) MUST_USE;
/* True when a bundled checklist has exactly these bytes. */
bool catalog_is_bundled(const struct digest *source_digest);

#endif
