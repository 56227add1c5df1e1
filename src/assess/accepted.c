/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/accepted.h"

#include "base/clock.h"
#include "checklist/cvss.h"
#include "state.h"

#include <ctype.h>
#include <string.h>

enum { DATE_BYTES = 10 };

/* --- names --- */

/* The ids of a list of rows: COUNT of them, each STEP bytes behind the one before. */
struct names {
    const void *first_id;
    size_t count, step;
};

/* The index of the only one that TEXT names. */
static bool find_named(const struct names *names, const char *text, size_t *ret_index,
                       struct error *error)
{
    size_t found = 0;

    for (size_t i = 0; i < names->count; i++) {
        const struct entry_id *id = (const void *)((const char *)names->first_id + i * names->step);
        if (!entry_is_named(id, text))
            continue;
        *ret_index = i;
        found++;
    }
    if (found == 1)
        return true;
    if (found)
        return error_set(error, ERROR_USAGE, "'%s' names several; give more of the digits", text);
    error_set(error, ERROR_NOT_FOUND, "there is none of the name '%s'", text);
    return error_hint(error, "'list' prints their names, like 3f0c5d1e:17");
}

/* --- bodies --- */

static void set(json_t *body, const char *name, const char *given, const char *before)
{
    json_object_set_new(body, name, json_text(given ? given : before));
}

static void set_of(json_t *body, const struct entry_id *id, const char *state)
{
    char text[ENTRY_ID_TEXT_BYTES];

    if (id->seq)
        json_object_set_new(body, "of", json_string(entry_id_text(id, text)));
    json_object_set_new(body, "state", json_string(state));
}

/* What it is called goes to RET_ID: as before, or as the new entry. */
static bool append(struct session *session, enum entry_kind kind, json_t *body,
                   struct entry_id *ret_id, struct error *error)
{
    const struct new_entry entry = {.kind = kind, .body = body};
    struct entry_id of = {0}, id;

    if (!review_append(session->review, &entry, 1, &id, error) || !session_changed(session, error))
        return false;
    if (ret_id)
        *ret_id = entry_id_parse(json_member_text(body, "of", ""), &of) ? of : id;
    return true;
}

static bool need(const char *value, const char *what, const char *option, struct error *error)
{
    if (value && value[strspn(value, " \t\n")])
        return true;
    error_set(error, ERROR_USAGE, "it needs %s", what);
    return error_hint(error, "give it with %s", option);
}

/* A check that the review has, and a target of it, if they are given. */
static bool check_subject(const struct session *session, const char *check, const char *target,
                          struct error *error)
{
    size_t index;

    if (*check && !session_find_check(session, check))
        return error_set(error, ERROR_NOT_FOUND, "there is no check '%s'", check);
    return !*target || target_require(session, target, &index, error);
}

/* --- exceptions --- */

static bool is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";

    for (size_t i = 0; i < DATE_BYTES; i++)
        if (form[i] == 'd' ? !isdigit((unsigned char)text[i]) : text[i] != form[i])
            return false;
    return text[DATE_BYTES] == '\0';
}

static bool check_dates(const json_t *body, struct error *error)
{
    const char *from = json_member_text(body, "from", ""),
               *until = json_member_text(body, "until", "");

    if (!is_date(from) || !is_date(until))
        return error_set(error, ERROR_USAGE, "'%s' is no date: YYYY-MM-DD",
                         is_date(from) ? until : from);
    return strcmp(from, until) <= 0 ||
           error_set(error, ERROR_USAGE, "its last day, %s, is before its first, %s", until, from);
}

static bool check_exception(const struct session *session, const json_t *body, struct error *error)
{
    return need(json_member_text(body, "check", ""), "a check", "CHECK", error) &&
           need(json_member_text(body, "reason", ""), "a reason", "--reason TEXT", error) &&
           need(json_member_text(body, "approver", ""), "somebody who accepts the risk",
                "--approver NAME", error) &&
           need(json_member_text(body, "until", ""), "a last day", "--until YYYY-MM-DD", error) &&
           check_dates(body, error) &&
           check_subject(session, json_member_text(body, "check", ""),
                         json_member_text(body, "target", ""), error);
}

/* A new one, or row BEFORE with what the request changes. */
static json_t *exception_body(const struct exception_request *request,
                              const struct exception_row *before, const char *state)
{
    json_t *body = json_object();

    set_of(body, &before->id, state);
#define X(member) set(body, #member, request->member, before->member ? before->member : "");
    EXCEPTION_MEMBERS(X)
#undef X
    return body;
}

static bool write_exception(struct session *session, json_t *body, struct entry_id *ret_id,
                            struct error *error)
{
    AUTO_JSON json_t *owned = body;

    return check_exception(session, owned, error) &&
           append(session, ENTRY_EXCEPTION, owned, ret_id, error);
}

/* STATE NULL: as it is. */
static bool change_exception(struct session *session, const char *id,
                             const struct exception_request *request, const char *state,
                             struct error *error)
{
    AUTO_RELEASE(exception_row_list) struct exception_row_list rows = {0};
    const struct exception_row *row;
    size_t index;

    if (!review_query_exceptions(session->review, NULL, &rows, error) ||
        !find_named(&(struct names){rows.items, rows.count, sizeof(*rows.items)}, id, &index,
                    error))
        return false;
    row = &rows.items[index];
    return write_exception(session, exception_body(request, row, state ? state : row->state), NULL,
                           error);
}

