/* SPDX-License-Identifier: Apache-2.0 */
#include "summary.h"

static void append_value(struct buffer *text, const json_t *value)
{
    if (json_is_string(value))
        buffer_append(text, json_string_value(value), json_string_length(value));
    else if (json_is_integer(value) && json_integer_value(value) >= 0)
        buffer_append_format(text, "%lld", (long long)json_integer_value(value));
    for (size_t i = 0; i < json_array_size(value); i++) {
        if (i > 0)
            buffer_append_text(text, ", ");
        append_value(text, json_array_get(value, i));
    }
}

/* Append the template up to its END; false when a member in it was empty. */
static bool append_part(struct buffer *text, const char *next, const char *end, const json_t *body)
{
    bool is_full = true;
    while (next < end) {
        if (*next != '{') {
            buffer_append_byte(text, *next++);
            continue;
        }
        const char *close = strchr(next, '}');
        AUTO_FREE char *name = memory_copy(next + 1, (size_t)(close - next - 1));
        size_t before = text->length;
        append_value(text, json_object_get(body, name));
        is_full = is_full && text->length > before;
        next = close + 1;
    }
    return is_full;
}

void summary_append(struct buffer *summary, const char *template, const json_t *body)
{
    while (*template != '\0') {
        const char *end = strchrnul(template, '[');
        append_part(summary, template, end, body);
        if (*end == '\0')
            return;
        AUTO_RELEASE(buffer) struct buffer group = {0};
        const char *close = strchr(end, ']');
        if (append_part(&group, end + 1, close, body))
            buffer_append(summary, group.data, group.length);
        template = close + 1;
    }
}

void summary_trim(struct buffer *summary, size_t max_bytes)
{
    if (summary->length > max_bytes) {
        size_t length = max_bytes - strlen("...");
        while (((unsigned char)summary->data[length] & 0xC0) == 0x80)
            length--;
        summary->length = length;
        buffer_append_text(summary, "...");
    }
    for (size_t i = 0; i < summary->length; i++)
        if ((unsigned char)summary->data[i] < 0x20 || summary->data[i] == 0x7F)
            summary->data[i] = ' ';
}
