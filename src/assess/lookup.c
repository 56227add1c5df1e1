/* SPDX-License-Identifier: Apache-2.0 */
/* Finding things in a session. */
#include "state.h"

#include <string.h>

#define X(name, text) text,
static const char *const verdict_texts[] = {VERDICTS(X)};
#undef X

const char *verdict_text(enum verdict verdict)
{
    return verdict_texts[verdict];
}

bool verdict_parse(const char *text, enum verdict *ret_verdict)
{
    if (strcmp(text, "na") == 0 || strcmp(text, "n/a") == 0)
        text = verdict_texts[VERDICT_NOT_APPLICABLE];
    for (size_t i = 0; i < LENGTH(verdict_texts); i++) {
        if (strcmp(text, verdict_texts[i]) == 0) {
            *ret_verdict = (enum verdict)i;
            return true;
        }
    }
    return false;
}

struct review *session_review(struct session *session)
{
    return session->review;
}

const char *session_path(const struct session *session)
{
    return review_path(session->review);
}

const char *session_title(const struct session *session)
{
    return session->title;
}

bool session_is_read_only(const struct session *session)
{
    return session->is_read_only;
}

bool session_lacks_known_entries(const struct session *session)
{
    return session->lacks_known_entries;
}

const struct checklist *const *session_checklists(const struct session *session, size_t *ret_count)
{
    *ret_count = session->checklist_count;
    return (const struct checklist *const *)session->checklists;
}

const struct parameters *session_parameters(const struct session *session, const struct item *item)
{
    const struct parameters *own = own_parameters(session, session->targets[item->target].name);

    return &(own ? own : session->parameters)[session_checklist_of(session, item->check)];
}

const struct session_area *session_areas(const struct session *session, size_t *ret_count)
{
    *ret_count = session->area_count;
    return session->areas;
}

const struct session_target *session_targets(const struct session *session, size_t *ret_count)
{
    *ret_count = session->target_count;
    return session->targets;
}

struct run *run_of_target(const struct session *session, size_t target)
{
    for (size_t i = 0; i < session->run_count; i++)
        if (session->runs[i]->target == target)
            return session->runs[i];
    return NULL;
}

const struct check *session_find_check(const struct session *session, const char *id)
{
    for (size_t i = 0; i < session->checklist_count; i++) {
        const struct check *check = checklist_find_check(session->checklists[i], id);
        if (check)
            return check;
    }
    return NULL;
}

size_t session_checklist_of(const struct session *session, const struct check *check)
{
    for (size_t i = 0; i < session->checklist_count; i++) {
        const struct checklist *checklist = session->checklists[i];
        if (check >= checklist->checks && check < checklist->checks + checklist->check_count)
            return i;
    }
    return 0;
}

const struct item *session_items(const struct session *session, size_t *ret_count)
{
    *ret_count = session->item_count;
    return session->items;
}

const struct item *session_find_item(const struct session *session, const char *check,
                                     const char *target)
{
    if (!target && session->target_count != 1)
        return NULL;
    for (size_t i = 0; i < session->item_count; i++) {
        const struct item *item = &session->items[i];
        if (strcmp(item->check->id, check) == 0 &&
            (!target || strcmp(session->targets[item->target].name, target) == 0))
            return item;
    }
    return NULL;
}

bool target_require(const struct session *session, const char *name, size_t *ret_target,
                    struct error *error)
{
    if (!name && session->target_count == 1) {
        *ret_target = 0;
        return true;
    }
    if (!name) {
        error_set(error, ERROR_USAGE, "the review has %zu targets", session->target_count);
        return error_hint(error, "say which one with -t NAME");
    }
    for (size_t i = 0; i < session->target_count; i++) {
        if (strcmp(session->targets[i].name, name) == 0) {
            *ret_target = i;
            return true;
        }
    }
    error_set(error, ERROR_NOT_FOUND, "the review has no target '%s'", name);
    return error_hint(error, "'walkdown status' lists its targets");
}

bool item_require(const struct session *session, const char *check, const char *target,
                  const struct item **ret_item, struct error *error)
{
    size_t index;

    if (!session_find_check(session, check)) {
        error_set(error, ERROR_NOT_FOUND, "the review has no check '%s'", check);
        return error_hint(error, "'walkdown status' lists its checks");
    }
    if (!target_require(session, target, &index, error))
        return false;
    *ret_item = session_find_item(session, check, session->targets[index].name);
    return *ret_item ? true
                     : error_set(error, ERROR_NOT_FOUND, "check '%s' does not apply to '%s'", check,
                                 session->targets[index].name);
}

bool entry_is_named(const struct entry_id *id, const char *text)
{
    enum { AUTHOR_DIGITS_MIN = 4 };
    char full[ENTRY_ID_TEXT_BYTES];
    const char *colon = strchr(text, ':');

    entry_id_text(id, full);
    return colon && colon - text >= AUTHOR_DIGITS_MIN &&
           strncmp(full, text, (size_t)(colon - text)) == 0 &&
           strcmp(strchr(full, ':'), colon) == 0;
}
