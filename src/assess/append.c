/* SPDX-License-Identifier: Apache-2.0 */
/* Into the ledger. */
#include "base/clock.h"
#include "base/log.h"
#include "base/path.h"
#include "review/verify.h"
#include "state.h"

#define HEADS_EVERY_MS 2000

/* What is on the disk is safe without it: a state folder that cannot be written costs a witness. A
 * file that lacks what this user has seen is another matter, and is told before a sign-off. */
void session_save_heads(struct session *session)
{
    AUTO_FREE char *state_folder = NULL;
    AUTO_FREE char *heads = NULL;
    struct error error = {0};

    session->heads_saved_ms = clock_monotonic_ms();
    if (!path_state_folder(&state_folder, &error))
        return;
    heads = path_join(state_folder, "heads");
    if (path_make_folder(heads, &error) && !known_heads_save(heads, session->review, &error))
        log_line("the heads of %s could not be saved: %s", review_path(session->review),
                 error.message);
    session->lacks_known_entries = error.code == ERROR_CONFLICT;
}

bool session_changed(struct session *session, struct error *error)
{
    if (!items_read(session, error))
        return false;
    if (clock_monotonic_ms() - session->heads_saved_ms > HEADS_EVERY_MS)
        session_save_heads(session);
    session_backup_if_due(session);
    session_announce(session);
    return true;
}

bool session_append_all(struct session *session, const struct new_entry *entries, size_t count,
                        struct error *error)
{
    return review_append(session->review, entries, count, NULL, error) &&
           session_changed(session, error);
}

bool session_append(struct session *session, enum entry_kind kind, json_t *body,
                    struct error *error)
{
    AUTO_JSON json_t *owned = body;
    const struct new_entry entry = {.kind = kind, .body = owned};

    return session_append_all(session, &entry, 1, error);
}
