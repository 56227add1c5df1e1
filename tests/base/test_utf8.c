/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/utf8.h"

#include "../../src/base/unicode_table.h"

enum { CODE_POINTS = 0x110000, MAX_MARKS = 4 };

static bool is_surrogate(int32_t code)
{
    return code >= 0xD800 && code <= 0xDFFF;
}

/* ---- the reader's side: what does a safe text stand for? ---- */

static size_t read_hex(const char *text, unsigned *ret_value)
{
    size_t digits = 0;
    for (*ret_value = 0; digits < 7; digits++) {
        const char *place = strchr("0123456789ABCDEF", text[digits]);
        if (text[digits] == '\0' || place == NULL)
            break;
        *ret_value = *ret_value << 4 | (unsigned)(place - "0123456789ABCDEF");
    }
    return digits;
}

/* Undo the escapes. Where this gives the input back, no other input has the same safe text. */
static void undo(const char *safe, size_t length, struct buffer *ret_bytes)
{
    buffer_clear(ret_bytes);
    for (size_t i = 0; i < length;) {
        unsigned value;
        size_t digits;
        if (safe[i] == '<' && read_hex(safe + i + 1, &value) == 2 && safe[i + 3] == '>') {
            buffer_append_byte(ret_bytes, (char)value);
            i += 4;
        } else if (strncmp(safe + i, "<U+", 3) == 0 &&
                   (digits = read_hex(safe + i + 3, &value)) >= 4 && safe[i + 3 + digits] == '>') {
            utf8_append(ret_bytes, (int32_t)value);
            i += digits + 4;
        } else {
            buffer_append_byte(ret_bytes, safe[i++]);
        }
    }
}

static bool is_mark(int32_t code)
{
    static bool marks[CODE_POINTS];
    static bool is_filled;
    for (size_t i = 0; i < unicode_range_count && !is_filled; i++)
        for (uint32_t member = unicode_ranges[i].first; member <= unicode_ranges[i].last; member++)
            marks[member] = unicode_ranges[i].kind >= UNICODE_MARK;
    is_filled = true;
    return marks[code];
}

/* Asserts are slow: this answers with what is wrong, NULL when nothing is. */
static const char *find_fault(const char *safe, size_t length, enum safe_text_lines lines)
{
    int marks = MAX_MARKS; /* at the start, behind a space and behind a line end none may follow */
    for (size_t i = 0; i < length;) {
        int32_t code;
        size_t used = utf8_decode(safe + i, length - i, &code);
        if (code < 0)
            return "invalid UTF-8";
        if (code == '\n' && lines == SAFE_ONE_LINE)
            return "a line end";
        if (code != '\n' && !utf8_is_printable(code))
            return "a character that hides";
        bool joins = is_mark(code);
        if (joins && ++marks > MAX_MARKS)
            return "a mark without base, or too many";
        if (!joins)
            marks = code == '\n' || code == ' ' ? MAX_MARKS : 0;
        i += used;
    }
    return NULL;
}

struct fixture {
    struct buffer input;
    struct buffer safe;
    struct buffer undone;
    struct buffer pieces;
};

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    buffer_release(&f->input);
    buffer_release(&f->safe);
    buffer_release(&f->undone);
    buffer_release(&f->pieces);
    free(f);
    return 0;
}

static void fold_line_ends(struct buffer *text)
{
    size_t kept = 0;
    for (size_t i = 0; i < text->length; i++)
        if (text->data[i] != '\r' || i + 1 == text->length || text->data[i + 1] != '\n')
            text->data[kept++] = text->data[i];
    text->length = kept;
}

