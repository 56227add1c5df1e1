/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/accepted.h"
#include "base/clock.h"
#include "commands.h"
#include "opening.h"

static enum style style_of(enum exception_standing standing)
{
    return standing == EXCEPTION_IN_FORCE  ? STYLE_GOOD
           : standing == EXCEPTION_EXPIRED ? STYLE_BAD
                                           : STYLE_DIM;
}

static void print_line(struct output *output, const char *label, const char *text)
{
    if (!*text)
        return;
    output_add(output, "    %-10s ", label);
    output_safe(output, text, 0);
    output_add(output, "\n");
}

static void print_row(struct output *output, const struct exception_row *row)
{
    enum exception_standing standing = exception_standing(row, clock_wall_ms());

    output_safe(output, entry_name(&row->id).text, 0);
    output_add(output, "  ");
    output_styled(output, style_of(standing), exception_standing_text(standing));
    output_add(output, "  ");
    output_safe(output, row->check, 0);
    output_add(output, " on ");
    output_safe(output, *row->target ? row->target : "every target", 0);
    output_add(output, ", ");
    output_safe(output, row->from, 0);
    output_add(output, " to ");
    output_safe(output, row->until, 0);
    output_add(output, "\n");
    print_line(output, "reason", row->reason);
    print_line(output, "control", row->control);
    print_line(output, "risk", row->risk);
    print_line(output, "category", row->category);
    print_line(output, "requester", row->requester);
    print_line(output, "approver", row->approver);
    print_line(output, "ticket", row->ticket);
}

static json_t *row_json(const struct exception_row *row)
{
    enum exception_standing standing = exception_standing(row, clock_wall_ms());
    json_t *object = json_pack("{s:s, s:s}", "exception", entry_name(&row->id).text, "standing",
                               exception_standing_text(standing));

#define X(member) json_object_set_new(object, #member, json_text(row->member));
    EXCEPTION_MEMBERS(X)
#undef X
    json_object_set_new(object, "author", json_text(row->author));
    return object;
}

static int list(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    AUTO_RELEASE(exception_row_list) struct exception_row_list rows = {0};
    AUTO_RELEASE(output) struct output output;
    AUTO_JSON json_t *json = json_array();
    struct error error = {0};
    int status;

    output_init(&output, arguments);
    if (!open_review(arguments, true, &session, &status))
        return status;
    if (!review_query_exceptions(session_review(session), NULL, &rows, &error))
        return review_error(&error, arguments->words[0]);
    for (size_t i = 0; i < rows.count; i++) {
        if (arguments->json)
            json_array_append_new(json, row_json(&rows.items[i]));
        else
            print_row(&output, &rows.items[i]);
    }
    if (arguments->json)
        return output_json(json_incref(json));
    if (!rows.count && !arguments->quiet)
        output_add(&output, "No risk was accepted.\n");
    return output_write(&output);
}

static int set(const struct arguments *arguments, const char *id, const char *check)
{
    AUTO(session) struct session *session = NULL;
    const struct exception_request request = {.check = check,
                                              .target = arguments->target,
                                              .category = arguments->category,
                                              .reason = arguments->reason,
                                              .control = arguments->control,
                                              .risk = arguments->risk,
                                              .requester = arguments->requester,
                                              .approver = arguments->approver,
                                              .ticket = arguments->ticket,
                                              .from = arguments->from,
                                              .until = arguments->until};
    struct error error = {0};
    struct entry_name name;
    struct entry_id made;
    int status;
    bool ok;

    if (!open_review(arguments, false, &session, &status))
        return status;
    ok = id ? session_edit_exception(session, id, &request, &error)
            : session_add_exception(session, &request, &made, &error);
    if (!ok)
        return output_error(&error, "exception");
    if (!id) {
        name = entry_name(&made);
        id = name.text;
    }
    return report_done(arguments, json_pack("{s:o}", "exception", json_text(id)),
                       "saved: exception %s", id);
}

static int end(const struct arguments *arguments, const char *id)
{
    AUTO(session) struct session *session = NULL;
    struct error error = {0};
    int status;

    if (!open_review(arguments, false, &session, &status))
        return status;
    if (!session_end_exception(session, id, &error))
        return output_error(&error, "exception");
    return report_done(arguments, json_pack("{s:o}", "exception", json_text(id)),
                       "ended: exception %s", id);
}

static int run(const struct arguments *arguments)
{
    const char *verb = arguments->words[1], *word = arguments->words[2];
    struct error error = {0};

    if (strcmp(verb, "list") == 0 && !word)
        return list(arguments);
    if (strcmp(verb, "add") == 0 && word)
        return set(arguments, NULL, word);
    if (strcmp(verb, "edit") == 0 && word)
        return set(arguments, word, NULL);
    if (strcmp(verb, "end") == 0 && word)
        return end(arguments, word);
    error_set(&error, ERROR_USAGE, "expected add CHECK, edit ID, end ID or list");
    error_hint(&error, "'walkdown help exception' tells how to use it");
    return output_error(&error, "exception");
}

static const struct option_spec options[] = {
    VALUE('t', "target", "NAME", target, "on this target alone; otherwise on all"),
    VALUE(0, "reason", "TEXT", reason, "why the risk is accepted"),
    VALUE(0, "until", "DATE", until, "its last day, YYYY-MM-DD (UTC)"),
    VALUE(0, "from", "DATE", from, "its first day; today if not given"),
    VALUE(0, "approver", "NAME", approver, "who accepts the risk"),
    VALUE(0, "requester", "NAME", requester, "who asked for it; you if not given"),
    VALUE(0, "control", "TEXT", control, "what makes up for it: the compensating control"),
    VALUE(0, "risk", "TEXT", risk, "the risk that is left"),
    VALUE(0, "category", "WORD", category, "what kind of exception it is"),
    VALUE(0, "ticket", "TEXT", ticket, "where it is tracked"),
    {0},
};

const struct command command_exception = {
    .name = "exception",
    .words = "FILE add CHECK | edit ID | end ID | list",
    .words_min = 2,
    .words_max = 3,
    .summary = "record, change or list risks that were accepted",
    .details = "An exception covers a check on one target or on all, until its last day. It\n"
               "changes no verdict: a check that fails still fails, and reports show it apart as\n"
               "accepted. When the exception expires or is ended, it counts as before.",
    .options = options,
    .run = run,
};
