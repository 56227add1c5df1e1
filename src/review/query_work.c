/* SPDX-License-Identifier: Apache-2.0 */
/* What was done: evidence, decisions, answers, comments, attachments, runs, the timeline. */
#include "handle.h"
#include "rows.h"

/* clang-format off */

static const struct field evidence_fields[] = {
    {FIELD_ENTRY, offsetof(struct evidence_row, id)},
    {FIELD_TEXT, offsetof(struct evidence_row, run)},
    {FIELD_TEXT, offsetof(struct evidence_row, check)},
    {FIELD_TEXT, offsetof(struct evidence_row, target)},
    {FIELD_TEXT, offsetof(struct evidence_row, probe)},
    {FIELD_TEXT, offsetof(struct evidence_row, command)},
    {FIELD_BOOL, offsetof(struct evidence_row, as_root)},
    {FIELD_TEXT, offsetof(struct evidence_row, outcome)},
    {FIELD_TEXT, offsetof(struct evidence_row, detail)},
    {FIELD_INT, offsetof(struct evidence_row, exit_status)},
    {FIELD_NUMBER, offsetof(struct evidence_row, started_ms)},
    {FIELD_NUMBER, offsetof(struct evidence_row, duration_ms)},
    {FIELD_DIGEST, offsetof(struct evidence_row, out_blob)},
    {FIELD_DIGEST, offsetof(struct evidence_row, err_blob)},
    {FIELD_NUMBER, offsetof(struct evidence_row, out_bytes)},
    {FIELD_NUMBER, offsetof(struct evidence_row, err_bytes)},
    {FIELD_NUMBER, offsetof(struct evidence_row, noise_bytes)},
    {FIELD_TEXT, offsetof(struct evidence_row, author)},
    {FIELD_TEXT, offsetof(struct evidence_row, masked)},
    {FIELD_TEXT, offsetof(struct evidence_row, from)},
    {FIELD_BOOL, offsetof(struct evidence_row, is_redacted)},
};
static const struct shape evidence_shape = NEWEST_FIRST(evidence_row, evidence_fields,
    "SELECT x.author, x.seq, x.run, x.check_id, x.target, x.probe, x.command, x.as_root,"
    " x.outcome, x.detail, x.exit_status, x.started_ms, x.duration_ms, x.out_blob, x.err_blob,"
    " x.out_size, x.err_size, x.noise, " AUTHOR_NAME ", x.masked, x.vantage,"
    " (SELECT count(*) FROM redaction AS r WHERE r.blob = x.out_blob OR r.blob = x.err_blob) > 0"
    FROM_KIND("evidence") WHERE_ITEM ORDER_NEWEST);

static const struct field decision_fields[] = {
    {FIELD_ENTRY, offsetof(struct decision_row, id)},
    {FIELD_TEXT, offsetof(struct decision_row, check)},
    {FIELD_TEXT, offsetof(struct decision_row, target)},
    {FIELD_TEXT, offsetof(struct decision_row, verdict)},
    {FIELD_TEXT, offsetof(struct decision_row, note)},
    {FIELD_TEXT, offsetof(struct decision_row, because)},
    {FIELD_TEXT, offsetof(struct decision_row, suggestion)},
    {FIELD_TEXT, offsetof(struct decision_row, author)},
    {FIELD_NUMBER, offsetof(struct decision_row, time_ms)},
    {FIELD_BOOL, offsetof(struct decision_row, is_retracted)},
    {FIELD_BOOL, offsetof(struct decision_row, is_superseded)},
};
static const struct shape decision_shape = NEWEST_FIRST(decision_row, decision_fields,
    "SELECT x.author, x.seq, x.check_id, x.target, x.verdict, x.note, x.because, x.suggestion, "
    AUTHOR_NAME ", e.time_ms, e.is_retracted, x.is_superseded"
    FROM_KIND("decision") WHERE_ITEM ORDER_NEWEST);
DEFINE_REVIEW_LIST(decision_row, decisions, decision_shape)

