/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"
#include "report_json.h"
#include "wording.h"

/* --- records --- */

static json_t *write_decision(const struct decision_row *row)
{
    json_t *object = json_object();
    report_json_set(object, "entry", report_json_entry(&row->id));
    report_json_set_text(object, "check", row->check);
    report_json_set_text(object, "target", row->target);
    report_json_set_text(object, "verdict", row->verdict);
    report_json_set_text(object, "note", row->note);
    report_json_set_text(object, "because", row->because);
    report_json_set_text(object, "suggestion", row->suggestion);
    report_json_set_text(object, "author", row->author);
    report_json_set(object, "time", report_json_time(row->time_ms));
    report_json_set_bool(object, "retracted", row->is_retracted);
    report_json_set_bool(object, "superseded", row->is_superseded);
    return object;
}

static json_t *write_masked(const char *text)
{
    json_t *list = NULL;
    return json_parse(text, strlen(text), &list, NULL) ? list : json_array();
}

static json_t *write_answer(const struct answer_row *row)
{
    json_t *object = json_object();
    report_json_set(object, "entry", report_json_entry(&row->id));
    report_json_set_text(object, "check", row->check);
    report_json_set_text(object, "target", row->target);
    report_json_set_text(object, "question", row->question);
    report_json_set_text(object, "value", row->value);
    report_json_set_text(object, "author", row->author);
    report_json_set(object, "time", report_json_time(row->time_ms));
    return object;
}

static json_t *write_comment(const struct comment_row *row)
{
    json_t *object = json_object();
    report_json_set(object, "entry", report_json_entry(&row->id));
    report_json_set_text(object, "check", row->check);
    report_json_set_text(object, "target", row->target);
    report_json_set_text(object, "text", row->text);
    report_json_set_text(object, "author", row->author);
    report_json_set(object, "time", report_json_time(row->time_ms));
    return object;
}

static json_t *write_attachment(const struct attachment_row *row)
{
    json_t *object = json_object();
    report_json_set(object, "entry", report_json_entry(&row->id));
    report_json_set_text(object, "check", row->check);
    report_json_set_text(object, "target", row->target);
    report_json_set_text(object, "name", row->name);
    report_json_set_integer(object, "bytes", row->size_bytes);
    report_json_set(object, "digest", report_json_digest(&row->digest));
    report_json_set(object, "blob", report_json_digest(&row->blob));
    report_json_set_text(object, "author", row->author);
    report_json_set(object, "time", report_json_time(row->time_ms));
    return object;
}

