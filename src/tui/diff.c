/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Equal lines at both ends are set aside; what is left is compared by the longest common
 * subsequence. Its table is capped: beyond the cap the rest counts as replaced.
 */
#include "diff.h"

#include "base/array.h"

#include <assert.h>

enum { CONTEXT_LINES = 3 };

struct line {
    const char *text;
    size_t length;
};

struct side {
    struct line *lines;
    size_t count;
};

/* One line of the result. */
struct step {
    char sign; /* ' ', '-', '+' */
    struct line line;
};

struct steps {
    struct step *items;
    size_t count;
};

static struct side split(const struct buffer *text)
{
    struct side side = {0};
    const char *at = buffer_text(text);
    const char *end = at + text->length;
    while (at < end) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((feed != NULL ? feed : end) - at);
        *array_push(side.lines, side.count) = (struct line){at, length};
        at += length + 1;
    }
    return side;
}

static bool same(const struct line *a, const struct line *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

static void add(struct steps *steps, char sign, const struct side *side, size_t index)
{
    assert(side->lines != NULL && index < side->count);
    *array_push(steps->items, steps->count) = (struct step){sign, side->lines[index]};
}

/* The part of both sides that is not equal at the ends. */
struct window {
    size_t start, before_end, after_end;
};

static struct window find_window(const struct side *before, const struct side *after)
{
    struct window window = {0, before->count, after->count};
    while (window.start < before->count && window.start < after->count &&
           same(&before->lines[window.start], &after->lines[window.start]))
        window.start++;
    while (window.before_end > window.start && window.after_end > window.start &&
           same(&before->lines[window.before_end - 1], &after->lines[window.after_end - 1])) {
        window.before_end--;
        window.after_end--;
    }
    return window;
}

/* lengths[i][j]: of the longest common subsequence of what follows i and j. */
static uint16_t *measure(const struct side *before, const struct side *after,
                         const struct window *window)
{
    size_t rows = window->before_end - window->start;
    size_t columns = window->after_end - window->start;
    size_t width = columns + 1;
    uint16_t *lengths = memory_new((rows + 1) * width, sizeof(*lengths));
    for (size_t i = rows; i-- > 0;)
        for (size_t j = columns; j-- > 0;) {
            uint16_t down = lengths[(i + 1) * width + j];
            uint16_t right = lengths[i * width + j + 1];
            lengths[i * width + j] =
                same(&before->lines[window->start + i], &after->lines[window->start + j])
                    ? (uint16_t)(lengths[(i + 1) * width + j + 1] + 1)
                : down > right ? down
                               : right;
        }
    return lengths;
}

static void compare(const struct side *before, const struct side *after,
                    const struct window *window, struct steps *steps)
{
    size_t rows = window->before_end - window->start;
    size_t columns = window->after_end - window->start;
    bool is_small = rows <= DIFF_LINES_MAX && columns <= DIFF_LINES_MAX;
    AUTO_FREE uint16_t *lengths = is_small ? measure(before, after, window) : NULL;
    size_t width = columns + 1;
    size_t i = 0;
    size_t j = 0;
    while (i < rows || j < columns) {
        bool both = i < rows && j < columns;
        if (both && is_small &&
            same(&before->lines[window->start + i], &after->lines[window->start + j])) {
            add(steps, ' ', before, window->start + i++);
            j++;
        } else if (i < rows && (j == columns || !is_small ||
                                lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) {
            add(steps, '-', before, window->start + i++);
        } else {
            add(steps, '+', after, window->start + j++);
        }
    }
}

static bool is_near_change(const struct steps *steps, size_t index)
{
    size_t from = index > CONTEXT_LINES ? index - CONTEXT_LINES : 0;
    for (size_t i = from; i <= index + CONTEXT_LINES && i < steps->count; i++)
        if (steps->items[i].sign != ' ')
            return true;
    return false;
}

static size_t write_steps(const struct steps *steps, struct buffer *text)
{
    size_t changes = 0;
    size_t hidden = 0;
    for (size_t i = 0; i <= steps->count; i++) {
        bool is_shown = i < steps->count && is_near_change(steps, i);
        if ((is_shown || i == steps->count) && hidden > 0) {
            buffer_append_format(text, "@ %zu equal line%s\n", hidden, hidden == 1 ? "" : "s");
            hidden = 0;
        }
        if (i == steps->count)
            break;
        const struct step *step = &steps->items[i];
        changes += step->sign != ' ';
        if (!is_shown) {
            hidden++;
            continue;
        }
        buffer_append_byte(text, step->sign);
        buffer_append_byte(text, ' ');
        buffer_append(text, step->line.text, step->line.length);
        buffer_append_byte(text, '\n');
    }
    return changes;
}

size_t diff_append(const struct buffer *before, const struct buffer *after, struct buffer *text)
{
    struct side old = split(before);
    struct side new = split(after);
    struct window window = find_window(&old, &new);
    struct steps steps = {0};
    for (size_t i = 0; i < window.start; i++)
        add(&steps, ' ', &old, i);
    compare(&old, &new, &window, &steps);
    for (size_t i = window.before_end; i < old.count; i++)
        add(&steps, ' ', &old, i);
    size_t changes = write_steps(&steps, text);
    free(steps.items);
    free(old.lines);
    free(new.lines);
    return changes;
}
