/* SPDX-License-Identifier: Apache-2.0 */
#include "export/escape.h"
#include "markdown.h"
#include "wording.h"

static void put_gaps(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "\n## Gaps\n");
    if (report->gap_count == 0)
        buffer_append_text(out, "\nNone that walkdown can see.\n");
    for (size_t i = 0; i < report->gap_count; i++) {
        const struct report_gap *gap = &report->gaps[i];
        const struct report_item *item = gap->item;
        if (i == 0 || report->gaps[i - 1].kind != gap->kind)
            markdown_put(out, "\n### %s\n\n", gap_heading(gap->kind));
        if (item != NULL)
            markdown_put(out, "- %s, \"%s\"%s%s\n", item->row->target,
                         *item->row->title != '\0' ? item->row->title : item->row->check,
                         *gap->text != '\0' ? ": " : "", gap->text);
        else
            markdown_put(out, "- %s\n", gap->text);
    }
}

static void put_loose(struct buffer *out, const struct report_loose *loose)
{
    char time[CLOCK_TEXT_BYTES];
    for (size_t i = 0; i < loose->comment_count; i++) {
        const struct comment_row *row = loose->comments[i];
        markdown_put(out, "\nComment by %s, %s:\n\n", row->author,
                     wording_time(row->time_ms, time));
        escape_markdown_quote(out, row->text);
    }
    for (size_t i = 0; i < loose->attachment_count; i++) {
        const struct attachment_row *row = loose->attachments[i];
        markdown_put(out, "\nAttachment %s, %s, by %s, SHA-256 ", row->name,
                     wording_size(row->size_bytes, time), row->author);
        markdown_digest(out, &row->digest);
        buffer_append_text(out, "\n");
    }
    for (size_t i = 0; i < loose->decision_count; i++) {
        AUTO_FREE char *text = wording_decision(loose->decisions[i]);
        markdown_put(out, "\nDecision of %s on %s: %s\n", loose->decisions[i]->check,
                     loose->decisions[i]->target, text);
    }
    for (size_t i = 0; i < loose->answer_count; i++) {
        const struct answer_row *row = loose->answers[i];
        markdown_put(out, "\n%s on %s, asked %s:\n\n", row->check, row->target, row->question);
        escape_markdown_quote(out, row->value);
    }
    if (loose->gone_count > 0)
        markdown_put(out,
                     "\nEvidence of checks or targets that this review has no more: %zu "
                     "records\n",
                     loose->gone_count);
}

static bool has_loose(const struct report_loose *loose)
{
    return loose->comment_count + loose->attachment_count + loose->decision_count +
               loose->answer_count + loose->gone_count >
           0;
}

static void put_signoffs(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "\n## Sign-offs\n");
    buffer_append_text(out, report->signoff_count == 0
                                ? "\nNobody has signed this review off.\n"
                                : "\nAs recorded in the review. This page does not prove the "
                                  "signatures: see How to verify.\n");
    for (size_t i = 0; i < report->signoff_count; i++) {
        const struct signoff_row *row = report->signoffs[i].row;
        AUTO_FREE char *key = wording_key(row->key);
        char time[CLOCK_TEXT_BYTES];
        markdown_put(out, "\n### %s as %s\n\n", row->signer, row->role);
        markdown_fact(out, "Time, as claimed", wording_time(row->time_ms, time));
        markdown_fact(out, "Key", key);
        if (row->entries_since == 0)
            markdown_fact(out, "Since then", "nothing was added to the review");
        else
            markdown_put(out,
                         "- Amended since: entries added to the review and not covered: "
                         "%lld\n",
                         (long long)row->entries_since);
        markdown_note(out, "Statement", report->signoffs[i].statement);
    }
}

static void put_verify(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "\n## How to verify\n");
    for (size_t i = 0; i < wording_verify_count; i++) {
        markdown_put(out, "\n%s\n", wording_verify[i].text);
        if (wording_verify[i].command != NULL) {
            buffer_append_text(out, "\n");
            escape_markdown_block(out, wording_verify[i].command);
        }
    }
    buffer_append_text(out, "\n### Heads\n\n| Author | Last entry | Its hash |\n"
                            "| :--- | ---: | :--- |\n");
    for (size_t i = 0; i < report->state.head_count; i++) {
        const struct manifest_head *head = &report->state.heads[i];
        markdown_put(out, "| %s | %lld | ", head->name, (long long)head->seq);
        markdown_digest(out, &head->hash);
        buffer_append_text(out, " |\n");
    }
    markdown_put(out, "\n%s\n", wording_testimony);
}

void markdown_closing(struct buffer *out, const struct report *report)
{
    put_gaps(out, report);
    if (has_loose(&report->loose)) {
        buffer_append_text(out, "\n## On the review as a whole\n");
        put_loose(out, &report->loose);
    }
    put_signoffs(out, report);
    put_verify(out, report);
}
