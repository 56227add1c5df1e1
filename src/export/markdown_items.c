/* SPDX-License-Identifier: Apache-2.0 */
#include "export/escape.h"
#include "markdown.h"
#include "wording.h"

/* --- evidence --- */

static void add_omission(struct buffer *block, size_t count)
{
    if (count > 0)
        buffer_append_format(block, "        [%zu line%s not shown]\n", count,
                             count == 1 ? "" : "s");
}

/* What stands before the text takes 8 columns, so that tabs keep their steps. */
static void add_line(struct buffer *block, const struct report_line *line)
{
    const char *mark = !line->is_marked ? " " : line->is_bad ? "\u2717" : "\u2713";
    buffer_append_format(block, "%5zu %s %s", line->number, mark, line->text);
    if (line->cut_bytes > 0)
        buffer_append_format(block, " ... [%zu bytes cut]", line->cut_bytes);
    buffer_append_byte(block, '\n');
}

static void put_lines(struct buffer *out, const struct report_excerpt *excerpt)
{
    AUTO_RELEASE(buffer) struct buffer block = {0};
    size_t last = 0;
    for (size_t i = 0; i < excerpt->line_count; i++) {
        add_omission(&block, excerpt->lines[i].number - last - 1);
        add_line(&block, &excerpt->lines[i]);
        last = excerpt->lines[i].number;
    }
    add_omission(&block, excerpt->total_lines - last);
    buffer_append_text(out, "\n");
    escape_markdown_block(out, buffer_text(&block));
}

static void put_stream(struct buffer *out, const char *name, int64_t size_bytes,
                       const struct digest *blob, const struct report_excerpt *excerpt)
{
    AUTO_FREE char *text = wording_stream(name, size_bytes, excerpt);
    if (text == NULL)
        return;
    markdown_put(out, "\n%s, id ", text);
    markdown_digest(out, blob);
    buffer_append_text(out, "\n");
    if (excerpt->line_count > 0)
        put_lines(out, excerpt);
}

static void put_evidence(struct buffer *out, const struct report_evidence *evidence)
{
    const struct evidence_row *row = evidence->row;
    AUTO_FREE char *provenance = wording_provenance(row);
    bool is_long = strchr(row->command, '\n') != NULL;
    buffer_append_text(out, "\nEvidence ");
    escape_markdown_code(out, row->probe);
    if (*row->command != '\0' && !is_long) {
        buffer_append_text(out, ": ");
        escape_markdown_code(out, row->command);
    }
    markdown_put(out, " (%s)\n", provenance);
    if (is_long) {
        buffer_append_text(out, "\n");
        escape_markdown_block(out, row->command);
    }
    if (evidence->exit_is_marked)
        markdown_put(out, "\n%s The exit status %d led to the suggestion.\n",
                     evidence->exit_is_bad ? "\u2717" : "\u2713", row->exit_status);
    put_stream(out, "Standard output", row->out_bytes, &row->out_blob, &evidence->out);
    put_stream(out, "Standard error", row->err_bytes, &row->err_blob, &evidence->err);
    if (evidence->out.state == EXCERPT_EMPTY && evidence->err.state == EXCERPT_EMPTY)
        buffer_append_text(out, "\nNo output.\n");
}

static bool is_marked(const struct report_evidence *evidence)
{
    return evidence->exit_is_marked || evidence->out.marked_count > 0 ||
           evidence->err.marked_count > 0;
}

/* --- checks and items --- */

static void put_check(struct buffer *out, const struct report_item *item)
{
    const struct check *check = item->check;
    const char *title = *item->row->title != '\0' ? item->row->title : item->row->check;
    markdown_put(out, "\n### %s\n\n", title);
    escape_markdown_code(out, item->row->check);
    markdown_put(out, ", severity %s", wording_severity(item->severity));
    if (check != NULL) {
        AUTO_FREE char *references = wording_references(check);
        markdown_put(out, ", %s%s%s", method_text(check->method), *references != '\0' ? ", " : "",
                     references);
    }
    buffer_append_text(out, "\n");
    if (check != NULL && *check->why != '\0')
        markdown_note(out, "Why", check->why);
}

static void put_heading(struct buffer *out, const struct report_item *item)
{
    markdown_put(out, "\n#### %s %s: %s\n\n", standing_symbol(item->standing),
                 standing_word(item->standing), item->row->target);
}

