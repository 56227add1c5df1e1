/* SPDX-License-Identifier: Apache-2.0 */
/* Text that was typed and not saved, kept in the review file. */
#ifndef TUI_DRAFTS_H
#define TUI_DRAFTS_H

#include "app.h"

/* Keep TEXT under KEY; NULL or "" forgets it. KEY NULL: nothing is kept. */
void drafts_keep(struct app *app, const char *key, const char *text);
/* What was kept; NULL: nothing. Free with free(). */
char *drafts_find(struct app *app, const char *key);
/* The key of a text about a check on a target: "comment:CHECK:TARGET". */
char *drafts_key(const struct app *app, const char *what);
/* Say so when text was typed and never saved, and go to its check. */
void drafts_announce(struct app *app);

#endif
