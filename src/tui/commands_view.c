/* SPDX-License-Identifier: Apache-2.0 */
#include "commands_view.h"

size_t commands_count_odd(const struct buffer *commands)
{
    size_t count = 0;
    for (size_t i = 0; i < commands->length; i++) {
        unsigned char byte = (unsigned char)commands->data[i];
        bool is_plain = (byte >= ' ' && byte < 0x7F) || byte == '\n' || byte == '\t';
        count += !is_plain && (byte & 0xC0) != 0x80;
    }
    return count;
}

void commands_append_count(struct buffer *text, size_t count, const char *thing)
{
    buffer_append_format(text, "%zu %s%s", count, thing, count == 1 ? "" : "s");
}

void commands_warn_of_odd(struct buffer *text, size_t odd)
{
    if (odd == 0)
        return;
    buffer_append_text(text, "\n\nThe commands hold ");
    commands_append_count(text, odd, "character");
    buffer_append_text(text, " of other kinds than plain ASCII, some perhaps hidden: they may "
                             "not be what they look like. Read them before you consent.");
}
