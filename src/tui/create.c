/* SPDX-License-Identifier: Apache-2.0 */
/* The form of a new review: checklists, targets, title, file. */
#include "checklist/catalog.h"
#include "checklist/load.h"
#include "choice.h"
#include "draw.h"
#include "editor.h"
#include "layout.h"
#include "screens.h"

enum field { FIELD_CHECKLISTS, FIELD_TARGETS, FIELD_TITLE, FIELD_FILE, FIELD_COUNT };
enum { COLUMNS_MAX = 76, EDGE = 4, ROWS_A_FIELD = 3, LABEL_COLUMNS = 12 };

struct create {
    struct view view;
    struct editor editors[FIELD_COUNT];
    enum field field;
    bool has_own_file;              /* the user typed its name */
    struct rect areas[FIELD_COUNT]; /* as drawn last */
};

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_FORM;
}

/* ---- drawing ---- */

static void draw_field(struct create *create, struct canvas *canvas, struct rect area,
                       enum field field)
{
    static const char *const labels[] = {[FIELD_CHECKLISTS] = "Checklists",
                                         [FIELD_TARGETS] = "Targets",
                                         [FIELD_TITLE] = "Title",
                                         [FIELD_FILE] = "File"};
    static const char *const helps[] = {
        [FIELD_CHECKLISTS] = "Enter chooses one from a list; names or paths",
        [FIELD_TARGETS] = "local, ssh://[user@]host[:port], Host of ssh_config; name=... names it",
        [FIELD_TITLE] = "may be empty: it is made from the rest",
        [FIELD_FILE] = "where the review is kept"};
    bool has_focus = field == create->field;
    struct strip strip = canvas_strip(canvas, area, 0);
    if (has_focus)
        strip_glyph(&strip, ROLE_TITLE_FOCUS, GLYPH_POINTER);
    strip_skip_to(&strip, 2);
    strip_put(&strip, has_focus ? ROLE_TITLE_FOCUS : ROLE_LABEL, labels[field]);
    struct rect input = {area.row, area.column + LABEL_COLUMNS + 2, 1,
                         area.columns - LABEL_COLUMNS - 2};
    create->areas[field] = input;
    canvas->cursor_is_visible = false;
    struct editor *editor = &create->editors[field];
    if (has_focus || editor->text.length > 0) {
        bool cursor_before = canvas->cursor_is_visible;
        editor_draw(editor, canvas, input);
        canvas->cursor_is_visible = has_focus || cursor_before;
    }
    struct strip help = canvas_strip(canvas, area, 1);
    strip_skip_to(&help, LABEL_COLUMNS + 2);
    strip_put(&help, ROLE_DIM, helps[field]);
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct create *create = (struct create *)view;
    int columns = area.columns - EDGE < COLUMNS_MAX ? area.columns - EDGE : COLUMNS_MAX;
    bool is_tall = area.rows >= FIELD_COUNT * ROWS_A_FIELD + 2;
    int step = is_tall ? ROWS_A_FIELD : 1;
    struct rect box = layout_center(area, FIELD_COUNT * step + 2 + (is_tall ? 1 : 0), columns);
    struct rect inside = draw_box(canvas, box, "New review");
    if (is_tall)
        layout_take_top(&inside, 1);
    /* The field with the cursor comes last, so that its cursor stays. */
    for (int i = 1; i <= FIELD_COUNT; i++) {
        int field = ((int)create->field + i) % FIELD_COUNT;
        struct rect rows = {inside.row + field * step, inside.column, is_tall ? 2 : 1,
                            inside.columns};
        draw_field(create, canvas, rows, (enum field)field);
    }
}

/* ---- acting ---- */

