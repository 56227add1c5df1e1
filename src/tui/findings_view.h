/* SPDX-License-Identifier: Apache-2.0 */
/* The Findings screen, for the files that draw it and ask for what changes it. */
#ifndef TUI_FINDINGS_VIEW_H
#define TUI_FINDINGS_VIEW_H

#include "facts.h"
#include "findings_list.h"
#include "layout.h"
#include "list.h"

struct findings {
    struct view view;
    struct findings_list found;
    enum finding_filter filter;
    struct list list;
    struct facts facts; /* of the check of the selected line */
    char *wanted;       /* the name of the line to select when the list is read again; or NULL */
    int detail_top, detail_below; /* rows scrolled away, and below what is shown */
    bool is_stale;
    struct rect rows; /* as drawn last */
};

/* NULL when the list is empty. */
const struct finding_line *findings_selected(const struct findings *findings);
/* Select that line when the list is read again. NAME is taken. */
void findings_show_line(struct app *app, char *name);

/* --- findings_draw.c --- */

void findings_draw(struct findings *findings, struct canvas *canvas, struct rect area);

/* --- findings_forms.c --- */

/* Write up what the line speaks of, or change what was written; LINE NULL: something new. */
void findings_write_up(struct app *app, const struct finding_line *line);
/* Choose the state of a finding that was written up. */
void findings_choose_state(struct app *app, const struct finding_line *line);
/* Accept the risk of the line's check, or change the acceptance that counts. */
void findings_accept_risk(struct app *app, const struct finding_line *line);
/* End an acceptance before its last day, after a question. */
void findings_end_acceptance(struct app *app, const struct finding_line *line);

#endif
