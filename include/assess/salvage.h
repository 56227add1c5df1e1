/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ASSESS_SALVAGE_H
#define ASSESS_SALVAGE_H

#include "review/salvage.h"

/* Salvage DAMAGED, which may be a stranger's, into a new file at PATH: a confined process reads it,
 * and what it tells is hashed and chained again here. ERROR_EXISTS: something has the name PATH;
 * ERROR_CORRUPT: nothing can be proven. */
bool assess_salvage(const char *damaged, const char *path, struct salvage_report *ret_report,
                    struct error *error) MUST_USE;

#endif
