/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "commands.h"
#include "opening.h"

#include <string.h>

#define SHOWN_LINES 200
#define SHOWN_BYTES 500 /* of a line */

/* Everything on record about one item. */
struct record {
    struct session *session;
    const struct item *item;
    struct evidence_row_list evidence;
    struct decision_row_list decisions;
    struct answer_row_list answers;
    struct comment_row_list comments;
    struct attachment_row_list attachments;
};

static bool record_read(struct record *record, const struct review_filter *filter,
                        struct error *error)
{
    struct review *review = session_review(record->session);

    return review_query_evidence(review, filter, &record->evidence, error) &&
           review_query_decisions(review, filter, &record->decisions, error) &&
           review_query_answers(review, filter, &record->answers, error) &&
           review_query_comments(review, filter, &record->comments, error) &&
           review_query_attachments(review, filter, &record->attachments, error);
}

static void record_release(struct record *record)
{
    evidence_row_list_release(&record->evidence);
    decision_row_list_release(&record->decisions);
    answer_row_list_release(&record->answers);
    comment_row_list_release(&record->comments);
    attachment_row_list_release(&record->attachments);
}

static void print_field(struct output *output, const char *label, const char *text)
{
    if (!*text)
        return;
    output_styled(output, STYLE_DIM, label);
    output_safe(output, text, 0);
    output_add(output, "\n");
}

static bool read_stream(const struct record *record, const struct digest *blob, int64_t bytes,
                        struct buffer *text)
{
    return bytes == 0 || review_read_blob(session_review(record->session), blob, text, NULL);
}

/* True when the suggestion rests on this line; RET_BAD when it speaks against. */
static bool line_is_marked(const json_t *lines, const char *probe, size_t number, bool *ret_bad)
{
    size_t index;
    const json_t *line;

    json_array_foreach(lines, index, line)
    {
        if (strcmp(json_member_text(line, "probe", ""), probe) == 0 &&
            strcmp(json_member_text(line, "stream", ""), "stdout") == 0 &&
            json_member_integer(line, "line", 0) == (json_int_t)number) {
            *ret_bad = json_member_bool(line, "bad", false);
            return true;
        }
    }
    return false;
}

static void print_output(const struct record *record, const struct evidence_row *row,
                         struct output *output)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(strings) struct strings lines = {0};
    AUTO_JSON json_t *marks = NULL;
    const char *marks_text = record->item->row->suggestion_lines;

    if (!read_stream(record, &row->out_blob, row->out_bytes, &text)) {
        output_add(output, "    (the output cannot be read)\n");
        return;
    }
    if (!json_parse(marks_text, strlen(marks_text), &marks, NULL))
        marks = json_array();
    strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count && i < SHOWN_LINES; i++) {
        bool is_bad = false, is_marked = line_is_marked(marks, row->probe, i + 1, &is_bad);
        if (i + 1 == lines.count && !lines.items[i][0])
            break;
        output_add(output, "  %6zu%s ", i + 1, is_marked ? (is_bad ? " !" : " >") : "  ");
        output_safe(output, lines.items[i], strlen(lines.items[i]) > SHOWN_BYTES ? SHOWN_BYTES : 0);
        output_add(output, "\n");
    }
    if (lines.count > SHOWN_LINES)
        output_add(output, "         ... %zu more lines\n", lines.count - SHOWN_LINES);
}

static void print_evidence(const struct record *record, const struct evidence_row *row,
                           struct output *output)
{
    char time[CLOCK_TEXT_BYTES], duration[CLOCK_TEXT_BYTES];
    AUTO_RELEASE(buffer) struct buffer errors = {0};

    output_styled(output, STYLE_BOLD, "\nProbe ");
    output_safe(output, row->probe, 0);
    output_add(output, "  %s  %s", clock_format_utc(row->started_ms, time),
               clock_format_duration(row->duration_ms, duration));
    if (row->exit_status >= 0)
        output_add(output, "  exit %d", row->exit_status);
    output_add(output, "  ");
    output_safe(output, row->outcome, 0);
    output_add(output, "%s%s%s", row->as_root ? "  as root" : "",
               *vantage_words(row->from) ? "  " : "", vantage_words(row->from));
    if (strcmp(row->masked, "[]") != 0)
        output_styled(output, STYLE_WARN, "  secrets kept out");
    if (row->is_redacted)
        output_styled(output, STYLE_WARN, "  redacted");
    output_styled(output, STYLE_DIM, "  ");
    output_styled(output, STYLE_DIM, entry_name(&row->id).text);
    output_add(output, "\n");
    if (*row->detail)
        output_lines(output, row->detail, 4);
    output_lines(output, row->command, 4);
    print_output(record, row, output);
    if (row->err_bytes && read_stream(record, &row->err_blob, row->err_bytes, &errors)) {
        output_styled(output, STYLE_DIM, "  stderr\n");
        output_lines(output, buffer_text(&errors), 8);
    }
}

