/* SPDX-License-Identifier: Apache-2.0 */
/* What the Findings screen asks for: the fields of a finding, of an acceptance, a state. */
#include "findings_view.h"

#include "assess/accepted.h"
#include "choice.h"
#include "dialog.h"
#include "form_view.h"
#include "screens.h"

/* The finding or exception that is changed: its name, or NULL for a new one. */
struct subject {
    char *id;
};

static struct subject *subject_new(const struct entry_id *id)
{
    struct subject *subject = memory_new(1, sizeof(*subject));
    char text[ENTRY_ID_TEXT_BYTES];
    if (id != NULL)
        subject->id = memory_copy_text(entry_id_text(id, text));
    return subject;
}

static void free_subject(void *context)
{
    struct subject *subject = context;
    free(subject->id);
    free(subject);
}

/* Tell how it went, and select the finding of that name. */
static bool finish(struct app *app, bool is_done, const struct error *error, const char *what,
                   char *name)
{
    if (!is_done) {
        free(name);
        app_fail(app, error);
        return false;
    }
    app_update(app);
    if (name != NULL)
        findings_show_line(app, name);
    app_say(app, MESSAGE_GOOD, "%s", what);
    return true;
}

/* What is empty stays as the default of a new one says. */
static const char *given(const char *value)
{
    return *value != '\0' ? value : NULL;
}

/* ---- findings ---- */

enum {
    FIELD_TITLE,
    FIELD_SEVERITY,
    FIELD_BECAUSE,
    FIELD_CVSS,
    FIELD_STATE,
    FIELD_OWNER,
    FIELD_DUE,
    FIELD_CHECK,
    FIELD_TARGET,
    FIELD_DESCRIPTION,
    FIELD_RECOMMENDATION,
    FINDING_FIELDS
};

static bool save_finding(struct app *app, void *context, const char *const *values)
{
    const struct subject *subject = context;
    struct error error = {0};
    struct entry_id made = {0};
    const struct finding_request request = {.state = values[FIELD_STATE],
                                            .check = values[FIELD_CHECK],
                                            .target = values[FIELD_TARGET],
                                            .title = values[FIELD_TITLE],
                                            .severity = values[FIELD_SEVERITY],
                                            .because = values[FIELD_BECAUSE],
                                            .cvss = values[FIELD_CVSS],
                                            .owner = values[FIELD_OWNER],
                                            .due = values[FIELD_DUE],
                                            .description = values[FIELD_DESCRIPTION],
                                            .recommendation = values[FIELD_RECOMMENDATION]};
    bool is_done = subject->id != NULL
                       ? session_edit_finding(app->session, subject->id, &request, &error)
                       : session_add_finding(app->session, &request, &made, &error);
    char text[ENTRY_ID_TEXT_BYTES];
    return finish(app, is_done, &error, "finding saved",
                  memory_copy_text(subject->id != NULL ? subject->id : entry_id_text(&made, text)));
}

static const struct form_request finding_form = {
    .fields =
        {[FIELD_TITLE] = {"Title", "What is wrong, in a line.", NULL, FORM_LINE, {NULL}},
         [FIELD_SEVERITY] = {"Severity",
                             "Left and right change it, Enter lists them. Another than the "
                             "check's needs a reason.",
                             NULL,
                             FORM_WORD,
                             {"info", "low", "medium", "high", "critical"}},
         [FIELD_BECAUSE] =
             {"Because", "Why the severity is another than the check's.", NULL, FORM_TEXT, {NULL}},
         [FIELD_CVSS] = {"CVSS",
                         "May be empty. A vector of CVSS 3.1, 3.0 or 4.0, such as "
                         "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
                         NULL,
                         FORM_LINE,
                         {NULL}},
         [FIELD_STATE] = {"State",
                          "Left and right change it, Enter lists them.",
                          NULL,
                          FORM_WORD,
                          {"open", "in-progress", "fixed", "closed"}},
         [FIELD_OWNER] = {"Owner", "Who has to mend it. May be empty.", NULL, FORM_LINE, {NULL}},
         [FIELD_DUE] =
             {"Due", "Until when: YYYY-MM-DD, in UTC. May be empty.", NULL, FORM_LINE, {NULL}},
         [FIELD_CHECK] = {"Check",
                          "The id of the check that it belongs to, if there is one.",
                          NULL,
                          FORM_LINE,
                          {NULL}},
         [FIELD_TARGET] =
             {"Target", "Where it was seen. Empty: no target of its own.", NULL, FORM_LINE, {NULL}},
         [FIELD_DESCRIPTION] = {"Description",
                                "What it is and why it matters. Enter opens an editor.",
                                NULL,
                                FORM_TEXT,
                                {NULL}},
         [FIELD_RECOMMENDATION] = {"To mend it",
                                   "What has to be done. Enter opens an editor.",
                                   NULL,
                                   FORM_TEXT,
                                   {NULL}}},
    .field_count = FINDING_FIELDS,
    .done = save_finding,
    .free_context = free_subject,
};

