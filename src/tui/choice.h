/* SPDX-License-Identifier: Apache-2.0 */
/* A list over the screen that is narrowed by typing: the palette, targets, checklists. */
#ifndef TUI_CHOICE_H
#define TUI_CHOICE_H

#include "app.h"

struct choice_item {
    char *text;   /* what is matched */
    char *detail; /* beside it; may be NULL */
    char *key;    /* at the right end; may be NULL */
    int value;    /* the caller's */
};

struct choice_items {
    struct choice_item *items;
    size_t count;
};

/* Append an item, taking the strings over. */
void choice_add(struct choice_items *items, struct choice_item item);

struct choice_request {
    const char *title;         /* copied */
    struct choice_items items; /* taken */
    int selected;              /* value of the one that is selected at first */
    bool takes_other;          /* text that names none of them is an answer too */
    /* Called once, after the list is gone: with an item's value, or with -1 and the typed text. */
    void (*done)(struct app *app, void *context, int value, const char *text);
    void *context;
    void (*free_context)(void *context); /* may be NULL */
};

void choice_open(struct app *app, const struct choice_request *request);

#endif
