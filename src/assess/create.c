/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/flows.h"
#include "assess/identity.h"
#include "checklist/catalog.h"
#include "checklist/load.h"
#include "setting.h"
#include "state.h"

#include <string.h>
#include <unistd.h>

static bool find_and_add(struct session *session, const char *name, struct error *error)
{
    AUTO_FREE char *path = NULL;
    AUTO(checklist) struct checklist *checklist = NULL;

    if (!catalog_find(name, &path, error) || !checklist_load_file(path, &checklist, NULL, error))
        return false;
    for (size_t i = 0; i < checklist->check_count; i++) {
        const char *id = checklist->checks[i].id;
        for (size_t other = 0; other < session->checklist_count; other++)
            if (checklist_find_check(session->checklists[other], id))
                return error_set(error, ERROR_INVALID,
                                 "checklists '%s' and '%s' both have a check '%s'",
                                 session->checklists[other]->id, checklist->id, id);
    }
    session_add_checklist(session, take(&checklist));
    return true;
}

static json_t *check_summary(const struct checklist *checklist, const struct check *check)
{
    char digest[DIGEST_HEX_BYTES];

    return json_pack("{s:o, s:o, s:o, s:s, s:s}", "id", json_text(check->id), "title",
                     json_text(check->title), "area", json_text(checklist->areas[check->area].id),
                     "severity", severity_text(check->severity), "digest",
                     digest_hex(&check->digest, digest));
}

static json_t *checklist_body(const struct checklist *checklist, const struct new_blob *blob)
{
    char digest[DIGEST_HEX_BYTES], blob_id[DIGEST_HEX_BYTES];
    json_t *areas = json_array(), *checks = json_array();

    for (size_t i = 0; i < checklist->area_count; i++)
        json_array_append_new(areas,
                              json_pack("{s:o, s:o}", "id", json_text(checklist->areas[i].id),
                                        "title", json_text(checklist->areas[i].title)));
    for (size_t i = 0; i < checklist->check_count; i++)
        json_array_append_new(checks, check_summary(checklist, &checklist->checks[i]));
    return json_pack("{s:o, s:o, s:o, s:s, s:s, s:I, s:o, s:o}", "id", json_text(checklist->id),
                     "title", json_text(checklist->title), "version", json_text(checklist->version),
                     "digest", digest_hex(&checklist->digest, digest), "blob",
                     digest_hex(&blob->id, blob_id), "size", (json_int_t)blob->length, "areas",
                     areas, "checks", checks);
}

static json_t *parameter_body(const char *id, const struct strings *values)
{
    json_t *list = json_array();

    for (size_t i = 0; i < values->count; i++)
        json_array_append_new(list, json_text(values->items[i]));
    return json_pack("{s:s, s:o}", "id", id, "values", list);
}

/* The first entries of a review, all in one transaction. */
struct founding {
    struct new_entry *entries;
    size_t count;
    struct new_blob *blobs; /* one for each checklist */
};

static void founding_release(struct founding *founding)
{
    for (size_t i = 0; i < founding->count; i++)
        json_decref(founding->entries[i].body);
    free(founding->entries);
    free(founding->blobs);
}

static void found(struct founding *founding, enum entry_kind kind, json_t *body,
                  const struct new_blob *blob)
{
    *array_push(founding->entries, founding->count) =
        (struct new_entry){.kind = kind, .body = body, .blobs = blob, .blob_count = blob != NULL};
}

static void found_checklists(struct founding *founding, const struct session *session)
{
    founding->blobs = memory_new(session->checklist_count, sizeof(*founding->blobs));
    for (size_t i = 0; i < session->checklist_count; i++) {
        const struct checklist *checklist = session->checklists[i];
        struct new_blob *blob = &founding->blobs[i];
        new_blob_init(blob, checklist->source.data, checklist->source.length);
        found(founding, ENTRY_CHECKLIST, checklist_body(checklist, blob), blob);
        for (size_t p = 0; p < checklist->parameter_count; p++)
            found(founding, ENTRY_PARAMETER,
                  parameter_body(checklist->parameters[p].id, &session->parameters[i].values[p]),
                  NULL);
    }
}

static const struct strings *values_of(const struct session *session, const struct parameters *sets,
                                       const char *id)
{
    for (size_t i = 0; i < session->checklist_count; i++) {
        const struct parameter *parameter = checklist_find_parameter(session->checklists[i], id);
        if (parameter)
            return &sets[i].values[parameter - session->checklists[i]->parameters];
    }
    return NULL;
}

