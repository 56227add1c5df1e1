/* SPDX-License-Identifier: Apache-2.0 */
/* The Access screen: who may do what on a target, walked line by line. */
#include "assess/access.h"

#include "base/clock.h"
#include "dialog.h"
#include "document.h"
#include "draw.h"
#include "layout.h"
#include "note.h"
#include "screens.h"

enum { DETAIL_ROWS = 9, DETAIL_FROM = 16, LABEL_COLUMNS = 16, WIDE = 110 };

struct access_screen {
    struct view view;
    struct access_matrix matrix; /* of the target below */
    size_t target;
    struct list list;
    bool is_stale;
    struct rect rows; /* as drawn last */
};

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_ACCESS;
}

static void update(struct view *view)
{
    ((struct access_screen *)view)->is_stale = true;
}

static const struct access_line *selected_line(const struct access_screen *screen)
{
    int row = screen->list.selected;
    return row >= 0 && row < (int)screen->matrix.count ? &screen->matrix.lines[row] : NULL;
}

static void select_account(struct access_screen *screen, const char *account)
{
    for (size_t i = 0; i < screen->matrix.count; i++)
        if (strcmp(screen->matrix.lines[i].cells[ACCESS_COLUMN_ACCOUNT], account) == 0)
            list_select(&screen->list, (int)i);
}

/* Read again what the session knows, and keep the account that is selected. */
static void refresh(struct access_screen *screen)
{
    struct app *app = screen->view.app;
    struct access_matrix matrix = {0};
    struct error error = {0};
    const char *target = app_target_name(app, app->focus.target);
    if (!screen->is_stale && screen->target == app->focus.target)
        return;
    screen->is_stale = false;
    if (!session_read_access(app->session, target, &matrix, &error)) {
        app_fail(app, &error);
        return;
    }
    const struct access_line *line = selected_line(screen);
    bool is_same = screen->target == app->focus.target;
    AUTO_FREE char *account =
        line != NULL && is_same ? memory_copy_text(line->cells[ACCESS_COLUMN_ACCOUNT]) : NULL;
    access_matrix_release(&screen->matrix);
    screen->matrix = matrix;
    screen->target = app->focus.target;
    list_set_count(&screen->list, (int)matrix.count);
    if (account != NULL)
        select_account(screen, account);
    else
        list_select(&screen->list, 0);
}

/* ---- drawing ---- */

static const struct {
    enum glyph glyph;
    enum role role;
} looks[] = {
    [ACCESS_STATE_OPEN] = {GLYPH_OPEN, ROLE_TEXT},
    [ACCESS_STATE_APPROVED] = {GLYPH_PASS, ROLE_PASS},
    [ACCESS_STATE_QUESTIONED] = {GLYPH_FAIL, ROLE_FAIL},
    [ACCESS_STATE_CHANGED] = {GLYPH_STALE, ROLE_WARNING},
    [ACCESS_STATE_DISPUTED] = {GLYPH_DISPUTED, ROLE_FAIL},
    [ACCESS_STATE_GONE] = {GLYPH_NOT_APPLICABLE, ROLE_MUTED},
};

static void put_column(struct strip *strip, enum role role, const char *text, int columns)
{
    struct strip cell = *strip;
    cell.limit = cell.next + columns - 1 < strip->limit ? cell.next + columns - 1 : strip->limit;
    strip_put(&cell, role, text);
    strip_skip(strip, columns);
}

/* The columns of the list at a width, without the last, which takes what is left. */
struct shown_column {
    enum access_column column;
    int columns, wide_columns; /* 0: not shown */
};
static const struct shown_column shown[] = {
    {ACCESS_COLUMN_ACCOUNT, 15, 18},   {ACCESS_COLUMN_UID, 0, 8},   {ACCESS_COLUMN_KIND, 8, 9},
    {ACCESS_COLUMN_LAST_LOGIN, 0, 15}, {ACCESS_COLUMN_IDLE, 0, 10}, {ACCESS_COLUMN_LOGIN, 23, 30},
};

static void draw_headings(struct canvas *canvas, struct rect area)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    strip_skip(&strip, 4);
    for (size_t i = 0; i < LENGTH(shown); i++) {
        int columns = area.columns >= WIDE ? shown[i].wide_columns : shown[i].columns;
        if (columns > 0)
            put_column(&strip, ROLE_DIM, access_column_heading(shown[i].column), columns);
    }
    strip_put(&strip, ROLE_DIM, access_column_heading(ACCESS_COLUMN_ROOT));
}