static bool is_same(const struct buffer *a, const struct buffer *b)
{
    return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

/* The pieces say the same as the whole, TABs aside, and know their columns. */
static const char *find_fault_in_pieces(struct fixture *f)
{
    buffer_clear(&f->pieces);
    for (size_t i = 0; i < f->input.length;) {
        struct safe_piece piece;
        safe_text_next(f->input.data + i, f->input.length - i, 0, &piece);
        bool is_tab = f->input.data[i] == '\t';
        if (piece.columns != utf8_text_width(piece.text))
            return "a piece with other columns than it says";
        if (!piece.is_escape && !is_tab && (piece.columns < 1 || piece.columns > 2))
            return "a character of no or too many columns";
        if (piece.is_escape != (piece.text[0] == '<' && piece.text[1] > '\0'))
            return "an escape that does not say so, or the reverse";
        buffer_append_text(&f->pieces, is_tab ? "<09>" : piece.text);
        i += piece.consumed;
    }
    buffer_clear(&f->safe);
    safe_text_append(&f->safe, f->input.data, f->input.length, SAFE_ONE_LINE);
    return is_same(&f->pieces, &f->safe) ? NULL : "pieces that differ from the whole";
}

static const char *find_fault_of_input(struct fixture *f)
{
    buffer_reserve(&f->input, 0);
    for (int lines = SAFE_ONE_LINE; lines <= SAFE_MANY_LINES; lines++) {
        buffer_clear(&f->safe);
        safe_text_append(&f->safe, f->input.data, f->input.length, (enum safe_text_lines)lines);
        const char *fault = find_fault(f->safe.data, f->safe.length, (enum safe_text_lines)lines);
        if (fault != NULL)
            return fault;
        undo(f->safe.data, f->safe.length, &f->undone);
        if (lines == SAFE_MANY_LINES)
            fold_line_ends(&f->input);
        if (!is_same(&f->undone, &f->input))
            return "a safe text that stands for something else";
    }
    return find_fault_in_pieces(f);
}

static void assert_safe(struct fixture *f, const char *bytes, size_t length)
{
    buffer_clear(&f->input);
    buffer_append(&f->input, bytes, length);
    const char *fault = find_fault_of_input(f);
    if (fault == NULL)
        return;
    print_error("%s from bytes", fault);
    for (size_t i = 0; i < length; i++)
        print_error(" %02x", (unsigned char)bytes[i]);
    print_error("\n");
    fail();
}

/* ---- exhaustive ---- */

static void every_byte_is_safe_and_unmistakable(void **state)
{
    for (int byte = 0; byte < 256; byte++)
        assert_safe(*state, (const char[]){(char)byte}, 1);
}

static void every_pair_of_bytes_is_safe_and_unmistakable(void **state)
{
    for (int pair = 0; pair < 65536; pair++)
        assert_safe(*state, (const char[]){(char)(pair >> 8), (char)pair}, 2);
}

static void every_code_point_is_safe_and_unmistakable(void **state)
{
    struct buffer text = {0};
    for (int32_t code = 0; code < CODE_POINTS; code++) {
        buffer_clear(&text);
        utf8_append(&text, code);
        size_t alone = text.length;
        buffer_append_text(&text, "<1");
        utf8_append(&text, code);
        buffer_append_text(&text, "B>");
        assert_safe(*state, text.data, alone);
        assert_safe(*state, text.data, text.length);
    }
    buffer_release(&text);
}

/* All strings of up to 4 parts, of parts that could be mistaken for each other. */
static void no_mixture_of_awkward_parts_is_mistakable(void **state)
{
    static const char *const parts[] = {
        "<", "1B",   ">",    "U+",       "202E",         "\x1b",         "\r",           "\n", "\t",
        " ", "\xcc", "\x81", "\xcc\x81", "\xe0\xa5\x80", "\xe4\xb8\xad", "\xe2\x80\xae", "a"};
    size_t count = LENGTH(parts);
    struct buffer text = {0};
    for (size_t number = 0; number < count * count * count * count; number++) {
        buffer_clear(&text);
        size_t rest = number;
        for (int i = 0; i < 4; i++, rest /= count)
            buffer_append_text(&text, parts[rest % count]);
        assert_safe(*state, text.data, text.length);
    }
    buffer_release(&text);
}

static void long_mixtures_of_any_bytes_are_unmistakable(void **state)
{
    uint64_t seed = 88172645463325252U;
    char bytes[64];
    for (int round = 0; round < 20000; round++) {
        for (size_t i = 0; i < sizeof(bytes); i++) {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            bytes[i] = seed % 3 == 0 ? "<>1BU+\r\n\t \xcc\x81"[seed / 3 % 12] : (char)(seed >> 20);
        }
        assert_safe(*state, bytes, sizeof(bytes));
    }
}

/* ---- decoding ---- */

static void every_code_point_goes_there_and_back(void **state UNUSED)
{
    struct buffer text = {0};
    for (int32_t code = 0; code < CODE_POINTS; code++) {
        int32_t decoded;
        buffer_clear(&text);
        utf8_append(&text, code);
        size_t used = utf8_decode(text.data, text.length, &decoded);
        bool good = is_surrogate(code) ? used == 1 && decoded == -1
                                       : used == text.length && decoded == code;
        if (!good)
            fail_msg("code point U+%04X", (unsigned)code);
        if (text.length > 1 &&
            (utf8_decode(text.data, text.length - 1, &decoded) != 1 || decoded != -1))
            fail_msg("the cut form of U+%04X", (unsigned)code);
    }
    buffer_release(&text);
}

static void what_is_no_utf8_is_one_byte_and_minus_one(void **state UNUSED)
{
    static const char *const bad[] = {"\x80",
                                      "\xbf",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xc2\x41",
                                      "\xe0\x80\x80",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xed\xbf\xbf",
                                      "\xf0\x80\x80\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf5\x80\x80\x80",
                                      "\xf8\x88\x80\x80\x80",
                                      "\xff",
                                      "\xfe",
                                      "\xe2\x80\x41",
                                      "\xf0\x9f\x41",
                                      "\xe2\x82"};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        int32_t code = 7;
        assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &code), 1);
        assert_int_equal(code, -1);
        assert_false(utf8_is_valid(bad[i], strlen(bad[i])));
    }
    assert_true(utf8_is_valid("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 10));
    assert_true(utf8_is_valid("", 0));
}

/* ---- the tables ---- */

static void the_table_is_sorted_and_closed(void **state UNUSED)
{
    for (size_t i = 0; i < unicode_range_count; i++) {
        assert_true(unicode_ranges[i].first <= unicode_ranges[i].last);
        assert_in_range(unicode_ranges[i].kind, UNICODE_NARROW, UNICODE_WIDE_SPACING_MARK);
        assert_true(unicode_ranges[i].last < CODE_POINTS);
        if (i > 0)
            assert_true(unicode_ranges[i - 1].last < unicode_ranges[i].first);
    }
}

static void what_hides_or_rearranges_is_not_printable(void **state UNUSED)
{
    static const int32_t ranges[][2] = {
        {0, 0x1F},          {0x7F, 0xA0},       {0xAD, 0xAD},        {0x34F, 0x34F},
        {0x600, 0x605},     {0x61C, 0x61C},     {0x115F, 0x1160},    {0x1680, 0x1680},
        {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x2000, 0x200F},    {0x2028, 0x202F},
        {0x205F, 0x206F},   {0x2800, 0x2800},   {0x3000, 0x3000},    {0x3164, 0x3164},
        {0xD800, 0xF8FF},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},    {0xFFA0, 0xFFA0},
        {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},   {0x13430, 0x13438},  {0x1BCA0, 0x1BCA3},
        {0x1D159, 0x1D159}, {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF}, {0x378, 0x379}};
    for (size_t i = 0; i < LENGTH(ranges); i++)
        for (int32_t code = ranges[i][0]; code <= ranges[i][1]; code++)
            if (utf8_is_printable(code))
                fail_msg("U+%04X is printable", (unsigned)code);
    assert_false(utf8_is_printable(-1));
}

