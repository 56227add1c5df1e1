/* SPDX-License-Identifier: Apache-2.0 */
#include "shell.h"

#include <ctype.h>
#include <string.h>

void shell_scan_start(struct shell_scan *scan, const char *text)
{
    *scan = (struct shell_scan){.text = text, .is_word_start = true};
}

static enum shell_context context_of(const struct shell_scan *scan)
{
    return scan->depth == 0 ? SHELL_PLAIN : scan->contexts[scan->depth - 1];
}

static bool is_inside(const struct shell_scan *scan, enum shell_context context)
{
    for (size_t i = 0; i < scan->depth; i++)
        if (scan->contexts[i] == context)
            return true;
    return false;
}

/* Nested deeper than any honest command, the innermost context stands for all. */
static void push(struct shell_scan *scan, enum shell_context context)
{
    if (scan->depth == SHELL_NESTING_MAX)
        scan->depth--;
    scan->contexts[scan->depth++] = context;
}

static bool set_unit(struct shell_scan *scan, enum shell_unit unit, size_t length)
{
    scan->unit = unit;
    scan->length = length;
    scan->is_quoted = context_of(scan) == SHELL_DOUBLE_QUOTE || is_inside(scan, SHELL_BACKQUOTE);
    scan->is_word_start = unit == SHELL_BLANK || unit == SHELL_OPERATOR || unit == SHELL_OPEN ||
                          unit == SHELL_REDIRECT || unit == SHELL_COMMENT ||
                          unit == SHELL_HERE_DOCUMENT;
    return true;
}

static size_t length_until(const char *text, char end)
{
    const char *found = strchr(text, end);
    return found == NULL ? strlen(text) : (size_t)(found - text) + 1;
}

/* The length of "${...}" or "$((...))", brackets balanced. */
static size_t bracket_length(const char *text, char open, char close)
{
    size_t depth = 0;
    for (size_t i = 1; text[i] != '\0'; i++) {
        if (text[i] == '\\' && text[i + 1] != '\0')
            i++;
        else if (text[i] == open)
            depth++;
        else if (text[i] == close && --depth == 0)
            return i + 1;
    }
    return strlen(text);
}

static bool is_name_byte(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool scan_dollar(struct shell_scan *scan, const char *text)
{
    if (strncmp(text, "$((", 3) == 0)
        return set_unit(scan, SHELL_ARITHMETIC, bracket_length(text, '(', ')'));
    if (text[1] == '(') {
        set_unit(scan, SHELL_OPEN, 2);
        push(scan, SHELL_SUBSTITUTION);
        return true;
    }
    if (text[1] == '{')
        return set_unit(scan, SHELL_EXPANSION, bracket_length(text, '{', '}'));
    size_t length = 1;
    while (is_name_byte(text[length]))
        length++;
    if (length == 1 && text[1] != '\0' && strchr("?#*@!$-", text[1]) != NULL)
        length = 2;
    return set_unit(scan, length == 1 ? SHELL_WORD : SHELL_EXPANSION, length);
}

static bool scan_backquote(struct shell_scan *scan)
{
    if (!is_inside(scan, SHELL_BACKQUOTE)) {
        set_unit(scan, SHELL_OPEN, 1);
        push(scan, SHELL_BACKQUOTE);
        return true;
    }
    while (context_of(scan) != SHELL_BACKQUOTE)
        scan->depth--;
    scan->depth--;
    return set_unit(scan, SHELL_CLOSE, 1);
}

static bool scan_quote_mark(struct shell_scan *scan)
{
    if (context_of(scan) == SHELL_DOUBLE_QUOTE)
        scan->depth--;
    else
        push(scan, SHELL_DOUBLE_QUOTE);
    return set_unit(scan, SHELL_QUOTE_MARK, 1);
}

static bool scan_in_double_quotes(struct shell_scan *scan, const char *text)
{
    size_t length = strcspn(text, "\"\\$`");
    return set_unit(scan, SHELL_QUOTED, length == 0 ? 1 : length);
}

/* Remember the delimiter behind "<<"; its lines are skipped at the next line feed. */
static void note_here_document(struct shell_scan *scan, const char *behind)
{
    size_t skipped = strspn(behind, "- \t'\"\\");
    scan->here_start = (size_t)(behind + skipped - scan->text);
    scan->here_length = strcspn(behind + skipped, " \t\n'\";&|<>()");
}

static bool scan_redirect(struct shell_scan *scan, const char *text, size_t digits)
{
    size_t length = digits + 1;
    if (strncmp(text + digits, "<<", 2) == 0)
        note_here_document(scan, text + digits + 2);
    if (text[length] != '\0' && strchr(">&|<", text[length]) != NULL)
        length++;
    return set_unit(scan, SHELL_REDIRECT, length);
}

/* From the line feed in front of the first line to the end of the last. */
static bool scan_here_document(struct shell_scan *scan, const char *text)
{
    const char *delimiter = scan->text + scan->here_start;
    size_t length = 1;
    while (text[length] != '\0') {
        const char *line = text + length + strspn(text + length, "\t");
        length += length_until(text + length, '\n');
        if (strncmp(line, delimiter, scan->here_length) == 0 &&
            (line[scan->here_length] == '\n' || line[scan->here_length] == '\0'))
            break;
    }
    scan->here_length = 0;
    return set_unit(scan, SHELL_HERE_DOCUMENT, length);
}

static bool scan_operator(struct shell_scan *scan, const char *text)
{
    if (*text == '\n' && scan->here_length > 0)
        return scan_here_document(scan, text);
    if (*text == ')' && context_of(scan) == SHELL_SUBSTITUTION) {
        scan->depth--;
        return set_unit(scan, SHELL_CLOSE, 1);
    }
    bool is_double = text[1] == text[0] && strchr(";&|", *text) != NULL;
    return set_unit(scan, SHELL_OPERATOR, is_double ? 2 : 1);
}

static bool scan_plain(struct shell_scan *scan, const char *text)
{
    size_t digits = scan->is_word_start ? strspn(text, "0123456789") : 0;
    if (text[digits] == '>' || text[digits] == '<')
        return scan_redirect(scan, text, digits);
    if (*text == '#' && scan->is_word_start)
        return set_unit(scan, SHELL_COMMENT, strcspn(text, "\n"));
    if (*text == ' ' || *text == '\t')
        return set_unit(scan, SHELL_BLANK, strspn(text, " \t"));
    if (*text == '\'')
        return set_unit(scan, SHELL_QUOTED, 1 + length_until(text + 1, '\''));
    if (strchr(";&|()\n", *text) != NULL)
        return scan_operator(scan, text);
    size_t length = strcspn(text, " \t\n;&|()<>'\"\\$`");
    return set_unit(scan, SHELL_WORD, length == 0 ? 1 : length);
}

bool shell_scan_next(struct shell_scan *scan)
{
    scan->start += scan->length;
    scan->length = 0;
    const char *text = scan->text + scan->start;
    if (*text == '\0')
        return false;
    if (*text == '\\')
        return set_unit(scan, SHELL_QUOTED, text[1] == '\0' ? 1 : 2);
    if (*text == '"')
        return scan_quote_mark(scan);
    if (*text == '`')
        return scan_backquote(scan);
    if (*text == '$')
        return scan_dollar(scan, text);
    if (context_of(scan) == SHELL_DOUBLE_QUOTE)
        return scan_in_double_quotes(scan, text);
    return scan_plain(scan, text);
}
