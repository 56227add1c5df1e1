/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/accepted.h"
#include "checklist/cvss.h"
#include "commands.h"
#include "opening.h"

static void print_fact(struct output *output, const char *label, const char *text)
{
    if (!*text)
        return;
    output_add(output, "    %s: ", label);
    output_safe(output, text, 0);
    output_add(output, "\n");
}

static void print_row(struct output *output, const struct finding_row *row)
{
    AUTO_FREE char *cvss = cvss_text(row->cvss);

    output_safe(output, entry_name(&row->id).text, 0);
    output_add(output, "  ");
    output_safe(output, row->state, 0);
    output_add(output, "  ");
    output_safe(output, row->severity, 0);
    output_add(output, "  ");
    output_safe(output, row->title, 0);
    if (*row->check || *row->target) {
        output_add(output, " (");
        output_safe(output, row->check, 0);
        output_add(output, *row->check && *row->target ? " on " : "");
        output_safe(output, row->target, 0);
        output_add(output, ")");
    }
    output_add(output, "\n");
    print_fact(output, "because", row->because);
    print_fact(output, "CVSS", cvss);
    print_fact(output, "owner", row->owner);
    print_fact(output, "due", row->due);
    if (*row->description)
        output_lines(output, row->description, 4);
    if (*row->recommendation) {
        output_add(output, "    To mend it:\n");
        output_lines(output, row->recommendation, 4);
    }
}

static json_t *row_json(const struct finding_row *row)
{
    json_t *object = json_pack("{s:s, s:o}", "finding", entry_name(&row->id).text, "state",
                               json_text(row->state));
    struct error error;
    double score;

#define X(member) json_object_set_new(object, #member, json_text(row->member));
    FINDING_MEMBERS(X)
#undef X
    if (cvss_score(row->cvss, &score, &error))
        json_object_set_new(object, "cvss_score", json_real(score));
    json_object_set_new(object, "author", json_text(row->author));
    return object;
}

static int list(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    AUTO_RELEASE(finding_row_list) struct finding_row_list rows = {0};
    AUTO_RELEASE(output) struct output output;
    AUTO_JSON json_t *json = json_array();
    struct error error = {0};
    int status;

    output_init(&output, arguments);
    if (!open_review(arguments, true, &session, &status))
        return status;
    if (!review_query_findings(session_review(session), NULL, &rows, &error))
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
        output_add(&output, "No findings were written up.\n");
    return output_write(&output);
}

static int set(const struct arguments *arguments, const char *id)
{
    AUTO(session) struct session *session = NULL;
    const struct finding_request request = {.check = arguments->check,
                                            .target = arguments->target,
                                            .title = arguments->title,
                                            .severity = arguments->severity,
                                            .because = arguments->because,
                                            .cvss = arguments->cvss,
                                            .owner = arguments->owner,
                                            .due = arguments->due,
                                            .state = arguments->state,
                                            .description = arguments->description,
                                            .recommendation = arguments->recommendation};
    struct error error = {0};
    struct entry_name name;
    struct entry_id made;
    int status;
    bool ok;

    if (!open_review(arguments, false, &session, &status))
        return status;
    ok = id ? session_edit_finding(session, id, &request, &error)
            : session_add_finding(session, &request, &made, &error);
    if (!ok)
        return output_error(&error, "finding");
    if (!id) {
        name = entry_name(&made);
        id = name.text;
    }
    return report_done(arguments, json_pack("{s:o}", "finding", json_text(id)), "saved: finding %s",
                       id);
}

static int close_one(const struct arguments *arguments, const char *id)
{
    AUTO(session) struct session *session = NULL;
    struct error error = {0};
    int status;

    if (!open_review(arguments, false, &session, &status))
        return status;
    if (!session_close_finding(session, id, &error))
        return output_error(&error, "finding");
    return report_done(arguments, json_pack("{s:o}", "finding", json_text(id)),
                       "closed: finding %s", id);
}

static int run(const struct arguments *arguments)
{
    const char *verb = arguments->words[1], *word = arguments->words[2];
    struct error error = {0};

    if (strcmp(verb, "list") == 0 && !word)
        return list(arguments);
    if (strcmp(verb, "add") == 0 && !word)
        return set(arguments, NULL);
    if (strcmp(verb, "edit") == 0 && word)
        return set(arguments, word);
    if (strcmp(verb, "close") == 0 && word)
        return close_one(arguments, word);
    error_set(&error, ERROR_USAGE, "expected add, edit ID, close ID or list");
    error_hint(&error, "'walkdown help finding' tells how to use it");
    return output_error(&error, "finding");
}

static const struct option_spec options[] = {
    VALUE(0, "title", "TEXT", title, "what was noticed, in a line"),
    VALUE(0, "severity", "LEVEL", severity, "info, low, medium, high or critical"),
    VALUE(0, "because", "TEXT", because, "why the severity is another than the check's"),
    VALUE(0, "cvss", "VECTOR", cvss, "a CVSS 3.0, 3.1 or 4.0 vector"),
    VALUE(0, "state", "STATE", state, "open, in-progress, fixed or closed"),
    VALUE(0, "owner", "NAME", owner, "who has to mend it"),
    VALUE(0, "due", "DATE", due, "its last day for that, YYYY-MM-DD (UTC)"),
    VALUE('k', "check", "CHECK", check, "the check that it belongs to"),
    VALUE('t', "target", "NAME", target, "the target that it was seen on"),
    VALUE(0, "description", "TEXT", description, "what it is and why it matters"),
    VALUE(0, "recommendation", "TEXT", recommendation, "how to mend it"),
    {0},
};

const struct command command_finding = {
    .name = "finding",
    .words = "FILE add | edit ID | close ID | list",
    .words_min = 2,
    .words_max = 3,
    .summary = "write up what was noticed, whether or not a check asks for it",
    .details =
        "A finding of a check has its title and severity unless others are given. A finding\n"
        "that was edited keeps its name and its history. Reports show findings beside the\n"
        "checks that fail.",
    .options = options,
    .run = run,
};
