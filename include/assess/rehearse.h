/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A checklist judged on recorded outputs: each of its fixtures has to lead to the suggestion that
 * its author expects. No target is asked.
 */
#ifndef ASSESS_REHEARSE_H
#define ASSESS_REHEARSE_H

#include "checklist/fixtures.h"
#include "judge/judge.h"

/* One fixture, replayed. */
struct rehearsal_row {
    const struct fixture *fixture;
    const struct check *check;
    enum suggestion expected, actual;
    char *reason; /* of the actual one */
};

/* A check for which a kind of fixture is missing. */
struct rehearsal_gap {
    const struct check *check;
    const char *what; /* "one that passes" */
};

struct rehearsal {
    char *checklist_path, *fixtures_path;
    struct checklist *checklist;
    struct fixtures *fixtures; /* NULL: there is no such file */
    struct rehearsal_row *rows;
    size_t row_count;
    size_t wrong_count; /* rows whose suggestion is not the expected one */
    struct rehearsal_gap *gaps;
    size_t gap_count;
    size_t deciding_count, assisting_count; /* checks with expectations, and with none */
};

/* Replay the fixtures of a checklist, named as for catalog_find(). ERROR names the place of a
 * fixture that does not fit its check. */
bool rehearse(const char *checklist, struct rehearsal **ret_rehearsal,
              struct error *error) MUST_USE;
void rehearsal_free(struct rehearsal *rehearsal); /* NULL is fine */
DEFINE_AUTO(rehearsal, rehearsal_free)

#endif