bool session_add_exception(struct session *session, const struct exception_request *request,
                           struct entry_id *ret_id, struct error *error)
{
    static const struct exception_row none = {0};
    struct exception_request fresh = *request;
    char today[CLOCK_TEXT_BYTES];

    clock_format_utc(clock_wall_ms(), today);
    today[DATE_BYTES] = '\0';
    if (!fresh.from)
        fresh.from = today;
    if (!fresh.requester)
        fresh.requester = session->author.name;
    return write_exception(session, exception_body(&fresh, &none, "accepted"), ret_id, error);
}

bool session_edit_exception(struct session *session, const char *id,
                            const struct exception_request *request, struct error *error)
{
    return change_exception(session, id, request, NULL, error);
}

bool session_end_exception(struct session *session, const char *id, struct error *error)
{
    static const struct exception_request nothing = {0};

    return change_exception(session, id, &nothing, "ended", error);
}

/* --- findings --- */

static const char *const finding_states[] = {
#define X(name, text) text,
    FINDING_STATES(X)
#undef X
};

static bool check_state(const char *state, struct error *error)
{
    for (size_t i = 0; i < LENGTH(finding_states); i++)
        if (strcmp(state, finding_states[i]) == 0)
            return true;
    return error_set(error, ERROR_USAGE,
                     "'%s' is no state of a finding: open, in-progress, fixed or closed", state);
}

static bool check_cvss(const char *vector, struct error *error)
{
    double score;

    return !*vector || cvss_score(vector, &score, error);
}

static bool check_due(const char *due, struct error *error)
{
    return !*due || is_date(due) ||
           error_set(error, ERROR_USAGE, "'%s' is no date: YYYY-MM-DD", due);
}

/* A severity that is another than the check's needs a reason. */
static bool check_override(const struct session *session, const json_t *body, enum severity given,
                           struct error *error)
{
    const char *because = json_member_text(body, "because", "");
    const struct check *check = session_find_check(session, json_member_text(body, "check", ""));

    if (!check || check->severity == given || because[strspn(because, " \t\n")])
        return true;
    error_set(error, ERROR_USAGE, "the severity of the check '%s' is %s; another needs a reason",
              check->id, severity_text(check->severity));
    return error_hint(error, "give it with --because TEXT");
}

static bool check_finding(const struct session *session, const json_t *body, bool is_new_severity,
                          struct error *error)
{
    const char *severity = json_member_text(body, "severity", "");
    enum severity parsed;

    if (!need(json_member_text(body, "title", ""), "a title", "--title TEXT", error) ||
        !need(severity, "a severity", "--severity LEVEL", error))
        return false;
    if (!severity_parse(severity, &parsed))
        return error_set(error, ERROR_USAGE,
                         "'%s' is no severity: info, low, medium, high or critical", severity);
    return check_state(json_member_text(body, "state", ""), error) &&
           check_due(json_member_text(body, "due", ""), error) &&
           check_cvss(json_member_text(body, "cvss", ""), error) &&
           check_subject(session, json_member_text(body, "check", ""),
                         json_member_text(body, "target", ""), error) &&
           (!is_new_severity || check_override(session, body, parsed, error));
}

static json_t *finding_body(const struct finding_request *request, const struct finding_row *before,
                            const char *state)
{
    json_t *body = json_object();

    set_of(body, &before->id, state);
#define X(member) set(body, #member, request->member, before->member ? before->member : "");
    FINDING_MEMBERS(X)
#undef X
    return body;
}

static bool write_finding(struct session *session, json_t *body, bool is_new_severity,
                          struct entry_id *ret_id, struct error *error)
{
    AUTO_JSON json_t *owned = body;

    return check_finding(session, owned, is_new_severity, error) &&
           append(session, ENTRY_FINDING, owned, ret_id, error);
}

static bool change_finding(struct session *session, const char *id,
                           const struct finding_request *request, const char *state,
                           struct error *error)
{
    AUTO_RELEASE(finding_row_list) struct finding_row_list rows = {0};
    const struct finding_row *row;
    size_t index;

    if (!review_query_findings(session->review, NULL, &rows, error) ||
        !find_named(&(struct names){rows.items, rows.count, sizeof(*rows.items)}, id, &index,
                    error))
        return false;
    row = &rows.items[index];
    return write_finding(session, finding_body(request, row, state ? state : row->state),
                         request->severity && strcmp(request->severity, row->severity) != 0, NULL,
                         error);
}

bool session_add_finding(struct session *session, const struct finding_request *request,
                         struct entry_id *ret_id, struct error *error)
{
    static const struct finding_row none = {0};
    struct finding_request fresh = *request;
    const struct check *check = request->check ? session_find_check(session, request->check) : NULL;

    if (check && !fresh.title)
        fresh.title = check->title;
    if (check && !fresh.severity)
        fresh.severity = severity_text(check->severity);
    return write_finding(session, finding_body(&fresh, &none, fresh.state ? fresh.state : "open"),
                         true, ret_id, error);
}

bool session_edit_finding(struct session *session, const char *id,
                          const struct finding_request *request, struct error *error)
{
    return change_finding(session, id, request, request->state, error);
}

bool session_close_finding(struct session *session, const char *id, struct error *error)
{
    static const struct finding_request nothing = {0};

    return change_finding(session, id, &nothing, "closed", error);
}
