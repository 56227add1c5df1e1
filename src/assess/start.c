/* SPDX-License-Identifier: Apache-2.0 */
/* What a run would do, whether it may, and its start; the start of a measurement of flows. */
#include "assess/flows.h"
#include "capture.h"
#include "checklist/catalog.h"

#include <string.h>

static bool is_waiting(const struct session *session, size_t target)
{
    for (size_t i = 0; i < session->waiting_count; i++)
        if (session->waiting[i].target == target)
            return true;
    return false;
}

static bool ensure_consent(struct session *session, const struct consent_row_list *consents,
                           size_t target, bool given, struct error *error)
{
    if (consent_is_on_record(session, consents, target, CONSENT_READ))
        return true;
    if (given) {
        consent_record(session, target, CONSENT_READ);
        return true;
    }
    error_set(error, ERROR_DENIED, "nobody consented to run these commands on '%s'",
              session->targets[target].name);
    return error_hint(error, "read them with 'walkdown run --dry-run', then give --consent read");
}

static bool prepare_target(struct session *session, const struct consent_row_list *consents,
                           size_t target, const struct run_request *request, struct error *error)
{
    if (run_of_target(session, target) || is_waiting(session, target))
        return error_set(error, ERROR_CONFLICT, "a run on '%s' is under way",
                         session->targets[target].name);
    if (!ensure_consent(session, consents, target, request->consent_read, error))
        return false;
    if (request->consent_active && !consent_is_on_record(session, consents, target, CONSENT_ACTIVE))
        consent_record(session, target, CONSENT_ACTIVE);
    if (request->consent_sudo)
        sudo_consent(session, consents, target);
    return true;
}

bool run_check_request(struct session *session, const struct run_request *request,
                       struct error *error)
{
    size_t target;
    bool has_any = false;

    if (session->is_read_only)
        return error_set(error, ERROR_DENIED, "the review is open read-only");
    if (!session->loop)
        return error_set(error, ERROR_UNSUPPORTED, "no probes can be run here");
    if (session->measuring) {
        error_set(error, ERROR_CONFLICT, "flows are being measured");
        return error_hint(error, "wait until that is done, or stop it");
    }
    if (request->target && !target_require(session, request->target, &target, error))
        return false;
    for (size_t i = 0; request->targets && i < request->targets->count; i++)
        if (!target_require(session, request->targets->items[i], &target, error))
            return false;
    for (size_t t = 0; t < session->target_count; t++)
        has_any = has_any || run_has_items(session, t, request);
    return has_any || error_set(error, ERROR_NOT_FOUND, "the review has no such check or area");
}

bool session_run(struct session *session, const struct run_request *request, struct error *error)
{
    const struct review_filter all = {0};
    AUTO_RELEASE(consent_row_list) struct consent_row_list consents = {0};
    bool ok = run_check_request(session, request, error) && capture_prepare(session, error) &&
              runs_ensure_fleet(session, error) && record_flush(session, error) &&
              review_query_consents(session->review, &all, &consents, error);

    for (size_t t = 0; ok && t < session->target_count; t++)
        ok = !run_has_items(session, t, request) ||
             prepare_target(session, &consents, t, request, error);
    /* No command is sent before the consent to it is on the disk. */
    ok = ok && record_flush(session, error);
    if (!ok)
        return false;
    if (!items_read(session, error)) /* the newest host keys */
        return false;
    runs_queue(session, request);
    runs_start_waiting(session);
    return true;
}

bool session_measure(struct session *session, const struct flows_request *request,
                     struct error *error)
{
    struct flows_preview preview;

    return session_preview_flows(session, request, &preview, error) &&
           record_flush(session, error) && capture_prepare(session, error) &&
           runs_ensure_fleet(session, error) &&
           (request->only_map || session_expect_flows(session, request->lines, NULL, error)) &&
           measuring_begin(session, request, error);
}

static void preview_item(const struct session *session, const struct item *item,
                         struct run_preview *preview)
{
    struct gathering gathering;

    gathering_init(&gathering, session_parameters(session, item), item->check,
                   session->targets[item->target].spec, true);
    preview->check_count += gathering.asking_count > 0;
    bool is_here = strcmp(session->targets[item->target].spec, "local") == 0;
    for (size_t a = 0; a < gathering.asking_count; a++) {
        const struct check_probe *spec = gathering.askings[a].spec;
        preview->reviewer_count +=
            !is_here && asking_vantage(&gathering.askings[a]) == VANTAGE_REVIEWER;
        if (spec && spec->effect == EFFECT_ACTIVE)
            preview->active_count++;
        else
            preview->read_count++;
    }
    gathering_release(&gathering);
}

bool session_preview_run(struct session *session, const struct run_request *request,
                         struct run_preview *ret_preview, struct error *error)
{
    struct run_preview preview = {.is_bundled = true};

    const struct review_filter all = {0};
    AUTO_RELEASE(consent_row_list) struct consent_row_list consents = {0};

    if (!run_check_request(session, request, error) ||
        !review_query_consents(session->review, &all, &consents, error))
        return false;
    for (size_t i = 0; i < session->checklist_count; i++)
        preview.is_bundled =
            preview.is_bundled && catalog_is_bundled(&session->checklists[i]->digest);
    for (size_t i = 0; i < session->item_count; i++)
        if (item_is_requested(session, &session->items[i], request))
            preview_item(session, &session->items[i], &preview);
    for (size_t t = 0; t < session->target_count; t++) {
        if (!run_has_items(session, t, request))
            continue;
        preview.target_count++;
        preview.needs_consent_read |= !consent_is_on_record(session, &consents, t, CONSENT_READ);
        preview.needs_consent_active |=
            preview.active_count > 0 &&
            !consent_is_on_record(session, &consents, t, CONSENT_ACTIVE);
    }
    *ret_preview = preview;
    return true;
}