/* "isolated-environment.walk", until the user names it. */
static void propose_file(struct create *create)
{
    const char *names = editor_text(&create->editors[FIELD_CHECKLISTS]);
    const char *targets = editor_text(&create->editors[FIELD_TARGETS]);
    if (create->has_own_file)
        return;
    const char *base = targets + strcspn(targets, " ");
    const char *start = targets;
    for (const char *at = targets; at < base; at++)
        if (strchr("/@", *at) != NULL)
            start = at + 1;
    const char *equals = memchr(targets, '=', (size_t)(base - targets));
    if (equals != NULL)
        start = targets, base = equals;
    int length = (int)strcspn(start, " :=");
    if (start + length > base)
        length = (int)(base - start);
    AUTO_FREE char *file = memory_format("%.*s%s%.*s.walk", length, start, length > 0 ? "-" : "",
                                         (int)strcspn(names, " "), names);
    editor_set(&create->editors[FIELD_FILE], names[0] != '\0' && !strchr(names, '/') ? file : "");
}

struct checklist_choice {
    struct create *create;
    struct catalog catalog;
};

static void free_checklist_choice(void *choice_context)
{
    struct checklist_choice *choice = choice_context;
    catalog_release(&choice->catalog);
    free(choice);
}

static void add_checklist(struct app *app UNUSED, void *choice_context, int value, const char *text)
{
    struct checklist_choice *choice = choice_context;
    struct create *create = choice->create;
    struct editor *editor = &create->editors[FIELD_CHECKLISTS];
    const char *name = value >= 0 ? choice->catalog.entries[value].name : text;
    AUTO_FREE char *before = memory_copy_text(editor_text(editor));
    AUTO_FREE char *all =
        before[0] != '\0' ? memory_format("%s %s", before, name) : memory_copy_text(name);
    editor_replace(editor, all);
    propose_file(create);
    if (before[0] == '\0')
        create->field = FIELD_TARGETS;
}

/* "39 checks  Docker host"; why not, where it cannot be used. */
static char *describe(const struct catalog_entry *entry)
{
    AUTO(checklist) struct checklist *checklist = NULL;
    struct error error = {0};
    if (!checklist_load_file(entry->path, &checklist, NULL, &error))
        return memory_format("not usable: %s", error.message);
    return memory_format("%4zu checks  %s%s", checklist->check_count, checklist->title,
                         entry->is_bundled ? "" : " (your own)");
}

static void choose_checklist(struct create *create)
{
    struct checklist_choice *choice = memory_new(1, sizeof(*choice));
    struct choice_items items = {0};
    choice->create = create;
    catalog_list(&choice->catalog);
    for (size_t i = 0; i < choice->catalog.count; i++) {
        const struct catalog_entry *entry = &choice->catalog.entries[i];
        choice_add(&items, (struct choice_item){.text = memory_copy_text(entry->name),
                                                .detail = describe(entry),
                                                .value = (int)i});
    }
    choice_open(create->view.app, &(struct choice_request){.title = "Checklist, or type a path",
                                                           .items = items,
                                                           .takes_other = true,
                                                           .done = add_checklist,
                                                           .context = choice,
                                                           .free_context = free_checklist_choice});
}

static void split_words(const char *text, struct strings *words)
{
    for (;;) {
        text += strspn(text, " ");
        size_t length = strcspn(text, " ");
        if (length == 0)
            return;
        strings_push_length(words, text, length);
        text += length;
    }
}

static bool is_complete(struct create *create, const struct strings *checklists,
                        const struct strings *targets)
{
    const char *missing = NULL;
    if (checklists->count == 0) {
        create->field = FIELD_CHECKLISTS;
        missing = "choose a checklist first: Enter lists them";
    } else if (targets->count == 0) {
        create->field = FIELD_TARGETS;
        missing = "name a target: local is this machine";
    } else if (editor_text(&create->editors[FIELD_FILE])[0] == '\0') {
        create->field = FIELD_FILE;
        missing = "name the file of the review";
    }
    if (missing != NULL)
        app_say(create->view.app, MESSAGE_INFO, "%s", missing);
    return missing == NULL;
}