static const struct field answer_fields[] = {
    {FIELD_ENTRY, offsetof(struct answer_row, id)},
    {FIELD_TEXT, offsetof(struct answer_row, check)},
    {FIELD_TEXT, offsetof(struct answer_row, target)},
    {FIELD_TEXT, offsetof(struct answer_row, question)},
    {FIELD_TEXT, offsetof(struct answer_row, value)},
    {FIELD_TEXT, offsetof(struct answer_row, author)},
    {FIELD_NUMBER, offsetof(struct answer_row, time_ms)},
};
static const struct shape answer_shape = NEWEST_FIRST(answer_row, answer_fields,
    "SELECT author, seq, check_id, target, question, value, name, time_ms FROM ("
    "SELECT x.author AS author, x.seq AS seq, x.check_id AS check_id, x.target AS target,"
    " x.question AS question, x.value AS value, " AUTHOR_NAME " AS name, e.time_ms AS time_ms,"
    " e.clock AS clock, row_number() OVER (PARTITION BY x.check_id, x.target, x.question"
    " ORDER BY " NEWEST ") AS age" FROM_KIND("answer") WHERE_ITEM " AND e.is_retracted = 0)"
    " WHERE age = 1 ORDER BY clock DESC, author DESC, seq DESC LIMIT :limit");
DEFINE_REVIEW_LIST(answer_row, answers, answer_shape)

static const struct field comment_fields[] = {
    {FIELD_ENTRY, offsetof(struct comment_row, id)},
    {FIELD_TEXT, offsetof(struct comment_row, check)},
    {FIELD_TEXT, offsetof(struct comment_row, target)},
    {FIELD_TEXT, offsetof(struct comment_row, text)},
    {FIELD_TEXT, offsetof(struct comment_row, author)},
    {FIELD_NUMBER, offsetof(struct comment_row, time_ms)},
};
static const struct shape comment_shape = NEWEST_FIRST(comment_row, comment_fields,
    "SELECT x.author, x.seq, x.check_id, x.target, x.text, " AUTHOR_NAME ", e.time_ms"
    FROM_KIND("comment") WHERE_ITEM " AND e.is_retracted = 0" ORDER_NEWEST);
DEFINE_REVIEW_LIST(comment_row, comments, comment_shape)

static const struct field attachment_fields[] = {
    {FIELD_ENTRY, offsetof(struct attachment_row, id)},
    {FIELD_TEXT, offsetof(struct attachment_row, check)},
    {FIELD_TEXT, offsetof(struct attachment_row, target)},
    {FIELD_TEXT, offsetof(struct attachment_row, name)},
    {FIELD_TEXT, offsetof(struct attachment_row, author)},
    {FIELD_DIGEST, offsetof(struct attachment_row, blob)},
    {FIELD_DIGEST, offsetof(struct attachment_row, digest)},
    {FIELD_NUMBER, offsetof(struct attachment_row, size_bytes)},
    {FIELD_NUMBER, offsetof(struct attachment_row, time_ms)},
};
static const struct shape attachment_shape = NEWEST_FIRST(attachment_row, attachment_fields,
    "SELECT x.author, x.seq, x.check_id, x.target, x.name, " AUTHOR_NAME ", x.blob, x.digest,"
    " x.size, e.time_ms"
    FROM_KIND("attachment") WHERE_ITEM " AND e.is_retracted = 0" ORDER_NEWEST);
DEFINE_REVIEW_LIST(attachment_row, attachments, attachment_shape)

static const struct field run_fields[] = {
    {FIELD_TEXT, offsetof(struct run_row, run)},
    {FIELD_TEXT, offsetof(struct run_row, target)},
    {FIELD_TEXT, offsetof(struct run_row, state)},
    {FIELD_TEXT, offsetof(struct run_row, author)},
    {FIELD_TEXT, offsetof(struct run_row, detail)},
    {FIELD_NUMBER, offsetof(struct run_row, started_ms)},
    {FIELD_NUMBER, offsetof(struct run_row, ended_ms)},
    {FIELD_NUMBER, offsetof(struct run_row, probe_count)},
    {FIELD_NUMBER, offsetof(struct run_row, evidence_count)},
};
/* The entries of one run on one target: the first says when it began, the newest how it goes. */
static const struct shape run_shape = NEWEST_FIRST(run_row, run_fields,
    "WITH steps AS (SELECT x.run AS run, x.target AS target, x.state AS state,"
    " x.detail AS detail, e.time_ms AS time_ms, " AUTHOR_NAME " AS name,"
    " row_number() OVER (ORDER BY " OLDEST ") AS arrival" FROM_KIND("run")
    " WHERE x.target BETWEEN :target_low AND :target_high),"
    " ranked AS (SELECT run, target, state, detail, time_ms, name,"
    " min(arrival) OVER (PARTITION BY run, target) AS first,"
    " row_number() OVER (PARTITION BY run, target ORDER BY arrival DESC) AS age,"
    " arrival FROM steps),"
    " probes AS (SELECT run, target, max(probes) AS count FROM run GROUP BY run, target),"
    " records AS (SELECT run, target, count(*) AS count FROM evidence GROUP BY run, target)"
    " SELECT n.run, n.target, n.state, f.name, n.detail, f.time_ms,"
    " CASE n.state WHEN 'started' THEN 0 ELSE n.time_ms END, p.count, r.count"
    " FROM ranked AS n JOIN ranked AS f ON f.arrival = n.first"
    " JOIN probes AS p ON p.run = n.run AND p.target = n.target"
    " LEFT JOIN records AS r ON r.run = n.run AND r.target = n.target"
    " WHERE n.age = 1 ORDER BY n.first DESC LIMIT :limit");
