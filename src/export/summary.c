/* SPDX-License-Identifier: Apache-2.0 */
#include "build.h"

static void count_item(struct report_counts *counts, const struct report_item *item)
{
    counts->items++;
    counts->by_standing[item->standing]++;
    counts->against_suggestion += item->is_against;
    counts->accepted += item->is_accepted;
}

static int compare_findings(const void *a, const void *b)
{
    const struct report_item *first = *(const struct report_item *const *)a;
    const struct report_item *second = *(const struct report_item *const *)b;
    if (first->is_accepted != second->is_accepted)
        return first->is_accepted ? 1 : -1;
    /* An unrated one comes last. */
    size_t first_rank = first->severity == REPORT_UNRATED ? 0 : first->severity + 1;
    size_t second_rank = second->severity == REPORT_UNRATED ? 0 : second->severity + 1;
    if (first_rank != second_rank)
        return first_rank > second_rank ? -1 : 1;
    return (first->number > second->number) - (first->number < second->number);
}

static void add_gap(struct report *report, enum gap_kind kind, const struct report_item *item,
                    char *text)
{
    struct report_gap *gap = array_push(report->gaps, report->gap_count);
    gap->kind = kind;
    gap->item = item;
    gap->text = text;
}

static void add_reason(struct report *report, enum gap_kind kind, const struct report_item *item)
{
    add_gap(report, kind, item, memory_copy_text(item->row->suggestion_reason));
}

/* An interview has nothing to run. */
static bool could_run(const struct report_item *item)
{
    return item->check == NULL || item->check->probe_count > 0;
}

static void find_undecided(struct report *report, const struct report_item *item)
{
    const struct item_row *row = item->row;
    if (item->standing == STANDING_DISPUTED)
        add_reason(report, GAP_DISPUTED, item);
    else if (item->standing == STANDING_BLOCKED)
        add_reason(report, GAP_BLOCKED, item);
    else if (item->standing != STANDING_OPEN)
        return;
    else if (strcmp(row->suggestion, "fail") == 0)
        add_reason(report, GAP_SUGGESTED_FAIL, item);
    else if (row->evidence_count == 0 && could_run(item))
        add_gap(report, GAP_NOT_RUN, item, memory_copy_text(""));
    else
        add_reason(report, GAP_OPEN, item);
}

static bool is_answered(const struct report_item *item, const char *question)
{
    for (size_t i = 0; i < item->answer_count; i++)
        if (strcmp(item->answers[i]->question, question) == 0 && *item->answers[i]->value != '\0')
            return true;
    return false;
}

static void find_unanswered(struct report *report, const struct report_item *item)
{
    if (item->check == NULL || item->standing == STANDING_NOT_APPLICABLE)
        return;
    for (size_t i = 0; i < item->check->question_count; i++)
        if (!is_answered(item, item->check->questions[i].id))
            add_gap(report, GAP_UNANSWERED, item, memory_copy_text(item->check->questions[i].text));
}

/* A verdict that rests on nothing that a third party could look at. */
static bool is_unsupported(const struct report_item *item)
{
    if (item->standing != STANDING_PASS && item->standing != STANDING_NOT_APPLICABLE)
        return false;
    if (item->answer_count > 0 || item->attachment_count > 0)
        return false;
    return item->evidence_count == 0 || strcmp(item->row->suggestion, "blocked") == 0;
}

static void find_evidence_gaps(struct report *report, const struct report_item *item)
{
    bool is_decided = item->standing == STANDING_PASS || item->standing == STANDING_FAIL ||
                      item->standing == STANDING_NOT_APPLICABLE;
    for (size_t i = 0; i < item->evidence_count; i++) {
        const struct report_evidence *evidence = &item->evidence[i];
        const struct evidence_row *row = evidence->row;
        if (is_decided && strcmp(row->outcome, "done") != 0)
            add_gap(report, GAP_INCOMPLETE, item,
                    memory_format("probe %s: %s%s%s", row->probe, row->outcome,
                                  *row->detail != '\0' ? ": " : "", row->detail));
        if (evidence->out.state == EXCERPT_GONE || evidence->err.state == EXCERPT_GONE)
            add_gap(report, GAP_GONE, item, memory_format("probe %s", row->probe));
        if (evidence->out.state == EXCERPT_LEFT_OUT || evidence->err.state == EXCERPT_LEFT_OUT)
            add_gap(report, GAP_LEFT_OUT, item, memory_format("probe %s", row->probe));
    }
}

