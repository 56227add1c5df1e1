/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/merge.h"

#include "assess/identity.h"
#include "base/path.h"
#include "reader.h"
#include "state.h"

#include <string.h>
#include <unistd.h>

/* Beside the review, where files can be written as safely as the review itself. */
static char *name_copy(const struct review *review)
{
    const char *path = review_path(review);
    struct ledger_id id = ledger_id_random();
    char number[LEDGER_ID_TEXT_BYTES];

    return memory_format("%.*s.walkdown-%s", (int)(path_base(path) - path), path,
                         ledger_id_text(&id, number));
}

typedef bool merge_function(struct review *review, const char *other,
                            struct merge_report *ret_report, struct error *error);

/* By way of a file of our own. */
static bool merge_apart(struct review *review, const char *other, merge_function *merge,
                        struct merge_report *ret_report, struct error *error)
{
    AUTO_FREE char *copy = name_copy(review);
    bool ok = review_check_merge(review, other, error) && reader_rebuild(other, copy, error) &&
              merge(review, copy, ret_report, error);

    unlink(copy);
    return ok;
}

bool assess_merge(const char *path, const char *other, struct merge_report *ret_report,
                  struct error *error)
{
    AUTO(review) struct review *review = NULL;

    *ret_report = (struct merge_report){0};
    return identity_open_review(path, &review, error) &&
           merge_apart(review, other, review_merge, ret_report, error);
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
    return require_rest(session, error) &&
           merge_apart(session->review, other, review_merge, ret_report, error);
}

bool session_preview_merge(struct session *session, const char *other,
                           struct merge_report *ret_report, struct error *error)
{
    *ret_report = (struct merge_report){0};
    return require_rest(session, error) &&
           merge_apart(session->review, other, review_preview_merge, ret_report, error);
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
