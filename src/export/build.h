/* SPDX-License-Identifier: Apache-2.0 */
/* How a report is put together; the steps that report.c calls, in this order. */
#ifndef EXPORT_BUILD_H
#define EXPORT_BUILD_H

#include "export/report.h"

/* Make items of the rows, area by area, with their standing and the check that they are about. */
void build_items(struct report *report, const struct checklist *const *checklists,
                 size_t checklist_count);
/* Tie decisions, answers, comments, attachments and evidence to their items. */
void build_links(struct report *report);
/* Read what the evidence's streams say and quote it. */
bool build_excerpts(struct review *review, struct report *report, struct error *error) MUST_USE;
/* Count, list the findings and the gaps. */
void build_summary(struct report *report);

/* The six areas that every review is expected to look at. */
struct fixed_area {
    const char *id, *title;
};
enum { FIXED_AREAS = 6 };
extern const struct fixed_area fixed_areas[FIXED_AREAS];

#endif
