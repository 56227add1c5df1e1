/* SPDX-License-Identifier: Apache-2.0 */
#include "export/escape.h"
#include "html.h"
#include "wording.h"

static void put_check_facts(struct buffer *out, const struct report_item *item)
{
    const struct check *check = item->check;
    html_put(out, "<p class=\"meta\"><code>%s</code>", item->row->check);
    if (check != NULL) {
        AUTO_FREE char *references = wording_references(check);
        html_put(out, " <span>%s</span>", method_text(check->method));
        if (*references != '\0')
            html_put(out, " <span>%s</span>", references);
    }
    buffer_append_text(out, "</p>\n");
    if (check != NULL && *check->why != '\0') {
        buffer_append_text(out, "<p class=\"why text\">");
        escape_html_text(out, check->why, ESCAPE_MANY_LINES);
        buffer_append_text(out, "</p>\n");
    }
}

static void begin_check(struct buffer *out, const struct report_item *item)
{
    const char *title = *item->row->title != '\0' ? item->row->title : item->row->check;
    buffer_append_text(out, "<article class=\"check\">\n<div class=\"head\">\n<h3>");
    html_put(out, "<bdi>%s</bdi></h3>\n", title);
    html_severity(out, item);
    buffer_append_text(out, "\n</div>\n");
    put_check_facts(out, item);
}