static void find_item_gaps(struct report *report, const struct report_item *item)
{
    find_undecided(report, item);
    if (item->row->is_stale && item->standing != STANDING_DISPUTED)
        add_reason(report, GAP_STALE, item);
    find_unanswered(report, item);
    if (item->exception != NULL &&
        exception_standing(item->exception, report->made_ms) == EXCEPTION_EXPIRED)
        add_gap(report, GAP_EXPIRED, item,
                memory_format("accepted until %s by %s", item->exception->until,
                              item->exception->approver));
    if (is_unsupported(item))
        add_gap(report, GAP_UNSUPPORTED, item, memory_copy_text(""));
    find_evidence_gaps(report, item);
    if (item->check == NULL)
        add_gap(report, GAP_UNKNOWN_CHECK, item, memory_copy_text(""));
}

static const struct run_row *find_newest_run(const struct report *report, const char *target)
{
    const struct run_row *newest = NULL;
    for (size_t i = 0; i < report->runs.count; i++) {
        const struct run_row *run = &report->runs.items[i];
        if (strcmp(run->target, target) == 0 &&
            (newest == NULL || run->started_ms >= newest->started_ms))
            newest = run;
    }
    return newest;
}

static void find_run_gaps(struct report *report)
{
    for (size_t i = 0; i < report->targets.count; i++) {
        const char *target = report->targets.items[i].name;
        const struct run_row *run = find_newest_run(report, target);
        if (run != NULL && strcmp(run->state, "finished") != 0)
            add_gap(report, GAP_RUN, NULL,
                    memory_format("%s: %s%s%s", target, run->state,
                                  *run->detail != '\0' ? ": " : "", run->detail));
    }
}

static void find_area_gaps(struct report *report)
{
    for (size_t i = 0; i < FIXED_AREAS; i++) {
        size_t j = 0;
        while (j < report->area_count && strcmp(report->areas[j].id, fixed_areas[i].id) != 0)
            j++;
        if (j == report->area_count)
            add_gap(report, GAP_AREA, NULL, memory_copy_text(fixed_areas[i].title));
    }
}

static void find_signoff_gaps(struct report *report)
{
    if (report->signoff_count == 0) {
        add_gap(report, GAP_SIGNOFF, NULL, memory_copy_text("Nobody has signed this review off."));
        return;
    }
    const struct signoff_row *newest = report->signoffs[report->signoff_count - 1].row;
    if (newest->entries_since > 0)
        add_gap(report, GAP_SIGNOFF, NULL,
                memory_format("%lld %s added after the newest sign-off.",
                              (long long)newest->entries_since,
                              newest->entries_since == 1 ? "entry was" : "entries were"));
}

/* By kind, the order in a kind kept. */
static void sort_gaps(struct report *report)
{
    struct report_gap *sorted = memory_new(report->gap_count, sizeof(*sorted));
    size_t count = 0;
    for (int kind = 0; kind < GAP_COUNT; kind++)
        for (size_t i = 0; i < report->gap_count; i++)
            if ((int)report->gaps[i].kind == kind)
                sorted[count++] = report->gaps[i];
    free(report->gaps);
    report->gaps = sorted;
}

void build_summary(struct report *report)
{
    for (size_t i = 0; i < report->item_count; i++) {
        struct report_item *item = &report->items[i];
        count_item(&report->counts, item);
        count_item(&report->severities[item->severity], item);
        if (item->standing == STANDING_FAIL)
            *array_push(report->findings, report->finding_count) = item;
        find_item_gaps(report, item);
    }
    for (size_t i = 0; i < report->area_count; i++)
        for (size_t j = 0; j < report->areas[i].item_count; j++)
            count_item(&report->areas[i].counts, &report->areas[i].items[j]);
    find_run_gaps(report);
    find_area_gaps(report);
    find_signoff_gaps(report);
    if (report->finding_count > 0)
        qsort(report->findings, report->finding_count, sizeof(*report->findings), compare_findings);
    sort_gaps(report);
}
