/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A review as a report: everything that the formats tell, gathered once from the review's
 * projections and its checklists. Plain data. All text may be hostile; each format escapes it in
 * its own way (export/escape.h).
 *
 * A report never claims more than the review says: each item stands in exactly one way (see
 * STANDINGS), and one that nobody decided, that is disputed, or whose verdict newer evidence
 * contradicts is never counted as good.
 */
#ifndef EXPORT_REPORT_H
#define EXPORT_REPORT_H

#include "access/matrix.h"
#include "checklist/checklist.h"
#include "flow/map.h"
#include "flow/matrix.h"
#include "ledger/manifest.h"
#include "review/query.h"
#include "review/way.h"

#define REPORT_EXCERPT_LINES  40   /* most lines that are quoted of a stream with marked lines */
#define REPORT_UNMARKED_LINES 12   /* ... and of one without */
#define REPORT_CONTEXT_LINES  2    /* quoted before and after a marked line, where there is room */
#define REPORT_LINE_BYTES     2000 /* a longer line is cut */
/* Of all streams together: what is read and what is quoted. The rest is counted, not shown. */
#define REPORT_READ_BYTES_MAX   (1024LL * 1024 * 1024)
#define REPORT_QUOTED_BYTES_MAX (64LL * 1024 * 1024)

/* How an item stands. X(name, id, word, symbol), in the order of columns and bars. */
#define STANDINGS(X)                                                                               \
    X(PASS, "pass", "Pass", "\u2713")                               /* decided so */               \
    X(NOT_APPLICABLE, "not-applicable", "Not applicable", "\u2013") /* decided so */               \
    X(FAIL, "fail", "Fail", "\u2717") /* decided so, newer evidence or not */                      \
    X(DISPUTED, "disputed", "Disputed", "\u2260")                                                  \
    X(STALE, "stale", "Stale", "\u21BB") /* decided pass or n/a; newer evidence suggests other */  \
    X(BLOCKED, "blocked", "Blocked", "\u2298") /* undecided; its probes could not look */          \
    X(OPEN, "open", "Open", "\u25CB")          /* undecided */

enum standing {
#define X(name, id, word, symbol) STANDING_##name,
    STANDINGS(X)
#undef X
        STANDING_COUNT
};
const char *standing_id(enum standing standing);
const char *standing_word(enum standing standing);
const char *standing_symbol(enum standing standing);

/* The index of what has none of the five severities. */
enum { REPORT_UNRATED = SEVERITY_CRITICAL + 1, REPORT_SEVERITIES };

/* What a reader should not overlook. X(name, id, heading) */
#define GAPS(X)                                                                                    \
    X(DISPUTED, "disputed", "Disputed: decisions that did not know of each other differ")          \
    X(SUGGESTED_FAIL, "suggested-fail", "Undecided, although the evidence suggests a failure")     \
    X(STALE, "stale", "Stale: newer evidence suggests something else than when it was decided")    \
    X(BLOCKED, "blocked", "Blocked: the probes could not look")                                    \
    X(NOT_RUN, "not-run", "Not run: no evidence was gathered")                                     \
    X(OPEN, "open", "Open: nobody has decided yet")                                                \
    X(UNANSWERED, "unanswered", "Questions without an answer")                                     \
    X(EXPIRED, "expired", "Exceptions that have expired: what they covered counts again")          \
    X(UNSUPPORTED, "unsupported", "Decided without evidence: rests on the reviewer's word")        \
    X(INCOMPLETE, "incomplete", "Decided on evidence that is incomplete")                          \
    X(GONE, "gone", "Evidence whose bytes are not in the review file")                             \
    X(LEFT_OUT, "left-out", "Evidence that is too large to be quoted here")                        \
    X(RUN, "run", "Targets whose newest run did not end well")                                     \
    X(AREA, "area", "Areas that this review does not look at")                                     \
    X(UNKNOWN_CHECK, "unknown-check", "Checks whose checklist is not at hand")                     \
    X(SIGNOFF, "signoff", "Sign-off")

enum gap_kind {
#define X(name, id, heading) GAP_##name,
    GAPS(X)
#undef X
        GAP_COUNT
};
const char *gap_id(enum gap_kind kind);
const char *gap_heading(enum gap_kind kind);

/* A quoted line of evidence. */
struct report_line {
    size_t number;    /* from 1; a step of more than 1 is an omission */
    char *text;       /* raw bytes, NUL-terminated; embedded NULs are U+FFFD already */
    size_t cut_bytes; /* at its end that are left out */
    bool is_marked;   /* led to the suggestion */
    bool is_bad;
};

enum excerpt_state {
    EXCERPT_EMPTY,   /* the stream was empty */
    EXCERPT_QUOTED,  /* lines around the marked ones, else the first */
    EXCERPT_GONE,    /* the bytes are not in the file */
    EXCERPT_LEFT_OUT /* over a limit of the report */
};

