/* SPDX-License-Identifier: Apache-2.0 */
#include "export/escape.h"
#include "html.h"
#include "wording.h"

/* --- gaps --- */

/* The target stands first: "cannot be reached on TARGET" would read as a statement. */
static void put_gap(struct buffer *out, const struct report_gap *gap)
{
    const struct report_item *item = gap->item;
    buffer_append_text(out, "<li>");
    if (item != NULL) {
        const char *title = *item->row->title != '\0' ? item->row->title : item->row->check;
        html_put(out, "<b><bdi>%s</bdi></b>, <a href=\"#i%zu\"><bdi>%s</bdi></a>",
                 item->row->target, item->number, title);
        buffer_append_text(out, *gap->text != '\0' ? ": " : "");
    }
    buffer_append_text(out, "<span class=\"text\">");
    escape_html_text(out, gap->text, ESCAPE_MANY_LINES);
    buffer_append_text(out, "</span></li>\n");
}

static size_t count_gaps(const struct report *report, size_t first)
{
    size_t count = 1;
    while (first + count < report->gap_count &&
           report->gaps[first + count].kind == report->gaps[first].kind)
        count++;
    return count;
}

void html_gaps(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "<section id=\"gaps\">\n<h2>Gaps</h2>\n");
    if (report->gap_count == 0)
        buffer_append_text(out, "<p>None that walkdown can see.</p>\n");
    for (size_t i = 0, count; i < report->gap_count; i += count) {
        count = count_gaps(report, i);
        html_put(out, "<h3>%s <span class=\"soft\">(%zu)</span></h3>\n<ul class=\"gaps\">\n",
                 gap_heading(report->gaps[i].kind), count);
        for (size_t j = i; j < i + count; j++)
            put_gap(out, &report->gaps[j]);
        buffer_append_text(out, "</ul>\n");
    }
    buffer_append_text(out, "</section>\n");
}

/* --- what belongs to no item --- */

static void put_loose_comments(struct buffer *out, const struct report_loose *loose)
{
    char time[CLOCK_TEXT_BYTES];
    for (size_t i = 0; i < loose->comment_count; i++) {
        const struct comment_row *row = loose->comments[i];
        html_put(out, "<dt>%s, %s</dt><dd class=\"text\">", row->author,
                 wording_time(row->time_ms, time));
        escape_html_text(out, row->text, ESCAPE_MANY_LINES);
        buffer_append_text(out, "</dd>\n");
    }
}

static void put_loose_attachments(struct buffer *out, const struct report_loose *loose)
{
    char size[CLOCK_TEXT_BYTES];
    for (size_t i = 0; i < loose->attachment_count; i++) {
        const struct attachment_row *row = loose->attachments[i];
        html_put(out, "<dt>Attachment</dt><dd><bdi>%s</bdi>, %s, by %s<br />SHA-256 ", row->name,
                 wording_size(row->size_bytes, size), row->author);
        html_digest(out, &row->digest);
        buffer_append_text(out, "</dd>\n");
    }
}

static void put_loose_records(struct buffer *out, const struct report_loose *loose)
{
    for (size_t i = 0; i < loose->decision_count; i++) {
        const struct decision_row *row = loose->decisions[i];
        AUTO_FREE char *text = wording_decision(row);
        html_put(out, "<dt>%s on %s</dt><dd>%s</dd>\n", row->check, row->target, text);
    }
    for (size_t i = 0; i < loose->answer_count; i++) {
        const struct answer_row *row = loose->answers[i];
        html_put(out, "<dt>%s on %s, asked %s</dt><dd class=\"text\">", row->check, row->target,
                 row->question);
        escape_html_text(out, row->value, ESCAPE_MANY_LINES);
        buffer_append_text(out, "</dd>\n");
    }
    if (loose->gone_count > 0)
        html_put(out,
                 "<dt>Evidence</dt><dd>%zu records of checks or targets that this review has "
                 "no more</dd>\n",
                 loose->gone_count);
}

void html_loose(struct buffer *out, const struct report *report)
{
    const struct report_loose *loose = &report->loose;
    if (loose->comment_count + loose->attachment_count + loose->decision_count +
            loose->answer_count + loose->gone_count ==
        0)
        return;
    buffer_append_text(out, "<section id=\"loose\">\n<h2>On the review as a whole</h2>\n"
                            "<dl class=\"facts\">\n");
    put_loose_comments(out, loose);
    put_loose_attachments(out, loose);
    put_loose_records(out, loose);
    buffer_append_text(out, "</dl>\n</section>\n");
}

/* --- sign-offs --- */

static void put_signoff(struct buffer *out, const struct report_signoff *signoff)
{
    const struct signoff_row *row = signoff->row;
    AUTO_FREE char *key = wording_key(row->key);
    char time[CLOCK_TEXT_BYTES];
    html_put(out,
             "<article class=\"signoff\">\n<h3><bdi>%s</bdi> as <bdi>%s</bdi></h3>\n"
             "<dl class=\"facts\">\n",
             row->signer, row->role);
    html_fact(out, "Time, as claimed", wording_time(row->time_ms, time));
    html_note(out, "Statement", signoff->statement);
    html_put(out, "<dt>Key</dt><dd><code class=\"id\">%s</code></dd>\n", key);
    if (row->entries_since == 0)
        html_fact(out, "Since then", "nothing was added to the review");
    else
        html_put(out,
                 "<dt>Since then</dt><dd><span class=\"verdict stale\">amended since</span> "
                 "%lld entr%s added to the review and not covered</dd>\n",
                 (long long)row->entries_since, row->entries_since == 1 ? "y was" : "ies were");
    buffer_append_text(out, "</dl>\n</article>\n");
}

void html_signoffs(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "<section id=\"signoffs\">\n<h2>Sign-offs</h2>\n");
    if (report->signoff_count == 0)
        buffer_append_text(out, "<p>Nobody has signed this review off.</p>\n");
    else
        buffer_append_text(out, "<p class=\"soft\">As recorded in the review. This page does not "
                                "prove the signatures: see How to verify.</p>\n");
    for (size_t i = 0; i < report->signoff_count; i++)
        put_signoff(out, &report->signoffs[i]);
    buffer_append_text(out, "</section>\n");
}

/* --- how to verify --- */

static void put_heads(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "<h3>Heads</h3>\n<div class=\"scroll\"><table>\n<thead><tr>"
                            "<th scope=\"col\">Author</th><th scope=\"col\">Last entry</th>"
                            "<th scope=\"col\">Its hash</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < report->state.head_count; i++) {
        const struct manifest_head *head = &report->state.heads[i];
        html_put(out, "<tr><th scope=\"row\"><bdi>%s</bdi></th><td>%lld</td><td>", head->name,
                 (long long)head->seq);
        html_digest(out, &head->hash);
        buffer_append_text(out, "</td></tr>\n");
    }
    buffer_append_text(out, "</tbody></table></div>\n");
}

void html_verify(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "<section id=\"verify\">\n<h2>How to verify</h2>\n<ol>\n");
    for (size_t i = 0; i < wording_verify_count; i++) {
        html_put(out, "<li>%s", wording_verify[i].text);
        if (wording_verify[i].command != NULL)
            html_put(out, "<br /><code class=\"command\">%s</code>", wording_verify[i].command);
        buffer_append_text(out, "</li>\n");
    }
    buffer_append_text(out, "</ol>\n");
    put_heads(out, report);
    html_put(out, "<p class=\"testimony\">%s</p>\n</section>\n", wording_testimony);
}
