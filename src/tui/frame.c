/* SPDX-License-Identifier: Apache-2.0 */
#include "frame.h"

#include "assess/flows.h"
#include "base/path.h"
#include "document.h"
#include "draw.h"

enum { LONG_MESSAGE_ROWS_MAX = 5 };

/* ---- top bar ---- */

static void put_progress(struct app *app, struct strip *strip)
{
    struct item_counts counts = session_count(app->session, NULL, NULL);
    size_t done = counts.total - counts.open - counts.disputed;
    AUTO_FREE char *text = memory_format("  %zu/%zu ", done, counts.total);
    strip_put_right(strip, ROLE_BAR_STRONG, text);
}

static void put_targets(struct app *app, struct strip *strip)
{
    size_t count;
    (void)session_targets(app->session, &count);
    AUTO_FREE char *text = memory_format("  %zu target%s", count, count == 1 ? "" : "s");
    strip_put_right(strip, ROLE_BAR, text);
}

static void put_probing(struct app *app, struct strip *strip)
{
    size_t running = session_running_count(app->session);
    if (running == 0)
        return;
    const char *sign = glyph_text(glyph_spinner(app->spinner_step), app->canvas.ascii);
    struct flows_progress flows;
    AUTO_FREE char *text =
        session_measure_progress(app->session, &flows)
            ? memory_format("  measuring %zu/%zu ", flows.vantage + 1, flows.vantage_count)
            : memory_format("  %zu probing ", running);
    struct strip spin = *strip;
    if (strip_left(strip) < (int)strlen(text) + 1)
        return;
    spin.next = spin.limit - 1;
    strip_put(&spin, ROLE_BAR_STRONG, sign);
    strip->limit--;
    strip_put_right(strip, ROLE_BAR_STRONG, text);
}

static void put_checklists(struct app *app, struct strip *strip)
{
    size_t count;
    const struct checklist *const *checklists = session_checklists(app->session, &count);
    if (count == 0)
        return;
    strip_skip(strip, 2);
    strip_format(strip, ROLE_BAR, "%s %s", checklists[0]->id, checklists[0]->version);
    if (count > 1)
        strip_format(strip, ROLE_BAR, " +%zu", count - 1);
}

void frame_draw_top(struct app *app, struct rect area)
{
    canvas_fill(&app->canvas, area, ROLE_BAR);
    struct strip strip = canvas_strip(&app->canvas, area, 0);
    strip_skip(&strip, 1);
    strip_put(&strip, ROLE_BAR_STRONG, "walkdown");
    if (app->session == NULL)
        return;
    put_progress(app, &strip);
    put_probing(app, &strip);
    put_targets(app, &strip);
    strip_skip(&strip, 2);
    strip_put(&strip, ROLE_BAR_STRONG, path_base(session_path(app->session)));
    if (session_is_read_only(app->session))
        strip_put(&strip, ROLE_BAR, " (read-only)");
    put_checklists(app, &strip);
}

/* ---- tabs ---- */

/* The key that leads to a screen. */
static char *tab_key(const struct app *app, int tab)
{
    static const enum action actions[] = {
#define X(name) ACTION_GO_##name,
        TABS(X)
#undef X
    };
    struct buffer key = {0};
    keymap_format_keys(&app->keymap, actions[tab], CONTEXT_OVERVIEW, false, &key);
    return buffer_take(&key);
}

enum { TAB_GAP = 3 }; /* columns between two tabs where there is room */

/* The columns between two tabs; 0 when there is no room for all titles: then only the current one
 * is written out: " 1  2 Walk  3 ". */
static int tab_gap(const struct app *app)
{
    int columns = 1;
    for (int tab = 0; tab < TAB_COUNT; tab++) {
        AUTO_FREE char *key = tab_key(app, tab);
        columns += (int)(strlen(app->tabs[tab]->class->title) + strlen(key)) + 1;
    }
    int left = app->canvas.columns - columns;
    int gap = left < 0 ? 0 : left / (TAB_COUNT - 1);
    return gap < TAB_GAP ? gap : TAB_GAP;
}

/* With the gap behind it, in which a click counts as well. */
static int tab_columns(const struct app *app, int tab, int gap)
{
    bool has_title = tab == (int)app->tab || gap > 0;
    AUTO_FREE char *key = tab_key(app, tab);
    return (int)strlen(key) + (has_title ? (int)strlen(app->tabs[tab]->class->title) + 1 : 0) +
           (gap > 0 ? gap : TAB_GAP);
}

