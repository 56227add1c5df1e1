/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one text of the file's schema, the steps that lead to it, and the comparison of a file's
 * schema with it. What the fold writes is part of the version: a change of fold.c or summary.c that
 * changes a projection needs a step that rebuilds them.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include "database.h"

/* All projections, by key: X(table, "key columns") */
#define PROJECTIONS(X)                                                                             \
    X(event, "author, seq")                                                                        \
    X(author, "id")                                                                                \
    X(review, "author, seq")                                                                       \
    X(checklist, "author, seq")                                                                    \
    X(checklist_area, "author, seq, position")                                                     \
    X(checklist_check, "author, seq, position")                                                    \
    X(parameter, "author, seq")                                                                    \
    X(target, "author, seq")                                                                       \
    X(hostkey, "author, seq")                                                                      \
    X(consent, "author, seq")                                                                      \
    X(run, "run, author, seq")                                                                     \
    X(evidence, "check_id, target, author, seq")                                                   \
    X(suggestion, "check_id, target, author, seq")                                                 \
    X(answer, "check_id, target, author, seq")                                                     \
    X(decision, "check_id, target, author, seq")                                                   \
    X(retraction, "author, seq")                                                                   \
    X(comment, "check_id, target, author, seq")                                                    \
    X(attachment, "check_id, target, author, seq")                                                 \
    X(signoff, "author, seq")                                                                      \
    X(finding, "author, seq")                                                                      \
    X(exception, "author, seq")                                                                    \
    X(redaction, "author, seq")                                                                    \
    X(policy, "author, seq")                                                                       \
    X(policy_rule, "author, seq, position")                                                        \
    X(handoff, "author, seq")                                                                      \
    X(flows, "author, seq")                                                                        \
    X(flow_line, "author, seq, position")                                                          \
    X(reach, "target, author, seq")                                                                \
    X(reach_flow, "author, seq, position")                                                         \
    X(access, "target, author, seq")                                                               \
    X(item, "check_id, target")

/* One step of the schema: SQL leads from VERSION - 1 to VERSION. */
struct schema_step {
    int version;
    const char *sql;
};
extern const struct schema_step schema_steps[];
extern const size_t schema_step_count;

/* Bring a database up to the last of STEPS, inside the caller's immediate transaction, under which
 * the version is read again. A file that has a version already is first copied to
 * "PATH.vN.backup" beside it, and RET_IS_OLD says that its projections have to be built again. */
bool schema_upgrade(struct database *database, const struct schema_step *steps, size_t count,
                    bool *ret_is_old, struct error *error) MUST_USE;
/* The version a database says it has. */
bool schema_read_version(struct database *database, int64_t *ret_version,
                         struct error *error) MUST_USE;

enum schema_part { SCHEMA_WHOLE, SCHEMA_TRUTH_ONLY /* meta, entry, blob: what a newer file has */ };
/* Compare a file's schema with ours of VERSION, row for row. ERROR_CORRUPT names the row that
 * differs. */
bool schema_check(struct database *database, enum schema_part part, int64_t version,
                  struct error *error) MUST_USE;

/* The blobs of all entries but checklists, as columns id and size; a blob that an entry can bring
 * stands here, or it is lost with the next copy. */
#define BLOBS_OF_ENTRIES                                                                           \
    "SELECT out_blob AS id, out_size AS size FROM evidence"                                        \
    " UNION SELECT err_blob, err_size FROM evidence"                                               \
    " UNION SELECT out_blob, out_size FROM reach UNION SELECT err_blob, err_size FROM reach"       \
    " UNION SELECT blob, size FROM attachment UNION SELECT kept_blob, kept_size FROM redaction"

#endif
