/* SPDX-License-Identifier: Apache-2.0 */
/* The History screen: the ledger as a timeline, newest first, narrowed by words. */
#include "base/clock.h"
#include "base/json.h"
#include "draw.h"
#include "layout.h"
#include "note.h"
#include "screens.h"

enum { TIME_COLUMNS = 17, KIND_COLUMNS = 12, CHECK_COLUMNS = 24, AUTHOR_COLUMNS = 16, WIDE = 110 };

struct history {
    struct view view;
    struct event_row_list events; /* oldest first */
    size_t *shown;                /* indexes of those that pass the filter, newest first */
    struct list list;
    char *filter; /* NULL: none */
    bool is_stale;
    struct rect rows; /* as drawn last */
};

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_HISTORY;
}

static void update(struct view *view)
{
    ((struct history *)view)->is_stale = true;
}

/* ---- what is shown ---- */

static bool has_word(const struct event_row *event, const char *word)
{
    return strcasestr(event->kind, word) != NULL || strcasestr(event->check, word) != NULL ||
           strcasestr(event->target, word) != NULL || strcasestr(event->author, word) != NULL ||
           strcasestr(event->summary, word) != NULL;
}

/* Every word of the filter must be somewhere in the event. */
static bool passes_filter(const struct history *history, const struct event_row *event)
{
    AUTO_RELEASE(strings) struct strings words = {0};
    if (history->filter == NULL)
        return true;
    strings_split(&words, history->filter, ' ');
    for (size_t i = 0; i < words.count; i++)
        if (!has_word(event, words.items[i]))
            return false;
    return true;
}

static void apply_filter(struct history *history)
{
    size_t count = 0;
    free(history->shown);
    history->shown = memory_new(history->events.count, sizeof(*history->shown));
    for (size_t i = history->events.count; i-- > 0;)
        if (passes_filter(history, &history->events.items[i]))
            history->shown[count++] = i;
    list_set_count(&history->list, (int)count);
}

static const struct event_row *selected_event(const struct history *history)
{
    int row = history->list.selected;
    return row >= 0 && row < history->list.count ? &history->events.items[history->shown[row]]
                                                 : NULL;
}

/* Keep the entry that is selected, not its row: new ones arrive above it. */
static void select_again(struct history *history, const struct entry_id *id, int place)
{
    for (int row = 0; row < history->list.count; row++)
        if (entry_id_equal(&history->events.items[history->shown[row]].id, id)) {
            list_select(&history->list, row);
            history->list.top = row - place > 0 ? row - place : 0;
            return;
        }
}

static void read_events(struct history *history)
{
    struct app *app = history->view.app;
    struct review_filter all = {0};
    struct event_row_list events = {0};
    struct error error = {0};
    if (!history->is_stale)
        return;
    history->is_stale = false;
    if (!review_query_events(session_review(app->session), &all, &events, &error)) {
        app_fail(app, &error);
        return;
    }
    const struct event_row *event = selected_event(history);
    bool was_at_top = history->list.selected <= 0;
    struct entry_id id = event != NULL ? event->id : (struct entry_id){0};
    int place = history->list.selected - history->list.top;
    event_row_list_release(&history->events);
    history->events = events;
    apply_filter(history);
    if (!was_at_top)
        select_again(history, &id, place);
}

/* ---- drawing ---- */

static enum role kind_role(const struct event_row *event)
{
    switch (entry_kind_parse(event->kind)) {
    case ENTRY_DECISION:
        return ROLE_STRONG;
    case ENTRY_SIGNOFF:
        return ROLE_PASS;
    case ENTRY_RETRACTION:
    case ENTRY_HOSTKEY:
    case ENTRY_CONSENT:
        return ROLE_WARNING;
    case ENTRY_EVIDENCE:
    case ENTRY_SUGGESTION:
    case ENTRY_RUN:
        return ROLE_DIM;
    default:
        return ROLE_LABEL;
    }
}

static void put_column(struct strip *strip, enum role role, const char *text, int columns)
{
    struct strip cell = *strip;
    cell.limit = cell.next + columns - 1 < strip->limit ? cell.next + columns - 1 : strip->limit;
    strip_put(&cell, role, text);
    strip_skip(strip, columns);
}

