/* SPDX-License-Identifier: Apache-2.0 */
#include "app.h"

#include <stdarg.h>

/* ---- views ---- */

struct view *app_screen(const struct app *app)
{
    return app->session != NULL ? app->tabs[app->tab] : app->start;
}

struct view *app_front(const struct app *app)
{
    return app->overlay_count > 0 ? app->overlays[app->overlay_count - 1] : app_screen(app);
}

static void enter(struct view *view)
{
    if (view->class->enter != NULL)
        view->class->enter(view);
}

void app_push(struct app *app, struct view *view)
{
    *array_push(app->overlays, app->overlay_count) = view;
    enter(view);
}

void app_pop(struct app *app, struct view *view)
{
    for (size_t i = 0; i < app->overlay_count; i++) {
        if (app->overlays[i] != view)
            continue;
        app->overlay_count--;
        memmove(app->overlays + i, app->overlays + i + 1,
                (app->overlay_count - i) * sizeof(struct view *));
        view_free(view);
        return;
    }
}

void app_go(struct app *app, enum tab tab)
{
    if (app->session == NULL)
        return;
    if (tab != app->tab)
        app->tab_before = app->tab;
    app->tab = tab;
    enter(app->tabs[tab]);
}

void app_go_back(struct app *app)
{
    enum tab target = app->tab_before != app->tab ? app->tab_before : TAB_OVERVIEW;
    app_go(app, target);
    app->tab_before = TAB_OVERVIEW;
}

/* ---- session ---- */

void app_update(struct app *app)
{
    app->is_stale = false;
    for (int tab = 0; app->session != NULL && tab < TAB_COUNT; tab++)
        if (app->tabs[tab] != NULL && app->tabs[tab]->class->update != NULL)
            app->tabs[tab]->class->update(app->tabs[tab]);
}

const struct item *app_item(const struct app *app, struct focus focus)
{
    size_t count;
    const struct item *items = session_items(app->session, &count);
    for (size_t i = 0; focus.check != NULL && i < count; i++)
        if (items[i].check == focus.check && items[i].target == focus.target)
            return &items[i];
    return NULL;
}

const char *app_target_name(const struct app *app, size_t target)
{
    size_t count;
    const struct session_target *targets = session_targets(app->session, &count);
    return target < count ? targets[target].name : "";
}

void app_set_focus(struct app *app, const struct check *check, size_t target)
{
    app->focus = (struct focus){check, target};
}

bool app_can_write(struct app *app)
{
    if (!session_is_read_only(app->session))
        return true;
    app_say(app, MESSAGE_BAD, "the review is open read-only");
    return false;
}

void app_quit(struct app *app)
{
    app->is_done = true;
    loop_stop(app->loop);
}

/* ---- messages ---- */

void app_say(struct app *app, enum message_level level, const char *format, ...)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_append_format_list(&text, format, arguments);
    va_end(arguments);
    free(app->message);
    app->message = buffer_take(&text);
    app->message_level = level;
}

void app_fail(struct app *app, const struct error *error)
{
    if (error->hint[0] != '\0')
        app_say(app, MESSAGE_BAD, "%s (%s)", error->message, error->hint);
    else
        app_say(app, MESSAGE_BAD, "%s", error->message);
}
