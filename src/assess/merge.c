/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/merge.h"

#include "assess/identity.h"
#include "base/path.h"
#include "beside.h"
#include "reader.h"
#include "state.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder beside the review, where files can be written as safely as the review itself: what makes
 * the copy in it may be ended at any moment, and leaves files whose names it alone knows. */
static bool make_folder(const struct review *review, char **ret_folder, struct error *error)
{
    const char *path = review_path(review);
    struct ledger_id id = ledger_id_random();
    char number[LEDGER_ID_TEXT_BYTES];
    AUTO_FREE char *folder = memory_format("%.*s.walkdown-%s", (int)(path_base(path) - path), path,
                                           ledger_id_text(&id, number));

    if (mkdir(folder, 0700) != 0)
        return error_set(error, errno == EACCES ? ERROR_DENIED : ERROR_IO, "cannot make '%s': %s",
                         folder, strerror(errno));
    *ret_folder = take(&folder);
    return true;
}

static char *copy_in(const char *folder)
{
    return path_join(folder, "copy.walk");
}

static void remove_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry;

    while (entries && (entry = readdir(entries)) != NULL)
        unlinkat(dirfd(entries), entry->d_name, 0); /* "." and ".." are none of its business */
    if (entries)
        closedir(entries);
    rmdir(folder);
}

/* By way of a file of our own. */
static bool merge_apart(struct review *review, const char *other, struct merge_report *ret_report,
                        struct error *error)
{
    AUTO_FREE char *folder = NULL;
    AUTO_FREE char *copy = NULL;
    bool ok;

    if (!review_check_merge(review, other, error) || !make_folder(review, &folder, error))
        return false;
    copy = copy_in(folder);
    ok = reader_rebuild(other, copy, error) && review_merge(review, copy, ret_report, error);
    remove_folder(folder);
    return ok;
}

bool assess_merge(const char *path, const char *other, struct merge_report *ret_report,
                  struct error *error)
{
    AUTO(review) struct review *review = NULL;

    *ret_report = (struct merge_report){0};
    return identity_open_review(path, &review, error) &&
           merge_apart(review, other, ret_report, error);
}

/* --- the review that is open --- */

struct merging {
    char *other;            /* as it was named */
    char *folder, *copy;    /* of our own */
    struct beside *process; /* that makes it; NULL: it is made */
};

void session_forget_copy(struct session *session)
{
    struct merging *merging = take(&session->merging);

    if (!merging)
        return;
    beside_free(merging->process);
    remove_folder(merging->folder);
    free(merging->folder);
    free(merging->copy);
    free(merging->other);
    free(merging);
}

static bool require_rest(const struct session *session, struct error *error)
{
    return session_running_count(session) == 0 ||
           error_set(error, ERROR_CONFLICT,
                     "evidence is being gathered; merge when that is done or stopped");
}

static void conclude_look(void *context, const struct buffer *told)
{
    struct session *session = context;
    AUTO_RELEASE(merge_report) struct merge_report report = {0};
    struct error error = {0};
    bool ok = reader_rebuild_ended(told, &error);

    AUTO_FREE char *other = memory_copy_text(session->merging->other);

    beside_free(take(&session->merging->process));
    ok = ok && review_preview_merge(session->review, session->merging->copy, &report, &error);
    if (!ok)
        session_forget_copy(session);
    if (session->events.looked)
        session->events.looked(session->events.context, other, &report, ok ? NULL : &error);
}

bool session_look_at_copy(struct session *session, const char *other, struct error *error)
{
    AUTO_FREE char *folder = NULL;
    AUTO_FREE char *copy = NULL;
    pid_t pid;
    int fd;

    if (session->merging)
        return error_set(error, ERROR_CONFLICT, "another copy is looked at");
    if (!require_rest(session, error) || !review_check_merge(session->review, other, error) ||
        !make_folder(session->review, &folder, error))
        return false;
    copy = copy_in(folder);
    if (!reader_rebuild_start(other, copy, &pid, &fd, error)) {
        remove_folder(folder);
        return false;
    }
    session->merging = memory_new(1, sizeof(*session->merging));
    *session->merging =
        (struct merging){.other = memory_copy_text(other), .folder = folder, .copy = copy};
    folder = copy = NULL;
    session->merging->process = beside_new(session->loop, pid, fd, conclude_look, session);
    return true;
}

bool session_merge_copy(struct session *session, struct merge_report *ret_report,
                        struct error *error)
{
    bool ok;

    *ret_report = (struct merge_report){0};
    if (!session->merging || session->merging->process)
        return error_set(error, ERROR_USAGE, "no copy was looked at");
    ok = require_rest(session, error) &&
         review_merge(session->review, session->merging->copy, ret_report, error);
    session_forget_copy(session);
    return ok;
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
