/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who sits here: a random id made once for this person on this machine and kept in the state
 * folder, a name and an e-mail from the configuration file, $WALKDOWN_NAME and $WALKDOWN_EMAIL,
 * git's configuration, or the account.
 */
#ifndef ASSESS_IDENTITY_H
#define ASSESS_IDENTITY_H

#include "base/array.h"
#include "review/store.h"

bool identity_load(struct author *ret_author, struct error *error) MUST_USE;
/* Open a review for writing by that person, without a session. */
bool identity_open_review(const char *path, struct review **ret_review,
                          struct error *error) MUST_USE;

/* The reviews this user opened, newest first: absolute paths. Missing files are left out. */
void recent_reviews(struct strings *ret_paths);
void recent_reviews_add(const char *path);

#endif
