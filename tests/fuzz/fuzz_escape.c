/* SPDX-License-Identifier: Apache-2.0 */
/* Any text through every escaper of export: what comes out is valid UTF-8 without control bytes and
 * does not break out of its place. */
#include "export/escape.h"

#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(const struct buffer *out, bool has_lines)
{
    require(utf8_is_valid(buffer_text(out), out->length));
    for (size_t i = 0; i < out->length; i++) {
        unsigned char byte = (unsigned char)out->data[i];
        require(byte != 0x7F && (byte >= 0x20 || (has_lines && byte == '\n')));
    }
}

static void check_html(const char *text)
{
    struct buffer out = {0};
    escape_html_attribute(&out, text);
    check_text(&out, false);
    require(strpbrk(buffer_text(&out), "<>\"'`") == NULL);
    buffer_clear(&out);
    escape_html_text(&out, text, ESCAPE_MANY_LINES);
    check_text(&out, true);
    for (const char *at = buffer_text(&out); (at = strchr(at, '<')) != NULL; at++)
        require(strncmp(at, "<span class=\"esc\">", 18) == 0 || strncmp(at, "</span>", 7) == 0);
    buffer_release(&out);
}

static void check_markdown(const char *text)
{
    struct buffer out = {0};
    escape_markdown_text(&out, text);
    check_text(&out, false);
    for (size_t i = 0; i < out.length; i++) {
        if (out.data[i] == '\\')
            i++;
        else
            require(strchr("<[]`*|~", out.data[i]) == NULL);
    }
    buffer_clear(&out);
    escape_markdown_quote(&out, text);
    check_text(&out, true);
    for (size_t i = 0; i < out.length; i++)
        require(out.data[i] != '\n' || i + 1 == out.length || out.data[i + 1] == '>');
    buffer_release(&out);
}

/* The fence of the first line stands again on the last line only. */
static void check_block(const char *text)
{
    struct buffer out = {0};
    escape_markdown_block(&out, text);
    check_text(&out, true);
    size_t ticks = strspn(out.data, "`");
    char *fence = memory_copy(out.data, ticks);
    const char *last = strstr(out.data + ticks, fence);
    require(last == out.data + out.length - ticks - 1);
    free(fence);
    buffer_release(&out);
}

static void check_csv(const char *text)
{
    struct buffer out = {0};
    escape_csv_cell(&out, text);
    check_text(&out, true);
    require(out.length >= 2 && out.data[0] == '"' && out.data[out.length - 1] == '"');
    for (size_t i = 1; i + 1 < out.length; i++)
        if (out.data[i] == '"')
            require(i + 2 < out.length && out.data[++i] == '"');
    const char *cell = out.data + 1 + strspn(out.data + 1, " ");
    require(*cell == '\'' || strchr("=+-@\n", *cell) == NULL);
    buffer_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = memory_copy(bytes, length);
    check_html(text);
    check_markdown(text);
    check_block(text);
    check_csv(text);
    free(text);
    return 0;
}
