/* SPDX-License-Identifier: Apache-2.0 */
#include "session_events.h"

#include "dialog.h"
#include "screens.h"

enum { PAINT_MS = 33, SPIN_MS = 100 };

static void paint(void *context)
{
    struct app *app = context;
    app->painter = NULL;
    if (app->paint != NULL)
        app->paint(app->host.context);
}

void paint_soon(struct app *app)
{
    if (app->painter == NULL)
        app->painter = loop_timer_add(app->loop, PAINT_MS, 0, paint, app);
}

static void turn_spinner(void *context)
{
    struct app *app = context;
    app->spinner_step++;
    spinner_update(app);
    if (app->paint != NULL)
        app->paint(app->host.context);
}

void spinner_update(struct app *app)
{
    bool is_needed = app->session != NULL && session_running_count(app->session) > 0;
    if (is_needed && app->spinner == NULL) {
        app->spinner = loop_timer_add(app->loop, SPIN_MS, SPIN_MS, turn_spinner, app);
    } else if (!is_needed && app->spinner != NULL) {
        loop_timer_remove(app->loop, app->spinner);
        app->spinner = NULL;
    }
}

static void on_changed(void *context)
{
    struct app *app = context;
    app->is_stale = true;
    paint_soon(app);
}

/* A question may not take the keys of somebody who is typing something else. */
static void on_asked(void *context)
{
    struct app *app = context;
    app->is_asked = true;
    if (app->overlay_count == 0)
        question_open(app);
    else
        app_say(app, MESSAGE_INFO, "a target waits for an answer; finish this first");
    paint_soon(app);
}

static void warn(struct app *app, const char *target, const struct error *error)
{
    AUTO_FREE char *title = memory_format("%s was not contacted", target);
    AUTO_FREE char *text = error->hint[0] != '\0'
                               ? memory_format("%s\n\n%s", error->message, error->hint)
                               : memory_copy_text(error->message);
    dialog_open(app, &(struct dialog_request){
                         .title = title, .text = text, .is_warning = true, .is_guarded = true});
}

/* DONE: what to say when there is no error. */
static void tell_end(struct app *app, size_t target, const struct error *error, const char *done)
{
    const char *name = app_target_name(app, target);
    app->is_stale = true;
    spinner_update(app);
    if (error == NULL)
        app_say(app, MESSAGE_GOOD, "%s: %s", name, done);
    else if (error->code == ERROR_DENIED && app->overlay_count == 0 && !app->has_refused)
        warn(app, name, error);
    else if (error->code == ERROR_CANCELLED)
        app_say(app, MESSAGE_INFO, "%s: stopped", name);
    else
        app_say(app, MESSAGE_BAD, "%s: %s", name, error->message);
    app->has_refused = false;
    paint_soon(app);
}

static void on_run_ended(void *context, size_t target, const struct error *error)
{
    tell_end(context, target, error, "all evidence gathered");
}

static void on_measured(void *context, size_t target, const struct error *error)
{
    tell_end(context, target, error, "answered, and recorded");
}

void announce_verified(struct app *app, enum verify_answer answer, const char *problem)
{
    if (answer == VERIFY_TAMPERED || answer == VERIFY_CANNOT)
        app_say(app, MESSAGE_BAD, "this file does not verify: %s (walkdown verify tells more)",
                problem);
}

static void on_verified(void *context, enum verify_answer answer, const char *problem)
{
    struct app *app = context;
    announce_verified(app, answer, problem);
    app->is_stale = true;
    paint_soon(app);
}

static void on_looked(void *context, const char *other, const struct merge_report *report,
                      const struct error *error)
{
    struct app *app = context;
    app->looked(app, other, report, error);
    paint_soon(app);
}

struct session_events session_events_for(struct app *app)
{
    return (struct session_events){.context = app,
                                   .changed = on_changed,
                                   .asked = on_asked,
                                   .run_ended = on_run_ended,
                                   .measured = on_measured,
                                   .verified = on_verified,
                                   .looked = on_looked};
}
