/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/accepted.h"

#include "base/clock.h"
#include "state.h"

#include <ctype.h>
#include <string.h>

enum { AUTHOR_DIGITS_MIN = 4, DATE_BYTES = 10 };

/* --- names --- */

/* "3f0c5d1e:17": enough of the author to tell, and the number. */
static bool is_named(const struct entry_id *id, const char *text)
{
    char full[ENTRY_ID_TEXT_BYTES];
    const char *colon = strchr(text, ':');

    entry_id_text(id, full);
    return colon && colon - text >= AUTHOR_DIGITS_MIN &&
           strncmp(full, text, (size_t)(colon - text)) == 0 &&
           strcmp(strchr(full, ':'), colon) == 0;
}

/* The index of the only one of COUNT ids, each STEP bytes behind the one before, of that name. */
static bool find_named(const void *first_id, size_t count, size_t step, const char *text,
                       size_t *ret_index, struct error *error)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++) {
        const struct entry_id *id = (const void *)((const char *)first_id + i * step);
        if (!is_named(id, text))
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

/* Append BODY, which is taken; what it is called afterwards goes to RET_ID. */
static bool append(struct session *session, enum entry_kind kind, json_t *body,
                   const struct entry_id *of, struct entry_id *ret_id, struct error *error)
{
    AUTO_JSON json_t *owned = body;
    const struct new_entry entry = {.kind = kind, .body = owned};
    struct entry_id id;

    if (!review_append(session->review, &entry, 1, &id, error) || !session_changed(session, error))
        return false;
    if (ret_id)
        *ret_id = of->seq ? *of : id;
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

static bool write_exception(struct session *session, const struct exception_request *request,
                            const struct exception_row *before, const char *state,
                            struct entry_id *ret_id, struct error *error)
{
    json_t *body = exception_body(request, before, state);

    if (!check_exception(session, body, error)) {
        json_decref(body);
        return false;
    }
    return append(session, ENTRY_EXCEPTION, body, &before->id, ret_id, error);
}

static bool change_exception(struct session *session, const char *id,
                             const struct exception_request *request, const char *state,
                             struct entry_id *ret_id, struct error *error)
{
    AUTO_RELEASE(exception_row_list) struct exception_row_list rows = {0};
    size_t index;

    if (!review_query_exceptions(session->review, NULL, &rows, error) ||
        !find_named(rows.items ? &rows.items->id : NULL, rows.count, sizeof(*rows.items), id,
                    &index, error))
        return false;
    return write_exception(session, request, &rows.items[index],
                           state ? state : rows.items[index].state, ret_id, error);
}

bool session_set_exception(struct session *session, const char *id,
                           const struct exception_request *request, struct entry_id *ret_id,
                           struct error *error)
{
    static const struct exception_row none = {0};
    struct exception_request fresh = *request;
    char today[CLOCK_TEXT_BYTES];

    if (id)
        return change_exception(session, id, request, NULL, ret_id, error);
    clock_format_utc(clock_wall_ms(), today);
    today[DATE_BYTES] = '\0';
    if (!fresh.from)
        fresh.from = today;
    if (!fresh.requester)
        fresh.requester = session->author.name;
    return write_exception(session, &fresh, &none, "accepted", ret_id, error);
}

bool session_end_exception(struct session *session, const char *id, struct error *error)
{
    static const struct exception_request nothing = {0};

    return change_exception(session, id, &nothing, "ended", NULL, error);
}

/* --- findings --- */

static bool check_finding(const struct session *session, const json_t *body, struct error *error)
{
    const char *severity = json_member_text(body, "severity", "");
    enum severity parsed;

    if (!need(json_member_text(body, "title", ""), "a title", "--title TEXT", error) ||
        !need(severity, "a severity", "--severity LEVEL", error))
        return false;
    if (!severity_parse(severity, &parsed))
        return error_set(error, ERROR_USAGE,
                         "'%s' is no severity: info, low, medium, high or critical", severity);
    return check_subject(session, json_member_text(body, "check", ""),
                         json_member_text(body, "target", ""), error);
}

static bool write_finding(struct session *session, const struct finding_request *request,
                          const struct finding_row *before, const char *state,
                          struct entry_id *ret_id, struct error *error)
{
    json_t *body = json_object();

    set_of(body, &before->id, state);
#define X(member) set(body, #member, request->member, before->member ? before->member : "");
    FINDING_MEMBERS(X)
#undef X
    if (!check_finding(session, body, error)) {
        json_decref(body);
        return false;
    }
    return append(session, ENTRY_FINDING, body, &before->id, ret_id, error);
}

static bool change_finding(struct session *session, const char *id,
                           const struct finding_request *request, const char *state,
                           struct entry_id *ret_id, struct error *error)
{
    AUTO_RELEASE(finding_row_list) struct finding_row_list rows = {0};
    size_t index;

    if (!review_query_findings(session->review, NULL, &rows, error) ||
        !find_named(rows.items ? &rows.items->id : NULL, rows.count, sizeof(*rows.items), id,
                    &index, error))
        return false;
    return write_finding(session, request, &rows.items[index],
                         state ? state : rows.items[index].state, ret_id, error);
}

bool session_set_finding(struct session *session, const char *id,
                         const struct finding_request *request, struct entry_id *ret_id,
                         struct error *error)
{
    static const struct finding_row none = {0};

    if (id)
        return change_finding(session, id, request, NULL, ret_id, error);
    return write_finding(session, request, &none, "open", ret_id, error);
}

bool session_close_finding(struct session *session, const char *id, struct error *error)
{
    static const struct finding_request nothing = {0};

    return change_finding(session, id, &nothing, "closed", NULL, error);
}