static void widths_are_those_of_terminals(void **state UNUSED)
{
    static const struct {
        int32_t code;
        int width;
    } cases[] = {{' ', 1},     {'a', 1},    {0xE9, 1},   {0x301, 0},  {0x20DD, 0}, {0x93E, 1},
                 {0x416, 1},   {0x5D0, 1},  {0x2500, 1}, {0x1100, 2}, {0x1161, 0}, {0x11A8, 0},
                 {0x3042, 2},  {0x4E2D, 2}, {0xAC00, 2}, {0xFF21, 2}, {0xFF71, 1}, {0x1F600, 2},
                 {0x20000, 2}, {0x2714, 1}, {0x231A, 2}, {0x20AC, 1}, {0xFFFD, 1}, {0x3099, 0},
                 {0x302E, 2},  {0x1F1E6, 1}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        if (utf8_width(cases[i].code) != cases[i].width || !utf8_is_printable(cases[i].code))
            fail_msg("U+%04X", (unsigned)cases[i].code);
    }
    assert_int_equal(utf8_text_width("a\xe4\xb8\xad"
                                     "e\xcc\x81"),
                     4);
}

/* ---- examples ---- */

static void assert_one_line(const char *text, const char *expected)
{
    char *safe = safe_text_copy(text);
    assert_string_equal(safe, expected);
    free(safe);
}