static void draw_line(struct canvas *canvas, struct rect area, int row,
                      const struct access_line *line)
{
    struct strip strip = canvas_strip(canvas, area, row);
    bool is_quiet = line->is_inert || line->state == ACCESS_STATE_GONE;
    enum role role = is_quiet ? ROLE_MUTED : ROLE_TEXT;
    strip_skip(&strip, 2);
    strip_glyph(&strip, looks[line->state].role, looks[line->state].glyph);
    strip_skip(&strip, 1);
    for (size_t i = 0; i < LENGTH(shown); i++) {
        int columns = area.columns >= WIDE ? shown[i].wide_columns : shown[i].columns;
        if (columns > 0)
            put_column(&strip, shown[i].column == ACCESS_COLUMN_ACCOUNT ? ROLE_STRONG : role,
                       line->cells[shown[i].column], columns);
    }
    strip_put(&strip, line->is_privileged ? ROLE_WARNING : role, line->cells[ACCESS_COLUMN_ROOT]);
}

static void add_word(struct document *document, const struct access_line *line)
{
    char when[CLOCK_TEXT_BYTES];
    const char *state = access_state_text(line->state);
    AUTO_FREE char *text = line->said_ms == 0
                               ? memory_format("%s: nobody has said anything yet", state)
                               : memory_format("%s, by %s, %s%s%s", state, line->author,
                                               clock_format_minute(line->said_ms, when),
                                               *line->comment != '\0' ? ": " : "", line->comment);
    document_labeled(document, "Word", looks[line->state].role, LABEL_COLUMNS, text);
}

static void add_cell(struct document *document, const struct access_line *line,
                     enum access_column column)
{
    if (*line->cells[column] != '\0')
        document_labeled(document, access_column_heading(column), ROLE_TEXT, LABEL_COLUMNS,
                         line->cells[column]);
}

static void draw_detail(const struct access_screen *screen, struct canvas *canvas, struct rect area)
{
    const struct access_line *line = selected_line(screen);
    struct document document;
    if (line == NULL)
        return;
    draw_title(canvas, area, &(struct title){line->cells[ACCESS_COLUMN_ACCOUNT], NULL, false});
    area = layout_indent(layout_below_title(area), 2);
    document_init(&document, canvas, area.columns);
    add_word(&document, line);
    for (int column = ACCESS_COLUMN_LOGIN; column < ACCESS_COLUMN_COUNT; column++)
        add_cell(&document, line, (enum access_column)column);
    document_cut(&document, 0, (size_t)area.rows);
    document_draw(&document, canvas, area, 0);
    document_release(&document);
}

static void draw_nothing(const struct access_screen *screen, struct canvas *canvas,
                         struct rect area)
{
    struct document document;
    area = layout_indent(area, 2);
    document_init(&document, canvas, area.columns);
    document_text(
        &document, ROLE_TEXT, 0,
        "The accounts of this target were not seen. Gathering evidence brings them, where "
        "a checklist of the review has the check " ACCESS_CHECK ".");
    document_blank(&document);
    document_text(&document, ROLE_DIM, 0, screen->matrix.why != NULL ? screen->matrix.why : "");
    document_draw(&document, canvas, area, 0);
    document_release(&document);
}

static void draw_list(struct access_screen *screen, struct canvas *canvas, struct rect area)
{
    draw_headings(canvas, layout_take_top(&area, 1));
    screen->rows = area;
    list_show(&screen->list, area.rows);
    for (int row = 0; row < area.rows; row++)
        if (screen->list.top + row < screen->list.count)
            draw_line(canvas, area, row, &screen->matrix.lines[screen->list.top + row]);
    draw_selection(canvas, area, &screen->list, true);
    draw_list_scrollbar(canvas, area, &screen->list);
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct access_screen *screen = (struct access_screen *)view;
    refresh(screen);
    const struct access_matrix *matrix = &screen->matrix;
    AUTO_FREE char *left =
        memory_format("Access on %s", matrix->target != NULL ? matrix->target : "");
    AUTO_FREE char *right =
        memory_format("%zu to walk, %zu questioned, %zu accounts", access_count_unwalked(matrix),
                      matrix->by_state[ACCESS_STATE_QUESTIONED], matrix->count);
    draw_title(canvas, area, &(struct title){left, right, true});
    struct rect body = layout_below_title(area);
    if (matrix->count == 0) {
        draw_nothing(screen, canvas, body);
        return;
    }
    if (body.rows >= DETAIL_FROM)
        draw_detail(screen, canvas, layout_take_bottom(&body, DETAIL_ROWS));
    draw_list(screen, canvas, body);
}

/* ---- words ---- */

