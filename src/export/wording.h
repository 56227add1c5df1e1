/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words that all formats share, so that they say the same. Text that quotes the review is not
 * safe yet: it goes through an escaper like all text.
 */
#ifndef EXPORT_WORDING_H
#define EXPORT_WORDING_H

#include "base/clock.h"
#include "export/report.h"

extern const char wording_testimony[];      /* what evidence is worth */
extern const char wording_scope[];          /* what the counts mean */
extern const char wording_access_meaning[]; /* what a line of the access matrix says */
extern const char wording_flows_meaning[];  /* when a flow counts as closed */
extern const char wording_map_meaning[];    /* what the map of data flows shows */

/* How a reader checks what the report says. */
struct wording_step {
    const char *text;
    const char *command; /* NULL: none */
};
extern const struct wording_step wording_verify[];
extern const size_t wording_verify_count;

/* "2026-11-23 20:15 UTC"; "" for 0. Returns TEXT. */
const char *wording_time(int64_t wall_ms, char text[CLOCK_TEXT_BYTES]);
/* RFC 3339; "" for 0. Returns TEXT. */
const char *wording_stamp(int64_t wall_ms, char text[CLOCK_TEXT_BYTES]);
/* "812 bytes", "1.2 MiB". Returns TEXT. */
const char *wording_size(int64_t bytes, char text[CLOCK_TEXT_BYTES]);
/* "High"; "Unrated". */
const char *wording_severity(size_t severity);
/* How the whole review stands, in one or two sentences. */
char *wording_headline(const struct report *report) MUST_USE;
/* What the sign-offs say, in one sentence. */
char *wording_signed(const struct report *report) MUST_USE;
/* "fail: Root may log in with a password"; "none". */
char *wording_suggestion(const struct report_item *item) MUST_USE;
/* "pass by Ada on 2026-11-23 20:15 UTC"; "" where nobody decided. */
char *wording_decided(const struct report_item *item) MUST_USE;
/* What became of a risk: "accepted until 2026-12-31". */
char *wording_exception(const struct exception_row *row, int64_t now_ms) MUST_USE;
/* Check and target that a finding belongs to: "CHECK on TARGET", or "". */
char *wording_noticed(const struct finding_row *row) MUST_USE;
/* "27 accounts: 3 approved, 24 open". */
char *wording_access(const struct access_matrix *matrix) MUST_USE;
/* "12 flows: 1 OPEN, but denied; 11 closed, as expected". */
char *wording_flows(const struct flow_matrix *matrix) MUST_USE;
/* "2 listens, 1 comes in": the rows of a target by thing. */
char *wording_things(const struct flow_map_target *target) MUST_USE;
/* "process; details (3)" of a row of the map. */
char *wording_map_row(const struct flow_map_row *row) MUST_USE;
/* The same of one decision, with what became of it. */
char *wording_decision(const struct decision_row *decision) MUST_USE;
/* How a probe was asked and ended: "as root, exit 0, 120 ms, 2026-11-23 20:15 UTC, by Ada". */
char *wording_provenance(const struct evidence_row *row) MUST_USE;
/* "Standard output: 1,234 bytes, 12 of 40 lines"; NULL where there is nothing to say. */
char *wording_stream(const char *name, int64_t size_bytes,
                     const struct report_excerpt *excerpt) MUST_USE;
/* "examine", and the references: "nist-800-53 AC-6(2), AC-7". */
char *wording_references(const struct check *check) MUST_USE;
/* The text of a question; its id where the check is not at hand. */
const char *wording_question(const struct report_item *item, const char *id);
/* The fingerprint of a public key line, "SHA256:..." as ssh-keygen -l prints it; any other text,
 * like a fingerprint, as it is. */
char *wording_key(const char *key) MUST_USE;

#endif
