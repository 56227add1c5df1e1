/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering evidence: consent to the exact commands first, then it goes on in the background. */
#include "dialog.h"
#include "screens.h"
#include "session_events.h"

/* A request whose texts are its own: the session's do not outlive a change. */
struct consent {
    char *target, *area, *check;
    struct run_request request;
};

static void free_consent(void *context)
{
    struct consent *consent = context;
    free(consent->target);
    free(consent->area);
    free(consent->check);
    free(consent);
}

static struct consent *copy_request(const struct run_request *request)
{
    struct consent *consent = memory_new(1, sizeof(*consent));
    consent->request = *request;
    consent->request.target = consent->target = memory_copy_text(request->target);
    consent->request.area = consent->area = memory_copy_text(request->area);
    consent->request.check = consent->check = memory_copy_text(request->check);
    return consent;
}

static void start(struct app *app, const struct run_request *request)
{
    struct error error = {0};
    if (!session_run(app->session, request, &error)) {
        app_fail(app, &error);
        return;
    }
    app->is_stale = true;
    spinner_update(app);
    app_say(app, MESSAGE_INFO, "gathering evidence; go on working meanwhile");
}

static void view_commands(struct app *app, void *context)
{
    const struct consent *consent = context;
    AUTO_RELEASE(buffer) struct buffer text = {0};
    session_print_commands(app->session, &consent->request, &text);
    viewer_open(app, "The exact commands", buffer_take(&text), true);
}

static void consented(struct app *app, void *context, bool yes)
{
    struct consent *consent = context;
    consent->request.consent_read = true;
    if (yes)
        start(app, &consent->request);
}

/* What a reader could mistake: hidden characters, and letters that look like others. */
static size_t count_odd(struct app *app, const struct run_request *request)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    session_print_commands(app->session, request, &text);
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.data[i];
        bool is_plain = (byte >= ' ' && byte < 0x7F) || byte == '\n' || byte == '\t';
        count += !is_plain && (byte & 0xC0) != 0x80;
    }
    return count;
}

static char *describe(const struct run_preview *preview, size_t odd)
{
    struct buffer text = {0};
    buffer_append_format(&text, "%zu command%s will be sent to %zu target%s, for %zu check%s.",
                         preview->read_count + preview->active_count,
                         preview->read_count + preview->active_count == 1 ? "" : "s",
                         preview->target_count, preview->target_count == 1 ? "" : "s",
                         preview->check_count, preview->check_count == 1 ? "" : "s");
    buffer_append_format(&text, " %zu only read.", preview->read_count);
    if (preview->active_count > 0)
        buffer_append_format(&text, " %zu change%s or contact%s something.", preview->active_count,
                             preview->active_count == 1 ? "s" : "",
                             preview->active_count == 1 ? "s" : "");
    buffer_append_text(&text, preview->is_bundled
                                  ? "\n\nThey come with walkdown. Your consent is recorded."
                                  : "\n\nThis checklist did not come with walkdown: read its "
                                    "commands. Your consent is recorded.");
    if (odd > 0)
        buffer_append_format(
            &text,
            "\n\nThe commands hold %zu character%s that %s hidden or not ASCII, and "
            "may not be what they look like. Read them before you consent.",
            odd, odd == 1 ? "" : "s", odd == 1 ? "is" : "are");
    return buffer_take(&text);
}

static void ask_consent(struct app *app, const struct run_request *request,
                        const struct run_preview *preview)
{
    struct consent *consent = copy_request(request);
    size_t odd = count_odd(app, request);
    AUTO_FREE char *text = describe(preview, odd);
    AUTO_FREE char *active =
        memory_format("also send the %zu that change or contact something", preview->active_count);
    struct dialog_request dialog = {.title = "Consent to these commands?",
                                    .text = text,
                                    .confirm = "consent and start",
                                    .is_warning = odd > 0,
                                    .is_guarded = true,
                                    .view = view_commands,
                                    .view_label = "view the commands",
                                    .must_view = odd > 0,
                                    .done = consented,
                                    .context = consent,
                                    .free_context = free_consent};
    if (preview->active_count > 0)
        dialog.toggles[dialog.toggle_count++] =
            (struct dialog_toggle){ACTION_TOGGLE_ACTIVE, active, &consent->request.consent_active};
    dialog.toggles[dialog.toggle_count++] =
        (struct dialog_toggle){ACTION_TOGGLE_PASSWORD, "a target may ask for a password",
                               &consent->request.allow_password};
    dialog_open(app, &dialog);
}

void run_open(struct app *app, const struct run_request *request)
{
    struct run_preview preview;
    struct error error = {0};
    struct run_request now = *request;
    if (!app_can_write(app))
        return;
    if (!session_preview_run(app->session, request, &preview, &error)) {
        app_fail(app, &error);
        return;
    }
    if (preview.needs_consent_read || preview.needs_consent_active) {
        ask_consent(app, request, &preview);
        return;
    }
    now.consent_active = preview.active_count > 0; /* it is on record */
    start(app, &now);
}

void do_run(struct app *app, const char *check)
{
    const struct check *focus = app->focus.check;
    if (check == NULL) {
        run_open(app, &(struct run_request){0});
        return;
    }
    if (focus->probe_count == 0 && focus->when == NULL) {
        app_say(app, MESSAGE_INFO, "this check has no probe: look, ask, and decide by hand");
        return;
    }
    run_open(app, &(struct run_request){.check = check,
                                        .target = app_target_name(app, app->focus.target)});
}

void do_stop(struct app *app)
{
    if (session_running_count(app->session) == 0) {
        app_say(app, MESSAGE_INFO, "nothing is running; Q quits");
        return;
    }
    session_cancel(app->session, NULL);
}
