/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the review file holds about one check on one target, read once and kept until it changes:
 * evidence records, answers, comments, files, and the lines that led to the suggestion.
 */
#ifndef TUI_FACTS_H
#define TUI_FACTS_H

#include "app.h"
#include "pager.h"

/* Output larger than this is read by Evidence alone. */
#define FACTS_OUTPUT_MAX_BYTES (1024 * 1024)

/* A line that led to the suggestion. */
struct fact_mark {
    char *probe;
    bool is_stderr;
    size_t line; /* from 0 */
    bool is_bad;
};

/* The output of the newest record of a probe, for an excerpt. */
struct fact_output {
    const struct evidence_row *row; /* into facts->evidence */
    struct buffer out, err;         /* empty when too large or not there */
    bool is_too_large;
    struct lines out_lines, err_lines;
};

struct facts {
    struct focus focus;
    int64_t change_count;              /* of the review when this was read */
    struct evidence_row_list evidence; /* oldest first */
    struct answer_row_list answers;
    struct comment_row_list comments;
    struct attachment_row_list attachments;
    struct exception_row_list exceptions; /* of the check */
    struct finding_row_list findings;     /* of the check, on any target */
    struct decision_row_list disputed;    /* the decisions that contradict each other, if they do */
    struct fact_mark *marks;              /* by probe and stream rising in line */
    size_t mark_count;
    struct fact_output *outputs;
    size_t output_count;
    struct error error; /* why something could not be read; code ERROR_NONE: all is here */
};

void facts_release(struct facts *facts);
/* Read what is known about the focus unless this is it already. */
void facts_load(struct facts *facts, struct app *app, struct focus focus);
/* The marks of one stream, rising; free with free(). */
struct pager_mark *facts_marks(const struct facts *facts, const char *probe, bool is_stderr,
                               size_t *ret_count);

#endif
