/* SPDX-License-Identifier: Apache-2.0 */
#include "app_main.h"

#include "assess/signoff.h"
#include "base/clock.h"
#include "base/path.h"
#include "drafts.h"
#include "frame.h"
#include "screens.h"
#include "session_events.h"

enum { QUESTION_GUARD_MS = 300, REFRESH_EVERY_MS = 1000 };

/* ---- life ---- */

static void load_keys(struct app *app)
{
    AUTO_FREE char *folder = path_config_folder();
    AUTO_FREE char *own = path_join(folder, "keys");
    struct error error = {0};
    keymap_init(&app->keymap);
    if (!keymap_load(&app->keymap, app->options.keys_path != NULL ? app->options.keys_path : own,
                     &error))
        app_fail(app, &error);
}

void app_init(struct app *app, struct loop *loop, const struct tui_options *options)
{
    *app = (struct app){.loop = loop, .guard_ms = QUESTION_GUARD_MS};
    if (options != NULL)
        app->options = *options;
    load_keys(app);
    app->start = start_new(app);
}

static void close_session(struct app *app)
{
    while (app->overlay_count > 0)
        app_pop(app, app->overlays[app->overlay_count - 1]);
    for (int tab = 0; tab < TAB_COUNT; tab++) {
        view_free(app->tabs[tab]);
        app->tabs[tab] = NULL;
    }
    session_close(app->session);
    app->session = NULL;
    app->focus = (struct focus){0};
    free(take(&app->draft_key));
}

void app_release(struct app *app)
{
    close_session(app);
    session_close(app->opened);
    view_free(app->start);
    free(app->overlays);
    free(app->message);
    free(app->draft_key);
    loop_timer_remove(app->loop, app->spinner);
    loop_timer_remove(app->loop, app->painter);
    keymap_release(&app->keymap);
    canvas_release(&app->canvas);
    *app = (struct app){0};
}

static void verify(struct app *app)
{
    struct error error = {0};
    const char *problem;
    if (app->options.program_path == NULL) {
        enum verify_answer answer = session_verify(app->session, &problem);
        announce_verified(app, answer, problem);
    } else if (!session_verify_start(app->session, app->options.program_path, &error)) {
        app_fail(app, &error);
    }
}

void app_settle(struct app *app)
{
    if (app->opened == NULL)
        return;
    struct session *session = take(&app->opened);
    close_session(app);
    app->session = session;
    app->tabs[TAB_OVERVIEW] = overview_new(app);
    app->tabs[TAB_WALK] = walk_new(app);
    app->tabs[TAB_EVIDENCE] = evidence_new(app);
    app->tabs[TAB_FINDINGS] = findings_new(app);
    app->tabs[TAB_ACCESS] = access_new(app);
    app->tabs[TAB_FLOWS] = flows_new(app);
    app->tabs[TAB_HISTORY] = history_new(app);
    app->tabs[TAB_SIGNOFF] = signoff_new(app);
    app->tab = app->tab_before = TAB_OVERVIEW;
    app_update(app);
    drafts_announce(app);
    verify(app);
}

/* ---- drawing ---- */

static void draw_too_small(struct app *app)
{
    struct rect all = {0, 0, app->canvas.rows, app->canvas.columns};
    struct strip strip = canvas_strip(&app->canvas, all, app->canvas.rows / 2);
    strip_format(&strip, ROLE_TEXT, "walkdown needs %dx%d, this is %dx%d", LAYOUT_COLUMNS_MIN,
                 LAYOUT_ROWS_MIN, app->canvas.columns, app->canvas.rows);
}

void app_draw(struct app *app)
{
    if (app->is_stale)
        app_update(app);
    struct canvas *canvas = &app->canvas;
    canvas_clear(canvas, canvas->rows, canvas->columns);
    struct layout layout = layout_screen(canvas->rows, canvas->columns);
    if (layout.is_too_small) {
        draw_too_small(app);
        return;
    }
    frame_draw_top(app, layout.top);
    frame_draw_tabs(app, layout.tabs);
    struct view *screen = app_screen(app);
    screen->class->draw(screen, canvas, layout.body);
    for (size_t i = 0; i < app->overlay_count; i++) {
        canvas->cursor_is_visible = false;
        app->overlays[i]->class->draw(app->overlays[i], canvas, layout.body);
    }
    frame_draw_long_message(app, layout.body);
    frame_draw_bottom(app, layout.bottom, app_front(app));
}

/* ---- events ---- */

/* Another process may write to the same file: have a look now and then, when a key is pressed. */
static void refresh(struct app *app)
{
    struct error error = {0};
    bool changed = false;
    int64_t now_ms = clock_monotonic_ms();
    if (app->session == NULL || now_ms - app->refreshed_ms < REFRESH_EVERY_MS)
        return;
    app->refreshed_ms = now_ms;
    if (!session_refresh(app->session, &changed, &error))
        app_fail(app, &error);
    if (changed)
        app->is_stale = true;
}

static bool type_key(struct app *app, struct key key)
{
    struct view *view = app_front(app);
    enum action action = keymap_find(&app->keymap, key, view->class->context(view));
    if (action != ACTION_NONE)
        return app_act(app, action);
    if (view->class->type == NULL || (key.modifiers & MODIFIER_ALT))
        return false;
    view->class->type(view, key);
    return true;
}

static void handle_key(struct app *app, struct key key)
{
    struct view *view = app_front(app);
    bool is_bound = keymap_find(&app->keymap, key, view->class->context(view)) != ACTION_NONE;
    if (!(key.modifiers & MODIFIER_ALT) || is_bound) {
        type_key(app, key);
        return;
    }
    /* Alt that means nothing here was Esc, with a key close behind it. */
    type_key(app, (struct key){KEYCODE_ESCAPE, 0});
    key.modifiers &= (uint8_t)~MODIFIER_ALT;
    type_key(app, key);
}

static void handle_mouse(struct app *app, const struct event *event)
{
    struct view *view = app_front(app);
    int tab = event->row == 1 ? frame_tab_at(app, event->column) : -1;
    if (event->kind == EVENT_CLICK && tab >= 0 && app->overlay_count == 0)
        app_go(app, (enum tab)tab);
    else if (view->class->mouse != NULL)
        view->class->mouse(view, event);
}

void app_handle(struct app *app, const struct event *event)
{
    refresh(app);
    if (app->is_stale)
        app_update(app);
    if (event->kind != EVENT_SYNC) {
        free(app->message);
        app->message = NULL;
    }
    struct view *view = app_front(app);
    if (event->kind == EVENT_KEY)
        handle_key(app, event->key);
    else if (event->kind == EVENT_PASTE && view->class->paste != NULL)
        view->class->paste(view, event->paste, event->paste_length);
    else if (event->kind == EVENT_PASTE)
        app_say(app, MESSAGE_INFO, "pasted text has no place here; nothing was done");
    else if (event->kind != EVENT_SYNC)
        handle_mouse(app, event);
    app_settle(app);
    if (app->is_asked && app->overlay_count == 0)
        question_open(app);
}
