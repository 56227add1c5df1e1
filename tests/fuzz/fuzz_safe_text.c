/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes: the safe text is valid UTF-8 without control bytes, safe already, and cut by columns
 * gives the same pieces. */
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void check_text(const char *text, size_t length, bool has_lines)
{
    require(utf8_is_valid(text, length));
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        require(byte != 0x7F && (byte >= 0x20 || (has_lines && byte == '\n')));
    }
}

static void check_pieces(const char *input, size_t length)
{
    for (int column = 0; length > 0;) {
        struct safe_piece piece;
        safe_text_next(input, length, column, &piece);
        require(piece.consumed > 0 && piece.consumed <= length);
        require(piece.columns == utf8_text_width(piece.text));
        check_text(piece.text, strlen(piece.text), false);
        column += piece.columns;
        input += piece.consumed;
        length -= piece.consumed;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const char *input = (const char *)bytes;
    AUTO_RELEASE(buffer) struct buffer line = {0};
    AUTO_RELEASE(buffer) struct buffer lines = {0};
    if (length == 0)
        return 0;
    safe_text_append(&line, input, length, SAFE_ONE_LINE);
    safe_text_append(&lines, input, length, SAFE_MANY_LINES);
    check_text(line.data, line.length, false);
    check_text(lines.data, lines.length, true);
    check_pieces(input, length);
    require(safe_text_count_escapes(input, length) <= length);
    return 0;
}
