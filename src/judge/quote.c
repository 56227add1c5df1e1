/* SPDX-License-Identifier: Apache-2.0 */
#include "quote.h"

#include "base/utf8.h"

static void append_up_to(struct buffer *text, const char *bytes, size_t length, size_t most)
{
    size_t shown = 0;
    buffer_append_byte(text, '\'');
    while (shown < length) {
        int32_t c;
        size_t used = utf8_decode(bytes + shown, length - shown, &c);
        if (shown + used > most)
            break;
        if (c < 0)
            utf8_append(text, 0xFFFD);
        else if (c < 0x20 || c == 0x7F)
            buffer_append_byte(text, ' ');
        else
            buffer_append(text, bytes + shown, used);
        shown += used;
    }
    buffer_append_text(text, shown < length ? "...'" : "'");
}

void quote_append(struct buffer *text, const char *bytes, size_t length)
{
    append_up_to(text, bytes, length, QUOTE_MAX_BYTES);
}

void quote_append_text(struct buffer *text, const char *string)
{
    quote_append(text, string, strlen(string));
}

void quote_append_detail(struct buffer *text, const char *detail)
{
    append_up_to(text, detail, strlen(detail), DETAIL_MAX_BYTES);
}

void quote_append_sentence(struct buffer *text, const char *sentence)
{
    if (*sentence == '\0' || strstr(buffer_text(text), sentence) != NULL)
        return;
    if (text->length > REASON_MAX_BYTES) {
        if (memcmp(text->data + text->length - 5, "; ...", 5) != 0)
            buffer_append_text(text, "; ...");
        return;
    }
    buffer_append_text(text, text->length == 0 ? "" : "; ");
    buffer_append_text(text, sentence);
}
