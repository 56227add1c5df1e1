/* SPDX-License-Identifier: Apache-2.0 */
/* The Start screen: the reviews opened before, a new one, or one by its path. */
#include "assess/identity.h"
#include "base/clock.h"
#include "base/path.h"
#include "draw.h"
#include "layout.h"
#include "note.h"
#include "screens.h"

#include <sys/stat.h>

enum { COLUMNS_MAX = 84, NAME_COLUMNS = 30, HEAD_ROWS = 4 };

struct recent {
    char *path;
    int64_t changed_ms;
};

struct start {
    struct view view;
    struct recent *recents;
    size_t recent_count;
    struct list list;
    struct rect rows; /* as drawn last */
};

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_START;
}

static int64_t change_time_ms(const char *path)
{
    struct stat status;
    if (stat(path, &status) < 0)
        return 0;
    return (int64_t)status.st_mtim.tv_sec * 1000 + status.st_mtim.tv_nsec / 1000000;
}

static void read_recents(struct start *start)
{
    AUTO_RELEASE(strings) struct strings paths = {0};
    recent_reviews(&paths);
    for (size_t i = 0; i < paths.count; i++)
        *array_push(start->recents, start->recent_count) =
            (struct recent){memory_copy_text(paths.items[i]), change_time_ms(paths.items[i])};
    list_set_count(&start->list, (int)start->recent_count);
}

/* ---- drawing ---- */

static void draw_recent(const struct start *start, struct canvas *canvas, struct rect area, int row)
{
    size_t index = (size_t)start->list.top + (size_t)row;
    if (index >= start->recent_count)
        return;
    const struct recent *recent = &start->recents[index];
    char time[CLOCK_TEXT_BYTES];
    size_t length = (size_t)(path_base(recent->path) - recent->path);
    AUTO_FREE char *whole = memory_copy(recent->path, length > 1 ? length - 1 : length);
    AUTO_FREE char *folder = path_text(whole);
    struct strip strip = canvas_strip(canvas, area, row);
    strip_skip(&strip, 2);
    strip_put_right(&strip, ROLE_DIM, clock_format_minute(recent->changed_ms, time));
    strip.limit -= 2;
    struct strip name = strip;
    name.limit = name.next + NAME_COLUMNS < strip.limit ? name.next + NAME_COLUMNS : strip.limit;
    strip_put(&name, ROLE_TEXT, path_base(recent->path));
    strip_skip(&strip, NAME_COLUMNS + 2);
    strip_put(&strip, ROLE_DIM, folder);
}

static void draw_head(struct canvas *canvas, struct rect area)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    strip_skip(&strip, 2);
    strip_put(&strip, ROLE_TITLE_FOCUS, "walkdown");
    strip_put(&strip, ROLE_DIM, " " PACKAGE_VERSION);
    strip = canvas_strip(canvas, area, 1);
    strip_skip(&strip, 2);
    strip_put(&strip, ROLE_DIM, "checklist-driven reviews of isolated environments");
}

static void draw_welcome(struct app *app, struct canvas *canvas, struct rect area)
{
    static const struct {
        enum action action;
        const char *text;
    } steps[] = {{ACTION_NEW, "makes a new review: a checklist, and where to look"},
                 {ACTION_OPEN_FILE, "opens a review by its path"},
                 {ACTION_HELP, "tells the keys, here as everywhere"}};
    for (size_t i = 0; i < LENGTH(steps); i++) {
        AUTO_RELEASE(buffer) struct buffer key = {0};
        struct strip strip = canvas_strip(canvas, area, (int)i);
        keymap_format_keys(&app->keymap, steps[i].action, CONTEXT_START, false, &key);
        strip_skip(&strip, 2);
        strip_put(&strip, ROLE_KEY, buffer_text(&key));
        strip_skip_to(&strip, 5);
        strip_put(&strip, ROLE_TEXT, steps[i].text);
    }
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct start *start = (struct start *)view;
    struct rect body = layout_center(area, area.rows - 2, COLUMNS_MAX);
    struct rect head = layout_take_top(&body, body.rows > 14 ? HEAD_ROWS : 3);
    draw_head(canvas, head);
    if (start->recent_count == 0) {
        draw_welcome(view->app, canvas, body);
        return;
    }
    draw_title(canvas, body, &(struct title){"Recent reviews", NULL, true});
    struct rect rows = layout_below_title(body);
    start->rows = rows;
    list_show(&start->list, rows.rows);
    for (int row = 0; row < rows.rows; row++)
        draw_recent(start, canvas, rows, row);
    draw_selection(canvas, rows, &start->list, true);
    draw_list_scrollbar(canvas, rows, &start->list);
}

/* ---- acting ---- */

static bool open_path(struct app *app, void *context UNUSED, const char *text)
{
    struct error error = {0};
    AUTO_FREE char *home = path_home();
    AUTO_FREE char *path =
        strncmp(text, "~/", 2) == 0 ? path_join(home, text + 2) : memory_copy_text(text);
    if (app_open(app, path, &error))
        return true;
    app_fail(app, &error);
    return false;
}

static void show(struct start *start)
{
    if (start->list.selected >= 0)
        (void)open_path(start->view.app, NULL, start->recents[start->list.selected].path);
}

static bool act(struct view *view, enum action action)
{
    struct start *start = (struct start *)view;
    switch (action) {
    case ACTION_SHOW:
        show(start);
        return true;
    case ACTION_NEW:
        create_open(view->app);
        return true;
    case ACTION_OPEN_FILE:
        note_open(view->app, &(struct note_request){.title = "Open a review",
                                                    .prompt = "Path of the review file:",
                                                    .kind = EDITOR_LINE,
                                                    .save = "open",
                                                    .done = open_path});
        return true;
    default:
        return list_act(&start->list, action);
    }
}

static void mouse(struct view *view, const struct event *event)
{
    struct start *start = (struct start *)view;
    if (event->kind != EVENT_CLICK) {
        list_scroll(&start->list, event->kind == EVENT_WHEEL_UP ? -3 : 3);
        return;
    }
    int row = start->list.top + event->row - start->rows.row;
    if (!layout_contains(start->rows, event->row, event->column) || row >= start->list.count)
        return;
    bool was_selected = row == start->list.selected;
    list_select(&start->list, row);
    if (was_selected)
        show(start);
}

static const char *hint(const struct view *view, enum action action)
{
    const struct start *start = (const struct start *)view;
    if (action == ACTION_SHOW)
        return start->recent_count > 0 ? "open" : "";
    return action == ACTION_QUIT ? "quit" : NULL;
}

static void free_start(struct view *view)
{
    struct start *start = (struct start *)view;
    for (size_t i = 0; i < start->recent_count; i++)
        free(start->recents[i].path);
    free(start->recents);
    free(start);
}

static const struct view_class start_class = {.title = "Start",
                                              .context = context,
                                              .draw = draw,
                                              .act = act,
                                              .mouse = mouse,
                                              .hint = hint,
                                              .free = free_start};

struct view *start_new(struct app *app)
{
    struct start *start = memory_new(1, sizeof(*start));
    start->view = (struct view){&start_class, app};
    read_recents(start);
    return &start->view;
}
