/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/cvss.h"
#include "export/escape.h"
#include "html.h"
#include "wording.h"

static void put_exception(struct buffer *out, const struct exception_row *row, int64_t now_ms)
{
    enum exception_standing standing = exception_standing(row, now_ms);
    AUTO_FREE char *text = wording_exception(row, now_ms);
    AUTO_FREE char *dates = memory_format("%s to %s (UTC)", row->from, row->until);
    html_put(out,
             "<article class=\"check\">\n<h3><bdi>%s</bdi> on <bdi>%s</bdi> "
             "<span class=\"verdict %s\">%s</span></h3>\n<dl class=\"facts\">\n",
             row->check, *row->target != '\0' ? row->target : "every target",
             standing == EXCEPTION_EXPIRED ? "stale" : "not-applicable", text);
    html_fact(out, "Scope", *row->target != '\0' ? row->target : "every target of the review");
    html_fact(out, "In force", dates);
    html_fact(out, "Category", row->category);
    html_note(out, "Reason", row->reason);
    html_note(out, "Compensating control", row->control);
    html_fact(out, "Risk", row->risk);
    html_fact(out, "Requester", row->requester);
    html_fact(out, "Approver", row->approver);
    html_fact(out, "Ticket", row->ticket);
    html_fact(out, "Recorded by", row->author);
    buffer_append_text(out, "</dl>\n</article>\n");
}

void html_exceptions(struct buffer *out, const struct report *report)
{
    html_put(out,
             "<section id=\"exceptions\">\n<h2>Accepted risks <span class=\"soft\">(%zu)</span>"
             "</h2>\n",
             report->exceptions.count);
    buffer_append_text(out, report->exceptions.count == 0
                                ? "<p>No risk was accepted.</p>\n"
                                : "<p class=\"soft\">An exception changes no verdict. One that has "
                                  "expired or ended covers nothing.</p>\n");
    for (size_t i = 0; i < report->exceptions.count; i++)
        put_exception(out, &report->exceptions.items[i], report->made_ms);
    buffer_append_text(out, "</section>\n");
}

static void put_noticed(struct buffer *out, const struct finding_row *row)
{
    AUTO_FREE char *subject = wording_noticed(row);
    AUTO_FREE char *cvss = cvss_text(row->cvss);
    html_put(
        out,
        "<article class=\"check\">\n<h3><bdi>%s</bdi> <span class=\"soft\">%s, %s</span></h3>\n"
        "<dl class=\"facts\">\n",
        row->title, row->severity, row->state);
    html_fact(out, "Belongs to", subject);
    html_note(out, "Why this severity", row->because);
    html_fact(out, "CVSS", cvss);
    html_fact(out, "Owner", row->owner);
    html_fact(out, "Due", row->due);
    html_note(out, "Description", row->description);
    html_note(out, "How to mend it", row->recommendation);
    html_fact(out, "Recorded by", row->author);
    buffer_append_text(out, "</dl>\n</article>\n");
}

void html_noticed(struct buffer *out, const struct report *report)
{
    if (report->noticed.count == 0)
        return;
    html_put(out,
             "<section id=\"noticed\">\n<h2>Further findings <span class=\"soft\">(%zu)</span>"
             "</h2>\n",
             report->noticed.count);
    for (size_t i = 0; i < report->noticed.count; i++)
        put_noticed(out, &report->noticed.items[i]);
    buffer_append_text(out, "</section>\n");
}
