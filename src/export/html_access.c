/* SPDX-License-Identifier: Apache-2.0 */
#include "export/escape.h"
#include "html.h"
#include "wording.h"

/* A verdict's class for the colour; the word says the same. */
static const char *class_of(enum access_state state)
{
    static const char *const classes[] = {
        [ACCESS_STATE_OPEN] = "open",         [ACCESS_STATE_APPROVED] = "pass",
        [ACCESS_STATE_QUESTIONED] = "fail",   [ACCESS_STATE_CHANGED] = "stale",
        [ACCESS_STATE_DISPUTED] = "disputed", [ACCESS_STATE_GONE] = "not-applicable"};
    return classes[state];
}

static void put_word(struct buffer *out, const struct access_line *line)
{
    char when[CLOCK_TEXT_BYTES];
    html_put(out, "<td><span class=\"verdict %s\">%s</span>", class_of(line->state),
             access_state_text(line->state));
    if (line->said_ms > 0)
        html_put(out, " <span class=\"soft\"><bdi>%s</bdi>, %s</span> <bdi>%s</bdi>", line->author,
                 wording_time(line->said_ms, when), line->comment);
    buffer_append_text(out, "</td>");
}

static void put_line(struct buffer *out, const struct access_line *line)
{
    html_put(out, "<tr><th scope=\"row\"><bdi>%s</bdi></th>", line->cells[ACCESS_COLUMN_ACCOUNT]);
    for (size_t i = ACCESS_COLUMN_UID; i < ACCESS_COLUMN_COUNT; i++)
        html_put(out, "<td><bdi>%s</bdi></td>", line->cells[i]);
    put_word(out, line);
    buffer_append_text(out, "</tr>\n");
}

static void put_matrix(struct buffer *out, const struct access_matrix *matrix)
{
    AUTO_FREE char *counts = wording_access(matrix);
    html_put(out, "<h3><bdi>%s</bdi></h3>\n<p>%s</p>\n", matrix->target, counts);
    if (*matrix->why != '\0') {
        buffer_append_text(out, "<dl class=\"facts\">\n");
        html_note(out, "Not seen", matrix->why);
        buffer_append_text(out, "</dl>\n");
    }
    if (matrix->count == 0)
        return;
    buffer_append_text(out, "<div class=\"scroll\"><table>\n<thead><tr>");
    for (size_t i = 0; i < ACCESS_COLUMN_COUNT; i++)
        html_put(out, "<th scope=\"col\">%s</th>", access_column_heading((enum access_column)i));
    buffer_append_text(out, "<th scope=\"col\">Word</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < matrix->count; i++)
        put_line(out, &matrix->lines[i]);
    buffer_append_text(out, "</tbody></table></div>\n");
}

void html_access(struct buffer *out, const struct report *report)
{
    html_put(out, "<section id=\"access\">\n<h2>Access matrix</h2>\n<p class=\"soft\">%s</p>\n",
             report->access_count > 0 ? wording_access_meaning
                                      : "No checklist of this review looks at accounts.");
    for (size_t i = 0; i < report->access_count; i++)
        put_matrix(out, &report->access[i]);
    buffer_append_text(out, "</section>\n");
}
