/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text that is asked for: a line, several lines, or a secret. What is typed into one with a draft
 * key is kept in the review file within a second, and is there again after a crash.
 */
#ifndef TUI_NOTE_H
#define TUI_NOTE_H

#include "app.h"
#include "editor.h"

/* The text was given. True: close. False: leave it open; the callee said why. */
typedef bool note_done_function(struct app *app, void *context, const char *text);

/* Texts are copied. */
struct note_request {
    const char *title;
    const char *prompt; /* above the text; may be NULL */
    const char *quote;  /* foreign text, set off by a gutter; NULL: none */
    enum editor_kind kind;
    const char *initial; /* may be NULL */
    const char *draft;   /* the key to keep what is typed under; NULL: it is not kept */
    const char *save;    /* what saving is called; NULL: "save" */
    bool may_be_empty;
    bool is_guarded;
    bool is_prompt; /* one line below the screen, which stays in sight */
    note_done_function *done;
    void (*changed)(struct app *app, void *context, const char *text); /* while typing; or NULL */
    void (*cancelled)(struct app *app, void *context);                 /* may be NULL */
    void *context;
    void (*free_context)(void *context); /* may be NULL */
};

void note_open(struct app *app, const struct note_request *request);

#endif
