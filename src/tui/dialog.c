/* SPDX-License-Identifier: Apache-2.0 */
#include "dialog.h"

#include "base/clock.h"
#include "document.h"
#include "draw.h"
#include "editor.h"
#include "layout.h"

enum { COLUMNS_MAX = 72, EDGE = 4 };

struct dialog {
    struct view view;
    struct dialog_request request;
    char *title, *text, *quote, *word, *confirm, *stop;
    char *labels[DIALOG_TOGGLES_MAX];
    struct editor editor;
    int64_t ready_ms; /* monotonic: from then on keys count */
    struct loop_timer *timer;
    bool was_viewed;
    bool is_wrong; /* another word was typed */
};

static bool is_ready(const struct dialog *dialog)
{
    return clock_monotonic_ms() >= dialog->ready_ms;
}

static enum context context(const struct view *view)
{
    const struct dialog *dialog = (const struct dialog *)view;
    return dialog->word != NULL ? CONTEXT_LINE : CONTEXT_DIALOG;
}

/* ---- drawing ---- */

static void add_toggles(const struct dialog *dialog, struct document *document)
{
    if (dialog->request.toggle_count > 0)
        document_blank(document);
    for (size_t i = 0; i < dialog->request.toggle_count; i++) {
        const struct dialog_toggle *toggle = &dialog->request.toggles[i];
        AUTO_RELEASE(buffer) struct buffer key = {0};
        keymap_format_keys(&dialog->view.app->keymap, toggle->action, CONTEXT_DIALOG, false, &key);
        AUTO_FREE char *label =
            memory_format("[%c] %s", *toggle->value ? 'x' : ' ', buffer_text(&key));
        document_labeled(document, label, ROLE_TEXT, 6, dialog->labels[i]);
    }
}

static void add_quote(const struct dialog *dialog, struct document *document)
{
    if (dialog->quote == NULL)
        return;
    document_blank(document);
    size_t first = document->count;
    int columns = document->columns;
    document->columns = columns - 2;
    document_text(document, ROLE_EVIDENCE, 0, dialog->quote);
    document->columns = columns;
    for (size_t i = first; i < document->count; i++)
        document->lines[i].gutter = true;
}

static void build(const struct dialog *dialog, struct document *document)
{
    enum role role = ROLE_TEXT;
    document_text(document, role, 0, dialog->text);
    add_quote(dialog, document);
    add_toggles(dialog, document);
}

static void draw_keys(struct dialog *dialog, struct strip *strip)
{
    if (!is_ready(dialog)) {
        strip_put(strip, ROLE_DIM, "...");
        return;
    }
    bool must_view = dialog->request.must_view && !dialog->was_viewed;
    if (dialog->request.view != NULL) {
        strip_put(strip, ROLE_KEY, "v");
        strip_format(strip, ROLE_DIM, " %s   ", dialog->request.view_label);
    }
    if (dialog->confirm != NULL && !must_view) {
        strip_put(strip, ROLE_KEY, "Enter");
        strip_format(strip, ROLE_DIM, " %s   ", dialog->confirm);
    }
    strip_put(strip, ROLE_KEY, "Esc");
    strip_format(strip, ROLE_DIM, " %s",
                 dialog->stop != NULL      ? dialog->stop
                 : dialog->confirm != NULL ? "cancel"
                                           : "close");
}

static void draw_word(struct dialog *dialog, struct canvas *canvas, struct rect area)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    strip_format(&strip, ROLE_LABEL, "Type %s: ", dialog->word);
    struct rect input = {area.row, strip.next, 1, 16};
    editor_draw(&dialog->editor, canvas, input);
    if (dialog->is_wrong) {
        strip_skip(&strip, 17);
        strip_put(&strip, ROLE_FAIL, "that is another word");
    }
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct dialog *dialog = (struct dialog *)view;
    int columns = area.columns - EDGE < COLUMNS_MAX ? area.columns - EDGE : COLUMNS_MAX;
    struct document document;
    document_init(&document, canvas, columns - 4);
    build(dialog, &document);
    int extra = dialog->word != NULL ? 6 : 4;
    struct rect box = layout_center(area, (int)document.count + extra, columns);
    struct rect inside = draw_box(canvas, box, dialog->title);
    if (dialog->request.is_warning)
        canvas_set_layer(canvas, (struct rect){box.row, box.column, 1, box.columns}, LAYER_MARKED);
    struct rect keys = layout_take_bottom(&inside, 1);
    layout_take_bottom(&inside, 1);
    struct rect word = dialog->word != NULL ? layout_take_bottom(&inside, 2) : (struct rect){0};
    document_draw(&document, canvas, inside, 0);
    if (dialog->word != NULL) {
        layout_take_top(&word, 1);
        draw_word(dialog, canvas, word);
    }
    struct strip strip = canvas_strip(canvas, keys, 0);
    draw_keys(dialog, &strip);
    document_release(&document);
}

/* ---- acting ---- */

