/* SPDX-License-Identifier: Apache-2.0 */
/* The small parts that every section of the HTML report is made of. */
#include "html.h"

#include "base/utf8.h"
#include "export/escape.h"

#include <string.h>

void html_fact(struct buffer *out, const char *term, const char *text)
{
    if (*text != '\0')
        html_put(out, "<dt>%s</dt><dd>%s</dd>\n", term, text);
}

void html_note(struct buffer *out, const char *term, const char *text)
{
    if (*text == '\0')
        return;
    html_put(out, "<dt>%s</dt><dd class=\"text\">", term);
    escape_html_text(out, text, ESCAPE_MANY_LINES);
    buffer_append_text(out, "</dd>\n");
}

void html_digest(struct buffer *out, const struct digest *digest)
{
    char hex[DIGEST_HEX_BYTES];
    html_put(out, "<code class=\"id\">%s</code>", digest_hex(digest, hex));
}

/* No element may stand in these texts, not even one around what was made visible. */
void html_svg_title(struct buffer *out, const char *text)
{
    buffer_append_text(out, "<title>");
    escape_html_attribute(out, text);
    buffer_append_text(out, "</title>");
}

void html_svg_text(struct buffer *out, size_t x, size_t y, const char *text, int columns_max)
{
    size_t length = strlen(text), end = 0;
    int columns = 0;
    while (end < length) {
        struct safe_piece piece;
        safe_text_next(text + end, length - end, columns, &piece);
        columns += piece.columns;
        if (columns > columns_max)
            break;
        end += piece.consumed;
    }
    AUTO_FREE char *shown = memory_copy(text, end);
    html_put(out, "<text x=\"%zu\" y=\"%zu\">", x, y);
    escape_html_attribute(out, shown);
    buffer_append_text(out, end < length ? "...</text>" : "</text>");
}
