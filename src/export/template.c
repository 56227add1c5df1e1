/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Templates in the manner of printf whose %s is escaped for where it stands. A text from a review
 * has no way into a document but through an escaper, and the compiler still checks the arguments.
 */
#include "export/escape.h"

/* Copy one conversion, FORMAT behind its "%", and return what follows it. */
static const char *put_conversion(struct buffer *out, const char *format, va_list *arguments,
                                  void (*escape)(struct buffer *, const char *))
{
    if (format[0] == 's')
        escape(out, va_arg(*arguments, const char *));
    else if (format[0] == 'd')
        buffer_append_format(out, "%d", va_arg(*arguments, int));
    else if (strncmp(format, "zu", 2) == 0)
        buffer_append_format(out, "%zu", va_arg(*arguments, size_t));
    else if (strncmp(format, "lld", 3) == 0)
        buffer_append_format(out, "%lld", va_arg(*arguments, long long));
    else
        buffer_append_byte(out, '%');
    size_t length = format[0] == 'z' ? 2 : format[0] == 'l' ? 3 : 1;
    return format + length;
}

static void escape_content(struct buffer *out, const char *text)
{
    escape_html_text(out, text, ESCAPE_ONE_LINE);
}

void html_put(struct buffer *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bool is_in_tag = false;
    while (*format != '\0') {
        if (*format == '%') {
            format = put_conversion(out, format + 1, &arguments,
                                    is_in_tag ? escape_html_attribute : escape_content);
            continue;
        }
        if (*format == '<' || *format == '>')
            is_in_tag = *format == '<';
        buffer_append_byte(out, *format++);
    }
    va_end(arguments);
}

void markdown_put(struct buffer *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    while (*format != '\0') {
        if (*format == '%')
            format = put_conversion(out, format + 1, &arguments, escape_markdown_text);
        else
            buffer_append_byte(out, *format++);
    }
    va_end(arguments);
}
