/* SPDX-License-Identifier: Apache-2.0 */
#include "diagnostics.h"

#include "base/buffer.h"
#include "base/utf8.h"

#define TEXT_MAX_BYTES 400

/* A precision in a format may have cut a character. */
static void append_valid(struct buffer *text, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        int32_t c;
        size_t used = utf8_decode(bytes + i, length - i, &c);
        if (c >= 0)
            buffer_append(text, bytes + i, used);
        i += used;
    }
}

static PRINTF_LIKE(1, 0) char *format_text(const char *format, va_list arguments)
{
    AUTO_RELEASE(buffer) struct buffer raw = {0};
    struct buffer text = {0};
    buffer_append_format_list(&raw, format, arguments);
    bool is_long = raw.length > TEXT_MAX_BYTES;
    append_valid(&text, buffer_text(&raw), is_long ? TEXT_MAX_BYTES : raw.length);
    buffer_append_text(&text, is_long ? "..." : "");
    return buffer_take(&text);
}

static PRINTF_LIKE(4, 0) void add(struct diagnostics *diagnostics, enum diagnostic_level level,
                                  struct position position, const char *format, va_list arguments)
{
    if (level == DIAGNOSTIC_ERROR)
        diagnostics->error_count++;
    else
        diagnostics->warning_count++;
    if (diagnostics->count == DIAGNOSTICS_KEPT_MAX)
        return;
    *array_push(diagnostics->items, diagnostics->count) = (struct diagnostic){
        .level = level, .position = position, .text = format_text(format, arguments)};
}

void diagnostics_error(struct diagnostics *diagnostics, struct position position,
                       const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(diagnostics, DIAGNOSTIC_ERROR, position, format, arguments);
    va_end(arguments);
}

void diagnostics_warning(struct diagnostics *diagnostics, struct position position,
                         const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(diagnostics, DIAGNOSTIC_WARNING, position, format, arguments);
    va_end(arguments);
}

void diagnostics_release(struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->count; i++)
        free(diagnostics->items[i].text);
    free(diagnostics->items);
    *diagnostics = (struct diagnostics){0};
}

static bool stands_before(struct position a, struct position b)
{
    return a.line != b.line ? a.line < b.line : a.column < b.column;
}

void diagnostics_sort(struct diagnostics *diagnostics, size_t from)
{
    for (size_t i = from + 1; i < diagnostics->count; i++) {
        struct diagnostic item = diagnostics->items[i];
        size_t place = i;
        for (; place > from && stands_before(item.position, diagnostics->items[place - 1].position);
             place--)
            diagnostics->items[place] = diagnostics->items[place - 1];
        diagnostics->items[place] = item;
    }
}

void diagnostics_place(struct buffer *text, struct position position)
{
    if (position.line > 0)
        buffer_append_format(text, "%d:%d: ", position.line, position.column);
}

void diagnostics_print(const struct diagnostics *diagnostics, const char *file, struct buffer *text)
{
    size_t all = diagnostics->error_count + diagnostics->warning_count;
    AUTO_FREE char *name = safe_text_copy(file);
    for (size_t i = 0; i < diagnostics->count; i++) {
        const struct diagnostic *item = &diagnostics->items[i];
        buffer_append_format(text, "%s:", name);
        diagnostics_place(text, item->position);
        if (item->position.line == 0)
            buffer_append_byte(text, ' ');
        buffer_append_text(text, item->level == DIAGNOSTIC_ERROR ? "error: " : "warning: ");
        safe_text_append(text, item->text, strlen(item->text), SAFE_ONE_LINE);
        buffer_append_byte(text, '\n');
    }
    if (all > diagnostics->count)
        buffer_append_format(text, "%s: and %zu more\n", name, all - diagnostics->count);
}
