/* SPDX-License-Identifier: Apache-2.0 */
#include "export/escape.h"
#include "html.h"
#include "wording.h"

static void put_omission(struct buffer *out, size_t count)
{
    if (count > 0)
        html_put(out,
                 "<span class=\"l gap\"><span class=\"n\"></span><span class=\"k\"></span>"
                 "<span class=\"t\">%zu line%s not shown</span></span>\n",
                 count, count == 1 ? "" : "s");
}

static void put_line(struct buffer *out, const struct report_line *line)
{
    const char *kind = !line->is_marked ? "l" : line->is_bad ? "l bad" : "l good";
    const char *mark = !line->is_marked ? "" : line->is_bad ? "\u2717" : "\u2713";
    html_put(out,
             "<span class=\"%s\"><span class=\"n\">%zu</span><span class=\"k\">%s</span>"
             "<span class=\"t\">",
             kind, line->number, mark);
    escape_html_text(out, line->text, ESCAPE_SOURCE_LINE);
    if (line->cut_bytes > 0)
        html_put(out, "<span class=\"cut\">%zu bytes cut</span>", line->cut_bytes);
    buffer_append_text(out, "</span></span>\n");
}

static void put_lines(struct buffer *out, const struct report_excerpt *excerpt, const char *label)
{
    if (excerpt->line_count == 0)
        return;
    html_put(out, "<pre aria-label=\"%s\" class=\"lines\">", label);
    size_t last = 0;
    for (size_t i = 0; i < excerpt->line_count; i++) {
        put_omission(out, excerpt->lines[i].number - last - 1);
        put_line(out, &excerpt->lines[i]);
        last = excerpt->lines[i].number;
    }
    put_omission(out, excerpt->total_lines - last);
    buffer_append_text(out, "</pre>\n");
}

static void put_stream(struct buffer *out, const char *name, int64_t size_bytes,
                       const struct digest *blob, const struct report_excerpt *excerpt)
{
    AUTO_FREE char *text = wording_stream(name, size_bytes, excerpt);
    if (text == NULL)
        return;
    put_lines(out, excerpt, name);
    html_put(out, "<p class=\"ids\">%s, id ", text);
    html_digest(out, blob);
    buffer_append_text(out, "</p>\n");
}

static void put_command(struct buffer *out, const struct evidence_row *row)
{
    html_put(out, "<figcaption><b><bdi>%s</bdi></b> ", row->probe);
    if (*row->command != '\0') {
        buffer_append_text(out, "<code class=\"command\">");
        escape_html_text(out, row->command, ESCAPE_MANY_LINES);
        buffer_append_text(out, "</code> ");
    }
    AUTO_FREE char *provenance = wording_provenance(row);
    html_put(out, "<span class=\"soft\">%s</span></figcaption>\n", provenance);
}

static void put_evidence(struct buffer *out, const struct report_evidence *evidence)
{
    const struct evidence_row *row = evidence->row;
    buffer_append_text(out, "<figure class=\"evidence\">\n");
    put_command(out, row);
    if (evidence->exit_is_marked)
        html_put(out, "<p class=\"exit %s\">%s The exit status %d led to the suggestion.</p>\n",
                 evidence->exit_is_bad ? "bad" : "good",
                 evidence->exit_is_bad ? "\u2717" : "\u2713", row->exit_status);
    put_stream(out, "Standard output", row->out_bytes, &row->out_blob, &evidence->out);
    put_stream(out, "Standard error", row->err_bytes, &row->err_blob, &evidence->err);
    if (evidence->out.state == EXCERPT_EMPTY && evidence->err.state == EXCERPT_EMPTY)
        buffer_append_text(out, "<p class=\"ids\">No output.</p>\n");
    buffer_append_text(out, "</figure>\n");
}

static bool is_marked(const struct report_evidence *evidence)
{
    return evidence->exit_is_marked || evidence->out.marked_count > 0 ||
           evidence->err.marked_count > 0;
}

void html_evidence(struct buffer *out, const struct report_item *item, enum html_detail detail)
{
    for (size_t i = 0; i < item->evidence_count; i++)
        if (detail == HTML_ALL_EVIDENCE || is_marked(&item->evidence[i]))
            put_evidence(out, &item->evidence[i]);
    if (detail == HTML_ALL_EVIDENCE && item->older_count > 0)
        html_put(out,
                 "<p class=\"ids\">%zu earlier record%s of these probes stand%s in the review "
                 "file.</p>\n",
                 item->older_count, item->older_count == 1 ? "" : "s",
                 item->older_count == 1 ? "s" : "");
}