void frame_draw_tabs(struct app *app, struct rect area)
{
    struct strip strip = canvas_strip(&app->canvas, area, 0);
    int gap = app->session != NULL ? tab_gap(app) : 0;
    strip_skip(&strip, 1);
    for (int tab = 0; app->session != NULL && tab < TAB_COUNT; tab++) {
        bool is_current = tab == (int)app->tab;
        AUTO_FREE char *key = tab_key(app, tab);
        strip_put(&strip, is_current ? ROLE_TAB_CURRENT : ROLE_KEY, key);
        if (is_current || gap > 0)
            strip_format(&strip, is_current ? ROLE_TAB_CURRENT : ROLE_TAB, " %s",
                         app->tabs[tab]->class->title);
        strip_skip(&strip, gap > 0 ? gap : TAB_GAP);
    }
}

int frame_tab_at(const struct app *app, int column)
{
    int start = 1;
    int gap = app->session != NULL ? tab_gap(app) : 0;
    for (int tab = 0; app->session != NULL && tab < TAB_COUNT; tab++) {
        start += tab_columns(app, tab, gap);
        if (column < start)
            return tab;
    }
    return -1;
}

/* ---- bottom bar ---- */

static const char *hint_of(const struct view *view, enum action action)
{
    const char *own = view->class->hint != NULL ? view->class->hint(view, action) : NULL;
    return own != NULL ? own : action_info(action)->hint;
}

/* False when there is no room for it. */
static bool put_hint(struct app *app, struct strip *strip, enum action action,
                     const struct view *view)
{
    enum context context = view->class->context(view);
    const char *hint = hint_of(view, action);
    if (hint[0] == '\0' || !(action_info(action)->contexts & context))
        return true;
    AUTO_RELEASE(buffer) struct buffer key = {0};
    keymap_format_keys(&app->keymap, action, context, false, &key);
    const char *name = buffer_text(&key);
    if (name[0] == '\0')
        return true;
    if (name[0] == '<' && key.length > 2) { /* the brackets are noise to a reader */
        key.data[--key.length] = '\0';
        name++;
    }
    int columns = canvas_text_width(&app->canvas, name) + (int)strlen(hint) + 3;
    if (columns > strip_left(strip))
        return false;
    strip_put(strip, ROLE_KEY, name);
    strip_skip(strip, 1);
    strip_put(strip, ROLE_DIM, hint);
    strip_skip(strip, 2);
    return true;
}

static const enum role message_roles[] = {
    [MESSAGE_INFO] = ROLE_TEXT, [MESSAGE_GOOD] = ROLE_PASS, [MESSAGE_BAD] = ROLE_FAIL};
static const enum glyph message_glyphs[] = {
    [MESSAGE_INFO] = GLYPH_SEPARATOR, [MESSAGE_GOOD] = GLYPH_PASS, [MESSAGE_BAD] = GLYPH_FAIL};

static bool message_is_long(const struct app *app)
{
    return canvas_text_width(&app->canvas, app->message) + 8 > app->canvas.columns;
}

static void put_message(struct app *app, struct strip *strip)
{
    enum role role = message_roles[app->message_level];
    struct strip right = *strip;
    right.next = right.limit - canvas_text_width(&app->canvas, app->message) - 4;
    strip->limit = right.next;
    strip_skip(&right, 1);
    strip_glyph(&right, role, message_glyphs[app->message_level]);
    strip_skip(&right, 1);
    strip_put(&right, role, app->message);
}

void frame_draw_long_message(struct app *app, struct rect body)
{
    if (app->message == NULL || !message_is_long(app))
        return;
    enum role role = message_roles[app->message_level];
    const char *sign = glyph_text(message_glyphs[app->message_level], app->canvas.ascii);
    struct document document;
    document_init(&document, &app->canvas, body.columns - 3);
    document_labeled(&document, sign, role, 2, app->message);
    document.lines[0].label_role = role;
    int rows =
        (int)document.count < LONG_MESSAGE_ROWS_MAX ? (int)document.count : LONG_MESSAGE_ROWS_MAX;
    struct rect area = layout_take_bottom(&body, rows + 1);
    canvas_fill(&app->canvas, area, ROLE_TEXT);
    draw_title(&app->canvas, area, &(struct title){NULL, NULL, false});
    layout_take_top(&area, 1);
    document_draw(&document, &app->canvas, layout_indent(area, 1), 0);
    document_release(&document);
}

void frame_draw_bottom(struct app *app, struct rect area, const struct view *view)
{
    struct strip strip = canvas_strip(&app->canvas, area, 0);
    strip_skip(&strip, 1);
    if (app->message != NULL && !message_is_long(app))
        put_message(app, &strip);
    if (action_info(ACTION_HELP)->contexts & view->class->context(view) &&
        strip_left(&strip) > 10) {
        struct strip help = strip;
        help.next = help.limit - 8;
        strip.limit -= 8;
        strip_put(&help, ROLE_KEY, "?");
        strip_put(&help, ROLE_DIM, " help");
    }
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
        if (!put_hint(app, &strip, action, view))
            break;
}