/* When it works, the form is gone with everything else that lay over the start screen. */
static void make_review(struct create *create)
{
    struct app *app = create->view.app;
    AUTO_RELEASE(strings) struct strings checklists = {0};
    AUTO_RELEASE(strings) struct strings targets = {0};
    struct error error = {0};
    split_words(editor_text(&create->editors[FIELD_CHECKLISTS]), &checklists);
    split_words(editor_text(&create->editors[FIELD_TARGETS]), &targets);
    if (!is_complete(create, &checklists, &targets))
        return;
    const char *title = editor_text(&create->editors[FIELD_TITLE]);
    AUTO_FREE char *path = memory_copy_text(editor_text(&create->editors[FIELD_FILE]));
    struct session_new request = {.path = path,
                                  .title = title[0] != '\0' ? title : NULL,
                                  .checklists = &checklists,
                                  .targets = &targets};
    if (app_create(app, &request, &error))
        app_say(app, MESSAGE_GOOD, "made %s", path);
    else
        app_fail(app, &error);
}

static bool move(struct create *create, int step)
{
    create->field = (enum field)(((int)create->field + step + FIELD_COUNT) % FIELD_COUNT);
    return true;
}

static void text_changed(struct create *create)
{
    if (create->field == FIELD_FILE)
        create->has_own_file = create->editors[FIELD_FILE].text.length > 0;
    else
        propose_file(create);
}

static bool act(struct view *view, enum action action)
{
    struct create *create = (struct create *)view;
    switch (action) {
    case ACTION_CANCEL:
        app_pop(view->app, view);
        return true;
    case ACTION_CREATE:
        make_review(create);
        return true;
    case ACTION_SHOW:
        if (create->field == FIELD_CHECKLISTS)
            choose_checklist(create);
        else if (create->field == FIELD_FILE)
            make_review(create);
        else
            move(create, 1);
        return true;
    case ACTION_CHOICE_UP:
        return move(create, -1);
    case ACTION_CHOICE_DOWN:
        return move(create, 1);
    default:
        if (!editor_act(&create->editors[create->field], action))
            return false;
        text_changed(create);
        return true;
    }
}

static void type(struct view *view, struct key key)
{
    struct create *create = (struct create *)view;
    if (editor_type(&create->editors[create->field], key))
        text_changed(create);
}

static void paste(struct view *view, const char *bytes, size_t length)
{
    struct create *create = (struct create *)view;
    if (editor_insert(&create->editors[create->field], bytes, length))
        text_changed(create);
}

static void mouse(struct view *view, const struct event *event)
{
    struct create *create = (struct create *)view;
    for (int field = 0; field < FIELD_COUNT && event->kind == EVENT_CLICK; field++)
        if (layout_contains(create->areas[field], event->row, event->column))
            create->field = (enum field)field;
}

static const char *hint(const struct view *view, enum action action)
{
    const struct create *create = (const struct create *)view;
    if (action != ACTION_SHOW)
        return action == ACTION_CREATE ? "create" : NULL;
    return create->field == FIELD_CHECKLISTS ? "choose"
           : create->field == FIELD_FILE     ? "create"
                                             : "next field";
}

static void free_create(struct view *view)
{
    struct create *create = (struct create *)view;
    for (int field = 0; field < FIELD_COUNT; field++)
        editor_release(&create->editors[field]);
    free(create);
}

static const struct view_class create_class = {.title = "New review",
                                               .context = context,
                                               .draw = draw,
                                               .act = act,
                                               .type = type,
                                               .paste = paste,
                                               .mouse = mouse,
                                               .hint = hint,
                                               .free = free_create};

void create_open(struct app *app)
{
    struct create *create = memory_new(1, sizeof(*create));
    create->view = (struct view){&create_class, app};
    for (int field = 0; field < FIELD_COUNT; field++)
        editor_init(&create->editors[field], EDITOR_LINE);
    app_push(app, &create->view);
}
