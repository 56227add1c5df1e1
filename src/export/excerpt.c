/* SPDX-License-Identifier: Apache-2.0 */
#include "excerpt.h"

/* Numbers of the lines to quote, each once. */
struct selection {
    size_t numbers[REPORT_EXCERPT_LINES];
    size_t count;
    size_t total_lines;
};

static const char *find_line_end(const char *bytes, const char *end)
{
    const char *line_end = memchr(bytes, '\n', (size_t)(end - bytes));
    return line_end != NULL ? line_end : end;
}

static size_t count_lines(const char *bytes, size_t length)
{
    size_t lines = 0;
    for (const char *at = bytes, *end = bytes + length; at < end; lines++) {
        const char *line_end = find_line_end(at, end);
        at = line_end < end ? line_end + 1 : end;
    }
    return lines;
}

static void select_line(struct selection *selection, size_t number)
{
    if (number < 1 || number > selection->total_lines || selection->count == REPORT_EXCERPT_LINES)
        return;
    for (size_t i = 0; i < selection->count; i++)
        if (selection->numbers[i] == number)
            return;
    selection->numbers[selection->count++] = number;
}

static int compare_numbers(const void *a, const void *b)
{
    size_t first = *(const size_t *)a;
    size_t second = *(const size_t *)b;
    return (first > second) - (first < second);
}

/* Marked lines come before their surroundings, so that none is crowded out by context. */
static void select_lines(struct selection *selection, const struct excerpt_mark *marks,
                         size_t mark_count)
{
    for (int wanted_bad = 1; wanted_bad >= 0; wanted_bad--)
        for (size_t i = 0; i < mark_count; i++)
            if (marks[i].is_bad == wanted_bad)
                select_line(selection, marks[i].line);
    size_t marked = selection->count;
    for (size_t distance = 1; distance <= REPORT_CONTEXT_LINES; distance++) {
        for (size_t i = 0; i < marked; i++) {
            size_t number = selection->numbers[i];
            select_line(selection, number > distance ? number - distance : 0);
            select_line(selection, number + distance);
        }
    }
    for (size_t number = 1; marked == 0 && number <= REPORT_UNMARKED_LINES; number++)
        select_line(selection, number);
    qsort(selection->numbers, selection->count, sizeof(size_t), compare_numbers);
}

/* A copy without its CR and with U+FFFD for each NUL. */
static char *copy_line(const char *line, size_t length)
{
    struct buffer text = {0};
    if (length > 0 && line[length - 1] == '\r')
        length--;
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\0')
            buffer_append_text(&text, "\uFFFD");
        else
            buffer_append_byte(&text, line[i]);
    }
    return buffer_take(&text);
}

static void mark_line(struct report_excerpt *excerpt, struct report_line *line,
                      const struct excerpt_mark *marks, size_t mark_count)
{
    for (size_t i = 0; i < mark_count; i++) {
        if (marks[i].line == line->number) {
            line->is_marked = true;
            line->is_bad |= marks[i].is_bad;
        }
    }
    excerpt->marked_count += line->is_marked;
}

static size_t quote_line(struct report_excerpt *excerpt, size_t number, const char *line,
                         size_t length)
{
    struct report_line *quoted = array_push(excerpt->lines, excerpt->line_count);
    size_t shown = length;
    if (length > REPORT_LINE_BYTES) {
        shown = REPORT_LINE_BYTES;
        /* A cut inside a character would show its first bytes as invalid. */
        for (int i = 0; i < 3 && ((unsigned char)line[shown] & 0xC0) == 0x80; i++)
            shown--;
    }
    quoted->number = number;
    quoted->text = copy_line(line, shown);
    quoted->cut_bytes = length - shown;
    return shown;
}

size_t excerpt_build(struct report_excerpt *ret_excerpt, const char *bytes, size_t length,
                     const struct excerpt_mark *marks, size_t mark_count)
{
    struct selection selection = {.total_lines = count_lines(bytes, length)};
    select_lines(&selection, marks, mark_count);
    *ret_excerpt = (struct report_excerpt){
        .state = length > 0 ? EXCERPT_QUOTED : EXCERPT_EMPTY,
        .total_lines = selection.total_lines,
    };
    size_t quoted_bytes = 0;
    const char *at = bytes;
    const char *end = bytes + length;
    for (size_t number = 1, next = 0; at < end && next < selection.count; number++) {
        const char *line_end = find_line_end(at, end);
        if (number == selection.numbers[next]) {
            quoted_bytes += quote_line(ret_excerpt, number, at, (size_t)(line_end - at));
            mark_line(ret_excerpt, &ret_excerpt->lines[next], marks, mark_count);
            next++;
        }
        at = line_end < end ? line_end + 1 : end;
    }
    return quoted_bytes;
}

void excerpt_release(struct report_excerpt *excerpt)
{
    for (size_t i = 0; i < excerpt->line_count; i++)
        free(excerpt->lines[i].text);
    free(excerpt->lines);
    *excerpt = (struct report_excerpt){0};
}