struct report_excerpt {
    enum excerpt_state state;
    struct report_line *lines;
    size_t line_count;
    size_t total_lines; /* of the stream */
    size_t marked_count;
};

struct report_evidence {
    const struct evidence_row *row;
    struct report_excerpt out, err;
    bool exit_is_marked, exit_is_bad; /* the exit status led to the suggestion */
};

struct report_item {
    size_t number; /* from 1, in the order of the report */
    const struct item_row *row;
    const struct check *check; /* NULL when no checklist at hand knows it */
    enum standing standing;
    size_t severity;                       /* enum severity or REPORT_UNRATED */
    bool is_against;                       /* decided otherwise than was suggested then */
    const struct exception_row *exception; /* in force, else the one that expired last; or NULL */
    bool is_accepted;                      /* it fails, and an exception in force covers it */
    struct report_evidence *evidence;      /* latest of each probe, in the check's order */
    size_t evidence_count;
    const struct evidence_row **older; /* oldest first */
    size_t older_count;
    const struct decision_row **decisions; /* all, oldest first */
    size_t decision_count;
    const struct answer_row **answers;
    size_t answer_count;
    const struct comment_row **comments;
    size_t comment_count;
    const struct attachment_row **attachments;
    size_t attachment_count;
};

struct report_counts {
    size_t items;
    size_t by_standing[STANDING_COUNT]; /* their sum is items */
    size_t against_suggestion;
    size_t accepted; /* of those that fail */
};

struct report_area {
    const char *id, *title;
    struct report_item *items; /* borrowed: a run of the report's items */
    size_t item_count;
    struct report_counts counts;
};

struct report_gap {
    enum gap_kind kind;
    const struct report_item *item; /* NULL: of the whole review */
    char *text;                     /* "" where the heading says it all */
};

struct report_signoff {
    const struct signoff_row *row;
    char *statement; /* as its manifest says; "" when that cannot be read */
};

/* What belongs to no item: comments on the review itself, records of checks that are no more. */
struct report_loose {
    const struct answer_row **answers;
    size_t answer_count;
    const struct comment_row **comments;
    size_t comment_count;
    const struct attachment_row **attachments;
    size_t attachment_count;
    const struct decision_row **decisions;
    size_t decision_count;
    const struct evidence_row **evidence;
    size_t evidence_count;
    size_t gone_count; /* evidence of checks that are no more: without that of the way there */
};

struct report {
    char *tool; /* that made the report: "walkdown 0.1.0" */
    struct review_info info;
    struct checklist_row_list checklists;
    struct area_row_list area_rows;
    struct target_row_list targets;
    struct way *ways; /* what was reached behind the hops: one a target */
    struct jump_key_row_list jump_keys;
    struct author_row_list authors;
    struct parameter_row_list parameters;
    struct item_row_list rows;
    struct evidence_row_list evidence;
    struct decision_row_list decisions;
    struct answer_row_list answers;
    struct comment_row_list comments;
    struct attachment_row_list attachments;
    struct flow_line_list flow_lines;
    struct flow_measure_list flow_measures;
    struct flow_matrix flows; /* what was measured against what is expected */
    struct flow_map map;      /* what targets show of themselves */
    struct exception_row_list exceptions;
    struct finding_row_list noticed; /* findings that somebody wrote up */
    struct run_row_list runs;
    struct signoff_row_list signoff_rows;
    struct event_row_list events;
    struct manifest state; /* what a sign-off would cover now: heads, entry count, Merkle root */
    struct access_matrix *access; /* of each target that has one or should have */
    size_t access_count;
    struct report_area *areas; /* in checklist order */
    size_t area_count;
    struct report_item *items; /* area by area; in an area checks in order, then targets */
    size_t item_count;
    struct report_counts counts;
    struct report_counts severities[REPORT_SEVERITIES];
    /* Those that fail: first those that nobody accepted, in each half the most severe first. */
    const struct report_item **findings;
    size_t finding_count;
    struct report_gap *gaps; /* by kind */
    size_t gap_count;
    struct report_signoff *signoffs; /* oldest first */
    size_t signoff_count;
    struct report_loose loose;
    struct digest head; /* Merkle root over all entries: names exactly this state */
    int64_t made_ms;
};

void report_free(struct report *report);
DEFINE_AUTO(report, report_free)
/* CHECKLISTS: those of the review, in any order; what they do not know is told by the ledger alone.
 * A blob that contradicts its id fails with ERROR_CORRUPT; one that is not in the file is a gap. */
bool report_build(struct review *review, const struct checklist *const *checklists,
                  size_t checklist_count, struct report **ret_report, struct error *error) MUST_USE;

#endif
