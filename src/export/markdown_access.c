/* SPDX-License-Identifier: Apache-2.0 */
#include "export/escape.h"
#include "markdown.h"
#include "wording.h"

static void put_line(struct buffer *out, const struct access_line *line)
{
    char when[CLOCK_TEXT_BYTES];
    buffer_append_text(out, "|");
    for (size_t i = 0; i < ACCESS_COLUMN_COUNT; i++)
        markdown_put(out, " %s |", line->cells[i]);
    markdown_put(out, " %s", access_state_text(line->state));
    if (line->said_ms > 0)
        markdown_put(out, ", %s, %s %s", line->author, wording_time(line->said_ms, when),
                     line->comment);
    buffer_append_text(out, " |\n");
}

static void put_matrix(struct buffer *out, const struct access_matrix *matrix)
{
    AUTO_FREE char *counts = wording_access(matrix);
    markdown_put(out, "\n### Access on %s\n\n%s\n", matrix->target, counts);
    markdown_note(out, "Not seen", matrix->why);
    if (matrix->count == 0)
        return;
    buffer_append_text(out, "\n|");
    for (size_t i = 0; i < ACCESS_COLUMN_COUNT; i++)
        markdown_put(out, " %s |", access_column_heading((enum access_column)i));
    buffer_append_text(out, " Word |\n|");
    for (size_t i = 0; i <= ACCESS_COLUMN_COUNT; i++)
        buffer_append_text(out, "---|");
    buffer_append_text(out, "\n");
    for (size_t i = 0; i < matrix->count; i++)
        put_line(out, &matrix->lines[i]);
}

void markdown_access(struct buffer *out, const struct report *report)
{
    if (report->access_count == 0)
        return;
    markdown_put(out, "\n## Access matrix\n\n%s\n", wording_access_meaning);
    for (size_t i = 0; i < report->access_count; i++)
        put_matrix(out, &report->access[i]);
}
