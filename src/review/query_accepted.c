/* SPDX-License-Identifier: Apache-2.0 */
/* What was written up, accepted and taken out: findings, exceptions, redactions,
 * words on accounts. The entry that
 * made one names it; each later entry that names that one in "of" replaces what was said. */
#include "handle.h"
#include "rows.h"

/* The rows of a table, each with the entry that made what it speaks of, and how old it is. */
/* clang-format off */
#define VERSIONS(table)                                                                            \
    "versions AS (SELECT x.*, e.time_ms AS time_ms, e.clock AS clock, " AUTHOR_NAME " AS name,"    \
    " CASE x.of_seq WHEN 0 THEN x.author ELSE x.of_author END AS made_author,"                     \
    " CASE x.of_seq WHEN 0 THEN x.seq ELSE x.of_seq END AS made_seq"                               \
    FROM_KIND(table) " WHERE e.is_retracted = 0),"                                                 \
    " ranked AS (SELECT *, row_number() OVER (PARTITION BY made_author, made_seq"                  \
    " ORDER BY clock DESC, author DESC, seq DESC) AS age FROM versions)"
#define FROM_NEWEST                                                                                \
    " FROM ranked AS n JOIN versions AS m ON m.author = n.made_author AND m.seq = n.made_seq"      \
    " AND m.of_seq = 0 WHERE n.age = 1"                                                            \
    " AND n.check_id BETWEEN :check_low AND :check_high ORDER BY m.clock, m.author, m.seq"

static const struct field exception_fields[] = {
    {FIELD_ENTRY, offsetof(struct exception_row, id)},
    {FIELD_TEXT, offsetof(struct exception_row, state)},
    {FIELD_TEXT, offsetof(struct exception_row, check)},
    {FIELD_TEXT, offsetof(struct exception_row, target)},
    {FIELD_TEXT, offsetof(struct exception_row, category)},
    {FIELD_TEXT, offsetof(struct exception_row, reason)},
    {FIELD_TEXT, offsetof(struct exception_row, control)},
    {FIELD_TEXT, offsetof(struct exception_row, risk)},
    {FIELD_TEXT, offsetof(struct exception_row, requester)},
    {FIELD_TEXT, offsetof(struct exception_row, approver)},
    {FIELD_TEXT, offsetof(struct exception_row, ticket)},
    {FIELD_TEXT, offsetof(struct exception_row, from)},
    {FIELD_TEXT, offsetof(struct exception_row, until)},
    {FIELD_TEXT, offsetof(struct exception_row, author)},
    {FIELD_NUMBER, offsetof(struct exception_row, time_ms)},
    {FIELD_NUMBER, offsetof(struct exception_row, changed_ms)},
};
static const struct shape exception_shape = IN_ORDER(exception_row, exception_fields,
    "WITH " VERSIONS("exception") " SELECT m.author, m.seq, n.state, n.check_id, n.target,"
    " n.category, n.reason, n.control, n.risk, n.requester, n.approver, n.ticket, n.from_date,"
    " n.until_date, m.name, m.time_ms, n.time_ms" FROM_NEWEST);
DEFINE_REVIEW_LIST(exception_row, exceptions, exception_shape)

static const struct field finding_fields[] = {
    {FIELD_ENTRY, offsetof(struct finding_row, id)},
    {FIELD_TEXT, offsetof(struct finding_row, state)},
    {FIELD_TEXT, offsetof(struct finding_row, check)},
    {FIELD_TEXT, offsetof(struct finding_row, target)},
    {FIELD_TEXT, offsetof(struct finding_row, title)},
    {FIELD_TEXT, offsetof(struct finding_row, severity)},
    {FIELD_TEXT, offsetof(struct finding_row, description)},
    {FIELD_TEXT, offsetof(struct finding_row, recommendation)},
    {FIELD_TEXT, offsetof(struct finding_row, because)},
    {FIELD_TEXT, offsetof(struct finding_row, cvss)},
    {FIELD_TEXT, offsetof(struct finding_row, owner)},
    {FIELD_TEXT, offsetof(struct finding_row, due)},
    {FIELD_TEXT, offsetof(struct finding_row, author)},
    {FIELD_NUMBER, offsetof(struct finding_row, time_ms)},
    {FIELD_NUMBER, offsetof(struct finding_row, changed_ms)},
};
static const struct shape finding_shape = IN_ORDER(finding_row, finding_fields,
    "WITH " VERSIONS("finding") " SELECT m.author, m.seq, n.state, n.check_id, n.target, n.title,"
    " n.severity, n.description, n.recommendation, n.because, n.cvss, n.owner, n.due_date, m.name,"
    " m.time_ms, n.time_ms" FROM_NEWEST);
