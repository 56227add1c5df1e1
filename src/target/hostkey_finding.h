/* SPDX-License-Identifier: Apache-2.0 */
/* What hostkey_decide() found, in full, for whoever has to explain it. */
#ifndef TARGET_HOSTKEY_FINDING_H
#define TARGET_HOSTKEY_FINDING_H

#include "target/hostkey.h"

struct hostkey_finding {
    enum hostkey_verdict verdict;
    char *where;    /* "file:line", "pinned in the review" or ""; never NULL */
    char *recorded; /* fingerprint of the key on record that led to the verdict, or "" */
};

void hostkey_finding_release(struct hostkey_finding *finding);
bool hostkey_examine(const struct hostkey *hostkey, const struct strings *files,
                     const char *pinned_key, struct hostkey_finding *ret_finding,
                     struct error *error) MUST_USE;

#endif