static void fill_from_row(struct form_field *fields, const struct finding_row *row)
{
    fields[FIELD_TITLE].initial = row->title;
    fields[FIELD_SEVERITY].initial = row->severity;
    fields[FIELD_BECAUSE].initial = row->because;
    fields[FIELD_CVSS].initial = row->cvss;
    fields[FIELD_STATE].initial = row->state;
    fields[FIELD_OWNER].initial = row->owner;
    fields[FIELD_DUE].initial = row->due;
    fields[FIELD_CHECK].initial = row->check;
    fields[FIELD_TARGET].initial = row->target;
    fields[FIELD_DESCRIPTION].initial = row->description;
    fields[FIELD_RECOMMENDATION].initial = row->recommendation;
}

static void fill_from_check(struct form_field *fields, struct app *app,
                            const struct finding_line *line)
{
    const struct item *item = app_item(app, line->focus);
    fields[FIELD_TITLE].initial = line->title;
    fields[FIELD_SEVERITY].initial = severity_text(line->severity);
    fields[FIELD_CHECK].initial = line->check;
    fields[FIELD_TARGET].initial = line->target;
    if (item == NULL)
        return;
    fields[FIELD_DESCRIPTION].initial = item->row->suggestion_reason;
    fields[FIELD_RECOMMENDATION].initial = item->check->fix;
}

void findings_write_up(struct app *app, const struct finding_line *line)
{
    struct form_request request = finding_form;
    const struct finding_row *row = line != NULL ? line->finding : NULL;
    if (!app_can_write(app))
        return;
    request.title = row != NULL ? "Finding" : "New finding";
    request.context = subject_new(row != NULL ? &row->id : NULL);
    request.fields[FIELD_SEVERITY].initial = "medium";
    request.fields[FIELD_STATE].initial = "open";
    if (row != NULL)
        fill_from_row(request.fields, row);
    else if (line != NULL)
        fill_from_check(request.fields, app, line);
    form_open(app, &request);
}

static const char *const states[] = {
#define X(name, text) text,
    FINDING_STATES(X)
#undef X
};

static void state_chosen(struct app *app, void *context, int value, const char *text UNUSED)
{
    const struct subject *subject = context;
    struct error error = {0};
    const struct finding_request request = {.state = states[value]};
    AUTO_FREE char *what = memory_format("state saved: %s", states[value]);
    bool is_done = session_edit_finding(app->session, subject->id, &request, &error);
    (void)finish(app, is_done, &error, what, memory_copy_text(subject->id));
}

void findings_choose_state(struct app *app, const struct finding_line *line)
{
    struct choice_items items = {0};
    int selected = 0;
    if (line == NULL || !app_can_write(app))
        return;
    if (line->finding == NULL) {
        app_say(app, MESSAGE_INFO, "this has no state yet: F writes it up");
        return;
    }
    for (size_t i = 0; i < LENGTH(states); i++) {
        if (strcmp(states[i], line->finding->state) == 0)
            selected = (int)i;
        choice_add(&items,
                   (struct choice_item){.text = memory_copy_text(states[i]), .value = (int)i});
    }
    choice_open(app, &(struct choice_request){.title = "State of the finding",
                                              .items = items,
                                              .selected = selected,
                                              .done = state_chosen,
                                              .context = subject_new(&line->finding->id),
                                              .free_context = free_subject});
}

/* ---- accepted risks ---- */

enum {
    FIELD_REASON,
    FIELD_APPROVER,
    FIELD_UNTIL,
    FIELD_FROM,
    FIELD_RISK_CHECK,
    FIELD_RISK_TARGET,
    FIELD_CONTROL,
    FIELD_RISK,
    FIELD_REQUESTER,
    FIELD_CATEGORY,
    FIELD_TICKET,
    EXCEPTION_FIELDS
};

static bool save_exception(struct app *app, void *context, const char *const *values)
{
    const struct subject *subject = context;
    struct error error = {0};
    struct entry_id made;
    const struct exception_request request = {.check = values[FIELD_RISK_CHECK],
                                              .target = values[FIELD_RISK_TARGET],
                                              .category = values[FIELD_CATEGORY],
                                              .reason = values[FIELD_REASON],
                                              .control = values[FIELD_CONTROL],
                                              .risk = values[FIELD_RISK],
                                              .requester = given(values[FIELD_REQUESTER]),
                                              .approver = values[FIELD_APPROVER],
                                              .ticket = values[FIELD_TICKET],
                                              .from = given(values[FIELD_FROM]),
                                              .until = values[FIELD_UNTIL]};
    bool is_done = subject->id != NULL
                       ? session_edit_exception(app->session, subject->id, &request, &error)
                       : session_add_exception(app->session, &request, &made, &error);
    AUTO_FREE char *what = memory_format("the risk is accepted until %s", values[FIELD_UNTIL]);
    return finish(app, is_done, &error, what, NULL);
}

