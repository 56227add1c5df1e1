/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML in: a checklist from bytes, with a diagnostic for everything that is wrong, each with line
 * and column. Accepts the subset of YAML 1.2 that a hostile file cannot abuse: UTF-8, one document,
 * no tags, anchors, aliases or merge keys, no duplicate keys, depth at most 32, 4 MiB at most.
 */
#ifndef CHECKLIST_LOAD_H
#define CHECKLIST_LOAD_H

#include "base/error.h"
#include "checklist/checklist.h"

#define CHECKLIST_SOURCE_MAX_BYTES (4 * 1024 * 1024)

enum diagnostic_level { DIAGNOSTIC_ERROR, DIAGNOSTIC_WARNING };

/* Text is lower case, names the thing and says how to mend it. */
struct diagnostic {
    enum diagnostic_level level;
    struct position position;
    char *text;
};

/* At most 100 are kept; the counts go on. Zeroed memory is empty. */
struct diagnostics {
    struct diagnostic *items;
    size_t count;
    size_t error_count, warning_count; /* of all, kept or not */
};

void diagnostics_release(struct diagnostics *diagnostics);
/* Append "FILE:LINE:COLUMN: error: TEXT", a line each, made safe for a terminal. */
void diagnostics_print(const struct diagnostics *diagnostics, const char *file,
                       struct buffer *text);

/* Load a checklist. On errors the result is false, DIAGNOSTICS tells them and ERROR the first one;
 * warnings alone do not fail. DIAGNOSTICS may be NULL. The caller frees the result. */
bool checklist_load(const void *bytes, size_t length, struct checklist **ret_checklist,
                    struct diagnostics *diagnostics, struct error *error) MUST_USE;
/* Load from a file; ERROR's message starts with "FILE:LINE:COLUMN: ". */
bool checklist_load_file(const char *path, struct checklist **ret_checklist,
                         struct diagnostics *diagnostics, struct error *error) MUST_USE;
/* What is allowed but unwise: unused parameters, a check that can never suggest anything and asks
 * nothing, commands that look as if they change the target, words too long for 80 columns,
 * malformed references, missing why or fix. */
void checklist_lint(const struct checklist *checklist, struct diagnostics *diagnostics);

#endif
