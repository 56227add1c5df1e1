/* SPDX-License-Identifier: Apache-2.0 */
/* How each view is made. The app frees what it was given. */
#ifndef TUI_SCREENS_H
#define TUI_SCREENS_H

#include "app.h"

/* --- screens --- */

struct view *start_new(struct app *app);
struct view *overview_new(struct app *app);
struct view *walk_new(struct app *app);
struct view *evidence_new(struct app *app);
struct view *findings_new(struct app *app);
struct view *flows_new(struct app *app);
struct view *history_new(struct app *app);
struct view *signoff_new(struct app *app);
struct view *access_new(struct app *app);

/* Show the queue of an area (its id) in Walk, from the first check that is open. */
void walk_show_area(struct app *app, const char *area);
/* Show the disputed checks in Walk, from the first; where none is, say so. */
void walk_show_disputes(struct app *app);

/* --- over a screen --- */

/* The form of a new review. */
void create_open(struct app *app);
/* All targets at a glance. */
void fleet_open(struct app *app);
void help_open(struct app *app, enum context context);
/* All actions that work here, and all checks; ACT does the action that was chosen. */
void palette_open(struct app *app, bool (*act)(struct app *app, enum action action));
/* Gather evidence; ask for consent first where it is missing, or where ASK says so. */
void run_open(struct app *app, const struct run_request *request, bool ask);
/* Measure flows, or with ONLY_MAP ask what targets show of themselves; ask for consent first where
 * it is missing. */
void measure_open(struct app *app, bool only_map);
/* Measure flows as a form says that is opened first. */
void measure_open_form(struct app *app);
/* The oldest question of a target. */
void question_open(struct app *app);
/* A longer text, which is taken. IS_FOREIGN: shown as it is, its lines numbered. Else it is our
 * own: words are wrapped, and what stands before a TAB in a line is a label. */
void viewer_open(struct app *app, const char *title, char *text, bool is_foreign);

/* --- what the common actions do --- */

void do_run(struct app *app, const char *check);
void do_stop(struct app *app);
void do_undo(struct app *app);
void do_redo(struct app *app);
void do_comment(struct app *app, bool outside);
void do_answer(struct app *app);
void do_attach(struct app *app);
/* Merge a copy: asks for its path, and tells what it brings before. */
void do_merge(struct app *app);
/* Change the policy of the review: who has to sign, what becomes of secrets. */
void do_policy(struct app *app);
char *policy_summary(struct app *app) MUST_USE;
/* Write up a finding of the check in the focus, or edit the one that is open. */
void do_write_up(struct app *app);
void do_decide(struct app *app, enum verdict verdict);
void do_accept(struct app *app);
/* Confirm what is suggested for the open checks of an area (NULL: all): a choice, then a question.
 */
void do_accept_all(struct app *app, const char *area);
void do_add_target(struct app *app);
void do_choose_target(struct app *app);
/* Go to the next open check behind the focus, around the end; false when none is open. */
bool do_next_open(struct app *app, bool forward);

/* walk_view.c: called when a check was decided, so that the queue goes on. */
void walk_decided(struct app *app);

#endif