static const struct form_request exception_form = {
    .fields =
        {[FIELD_REASON] = {"Reason",
                           "Why the risk is accepted. Enter opens an editor.",
                           NULL,
                           FORM_TEXT,
                           {NULL}},
         [FIELD_APPROVER] = {"Approver", "Who accepts the risk.", NULL, FORM_LINE, {NULL}},
         [FIELD_UNTIL] = {"Until",
                          "The last day: YYYY-MM-DD, in UTC. After it the check counts again.",
                          NULL,
                          FORM_LINE,
                          {NULL}},
         [FIELD_FROM] =
             {"From", "The first day: YYYY-MM-DD, in UTC. Empty: today.", NULL, FORM_LINE, {NULL}},
         [FIELD_RISK_CHECK] =
             {"Check", "The id of the check that it covers.", NULL, FORM_LINE, {NULL}},
         [FIELD_RISK_TARGET] =
             {"Target", "The target that it covers. Empty: every target.", NULL, FORM_LINE, {NULL}},
         [FIELD_CONTROL] = {"Control",
                            "What makes up for it: the compensating control. May be empty.",
                            NULL,
                            FORM_TEXT,
                            {NULL}},
         [FIELD_RISK] =
             {"Risk left", "The risk that is left. May be empty.", NULL, FORM_LINE, {NULL}},
         [FIELD_REQUESTER] =
             {"Requester", "Who asked for it. Empty: you.", NULL, FORM_LINE, {NULL}},
         [FIELD_CATEGORY] =
             {"Category", "What kind of exception it is. May be empty.", NULL, FORM_LINE, {NULL}},
         [FIELD_TICKET] =
             {"Ticket", "Where it is tracked. May be empty.", NULL, FORM_LINE, {NULL}}},
    .field_count = EXCEPTION_FIELDS,
    .done = save_exception,
    .free_context = free_subject,
};

static void fill_from_exception(struct form_field *fields, const struct exception_row *row)
{
    fields[FIELD_REASON].initial = row->reason;
    fields[FIELD_APPROVER].initial = row->approver;
    fields[FIELD_UNTIL].initial = row->until;
    fields[FIELD_FROM].initial = row->from;
    fields[FIELD_RISK_CHECK].initial = row->check;
    fields[FIELD_RISK_TARGET].initial = row->target;
    fields[FIELD_CONTROL].initial = row->control;
    fields[FIELD_RISK].initial = row->risk;
    fields[FIELD_REQUESTER].initial = row->requester;
    fields[FIELD_CATEGORY].initial = row->category;
    fields[FIELD_TICKET].initial = row->ticket;
}

static bool is_running(const struct finding_line *line)
{
    return line->exception != NULL &&
           (line->acceptance == EXCEPTION_IN_FORCE || line->acceptance == EXCEPTION_PENDING);
}

void findings_accept_risk(struct app *app, const struct finding_line *line)
{
    struct form_request request = exception_form;
    if (line == NULL || !app_can_write(app))
        return;
    if (*line->check == '\0') {
        app_say(app, MESSAGE_INFO, "a risk is accepted of a check; this finding belongs to none");
        return;
    }
    bool is_change = is_running(line);
    request.title = is_change ? "Accepted risk" : "Accept the risk";
    request.context = subject_new(is_change ? &line->exception->id : NULL);
    request.fields[FIELD_RISK_CHECK].initial = line->check;
    request.fields[FIELD_RISK_TARGET].initial = line->target;
    if (is_change)
        fill_from_exception(request.fields, line->exception);
    form_open(app, &request);
}

static void end_confirmed(struct app *app, void *context, bool yes)
{
    const struct subject *subject = context;
    struct error error = {0};
    if (yes)
        (void)finish(app, session_end_exception(app->session, subject->id, &error), &error,
                     "the acceptance is ended", NULL);
}

void findings_end_acceptance(struct app *app, const struct finding_line *line)
{
    if (line == NULL || !app_can_write(app))
        return;
    if (!is_running(line)) {
        app_say(app, MESSAGE_INFO, "no acceptance of this risk is in force");
        return;
    }
    const struct exception_row *row = line->exception;
    AUTO_FREE char *text =
        memory_format("The risk of %s on %s was accepted until %s. It counts again at once. "
                      "The record of it stays.",
                      row->check, *row->target != '\0' ? row->target : "every target", row->until);
    dialog_open(app, &(struct dialog_request){.title = "End the acceptance?",
                                              .text = text,
                                              .confirm = "end it",
                                              .done = end_confirmed,
                                              .context = subject_new(&row->id),
                                              .free_context = free_subject});
}
