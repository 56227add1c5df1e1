/* SPDX-License-Identifier: Apache-2.0 */
/* A longer text over the screen: commands, an entry of the ledger, what is signed, the help. */
#include "document.h"
#include "draw.h"
#include "layout.h"
#include "note.h"
#include "pager.h"
#include "screens.h"

enum { COLUMNS_MAX = 104, EDGE = 4, LABEL_COLUMNS_MAX = 24 };

struct viewer {
    struct view view;
    char *title, *text;
    struct buffer laid_out; /* our own text, for COLUMNS */
    int columns;
    struct pager pager;
};

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_VIEWER;
}

/* ---- laying our own text out ---- */

static int label_columns(const struct viewer *viewer, const struct canvas *canvas)
{
    int most = 0;
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, viewer->text, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        char *tab = strchr(lines.items[i], '\t');
        if (tab == NULL)
            continue;
        *tab = '\0';
        int columns = canvas_text_width(canvas, lines.items[i]) + 2;
        most = columns > most && columns <= LABEL_COLUMNS_MAX ? columns : most;
    }
    return most;
}

/* Words are wrapped; what stands before a TAB is a label, and its text hangs beside it. */
static void lay_out(struct viewer *viewer, const struct canvas *canvas, int columns)
{
    int indent = label_columns(viewer, canvas);
    struct document document;
    AUTO_RELEASE(strings) struct strings lines = {0};
    document_init(&document, canvas, columns);
    strings_split(&lines, viewer->text, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        char *tab = strchr(lines.items[i], '\t');
        if (tab != NULL)
            *tab = '\0';
        if (tab != NULL)
            document_labeled(&document, lines.items[i], ROLE_TEXT, indent, tab + 1);
        else
            document_text(&document, ROLE_TEXT, 0, lines.items[i]);
    }
    size_t line = viewer->columns > 0 ? lines_number(&viewer->pager.lines, viewer->pager.top) : 0;
    buffer_clear(&viewer->laid_out);
    document_write(&document, &viewer->laid_out);
    document_release(&document);
    viewer->columns = columns;
    pager_set(&viewer->pager, buffer_text(&viewer->laid_out), viewer->laid_out.length);
    if (line < viewer->pager.lines.count)
        viewer->pager.top = lines_start(&viewer->pager.lines, line);
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct viewer *viewer = (struct viewer *)view;
    int columns = area.columns - EDGE < COLUMNS_MAX ? area.columns : COLUMNS_MAX;
    struct rect box = layout_center(area, area.rows, columns);
    struct rect inside = draw_box(canvas, box, viewer->title);
    int text_columns = inside.columns - 2;
    if (viewer->pager.plain && viewer->columns != text_columns)
        lay_out(viewer, canvas, text_columns);
    pager_draw(&viewer->pager, canvas, inside);
    AUTO_RELEASE(buffer) struct buffer position = {0};
    buffer_append_byte(&position, ' ');
    pager_format_position(&viewer->pager, &position);
    buffer_append_byte(&position, ' ');
    struct rect edge = {box.row + box.rows - 1, box.column, 1, box.columns - 2};
    struct strip strip = canvas_strip(canvas, edge, 0);
    strip_put_right(&strip, ROLE_DIM, buffer_text(&position));
}

static bool search_done(struct app *app, void *viewer_context, const char *text)
{
    struct viewer *viewer = viewer_context;
    if (!pager_search(&viewer->pager, text))
        app_say(app, MESSAGE_INFO, "not found: %s", text);
    return true;
}

static void ask_search(struct viewer *viewer)
{
    note_open(viewer->view.app, &(struct note_request){.title = "Search",
                                                       .kind = EDITOR_LINE,
                                                       .initial = viewer->pager.search,
                                                       .save = "search",
                                                       .is_prompt = true,
                                                       .may_be_empty = true,
                                                       .done = search_done,
                                                       .context = viewer});
}

static void next_match(struct viewer *viewer, bool forward)
{
    if (!pager_search_next(&viewer->pager, forward))
        app_say(viewer->view.app, MESSAGE_INFO, "nothing is searched for, or it is not here");
}

static void go_back(struct viewer *viewer)
{
    if (viewer->pager.search != NULL)
        (void)pager_search(&viewer->pager, NULL);
    else
        app_pop(viewer->view.app, &viewer->view);
}

static bool act(struct view *view, enum action action)
{
    struct viewer *viewer = (struct viewer *)view;
    switch (action) {
    case ACTION_BACK:
    case ACTION_QUIT:
        go_back(viewer);
        return true;
    case ACTION_SEARCH:
        ask_search(viewer);
        return true;
    case ACTION_NEXT_MATCH:
        next_match(viewer, true);
        return true;
    case ACTION_PREVIOUS_MATCH:
        next_match(viewer, false);
        return true;
    case ACTION_RAW:
        return viewer->pager.plain || pager_act(&viewer->pager, action);
    default:
        return pager_act(&viewer->pager, action);
    }
}

static void mouse(struct view *view, const struct event *event)
{
    struct viewer *viewer = (struct viewer *)view;
    if (event->kind == EVENT_WHEEL_UP || event->kind == EVENT_WHEEL_DOWN)
        pager_scroll(&viewer->pager, event->kind == EVENT_WHEEL_UP ? -3 : 3);
}

static const char *hint(const struct view *view, enum action action)
{
    const struct viewer *viewer = (const struct viewer *)view;
    if ((action == ACTION_RAW || action == ACTION_WRAP) && viewer->pager.plain)
        return "";
    return action == ACTION_BACK ? "close" : NULL;
}

static void free_viewer(struct view *view)
{
    struct viewer *viewer = (struct viewer *)view;
    pager_release(&viewer->pager);
    buffer_release(&viewer->laid_out);
    free(viewer->title);
    free(viewer->text);
    free(viewer);
}

static const struct view_class viewer_class = {.title = "Text",
                                               .context = context,
                                               .draw = draw,
                                               .act = act,
                                               .mouse = mouse,
                                               .hint = hint,
                                               .free = free_viewer};

void viewer_open(struct app *app, const char *title, char *text, bool is_foreign)
{
    struct viewer *viewer = memory_new(1, sizeof(*viewer));
    viewer->view = (struct view){&viewer_class, app};
    viewer->title = memory_copy_text(title);
    viewer->text = text;
    viewer->pager.plain = !is_foreign;
    viewer->pager.wrap = true;
    if (is_foreign)
        pager_set(&viewer->pager, viewer->text, strlen(viewer->text));
    app_push(app, &viewer->view);
}