static void print_questions(const struct record *record, struct output *output)
{
    const struct check *check = record->item->check;

    for (size_t i = 0; i < check->question_count; i++) {
        const struct question *question = &check->questions[i];
        const char *value = "(not answered)";
        for (size_t a = 0; a < record->answers.count; a++)
            if (strcmp(record->answers.items[a].question, question->id) == 0)
                value = record->answers.items[a].value;
        output_styled(output, STYLE_BOLD, "\nQuestion ");
        output_safe(output, question->id, 0);
        output_add(output, "\n");
        output_lines(output, question->text, 2);
        output_lines(output, value, 4);
    }
}

static void print_history(const struct record *record, struct output *output)
{
    char time[CLOCK_TEXT_BYTES];

    if (record->decisions.count)
        output_styled(output, STYLE_BOLD, "\nDecisions\n");
    for (size_t i = 0; i < record->decisions.count; i++) {
        const struct decision_row *row = &record->decisions.items[i];
        output_add(output, "  %s  ", clock_format_minute(row->time_ms, time));
        output_safe(output, row->author, 0);
        output_add(output, ": ");
        output_styled(output, style_of_verdict(row->verdict), row->verdict);
        output_add(output, "%s%s\n", row->is_retracted ? "  (taken back)" : "",
                   row->is_superseded ? "  (replaced)" : "");
        output_lines(output, row->because, 6);
        output_lines(output, row->note, 6);
    }
    for (size_t i = 0; i < record->comments.count; i++) {
        output_styled(output, STYLE_BOLD, "\nComment by ");
        output_safe(output, record->comments.items[i].author, 0);
        output_add(output, "\n");
        output_lines(output, record->comments.items[i].text, 2);
    }
    for (size_t i = 0; i < record->attachments.count; i++) {
        output_styled(output, STYLE_BOLD, "\nAttachment ");
        output_safe(output, record->attachments.items[i].name, 0);
        output_add(output, "  %lld bytes\n", (long long)record->attachments.items[i].size_bytes);
    }
}

static int print_record(const struct arguments *arguments, const struct record *record)
{
    const struct check *check = record->item->check;
    const struct item_row *row = record->item->row;
    AUTO_RELEASE(output) struct output output;

    output_init(&output, arguments);
    output_styled(&output, STYLE_BOLD, check->id);
    output_add(&output, "  %s  %s\n", severity_text(check->severity), method_text(check->method));
    output_safe(&output, check->title, 0);
    output_add(&output, "\n\n");
    print_field(&output, "Why      ", check->why);
    print_field(&output, "How      ", check->how);
    print_field(&output, "Fix      ", check->fix);
    output_styled(&output, STYLE_DIM, "Suggests ");
    output_styled(&output, style_of_verdict(suggestion_text(record->item->suggestion)),
                  suggestion_text(record->item->suggestion));
    output_add(&output, *row->suggestion_reason ? ": " : "");
    output_safe(&output, row->suggestion_reason, 0);
    output_add(&output, "\n");
    output_styled(&output, STYLE_DIM, "Decided  ");
    output_styled(&output, style_of_verdict(row->verdict), *row->verdict ? row->verdict : "open");
    output_add(&output, "%s\n", row->is_stale ? "  (newer evidence suggests otherwise)" : "");
    print_questions(record, &output);
    for (size_t i = 0; i < record->evidence.count; i++)
        if (record->evidence.items[i].is_latest)
            print_evidence(record, &record->evidence.items[i], &output);
    print_history(record, &output);
    return output_write(&output);
}