static void put_fix(struct buffer *out, const struct report_item *item)
{
    if (item->check == NULL || *item->check->fix == '\0')
        return;
    buffer_append_text(out, "<div class=\"fix\"><h4>How to mend it</h4><p class=\"text\">");
    escape_html_text(out, item->check->fix, ESCAPE_MANY_LINES);
    buffer_append_text(out, "</p></div>\n");
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

/* --- one item --- */

static void put_verdict_facts(struct buffer *out, const struct report_item *item)
{
    const struct item_row *row = item->row;
    AUTO_FREE char *suggestion = wording_suggestion(item);
    AUTO_FREE char *decided = wording_decided(item);
    html_fact(out, "Decided", *decided != '\0' ? decided : "by nobody yet");
    html_fact(out, row->is_stale ? "Suggested now" : "Suggested", suggestion);
    if (row->is_stale)
        html_fact(out, "Suggested then",
                  *row->suggestion_then != '\0' ? row->suggestion_then : "none");
    html_note(out, item->is_against ? "Against the suggestion, because" : "Because", row->because);
    html_note(out, "Note", row->note);
}

/* Every decision, where there is more to tell than the one in force. */
static void put_history(struct buffer *out, const struct report_item *item)
{
    if (item->decision_count < 2 && item->standing != STANDING_DISPUTED)
        return;
    buffer_append_text(out, "<dt>Decisions</dt><dd><ul>\n");
    for (size_t i = 0; i < item->decision_count; i++) {
        const struct decision_row *decision = item->decisions[i];
        AUTO_FREE char *text = wording_decision(decision);
        html_put(out, "<li>%s", text);
        if (*decision->note != '\0') {
            buffer_append_text(out, ": ");
            escape_html_text(out, decision->note, ESCAPE_MANY_LINES);
        }
        buffer_append_text(out, "</li>\n");
    }
    buffer_append_text(out, "</ul></dd>\n");
}

static void put_answers(struct buffer *out, const struct report_item *item)
{
    char time[CLOCK_TEXT_BYTES];
    for (size_t i = 0; i < item->answer_count; i++) {
        const struct answer_row *row = item->answers[i];
        html_put(out, "<dt>Asked: %s</dt><dd class=\"text\">",
                 wording_question(item, row->question));
        escape_html_text(out, row->value, ESCAPE_MANY_LINES);
        html_put(out, " <span class=\"soft\">(%s, %s)</span></dd>\n", row->author,
                 wording_time(row->time_ms, time));
    }
}

static void put_comments(struct buffer *out, const struct report_item *item)
{
    char time[CLOCK_TEXT_BYTES];
    for (size_t i = 0; i < item->comment_count; i++) {
        const struct comment_row *row = item->comments[i];
        html_put(out, "<dt>Comment</dt><dd class=\"text\">");
        escape_html_text(out, row->text, ESCAPE_MANY_LINES);
        html_put(out, " <span class=\"soft\">(%s, %s)</span></dd>\n", row->author,
                 wording_time(row->time_ms, time));
    }
}

static void put_attachments(struct buffer *out, const struct report_item *item)
{
    char size[CLOCK_TEXT_BYTES];
    for (size_t i = 0; i < item->attachment_count; i++) {
        const struct attachment_row *row = item->attachments[i];
        html_put(out, "<dt>Attachment</dt><dd><bdi>%s</bdi>, %s, by %s<br />SHA-256 ", row->name,
                 wording_size(row->size_bytes, size), row->author);
        html_digest(out, &row->digest);
        buffer_append_text(out, "</dd>\n");
    }
}

static void put_item_heading(struct buffer *out, const struct report_item *item, int64_t now_ms)
{
    buffer_append_text(out, "<h4>");
    html_verdict(out, item->standing);
    html_put(out, " <bdi>%s</bdi>", item->row->target);
    if (item->row->is_stale && item->standing != STANDING_STALE)
        buffer_append_text(out, " <span class=\"verdict stale\">newer evidence differs</span>");
    if (item->is_against)
        buffer_append_text(out, " <span class=\"verdict against\">against the suggestion</span>");
    if (item->exception != NULL) {
        AUTO_FREE char *text = wording_exception(item->exception, now_ms);
        html_put(out, " <a class=\"verdict %s\" href=\"#exceptions\">risk %s</a>",
                 item->is_accepted ? "not-applicable" : "stale", text);
    }
    buffer_append_text(out, "</h4>\n");
}

static void put_item(struct buffer *out, const struct report_item *item, int64_t now_ms)
{
    html_put(out, "<section class=\"item %s\" id=\"i%zu\">\n", standing_id(item->standing),
             item->number);
    put_item_heading(out, item, now_ms);
    buffer_append_text(out, "<dl>\n");
    put_verdict_facts(out, item);
    put_history(out, item);
    put_answers(out, item);
    put_comments(out, item);
    put_attachments(out, item);
    buffer_append_text(out, "</dl>\n");
    html_evidence(out, item, HTML_ALL_EVIDENCE);
    buffer_append_text(out, "</section>\n");
}

static void put_finding(struct buffer *out, const struct report_item *item, int64_t now_ms)
{
    html_put(out, "<section class=\"item fail\">\n");
    put_item_heading(out, item, now_ms);
    buffer_append_text(out, "<dl>\n");
    put_verdict_facts(out, item);
    buffer_append_text(out, "</dl>\n");
    html_evidence(out, item, HTML_MARKED_EVIDENCE);
    html_put(out,
             "<p class=\"more\"><a href=\"#i%zu\">All evidence of this item</a></p>\n"
             "</section>\n",
             item->number);
}

void html_findings(struct buffer *out, const struct report *report)
{
    html_put(out,
             "<section id=\"findings\">\n<h2>Findings <span class=\"soft\">(%zu)</span></h2>\n",
             report->finding_count - report->counts.accepted);
    if (report->finding_count == 0)
        buffer_append_text(out, "<p>No item is decided as failed. Items without a verdict that "
                                "stands are listed under Gaps.</p>\n");
    for (size_t i = 0; i < report->finding_count; i++) {
        const struct report_item *item = report->findings[i];
        bool is_last = i + 1 == report->finding_count;
        if (item->is_accepted && (i == 0 || !report->findings[i - 1]->is_accepted))
            html_put(out,
                     "<h2>Failures whose risk is accepted <span class=\"soft\">(%zu)</span></h2>\n",
                     report->counts.accepted);
        if (i == 0 || !is_same_group(report->findings[i - 1], item))
            begin_check(out, item);
        put_finding(out, item, report->made_ms);
        if (is_last || !is_same_group(item, report->findings[i + 1])) {
            put_fix(out, item);
            buffer_append_text(out, "</article>\n");
        }
    }
    buffer_append_text(out, "</section>\n");
}

static void put_area(struct buffer *out, const struct report_area *area, size_t number,
                     int64_t now_ms)
{
    html_put(out, "<section class=\"area\" id=\"a%zu\">\n<h2><bdi>%s</bdi></h2>\n", number,
             area->title);
    for (size_t i = 0; i < area->item_count; i++) {
        const struct report_item *item = &area->items[i];
        if (i == 0 || !is_same_check(item - 1, item))
            begin_check(out, item);
        put_item(out, item, now_ms);
        if (i + 1 == area->item_count || !is_same_check(item, item + 1))
            buffer_append_text(out, "</article>\n");
    }
    buffer_append_text(out, "</section>\n");
}

void html_areas(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "<div id=\"areas\">\n");
    for (size_t i = 0; i < report->area_count; i++)
        put_area(out, &report->areas[i], i + 1, report->made_ms);
    buffer_append_text(out, "</div>\n");
}