static void draw_event(const struct history *history, struct canvas *canvas, struct rect area,
                       int row)
{
    int index = history->list.top + row;
    if (index >= history->list.count)
        return;
    const struct event_row *event = &history->events.items[history->shown[index]];
    enum role role = event->is_retracted ? ROLE_MUTED : ROLE_TEXT;
    char time[CLOCK_TEXT_BYTES];
    struct strip strip = canvas_strip(canvas, area, row);
    strip_skip(&strip, 2);
    put_column(&strip, ROLE_DIM, clock_format_minute(event->time_ms, time), TIME_COLUMNS);
    put_column(&strip, event->is_retracted ? ROLE_MUTED : kind_role(event), event->kind,
               KIND_COLUMNS);
    if (area.columns >= WIDE) {
        put_column(&strip, ROLE_DIM, event->author, AUTHOR_COLUMNS);
        put_column(&strip, ROLE_DIM, event->target, AUTHOR_COLUMNS);
    }
    if (event->check[0] != '\0')
        put_column(&strip, role, event->check, CHECK_COLUMNS);
    if (event->is_retracted)
        strip_put(&strip, ROLE_WARNING, "(taken back) ");
    strip_put(&strip, role, event->summary);
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct history *history = (struct history *)view;
    read_events(history);
    AUTO_FREE char *right = history->filter != NULL
                                ? memory_format("%d of %zu with '%s'", history->list.count,
                                                history->events.count, history->filter)
                                : memory_format("%zu entries, newest first", history->events.count);
    draw_title(canvas, area, &(struct title){"History", right, true});
    struct rect rows = layout_below_title(area);
    history->rows = rows;
    list_show(&history->list, rows.rows);
    for (int row = 0; row < rows.rows; row++)
        draw_event(history, canvas, rows, row);
    draw_selection(canvas, rows, &history->list, true);
    draw_list_scrollbar(canvas, rows, &history->list);
    if (history->list.count == 0) {
        struct strip strip = canvas_strip(canvas, rows, 0);
        strip_skip(&strip, 2);
        strip_put(&strip, ROLE_DIM, "No entry has all of these words. Esc shows all again.");
    }
}

/* ---- acting ---- */

static void show_entry(struct history *history)
{
    const struct event_row *event = selected_event(history);
    if (event == NULL)
        return;
    char time[CLOCK_TEXT_BYTES];
    char entry[ENTRY_ID_TEXT_BYTES];
    char hash[DIGEST_HEX_BYTES];
    struct buffer text = {0};
    buffer_append_format(&text, "Entry\t%s\n", entry_id_text(&event->id, entry));
    buffer_append_format(&text, "Kind\t%s\n", event->kind);
    buffer_append_format(&text, "Author\t%s\n", event->author);
    buffer_append_format(&text, "Time\t%s, by the author's clock\n",
                         clock_format_utc(event->time_ms, time));
    buffer_append_format(&text, "Order\t%lld\n", (long long)event->clock);
    if (event->check[0] != '\0')
        buffer_append_format(&text, "Check\t%s\n", event->check);
    if (event->target[0] != '\0')
        buffer_append_format(&text, "Target\t%s\n", event->target);
    buffer_append_format(&text, "Hash\t%s\n", digest_hex(&event->hash, hash));
    if (event->is_retracted)
        buffer_append_text(&text, "\tIt was taken back by a later entry.\n");
    buffer_append_format(&text, "\n%s\n", event->summary);
    viewer_open(history->view.app, "Entry of the ledger", buffer_take(&text), false);
}

static void filter_changed(struct app *app UNUSED, void *context, const char *text)
{
    struct history *history = context;
    free(history->filter);
    history->filter = text[0] != '\0' ? memory_copy_text(text) : NULL;
    apply_filter(history);
    list_select(&history->list, 0);
}

static bool filter_done(struct app *app, void *context, const char *text)
{
    filter_changed(app, context, text);
    return true;
}

static void filter_cancelled(struct app *app, void *context)
{
    filter_changed(app, context, "");
}

static void ask_filter(struct history *history)
{
    note_open(history->view.app, &(struct note_request){.title = "Only entries with",
                                                        .kind = EDITOR_LINE,
                                                        .initial = history->filter,
                                                        .save = "filter",
                                                        .is_prompt = true,
                                                        .may_be_empty = true,
                                                        .done = filter_done,
                                                        .changed = filter_changed,
                                                        .cancelled = filter_cancelled,
                                                        .context = history});
}

static bool act(struct view *view, enum action action)
{
    struct history *history = (struct history *)view;
    read_events(history);
    switch (action) {
    case ACTION_SHOW:
        show_entry(history);
        return true;
    case ACTION_SEARCH:
        ask_filter(history);
        return true;
    case ACTION_BACK:
        if (history->filter == NULL)
            return false;
        filter_cancelled(view->app, history);
        return true;
    default:
        return list_act(&history->list, action);
    }
}

static void mouse(struct view *view, const struct event *event)
{
    struct history *history = (struct history *)view;
    if (list_mouse(&history->list, history->rows, event) == LIST_CLICKED_AGAIN)
        show_entry(history);
}

static const char *hint(const struct view *view UNUSED, enum action action)
{
    return action == ACTION_SHOW     ? "show"
           : action == ACTION_SEARCH ? "filter"
           : action == ACTION_BACK   ? "back"
                                     : NULL;
}

static void free_history(struct view *view)
{
    struct history *history = (struct history *)view;
    event_row_list_release(&history->events);
    free(history->shown);
    free(history->filter);
    free(history);
}

static const struct view_class history_class = {.title = "History",
                                                .context = context,
                                                .draw = draw,
                                                .act = act,
                                                .mouse = mouse,
                                                .hint = hint,
                                                .update = update,
                                                .free = free_history};

struct view *history_new(struct app *app)
{
    struct history *history = memory_new(1, sizeof(*history));
    history->view = (struct view){&history_class, app};
    history->is_stale = true;
    return &history->view;
}
