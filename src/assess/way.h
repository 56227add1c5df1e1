/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that tell what stands behind a target's hops; review/way.h reads what they say. */
#ifndef ASSESS_WAY_H
#define ASSESS_WAY_H

#include "gathering.h"

/* Their gathering, for a target in its normal form; false: it has no hops that could be asked. */
bool way_gathering_init(struct gathering *gathering, const char *target) MUST_USE;
/* Whether a gathering is one of those: no checklist's, and not judged. */
bool gathering_is_way(const struct gathering *gathering);

#endif
