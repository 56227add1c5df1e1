/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/cvss.h"
#include "export/escape.h"
#include "markdown.h"
#include "wording.h"

static void put_noticed(struct buffer *out, const struct finding_row *row)
{
    AUTO_FREE char *subject = wording_noticed(row);
    AUTO_FREE char *cvss = cvss_text(row->cvss);
    markdown_put(out, "\n### %s\n\n", row->title);
    markdown_fact(out, "Severity", row->severity);
    markdown_fact(out, "State", row->state);
    markdown_fact(out, "Belongs to", subject);
    markdown_fact(out, "CVSS", cvss);
    markdown_fact(out, "Owner", row->owner);
    markdown_fact(out, "Due", row->due);
    markdown_fact(out, "Recorded by", row->author);
    markdown_note(out, "Why this severity", row->because);
    markdown_note(out, "Description", row->description);
    markdown_note(out, "How to mend it", row->recommendation);
}

static void put_exception(struct buffer *out, const struct exception_row *row, int64_t now_ms)
{
    AUTO_FREE char *text = wording_exception(row, now_ms);
    AUTO_FREE char *dates = memory_format("%s to %s (UTC)", row->from, row->until);
    markdown_put(out, "\n### %s on %s\n\n", row->check,
                 *row->target != '\0' ? row->target : "every target");
    markdown_fact(out, "Now", text);
    markdown_fact(out, "In force", dates);
    markdown_fact(out, "Category", row->category);
    markdown_fact(out, "Risk", row->risk);
    markdown_fact(out, "Requester", row->requester);
    markdown_fact(out, "Approver", row->approver);
    markdown_fact(out, "Ticket", row->ticket);
    markdown_fact(out, "Recorded by", row->author);
    markdown_note(out, "Reason", row->reason);
    markdown_note(out, "Compensating control", row->control);
}

void markdown_accepted(struct buffer *out, const struct report *report)
{
    if (report->noticed.count > 0)
        buffer_append_text(out, "\n## Further findings\n");
    for (size_t i = 0; i < report->noticed.count; i++)
        put_noticed(out, &report->noticed.items[i]);
    buffer_append_text(out, "\n## Accepted risks\n");
    buffer_append_text(out,
                       report->exceptions.count == 0
                           ? "\nNo risk was accepted.\n"
                           : "\nAn exception changes no verdict. One that has expired or ended "
                             "covers nothing.\n");
    for (size_t i = 0; i < report->exceptions.count; i++)
        put_exception(out, &report->exceptions.items[i], report->made_ms);
}
