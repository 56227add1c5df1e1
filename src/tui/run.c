/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering evidence: consent to the exact commands first, then it goes on in the background. */
#include "commands_view.h"
#include "dialog.h"
#include "screens.h"
#include "session_events.h"

/* A request whose texts are its own: the session's do not outlive a change. */
struct consent {
    char *target, *area, *check;
    struct run_request request;
    bool has_active; /* there are commands that change or contact something */
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
    struct run_request asking = *request;
    asking.sudo_may_ask = true;
    if (!session_run(app->session, &asking, &error)) {
        app_fail(app, &error);
        return;
    }
    app->is_stale = true;
    spinner_update(app);
    app_say(app, MESSAGE_INFO, "gathering evidence; go on working meanwhile");
}

/* Consent is given to every command of a class on a target, not to those of one check alone. */
static struct run_request scope_of(const struct run_request *request)
{
    return (struct run_request){.target = request->target};
}

static void view_commands(struct app *app, void *context)
{
    const struct consent *consent = context;
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct run_request all = scope_of(&consent->request);
    session_print_commands(app->session, &all, &text);
    viewer_open(app, "The exact commands", buffer_take(&text), true);
}

static void consented(struct app *app, void *context, bool yes)
{
    struct consent *consent = context;
    consent->request.consent_read = true;
    if (!yes)
        return;
    app->has_declined_active = consent->has_active && !consent->request.consent_active;
    start(app, &consent->request);
}

static size_t count_odd(struct app *app, const struct run_request *request)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    session_print_commands(app->session, request, &text);
    return commands_count_odd(&text);
}

/* ALL: what consent is given to. NOW: what is sent at once. */
static char *describe(const struct run_preview *all, const struct run_preview *now, size_t odd)
{
    size_t count = all->read_count + all->active_count;
    size_t count_now = now->read_count + now->active_count;
    struct buffer text = {0};
    buffer_append_text(&text, "This review sends ");
    commands_append_count(&text, count, "command");
    buffer_append_text(&text, " to ");
    commands_append_count(&text, all->target_count, "target");
    if (all->active_count == 0)
        buffer_append_text(&text, count == 1 ? ". It only reads." : ". All of them only read.");
    else
        buffer_append_format(&text, ". %zu only read, %zu change or contact something.",
                             all->read_count, all->active_count);
    if (all->reviewer_count > 0)
        buffer_append_format(&text, " %zu of them %s on this machine and %s from here.",
                             all->reviewer_count, all->reviewer_count == 1 ? "runs" : "run",
                             all->reviewer_count == 1 ? "looks" : "look");
    if (count_now < count)
        buffer_append_format(&text, " %zu of them %s sent now.", count_now,
                             count_now == 1 ? "is" : "are");
    buffer_append_text(&text, all->is_bundled
                                  ? "\n\nThey come with walkdown. Your consent is recorded."
                                  : "\n\nThis checklist did not come with walkdown: read its "
                                    "commands. Your consent is recorded.");
    commands_warn_of_odd(&text, odd);
    return buffer_take(&text);
}

static void ask_consent(struct app *app, const struct run_request *request,
                        const struct run_preview *now)
{
    struct run_request scope = scope_of(request);
    struct run_preview all = *now;
    struct error error = {0};
    if (!session_preview_run(app->session, &scope, &all, &error)) {
        app_fail(app, &error);
        return;
    }
    struct consent *consent = copy_request(request);
    consent->has_active = all.active_count > 0;
    size_t odd = count_odd(app, &scope);
    AUTO_FREE char *text = describe(&all, now, odd);
    AUTO_FREE char *active =
        memory_format("also the %zu that change or contact something", all.active_count);
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
    if (all.active_count > 0)
        dialog.toggles[dialog.toggle_count++] =
            (struct dialog_toggle){ACTION_TOGGLE_ACTIVE, active, &consent->request.consent_active};
    dialog.toggles[dialog.toggle_count++] =
        (struct dialog_toggle){ACTION_TOGGLE_PASSWORD, "a target may ask for a password",
                               &consent->request.allow_password};
    dialog_open(app, &dialog);
}

void run_open(struct app *app, const struct run_request *request, bool ask)
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
    bool misses_active = preview.needs_consent_active && !app->has_declined_active;
    if (ask || preview.needs_consent_read || misses_active) {
        ask_consent(app, request, &preview);
        return;
    }
    now.consent_active = preview.active_count > 0 && !preview.needs_consent_active;
    start(app, &now);
}

void do_run(struct app *app, const char *check)
{
    const struct check *focus = app->focus.check;
    if (check == NULL) {
        run_open(app, &(struct run_request){0}, false);
        return;
    }
    if (focus->probe_count == 0 && focus->when == NULL) {
        app_say(app, MESSAGE_INFO, "this check has no probe: look, ask, and decide by hand");
        return;
    }
    run_open(
        app,
        &(struct run_request){.check = check, .target = app_target_name(app, app->focus.target)},
        false);
}

void do_stop(struct app *app)
{
    if (session_running_count(app->session) == 0) {
        app_say(app, MESSAGE_INFO, "nothing is running; Q quits");
        return;
    }
    session_cancel(app->session, NULL);
}
