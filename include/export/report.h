/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A review as a report: everything that the formats tell, gathered once from the review's
 * projections and its checklists. Plain data. All text may be hostile; each format escapes it in
 * its own way (export/escape.h).
 */
#ifndef EXPORT_REPORT_H
#define EXPORT_REPORT_H

#include "checklist/checklist.h"
#include "review/query.h"

#define REPORT_EXCERPT_LINES 40 /* most lines of evidence that a report quotes a probe */

/* A quoted line of evidence. */
struct report_line {
    size_t number;  /* from 1 */
    char *text;     /* raw bytes, NUL-terminated; embedded NULs are U+FFFD already */
    bool is_marked; /* led to the suggestion */
    bool is_bad;
};

struct report_evidence {
    const struct evidence_row *row;
    struct report_line *lines; /* the excerpt of stdout: around the marked lines, else the first */
    size_t line_count;
    size_t total_lines;
    char *error_excerpt; /* the first 2 KiB of stderr */
};

struct report_item {
    const struct item_row *row;
    const struct check *check;        /* NULL when no checklist at hand knows it */
    struct report_evidence *evidence; /* latest of each probe */
    size_t evidence_count;
    const struct answer_row **answers;
    size_t answer_count;
    const struct comment_row **comments;
    size_t comment_count;
    const struct attachment_row **attachments;
    size_t attachment_count;
};

struct report_area {
    const char *id, *title;
    struct report_item *items; /* borrowed: a run of the report's items */
    size_t item_count;
    size_t pass, fail, not_applicable, open, blocked;
};

struct report {
    struct review_info info;
    struct checklist_row_list checklists;
    struct target_row_list targets;
    struct author_row_list authors;
    struct parameter_row_list parameters;
    struct item_row_list rows;
    struct evidence_row_list evidence;
    struct decision_row_list decisions;
    struct answer_row_list answers;
    struct comment_row_list comments;
    struct attachment_row_list attachments;
    struct run_row_list runs;
    struct signoff_row_list signoffs;
    struct event_row_list events;
    struct report_area *areas;
    size_t area_count;
    struct report_item *items;
    size_t item_count;
    struct digest head; /* Merkle root over all entries: names exactly this state */
    int64_t made_ms;
};

void report_free(struct report *report);
DEFINE_AUTO(report, report_free)
/* CHECKLISTS: those of the review, in any order; what they do not know is told by the ledger alone.
 */
bool report_build(struct review *review, const struct checklist *const *checklists,
                  size_t checklist_count, struct report **ret_report, struct error *error) MUST_USE;

#endif
