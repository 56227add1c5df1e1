/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Segmentation: which flows are expected, and what each vantage measures. Connections are made from
 * the vantages, so consent to their exact commands comes first; with a review it is recorded there,
 * and so is every answer.
 */
#ifndef ASSESS_FLOWS_H
#define ASSESS_FLOWS_H

#include "assess/session.h"
#include "assess/visit.h"
#include "checklist/inventory.h"
#include "flow/map.h"
#include "flow/matrix.h"

/* Append what a file expects, a line for each vantage and destination, and behind that the default
 * set of each vantage. ERROR_INVALID: "PATH:LINE:COLUMN: ...", as for a destination of which no
 * address is known. */
bool flows_of_inventory(const struct inventory *inventory, const char *path,
                        struct flow_line_list *ret_lines, struct error *error) MUST_USE;
/* What a review expects, or the default set of its targets; and what was measured there last. */
bool flows_of_session(struct session *session, struct flow_line_list *ret_lines,
                      struct flow_measure_list *ret_measures, struct error *error) MUST_USE;
/* The body of the entry that records LINES; FILE: where they come from, or NULL. New reference. */
json_t *flows_body(const struct flow_line_list *lines, const char *file);
/* Make LINES what the review expects, if it does not yet. */
bool session_expect_flows(struct session *session, const struct flow_line_list *lines,
                          const char *file, struct error *error) MUST_USE;

struct flow_vantage {
    char *name, *spec; /* of the caller: what a session lends may go with its next change */
};
struct flows_request {
    const struct flow_line_list *lines;
    const struct flow_vantage *vantages; /* with a review, those are targets of it */
    size_t vantage_count;
    struct flow_options options;
    bool only_map; /* make no connection: ask what each vantage shows of itself, which is read */
    bool consent;  /* the user consents to the commands; else they have to be on record */
    bool allow_password;
    struct loop *loop;       /* stopped at the end */
    struct session *session; /* where it is recorded; NULL: nowhere */
};

/* What one vantage showed of itself. */
struct flow_view {
    char *target, *text, *why;
    int64_t seen_ms;
};
struct flow_survey {
    struct flow_measure_list measures; /* of all vantages */
    struct flow_view *views;           /* of all vantages that were asked */
    size_t view_count;
    struct strings failures; /* "web: no route to host"; hostile */
    bool is_cancelled;
    /* private */
    struct errand *errand;
};
void flow_survey_release(struct flow_survey *survey);
/* Measure from one vantage after the other. A vantage that cannot be reached is a failure, and its
 * flows are blocked. ERROR_DENIED: consent is missing. */
bool flows_measure(const struct flows_request *request, const struct visit_events *events,
                   struct flow_survey *ret_survey, struct error *error) MUST_USE;
/* The map: of SESSION what its review has on record, without one what SURVEY brought. LINES tell
 * where others reach a target. ERROR_CORRUPT. */
bool flows_map(struct session *session, const struct flow_survey *survey,
               const struct flow_line_list *lines, struct flow_map *ret_map,
               struct error *error) MUST_USE;
/* From within the loop. */
void flows_cancel(struct flow_survey *survey);

/* --- in the loop of a session, beside the screen --- */

struct flows_preview {
    size_t flow_count, command_count; /* of all vantages */
    int rate;                         /* connections that begin in a second, at most */
    bool needs_consent;               /* not on record yet for these very commands */
};
/* What session_measure() would do. ERROR_CONFLICT: something is gathered or measured now. */
bool session_preview_flows(struct session *session, const struct flows_request *request,
                           struct flows_preview *ret_preview, struct error *error) MUST_USE;
/* Append the exact commands, for a reader. */
bool flows_print_commands(const struct flows_request *request, struct buffer *text,
                          struct error *error) MUST_USE;
/* Begin to measure as flows_measure() does, with the session's own loop; REQUEST is copied. What is
 * recorded is the same, but for a vantage that was stopped before it told of any flow: what is on
 * record of its flows stays. Questions, states of targets and session_cancel() are as in a run, and
 * events.measured follows each vantage. Nothing else can be run meanwhile. */
bool session_measure(struct session *session, const struct flows_request *request,
                     struct error *error) MUST_USE;
struct flows_progress {
    size_t target;                 /* that measures now */
    size_t vantage, vantage_count; /* VANTAGE counts from 0 */
    size_t steps_done, steps_total;
    bool only_map;
};
/* False: nothing is being measured. */
bool session_measure_progress(const struct session *session, struct flows_progress *ret_progress);

/* --- for a reader --- */

/* Append the scripts that would be sent, byte for byte but for the nonce of their frames. */
bool flows_dry_run(const struct flows_request *request, struct buffer *text,
                   struct error *error) MUST_USE;

#endif