/* write_NAMEs(): a list of pointers to rows. */
#define DEFINE_LIST(name)                                                                          \
    static json_t *write_##name##s(const struct name##_row **rows, size_t count)                   \
    {                                                                                              \
        json_t *list = json_array();                                                               \
        for (size_t i = 0; i < count; i++)                                                         \
            json_array_append_new(list, write_##name(rows[i]));                                    \
        return list;                                                                               \
    }

DEFINE_LIST(decision)
DEFINE_LIST(answer)
DEFINE_LIST(comment)
DEFINE_LIST(attachment)

/* --- evidence --- */

/* Bytes that are no UTF-8 read as U+FFFD in "text" and stand whole in "base64". */
static json_t *write_line(const struct report_line *line)
{
    json_t *object = json_object();
    size_t length = strlen(line->text);
    report_json_set_integer(object, "number", (int64_t)line->number);
    report_json_set_text(object, "text", line->text);
    if (!utf8_is_valid(line->text, length)) {
        AUTO_RELEASE(buffer) struct buffer encoded = {0};
        base64_append(&encoded, line->text, length);
        report_json_set_text(object, "base64", buffer_text(&encoded));
    }
    if (line->cut_bytes > 0)
        report_json_set_integer(object, "cut_bytes", (int64_t)line->cut_bytes);
    if (line->is_marked)
        report_json_set_text(object, "mark", line->is_bad ? "bad" : "good");
    return object;
}

/* EXCERPT is NULL for a record that is not the latest. */
static json_t *write_stream(int64_t size_bytes, const struct digest *blob,
                            const struct report_excerpt *excerpt)
{
    static const char *const states[] = {"empty", "quoted", "gone", "left-out"};
    json_t *object = json_object();
    report_json_set_integer(object, "bytes", size_bytes);
    report_json_set(object, "blob", size_bytes > 0 ? report_json_digest(blob) : json_null());
    if (excerpt == NULL)
        return object;
    json_t *lines = json_array();
    for (size_t i = 0; i < excerpt->line_count; i++)
        json_array_append_new(lines, write_line(&excerpt->lines[i]));
    report_json_set_text(object, "state", states[excerpt->state]);
    report_json_set_integer(object, "line_count", (int64_t)excerpt->total_lines);
    report_json_set(object, "lines", lines);
    return object;
}

static json_t *write_record(const struct evidence_row *row, const struct report_evidence *evidence)
{
    json_t *object = json_object();
    report_json_set(object, "entry", report_json_entry(&row->id));
    report_json_set_text(object, "check", row->check);
    report_json_set_text(object, "target", row->target);
    report_json_set_text(object, "probe", row->probe);
    report_json_set_text(object, "run", row->run);
    report_json_set_text(object, "command", row->command);
    report_json_set_bool(object, "as_root", row->as_root);
    report_json_set_text(object, "from", row->from);
    report_json_set_text(object, "outcome", row->outcome);
    report_json_set_text(object, "detail", row->detail);
    report_json_set(object, "exit",
                    row->exit_status >= 0 ? json_integer(row->exit_status) : json_null());
    if (evidence != NULL && evidence->exit_is_marked)
        report_json_set_text(object, "exit_mark", evidence->exit_is_bad ? "bad" : "good");
    report_json_set(object, "started", report_json_time(row->started_ms));
    report_json_set_integer(object, "duration_ms", row->duration_ms);
    report_json_set_integer(object, "noise_bytes", row->noise_bytes);
    report_json_set(object, "masked", write_masked(row->masked));
    report_json_set_bool(object, "redacted", row->is_redacted);
    report_json_set_text(object, "author", row->author);
    report_json_set_bool(object, "latest", row->is_latest);
    report_json_set(
        object, "stdout",
        write_stream(row->out_bytes, &row->out_blob, evidence != NULL ? &evidence->out : NULL));
    report_json_set(
        object, "stderr",
        write_stream(row->err_bytes, &row->err_blob, evidence != NULL ? &evidence->err : NULL));
    return object;
}

static json_t *write_evidence(const struct report_item *item)
{
    json_t *list = json_array();
    for (size_t i = 0; i < item->evidence_count; i++)
        json_array_append_new(list, write_record(item->evidence[i].row, &item->evidence[i]));
    for (size_t i = 0; i < item->older_count; i++)
        json_array_append_new(list, write_record(item->older[i], NULL));
    return list;
}

/* --- items --- */

static json_t *write_questions(const struct check *check)
{
    json_t *list = json_array();
    for (size_t i = 0; i < check->question_count; i++) {
        json_t *object = json_object();
        report_json_set_text(object, "id", check->questions[i].id);
        report_json_set_text(object, "text", check->questions[i].text);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *write_references(const struct check *check)
{
    json_t *list = json_array();
    for (size_t i = 0; i < check->reference_count; i++) {
        json_t *object = json_object();
        json_t *numbers = json_array();
        for (size_t j = 0; j < check->references[i].numbers.count; j++)
            json_array_append_new(numbers, json_text(check->references[i].numbers.items[j]));
        report_json_set_text(object, "framework", check->references[i].framework);
        report_json_set(object, "numbers", numbers);
        json_array_append_new(list, object);
    }
    return list;
}

/* What the checklist says of the check; null where it is not at hand. */
static json_t *write_guidance(const struct check *check)
{
    if (check == NULL)
        return json_null();
    json_t *object = json_object();
    report_json_set(object, "digest", report_json_digest(&check->digest));
    report_json_set_text(object, "method", method_text(check->method));
    report_json_set_text(object, "why", check->why);
    report_json_set_text(object, "how", check->how);
    report_json_set_text(object, "fix", check->fix);
    report_json_set(object, "questions", write_questions(check));
    report_json_set(object, "references", write_references(check));
    return object;
}

static json_t *write_suggestion(const struct item_row *row)
{
    json_t *object = json_object();
    report_json_set_text(object, "value", *row->suggestion != '\0' ? row->suggestion : "none");
    report_json_set_text(object, "reason", row->suggestion_reason);
    report_json_set_text(object, "run", row->run);
    report_json_set(object, "time", report_json_time(row->suggested_ms));
    return object;
}

static json_t *write_verdict(const struct report_item *item)
{
    const struct item_row *row = item->row;
    json_t *object = json_object();
    report_json_set_text(object, "value", row->verdict);
    report_json_set_text(object, "note", row->note);
    report_json_set_text(object, "because", row->because);
    report_json_set_text(object, "by", row->decided_by);
    report_json_set(object, "time", report_json_time(row->decided_ms));
    report_json_set(object, "entry", report_json_entry(&row->decision));
    report_json_set_text(object, "suggestion_then", row->suggestion_then);
    report_json_set_bool(object, "stale", row->is_stale);
    report_json_set_bool(object, "against", item->is_against);
    return object;
}

static json_t *write_item(const struct report_item *item)
{
    const struct item_row *row = item->row;
    json_t *object = json_object();
    report_json_set_integer(object, "number", (int64_t)item->number);
    report_json_set_text(object, "check", row->check);
    report_json_set_text(object, "target", row->target);
    report_json_set_text(object, "title", row->title);
    report_json_set_text(object, "area", row->area);
    report_json_set_text(object, "severity", row->severity);
    report_json_set_text(object, "standing", standing_id(item->standing));
    report_json_set(object, "verdict", write_verdict(item));
    report_json_set(
        object, "exception",
        report_json_entry(item->exception != NULL ? &item->exception->id : &(struct entry_id){0}));
    report_json_set_bool(object, "accepted", item->is_accepted);
    report_json_set(object, "suggestion", write_suggestion(row));
    report_json_set(object, "guidance", write_guidance(item->check));
    report_json_set(object, "decisions", write_decisions(item->decisions, item->decision_count));
    report_json_set(object, "answers", write_answers(item->answers, item->answer_count));
    report_json_set(object, "comments", write_comments(item->comments, item->comment_count));
    report_json_set(object, "attachments",
                    write_attachments(item->attachments, item->attachment_count));
    report_json_set(object, "evidence", write_evidence(item));
    return object;
}

json_t *report_json_items(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->item_count; i++)
        json_array_append_new(list, write_item(&report->items[i]));
    return list;
}

json_t *report_json_loose(const struct report *report)
{
    const struct report_loose *loose = &report->loose;
    json_t *object = json_object();
    json_t *evidence = json_array();
    for (size_t i = 0; i < loose->evidence_count; i++)
        json_array_append_new(evidence, write_record(loose->evidence[i], NULL));
    report_json_set(object, "decisions", write_decisions(loose->decisions, loose->decision_count));
    report_json_set(object, "answers", write_answers(loose->answers, loose->answer_count));
    report_json_set(object, "comments", write_comments(loose->comments, loose->comment_count));
    report_json_set(object, "attachments",
                    write_attachments(loose->attachments, loose->attachment_count));
    report_json_set(object, "evidence", evidence);
    return object;
}
