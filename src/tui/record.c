/* SPDX-License-Identifier: Apache-2.0 */
/* What a reviewer adds to a check besides the decision: comments, answers, files; and targets. */
#include "choice.h"
#include "drafts.h"
#include "note.h"
#include "screens.h"

static struct focus *copy_focus(const struct app *app)
{
    struct focus *focus = memory_new(1, sizeof(*focus));
    *focus = app->focus;
    return focus;
}

static bool finish(struct app *app, bool done, const struct error *error, const char *what)
{
    if (!done) {
        app_fail(app, error);
        return false;
    }
    app_update(app);
    app_say(app, MESSAGE_GOOD, "%s saved", what);
    return true;
}

/* ---- comments ---- */

static bool save_comment(struct app *app, void *context, const char *text)
{
    const struct focus *focus = context;
    struct error error = {0};
    return finish(app,
                  session_comment(app->session, focus->check->id,
                                  app_target_name(app, focus->target), text, &error),
                  &error, "comment");
}

static void comment_outside(struct app *app, const char *draft)
{
    AUTO_FREE char *before = drafts_find(app, draft);
    AUTO_FREE char *text = app_edit_outside(app, before != NULL ? before : "");
    if (text == NULL)
        return;
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\n", text[length - 1]) != NULL)
        text[--length] = '\0';
    if (length == 0) {
        app_say(app, MESSAGE_INFO, "the text was empty; nothing was saved");
        return;
    }
    drafts_keep(app, draft, text);
    if (save_comment(app, &app->focus, text))
        drafts_keep(app, draft, NULL);
}

void do_comment(struct app *app, bool outside)
{
    if (app->focus.check == NULL || !app_can_write(app))
        return;
    AUTO_FREE char *draft = drafts_key(app, "comment");
    if (outside) {
        comment_outside(app, draft);
        return;
    }
    AUTO_FREE char *title = memory_format("Comment on %s", app->focus.check->id);
    note_open(app, &(struct note_request){.title = title,
                                          .kind = EDITOR_LINES,
                                          .draft = draft,
                                          .done = save_comment,
                                          .context = copy_focus(app),
                                          .free_context = free});
}

/* ---- answers ---- */

struct answering {
    struct focus focus;
    size_t question;
};

static void ask_question(struct app *app, const struct answering *answering);

static char *find_answer(struct app *app, const struct answering *answering)
{
    struct review_filter filter = {.check = answering->focus.check->id,
                                   .target = app_target_name(app, answering->focus.target)};
    AUTO_RELEASE(answer_row_list) struct answer_row_list rows = {0};
    char *value = NULL;
    if (!review_query_answers(session_review(app->session), &filter, &rows, NULL))
        return NULL;
    for (size_t i = 0; i < rows.count; i++)
        if (strcmp(rows.items[i].question,
                   answering->focus.check->questions[answering->question].id) == 0) {
            free(value);
            value = memory_copy_text(rows.items[i].value);
        }
    return value;
}

/* Go on with the next question that nobody answered. */
static void ask_next(struct app *app, const struct answering *answering)
{
    struct answering next = *answering;
    for (next.question++; next.question < next.focus.check->question_count; next.question++) {
        AUTO_FREE char *value = find_answer(app, &next);
        if (value == NULL) {
            ask_question(app, &next);
            return;
        }
    }
}

static bool save_answer(struct app *app, void *context, const char *text)
{
    const struct answering *answering = context;
    const struct question *question = &answering->focus.check->questions[answering->question];
    struct error error = {0};
    struct answer answer = {.check = answering->focus.check->id,
                            .target = app_target_name(app, answering->focus.target),
                            .question = question->id,
                            .value = text};
    if (!finish(app, session_answer(app->session, &answer, &error), &error, "answer"))
        return false;
    ask_next(app, answering);
    return true;
}

static void option_taken(struct app *app, void *context, int value, const char *text UNUSED)
{
    struct answering *answering = context;
    const struct question *question = &answering->focus.check->questions[answering->question];
    const char *answer = question->type == ANSWER_YES_NO ? (value == 0 ? "yes" : "no")
                                                         : question->options.items[value];
    (void)save_answer(app, answering, answer);
}

static void ask_option(struct app *app, const struct answering *answering)
{
    const struct question *question = &answering->focus.check->questions[answering->question];
    struct answering *copy = memory_new(1, sizeof(*copy));
    *copy = *answering;
    struct choice_items items = {0};
    if (question->type == ANSWER_YES_NO) {
        choice_add(&items, (struct choice_item){.text = memory_copy_text("yes"), .value = 0});
        choice_add(&items, (struct choice_item){.text = memory_copy_text("no"), .value = 1});
    }
    for (size_t i = 0; i < question->options.count && question->type == ANSWER_CHOICE; i++)
        choice_add(&items,
                   (struct choice_item){.text = memory_copy_text(question->options.items[i]),
                                        .value = (int)i});
    choice_open(app, &(struct choice_request){.title = question->text,
                                              .items = items,
                                              .done = option_taken,
                                              .context = copy,
                                              .free_context = free});
}

