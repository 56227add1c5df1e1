/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A question over the screen: yes or no, or yes only by a typed word. A guarded one throws away
 * what was typed before it was seen and takes no key for a moment: an answer that a host has put
 * into our input, or a key meant for something else, decides nothing.
 */
#ifndef TUI_DIALOG_H
#define TUI_DIALOG_H

#include "app.h"

/* Called once, after the dialog is gone. */
typedef void dialog_done_function(struct app *app, void *context, bool yes);

#define DIALOG_TOGGLES_MAX 2

/* A switch that a key turns. */
struct dialog_toggle {
    enum action action;
    const char *label;
    bool *value; /* of the caller; lives until done */
};

/* Texts are copied. */
struct dialog_request {
    const char *title;
    const char *text;
    const char *quote;   /* foreign text, set off by a gutter; NULL: none */
    const char *word;    /* has to be typed; NULL: Enter says yes */
    const char *confirm; /* what Enter does; NULL: there is nothing to decide */
    const char *stop;    /* what Esc does to something that goes on meanwhile, and Enter does
                          * nothing; NULL: nothing goes on */
    bool is_warning;
    bool is_guarded;
    struct dialog_toggle toggles[DIALOG_TOGGLES_MAX];
    size_t toggle_count;
    void (*view)(struct app *app, void *context); /* what the view key shows; NULL: nothing */
    const char *view_label;
    bool must_view;             /* before Enter says yes */
    dialog_done_function *done; /* may be NULL */
    void *context;
    void (*free_context)(void *context);
};

/* What opened is for app_pop() alone, when something else answers: it is not done() then. */
struct view *dialog_open(struct app *app, const struct dialog_request *request);

#endif
