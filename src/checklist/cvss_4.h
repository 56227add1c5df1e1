/* SPDX-License-Identifier: Apache-2.0 */
/* The base score of CVSS 4.0 (FIRST, specification document of that version, section 8). */
#ifndef CHECKLIST_CVSS_4_H
#define CHECKLIST_CVSS_4_H

/* The base metrics in the order of their vector. */
enum {
    CVSS_4_AV,
    CVSS_4_AC,
    CVSS_4_AT,
    CVSS_4_PR,
    CVSS_4_UI,
    CVSS_4_VC,
    CVSS_4_VI,
    CVSS_4_VA,
    CVSS_4_SC,
    CVSS_4_SI,
    CVSS_4_SA,
    CVSS_4_METRICS
};

/* CHOSEN: for each metric which of its values, 0 the worst. */
double cvss_4_score(const int chosen[CVSS_4_METRICS]);

#endif
