/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The judge: evidence x expectation -> a suggestion, its reason, and the lines that led to it.
 * Pure: no I/O, no clock (the caller says what time it is), no state. It suggests; the reviewer
 * decides.
 *
 * Never a pass that was not earned: evidence that is missing, cut, timed out, refused or came from
 * a tool that is not there gives "blocked". Output that is incomplete can prove that something bad
 * is there (a violated lacks, empty, subset-of, at-most ... by a complete line: fail), never that
 * it is absent.
 */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

#include "checklist/checklist.h"
#include "checklist/parameters.h"

/* X(name, text) */
#define SUGGESTIONS(X)                                                                             \
    X(NONE, "none") /* what an expectation or `when` needs was not gathered yet */                 \
    X(PASS, "pass")                                                                                \
    X(FAIL, "fail")                                                                                \
    X(NOT_APPLICABLE, "not-applicable") /* the check's `when` does not hold */                     \
    X(BLOCKED, "blocked")               /* could not look: permission, tool, time, connection */   \
    X(UNDECIDED, "undecided")           /* looked; the checklist leaves it to the human */

enum suggestion {
#define X(name, text) SUGGESTION_##name,
    SUGGESTIONS(X)
#undef X
};
const char *suggestion_text(enum suggestion suggestion);
bool suggestion_parse(const char *text, enum suggestion *ret_suggestion) MUST_USE;

/* How the asking of a probe ended. X(name, text) */
#define OUTCOMES(X)                                                                                \
    X(DONE, "done")               /* frame complete, exit status known */                          \
    X(TIMEOUT, "timeout")         /* stopped at its deadline */                                    \
    X(TRUNCATED, "truncated")     /* more output than its cap */                                   \
    X(CUT, "cut")                 /* the connection ended before the probe did */                  \
    X(NO_FRAME, "no-frame")       /* the shell altered or refused the script */                    \
    X(REFUSED, "refused")         /* the right to run it as root was refused */                    \
    X(CANCELLED, "cancelled")     /* the reviewer stopped it */                                    \
    X(NOT_RUN, "not-run")         /* not asked: consent missing or vantage not reachable */        \
    X(UNREACHABLE, "unreachable") /* no connection to the target */

enum outcome {
#define X(name, text) OUTCOME_##name,
    OUTCOMES(X)
#undef X
};
const char *outcome_text(enum outcome outcome);
bool outcome_parse(const char *text, enum outcome *ret_outcome) MUST_USE;

/* The result of one probe, borrowed from the caller. Probe JUDGE_WHEN is the check's condition. */
struct judge_evidence {
    const char *probe;
    const char *command; /* as it was asked, for the reason; may be NULL */
    enum outcome outcome;
    const char *detail; /* why it did not end well, for the reason; may be NULL */
    int exit_status;    /* of OUTCOME_DONE */
    const char *out;    /* stdout bytes, never NULL */
    size_t out_length;
    const char *err; /* stderr bytes, never NULL */
    size_t err_length;
};

#define JUDGE_WHEN      "when"
#define JUDGE_LINES_MAX 64

/* A line that led to the suggestion. */
struct judge_line {
    const char *probe; /* the id, borrowed from the check */
    enum stream stream;
    size_t line; /* from 1 */
    bool is_bad; /* speaks against; else it speaks for */
};

struct judgement {
    enum suggestion suggestion;
    char *reason; /* one or more sentences, valid UTF-8, may quote evidence; never NULL */
    struct judge_line lines[JUDGE_LINES_MAX];
    size_t line_count;
};

void judgement_release(struct judgement *judgement);
/* All that a judgement depends on, borrowed. */
struct judge_case {
    const struct check *check;
    const struct parameters *parameters;
    const struct judge_evidence *evidence; /* the latest record of each probe, in any order */
    size_t evidence_count;
    int64_t now_ms; /* wall time, for older-than and newer-than */
};

/* Judge one check. RET_JUDGEMENT is overwritten; release it. */
void judge_check(const struct judge_case *matter, struct judgement *ret_judgement);

/* One expectation and what became of it, for authors of checklists. */
struct judge_step {
    size_t depth;               /* 0: of the check itself; 1: a member of all, any or not; ... */
    char *title;                /* the expectation in the words of the checklist format */
    enum suggestion suggestion; /* PASS: it holds; FAIL: it does not; else: it cannot be told */
    char *reason;
};

struct judge_explanation {
    struct judge_step *steps; /* parents before their members */
    size_t count;
};

/* What each expectation of a check makes of the evidence. RET_EXPLANATION is overwritten; release
 * it. */
void judge_explain(const struct judge_case *matter, struct judge_explanation *ret_explanation);
void judge_explanation_release(struct judge_explanation *explanation);

#endif
