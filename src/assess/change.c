/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "base/path.h"
#include "state.h"
#include "target/spec.h"

#include <string.h>

/* --- decisions --- */

bool decision_needs_reason(const struct item *item, enum verdict verdict)
{
    switch (item->suggestion) {
    case SUGGESTION_PASS:
        return verdict != VERDICT_PASS;
    case SUGGESTION_FAIL:
        return verdict != VERDICT_FAIL;
    case SUGGESTION_NOT_APPLICABLE:
        return verdict != VERDICT_NOT_APPLICABLE;
    case SUGGESTION_BLOCKED:
        return true;
    case SUGGESTION_NONE: /* nobody looked, although one could */
        return item->check->probe_count > 0;
    case SUGGESTION_UNDECIDED:
        break;
    }
    return false;
}

/* A decision names those it knows of and replaces. */
static json_t *superseded(struct session *session, const struct item *item, struct error *error)
{
    const struct review_filter filter = {.target = session->targets[item->target].name,
                                         .check = item->check->id};
    AUTO_RELEASE(decision_row_list) struct decision_row_list rows = {0};
    json_t *list;
    char id[ENTRY_ID_TEXT_BYTES];

    if (!review_query_decisions(session->review, &filter, &rows, error))
        return NULL;
    list = json_array();
    for (size_t i = 0; i < rows.count; i++)
        if (!rows.items[i].is_retracted && !rows.items[i].is_superseded)
            json_array_append_new(list, json_string(entry_id_text(&rows.items[i].id, id)));
    return list;
}

static json_t *decision_body(struct session *session, const struct item *item,
                             const struct decision *decision, struct error *error)
{
    json_t *supersedes = superseded(session, item, error);

    if (!supersedes)
        return NULL;
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:o}", "target",
                     session->targets[item->target].name, "check", item->check->id, "verdict",
                     verdict_text(decision->verdict), "note",
                     json_text(decision->note ? decision->note : ""), "because",
                     json_text(decision->because ? decision->because : ""), "suggestion",
                     suggestion_text(item->suggestion), "supersedes", supersedes);
}

static bool has_text(const char *text)
{
    return text && text[strspn(text, " \t\r\n")] != '\0';
}

bool session_decide(struct session *session, const struct decision *decision, struct error *error)
{
    const struct item *item;
    json_t *body;

    if (!item_require(session, decision->check, decision->target, &item, error))
        return false;
    if (decision->verdict == VERDICT_OPEN || decision->verdict == VERDICT_DISPUTED)
        return error_set(error, ERROR_USAGE, "a decision is pass, fail or not-applicable");
    if (decision_needs_reason(item, decision->verdict) && !has_text(decision->because)) {
        error_set(error, ERROR_USAGE, "'%s' on '%s' is suggested as %s: deciding %s needs a reason",
                  item->check->id, session->targets[item->target].name,
                  suggestion_text(item->suggestion), verdict_text(decision->verdict));
        return error_hint(error, "give it with --because TEXT");
    }
    body = decision_body(session, item, decision, error);
    return body && session_append(session, ENTRY_DECISION, body, error);
}

static enum verdict verdict_for(enum suggestion suggestion)
{
    switch (suggestion) {
    case SUGGESTION_PASS:
        return VERDICT_PASS;
    case SUGGESTION_FAIL:
        return VERDICT_FAIL;
    case SUGGESTION_NOT_APPLICABLE:
        return VERDICT_NOT_APPLICABLE;
    default:
        return VERDICT_OPEN;
    }
}

static bool is_acceptable(const struct item *item, const char *area, enum suggestion suggestion)
{
    return item->verdict == VERDICT_OPEN && item->suggestion == suggestion &&
           (!area || strcmp(item->area, area) == 0);
}

bool session_accept(struct session *session, const char *area, enum suggestion suggestion,
                    size_t *ret_count, struct error *error)
{
    const struct decision decision = {.verdict = verdict_for(suggestion)};
    struct new_entry *entries = NULL;
    size_t count = 0;
    bool ok = true;

    if (decision.verdict == VERDICT_OPEN)
        return error_set(error, ERROR_USAGE,
                         "only the suggestions pass, fail and not-applicable can be accepted");
    for (size_t i = 0; ok && i < session->item_count; i++) {
        json_t *body;
        if (!is_acceptable(&session->items[i], area, suggestion))
            continue;
        body = decision_body(session, &session->items[i], &decision, error);
        ok = body != NULL;
        if (ok)
            *array_push(entries, count) = (struct new_entry){.kind = ENTRY_DECISION, .body = body};
    }
    ok = ok && (count == 0 || session_append_all(session, entries, count, error));
    for (size_t i = 0; i < count; i++)
        json_decref(entries[i].body);
    free(entries);
    if (ok)
        *ret_count = count;
    return ok;
}

/* --- words --- */

