/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Without PCRE2_UTF a subject may hold any bytes: in UTF mode a stray 0xFF would part two words
 * that a pattern wants to see together, and what sends the subject could hide behind it. The price:
 * '.' is one byte, and a character class cannot name a letter beyond ASCII.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "base/pattern.h"

#include "base/buffer.h"
#include "base/utf8.h"

#include <pcre2.h>

#define PATTERN_MAX_BYTES 4096
/* Steps of one search: so many, and so many more for each byte of the subject. An honest pattern
 * takes a few steps a byte; one that backtracks without end is stopped within a millisecond. */
#define STEPS_BASE     5000
#define STEPS_PER_BYTE 200
#define STEPS_MAX      20000000
#define DEPTH_MAX      250000
#define HEAP_MAX_KIB   (32 * 1024)

struct pattern {
    pcre2_code *code;
    pcre2_match_data *match;
    pcre2_match_context *limits;
};

static bool set_error(struct error *error, int number, size_t offset)
{
    char text[160] = "";
    pcre2_get_error_message(number, (PCRE2_UCHAR *)text, sizeof(text));
    error_set(error, ERROR_INVALID, "bad regular expression: %s (at offset %zu)", text, offset);
    return error_hint(error, "write a Perl-compatible expression; a backslash makes a special "
                             "character plain");
}

bool pattern_new(const char *text, bool ignore_case, struct pattern **ret_pattern,
                 struct error *error)
{
    size_t length = strlen(text);
    if (length > PATTERN_MAX_BYTES)
        return error_set(error, ERROR_INVALID,
                         "regular expression of %zu bytes, expected at most %d", length,
                         PATTERN_MAX_BYTES);
    if (!utf8_is_valid(text, length))
        return error_set(error, ERROR_INVALID, "regular expression is not valid UTF-8");
    uint32_t options = PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C |
                       (ignore_case ? PCRE2_CASELESS : 0);
    int number = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, length, options, &number, &offset, NULL);
    if (code == NULL)
        return set_error(error, number, offset);
    struct pattern *pattern = memory_new(1, sizeof(*pattern));
    *pattern = (struct pattern){.code = code,
                                .match = pcre2_match_data_create_from_pattern(code, NULL),
                                .limits = pcre2_match_context_create(NULL)};
    if (pattern->match == NULL || pattern->limits == NULL)
        memory_exhausted();
    pcre2_set_depth_limit(pattern->limits, DEPTH_MAX);
    pcre2_set_heap_limit(pattern->limits, HEAP_MAX_KIB);
    *ret_pattern = pattern;
    return true;
}

void pattern_free(struct pattern *pattern)
{
    if (pattern == NULL)
        return;
    pcre2_match_context_free(pattern->limits);
    pcre2_match_data_free(pattern->match);
    pcre2_code_free(pattern->code);
    free(pattern);
}

enum pattern_result pattern_search(const struct pattern *pattern, const char *subject,
                                   size_t length, struct pattern_span *ret_span)
{
    size_t steps =
        length > STEPS_MAX / STEPS_PER_BYTE ? STEPS_MAX : STEPS_BASE + length * STEPS_PER_BYTE;
    pcre2_set_match_limit(pattern->limits, (uint32_t)steps);
    int count = pcre2_match(pattern->code, (PCRE2_SPTR)(length == 0 ? "" : subject), length, 0, 0,
                            pattern->match, pattern->limits);
    if (count == PCRE2_ERROR_NOMATCH)
        return PATTERN_NO_MATCH;
    if (count <= 0)
        return PATTERN_GAVE_UP;
    const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(pattern->match);
    size_t group = count > 1 && ends[2] != PCRE2_UNSET ? 1 : 0;
    /* \K in a look-ahead can put the start behind the end. */
    if (ret_span != NULL && ends[2 * group] <= ends[2 * group + 1])
        *ret_span = (struct pattern_span){ends[2 * group], ends[2 * group + 1] - ends[2 * group]};
    else if (ret_span != NULL)
        *ret_span = (struct pattern_span){ends[2 * group + 1], 0};
    return PATTERN_MATCH;
}

void pattern_quote(struct buffer *pattern, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\^$.[]|()?*+{}#-/ \t\n", *text) != NULL)
            buffer_append_byte(pattern, '\\');
        buffer_append_byte(pattern, *text);
    }
}
