/* SPDX-License-Identifier: Apache-2.0 */
/* The Sign-off screen: what stands in the way, what is signed and by whom, and who signed before.
 */
#include "assess/signoff.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "choice.h"
#include "dialog.h"
#include "document.h"
#include "drafts.h"
#include "draw.h"
#include "layout.h"
#include "note.h"
#include "screens.h"

enum { LABEL_COLUMNS = 11 };

enum field {
    FIELD_POLICY,
    FIELD_ROLE,
    FIELD_KEY,
    FIELD_STATEMENT,
    FIELD_VIEW,
    FIELD_SIGN,
    FIELD_COUNT
};

struct signoff {
    struct view view;
    struct list fields;
    bool is_approver;
    char *key;       /* NULL: none chosen */
    char *statement; /* NULL: none */
    char *policy;    /* in words */
    struct preflight preflight;
    struct signoff_row_list signoffs;
    bool is_stale;
    struct rect field_rows; /* as drawn last */
};

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_SIGNOFF;
}

static void update(struct view *view)
{
    ((struct signoff *)view)->is_stale = true;
}

static void read_state(struct signoff *signoff)
{
    struct app *app = signoff->view.app;
    struct review_filter all = {0};
    struct error error = {0};
    const char *problem;
    if (!signoff->is_stale)
        return;
    signoff->is_stale = false;
    if (session_running_count(app->session) == 0)
        session_verify(app->session, &problem);
    preflight_release(&signoff->preflight);
    signoff_row_list_release(&signoff->signoffs);
    free(signoff->policy);
    signoff->policy = policy_summary(app);
    if (!session_preflight(app->session, &signoff->preflight, &error) ||
        !review_query_signoffs(session_review(app->session), &all, &signoff->signoffs, &error))
        app_fail(app, &error);
}

static struct signing signing_of(const struct signoff *signoff)
{
    return (struct signing){.key = signoff->key,
                            .role = signoff->is_approver ? "approver" : "reviewer",
                            .statement = signoff->statement,
                            .despite_problems = true};
}

/* ---- drawing ---- */

static void add_points(const struct preflight *preflight, enum preflight_level level,
                       struct document *document)
{
    for (size_t i = 0; i < preflight->point_count; i++) {
        const struct preflight_point *point = &preflight->points[i];
        size_t first = document->count;
        if (point->level != level)
            continue;
        document_labeled(document, glyph_text(preflight_glyph(level), document->canvas->ascii),
                         level == PREFLIGHT_OK ? ROLE_DIM : ROLE_TEXT, 2, point->text);
        document->lines[first].label_role = preflight_role(level);
    }
}

/* Problems first: on a small screen the rest is cut. */
static void draw_points(const struct signoff *signoff, struct canvas *canvas, struct rect area)
{
    draw_title(canvas, area, &(struct title){"Before sign-off", NULL, false});
    struct rect rows = layout_indent(layout_below_title(area), 1);
    struct document document;
    document_init(&document, canvas, rows.columns);
    for (int level = PREFLIGHT_PROBLEM; level >= PREFLIGHT_OK; level--)
        add_points(&signoff->preflight, (enum preflight_level)level, &document);
    document_draw(&document, canvas, rows, 0);
    document_release(&document);
}

static void draw_field(const struct signoff *signoff, struct canvas *canvas, struct rect area,
                       int row)
{
    static const char *const labels[] = {[FIELD_POLICY] = "Policy",
                                         [FIELD_ROLE] = "Role",
                                         [FIELD_KEY] = "Key",
                                         [FIELD_STATEMENT] = "Statement",
                                         [FIELD_VIEW] = "Read the text that would be signed",
                                         [FIELD_SIGN] = "Sign"};
    AUTO_FREE char *key = path_text(signoff->key != NULL ? signoff->key : "choose one");
    const char *values[FIELD_COUNT] = {
        [FIELD_POLICY] = signoff->policy,
        [FIELD_ROLE] = signoff->is_approver ? "approver" : "reviewer",
        [FIELD_KEY] = key,
        [FIELD_STATEMENT] = signoff->statement != NULL ? signoff->statement : "none"};
    bool is_set = row == FIELD_POLICY || row == FIELD_ROLE ||
                  (row == FIELD_KEY && signoff->key != NULL) ||
                  (row == FIELD_STATEMENT && signoff->statement != NULL);
    struct strip strip = canvas_strip(canvas, area, row);
    strip_skip(&strip, 2);
    bool is_button = values[row] == NULL;
    if (is_button) {
        strip_glyph(&strip, ROLE_KEY, GLYPH_ARROW);
        strip_skip(&strip, 1);
    }
    strip_put(&strip, is_button ? ROLE_TEXT : ROLE_LABEL, labels[row]);
    strip_skip_to(&strip, LABEL_COLUMNS + 2);
    if (!is_button)
        strip_put(&strip, is_set ? ROLE_TEXT : ROLE_DIM, values[row]);
}

