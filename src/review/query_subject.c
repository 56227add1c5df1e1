/* SPDX-License-Identifier: Apache-2.0 */
/* What is reviewed and by whom: authors, checklists, parameters, targets, consents, items. */
#include "handle.h"
#include "rows.h"

/* clang-format off */

/* --- what is in force --- */

#define CHECKLISTS                                                                                 \
    "checklists AS (SELECT author, seq, place FROM (SELECT x.author AS author, x.seq AS seq,"      \
    " row_number() OVER (ORDER BY " OLDEST ") AS place,"                                           \
    " row_number() OVER (PARTITION BY x.id ORDER BY " NEWEST ") AS age" FROM_KIND("checklist")     \
    " WHERE e.is_retracted = 0) WHERE age = 1)"

#define CHECKS                                                                                     \
    "checks AS (SELECT id, title, area, severity, place, position FROM (SELECT d.id AS id,"        \
    " d.title AS title, d.area AS area, d.severity AS severity, l.place AS place,"                 \
    " d.position AS position,"                                                                     \
    " row_number() OVER (PARTITION BY d.id ORDER BY l.place, d.position) AS rank"                  \
    " FROM checklists AS l CROSS JOIN checklist_check AS d"                                        \
    " ON d.author = l.author AND d.seq = l.seq) WHERE rank = 1)"

#define TARGETS                                                                                    \
    "targets AS (SELECT name, spec, place FROM (SELECT name, spec,"                                \
    " min(arrival) OVER (PARTITION BY name) AS place,"                                             \
    " row_number() OVER (PARTITION BY name ORDER BY arrival DESC) AS age FROM ("                   \
    "SELECT x.name AS name, x.spec AS spec, row_number() OVER (ORDER BY " OLDEST ") AS arrival"    \
    FROM_KIND("target") " WHERE e.is_retracted = 0)) WHERE age = 1)"

#define KEYS                                                                                       \
    "keys AS (SELECT x.target AS target, x.type AS type, x.fingerprint AS fingerprint,"            \
    " x.key AS key, row_number() OVER (PARTITION BY x.target ORDER BY " NEWEST ") AS age"          \
    FROM_KIND("hostkey") " WHERE e.is_retracted = 0 AND x.how NOT IN ('refused', 'jump-host'))"

/* --- lists --- */

static const struct field author_fields[] = {
    {FIELD_ID, offsetof(struct author_row, id)},
    {FIELD_TEXT, offsetof(struct author_row, name)},
    {FIELD_TEXT, offsetof(struct author_row, email)},
    {FIELD_TEXT, offsetof(struct author_row, key)},
    {FIELD_NUMBER, offsetof(struct author_row, first_ms)},
    {FIELD_NUMBER, offsetof(struct author_row, last_ms)},
    {FIELD_NUMBER, offsetof(struct author_row, entry_count)},
};
static const struct shape author_shape = IN_ORDER(author_row, author_fields,
    "SELECT id, name, email, key, first_ms, last_ms, entry_count FROM author ORDER BY id");
DEFINE_REVIEW_LIST(author_row, authors, author_shape)

static const struct field checklist_fields[] = {
    {FIELD_TEXT, offsetof(struct checklist_row, id)},
    {FIELD_TEXT, offsetof(struct checklist_row, title)},
    {FIELD_TEXT, offsetof(struct checklist_row, version)},
    {FIELD_DIGEST, offsetof(struct checklist_row, digest)},
    {FIELD_DIGEST, offsetof(struct checklist_row, blob)},
};
static const struct shape checklist_shape = IN_ORDER(checklist_row, checklist_fields,
    "WITH " CHECKLISTS " SELECT c.id, c.title, c.version, c.digest, c.blob"
    " FROM checklists AS l JOIN checklist AS c ON c.author = l.author AND c.seq = l.seq"
    " ORDER BY l.place");
DEFINE_REVIEW_LIST(checklist_row, checklists, checklist_shape)

static const struct field area_fields[] = {
    {FIELD_TEXT, offsetof(struct area_row, checklist)},
    {FIELD_TEXT, offsetof(struct area_row, id)},
    {FIELD_TEXT, offsetof(struct area_row, title)},
};
static const struct shape area_shape = IN_ORDER(area_row, area_fields,
    "WITH " CHECKLISTS " SELECT c.id, d.id, d.title"
    " FROM checklists AS l JOIN checklist AS c ON c.author = l.author AND c.seq = l.seq"
    " JOIN checklist_area AS d ON d.author = l.author AND d.seq = l.seq"
    " ORDER BY l.place, d.position");
DEFINE_REVIEW_LIST(area_row, areas, area_shape)

static const struct field parameter_fields[] = {
    {FIELD_TEXT, offsetof(struct parameter_row, id)},
    {FIELD_LIST, offsetof(struct parameter_row, values)},
};
static const struct shape parameter_shape = IN_ORDER(parameter_row, parameter_fields,
    "SELECT id, value_list FROM (SELECT x.id AS id, x.value_list AS value_list,"
    " row_number() OVER (PARTITION BY x.id ORDER BY " NEWEST ") AS age" FROM_KIND("parameter")
    " WHERE e.is_retracted = 0) WHERE age = 1 ORDER BY id");
DEFINE_REVIEW_LIST(parameter_row, parameters, parameter_shape)

