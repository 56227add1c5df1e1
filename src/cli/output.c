/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include "base/file.h"
#include "base/utf8.h"

#include <langinfo.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

void output_init(struct output *output, const struct arguments *arguments)
{
    const char *no_color = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");

    *output = (struct output){0};
    output->has_color = isatty(STDOUT_FILENO) && !arguments->no_color && !(no_color && *no_color) &&
                        terminal && strcmp(terminal, "dumb") != 0;
}

void output_release(struct output *output)
{
    buffer_release(&output->text);
}

void output_add(struct output *output, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    buffer_append_format_list(&output->text, format, list);
    va_end(list);
}

static void pad(struct buffer *text, int columns)
{
    while (columns-- > 0)
        buffer_append_byte(text, ' ');
}

void output_safe(struct output *output, const char *text, int columns)
{
    size_t left = strlen(text);
    int used = 0;

    if (!columns) {
        safe_text_append(&output->text, text, left, SAFE_ONE_LINE);
        return;
    }
    while (left) {
        struct safe_piece piece;
        bool is_last;
        safe_text_next(text, left, used, &piece);
        is_last = piece.consumed == left;
        if (used + piece.columns > columns - !is_last) {
            buffer_append_text(&output->text, "~");
            used++;
            break;
        }
        buffer_append_text(&output->text, piece.text);
        used += piece.columns;
        text += piece.consumed;
        left -= piece.consumed;
    }
    pad(&output->text, columns - used);
}

void output_lines(struct output *output, const char *text, int indent)
{
    AUTO_RELEASE(strings) struct strings lines = {0};

    strings_split(&lines, text, '\n');
    while (lines.count && !lines.items[lines.count - 1][0])
        free(lines.items[--lines.count]);
    for (size_t i = 0; i < lines.count; i++) {
        pad(&output->text, indent);
        safe_text_append(&output->text, lines.items[i], strlen(lines.items[i]), SAFE_ONE_LINE);
        buffer_append_byte(&output->text, '\n');
    }
}

void output_styled(struct output *output, enum style style, const char *text)
{
    static const char *const codes[] = {
        [STYLE_PLAIN] = "", [STYLE_BOLD] = "1",  [STYLE_DIM] = "2",  [STYLE_GOOD] = "32",
        [STYLE_BAD] = "31", [STYLE_WARN] = "33", [STYLE_NOTE] = "36"};

    if (output->has_color && codes[style][0])
        output_add(output, "\033[%sm%s\033[0m", codes[style], text);
    else
        buffer_append_text(&output->text, text);
}

enum style style_of_verdict(const char *verdict)
{
    if (strcmp(verdict, "pass") == 0)
        return STYLE_GOOD;
    if (strcmp(verdict, "fail") == 0)
        return STYLE_BAD;
    if (strcmp(verdict, "blocked") == 0 || strcmp(verdict, "disputed") == 0)
        return STYLE_WARN;
    return strcmp(verdict, "undecided") == 0 ? STYLE_NOTE : STYLE_PLAIN;
}

/* A terminal of another encoding takes the bytes of a UTF-8 letter one by one, and 0x9B among them
 * begins a control sequence there. Files and pipes get UTF-8. */
static bool needs_ascii(int fd)
{
    return isatty(fd) && strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
}

static void append_ascii(struct buffer *ascii, const struct buffer *text)
{
    for (size_t i = 0; i < text->length;) {
        int32_t code_point;
        size_t used = utf8_decode(text->data + i, text->length - i, &code_point);
        if (code_point >= 0 && code_point < 0x80)
            buffer_append(ascii, text->data + i, 1);
        else if (code_point >= 0)
            buffer_append_format(ascii, "<U+%04X>", (unsigned)code_point);
        else
            buffer_append_byte(ascii, '?');
        i += used;
    }
}

/* The one call that brings bytes of a command to a terminal. */
static bool write_text(int fd, const struct buffer *given, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer ascii = {0};
    const struct buffer *text = given;

    if (needs_ascii(fd)) {
        append_ascii(&ascii, given);
        text = &ascii;
    }
    return !text->length || file_write_fd(fd, text->data, text->length, error);
}

static int write_all(int fd, const struct buffer *given)
{
    struct error error = {0};

    if (write_text(fd, given, &error))
        return EXIT_DONE;
    if (fd == STDOUT_FILENO)
        output_note("walkdown: %s", error.message);
    return EXIT_NO;
}

int output_write(struct output *output)
{
    return write_all(STDOUT_FILENO, &output->text);
}

bool output_report(const struct buffer *text, struct error *error)
{
    return write_text(STDOUT_FILENO, text, error);
}

void output_progress(const struct output *line)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};

    buffer_append_text(&text, "\r\033[K");
    buffer_append(&text, line->text.data, line->text.length);
    write_text(STDERR_FILENO, &text, NULL);
}

void output_ask(int fd, const char *text)
{
    AUTO_RELEASE(buffer) struct buffer copy = {0};

    buffer_append_text(&copy, text);
    write_text(fd, &copy, NULL);
}

int output_json(json_t *json)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_JSON json_t *owned = json;

    json_write_pretty(&text, owned);
    return write_all(STDOUT_FILENO, &text);
}

static int status_of(enum error_code code)
{
    switch (code) {
    case ERROR_USAGE:
        return EXIT_USAGE;
    case ERROR_UNREACHABLE:
    case ERROR_TIMEOUT:
        return EXIT_UNREACHABLE;
    case ERROR_CORRUPT:
        return EXIT_REVIEW_FILE;
    default:
        return EXIT_NO;
    }
}

/* One line, whatever the message quotes. */
static void note_line(const char *before, const char *what, const char *text)
{
    AUTO_RELEASE(buffer) struct buffer line = {0};

    buffer_append_text(&line, before);
    if (what && *what) {
        safe_text_append(&line, what, strlen(what), SAFE_ONE_LINE);
        buffer_append_text(&line, ": ");
    }
    safe_text_append(&line, text, strlen(text), SAFE_ONE_LINE);
    buffer_append_byte(&line, '\n');
    write_all(STDERR_FILENO, &line);
}

int output_error(const struct error *error, const char *what)
{
    note_line("walkdown: ", what, error->message);
    if (error->hint[0])
        note_line("  ", NULL, error->hint);
    return status_of(error->code);
}

void output_note(const char *format, ...)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(buffer) struct buffer safe = {0};
    va_list list;

    va_start(list, format);
    buffer_append_format_list(&text, format, list);
    va_end(list);
    safe_text_append(&safe, buffer_text(&text), text.length, SAFE_MANY_LINES);
    buffer_append_byte(&safe, '\n');
    write_all(STDERR_FILENO, &safe);
}
