/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/redact.h"

#include "checklist/secrets.h"
#include "review/redact.h"
#include "state.h"

#include <string.h>
#include <unistd.h>

/* Shorter bytes are elsewhere by chance; so many spans are looked for. */
enum { LOOK_FOR_BYTES_MIN = 6, LOOK_FOR_MAX = 20 };

void redact_result_release(struct redact_result *result)
{
    strings_release(&result->left);
    *result = (struct redact_result){0};
}

/* Blobs in which something is to be redacted. */
struct places {
    struct digest *blobs;
    size_t count;
};

struct spans {
    struct redaction_span *items;
    size_t count;
};

static void spans_release(struct spans *spans)
{
    free(spans->items);
}

struct redacting {
    struct session *session;
    const struct redact_request *request;
    struct secret_rules *rules;
    struct redact_result *result;
};

/* --- which blobs --- */

static void add_place(struct places *places, const struct digest *blob, int64_t size_bytes)
{
    if (size_bytes > 0)
        *array_push(places->blobs, places->count) = *blob;
}

static bool is_wanted(const struct redact_request *request, const struct entry_id *id)
{
    return !request->entry || entry_is_named(id, request->entry);
}

static void add_evidence(const struct redact_request *request, const struct evidence_row *row,
                         struct places *places)
{
    if (!is_wanted(request, &row->id))
        return;
    if (!request->entry || !request->is_stderr)
        add_place(places, &row->out_blob, row->out_bytes);
    if (!request->entry || request->is_stderr)
        add_place(places, &row->err_blob, row->err_bytes);
}

static bool find_places(struct session *session, const struct redact_request *request,
                        struct places *places, struct error *error)
{
    AUTO_RELEASE(evidence_row_list) struct evidence_row_list evidence = {0};
    AUTO_RELEASE(attachment_row_list) struct attachment_row_list attachments = {0};

    if (!review_query_evidence(session->review, NULL, &evidence, error) ||
        !review_query_attachments(session->review, NULL, &attachments, error))
        return false;
    for (size_t i = 0; i < evidence.count; i++)
        add_evidence(request, &evidence.items[i], places);
    for (size_t i = 0; i < attachments.count; i++)
        if (is_wanted(request, &attachments.items[i].id))
            add_place(places, &attachments.items[i].blob, attachments.items[i].size_bytes);
    if (places->count == 1 || (places->count && !request->entry))
        return true;
    if (places->count)
        return error_set(error, ERROR_USAGE, "'%s' names several; give more of the digits",
                         request->entry);
    error_set(error, ERROR_NOT_FOUND, "no evidence or attachment of that name has bytes there");
    return error_hint(error, "'walkdown log FILE --kind evidence' prints names like 3f0c5d1e:17");
}

/* --- which bytes --- */

static bool parse_range(const char *text, size_t *ret_first, size_t *ret_last, struct error *error)
{
    char *end;
    unsigned long long first = strtoull(text, &end, 10), last = first;

    if (*end == '-' && end[1] >= '0' && end[1] <= '9')
        last = strtoull(end + 1, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || last < first || last > SIZE_MAX / 2)
        return error_set(error, ERROR_USAGE, "'%s' is no range: write FIRST-LAST", text);
    *ret_first = (size_t)first;
    *ret_last = (size_t)last;
    return true;
}

static size_t line_start(const struct buffer *data, size_t line)
{
    size_t at = 0;

    for (size_t i = 1; i < line && at < data->length; i++) {
        const char *newline = memchr(data->data + at, '\n', data->length - at);
        at = newline ? (size_t)(newline - data->data) + 1 : data->length;
    }
    return at;
}

static bool find_lines(const struct buffer *data, const char *text, struct redaction_span *span,
                       struct error *error)
{
    size_t first, last, end;

    if (!parse_range(text, &first, &last, error))
        return false;
    span->offset = first ? line_start(data, first) : data->length;
    end = line_start(data, last + 1);
    if (end > span->offset && data->data[end - 1] == '\n')
        end--;
    span->length = end > span->offset ? end - span->offset : 0;
    return span->length > 0 || error_set(error, ERROR_USAGE, "there is nothing in line %s", text);
}

static bool find_bytes(const char *text, struct redaction_span *span, struct error *error)
{
    size_t first, last;

    if (!parse_range(text, &first, &last, error))
        return false;
    *span = (struct redaction_span){.offset = first, .length = last - first + 1};
    return true;
}

static void find_secrets(const struct redacting *redacting, const struct buffer *data,
                         struct spans *spans)
{
    size_t found_count;
    AUTO_FREE struct secret *found =
        secrets_find(redacting->rules, buffer_text(data), data->length, &found_count);

