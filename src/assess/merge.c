/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/merge.h"

#include "assess/identity.h"
#include "state.h"

#include <string.h>

bool assess_merge(const char *path, const char *other, struct merge_report *ret_report,
                  struct error *error)
{
    AUTO(review) struct review *review = NULL;
    struct author author = {0};
    bool ok = identity_load(&author, error) &&
              review_open(path, REVIEW_READ_WRITE, &author, &review, error);

    author_release(&author);
    *ret_report = (struct merge_report){0};
    return ok && review_merge(review, other, ret_report, error);
}

static bool require_rest(const struct session *session, struct error *error)
{
    return session_running_count(session) == 0 ||
           error_set(error, ERROR_CONFLICT,
                     "evidence is being gathered; merge when that is done or stopped");
}

bool session_merge(struct session *session, const char *other, struct merge_report *ret_report,
                   struct error *error)
{
    *ret_report = (struct merge_report){0};
    return require_rest(session, error) && review_merge(session->review, other, ret_report, error);
}

bool session_preview_merge(struct session *session, const char *other,
                           struct merge_report *ret_report, struct error *error)
{
    *ret_report = (struct merge_report){0};
    return require_rest(session, error) &&
           review_preview_merge(session->review, other, ret_report, error);
}

bool session_disputed(struct session *session, const struct item *item,
                      struct decision_row_list *ret_decisions, struct error *error)
{
    const struct review_filter filter = {.target = session->targets[item->target].name,
                                         .check = item->check->id};
    AUTO_RELEASE(decision_row_list) struct decision_row_list rows = {0};

    if (!review_query_decisions(session->review, &filter, &rows, error))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        struct decision_row *row = &rows.items[i];
        if (row->is_retracted || row->is_superseded)
            continue;
        *array_push(ret_decisions->items, ret_decisions->count) = *row;
        *row = (struct decision_row){0};
    }
    return true;
}

bool session_resolve(struct session *session, const struct decision *decision, struct error *error)
{
    const struct item *item;

    if (!item_require(session, decision->check, decision->target, &item, error))
        return false;
    if (item->verdict != VERDICT_DISPUTED) {
        error_set(error, ERROR_CONFLICT, "'%s' on '%s' is not disputed", item->check->id,
                  session->targets[item->target].name);
        return error_hint(error, "'walkdown decide' changes a decision");
    }
    return session_decide(session, decision, error);
}
