/* SPDX-License-Identifier: Apache-2.0 */
/* Out to whoever watches. */
#include "base/utf8.h"
#include "state.h"

#include <stdio.h>

void session_announce(struct session *session)
{
    if (session->events.changed)
        session->events.changed(session->events.context);
}

void target_set_status(struct session *session, size_t target, const char *text)
{
    AUTO_FREE char *safe = safe_text_copy(text ? text : "");

    snprintf(session->targets[target].status, sizeof(session->targets[target].status), "%s", safe);
}
