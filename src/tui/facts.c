/* SPDX-License-Identifier: Apache-2.0 */
#include "facts.h"

#include "assess/merge.h"
#include "base/json.h"

enum { MARKS_MAX = 1000 };

static void release_outputs(struct facts *facts)
{
    for (size_t i = 0; i < facts->output_count; i++) {
        struct fact_output *output = &facts->outputs[i];
        lines_release(&output->out_lines);
        lines_release(&output->err_lines);
        buffer_release(&output->out);
        buffer_release(&output->err);
    }
    free(facts->outputs);
}

void facts_release(struct facts *facts)
{
    release_outputs(facts);
    for (size_t i = 0; i < facts->mark_count; i++)
        free(facts->marks[i].probe);
    free(facts->marks);
    evidence_row_list_release(&facts->evidence);
    answer_row_list_release(&facts->answers);
    comment_row_list_release(&facts->comments);
    attachment_row_list_release(&facts->attachments);
    exception_row_list_release(&facts->exceptions);
    finding_row_list_release(&facts->findings);
    decision_row_list_release(&facts->disputed);
    *facts = (struct facts){0};
}

/* ---- marks ---- */

static void add_mark(struct facts *facts, const json_t *line)
{
    int64_t number = json_member_integer(line, "line", 0);
    const char *stream = json_member_text(line, "stream", "");
    if (number < 1 || facts->mark_count >= MARKS_MAX || strcmp(stream, "exit") == 0)
        return;
    *array_push(facts->marks, facts->mark_count) =
        (struct fact_mark){.probe = memory_copy_text(json_member_text(line, "probe", "")),
                           .is_stderr = strcmp(stream, "stderr") == 0,
                           .line = (size_t)number - 1,
                           .is_bad = json_member_bool(line, "bad", false)};
}

static int compare_marks(const void *a, const void *b)
{
    const struct fact_mark *left = a;
    const struct fact_mark *right = b;
    return left->line < right->line ? -1 : left->line > right->line;
}

static void read_marks(struct facts *facts, const char *text)
{
    AUTO_JSON json_t *list = NULL;
    if (text[0] == '\0' || !json_parse(text, strlen(text), &list, NULL))
        return;
    size_t index;
    json_t *line;
    json_array_foreach(list, index, line) add_mark(facts, line);
    if (facts->mark_count > 1)
        qsort(facts->marks, facts->mark_count, sizeof(*facts->marks), compare_marks);
}

struct pager_mark *facts_marks(const struct facts *facts, const char *probe, bool is_stderr,
                               size_t *ret_count)
{
    struct pager_mark *marks = memory_new(facts->mark_count, sizeof(*marks));
    size_t count = 0;
    for (size_t i = 0; i < facts->mark_count; i++) {
        const struct fact_mark *mark = &facts->marks[i];
        if (mark->is_stderr != is_stderr || strcmp(mark->probe, probe) != 0)
            continue;
        if (count > 0 && marks[count - 1].line == mark->line)
            marks[count - 1].is_bad |= mark->is_bad;
        else
            marks[count++] = (struct pager_mark){mark->line, mark->is_bad};
    }
    *ret_count = count;
    return marks;
}

/* ---- outputs ---- */

static void read_stream(struct facts *facts, struct review *review, const struct digest *blob,
                        int64_t bytes, struct buffer *data)
{
    if (bytes > 0 && facts->error.code == ERROR_NONE &&
        !review_read_blob(review, blob, data, &facts->error))
        buffer_clear(data);
}

static void read_output(struct facts *facts, struct review *review, const struct evidence_row *row)
{
    struct fact_output *output = array_push(facts->outputs, facts->output_count);
    output->row = row;
    output->is_too_large =
        row->out_bytes > FACTS_OUTPUT_MAX_BYTES || row->err_bytes > FACTS_OUTPUT_MAX_BYTES;
    if (!output->is_too_large) {
        read_stream(facts, review, &row->out_blob, row->out_bytes, &output->out);
        read_stream(facts, review, &row->err_blob, row->err_bytes, &output->err);
    }
    lines_init(&output->out_lines, buffer_text(&output->out), output->out.length);
    lines_init(&output->err_lines, buffer_text(&output->err), output->err.length);
}

static void read_all(struct facts *facts, struct app *app)
{
    struct review *review = session_review(app->session);
    struct review_filter filter = {.check = facts->focus.check->id,
                                   .target = app_target_name(app, facts->focus.target)};
    if (!review_query_evidence(review, &filter, &facts->evidence, &facts->error) ||
        !review_query_answers(review, &filter, &facts->answers, &facts->error) ||
        !review_query_comments(review, &filter, &facts->comments, &facts->error) ||
        !review_query_attachments(review, &filter, &facts->attachments, &facts->error) ||
        !review_query_exceptions(review, &filter, &facts->exceptions, &facts->error) ||
        !review_query_findings(review, &filter, &facts->findings, &facts->error))
        return;
    const struct item *item = app_item(app, facts->focus);
    if (item != NULL)
        read_marks(facts, item->row->suggestion_lines);
    if (item != NULL && item->verdict == VERDICT_DISPUTED &&
        !session_disputed(app->session, item, &facts->disputed, &facts->error))
        return;
    for (size_t i = 0; i < facts->evidence.count; i++)
        if (facts->evidence.items[i].is_latest)
            read_output(facts, review, &facts->evidence.items[i]);
}

void facts_load(struct facts *facts, struct app *app, struct focus focus)
{
    int64_t now = review_change_count(session_review(app->session));
    if (facts->focus.check == focus.check && facts->focus.target == focus.target &&
        facts->change_count == now)
        return;
    facts_release(facts);
    facts->focus = focus;
    facts->change_count = now;
    if (focus.check != NULL)
        read_all(facts, app);
}
