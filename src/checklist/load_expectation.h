/* SPDX-License-Identifier: Apache-2.0 */
/* An expectation while it is read. */
#ifndef CHECKLIST_LOAD_EXPECTATION_H
#define CHECKLIST_LOAD_EXPECTATION_H

#include "load_parts.h"

struct draft {
    struct expectation *target;
    /* The keys that were there; NULL where there was none. */
    const struct node *combination, *that, *extraction, *separator, *filter, *matcher, *none;
};

/* Read the matcher's arguments into the target and check them with the parameters' defaults. */
void load_matcher(struct reader *reader, struct draft *draft);

#endif
