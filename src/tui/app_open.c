/* SPDX-License-Identifier: Apache-2.0 */
#include "app.h"
#include "session_events.h"

bool app_open(struct app *app, const char *path, struct error *error)
{
    struct session_events events = session_events_for(app);
    struct session_options options = {.loop = app->loop,
                                      .events = &events,
                                      .read_only = app->options.read_only,
                                      .worker_path = app->options.worker_path};
    return session_open(path, &options, &app->opened, error);
}

bool app_create(struct app *app, const struct session_new *request, struct error *error)
{
    struct session_events events = session_events_for(app);
    struct session_options options = {
        .loop = app->loop, .events = &events, .worker_path = app->options.worker_path};
    return session_create(request, &options, &app->opened, error);
}
