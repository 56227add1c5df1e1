/* SPDX-License-Identifier: Apache-2.0 */
#include "form_view.h"

#include "choice.h"
#include "dialog.h"
#include "document.h"
#include "draw.h"
#include "editor.h"
#include "layout.h"
#include "note.h"

enum { COLUMNS_MAX = 100, EDGE = 4, LABEL_COLUMNS = 16, HELP_ROWS = 3 };

struct form {
    struct view view;
    char *title;
    const char *save;
    struct form_field fields[FORM_FIELDS_MAX];
    struct editor editors[FORM_FIELDS_MAX];
    size_t count;
    size_t field; /* that has the cursor */
    size_t top;   /* shown first */
    bool is_changed;
    struct rect rows; /* of the fields, as drawn last */
    form_done_function *done;
    void *context;
    void (*free_context)(void *context);
};

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_FORM;
}

static bool is_word(const struct form *form)
{
    return form->fields[form->field].kind == FORM_WORD;
}

/* ---- drawing ---- */

static void draw_first_line(struct canvas *canvas, struct rect area, bool has_focus,
                            const char *text)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    size_t length = strcspn(text, "\n");
    AUTO_FREE char *line = memory_copy(text, length);
    if (text[length] != '\0' && strip.limit > strip.next)
        strip.limit--;
    strip_put(&strip, has_focus ? ROLE_STRONG : ROLE_TEXT, line);
    strip.limit = area.column + area.columns;
    if (text[length] != '\0')
        strip_glyph(&strip, ROLE_DIM, GLYPH_ELLIPSIS);
}

static void draw_field(struct form *form, struct canvas *canvas, struct rect area, size_t field)
{
    bool has_focus = field == form->field;
    struct editor *editor = &form->editors[field];
    struct strip strip = canvas_strip(canvas, area, 0);
    struct rect input = {area.row, area.column + LABEL_COLUMNS, 1, area.columns - LABEL_COLUMNS};
    if (has_focus)
        strip_glyph(&strip, ROLE_TITLE_FOCUS, GLYPH_POINTER);
    strip_skip_to(&strip, 2);
    strip.limit = input.column - 1;
    strip_put(&strip, has_focus ? ROLE_TITLE_FOCUS : ROLE_LABEL, form->fields[field].label);
    if (input.columns < 1)
        return;
    if (has_focus && form->fields[field].kind != FORM_WORD)
        editor_draw(editor, canvas, input);
    else
        draw_first_line(canvas, input, has_focus, editor_text(editor));
}

static void draw_help(const struct form *form, struct canvas *canvas, struct rect area)
{
    struct document document;
    document_init(&document, canvas, area.columns - 2);
    document_text(&document, ROLE_DIM, 0, form->fields[form->field].help);
    document_draw(&document, canvas, layout_indent(area, 1), 0);
    document_release(&document);
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct form *form = (struct form *)view;
    int columns = area.columns - EDGE < COLUMNS_MAX ? area.columns - EDGE : COLUMNS_MAX;
    struct rect box = layout_center(area, (int)form->count + HELP_ROWS + 2, columns);
    struct rect inside = draw_box(canvas, box, form->title);
    if (inside.rows > HELP_ROWS) {
        struct rect help = layout_take_bottom(&inside, HELP_ROWS);
        layout_take_top(&help, 1);
        draw_help(form, canvas, help);
    }
    size_t shown = inside.rows > 0 ? (size_t)inside.rows : 0;
    if (form->field < form->top)
        form->top = form->field;
    if (shown > 0 && form->field >= form->top + shown)
        form->top = form->field - shown + 1;
    form->rows = inside;
    /* The field with the cursor comes last, so that its cursor stays. */
    for (size_t i = 1; i <= form->count && shown > 0; i++) {
        size_t field = (form->field + i) % form->count;
        struct rect row = {inside.row + (int)(field - form->top), inside.column, 1, inside.columns};
        if (field >= form->top && field < form->top + shown)
            draw_field(form, canvas, row, field);
    }
    if (is_word(form))
        canvas->cursor_is_visible = false;
}

/* ---- acting ---- */

static void save(struct form *form)
{
    struct app *app = form->view.app;
    const char *values[FORM_FIELDS_MAX];
    for (size_t i = 0; i < form->count; i++)
        values[i] = editor_text(&form->editors[i]);
    if (form->done(app, form->context, values))
        app_pop(app, &form->view);
}

static void give_up(struct app *app, void *form, bool yes)
{
    if (yes)
        app_pop(app, form);
}

static void cancel(struct form *form)
{
    if (!form->is_changed) {
        app_pop(form->view.app, &form->view);
        return;
    }
    dialog_open(form->view.app, &(struct dialog_request){.title = "Leave the form?",
                                                         .text = "What was filled in is not saved.",
                                                         .confirm = "leave it",
                                                         .done = give_up,
                                                         .context = form});
}

static void set_word(struct form *form, const char *word)
{
    editor_set(&form->editors[form->field], word);
    form->is_changed = true;
}

static size_t option_count(const struct form *form)
{
    size_t count = 0;
    while (count < FORM_OPTIONS_MAX && form->fields[form->field].options[count] != NULL)
        count++;
    return count;
}

