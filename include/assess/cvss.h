/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vectors of the Common Vulnerability Scoring System: CVSS 3.0 and 3.1 (FIRST, specification
 * documents of those versions, sections 6 and 7) and 4.0 (section 7). Pure.
 */
#ifndef ASSESS_CVSS_H
#define ASSESS_CVSS_H

#include "base/error.h"

/* A vector of version 4.0: its score comes from a table that is not here. */
#define CVSS_NO_SCORE (-1.0)

/* Check a vector: its version, every base metric once, no value that the metric does not have, no
 * metric twice. RET_SCORE: the base score, 0.0 to 10.0, of a version 3 vector; other metrics do not
 * count in it. ERROR_USAGE names what does not fit. */
bool cvss_score(const char *vector, double *ret_score, struct error *error) MUST_USE;

#endif
