/* SPDX-License-Identifier: Apache-2.0 */
/* The small parts that every section of the HTML report is made of. */
#include "html.h"

#include "export/escape.h"

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