    for (size_t i = 0; i < found_count; i++)
        *array_push(spans->items, spans->count) = (struct redaction_span){
            .offset = found[i].offset, .length = found[i].length, .rule = found[i].rule};
}

static bool find_spans(const struct redacting *redacting, const struct buffer *data,
                       struct spans *spans, struct error *error)
{
    const struct redact_request *request = redacting->request;
    struct redaction_span span = {.length = data->length};

    if (request->secrets) {
        find_secrets(redacting, data, spans);
        return true;
    }
    if (request->lines && !find_lines(data, request->lines, &span, error))
        return false;
    if (request->bytes && !find_bytes(request->bytes, &span, error))
        return false;
    *array_push(spans->items, spans->count) = span;
    return true;
}

/* --- redacting --- */

static bool look_elsewhere(struct redacting *redacting, const struct buffer *data,
                           const struct spans *spans, struct error *error)
{
    for (size_t i = 0; i < spans->count && i < LOOK_FOR_MAX; i++)
        if (spans->items[i].length >= LOOK_FOR_BYTES_MIN &&
            !review_find_bytes(redacting->session->review, data->data + spans->items[i].offset,
                               spans->items[i].length, &redacting->result->left, error))
            return false;
    return true;
}

static bool redact_spans(struct redacting *redacting, const struct digest *blob,
                         const struct buffer *data, const struct spans *spans, struct error *error)
{
    const struct redaction redaction = {.blob = *blob,
                                        .spans = spans->items,
                                        .span_count = spans->count,
                                        .why = redacting->request->why};

    if (!review_redact(redacting->session->review, &redaction, NULL, error))
        return false;
    redacting->result->span_count += spans->count;
    for (size_t i = 0; i < spans->count; i++)
        redacting->result->byte_count += spans->items[i].length;
    return look_elsewhere(redacting, data, spans, error);
}

static bool redact_blob(struct redacting *redacting, const struct digest *blob, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer data = {0};
    AUTO_RELEASE(spans) struct spans spans = {0};
    struct error problem = {0};
    bool ok;

    if (!review_read_blob(redacting->session->review, blob, &data, &problem)) {
        if (problem.code == ERROR_NOT_FOUND && !redacting->request->entry)
            return true;
        *error = problem;
        return false;
    }
    ok = find_spans(redacting, &data, &spans, error) &&
         (spans.count == 0 || redact_spans(redacting, blob, &data, &spans, error));
    memory_wipe(data.data, data.length);
    return ok;
}

/* Copies that an upgrade of the format left beside the file are older, and not ours to remove. */
static void name_old_copies(const struct session *session, struct strings *left)
{
    for (int version = 1; version < REVIEW_SCHEMA_VERSION; version++) {
        char *copy = memory_format("%s.v%d.backup", review_path(session->review), version);
        if (access(copy, F_OK) == 0)
            strings_push_take(left, memory_format("the older copy %s", copy));
        free(copy);
    }
}

static bool check(const struct redact_request *request, struct error *error)
{
    int ways =
        (request->lines != NULL) + (request->bytes != NULL) + request->secrets + request->all;

    if (ways != 1 || (!request->entry && !request->secrets)) {
        error_set(error, ERROR_USAGE, "say what to redact, in one way");
        return error_hint(error, "--lines, --bytes, --secrets or --all; without an entry "
                                 "--secrets alone");
    }
    if (!request->why || !request->why[strspn(request->why, " \t\n")]) {
        error_set(error, ERROR_USAGE, "a redaction needs a reason");
        return error_hint(error, "give it with --why TEXT");
    }
    return true;
}

bool session_redact(struct session *session, const struct redact_request *request,
                    struct redact_result *ret_result, struct error *error)
{
    AUTO(secret_rules) struct secret_rules *rules = NULL;
    struct redacting redacting = {.session = session, .request = request, .result = ret_result};
    struct places places = {0};
    bool ok = check(request, error) && (!request->secrets || secret_rules_load(&rules, error)) &&
              find_places(session, request, &places, error);

    redacting.rules = rules;
    for (size_t i = 0; ok && i < places.count; i++)
        ok = redact_blob(&redacting, &places.blobs[i], error);
    free(places.blobs);
    if (ret_result->span_count) {
        session_backup_anew(session);
        name_old_copies(session, &ret_result->left);
    }
    if (ret_result->span_count)
        ok = session_changed(session, ok ? error : NULL) && ok;
    if (ok && !ret_result->span_count)
        return error_set(error, ERROR_NOT_FOUND, "nothing was found that is to be redacted");
    return ok;
}