/* Those that single targets have of their own, each once, with the value that was said last. */
static void found_own(struct founding *founding, const struct session *session,
                      const struct strings *settings)
{
    AUTO_RELEASE(strings) struct strings ids = {0};

    for (size_t i = 0; settings && i < settings->count; i++) {
        AUTO_FREE char *id = setting_id(settings->items[i]);
        AUTO_FREE char *target = setting_target(settings->items[i]);
        if (!target || (ids.count && strings_contains(&ids, id)))
            continue;
        const struct strings *values =
            values_of(session, own_parameters(session, target), id + strlen(target) + 1);
        if (values)
            found(founding, ENTRY_PARAMETER, parameter_body(id, values), NULL);
        strings_push(&ids, id);
    }
}

static bool found_targets(struct founding *founding, const struct strings *targets,
                          struct error *error)
{
    AUTO_RELEASE(strings) struct strings names = {0};

    for (size_t i = 0; i < targets->count; i++) {
        json_t *body;
        if (!target_body(targets->items[i], &body, error))
            return false;
        found(founding, ENTRY_TARGET, body, NULL);
        if (strings_contains(&names, json_member_text(body, "name", "")))
            return error_set(error, ERROR_USAGE, "two targets are named '%s'",
                             json_member_text(body, "name", ""));
        strings_push(&names, json_member_text(body, "name", ""));
    }
    return true;
}

static char *make_title(const struct session *session, const struct session_new *request)
{
    if (request->title && *request->title)
        return memory_copy_text(request->title);
    return memory_format("%s: %s%s", session->checklists[0]->title, request->targets->items[0],
                         request->targets->count > 1 ? " and others" : "");
}

static bool read_names(const struct strings *targets, struct strings *ret_names,
                       struct error *error)
{
    for (size_t i = 0; i < targets->count; i++) {
        AUTO_FREE char *spec = NULL;
        char *name = NULL;
        if (!target_name_parse(targets->items[i], &name, &spec, error))
            return false;
        strings_push_take(ret_names, name);
    }
    return true;
}

/* The settings of single targets, when those of the review are made. */
static bool apply_own(struct session *session, const struct session_new *request,
                      struct error *error)
{
    AUTO_RELEASE(strings) struct strings names = {0};

    for (size_t i = 0; request->parameters && i < request->parameters->count; i++) {
        const char *text = request->parameters->items[i];
        AUTO_FREE char *target = setting_target(text);
        if (!target)
            continue;
        if (!names.count && !read_names(request->targets, &names, error))
            return false;
        if (!strings_contains(&names, target))
            return error_set(error, ERROR_NOT_FOUND,
                             "no target is named '%s', for which '%s' is set", target, text);
        if (!setting_apply(text + strlen(target) + 1, own_parameters_make(session, target),
                           session->checklist_count, error))
            return error_prefix(error, "target '%s'", target);
    }
    own_parameters_sort(session);
    return true;
}

static bool load_request(struct session *session, const struct session_new *request,
                         struct error *error)
{
    bool ok = true;

    if (!request->checklists->count) {
        error_set(error, ERROR_USAGE, "a review needs a checklist (-c NAME)");
        return error_hint(error, "'walkdown checklists' lists them; isolated-environment fits "
                                 "any Linux host");
    }
    if (!request->targets->count) {
        error_set(error, ERROR_USAGE, "a review needs a target (-t TARGET)");
        return error_hint(error, "-t local is this machine, -t USER@HOST another one");
    }
    for (size_t i = 0; ok && i < request->checklists->count; i++)
        ok = find_and_add(session, request->checklists->items[i], error);
    for (size_t i = 0; ok && request->parameters && i < request->parameters->count; i++) {
        const char *text = request->parameters->items[i];
        AUTO_FREE char *target = setting_target(text);
        if (!target)
            ok = setting_apply(text, session->parameters, session->checklist_count, error);
    }
    return ok && apply_own(session, request, error);
}

/* A file without its first entries would be no review: it goes again when they cannot be written.
 */
static bool write_founding(struct session *session, const char *path,
                           const struct founding *founding, struct error *error)
{
    if (!review_create(path, session->title, &session->author, &session->review, error))
        return false;
    if (review_append(session->review, founding->entries, founding->count, NULL, error))
        return items_read(session, error);
    review_close(take(&session->review));
    unlink(path);
    return false;
}

bool session_create(const struct session_new *request, const struct session_options *options,
                    struct session **ret_session, struct error *error)
{
    AUTO(session) struct session *session = session_new(options);
    struct founding founding = {0};
    bool ok;

    if (!identity_load(&session->author, error) || !load_request(session, request, error))
        return false;
    found_checklists(&founding, session);
    found_own(&founding, session, request->parameters);
    ok = found_targets(&founding, request->targets, error);
    if (ok && request->flows && request->flows->count)
        found(&founding, ENTRY_FLOWS, flows_body(request->flows, request->flows_file), NULL);
    if (ok) {
        session->title = make_title(session, request);
        ok = write_founding(session, request->path, &founding, error);
    }
    founding_release(&founding);
    if (!ok)
        return false;
    recent_reviews_add(review_path(session->review));
    *ret_session = take(&session);
    return true;
}
