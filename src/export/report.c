/* SPDX-License-Identifier: Apache-2.0 */
#include "export/report.h"

#include "base/clock.h"
#include "build.h"
#include "excerpt.h"
#include "flow/recorded.h"

enum { MAX_ATTEMPTS = 5 };

static const struct {
    const char *id, *word, *symbol;
} standings[] = {
#define X(name, id, word, symbol) {id, word, symbol},
    STANDINGS(X)
#undef X
};

static const struct {
    const char *id, *heading;
} gaps[] = {
#define X(name, id, heading) {id, heading},
    GAPS(X)
#undef X
};

const char *standing_id(enum standing standing)
{
    return standings[standing].id;
}

const char *standing_word(enum standing standing)
{
    return standings[standing].word;
}

const char *standing_symbol(enum standing standing)
{
    return standings[standing].symbol;
}

const char *gap_id(enum gap_kind kind)
{
    return gaps[kind].id;
}

const char *gap_heading(enum gap_kind kind)
{
    return gaps[kind].heading;
}

static void release_item(struct report_item *item)
{
    for (size_t i = 0; i < item->evidence_count; i++) {
        excerpt_release(&item->evidence[i].out);
        excerpt_release(&item->evidence[i].err);
    }
    free(item->evidence);
    free(item->older);
    free(item->decisions);
    free(item->answers);
    free(item->comments);
    free(item->attachments);
}

static void release_derived(struct report *report)
{
    for (size_t i = 0; i < report->item_count; i++)
        release_item(&report->items[i]);
    free(report->items);
    free(report->areas);
    flow_matrix_release(&report->flows);
    flow_map_release(&report->map);
    free(report->findings);
    for (size_t i = 0; i < report->gap_count; i++)
        free(report->gaps[i].text);
    free(report->gaps);
    for (size_t i = 0; i < report->signoff_count; i++)
        free(report->signoffs[i].statement);
    free(report->signoffs);
    free(report->loose.answers);
    free(report->loose.comments);
    free(report->loose.attachments);
    free(report->loose.decisions);
    free(report->loose.evidence);
}

static void release_rows(struct report *report)
{
    review_info_release(&report->info);
    checklist_row_list_release(&report->checklists);
    area_row_list_release(&report->area_rows);
    for (size_t i = 0; report->ways != NULL && i < report->targets.count; i++)
        way_release(&report->ways[i]);
    free(report->ways);
    target_row_list_release(&report->targets);
    jump_key_row_list_release(&report->jump_keys);
    author_row_list_release(&report->authors);
    parameter_row_list_release(&report->parameters);
    item_row_list_release(&report->rows);
    evidence_row_list_release(&report->evidence);
    decision_row_list_release(&report->decisions);
    answer_row_list_release(&report->answers);
    comment_row_list_release(&report->comments);
    attachment_row_list_release(&report->attachments);
    exception_row_list_release(&report->exceptions);
    flow_line_list_release(&report->flow_lines);
    flow_measure_list_release(&report->flow_measures);
    finding_row_list_release(&report->noticed);
    run_row_list_release(&report->runs);
    signoff_row_list_release(&report->signoff_rows);
    event_row_list_release(&report->events);
    for (size_t i = 0; i < report->access_count; i++)
        access_matrix_release(&report->access[i]);
    free(report->access);
    manifest_release(&report->state);
}

void report_free(struct report *report)
{
    if (report == NULL)
        return;
    release_derived(report);
    release_rows(report);
    free(report->tool);
    free(report);
}

static bool asks_for_access(const struct report *report, const char *target)
{
    for (size_t i = 0; i < report->rows.count; i++)
        if (strcmp(report->rows.items[i].check, ACCESS_CHECK) == 0 &&
            strcmp(report->rows.items[i].target, target) == 0)
            return true;
    return false;
}

