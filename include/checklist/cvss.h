/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vectors of the Common Vulnerability Scoring System: CVSS 3.0 and 3.1 (FIRST, specification
 * documents of those versions, sections 6 and 7) and 4.0 (sections 7 and 8). Pure.
 */
#ifndef CHECKLIST_CVSS_H
#define CHECKLIST_CVSS_H

#include "base/error.h"

/* Check a vector: its version, every base metric once, no value that the metric does not have, no
 * metric twice. RET_SCORE: the base score (CVSS-B), 0.0 to 10.0; other metrics do not count in it.
 * ERROR_USAGE names what does not fit. */
bool cvss_score(const char *vector, double *ret_score, struct error *error) MUST_USE;
/* "9.8  CVSS:3.1/...": a vector with its score in front; what is none stays as it is. */
char *cvss_text(const char *vector) MUST_USE;

#endif