DEFINE_REVIEW_LIST(finding_row, findings, finding_shape)

static const struct field access_fields[] = {
    {FIELD_ENTRY, offsetof(struct access_row, id)},
    {FIELD_TEXT, offsetof(struct access_row, target)},
    {FIELD_TEXT, offsetof(struct access_row, account)},
    {FIELD_TEXT, offsetof(struct access_row, word)},
    {FIELD_TEXT, offsetof(struct access_row, comment)},
    {FIELD_TEXT, offsetof(struct access_row, facts)},
    {FIELD_LIST, offsetof(struct access_row, supersedes)},
    {FIELD_TEXT, offsetof(struct access_row, author)},
    {FIELD_NUMBER, offsetof(struct access_row, time_ms)},
    {FIELD_BOOL, offsetof(struct access_row, is_retracted)},
};
static const struct shape access_shape = NEWEST_FIRST(access_row, access_fields,
    "SELECT x.author, x.seq, x.target, x.account, x.word, x.comment, x.facts, x.supersedes, "
    AUTHOR_NAME ", e.time_ms, e.is_retracted" FROM_KIND("access")
    " WHERE x.target BETWEEN :target_low AND :target_high" ORDER_NEWEST);
DEFINE_REVIEW_LIST(access_row, access, access_shape)

static const struct field redaction_fields[] = {
    {FIELD_ENTRY, offsetof(struct redaction_row, id)},
    {FIELD_DIGEST, offsetof(struct redaction_row, blob)},
    {FIELD_NUMBER, offsetof(struct redaction_row, size_bytes)},
    {FIELD_TEXT, offsetof(struct redaction_row, why)},
    {FIELD_TEXT, offsetof(struct redaction_row, spans)},
    {FIELD_TEXT, offsetof(struct redaction_row, author)},
    {FIELD_NUMBER, offsetof(struct redaction_row, time_ms)},
};
static const struct shape redaction_shape = NEWEST_FIRST(redaction_row, redaction_fields,
    "SELECT x.author, x.seq, x.blob, x.size, x.why, x.spans, " AUTHOR_NAME ", e.time_ms"
    FROM_KIND("redaction") ORDER_NEWEST);
DEFINE_REVIEW_LIST(redaction_row, redactions, redaction_shape)

static const struct field policy_rule_fields[] = {
    {FIELD_TEXT, offsetof(struct policy_rule_row, topic)},
    {FIELD_TEXT, offsetof(struct policy_rule_row, name)},
    {FIELD_TEXT, offsetof(struct policy_rule_row, value)},
};
static const struct shape policy_rule_shape = IN_ORDER(policy_rule_row, policy_rule_fields,
    "SELECT p.topic, r.name, r.value FROM (SELECT x.author AS author, x.seq AS seq,"
    " x.topic AS topic, row_number() OVER (PARTITION BY x.topic ORDER BY " NEWEST ") AS age"
    FROM_KIND("policy") " WHERE e.is_retracted = 0) AS p"
    " JOIN policy_rule AS r ON r.author = p.author AND r.seq = p.seq WHERE p.age = 1"
    " ORDER BY p.topic, r.position");
DEFINE_REVIEW_LIST(policy_rule_row, policy_rules, policy_rule_shape)
/* clang-format on */