static size_t option_at(const struct form *form)
{
    const char *const *options = form->fields[form->field].options;
    size_t count = option_count(form);
    for (size_t i = 0; i < count; i++)
        if (strcmp(options[i], editor_text(&form->editors[form->field])) == 0)
            return i;
    return 0;
}

static void step_word(struct form *form, size_t step)
{
    size_t count = option_count(form);
    if (count > 0)
        set_word(form, form->fields[form->field].options[(option_at(form) + step) % count]);
}

static void move(struct form *form, size_t step)
{
    form->field = (form->field + step) % form->count;
}

static void word_chosen(struct app *app UNUSED, void *context, int value, const char *text UNUSED)
{
    struct form *form = context;
    set_word(form, form->fields[form->field].options[value]);
    move(form, 1);
}

static void choose_word(struct form *form)
{
    const struct form_field *field = &form->fields[form->field];
    struct choice_items items = {0};
    size_t count = option_count(form);
    for (size_t i = 0; i < count; i++)
        choice_add(&items, (struct choice_item){.text = memory_copy_text(field->options[i]),
                                                .value = (int)i});
    choice_open(form->view.app, &(struct choice_request){.title = field->label,
                                                         .items = items,
                                                         .selected = (int)option_at(form),
                                                         .done = word_chosen,
                                                         .context = form});
}

static bool text_given(struct app *app UNUSED, void *context, const char *text)
{
    struct form *form = context;
    editor_replace(&form->editors[form->field], text);
    form->is_changed = true;
    return true;
}

static void edit_text(struct form *form)
{
    note_open(form->view.app,
              &(struct note_request){.title = form->fields[form->field].label,
                                     .prompt = form->fields[form->field].help,
                                     .kind = EDITOR_LINES,
                                     .initial = editor_text(&form->editors[form->field]),
                                     .save = "take",
                                     .may_be_empty = true,
                                     .done = text_given,
                                     .context = form});
}

static void enter_field(struct form *form)
{
    if (is_word(form))
        choose_word(form);
    else if (form->fields[form->field].kind == FORM_TEXT)
        edit_text(form);
    else
        move(form, 1);
}

/* Of a word left and right choose; a text is edited. */
static bool edit(struct form *form, enum action action)
{
    if (is_word(form)) {
        if (action == ACTION_EDIT_LEFT)
            step_word(form, option_count(form) - 1);
        else if (action == ACTION_EDIT_RIGHT)
            step_word(form, 1);
        return true;
    }
    if (!editor_act(&form->editors[form->field], action))
        return false;
    form->is_changed = true;
    return true;
}

static bool act(struct view *view, enum action action)
{
    struct form *form = (struct form *)view;
    switch (action) {
    case ACTION_CANCEL:
        cancel(form);
        return true;
    case ACTION_CREATE:
        save(form);
        return true;
    case ACTION_SHOW:
        enter_field(form);
        return true;
    case ACTION_CHOICE_UP:
        move(form, form->count - 1);
        return true;
    case ACTION_CHOICE_DOWN:
        move(form, 1);
        return true;
    default:
        return edit(form, action);
    }
}

static void type(struct view *view, struct key key)
{
    struct form *form = (struct form *)view;
    if (!is_word(form) && editor_type(&form->editors[form->field], key))
        form->is_changed = true;
}

static void paste(struct view *view, const char *bytes, size_t length)
{
    struct form *form = (struct form *)view;
    if (!is_word(form) && editor_insert(&form->editors[form->field], bytes, length))
        form->is_changed = true;
}

static void mouse(struct view *view, const struct event *event)
{
    struct form *form = (struct form *)view;
    if (event->kind != EVENT_CLICK || !layout_contains(form->rows, event->row, event->column))
        return;
    size_t field = form->top + (size_t)(event->row - form->rows.row);
    if (field < form->count)
        form->field = field;
}

static const char *hint(const struct view *view, enum action action)
{
    const struct form *form = (const struct form *)view;
    if (action == ACTION_CREATE)
        return form->save;
    if (action != ACTION_SHOW)
        return NULL;
    return is_word(form)                                 ? "choose"
           : form->fields[form->field].kind == FORM_TEXT ? "edit"
                                                         : "next field";
}

static void free_form(struct view *view)
{
    struct form *form = (struct form *)view;
    for (size_t i = 0; i < form->count; i++)
        editor_release(&form->editors[i]);
    if (form->free_context != NULL)
        form->free_context(form->context);
    free(form->title);
    free(form);
}

static const struct view_class form_class = {.title = "Form",
                                             .context = context,
                                             .draw = draw,
                                             .act = act,
                                             .type = type,
                                             .paste = paste,
                                             .mouse = mouse,
                                             .hint = hint,
                                             .free = free_form};

void form_open(struct app *app, const struct form_request *request)
{
    struct form *form = memory_new(1, sizeof(*form));
    form->view = (struct view){&form_class, app};
    form->title = memory_copy_text(request->title);
    form->save = request->save;
    form->count = request->field_count;
    form->done = request->done;
    form->context = request->context;
    form->free_context = request->free_context;
    for (size_t i = 0; i < form->count; i++) {
        form->fields[i] = request->fields[i];
        editor_init(&form->editors[i],
                    request->fields[i].kind == FORM_TEXT ? EDITOR_LINES : EDITOR_LINE);
        editor_set(&form->editors[i],
                   request->fields[i].initial != NULL ? request->fields[i].initial : "");
    }
    app_push(app, &form->view);
}
