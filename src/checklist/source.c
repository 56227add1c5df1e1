/* SPDX-License-Identifier: Apache-2.0 */
#include "source.h"

#include "base/buffer.h"
#include "base/utf8.h"

static const struct position file_start = {1, 1};

static bool starts_with(const char *bytes, size_t length, const char *prefix, size_t prefix_length)
{
    return length >= prefix_length && memcmp(bytes, prefix, prefix_length) == 0;
}

static bool refuse(struct diagnostics *diagnostics, struct position position, const char *text)
{
    diagnostics_error(diagnostics, position, "%s", text);
    return false;
}

/* Two bytes a character, or a mark that says so. */
static bool looks_like_utf16(const char *bytes, size_t length)
{
    return starts_with(bytes, length, "\xFF\xFE", 2) || starts_with(bytes, length, "\xFE\xFF", 2) ||
           (length >= 2 && (bytes[0] == '\0') != (bytes[1] == '\0'));
}

static bool check_start(const char *bytes, size_t length, struct diagnostics *diagnostics)
{
    if (length > CHECKLIST_SOURCE_MAX_BYTES) {
        diagnostics_error(diagnostics, file_start,
                          "the file has %zu bytes, expected at most %d; split the checklist",
                          length, CHECKLIST_SOURCE_MAX_BYTES);
        return false;
    }
    if (length == 0)
        return refuse(diagnostics, file_start, "the file is empty, expected 'walkdown: 1'");
    if (starts_with(bytes, length, "\xEF\xBB\xBF", 3))
        return refuse(diagnostics, file_start,
                      "the file begins with a byte order mark; save it as UTF-8 without one");
    if (looks_like_utf16(bytes, length))
        return refuse(diagnostics, file_start,
                      "the file looks like UTF-16 or UTF-32; save it as UTF-8");
    return true;
}

bool source_allows(int32_t c)
{
    if (c < 0x20)
        return c == '\n' || c == '\t';
    return !(c >= 0x7F && c <= 0x9F) && c != 0x2028 && c != 0x2029 && c != 0xFEFF &&
           (c & 0xFFFE) != 0xFFFE;
}

/* libyaml takes CR, NEL, LS and PS for line ends too; without them its lines are the editor's. */
static bool check_characters(const char *bytes, size_t length, struct diagnostics *diagnostics)
{
    struct position position = file_start;
    for (size_t i = 0; i < length;) {
        int32_t c;
        size_t used = utf8_decode(bytes + i, length - i, &c);
        bool is_line_end = c == '\r' && i + 1 < length && bytes[i + 1] == '\n';
        if (c < 0) {
            diagnostics_error(diagnostics, position,
                              "byte 0x%02X is not valid UTF-8; save the file as UTF-8",
                              (unsigned char)bytes[i]);
            return false;
        }
        if (!is_line_end && !source_allows(c)) {
            diagnostics_error(diagnostics, position,
                              "character U+%04X is not allowed in the file; remove it",
                              (unsigned)c);
            return false;
        }
        position.column++;
        if (c == '\n')
            position = (struct position){position.line + 1, 1};
        i += used;
    }
    return true;
}

static size_t line_length(const char *bytes, size_t length)
{
    const char *end = memchr(bytes, '\n', length);
    return end == NULL ? length : (size_t)(end - bytes) + 1;
}

static bool is_blank_or_comment(const char *line, size_t length)
{
    size_t i = 0;
    while (i < length && strchr(" \t\r\n", line[i]) != NULL)
        i++;
    return i == length || line[i] == '#';
}

/* Only in front of the document can a '%' begin a line as a directive. */
static bool check_directives(const char *bytes, size_t length, struct diagnostics *diagnostics)
{
    int line = 1;
    for (size_t i = 0, part; i < length; i += part, line++) {
        part = line_length(bytes + i, length - i);
        if (bytes[i] == '%')
            return refuse(diagnostics, (struct position){line, 1},
                          "YAML directives are not supported; remove the line");
        if (!is_blank_or_comment(bytes + i, part))
            return true;
    }
    return refuse(diagnostics, file_start, "the file is empty, expected 'walkdown: 1'");
}

bool source_check(const char *bytes, size_t length, struct diagnostics *diagnostics)
{
    return check_start(bytes, length, diagnostics) &&
           check_characters(bytes, length, diagnostics) &&
           check_directives(bytes, length, diagnostics);
}

static size_t offset_of(const char *bytes, size_t length, struct position position)
{
    size_t i = 0;
    for (int line = 1; line < position.line && i < length; line++)
        i += line_length(bytes + i, length - i);
    for (int column = 1; column < position.column && i < length; column++) {
        int32_t c;
        i += utf8_decode(bytes + i, length - i, &c);
    }
    return i;
}

bool source_check_end(const char *bytes, size_t length, struct position end,
                      struct diagnostics *diagnostics)
{
    size_t i = offset_of(bytes, length, end);
    for (size_t part; i < length; i += part) {
        part = line_length(bytes + i, length - i);
        bool is_end_mark =
            starts_with(bytes + i, part, "...", 3) && is_blank_or_comment(bytes + i + 3, part - 3);
        if (!is_end_mark && !is_blank_or_comment(bytes + i, part))
            return refuse(diagnostics, end,
                          strchr("-.%", bytes[i]) != NULL
                              ? "only one document is allowed in a file; remove the second"
                              : "text behind the end of the document; check indentation and "
                                "brackets");
        end = (struct position){end.line + 1, 1};
    }
    return true;
}