static json_t *evidence_json(const struct record *record, const struct evidence_row *row)
{
    char id[ENTRY_ID_TEXT_BYTES], time[CLOCK_TEXT_BYTES];
    AUTO_RELEASE(buffer) struct buffer out = {0};
    AUTO_RELEASE(buffer) struct buffer err = {0};
    bool is_readable = read_stream(record, &row->out_blob, row->out_bytes, &out) &&
                       read_stream(record, &row->err_blob, row->err_bytes, &err);

    json_t *masked = NULL;

    if (!json_parse(row->masked, strlen(row->masked), &masked, NULL))
        masked = json_array();
    return json_pack(
        "{s:s, s:o, s:o, s:b, s:o, s:o, s:o, s:i, s:s, s:I, s:b, s:b, s:o, s:b, s:o, s:o}", "entry",
        entry_id_text(&row->id, id), "probe", json_text(row->probe), "command",
        json_text(row->command), "as_root", row->as_root, "from", json_text(row->from), "outcome",
        json_text(row->outcome), "detail", json_text(row->detail), "exit", row->exit_status,
        "started", clock_format_utc(row->started_ms, time), "duration_ms",
        (json_int_t)row->duration_ms, "latest", row->is_latest, "readable", is_readable, "masked",
        masked, "redacted", row->is_redacted, "stdout",
        json_text_length(buffer_text(&out), out.length), "stderr",
        json_text_length(buffer_text(&err), err.length));
}

static json_t *decision_json(const struct decision_row *row)
{
    char id[ENTRY_ID_TEXT_BYTES], time[CLOCK_TEXT_BYTES];

    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:b}", "entry",
                     entry_id_text(&row->id, id), "time", clock_format_utc(row->time_ms, time),
                     "author", json_text(row->author), "verdict", json_text(row->verdict), "note",
                     json_text(row->note), "because", json_text(row->because), "retracted",
                     row->is_retracted, "superseded", row->is_superseded);
}

static int print_json(const struct record *record)
{
    json_t *json = item_json(record->session, record->item);
    json_t *evidence = json_array(), *decisions = json_array(), *answers = json_array(),
           *comments = json_array();

    for (size_t i = 0; i < record->evidence.count; i++)
        json_array_append_new(evidence, evidence_json(record, &record->evidence.items[i]));
    for (size_t i = 0; i < record->decisions.count; i++)
        json_array_append_new(decisions, decision_json(&record->decisions.items[i]));
    for (size_t i = 0; i < record->answers.count; i++)
        json_array_append_new(answers,
                              json_pack("{s:o, s:o, s:o}", "question",
                                        json_text(record->answers.items[i].question), "value",
                                        json_text(record->answers.items[i].value), "author",
                                        json_text(record->answers.items[i].author)));
    for (size_t i = 0; i < record->comments.count; i++)
        json_array_append_new(
            comments, json_pack("{s:o, s:o}", "text", json_text(record->comments.items[i].text),
                                "author", json_text(record->comments.items[i].author)));
    json_object_set_new(json, "evidence_records", evidence);
    json_object_set_new(json, "decisions", decisions);
    json_object_set_new(json, "answers", answers);
    json_object_set_new(json, "comments", comments);
    return output_json(json);
}

static int run(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    struct record record = {0};
    struct review_filter filter = {.check = arguments->words[1]};
    struct error error = {0};
    size_t target_count;
    const struct session_target *targets;
    int status;

    if (!open_review(arguments, true, &session, &status))
        return status;
    record.session = session;
    record.item = session_find_item(session, arguments->words[1], arguments->target);
    if (!record.item) {
        error_set(&error, ERROR_NOT_FOUND, "there is no such check%s",
                  arguments->target ? " on that target" : ", or the review has several targets");
        error_hint(&error, "'walkdown status' lists checks and targets; choose one with -t NAME");
        return output_error(&error, arguments->words[1]);
    }
    targets = session_targets(session, &target_count);
    filter.target = targets[record.item->target].name;
    if (record_read(&record, &filter, &error))
        status = arguments->json ? print_json(&record) : print_record(arguments, &record);
    else
        status = review_error(&error, arguments->words[0]);
    record_release(&record);
    return status;
}

static const struct option_spec options[] = {
    VALUE('t', "target", "NAME", target, "on which target; needed when there are several"),
    {0},
};

const struct command command_show = {
    .name = "show",
    .words = "FILE CHECK",
    .words_min = 2,
    .words_max = 2,
    .summary = "print a check with its evidence, suggestion and history",
    .details = "Lines that the suggestion rests on are marked: '!' speaks against, '>' for.",
    .options = options,
    .run = run,
};
