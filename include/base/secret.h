/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A password in memory of its own: never swapped where the system lets us lock it, left out of core
 * dumps, overwritten when it is freed. It is copied only into what carries it away.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/memory.h"

#define SECRET_MAX_BYTES 1023

struct secret;

/* A copy of LENGTH bytes, at most SECRET_MAX_BYTES (what is more is cut). */
struct secret *secret_new(const void *bytes, size_t length) MUST_USE;
void secret_free(struct secret *secret); /* NULL is fine */
DEFINE_AUTO(secret, secret_free)
/* The bytes with a NUL behind them; borrowed. A buffer of SECRET_MAX_BYTES + 1 that may be written
 * to, for a secret that is read in. */
char *secret_text(struct secret *secret);
/* False where the system refused to lock it (RLIMIT_MEMLOCK). */
bool secret_is_locked(const struct secret *secret);

#endif
