/* SPDX-License-Identifier: Apache-2.0 */
/* What the session tells the app while it works in the background. */
#ifndef TUI_SESSION_EVENTS_H
#define TUI_SESSION_EVENTS_H

#include "app.h"

struct session_events session_events_for(struct app *app);
/* Say so where a file does not verify. */
void announce_verified(struct app *app, enum verify_answer answer, const char *problem);
/* Turn the spinner while probes run; nothing turns when none do. */
void spinner_update(struct app *app);
/* Paint soon: what the background does is shown at most 30 times a second. */
void paint_soon(struct app *app);

#endif