static const struct field target_fields[] = {
    {FIELD_TEXT, offsetof(struct target_row, name)},
    {FIELD_TEXT, offsetof(struct target_row, spec)},
    {FIELD_TEXT, offsetof(struct target_row, key_type)},
    {FIELD_TEXT, offsetof(struct target_row, key_fingerprint)},
    {FIELD_TEXT, offsetof(struct target_row, key)},
};
static const struct shape target_shape = IN_ORDER(target_row, target_fields,
    "WITH " TARGETS ", " KEYS " SELECT t.name, t.spec, k.type, k.fingerprint, k.key"
    " FROM targets AS t LEFT JOIN keys AS k ON k.target = t.name AND k.age = 1"
    " WHERE t.name BETWEEN :target_low AND :target_high ORDER BY t.place");
DEFINE_REVIEW_LIST(target_row, targets, target_shape)

static const struct field jump_key_fields[] = {
    {FIELD_TEXT, offsetof(struct jump_key_row, host)},
    {FIELD_INT, offsetof(struct jump_key_row, port)},
    {FIELD_TEXT, offsetof(struct jump_key_row, type)},
    {FIELD_TEXT, offsetof(struct jump_key_row, fingerprint)},
    {FIELD_TEXT, offsetof(struct jump_key_row, key)},
};
static const struct shape jump_key_shape = IN_ORDER(jump_key_row, jump_key_fields,
    "SELECT host, port, type, fingerprint, key FROM (SELECT x.host AS host, x.port AS port,"
    " x.type AS type, x.fingerprint AS fingerprint, x.key AS key,"
    " row_number() OVER (PARTITION BY x.host, x.port ORDER BY " NEWEST ") AS age"
    FROM_KIND("hostkey") " WHERE e.is_retracted = 0 AND x.how = 'jump-host') WHERE age = 1"
    " ORDER BY host, port");
DEFINE_REVIEW_LIST(jump_key_row, jump_keys, jump_key_shape)

static const struct field consent_fields[] = {
    {FIELD_TEXT, offsetof(struct consent_row, target)},
    {FIELD_TEXT, offsetof(struct consent_row, class)},
    {FIELD_DIGEST, offsetof(struct consent_row, digest)},
    {FIELD_NUMBER, offsetof(struct consent_row, time_ms)},
};
static const struct shape consent_shape = NEWEST_FIRST(consent_row, consent_fields,
    "SELECT x.target, x.class, x.digest, e.time_ms" FROM_KIND("consent")
    " WHERE e.is_retracted = 0 AND x.target BETWEEN :target_low AND :target_high" ORDER_NEWEST);
DEFINE_REVIEW_LIST(consent_row, consents, consent_shape)

static const struct field item_fields[] = {
    {FIELD_TEXT, offsetof(struct item_row, check)},
    {FIELD_TEXT, offsetof(struct item_row, target)},
    {FIELD_TEXT, offsetof(struct item_row, title)},
    {FIELD_TEXT, offsetof(struct item_row, area)},
    {FIELD_TEXT, offsetof(struct item_row, severity)},
    {FIELD_TEXT, offsetof(struct item_row, suggestion)},
    {FIELD_TEXT, offsetof(struct item_row, suggestion_reason)},
    {FIELD_TEXT, offsetof(struct item_row, suggestion_lines)},
    {FIELD_TEXT, offsetof(struct item_row, run)},
    {FIELD_NUMBER, offsetof(struct item_row, suggested_ms)},
    {FIELD_TEXT, offsetof(struct item_row, verdict)},
    {FIELD_TEXT, offsetof(struct item_row, note)},
    {FIELD_TEXT, offsetof(struct item_row, because)},
    {FIELD_TEXT, offsetof(struct item_row, decided_by)},
    {FIELD_NUMBER, offsetof(struct item_row, decided_ms)},
    {FIELD_ENTRY, offsetof(struct item_row, decision)},
    {FIELD_TEXT, offsetof(struct item_row, suggestion_then)},
    {FIELD_BOOL, offsetof(struct item_row, is_stale)},
    {FIELD_NUMBER, offsetof(struct item_row, evidence_count)},
    {FIELD_NUMBER, offsetof(struct item_row, comment_count)},
    {FIELD_NUMBER, offsetof(struct item_row, answer_count)},
    {FIELD_NUMBER, offsetof(struct item_row, attachment_count)},
};
static const struct shape item_shape = IN_ORDER(item_row, item_fields,
    "WITH " CHECKLISTS ", " CHECKS ", " TARGETS
    " SELECT c.id, t.name, c.title, c.area, c.severity, s.suggestion, s.reason, s.line_list, s.run,"
    " se.time_ms, i.verdict, d.note, d.because, " AUTHOR_NAME ", e.time_ms, d.author, d.seq,"
    " d.suggestion, i.is_stale, i.evidence_count, i.comment_count, i.answer_count,"
    " i.attachment_count"
    " FROM checks AS c CROSS JOIN targets AS t"
    " LEFT JOIN item AS i ON i.check_id = c.id AND i.target = t.name"
    " LEFT JOIN suggestion AS s ON s.check_id = c.id AND s.target = t.name"
    " AND s.author = i.suggestion_author AND s.seq = i.suggestion_seq"
    " LEFT JOIN event AS se ON se.author = s.author AND se.seq = s.seq"
    " LEFT JOIN decision AS d ON d.check_id = c.id AND d.target = t.name"
    " AND d.author = i.decision_author AND d.seq = i.decision_seq"
    " LEFT JOIN event AS e ON e.author = d.author AND e.seq = d.seq"
    " LEFT JOIN author AS a ON a.id = d.author"
    " WHERE c.id BETWEEN :check_low AND :check_high AND t.name BETWEEN :target_low AND :target_high"
    " ORDER BY c.place, c.position, t.place");
DEFINE_REVIEW_LIST(item_row, items, item_shape)
