/* SPDX-License-Identifier: Apache-2.0 */
/* What a command answers the targets that it visits, and how it is stopped meanwhile. */
#ifndef CLI_VISITING_H
#define CLI_VISITING_H

#include "assess/visit.h"
#include "base/loop.h"

struct visiting {
    struct loop *loop;
    const char *accept_hostkey; /* the fingerprint of --accept-hostkey; NULL: ask */
    const char *purpose;        /* what "yes" to a host key does */
    void (*cancel)(void *work);
    void *work;
    bool is_cancelled; /* by a signal; the next one stops the loop at once */
    char *refused_key; /* fingerprint that nobody could be asked about; NULL: none */
};

void visiting_release(struct visiting *visiting);
/* Whom targets may ask. VISITING has to stay where it is. */
struct visit_events visiting_events(struct visiting *visiting);
/* From now on what ends a command cancels the work first. */
bool visiting_catch_signals(struct visiting *visiting, struct error *error) MUST_USE;
/* Tell how a key is accepted that nobody could be asked about. */
void visiting_tell_refused(const struct visiting *visiting);

#endif