static void ask_question(struct app *app, const struct answering *answering)
{
    const struct question *question = &answering->focus.check->questions[answering->question];
    if (question->type == ANSWER_YES_NO || question->type == ANSWER_CHOICE) {
        ask_option(app, answering);
        return;
    }
    struct answering *copy = memory_new(1, sizeof(*copy));
    *copy = *answering;
    AUTO_FREE char *before = find_answer(app, answering);
    AUTO_FREE char *what = memory_format("answer-%s", question->id);
    AUTO_FREE char *draft = drafts_key(app, what);
    AUTO_FREE char *prompt =
        question->type == ANSWER_DATE     ? memory_format("%s (YYYY-MM-DD)", question->text)
        : question->type == ANSWER_NUMBER ? memory_format("%s (a number)", question->text)
                                          : memory_copy_text(question->text);
    bool is_text = question->type == ANSWER_TEXT;
    note_open(app, &(struct note_request){.title = "Answer",
                                          .prompt = prompt,
                                          .kind = is_text ? EDITOR_LINES : EDITOR_LINE,
                                          .initial = before,
                                          .draft = draft,
                                          .done = save_answer,
                                          .context = copy,
                                          .free_context = free});
}

static void question_chosen(struct app *app, void *context UNUSED, int value,
                            const char *text UNUSED)
{
    ask_question(app, &(struct answering){app->focus, (size_t)value});
}

/* With one question there is nothing to choose. */
void do_answer(struct app *app)
{
    const struct check *check = app->focus.check;
    if (check == NULL || !app_can_write(app))
        return;
    if (check->question_count == 0) {
        app_say(app, MESSAGE_INFO, "this check asks nothing; c writes a comment");
        return;
    }
    if (check->question_count == 1) {
        ask_question(app, &(struct answering){app->focus, 0});
        return;
    }
    struct choice_items items = {0};
    for (size_t i = 0; i < check->question_count; i++)
        choice_add(&items, (struct choice_item){
                               .text = memory_copy_text(check->questions[i].text),
                               .detail = find_answer(app, &(struct answering){app->focus, i}),
                               .value = (int)i});
    choice_open(app, &(struct choice_request){.title = "Answer which question?",
                                              .items = items,
                                              .done = question_chosen});
}

/* ---- files and targets ---- */

static bool attach(struct app *app, void *context, const char *text)
{
    const struct focus *focus = context;
    struct error error = {0};
    return finish(app,
                  session_attach(app->session, focus->check->id,
                                 app_target_name(app, focus->target), text, &error),
                  &error, "attachment");
}

void do_attach(struct app *app)
{
    if (app->focus.check == NULL || !app_can_write(app))
        return;
    AUTO_FREE char *title = memory_format("Attach a file to %s", app->focus.check->id);
    note_open(app, &(struct note_request){.title = title,
                                          .prompt = "Path of the file, 64 MiB at most:",
                                          .kind = EDITOR_LINE,
                                          .save = "attach",
                                          .done = attach,
                                          .context = copy_focus(app),
                                          .free_context = free});
}

static bool add_target(struct app *app, void *context UNUSED, const char *text)
{
    struct error error = {0};
    return finish(app, session_add_target(app->session, text, &error), &error, "target");
}

void do_add_target(struct app *app)
{
    if (!app_can_write(app))
        return;
    note_open(app,
              &(struct note_request){
                  .title = "Add a target",
                  .prompt = "local, ssh://[user@]host[:port], or a Host of ssh_config; name=... "
                            "gives it a name of its own:",
                  .kind = EDITOR_LINE,
                  .save = "add",
                  .done = add_target});
}

static void target_chosen(struct app *app, void *context UNUSED, int value, const char *text UNUSED)
{
    app_set_focus(app, app->focus.check, (size_t)value);
    app_update(app);
}

void do_choose_target(struct app *app)
{
    size_t count;
    const struct session_target *targets = session_targets(app->session, &count);
    struct choice_items items = {0};
    for (size_t i = 0; i < count; i++)
        choice_add(&items, (struct choice_item){.text = memory_copy_text(targets[i].name),
                                                .detail = memory_copy_text(targets[i].spec),
                                                .value = (int)i});
    choice_open(app, &(struct choice_request){.title = "Target",
                                              .items = items,
                                              .selected = (int)app->focus.target,
                                              .done = target_chosen});
}
