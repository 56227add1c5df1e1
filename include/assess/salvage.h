/* SPDX-License-Identifier: Apache-2.0 */
#ifndef ASSESS_SALVAGE_H
#define ASSESS_SALVAGE_H

#include "review/salvage.h"

/* review_salvage() by whoever sits here. */
bool assess_salvage(const char *damaged, const char *path, struct salvage_report *ret_report,
                    struct error *error) MUST_USE;

#endif
