/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each format works on safe text (base/utf8), piece by piece for HTML, on a whole copy for Markdown
 * and CSV, whose rules look at neighbours.
 */
#include "export/escape.h"

#include "base/array.h"
#include "base/utf8.h"

#include <strings.h>

struct walk {
    const char *text;
    size_t length;
    enum escape_layout layout;
    int column;
};

static bool take_line_end(struct walk *walk, struct safe_piece *piece)
{
    size_t used = walk->text[0] == '\n'                                                ? 1
                  : walk->length > 1 && walk->text[0] == '\r' && walk->text[1] == '\n' ? 2
                                                                                       : 0;
    if (used == 0)
        return false;
    *piece = (struct safe_piece){.text = "\n", .consumed = used};
    return true;
}

static bool walk_next(struct walk *walk, struct safe_piece *piece)
{
    if (walk->length == 0)
        return false;
    if (walk->layout == ESCAPE_MANY_LINES && take_line_end(walk, piece)) {
        walk->column = 0;
    } else if (walk->layout == ESCAPE_ONE_LINE && *walk->text == '\t') {
        *piece = (struct safe_piece){.text = "<09>", .is_escape = true, .consumed = 1};
    } else {
        safe_text_next(walk->text, walk->length, walk->column, piece);
        walk->column += piece->columns;
    }
    walk->text += piece->consumed;
    walk->length -= piece->consumed;
    return true;
}

void escape_plain(struct buffer *out, const char *text, enum escape_layout layout)
{
    struct walk walk = {.text = text, .length = strlen(text), .layout = layout};
    struct safe_piece piece;
    while (walk_next(&walk, &piece))
        buffer_append_text(out, piece.text);
}

/* --- HTML --- */

static void append_html(struct buffer *out, const char *safe)
{
    for (; *safe != '\0'; safe++) {
        switch (*safe) {
        case '&':
            buffer_append_text(out, "&amp;");
            break;
        case '<':
            buffer_append_text(out, "&lt;");
            break;
        case '>':
            buffer_append_text(out, "&gt;");
            break;
        case '"':
            buffer_append_text(out, "&quot;");
            break;
        case '\'':
            buffer_append_text(out, "&#39;");
            break;
        case '`':
            buffer_append_text(out, "&#96;");
            break;
        default:
            buffer_append_byte(out, *safe);
        }
    }
}

void escape_html_text(struct buffer *out, const char *text, enum escape_layout layout)
{
    struct walk walk = {.text = text, .length = strlen(text), .layout = layout};
    struct safe_piece piece;
    bool in_escape = false;
    while (walk_next(&walk, &piece)) {
        if (piece.is_escape != in_escape)
            buffer_append_text(out, piece.is_escape ? "<span class=\"esc\">" : "</span>");
        in_escape = piece.is_escape;
        append_html(out, piece.text);
    }
    if (in_escape)
        buffer_append_text(out, "</span>");
}

void escape_html_attribute(struct buffer *out, const char *text)
{
    struct walk walk = {.text = text, .length = strlen(text), .layout = ESCAPE_ONE_LINE};
    struct safe_piece piece;
    while (walk_next(&walk, &piece))
        append_html(out, piece.text);
}

/* --- Markdown --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* True when OUT ends where a block could begin: behind a line feed and block markers alone. */
static bool is_at_line_start(const struct buffer *out)
{
    for (size_t i = out->length; i > 0 && out->data[i - 1] != '\n'; i--)
        if (strchr(" >-*+#.)0123456789", out->data[i - 1]) == NULL)
            return false;
    return true;
}

/* True when TEXT[AT] ends the number of a list item: "12." or "12)". */
static bool ends_list_number(const char *text, size_t at)
{
    if (at == 0 || (text[at] != '.' && text[at] != ')'))
        return false;
    for (size_t i = 0; i < at; i++)
        if (!is_digit(text[i]))
            return false;
    return true;
}

static bool follows_www(const char *text, size_t at)
{
    return at >= 3 && strncasecmp(text + at - 3, "www", 3) == 0 &&
           (at == 3 || !is_word(text[at - 4]));
}

static bool needs_backslash(const char *text, size_t at, bool is_line_start)
{
    char before = '\0';
    if (at > 0)
        before = text[at - 1];
    char behind = text[at + 1];
    switch (text[at]) {
    case '_':
        return !is_word(before) || !is_word(behind);
    case '&':
        return is_word(behind) || behind == '#';
    case '#':
        return at == 0 || before == ' ' || before == '#';
    case '+':
    case '-':
    case '=':
    case '>':
        return at == 0 && is_line_start;
    case ':':
        /* Behind a scheme; the fingerprint of a host key stays as it is: "SHA256:/zBp". */
        return (behind == '/' && is_word(before) && !is_digit(before)) ||
               (at == 0 && is_line_start);
    case '.':
        return follows_www(text, at) || (is_line_start && ends_list_number(text, at));
    case ')':
        return is_line_start && ends_list_number(text, at);
    default:
        return strchr("\\`*[]<|~$", text[at]) != NULL;
    }
}

