/* SPDX-License-Identifier: Apache-2.0 */
#include "state.h"

#include <string.h>

/* Undo looks back this far first; almost always that is enough. */
#define NEAR_EVENTS 200

static bool is_undoable(enum entry_kind kind)
{
    return kind == ENTRY_DECISION || kind == ENTRY_ANSWER || kind == ENTRY_COMMENT ||
           kind == ENTRY_ATTACHMENT || kind == ENTRY_FINDING || kind == ENTRY_EXCEPTION ||
           kind == ENTRY_ACCESS;
}

/* Our newest entry in force that can be undone; NULL when there is none. */
static const struct event_row *newest_undoable(const struct session *session,
                                               const struct event_row_list *events)
{
    for (size_t i = events->count; i > 0; i--) {
        const struct event_row *event = &events->items[i - 1];
        if (!event->is_retracted && ledger_id_equal(&event->id.author, &session->author.id) &&
            is_undoable(entry_kind_parse(event->kind)))
            return event;
    }
    return NULL;
}

/* An undo takes back something undoable; a retraction of a retraction is a redo. */
static bool is_undo(const struct event_row_list *events, const struct event_row *retraction)
{
    for (size_t i = events->count; i > 0; i--)
        if (entry_id_equal(&events->items[i - 1].id, &retraction->retracts))
            return is_undoable(entry_kind_parse(events->items[i - 1].kind));
    return false;
}

/* Our newest undo in force, unless something was done after it. */
static const struct event_row *newest_redoable(const struct session *session,
                                               const struct event_row_list *events)
{
    for (size_t i = events->count; i > 0; i--) {
        const struct event_row *event = &events->items[i - 1];
        enum entry_kind kind = entry_kind_parse(event->kind);
        if (!ledger_id_equal(&event->id.author, &session->author.id))
            continue;
        if (kind == ENTRY_RETRACTION && !event->is_retracted && is_undo(events, event))
            return event;
        if (is_undoable(kind))
            return NULL;
    }
    return NULL;
}

typedef const struct event_row *find_event(const struct session *, const struct event_row_list *);

static bool retract(struct session *session, const struct event_row *event, char **ret_what,
                    struct error *error)
{
    char id[ENTRY_ID_TEXT_BYTES];
    AUTO_FREE char *what = *event->check ? memory_format("%s, %s", event->check, event->summary)
                                         : memory_copy_text(event->summary);

    if (!session_append(session, ENTRY_RETRACTION,
                        json_pack("{s:s, s:s}", "entry", entry_id_text(&event->id, id), "why", ""),
                        error))
        return false;
    *ret_what = take(&what);
    return true;
}

static bool find_and_retract(struct session *session, find_event *find, const char *nothing,
                             char **ret_what, struct error *error)
{
    const int64_t limits[] = {NEAR_EVENTS, 0};

    for (size_t i = 0; i < LENGTH(limits); i++) {
        const struct review_filter filter = {.limit = limits[i]};
        AUTO_RELEASE(event_row_list) struct event_row_list events = {0};
        const struct event_row *event;
        if (!review_query_events(session->review, &filter, &events, error))
            return false;
        event = find(session, &events);
        if (event)
            return retract(session, event, ret_what, error);
    }
    return error_set(error, ERROR_NOT_FOUND, "%s", nothing);
}

bool session_undo(struct session *session, char **ret_what, struct error *error)
{
    return find_and_retract(session, newest_undoable, "there is nothing of yours to undo", ret_what,
                            error);
}

bool session_redo(struct session *session, char **ret_what, struct error *error)
{
    return find_and_retract(session, newest_redoable, "there is nothing to redo", ret_what, error);
}