static void draw_signatures(const struct signoff *signoff, struct canvas *canvas, struct rect area)
{
    AUTO_FREE char *right = memory_format("%zu", signoff->signoffs.count);
    draw_title(canvas, area, &(struct title){"Signatures", right, false});
    struct rect rows = layout_indent(layout_below_title(area), 1);
    struct document document;
    document_init(&document, canvas, rows.columns);
    if (signoff->signoffs.count == 0)
        document_text(&document, ROLE_DIM, 0, "Nobody has signed yet.");
    for (size_t i = signoff->signoffs.count; i-- > 0;) {
        const struct signoff_row *row = &signoff->signoffs.items[i];
        char time[CLOCK_TEXT_BYTES];
        AUTO_FREE char *head = memory_format("%s, %s, %s", row->signer, row->role,
                                             clock_format_minute(row->time_ms, time));
        document_text(&document, ROLE_TEXT, 0, head);
        document_text(&document, ROLE_DIM, 2, row->key);
        if (row->entries_since > 0) {
            AUTO_FREE char *since =
                memory_format("%d entries were added since", (int)row->entries_since);
            document_text(&document, ROLE_WARNING, 2, since);
        }
    }
    document_draw(&document, canvas, rows, 0);
    document_release(&document);
}

static void draw_form(struct signoff *signoff, struct canvas *canvas, struct rect area)
{
    draw_title(canvas, area, &(struct title){"Sign off", NULL, true});
    struct rect rows = layout_below_title(area);
    struct rect fields = layout_take_top(&rows, FIELD_COUNT);
    signoff->field_rows = fields;
    list_set_count(&signoff->fields, FIELD_COUNT);
    list_show(&signoff->fields, fields.rows);
    for (int row = 0; row < fields.rows; row++)
        draw_field(signoff, canvas, fields, row);
    draw_selection(canvas, fields, &signoff->fields, true);
    layout_take_top(&rows, 1);
    if (rows.rows > 1)
        draw_signatures(signoff, canvas, rows);
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct signoff *signoff = (struct signoff *)view;
    read_state(signoff);
    struct panes panes = layout_panes(area, 45, 30);
    if (panes.is_single) {
        struct rect top = layout_take_top(&area, area.rows / 2);
        draw_form(signoff, canvas, top);
        draw_points(signoff, canvas, area);
        return;
    }
    draw_points(signoff, canvas, panes.left);
    draw_form(signoff, canvas, panes.right);
    draw_divider(canvas, area, panes.divider);
}

/* ---- fields ---- */

static void key_chosen(struct app *app UNUSED, void *context, int value UNUSED, const char *text)
{
    struct signoff *signoff = context;
    free(signoff->key);
    signoff->key = memory_copy_text(text);
}

/* A list gives back a number; the paths are kept beside it until it is done. */
struct key_choice {
    struct signoff *signoff;
    struct strings paths;
};

static void free_key_choice(void *context)
{
    struct key_choice *choice = context;
    strings_release(&choice->paths);
    free(choice);
}

static void key_taken(struct app *app, void *context, int value, const char *text)
{
    const struct key_choice *choice = context;
    key_chosen(app, choice->signoff, 0, value >= 0 ? choice->paths.items[value] : text);
}

/* The public keys in ~/.ssh; for one whose private half is not beside it, an agent is asked. */
static void find_keys(struct key_choice *choice, struct choice_items *items)
{
    AUTO_FREE char *home = path_home();
    AUTO_FREE char *folder = path_join(home, ".ssh");
    AUTO_RELEASE(strings) struct strings names = {0};
    if (!file_list(folder, &names, NULL))
        return;
    for (size_t i = 0; i < names.count; i++) {
        size_t length = strlen(names.items[i]);
        if (length < 5 || strcmp(names.items[i] + length - 4, ".pub") != 0)
            continue;
        AUTO_FREE char *private_name = memory_copy(names.items[i], length - 4);
        bool has_private = strings_contains(&names, private_name);
        char *path = path_join(folder, has_private ? private_name : names.items[i]);
        choice_add(items, (struct choice_item){
                              .text = memory_copy_text(path),
                              .detail = memory_copy_text(has_private ? "" : "by the agent"),
                              .value = (int)choice->paths.count});
        strings_push_take(&choice->paths, path);
    }
}

static void choose_key(struct signoff *signoff)
{
    struct key_choice *choice = memory_new(1, sizeof(*choice));
    struct choice_items items = {0};
    choice->signoff = signoff;
    find_keys(choice, &items);
    choice_open(signoff->view.app,
                &(struct choice_request){.title = "Key to sign with, or type its path",
                                         .items = items,
                                         .takes_other = true,
                                         .done = key_taken,
                                         .context = choice,
                                         .free_context = free_key_choice});
}

static bool statement_given(struct app *app UNUSED, void *context, const char *text)
{
    struct signoff *signoff = context;
    free(signoff->statement);
    signoff->statement = text[0] != '\0' ? memory_copy_text(text) : NULL;
    return true;
}