bool session_comment(struct session *session, const char *check, const char *target,
                     const char *text, struct error *error)
{
    const struct item *item;

    if (!item_require(session, check, target, &item, error))
        return false;
    if (!has_text(text))
        return error_set(error, ERROR_USAGE, "the comment is empty");
    return session_append(session, ENTRY_COMMENT,
                          json_pack("{s:s, s:s, s:o}", "target",
                                    session->targets[item->target].name, "check", item->check->id,
                                    "text", json_text(text)),
                          error);
}

static bool answer_fits(const struct question *question, const char *value, struct error *error)
{
    AUTO_FREE char *options = NULL;
    char *end;

    switch (question->type) {
    case ANSWER_YES_NO:
        return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0 ||
               error_set(error, ERROR_USAGE, "'%s' is answered with yes or no", question->id);
    case ANSWER_CHOICE:
        options = strings_join(&question->options, ", ");
        return strings_contains(&question->options, value) ||
               error_set(error, ERROR_USAGE, "'%s' is answered with one of: %s", question->id,
                         options);
    case ANSWER_NUMBER:
        strtod(value, &end);
        return (end != value && *end == '\0') ||
               error_set(error, ERROR_USAGE, "'%s' is answered with a number", question->id);
    case ANSWER_DATE:
        return (strlen(value) == 10 && strspn(value, "0123456789-") == 10 && value[4] == '-' &&
                value[7] == '-') ||
               error_set(error, ERROR_USAGE, "'%s' is answered with a date, YYYY-MM-DD",
                         question->id);
    case ANSWER_TEXT:
        break;
    }
    return has_text(value) || error_set(error, ERROR_USAGE, "the answer is empty");
}

static const struct question *find_question(const struct check *check, const char *id)
{
    for (size_t i = 0; i < check->question_count; i++)
        if (strcmp(check->questions[i].id, id) == 0)
            return &check->questions[i];
    return NULL;
}

bool session_answer(struct session *session, const struct answer *answer, struct error *error)
{
    const struct item *item;
    const struct question *question;

    if (!item_require(session, answer->check, answer->target, &item, error))
        return false;
    question = find_question(item->check, answer->question);
    if (!question)
        return error_set(error, ERROR_NOT_FOUND, "check '%s' asks no question '%s'", answer->check,
                         answer->question);
    if (!answer_fits(question, answer->value, error))
        return false;
    return session_append(session, ENTRY_ANSWER,
                          json_pack("{s:s, s:s, s:s, s:o}", "target",
                                    session->targets[item->target].name, "check", item->check->id,
                                    "question", question->id, "value", json_text(answer->value)),
                          error);
}

bool session_attach(struct session *session, const char *check, const char *target,
                    const char *path, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer data = {0};
    AUTO_JSON json_t *body = NULL;
    char blob_id[DIGEST_HEX_BYTES], digest[DIGEST_HEX_BYTES];
    const struct item *item;
    struct new_blob blob;
    struct digest content;
    struct new_entry entry = {.kind = ENTRY_ATTACHMENT, .blobs = &blob, .blob_count = 1};

    if (!item_require(session, check, target, &item, error) ||
        !file_read(path, REVIEW_BLOB_MAX_BYTES, &data, error))
        return false;
    new_blob_init(&blob, buffer_text(&data), data.length);
    content = digest_of(buffer_text(&data), data.length);
    body = json_pack("{s:s, s:s, s:o, s:s, s:I, s:s}", "target",
                     session->targets[item->target].name, "check", item->check->id, "name",
                     json_text(path_base(path)), "blob", digest_hex(&blob.id, blob_id), "size",
                     (json_int_t)data.length, "digest", digest_hex(&content, digest));
    entry.body = body;
    return session_append_all(session, &entry, 1, error);
}

/* --- targets --- */

bool target_body(const char *text, json_t **ret_body, struct error *error)
{
    AUTO_FREE char *name = NULL;
    AUTO_FREE char *spec_text = NULL;
    AUTO_FREE char *normal = NULL;
    struct target_spec spec;

    if (!target_name_parse(text, &name, &spec_text, error) ||
        !target_spec_parse(spec_text, &spec, error))
        return false;
    normal = target_spec_text(&spec);
    target_spec_release(&spec);
    *ret_body = json_pack("{s:s, s:s}", "name", name, "spec", normal);
    return true;
}

bool session_add_target(struct session *session, const char *text, struct error *error)
{
    json_t *body;
    size_t known;

    if (!target_body(text, &body, error))
        return false;
    if (target_require(session, json_member_text(body, "name", ""), &known, NULL)) {
        error_set(error, ERROR_EXISTS, "the review has a target '%s' already",
                  json_member_text(body, "name", ""));
        json_decref(body);
        return error_hint(error, "give it another name: NAME=TARGET");
    }
    return session_append(session, ENTRY_TARGET, body, error);
}
