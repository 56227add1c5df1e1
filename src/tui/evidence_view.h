/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the Evidence screen share. */
#ifndef TUI_EVIDENCE_VIEW_H
#define TUI_EVIDENCE_VIEW_H

#include "facts.h"
#include "pager.h"

/* What is about to be redacted. */
struct redact_form {
    struct entry_id entry;
    bool is_stderr;
    char *lines, *why;
};
void redact_form_release(struct redact_form *form);

struct evidence {
    struct view view;
    struct facts facts;
    char *probe;   /* the one that is read; NULL: none */
    size_t record; /* index into facts.evidence */
    bool has_record;
    bool is_stderr;
    bool is_diff;
    bool shows_all;        /* of the provenance */
    struct entry_id shown; /* the record that is in the pager */
    char *shown_name;      /* probe and stream that are in the pager */
    bool shown_stderr, shown_diff;
    char *reached, *changed; /* behind the target's hops, in the run of that record */
    int64_t shown_change;    /* change count of the facts when the marks were taken */
    struct buffer data;
    size_t diff_count, hidden_count;
    struct pager_mark *marks;
    struct pager pager;
    struct redact_form redact;
};

const struct evidence_row *evidence_record(const struct evidence *evidence);
/* The record of the same probe before (or behind) the one that is read; -1: none. */
int evidence_find_record(const struct evidence *evidence, int step);
/* Which of how many records of its probe it is, from 1. */
void evidence_count_records(const struct evidence *evidence, size_t *ret_number, size_t *ret_count);
/* Which of how many probes of the check, from 1. */
void evidence_count_probes(const struct evidence *evidence, size_t *ret_number, size_t *ret_count);
/* Read on there: an index into facts.evidence. */
void evidence_choose_record(struct evidence *evidence, size_t record);
/* Read what is to be drawn, unless it is there already. */
void evidence_read(struct evidence *evidence);

/* --- evidence_draw.c --- */

void evidence_draw(struct view *view, struct canvas *canvas, struct rect area);

/* --- evidence_redact.c --- */

/* Ask which lines are to be redacted, and why, and do it. */
bool evidence_redact(struct evidence *evidence);

#endif