static void edit_statement(struct signoff *signoff)
{
    note_open(signoff->view.app,
              &(struct note_request){.title = "Statement",
                                     .prompt = "What you declare by your signature; it is part of "
                                               "the signed text.",
                                     .kind = EDITOR_LINES,
                                     .initial = signoff->statement,
                                     .draft = "statement",
                                     .may_be_empty = true,
                                     .done = statement_given,
                                     .context = signoff});
}

/* ---- signing ---- */

static void view_manifest(struct app *app, void *context)
{
    const struct signoff *signoff = context;
    struct signing signing = signing_of(signoff);
    struct error error = {0};
    char *text = NULL;
    if (session_manifest(app->session, &signing, &text, &error))
        viewer_open(app, "The text that would be signed", text, true);
    else
        app_fail(app, &error);
}

static void sign(struct app *app, void *context, bool yes)
{
    struct signoff *signoff = context;
    struct signing signing = signing_of(signoff);
    struct error error = {0};
    if (!yes)
        return;
    if (app->host.suspend != NULL)
        app->host.suspend(app->host.context);
    bool is_signed = session_sign(app->session, &signing, &error);
    if (app->host.resume != NULL)
        app->host.resume(app->host.context);
    app_update(app);
    if (!is_signed)
        app_fail(app, &error);
    else
        app_say(app, MESSAGE_GOOD, "signed as %s", signing.role);
}

static void ask_sign(struct signoff *signoff)
{
    struct app *app = signoff->view.app;
    if (!app_can_write(app))
        return;
    if (signoff->key == NULL) {
        choose_key(signoff);
        return;
    }
    size_t problems = signoff->preflight.problem_count;
    AUTO_FREE char *text = memory_format(
        "You sign as %s with %s. ssh-keygen makes the signature; it may ask for the key's "
        "passphrase or a touch.%s",
        signoff->is_approver ? "approver" : "reviewer", signoff->key,
        problems > 0 ? "\n\nThe list before sign-off names problems. They stand in the signed text."
                     : "");
    dialog_open(app, &(struct dialog_request){.title = "Sign this review off?",
                                              .text = text,
                                              .word = "sign",
                                              .confirm = "sign",
                                              .is_warning = problems > 0,
                                              .is_guarded = true,
                                              .done = sign,
                                              .context = signoff});
}

static void show(struct signoff *signoff)
{
    switch ((enum field)signoff->fields.selected) {
    case FIELD_POLICY:
        do_policy(signoff->view.app);
        return;
    case FIELD_ROLE:
        signoff->is_approver = !signoff->is_approver;
        return;
    case FIELD_KEY:
        choose_key(signoff);
        return;
    case FIELD_STATEMENT:
        edit_statement(signoff);
        return;
    case FIELD_VIEW:
        view_manifest(signoff->view.app, signoff);
        return;
    case FIELD_SIGN:
        ask_sign(signoff);
        return;
    case FIELD_COUNT:
        return;
    }
}

static bool act(struct view *view, enum action action)
{
    struct signoff *signoff = (struct signoff *)view;
    switch (action) {
    case ACTION_SHOW:
        show(signoff);
        return true;
    case ACTION_SIGN:
        ask_sign(signoff);
        return true;
    case ACTION_POLICY:
        do_policy(view->app);
        return true;
    case ACTION_MANIFEST:
        view_manifest(view->app, signoff);
        return true;
    default:
        return list_act(&signoff->fields, action);
    }
}

static void mouse(struct view *view, const struct event *event)
{
    struct signoff *signoff = (struct signoff *)view;
    if (event->kind != EVENT_CLICK ||
        !layout_contains(signoff->field_rows, event->row, event->column))
        return;
    list_select(&signoff->fields, event->row - signoff->field_rows.row);
    show(signoff);
}

static const char *hint(const struct view *view, enum action action)
{
    static const char *const labels[] = {
        [FIELD_POLICY] = "change",   [FIELD_ROLE] = "change", [FIELD_KEY] = "choose",
        [FIELD_STATEMENT] = "write", [FIELD_VIEW] = "read",   [FIELD_SIGN] = "sign"};
    const struct signoff *signoff = (const struct signoff *)view;
    int field = signoff->fields.selected;
    if (action == ACTION_SHOW)
        return field >= 0 && field < FIELD_COUNT ? labels[field] : "";
    return action == ACTION_BACK ? "back" : NULL;
}

static void free_signoff(struct view *view)
{
    struct signoff *signoff = (struct signoff *)view;
    preflight_release(&signoff->preflight);
    signoff_row_list_release(&signoff->signoffs);
    free(signoff->key);
    free(signoff->statement);
    free(signoff->policy);
    free(signoff);
}

static const struct view_class signoff_class = {.title = "Sign-off",
                                                .context = context,
                                                .draw = draw,
                                                .act = act,
                                                .mouse = mouse,
                                                .hint = hint,
                                                .update = update,
                                                .free = free_signoff};

struct view *signoff_new(struct app *app)
{
    struct signoff *signoff = memory_new(1, sizeof(*signoff));
    signoff->view = (struct view){&signoff_class, app};
    signoff->is_stale = true;
    signoff->fields.selected = FIELD_KEY;
    return &signoff->view;
}
