/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A screen, or something that lies over one: a table of functions. Members that are NULL mean that
 * there is nothing to do. A view owns itself; the app frees it.
 */
#ifndef TUI_VIEW_H
#define TUI_VIEW_H

#include "action.h"
#include "canvas.h"
#include "event.h"

struct app;
struct view;

struct view_class {
    const char *title;
    /* Where its keys are looked up, now. */
    enum context (*context)(const struct view *view);
    /* AREA is the body of the screen, for an overlay too. */
    void (*draw)(struct view *view, struct canvas *canvas, struct rect area);
    /* False: the app may know what to do. */
    bool (*act)(struct view *view, enum action action);
    /* A key that no action took. */
    void (*type)(struct view *view, struct key key);
    void (*paste)(struct view *view, const char *bytes, size_t length);
    /* A click or a turn of the wheel. */
    void (*mouse)(struct view *view, const struct event *event);
    /* The label of an action among the hints: "" hides it, NULL leaves the common one. */
    const char *(*hint)(const struct view *view, enum action action);
    /* The session changed: read again what was remembered of it. */
    void (*update)(struct view *view);
    /* It comes to the front. */
    void (*enter)(struct view *view);
    void (*free)(struct view *view);
};

/* The first member of every view. */
struct view {
    const struct view_class *class;
    struct app *app;
};

static inline void view_free(struct view *view)
{
    if (view != NULL)
        view->class->free(view);
}

#endif
