/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The report as CommonMark, with the tables of GitHub Flavored Markdown, no raw HTML and no link.
 * Text stands in paragraphs, quotes, code spans and fenced blocks at the left margin, never in
 * nested lists, so that the rules for what may follow what stay simple.
 */
#ifndef EXPORT_MARKDOWN_H
#define EXPORT_MARKDOWN_H

#include "base/error.h"
#include "export/report.h"

bool markdown_write(const struct report *report, struct buffer *out, struct error *error) MUST_USE;

/* markdown_items.c */
void markdown_findings(struct buffer *out, const struct report *report);
/* markdown_accepted.c: findings that were written up, and risks that were accepted */
void markdown_accepted(struct buffer *out, const struct report *report);
/* markdown_access.c */
void markdown_access(struct buffer *out, const struct report *report);
/* markdown_flows.c: nothing where none are declared or measured */
void markdown_flows(struct buffer *out, const struct report *report);
void markdown_areas(struct buffer *out, const struct report *report);
/* markdown_closing.c */
void markdown_closing(struct buffer *out, const struct report *report);

/* "- Term: text", nothing when TEXT is empty. */
void markdown_fact(struct buffer *out, const char *term, const char *text);
/* A paragraph "Term:" and a quote of many lines, or a fenced block where lines are indented;
 * nothing when TEXT is empty. */
void markdown_note(struct buffer *out, const char *term, const char *text);
/* A digest as a code span. */
void markdown_digest(struct buffer *out, const struct digest *digest);

#endif
