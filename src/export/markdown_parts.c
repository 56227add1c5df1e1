/* SPDX-License-Identifier: Apache-2.0 */
/* The small parts that every section of the Markdown report is made of. */
#include "markdown.h"

#include "export/escape.h"

void markdown_fact(struct buffer *out, const char *term, const char *text)
{
    if (*text != '\0')
        markdown_put(out, "- %s: %s\n", term, text);
}

/* A quote loses indentation, which commands and lists in a note may need. */
static bool has_indented_line(const char *text)
{
    return *text == ' ' || *text == '\t' || strstr(text, "\n ") != NULL ||
           strstr(text, "\n\t") != NULL;
}

void markdown_note(struct buffer *out, const char *term, const char *text)
{
    if (*text == '\0')
        return;
    markdown_put(out, "\n%s:\n\n", term);
    if (has_indented_line(text))
        escape_markdown_block(out, text);
    else
        escape_markdown_quote(out, text);
}

void markdown_digest(struct buffer *out, const struct digest *digest)
{
    char hex[DIGEST_HEX_BYTES];
    buffer_append_format(out, "`%s`", digest_hex(digest, hex));
}
