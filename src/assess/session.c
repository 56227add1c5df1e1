/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/identity.h"
#include "assess/merge.h"
#include "checklist/load.h"
#include "checklist/secrets.h"
#include "state.h"

#include <string.h>

struct session *session_new(const struct session_options *options)
{
    struct session *session = memory_new(1, sizeof(*session));

    session->loop = options->loop;
    if (options->events)
        session->events = *options->events;
    session->is_read_only = options->read_only;
    session->worker_path = memory_copy_text(options->worker_path);
    session->worker_max = options->worker_max;
    session->retries = options->retries;
    session->frames_folder = memory_copy_text(options->frames_folder);
    return session;
}

static void checklists_release(struct session *session)
{
    own_parameters_release(session);
    for (size_t i = 0; i < session->checklist_count; i++) {
        parameters_release(&session->parameters[i]);
        checklist_free(session->checklists[i]);
    }
    free(session->parameters);
    free(session->checklists);
    free(session->areas);
}

void session_close(struct session *session)
{
    if (!session)
        return;
    session->events = (struct session_events){0};
    runs_release(session);
    verification_stop(session);
    session_forget_copy(session);
    if (session->review && session->heads_saved_ms)
        session_save_heads(session);
    items_release(session);
    target_row_list_release(&session->target_rows);
    hostkey_list_release(&session->jump_keys);
    hostkey_list_release(&session->accepted_keys);
    free(session->targets);
    checklists_release(session);
    review_close(session->review);
    author_release(&session->author);
    free(session->worker_path);
    free(session->frames_folder);
    free(session->title);
    free(session->verified_problem);
    secret_rules_free(session->secret_rules);
    policy_rule_row_list_release(&session->secret_policy);
    free(session);
}

/* --- opening --- */

void session_add_checklist(struct session *session, struct checklist *checklist)
{
    size_t parameter_count = session->checklist_count;

    *array_push(session->checklists, session->checklist_count) = checklist;
    parameters_init(array_push(session->parameters, parameter_count), checklist);
    for (size_t i = 0; i < checklist->area_count; i++) {
        bool is_known = false;
        for (size_t a = 0; a < session->area_count && !is_known; a++)
            is_known = strcmp(session->areas[a].id, checklist->areas[i].id) == 0;
        if (!is_known)
            *array_push(session->areas, session->area_count) =
                (struct session_area){checklist->areas[i].id, checklist->areas[i].title};
    }
}

/* The review file brings its checklists along; nothing is read from elsewhere. */
static bool load_checklist(struct session *session, const struct checklist_row *row,
                           struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer source = {0};
    AUTO(checklist) struct checklist *checklist = NULL;

    if (!review_read_blob(session->review, &row->blob, &source, error))
        return error_prefix(error, "checklist '%s'", row->id);
    if (!checklist_load(source.data, source.length, &checklist, NULL, error))
        return error_prefix(error, "checklist '%s' of the review", row->id);
    if (!digest_equal(&checklist->digest, &row->digest))
        return error_set(error, ERROR_CORRUPT, "checklist '%s' is not the one on record", row->id);
    session_add_checklist(session, take(&checklist));
    return true;
}

static bool load_checklists(struct session *session, struct error *error)
{
    const struct review_filter all = {0};
    AUTO_RELEASE(checklist_row_list) struct checklist_row_list rows = {0};
    bool ok = review_query_checklists(session->review, &all, &rows, error);

    for (size_t i = 0; ok && i < rows.count; i++)
        ok = load_checklist(session, &rows.items[i], error);
    return ok;
}

/* SETS: one for each checklist. */
static bool apply_parameter(const struct session *session, struct parameters *sets, const char *id,
                            const struct strings *values, struct error *error)
{
    for (size_t i = 0; i < session->checklist_count; i++) {
        if (checklist_find_parameter(session->checklists[i], id) &&
            !parameters_set(&sets[i], id, values, error))
            return false;
    }
    return true;
}

/* "TARGET/ID" is the parameter of one target, which starts with those of the review: they are set
 * before. */
static bool apply_row(struct session *session, const struct parameter_row *row, bool is_own,
                      struct error *error)
{
    const char *slash = strchr(row->id, '/');
    AUTO_FREE char *target = NULL;

    if ((slash != NULL) != is_own)
        return true;
    if (!slash)
        return apply_parameter(session, session->parameters, row->id, &row->values, error);
    target = memory_copy(row->id, (size_t)(slash - row->id));
    return apply_parameter(session, own_parameters_make(session, target), slash + 1, &row->values,
                           error) ||
           error_prefix(error, "target '%s'", target);
}

static bool load_parameters(struct session *session, struct error *error)
{
    const struct review_filter all = {0};
    AUTO_RELEASE(parameter_row_list) struct parameter_row_list rows = {0};
    bool ok = review_query_parameters(session->review, &all, &rows, error);

    for (size_t i = 0; ok && i < rows.count; i++)
        ok = apply_row(session, &rows.items[i], false, error);
    for (size_t i = 0; ok && i < rows.count; i++)
        ok = apply_row(session, &rows.items[i], true, error);
    own_parameters_sort(session);
    return ok;
}

static bool load_title(struct session *session, struct error *error)
{
    struct review_info info = {0};

    if (!review_query_info(session->review, &info, error))
        return false;
    session->title = take(&info.title);
    review_info_release(&info);
    return true;
}

static bool load_all(struct session *session, struct error *error)
{
    session->is_read_only = review_is_read_only(session->review);
    if (!load_title(session, error) || !load_checklists(session, error) ||
        !load_parameters(session, error) || !items_read(session, error))
        return false;
    recent_reviews_add(review_path(session->review));
    session_save_heads(session);
    return true;
}

/* Who only reads need not be anybody: a system account has no folder to remember it in. */
static bool load_author(struct session *session, bool read_only, struct error *error)
{
    if (identity_load(&session->author, read_only ? NULL : error))
        return true;
    if (!read_only)
        return false;
    session->author.name = memory_copy_text("");
    session->author.email = memory_copy_text("");
    return true;
}

bool session_open(const char *path, const struct session_options *options,
                  struct session **ret_session, struct error *error)
{
    AUTO(session) struct session *session = session_new(options);
    enum review_mode mode = options->read_only ? REVIEW_READ_ONLY : REVIEW_READ_WRITE;

    if (!load_author(session, options->read_only, error) ||
        !review_open(path, mode, &session->author, &session->review, error) ||
        !load_all(session, error))
        return false;
    *ret_session = take(&session);
    return true;
}
