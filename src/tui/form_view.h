/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A form over the screen: named fields of one line, of longer text, or of a word from a list. What
 * is typed stays until it is saved or, after a question, given up.
 */
#ifndef TUI_FORM_VIEW_H
#define TUI_FORM_VIEW_H

#include "app.h"

enum form_kind {
    FORM_LINE,
    FORM_TEXT, /* may have several lines: Enter opens an editor */
    FORM_WORD  /* one of OPTIONS: Enter lists them, left and right go through them */
};

#define FORM_FIELDS_MAX  12
#define FORM_OPTIONS_MAX 8

struct form_field {
    const char *label;   /* lives as long as the form */
    const char *help;    /* of the field that has the cursor; lives as long as the form */
    const char *initial; /* copied; may be NULL */
    enum form_kind kind;
    const char *options[FORM_OPTIONS_MAX]; /* of a FORM_WORD; they live as long as the form */
};

/* The texts of the fields, in their order. True: close. False: leave the form open; the callee said
 * why. */
typedef bool form_done_function(struct app *app, void *context, const char *const *values);

struct form_request {
    const char *title; /* copied */
    const char *save;  /* what saving is called, lives as long as the form; NULL: "save" */
    struct form_field fields[FORM_FIELDS_MAX];
    size_t field_count;
    form_done_function *done;
    void *context;
    void (*free_context)(void *context); /* may be NULL */
};

void form_open(struct app *app, const struct form_request *request);

#endif
