/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the Walk screen share. */
#ifndef TUI_WALK_VIEW_H
#define TUI_WALK_VIEW_H

#include "facts.h"
#include "layout.h"
#include "queue.h"

struct walk {
    struct view view;
    struct queue queue;
    struct facts facts;
    bool detail_has_focus;
    int detail_top;                     /* first line of the check that is shown */
    int detail_below;                   /* lines that were out of sight below, as drawn last */
    struct focus detail_of;             /* what detail_top belongs to */
    char *search;                       /* NULL: none is on */
    struct rect list_area, detail_area; /* as drawn last */
};

struct walk *walk_of(struct app *app);
/* The selection of the list becomes what all screens speak about. */
void walk_publish_focus(struct walk *walk);

/* --- walk_draw.c --- */

void walk_draw(struct view *view, struct canvas *canvas, struct rect area);

#endif
