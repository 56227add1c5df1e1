/* SPDX-License-Identifier: Apache-2.0 */
#include "build.h"
#include "excerpt.h"

/* What all excerpts together may still cost. */
struct budget {
    int64_t read_bytes, quoted_bytes;
};

enum { MAX_MARKS = 256 };

/* Marks count lines of the evidence that the suggestion was made from; newer evidence of another
 * run that nobody judged has other lines. */
static bool marks_fit(const struct item_row *item, const struct evidence_row *evidence)
{
    return strcmp(item->run, evidence->run) == 0 || evidence->started_ms <= item->suggested_ms;
}

static bool mark_is_of(const json_t *line, const char *probe, const char *stream)
{
    return strcmp(json_member_text(line, "probe", ""), probe) == 0 &&
           strcmp(json_member_text(line, "stream", "stdout"), stream) == 0;
}

static size_t select_marks(const json_t *lines, const char *probe, const char *stream,
                           struct excerpt_mark ret_marks[MAX_MARKS])
{
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(lines) && count < MAX_MARKS; i++) {
        const json_t *line = json_array_get(lines, i);
        int64_t number = json_member_integer(line, "line", 0);
        if (number < 0 || !mark_is_of(line, probe, stream))
            continue;
        ret_marks[count++] = (struct excerpt_mark){
            .line = (size_t)number,
            .is_bad = json_member_bool(line, "bad", false),
        };
    }
    return count;
}

/* One stream of one probe. */
struct stream_request {
    struct review *review;
    const struct digest *blob;
    int64_t size_bytes;
    const char *probe, *stream;
    const json_t *lines;
};

static bool quote_stream(const struct stream_request *request, struct budget *budget,
                         struct report_excerpt *ret_excerpt, struct error *error)
{
    *ret_excerpt = (struct report_excerpt){.state = EXCERPT_EMPTY};
    if (request->size_bytes <= 0)
        return true;
    ret_excerpt->state = EXCERPT_LEFT_OUT;
    if (request->size_bytes > budget->read_bytes || budget->quoted_bytes <= 0)
        return true;
    budget->read_bytes -= request->size_bytes;
    AUTO_RELEASE(buffer) struct buffer data = {0};
    struct error problem = {0};
    if (!review_read_blob(request->review, request->blob, &data, &problem)) {
        ret_excerpt->state = EXCERPT_GONE;
        if (problem.code == ERROR_NOT_FOUND)
            return true;
        if (error != NULL)
            *error = problem;
        return error_prefix(error, "cannot quote evidence");
    }
    struct excerpt_mark marks[MAX_MARKS];
    size_t count = select_marks(request->lines, request->probe, request->stream, marks);
    size_t quoted = excerpt_build(ret_excerpt, buffer_text(&data), data.length, marks, count);
    budget->quoted_bytes -= (int64_t)quoted;
    return true;
}

static void mark_exit(struct report_evidence *evidence, const json_t *lines)
{
    struct excerpt_mark marks[MAX_MARKS];
    size_t count = select_marks(lines, evidence->row->probe, "exit", marks);
    for (size_t i = 0; i < count; i++) {
        evidence->exit_is_marked = true;
        evidence->exit_is_bad |= marks[i].is_bad;
    }
}

static bool quote_evidence(struct review *review, struct budget *budget,
                           struct report_evidence *evidence, const json_t *lines,
                           struct error *error)
{
    const struct evidence_row *row = evidence->row;
    mark_exit(evidence, lines);
    struct stream_request request = {
        .review = review,
        .blob = &row->out_blob,
        .size_bytes = row->out_bytes,
        .probe = row->probe,
        .stream = "stdout",
        .lines = lines,
    };
    if (!quote_stream(&request, budget, &evidence->out, error))
        return false;
    request.blob = &row->err_blob;
    request.size_bytes = row->err_bytes;
    request.stream = "stderr";
    return quote_stream(&request, budget, &evidence->err, error);
}

static bool quote_item(struct review *review, struct budget *budget, struct report_item *item,
                       struct error *error)
{
    AUTO_JSON json_t *lines = NULL;
    const char *text = item->row->suggestion_lines;
    /* The projection is ours; if a damaged one does not parse, the lines are quoted unmarked. */
    if (*text != '\0' && !json_parse(text, strlen(text), &lines, NULL))
        lines = NULL;
    for (size_t i = 0; i < item->evidence_count; i++) {
        struct report_evidence *evidence = &item->evidence[i];
        const json_t *fitting = marks_fit(item->row, evidence->row) ? lines : NULL;
        if (!quote_evidence(review, budget, evidence, fitting, error))
            return error_prefix(error, "check '%s' on '%s', probe '%s'", item->row->check,
                                item->row->target, evidence->row->probe);
    }
    return true;
}

bool build_excerpts(struct review *review, struct report *report, struct error *error)
{
    struct budget budget = {
        .read_bytes = REPORT_READ_BYTES_MAX,
        .quoted_bytes = REPORT_QUOTED_BYTES_MAX,
    };
    for (size_t i = 0; i < report->item_count; i++)
        if (!quote_item(review, &budget, &report->items[i], error))
            return false;
    return true;
}
