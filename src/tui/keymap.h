/* SPDX-License-Identifier: Apache-2.0 */
/* Which key does what where: the defaults of the action list, then the user's own file. */
#ifndef TUI_KEYMAP_H
#define TUI_KEYMAP_H

#include "action.h"
#include "base/array.h"
#include "base/error.h"
#include "key.h"

struct binding {
    struct key key;
    unsigned contexts;
    enum action action; /* ACTION_NONE: the key does nothing there */
};

struct keymap {
    struct binding *bindings; /* a later one wins */
    size_t count;
};

/* The default bindings. */
void keymap_init(struct keymap *keymap);
void keymap_release(struct keymap *keymap);
/* Read the user's file on top: lines of "CONTEXT KEY ACTION", "#" begins a comment. CONTEXT may be
 * "any", ACTION may be "none". Good lines count even when the result is false; ERROR names the
 * first bad one. A file that does not exist is fine. */
bool keymap_load(struct keymap *keymap, const char *path, struct error *error) MUST_USE;
/* What a key does in a context; ACTION_NONE: nothing. */
enum action keymap_find(const struct keymap *keymap, struct key key, enum context context);
/* Append the names of the keys of an action in a context, the first alone or all of them with
 * spaces; nothing when it has none there. */
void keymap_format_keys(const struct keymap *keymap, enum action action, enum context context,
                        bool all, struct buffer *text);

#endif