static void literal_escapes_are_escaped_themselves(void **state UNUSED)
{
    assert_one_line("\x1b", "<1B>");
    assert_one_line("<1B>", "<3C>1B>");
    assert_one_line("<U+202E>", "<3C>U+202E>");
    assert_one_line("<U+10FFFF>", "<3C>U+10FFFF>");
    assert_one_line("<3C>1B>", "<3C>3C>1B>");
    assert_one_line("<1b> <1> <123> <U+20E> <U+1234567> <> < <html>",
                    "<1b> <1> <123> <U+20E> <U+1234567> <> < <html>");
    assert_one_line("<<1B>", "<<3C>1B>");
    assert_one_line("<1B", "<1B");
}

static void at_most_four_marks_follow_a_base(void **state UNUSED)
{
#define MARK "\xcc\x81"
    assert_one_line("e" MARK, "e" MARK);
    assert_one_line("e" MARK MARK MARK MARK MARK MARK, "e" MARK MARK MARK MARK "<U+0301><U+0301>");
    assert_one_line(MARK "e", "<U+0301>e");
    assert_one_line("\x1b" MARK, "<1B><U+0301>");
    assert_one_line(" " MARK, " <U+0301>");
    assert_one_line("\xe4\xb8\xad\xe0\xa4\xbe", "\xe4\xb8\xad<U+093E>");
    assert_one_line("\xe0\xa4\x95\xe0\xa5\x8d\xe0\xa4\xb7\xe0\xa5\x8b",
                    "\xe0\xa4\x95\xe0\xa5\x8d\xe0\xa4\xb7\xe0\xa5\x8b");
}

static void a_million_marks_stay_in_proportion(void **state)
{
    struct fixture *f = *state;
    buffer_append_byte(&f->input, 'e');
    for (int i = 0; i < 1000000; i++)
        buffer_append_text(&f->input, MARK);
    safe_text_append(&f->safe, f->input.data, f->input.length, SAFE_ONE_LINE);
    assert_int_equal(f->safe.length, 1 + 4 * 2 + (1000000 - 4) * 8);
    assert_int_equal(safe_text_count_escapes(f->input.data, f->input.length), 1000000 - 4);
}

static void line_ends_stay_only_where_lines_are_wanted(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "a\r\nb\nc\rd\r\r\n\te\r";
    safe_text_append(&f->safe, text, sizeof(text) - 1, SAFE_MANY_LINES);
    assert_string_equal(f->safe.data, "a\nb\nc<0D>d<0D>\n<09>e<0D>");
    assert_one_line(text, "a<0D><0A>b<0A>c<0D>d<0D><0D><0A><09>e<0D>");
    assert_int_equal(safe_text_count_escapes(text, sizeof(text) - 1), 3);
}

static void a_tab_reaches_the_next_multiple_of_eight(void **state UNUSED)
{
    for (int column = 0; column < 20; column++) {
        struct safe_piece piece;
        safe_text_next("\tx", 2, column, &piece);
        assert_int_equal((column + piece.columns) % 8, 0);
        assert_in_range(piece.columns, 1, 8);
        assert_int_equal(strlen(piece.text), piece.columns);
        assert_int_equal(strspn(piece.text, " "), piece.columns);
        assert_int_equal(piece.consumed, 1);
        assert_false(piece.is_escape);
    }
}

static void the_end_of_the_bytes_is_the_end(void **state UNUSED)
{
    struct safe_piece piece;
    safe_text_next("\xe2\x80\xae", 2, 0, &piece);
    assert_string_equal(piece.text, "<E2>");
    safe_text_next("e" MARK, 2, 0, &piece);
    assert_string_equal(piece.text, "e");
    safe_text_next("<1B>", 3, 0, &piece);
    assert_string_equal(piece.text, "<");
    safe_text_next("\0", 1, 0, &piece);
    assert_string_equal(piece.text, "<00>");
}

