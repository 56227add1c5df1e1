/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A review without a file: the queries of review/query.h answered from fixed rows
 * (fixture_table.c), with fixed ids and times, so that what the formats make of them can be
 * compared byte by byte. A test that links this does not link libreview.a.
 *
 * The review is of two targets, eight checks, and holds every way in which an item can stand.
 */
#ifndef EXPORT_FIXTURE_H
#define EXPORT_FIXTURE_H

#include "export/report.h"

#define FIXTURE_NOW_MS 1795464900000 /* 2026-11-23T20:15:00Z */

struct fixture {
    struct review *review;
    struct checklist *checklist;
};

/* HOSTILE: put before and behind every text that comes from outside; NULL: none. */
void fixture_open(struct fixture *fixture, const char *hostile);
void fixture_close(struct fixture *fixture);
struct report *fixture_report(struct fixture *fixture);

/* How the review misbehaves. */
void fixture_fail_blobs(struct fixture *fixture, enum error_code code);
void fixture_change_while_read(struct fixture *fixture, int times);
/* Take all items, evidence, decisions and sign-offs away. */
void fixture_make_empty(struct fixture *fixture);

#endif