DEFINE_REVIEW_LIST(run_row, runs, run_shape)

static const struct field event_fields[] = {
    {FIELD_ENTRY, offsetof(struct event_row, id)},
    {FIELD_NUMBER, offsetof(struct event_row, clock)},
    {FIELD_NUMBER, offsetof(struct event_row, time_ms)},
    {FIELD_TEXT, offsetof(struct event_row, kind)},
    {FIELD_TEXT, offsetof(struct event_row, author)},
    {FIELD_TEXT, offsetof(struct event_row, check)},
    {FIELD_TEXT, offsetof(struct event_row, target)},
    {FIELD_TEXT, offsetof(struct event_row, summary)},
    {FIELD_BOOL, offsetof(struct event_row, is_retracted)},
    {FIELD_DIGEST, offsetof(struct event_row, hash)},
    {FIELD_ENTRY, offsetof(struct event_row, retracts)},
};
static const struct shape event_shape = NEWEST_FIRST(event_row, event_fields,
    "SELECT e.author, e.seq, e.clock, e.time_ms, e.kind, " AUTHOR_NAME ", e.check_id, e.target,"
    " e.summary, e.is_retracted, x.hash, r.entry_author, r.entry_seq" FROM_KIND("entry")
    " LEFT JOIN retraction AS r ON r.author = x.author AND r.seq = x.seq"
    " WHERE e.check_id BETWEEN :check_low AND :check_high"
    " AND e.target BETWEEN :target_low AND :target_high"
    " ORDER BY x.clock DESC, x.author DESC, x.seq DESC LIMIT :limit");
DEFINE_REVIEW_LIST(event_row, events, event_shape)
/* clang-format on */

/* --- the latest evidence --- */

void evidence_row_list_release(struct evidence_row_list *list)
{
    struct rows rows = {.items = list->items, .count = list->count};
    rows_release(&evidence_shape, &rows);
    *list = (struct evidence_row_list){0};
}

/* By check, target and probe; of those the later ones, which stand later in the list, first. */
static int compare_probes(const void *a, const void *b)
{
    const struct evidence_row *left = *(struct evidence_row *const *)a;
    const struct evidence_row *right = *(struct evidence_row *const *)b;
    int order = strcmp(left->check, right->check);
    if (order == 0)
        order = strcmp(left->target, right->target);
    if (order == 0)
        order = strcmp(left->probe, right->probe);
    return order != 0 ? order : (left < right) - (left > right);
}

static bool is_same_probe(const struct evidence_row *a, const struct evidence_row *b)
{
    return strcmp(a->probe, b->probe) == 0 && strcmp(a->check, b->check) == 0 &&
           strcmp(a->target, b->target) == 0;
}

static void mark_latest(struct evidence_row_list *list)
{
    AUTO_FREE struct evidence_row **sorted = memory_new(list->count, sizeof(*sorted));
    for (size_t i = 0; i < list->count; i++)
        sorted[i] = &list->items[i];
    if (list->count > 1)
        qsort(sorted, list->count, sizeof(*sorted), compare_probes);
    for (size_t i = 0; i < list->count; i++)
        sorted[i]->is_latest = i == 0 || !is_same_probe(sorted[i - 1], sorted[i]);
}

bool review_query_evidence(struct review *review, const struct review_filter *filter,
                           struct evidence_row_list *ret_list, struct error *error)
{
    struct rows rows;
    if (!rows_query(review->view, &evidence_shape, filter, &rows, error))
        return false;
    *ret_list = (struct evidence_row_list){.items = rows.items, .count = rows.count};
    mark_latest(ret_list);
    return true;
}
