/* SPDX-License-Identifier: Apache-2.0 */
#include "note.h"

#include "base/clock.h"
#include "document.h"
#include "drafts.h"
#include "draw.h"
#include "layout.h"

enum { COLUMNS_MAX = 76, EDGE = 4, DRAFT_MS = 700, LINES_SHARE = 2 };

struct note {
    struct view view;
    struct note_request request;
    char *title, *prompt, *quote, *draft, *save;
    struct editor editor;
    struct rect input; /* as drawn last */
    struct loop_timer *draft_timer, *guard_timer;
    int64_t ready_ms; /* monotonic: from then on keys count */
};

static bool is_ready(const struct note *note)
{
    return clock_monotonic_ms() >= note->ready_ms;
}

static enum context context(const struct view *view)
{
    const struct note *note = (const struct note *)view;
    return note->editor.kind == EDITOR_LINES ? CONTEXT_EDITOR : CONTEXT_LINE;
}

/* ---- drafts ---- */

static void keep_draft(void *note_context)
{
    struct note *note = note_context;
    note->draft_timer = NULL;
    drafts_keep(note->view.app, note->draft, editor_text(&note->editor));
}

static void text_changed(struct note *note)
{
    struct app *app = note->view.app;
    if (note->request.changed != NULL)
        note->request.changed(app, note->request.context, editor_text(&note->editor));
    if (note->draft != NULL && note->draft_timer == NULL)
        note->draft_timer = loop_timer_add(app->loop, DRAFT_MS, 0, keep_draft, note);
}

static void stop_draft_timer(struct note *note)
{
    loop_timer_remove(note->view.app->loop, note->draft_timer);
    note->draft_timer = NULL;
}

/* ---- drawing ---- */

static void draw_head(struct note *note, struct canvas *canvas, struct document *document,
                      int columns)
{
    document_init(document, canvas, columns);
    if (note->prompt != NULL)
        document_text(document, ROLE_TEXT, 0, note->prompt);
    size_t first = document->count;
    document->columns = columns - 2;
    if (note->quote != NULL)
        document_text(document, ROLE_EVIDENCE, 0, note->quote);
    for (size_t i = first; i < document->count; i++)
        document->lines[i].gutter = true;
    if (document->count > 0)
        document_blank(document);
}

/* In place of the last row of the screen. */
static void draw_prompt(struct note *note, struct canvas *canvas, struct rect area)
{
    struct rect row = layout_take_bottom(&area, 1);
    canvas_fill(canvas, row, ROLE_TEXT);
    struct strip strip = canvas_strip(canvas, row, 0);
    strip_skip(&strip, 1);
    strip_put(&strip, ROLE_TITLE_FOCUS, note->title);
    strip_put(&strip, ROLE_TITLE_FOCUS, ": ");
    note->input = (struct rect){row.row, strip.next, 1, strip_left(&strip)};
    editor_draw(&note->editor, canvas, note->input);
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct note *note = (struct note *)view;
    if (note->request.is_prompt) {
        draw_prompt(note, canvas, area);
        return;
    }
    int columns = area.columns - EDGE < COLUMNS_MAX ? area.columns - EDGE : COLUMNS_MAX;
    struct document head;
    draw_head(note, canvas, &head, columns - 4);
    int most = area.rows - 2 - 2;
    int text_rows = note->editor.kind == EDITOR_LINES ? area.rows / LINES_SHARE : 1;
    int head_rows = (int)head.count < most - text_rows ? (int)head.count : most - text_rows;
    struct rect box = layout_center(area, head_rows + text_rows + 2, columns);
    struct rect inside = draw_box(canvas, box, note->title);
    struct rect top = layout_take_top(&inside, head_rows);
    document_draw(&head, canvas, top, 0);
    document_release(&head);
    if (note->editor.kind != EDITOR_LINES) {
        struct strip strip = canvas_strip(canvas, inside, 0);
        strip_glyph(&strip, ROLE_KEY, GLYPH_MORE_RIGHT);
        inside.column += 2;
        inside.columns -= 2;
    }
    note->input = inside;
    editor_draw(&note->editor, canvas, inside);
}

/* ---- acting ---- */

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\n")] == '\0';
}

static void save(struct note *note)
{
    struct app *app = note->view.app;
    const char *text = editor_text(&note->editor);
    if (!note->request.may_be_empty && is_blank(text)) {
        app_say(app, MESSAGE_INFO, "nothing is written yet");
        return;
    }
    stop_draft_timer(note);
    if (note->request.done(app, note->request.context, text)) {
        drafts_keep(app, note->draft, NULL);
        app_pop(app, &note->view);
    }
}

static void cancel(struct note *note)
{
    struct app *app = note->view.app;
    stop_draft_timer(note);
    drafts_keep(app, note->draft, editor_text(&note->editor));
    if (note->draft != NULL && !is_blank(editor_text(&note->editor)))
        app_say(app, MESSAGE_INFO, "kept as a draft");
    if (note->request.cancelled != NULL)
        note->request.cancelled(app, note->request.context);
    app_pop(app, &note->view);
}