static void finish(struct dialog *dialog, bool yes)
{
    struct app *app = dialog->view.app;
    dialog_done_function *done = dialog->request.done;
    void *done_context = dialog->request.context;
    void (*free_context)(void *context) = dialog->request.free_context;
    dialog->request.free_context = NULL;
    app_pop(app, &dialog->view);
    if (done != NULL)
        done(app, done_context, yes);
    if (free_context != NULL)
        free_context(done_context);
}

static void confirm(struct dialog *dialog)
{
    if (dialog->confirm == NULL) {
        if (dialog->stop == NULL)
            finish(dialog, false);
        return;
    }
    if (dialog->request.must_view && !dialog->was_viewed)
        return;
    if (dialog->word != NULL && strcmp(editor_text(&dialog->editor), dialog->word) != 0) {
        dialog->is_wrong = true;
        return;
    }
    finish(dialog, true);
}

static bool turn_toggle(struct dialog *dialog, enum action action)
{
    for (size_t i = 0; i < dialog->request.toggle_count; i++)
        if (dialog->request.toggles[i].action == action)
            *dialog->request.toggles[i].value = !*dialog->request.toggles[i].value;
    return true;
}

static bool act(struct view *view, enum action action)
{
    struct dialog *dialog = (struct dialog *)view;
    if (!is_ready(dialog) && action != ACTION_REDRAW)
        return true;
    dialog->is_wrong = false;
    switch (action) {
    case ACTION_CONFIRM:
        confirm(dialog);
        return true;
    case ACTION_CANCEL:
        finish(dialog, false);
        return true;
    case ACTION_VIEW_COMMANDS:
        if (dialog->request.view != NULL)
            dialog->request.view(view->app, dialog->request.context);
        dialog->was_viewed = true;
        return true;
    case ACTION_REDRAW:
        return false;
    case ACTION_EXTERNAL:
        return true;
    default:
        if (dialog->word != NULL)
            return editor_act(&dialog->editor, action);
        return turn_toggle(dialog, action);
    }
}

static void type(struct view *view, struct key key)
{
    struct dialog *dialog = (struct dialog *)view;
    if (is_ready(dialog) && dialog->word != NULL) {
        dialog->is_wrong = false;
        editor_type(&dialog->editor, key);
    }
}

/* A confirmation is typed, never pasted. */
static void paste(struct view *view, const char *bytes UNUSED, size_t length UNUSED)
{
    app_say(view->app, MESSAGE_INFO, "this has to be typed");
}

static const char *hint(const struct view *view UNUSED, enum action action UNUSED)
{
    return ""; /* its keys stand in its box */
}

static void free_dialog(struct view *view)
{
    struct dialog *dialog = (struct dialog *)view;
    loop_timer_remove(view->app->loop, dialog->timer);
    if (dialog->request.free_context != NULL)
        dialog->request.free_context(dialog->request.context);
    editor_release(&dialog->editor);
    free(dialog->title);
    free(dialog->text);
    free(dialog->quote);
    free(dialog->word);
    free(dialog->confirm);
    free(dialog->stop);
    for (size_t i = 0; i < dialog->request.toggle_count; i++)
        free(dialog->labels[i]);
    free(dialog);
}

static const struct view_class dialog_class = {.title = "Question",
                                               .context = context,
                                               .draw = draw,
                                               .act = act,
                                               .type = type,
                                               .paste = paste,
                                               .hint = hint,
                                               .free = free_dialog};

/* Paint once more when keys begin to count. */
static void become_ready(void *dialog_context)
{
    struct dialog *dialog = dialog_context;
    dialog->timer = NULL;
    if (dialog->view.app->paint != NULL)
        dialog->view.app->paint(dialog->view.app->host.context);
}

static void guard(struct dialog *dialog)
{
    struct app *app = dialog->view.app;
    if (app->host.flush_input != NULL)
        app->host.flush_input(app->host.context);
    dialog->ready_ms = clock_monotonic_ms() + app->guard_ms;
    dialog->timer = loop_timer_add(app->loop, app->guard_ms + 1, 0, become_ready, dialog);
}

struct view *dialog_open(struct app *app, const struct dialog_request *request)
{
    struct dialog *dialog = memory_new(1, sizeof(*dialog));
    dialog->view = (struct view){&dialog_class, app};
    dialog->request = *request;
    dialog->title = memory_copy_text(request->title);
    dialog->text = memory_copy_text(request->text);
    dialog->quote = memory_copy_text(request->quote);
    dialog->word = memory_copy_text(request->word);
    dialog->confirm = memory_copy_text(request->confirm);
    dialog->stop = memory_copy_text(request->stop);
    for (size_t i = 0; i < request->toggle_count; i++)
        dialog->labels[i] = memory_copy_text(request->toggles[i].label);
    editor_init(&dialog->editor, EDITOR_LINE);
    if (request->is_guarded)
        guard(dialog);
    app_push(app, &dialog->view);
    return &dialog->view;
}