static void put_verdict(struct buffer *out, const struct report_item *item)
{
    const struct item_row *row = item->row;
    AUTO_FREE char *suggestion = wording_suggestion(item);
    AUTO_FREE char *decided = wording_decided(item);
    markdown_fact(out, "Decided", *decided != '\0' ? decided : "by nobody yet");
    markdown_fact(out, row->is_stale ? "Suggested now" : "Suggested", suggestion);
    if (row->is_stale)
        markdown_fact(out, "Suggested then",
                      *row->suggestion_then != '\0' ? row->suggestion_then : "none");
    if (item->decision_count > 1 || item->standing == STANDING_DISPUTED) {
        for (size_t i = 0; i < item->decision_count; i++) {
            AUTO_FREE char *text = wording_decision(item->decisions[i]);
            const char *note = item->decisions[i]->note;
            markdown_put(out, "- Decision: %s%s%s\n", text, *note != '\0' ? ": " : "", note);
        }
    }
    markdown_note(out, item->is_against ? "Against the suggestion, because" : "Because",
                  row->because);
    markdown_note(out, "Note", row->note);
}

static void put_records(struct buffer *out, const struct report_item *item)
{
    char time[CLOCK_TEXT_BYTES];
    for (size_t i = 0; i < item->answer_count; i++) {
        const struct answer_row *row = item->answers[i];
        markdown_put(out, "\nAsked: %s (answered by %s, %s)\n\n",
                     wording_question(item, row->question), row->author,
                     wording_time(row->time_ms, time));
        escape_markdown_quote(out, row->value);
    }
    for (size_t i = 0; i < item->comment_count; i++) {
        const struct comment_row *row = item->comments[i];
        markdown_put(out, "\nComment by %s, %s:\n\n", row->author,
                     wording_time(row->time_ms, time));
        escape_markdown_quote(out, row->text);
    }
    for (size_t i = 0; i < item->attachment_count; i++) {
        const struct attachment_row *row = item->attachments[i];
        markdown_put(out, "\nAttachment %s, %s, by %s, SHA-256 ", row->name,
                     wording_size(row->size_bytes, time), row->author);
        markdown_digest(out, &row->digest);
        buffer_append_text(out, "\n");
    }
}

static void put_exception(struct buffer *out, const struct report_item *item, int64_t now_ms)
{
    if (item->exception == NULL)
        return;
    AUTO_FREE char *text = wording_exception(item->exception, now_ms);
    markdown_fact(out, "Risk", text);
}

static void put_item(struct buffer *out, const struct report_item *item, int64_t now_ms)
{
    put_heading(out, item);
    put_exception(out, item, now_ms);
    put_verdict(out, item);
    put_records(out, item);
    for (size_t i = 0; i < item->evidence_count; i++)
        put_evidence(out, &item->evidence[i]);
    if (item->older_count > 0)
        markdown_put(out, "\nEarlier records of these probes in the review file: %zu\n",
                     item->older_count);
}

static void put_finding(struct buffer *out, const struct report_item *item, int64_t now_ms)
{
    put_heading(out, item);
    put_exception(out, item, now_ms);
    put_verdict(out, item);
    for (size_t i = 0; i < item->evidence_count; i++)
        if (is_marked(&item->evidence[i]))
            put_evidence(out, &item->evidence[i]);
}

static bool is_same_check(const struct report_item *a, const struct report_item *b)
{
    return strcmp(a->row->check, b->row->check) == 0;
}

/* Accepted failures stand apart, those of one check together. */
static bool is_same_group(const struct report_item *a, const struct report_item *b)
{
    return is_same_check(a, b) && a->is_accepted == b->is_accepted;
}

void markdown_findings(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "\n## Findings\n");
    if (report->finding_count == 0)
        buffer_append_text(out, "\nNo item is decided as failed. Items without a verdict that "
                                "stands are listed under Gaps.\n");
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct report_item *item = report->findings[i];
        bool is_last =
            i + 1 == report->finding_count || !is_same_group(item, report->findings[i + 1]);
        if (item->is_accepted && (i == 0 || !report->findings[i - 1]->is_accepted))
            buffer_append_text(out, "\n## Failures whose risk is accepted\n");
        if (i == 0 || !is_same_group(report->findings[i - 1], item))
            put_check(out, item);
        put_finding(out, item, report->made_ms);
        if (is_last && item->check != NULL)
            markdown_note(out, "How to mend it", item->check->fix);
    }
}

void markdown_areas(struct buffer *out, const struct report *report)
{
    for (size_t i = 0; i < report->area_count; i++) {
        const struct report_area *area = &report->areas[i];
        markdown_put(out, "\n## %s\n", area->title);
        for (size_t j = 0; j < area->item_count; j++) {
            const struct report_item *item = &area->items[j];
            if (j == 0 || !is_same_check(item - 1, item))
                put_check(out, item);
            put_item(out, item, report->made_ms);
        }
    }
}