static void edit_outside(struct note *note)
{
    if (note->editor.kind == EDITOR_SECRET || note->request.is_prompt)
        return;
    char *text = app_edit_outside(note->view.app, editor_text(&note->editor));
    if (text == NULL)
        return;
    size_t length = strlen(text);
    while (length > 0 && text[length - 1] == '\n')
        text[--length] = '\0';
    if (strchr(text, '\n') != NULL)
        note->editor.kind = EDITOR_LINES;
    editor_replace(&note->editor, text);
    free(text);
    text_changed(note);
}

static bool act(struct view *view, enum action action)
{
    struct note *note = (struct note *)view;
    if (!is_ready(note))
        return action != ACTION_REDRAW;
    switch (action) {
    case ACTION_SAVE:
    case ACTION_CONFIRM:
        save(note);
        return true;
    case ACTION_CANCEL:
        cancel(note);
        return true;
    case ACTION_EXTERNAL:
        edit_outside(note);
        return true;
    default:
        if (!editor_act(&note->editor, action))
            return false;
        text_changed(note);
        return true;
    }
}

static void type(struct view *view, struct key key)
{
    struct note *note = (struct note *)view;
    if (is_ready(note) && editor_type(&note->editor, key))
        text_changed(note);
}

static void paste(struct view *view, const char *bytes, size_t length)
{
    struct note *note = (struct note *)view;
    if (!is_ready(note))
        return;
    if (!editor_insert(&note->editor, bytes, length))
        app_say(view->app, MESSAGE_BAD, "the pasted text is too long: a text may have %d KiB",
                EDITOR_TEXT_MAX_BYTES / 1024);
    text_changed(note);
}

static void mouse(struct view *view, const struct event *event)
{
    struct note *note = (struct note *)view;
    if (event->kind == EVENT_CLICK && layout_contains(note->input, event->row, event->column))
        editor_click(&note->editor, event->row - note->input.row,
                     event->column - note->input.column);
}

static const char *hint(const struct view *view, enum action action)
{
    const struct note *note = (const struct note *)view;
    if (!is_ready(note))
        return "";
    if (action == ACTION_EXTERNAL &&
        (note->editor.kind == EDITOR_SECRET || note->request.is_prompt))
        return "";
    if (action == ACTION_CONFIRM || action == ACTION_SAVE)
        return note->save != NULL ? note->save : "save";
    return NULL;
}

static void free_note(struct view *view)
{
    struct note *note = (struct note *)view;
    loop_timer_remove(view->app->loop, note->guard_timer);
    if (note->draft_timer != NULL) { /* it goes down with the whole program */
        stop_draft_timer(note);
        keep_draft(note);
    }
    if (note->request.free_context != NULL)
        note->request.free_context(note->request.context);
    editor_release(&note->editor);
    free(note->title);
    free(note->prompt);
    free(note->quote);
    free(note->draft);
    free(note->save);
    free(note);
}

static const struct view_class note_class = {.title = "Text",
                                             .context = context,
                                             .draw = draw,
                                             .act = act,
                                             .type = type,
                                             .paste = paste,
                                             .mouse = mouse,
                                             .hint = hint,
                                             .free = free_note};

static void take_draft(struct note *note)
{
    AUTO_FREE char *text = drafts_find(note->view.app, note->draft);
    if (text == NULL)
        return;
    editor_set(&note->editor, text);
    app_say(note->view.app, MESSAGE_INFO, "your draft is here again");
}

/* Paint once more when keys begin to count. */
static void become_ready(void *note_context)
{
    struct note *note = note_context;
    note->guard_timer = NULL;
    if (note->view.app->paint != NULL)
        note->view.app->paint(note->view.app->host.context);
}

static void guard(struct note *note)
{
    struct app *app = note->view.app;
    if (app->host.flush_input != NULL)
        app->host.flush_input(app->host.context);
    note->ready_ms = clock_monotonic_ms() + app->guard_ms;
    note->guard_timer = loop_timer_add(app->loop, app->guard_ms + 1, 0, become_ready, note);
}

void note_open(struct app *app, const struct note_request *request)
{
    struct note *note = memory_new(1, sizeof(*note));
    note->view = (struct view){&note_class, app};
    note->request = *request;
    note->title = memory_copy_text(request->title);
    note->prompt = memory_copy_text(request->prompt);
    note->quote = memory_copy_text(request->quote);
    note->draft = memory_copy_text(request->draft);
    note->save = memory_copy_text(request->save);
    editor_init(&note->editor, request->kind);
    if (request->initial != NULL)
        editor_set(&note->editor, request->initial);
    take_draft(note);
    if (request->is_guarded)
        guard(note);
    app_push(app, &note->view);
}