/* Safe text of one line. */
static void append_markdown(struct buffer *out, const char *safe)
{
    bool is_line_start = is_at_line_start(out);
    if (is_line_start)
        safe += strspn(safe, " ");
    for (size_t i = 0; safe[i] != '\0'; i++) {
        if (needs_backslash(safe, i, is_line_start))
            buffer_append_byte(out, '\\');
        buffer_append_byte(out, safe[i]);
    }
}

void escape_markdown_text(struct buffer *out, const char *text)
{
    AUTO_RELEASE(buffer) struct buffer safe = {0};
    escape_plain(&safe, text, ESCAPE_ONE_LINE);
    append_markdown(out, buffer_text(&safe));
}

static size_t longest_run(const char *text, char wanted)
{
    size_t longest = 0;
    size_t run = 0;
    for (; *text != '\0'; text++) {
        run = *text == wanted ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void append_repeated(struct buffer *out, char byte, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buffer_append_byte(out, byte);
}

void escape_markdown_code(struct buffer *out, const char *text)
{
    AUTO_RELEASE(buffer) struct buffer safe = {0};
    escape_plain(&safe, text, ESCAPE_ONE_LINE);
    if (safe.length == 0)
        return;
    size_t ticks = longest_run(safe.data, '`') + 1;
    const char *edges = "` ";
    bool needs_space =
        strchr(edges, safe.data[0]) != NULL || strchr(edges, safe.data[safe.length - 1]) != NULL;
    append_repeated(out, '`', ticks);
    buffer_append_text(out, needs_space ? " " : "");
    buffer_append(out, safe.data, safe.length);
    buffer_append_text(out, needs_space ? " " : "");
    append_repeated(out, '`', ticks);
}

static bool is_blank(const char *line)
{
    return line[strspn(line, " ")] == '\0';
}

void escape_markdown_quote(struct buffer *out, const char *text)
{
    AUTO_RELEASE(buffer) struct buffer safe = {0};
    AUTO_RELEASE(strings) struct strings lines = {0};
    escape_plain(&safe, text, ESCAPE_MANY_LINES);
    strings_split(&lines, buffer_text(&safe), '\n');
    while (lines.count > 0 && is_blank(lines.items[lines.count - 1]))
        free(lines.items[--lines.count]);
    for (size_t i = 0; i < lines.count; i++) {
        buffer_append_byte(out, '>');
        if (!is_blank(lines.items[i])) {
            buffer_append_byte(out, ' ');
            append_markdown(out, lines.items[i]);
            /* A hard break; at the end of a paragraph it would be a literal backslash. */
            if (i + 1 < lines.count && !is_blank(lines.items[i + 1]))
                buffer_append_byte(out, '\\');
        }
        buffer_append_byte(out, '\n');
    }
}

void escape_markdown_block(struct buffer *out, const char *text)
{
    AUTO_RELEASE(buffer) struct buffer safe = {0};
    escape_plain(&safe, text, ESCAPE_MANY_LINES);
    size_t ticks = longest_run(buffer_text(&safe), '`') + 1;
    ticks = ticks < 3 ? 3 : ticks;
    append_repeated(out, '`', ticks);
    buffer_append_text(out, "text\n");
    buffer_append(out, buffer_text(&safe), safe.length);
    if (safe.length > 0 && safe.data[safe.length - 1] != '\n')
        buffer_append_byte(out, '\n');
    append_repeated(out, '`', ticks);
    buffer_append_byte(out, '\n');
}

/* --- CSV --- */

/* OWASP, CSV Injection; the full-width forms are formulas to some spreadsheets in East Asia. */
static bool looks_like_formula(const char *text)
{
    static const char *const wide[] = {"\uFF1D", "\uFF0B", "\uFF0D", "\uFF20"};
    text += strspn(text, " ");
    if (*text != '\0' && strchr("=+-@\t\r\n'", *text) != NULL)
        return true;
    for (size_t i = 0; i < LENGTH(wide); i++)
        if (strncmp(text, wide[i], strlen(wide[i])) == 0)
            return true;
    return false;
}

void escape_csv_cell(struct buffer *out, const char *text)
{
    AUTO_RELEASE(buffer) struct buffer safe = {0};
    escape_plain(&safe, text, ESCAPE_MANY_LINES);
    buffer_append_byte(out, '"');
    if (looks_like_formula(buffer_text(&safe)))
        buffer_append_byte(out, '\'');
    for (const char *at = buffer_text(&safe); *at != '\0'; at++) {
        if (*at == '"')
            buffer_append_byte(out, '"');
        buffer_append_byte(out, *at);
    }
    buffer_append_byte(out, '"');
}