/* False when no line needs a word. */
static bool go_to_next(struct access_screen *screen)
{
    int count = screen->list.count;
    for (int step = 1; step <= count; step++) {
        int row = (screen->list.selected + step) % count;
        if (!access_needs_word(&screen->matrix.lines[row]))
            continue;
        list_select(&screen->list, row);
        return true;
    }
    return false;
}

/* A line as the reviewer saw it when the question was begun. */
struct asking {
    char *target, *account, *facts;
};

static void free_asking(void *context)
{
    struct asking *asking = context;
    free(asking->target);
    free(asking->account);
    free(asking->facts);
    free(asking);
}

static bool say(struct app *app, const struct access_word *word)
{
    struct access_screen *screen = (struct access_screen *)app->tabs[TAB_ACCESS];
    struct error error = {0};
    bool is_said = session_say_access(app->session, word, &error);
    app_update(app);
    if (!is_said) {
        app_fail(app, &error);
        return false;
    }
    refresh(screen);
    app_say(app, MESSAGE_GOOD, "%s: %s, saved", word->account,
            word->is_question ? "questioned" : "approved");
    if (!go_to_next(screen))
        app_say(app, MESSAGE_GOOD, "%s saved; every account of this target is walked",
                word->account);
    return true;
}

static void approve(struct access_screen *screen)
{
    struct app *app = screen->view.app;
    const struct access_line *line = selected_line(screen);
    if (line == NULL || !app_can_write(app))
        return;
    AUTO_FREE char *account = memory_copy_text(line->cells[ACCESS_COLUMN_ACCOUNT]);
    AUTO_FREE char *facts = memory_copy_text(line->facts);
    say(app, &(struct access_word){.target = app_target_name(app, screen->target),
                                   .account = account,
                                   .facts = facts});
}

static void inert_confirmed(struct app *app, void *target, bool yes)
{
    struct access_screen *screen = (struct access_screen *)app->tabs[TAB_ACCESS];
    struct error error = {0};
    size_t count;
    if (!yes)
        return;
    bool is_done = session_approve_inert(app->session, target, &count, &error);
    app_update(app);
    if (!is_done) {
        app_fail(app, &error);
        return;
    }
    refresh(screen);
    go_to_next(screen);
    app_say(app, MESSAGE_GOOD, "%zu approved, saved", count);
}

static void approve_inert(struct access_screen *screen)
{
    struct app *app = screen->view.app;
    struct buffer text = {0};
    size_t count = 0;
    if (!app_can_write(app))
        return;
    buffer_append_text(&text, "These can neither log in nor become root, and nothing about them is "
                              "unknown or odd:");
    for (size_t i = 0; i < screen->matrix.count; i++) {
        const struct access_line *line = &screen->matrix.lines[i];
        if (line->is_inert && access_needs_word(line))
            buffer_append_format(&text, "%s %s", count++ == 0 ? "" : ",",
                                 line->cells[ACCESS_COLUMN_ACCOUNT]);
    }
    AUTO_FREE char *confirm = memory_format("approve %zu", count);
    if (count == 0)
        app_say(app, MESSAGE_INFO, "every account that waits for a word needs a look of its own");
    else
        dialog_open(app, &(struct dialog_request){
                             .title = "Approve what can do nothing?",
                             .text = buffer_text(&text),
                             .confirm = confirm,
                             .done = inert_confirmed,
                             .context = memory_copy_text(app_target_name(app, screen->target)),
                             .free_context = free});
    buffer_release(&text);
}

static bool question_given(struct app *app, void *context, const char *text)
{
    const struct asking *asking = context;
    return say(app, &(struct access_word){.target = asking->target,
                                          .account = asking->account,
                                          .is_question = true,
                                          .comment = text,
                                          .facts = asking->facts});
}

static void question(struct access_screen *screen)
{
    struct app *app = screen->view.app;
    const struct access_line *line = selected_line(screen);
    if (line == NULL || !app_can_write(app))
        return;
    struct asking *asking = memory_new(1, sizeof(*asking));
    asking->target = memory_copy_text(app_target_name(app, screen->target));
    asking->account = memory_copy_text(line->cells[ACCESS_COLUMN_ACCOUNT]);
    asking->facts = memory_copy_text(line->facts);
    AUTO_FREE char *title = memory_format("Question about %s", asking->account);
    note_open(app, &(struct note_request){.title = title,
                                          .prompt = "What has to be explained or changed?",
                                          .kind = EDITOR_LINE,
                                          .save = "question",
                                          .done = question_given,
                                          .context = asking,
                                          .free_context = free_asking});
}

/* ---- where it comes from ---- */