static void known_sequences_look_as_agreed(void **state)
{
    static const char *const sequences[] = {
        "CSI clear \x1b[2J\x1b[H",
        "CSI colour \x1b[31mred\x1b[0m",
        "8-bit CSI \x9b"
        "2J and as UTF-8 \xc2\x9b"
        "2J",
        "OSC 52 clipboard \x1b]52;c;ZXZpbA==\x07",
        "OSC 0 title \x1b]0;owned\x1b\\",
        "8-bit OSC \x9d"
        "0;owned\x9c",
        "OSC 8 link \x1b]8;;http://example.invalid\x1b\\text\x1b]8;;\x1b\\",
        "OSC 9;7 program \x1b]9;7;cmd\x07",
        "DCS \x1bP$q\"p\x1b\\ APC \x1b_x\x1b\\ PM \x1b^x\x1b\\ SOS \x1bXx\x1b\\",
        "answer back \x05 DECID \x1bZ device status \x1b[6n",
        "overwrite abc\rxyz back\b\b\b vertical\x0b"
        "form\x0cnel\xc2\x85",
        "shift \x0e\x0f charset \x1b(0 reset \x1b"
        "c",
        "bidi \xe2\x80\xaegnp.exe \xe2\x81\xa6x\xe2\x81\xa9 \xd8\x9c \xe2\x80\x8e\xe2\x80\x8f",
        "hidden a\xe2\x80\x8b"
        "b\xe2\x80\x8d"
        "c\xef\xbb\xbf"
        "d\xc2\xad"
        "e\xe1\x85\x9f\xe3\x85\xa4\xef\xbe\xa0\xe2\xa0\x80",
        "tags \xf3\xa0\x81\x81\xf3\xa0\x81\xbf variation \xe2\x9d\xa4\xef\xb8\x8f",
        "private \xee\x80\x80 unassigned \xcd\xb8 noncharacter \xef\xbf\xbe",
        "overlong \xc0\x80 \xe0\x80\x8a surrogate \xed\xa0\x80 beyond \xf4\x90\x80\x80",
        "spaces \xc2\xa0|\xe2\x80\x83|\xe3\x80\x80|\xe2\x80\xa8|\xe1\x9a\x80|",
        "emoji \xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb \xf0\x9f\x98\x80",
        "words na\xc3\xafve \xd0\xbf\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82 "
        "\xe4\xb8\xad\xe6\x96\x87 \xe0\xa4\xb9\xe0\xa4\xbf\xe0\xa4\x82\xe0\xa4\xa6\xe0\xa5\x80",
        "our own <1B> <U+202E> <3C>",
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < LENGTH(sequences); i++) {
        const char *text = sequences[i];
        safe_text_append(&f->safe, text, strlen(text), SAFE_ONE_LINE);
        buffer_append_byte(&f->safe, '\n');
    }
    testing_assert_golden("base/safe_text.txt", f->safe.data);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_byte_is_safe_and_unmistakable),
        TEST(every_pair_of_bytes_is_safe_and_unmistakable),
        TEST(every_code_point_is_safe_and_unmistakable),
        TEST(no_mixture_of_awkward_parts_is_mistakable),
        TEST(long_mixtures_of_any_bytes_are_unmistakable),
        cmocka_unit_test(every_code_point_goes_there_and_back),
        cmocka_unit_test(what_is_no_utf8_is_one_byte_and_minus_one),
        cmocka_unit_test(the_table_is_sorted_and_closed),
        cmocka_unit_test(what_hides_or_rearranges_is_not_printable),
        cmocka_unit_test(widths_are_those_of_terminals),
        cmocka_unit_test(literal_escapes_are_escaped_themselves),
        cmocka_unit_test(at_most_four_marks_follow_a_base),
        TEST(a_million_marks_stay_in_proportion),
        TEST(line_ends_stay_only_where_lines_are_wanted),
        cmocka_unit_test(a_tab_reaches_the_next_multiple_of_eight),
        cmocka_unit_test(the_end_of_the_bytes_is_the_end),
        TEST(known_sequences_look_as_agreed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
