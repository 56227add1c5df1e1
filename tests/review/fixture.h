/* SPDX-License-Identifier: Apache-2.0 */
/* Reviews for tests: a file with a checklist and targets, and entries by one call each. */
#ifndef REVIEW_FIXTURE_H
#define REVIEW_FIXTURE_H

#include "support/testing.h"

#include "base/json.h"
#include "ledger/manifest.h"
#include "review/query.h"
#include "review/verify.h"

struct sqlite3;

/* The same person for the same NAME. Borrowed until exit; the id begins with NAME's first byte. */
const struct author *fixture_author(const char *name);
/* A new review of Ada's at this name below testing_folder(). */
struct review *fixture_create(const char *name);
struct review *fixture_open(const char *name, enum review_mode mode, const char *author);

/* Append one entry; BODY is taken. Fails the test when it is refused. */
struct entry_id fixture_append(struct review *review, enum entry_kind kind, json_t *body);
/* ... which has to be refused with CODE. */
void fixture_refuse(struct review *review, enum entry_kind kind, json_t *body,
                    enum error_code code);
/* A checklist of checks "check-0" ..., targets "host-0" ... */
void fixture_subject(struct review *review, int check_count, int target_count);
struct entry_id fixture_evidence(struct review *review, const char *check, const char *target,
                                 const char *probe, const char *output);
struct entry_id fixture_suggest(struct review *review, const char *check, const char *target,
                                const char *suggestion);
/* SUPERSEDES may be NULL. */
struct entry_id fixture_decide(struct review *review, const char *check, const char *target,
                               const char *verdict, const struct entry_id *supersedes);
struct entry_id fixture_retract(struct review *review, const struct entry_id *entry);
/* An entry of each kind, for tests of all of them. */
void fixture_one_of_each(struct review *review);

/* Without asking walkdown: SQL on the closed file. */
struct sqlite3 *fixture_sql_open(const char *path);
void fixture_sql(const char *path, const char *sql);

/* Copy a closed file, below testing_folder() both; the copy's absolute name, as testing_path(). */
const char *fixture_copy(const char *from, const char *to);
/* How many rounds a long test runs: $WALKDOWN_ROUNDS, or USUAL. */
int fixture_rounds(int usual);
/* A number below LIMIT from a sequence that is the same in each run. */
unsigned fixture_random(unsigned limit);

/* The first problem of a verification, or "". Borrowed until the next call. */
const char *fixture_first_problem(const char *path, const char *heads_folder,
                                  enum verify_answer *ret_answer);

#endif