static bool read_access(struct review *review, struct report *report, struct error *error)
{
    for (size_t i = 0; i < report->targets.count; i++) {
        const char *target = report->targets.items[i].name;
        struct access_matrix matrix;
        if (!access_read(review, target, &matrix, error))
            return false;
        if (matrix.count > 0 || asks_for_access(report, target))
            *array_push(report->access, report->access_count) = matrix;
        else
            access_matrix_release(&matrix);
    }
    return true;
}

static bool read_ways(struct review *review, struct report *report, struct error *error)
{
    bool ok = true;
    report->ways = memory_new(report->targets.count, sizeof(*report->ways));
    for (size_t i = 0; ok && i < report->targets.count; i++)
        ok = way_read(review, report->targets.items[i].name, NULL, &report->ways[i], error);
    return ok;
}

static bool read_rows(struct review *review, struct report *report, struct error *error)
{
    static const struct review_filter all = {0};
    return review_query_info(review, &report->info, error) &&
           review_query_checklists(review, &all, &report->checklists, error) &&
           review_query_areas(review, &all, &report->area_rows, error) &&
           review_query_targets(review, &all, &report->targets, error) &&
           read_ways(review, report, error) &&
           review_query_jump_keys(review, &all, &report->jump_keys, error) &&
           review_query_authors(review, &all, &report->authors, error) &&
           review_query_parameters(review, &all, &report->parameters, error) &&
           review_query_items(review, &all, &report->rows, error) &&
           review_query_evidence(review, &all, &report->evidence, error) &&
           review_query_decisions(review, &all, &report->decisions, error) &&
           review_query_answers(review, &all, &report->answers, error) &&
           review_query_comments(review, &all, &report->comments, error) &&
           review_query_attachments(review, &all, &report->attachments, error) &&
           review_query_exceptions(review, &all, &report->exceptions, error) &&
           review_flows(review, &report->flow_lines, &report->flow_measures, error) &&
           review_query_findings(review, &all, &report->noticed, error) &&
           review_query_runs(review, &all, &report->runs, error) &&
           review_query_signoffs(review, &all, &report->signoff_rows, error) &&
           review_query_events(review, &all, &report->events, error) &&
           review_build_manifest(review, NULL, &report->state, error) &&
           read_access(review, report, error);
}

/* Another process may write between two queries; a report is of one state or it is none. */
static bool read_one_state(struct review *review, struct report *report, struct error *error)
{
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        int64_t before = review_change_count(review);
        if (!read_rows(review, report, error))
            return false;
        if (review_change_count(review) == before)
            return true;
        release_rows(report);
        *report = (struct report){0};
    }
    error_set(error, ERROR_CONFLICT, "the review changes faster than it can be read");
    return error_hint(error, "wait until the probes that run have ended");
}

static void build_signoffs(struct report *report)
{
    for (size_t i = 0; i < report->signoff_rows.count; i++) {
        const struct signoff_row *row = &report->signoff_rows.items[i];
        struct report_signoff *signoff = array_push(report->signoffs, report->signoff_count);
        struct manifest manifest = {0};
        signoff->row = row;
        if (manifest_read(row->manifest, strlen(row->manifest), &manifest, NULL)) {
            signoff->statement = take(&manifest.statement);
            manifest_release(&manifest);
        }
        if (signoff->statement == NULL)
            signoff->statement = memory_copy_text("");
    }
}

bool report_build(struct review *review, const struct checklist *const *checklists,
                  size_t checklist_count, struct report **ret_report, struct error *error)
{
    AUTO(report) struct report *report = memory_new(1, sizeof(*report));
    if (!read_one_state(review, report, error))
        return error_prefix(error, "cannot read the review");
    report->tool = memory_copy_text(PACKAGE_STRING);
    report->made_ms = clock_wall_ms();
    report->head = report->state.merkle_root;
    build_items(report, checklists, checklist_count);
    build_links(report);
    if (!build_excerpts(review, report, error) ||
        !flow_matrix_make(&report->flow_lines, &report->flow_measures, &report->flows, error) ||
        !review_flow_map(review, &report->flow_lines, &report->map, error))
        return false;
    build_signoffs(report);
    build_summary(report);
    *ret_report = take(&report);
    return true;
}
