/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the HTML report. Each appends well-formed markup. */
#ifndef EXPORT_HTML_H
#define EXPORT_HTML_H

#include "base/error.h"
#include "export/report.h"

extern const char html_style[];

bool html_write(const struct report *report, struct buffer *out, struct error *error) MUST_USE;

/* html_summary.c: the counts, by area and by severity */
void html_summary(struct buffer *out, const struct report *report);
void html_verdict(struct buffer *out, enum standing standing);
void html_severity(struct buffer *out, const struct report_item *item);
/* html_items.c: the findings, and every check of every area */
void html_findings(struct buffer *out, const struct report *report);
void html_areas(struct buffer *out, const struct report *report);
/* html_evidence.c */
enum html_detail { HTML_ALL_EVIDENCE, HTML_MARKED_EVIDENCE };
void html_evidence(struct buffer *out, const struct report_item *item, enum html_detail detail);
/* html_accepted.c: risks that were accepted, and findings that were written up */
void html_exceptions(struct buffer *out, const struct report *report);
void html_noticed(struct buffer *out, const struct report *report);
/* html_access.c: who may do what */
void html_access(struct buffer *out, const struct report *report);
/* html_flows.c: nothing where none are declared or measured, and nobody showed anything */
void html_flows(struct buffer *out, const struct report *report);
/* html_map.c: what targets show of themselves, within the section on flows */
void html_map(struct buffer *out, const struct report *report);
/* html_closing.c: gaps, sign-offs, how to verify */
void html_gaps(struct buffer *out, const struct report *report);
void html_loose(struct buffer *out, const struct report *report);
void html_signoffs(struct buffer *out, const struct report *report);
void html_verify(struct buffer *out, const struct report *report);

/* html_parts.c */
/* "<dt>TERM</dt><dd>...</dd>", nothing when TEXT is empty. */
void html_fact(struct buffer *out, const char *term, const char *text);
/* The same for a note of many lines. */
void html_note(struct buffer *out, const char *term, const char *text);
/* A digest in hexadecimal, allowed to wrap. */
void html_digest(struct buffer *out, const struct digest *digest);
/* The <title> of a part of a drawing. */
void html_svg_title(struct buffer *out, const char *text);
/* A text of a drawing, cut behind so many columns of a terminal. */
void html_svg_text(struct buffer *out, size_t x, size_t y, const char *text, int columns_max);

#endif