/* A TAB would make a label of what a target has said. */
static void append_foreign(struct buffer *text, const char *foreign)
{
    for (; *foreign != '\0'; foreign++)
        buffer_append_byte(text, *foreign == '\t' ? ' ' : *foreign);
}

static void show_line(struct access_screen *screen)
{
    const struct access_line *line = selected_line(screen);
    struct buffer text = {0};
    if (line == NULL)
        return;
    for (size_t i = 0; i < ACCESS_COLUMN_COUNT; i++) {
        buffer_append_format(&text, "%s\t", access_column_heading((enum access_column)i));
        append_foreign(&text, line->cells[i]);
        buffer_append_byte(&text, '\n');
    }
    buffer_append_format(&text, "Word\t%s\n", access_state_text(line->state));
    if (line->state == ACCESS_STATE_CHANGED) {
        buffer_append_text(&text, "\nWhat was approved:\n");
        append_foreign(&text, line->facts_then);
    }
    buffer_append_text(&text, "\nWhat a word is about:\n");
    append_foreign(&text, line->facts);
    buffer_append_text(&text, "\nThe lines of the probes that it comes from:\n");
    append_foreign(&text, line->evidence);
    if (*screen->matrix.why != '\0') {
        buffer_append_text(&text, "\nNot seen:\n");
        append_foreign(&text, screen->matrix.why);
    }
    viewer_open(screen->view.app, "Account", buffer_take(&text), false);
}

/* The check that the matrix comes from; NULL when no checklist has it. */
static const struct check *source_check(const struct access_screen *screen)
{
    size_t count;
    const struct item *items = session_items(screen->view.app->session, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(items[i].check->id, ACCESS_CHECK) == 0)
            return items[i].check;
    return NULL;
}

static void show_evidence(struct access_screen *screen)
{
    struct app *app = screen->view.app;
    const struct check *check = source_check(screen);
    if (check == NULL) {
        app_say(app, MESSAGE_INFO, "no checklist of this review has the check %s", ACCESS_CHECK);
        return;
    }
    app_set_focus(app, check, screen->target);
    app_go(app, TAB_EVIDENCE);
}

static void gather(struct access_screen *screen)
{
    if (source_check(screen) == NULL)
        app_say(screen->view.app, MESSAGE_INFO, "no checklist of this review has the check %s",
                ACCESS_CHECK);
    else
        do_run(screen->view.app, ACCESS_CHECK);
}

static void next_target(struct access_screen *screen)
{
    struct app *app = screen->view.app;
    size_t count;
    (void)session_targets(app->session, &count);
    if (count < 2)
        app_say(app, MESSAGE_INFO, "this review has one target");
    else
        app_set_focus(app, app->focus.check, (app->focus.target + 1) % count);
}

/* ---- acting ---- */

static bool act(struct view *view, enum action action)
{
    struct access_screen *screen = (struct access_screen *)view;
    refresh(screen);
    switch (action) {
    case ACTION_APPROVE:
        approve(screen);
        return true;
    case ACTION_APPROVE_INERT:
        approve_inert(screen);
        return true;
    case ACTION_QUESTION:
        question(screen);
        return true;
    case ACTION_NEXT_ACCOUNT:
        if (!go_to_next(screen))
            app_say(view->app, MESSAGE_INFO, "no account of this target waits for a word");
        return true;
    case ACTION_SHOW:
        show_line(screen);
        return true;
    case ACTION_SHOW_EVIDENCE:
        show_evidence(screen);
        return true;
    case ACTION_NEXT_TARGET:
        next_target(screen);
        return true;
    case ACTION_RUN:
        gather(screen);
        return true;
    default:
        return list_act(&screen->list, action);
    }
}

static void mouse(struct view *view, const struct event *event)
{
    struct access_screen *screen = (struct access_screen *)view;
    if (list_mouse(&screen->list, screen->rows, event) == LIST_CLICKED_AGAIN)
        show_line(screen);
}

static const char *hint(const struct view *view UNUSED, enum action action)
{
    return action == ACTION_SHOW ? "show" : action == ACTION_BACK ? "back" : NULL;
}

static void free_access(struct view *view)
{
    access_matrix_release(&((struct access_screen *)view)->matrix);
    free(view);
}

static const struct view_class access_class = {.title = "Access",
                                               .context = context,
                                               .draw = draw,
                                               .act = act,
                                               .mouse = mouse,
                                               .hint = hint,
                                               .update = update,
                                               .free = free_access};

struct view *access_new(struct app *app)
{
    struct access_screen *screen = memory_new(1, sizeof(*screen));
    screen->view = (struct view){&access_class, app};
    screen->is_stale = true;
    return &screen->view;
}
