/* SPDX-License-Identifier: Apache-2.0 */
/* Versions in the orders of rpm and of apk; that of dpkg is in value.c. */
#include "checklist/value.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_small_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_letter(char c)
{
    return is_small_letter(c) || (c >= 'A' && c <= 'Z');
}

static size_t count_digits(const char *text)
{
    size_t length = 0;
    while (is_digit(text[length]))
        length++;
    return length;
}

static int compare_texts(const char *a, size_t a_length, const char *b, size_t b_length)
{
    int order = memcmp(a, b, a_length < b_length ? a_length : b_length);
    return order != 0 ? order : (a_length > b_length) - (a_length < b_length);
}

/* Runs of digits, of any length. */
static int compare_digits(const char *a, size_t a_length, const char *b, size_t b_length)
{
    for (; a_length > 0 && *a == '0'; a++)
        a_length--;
    for (; b_length > 0 && *b == '0'; b++)
        b_length--;
    if (a_length != b_length)
        return a_length > b_length ? 1 : -1;
    return memcmp(a, b, a_length);
}

/* ---- rpm ---- */

struct rpm_version {
    const char *epoch, *version, *release;
    size_t epoch_length, version_length, release_length;
};

static struct rpm_version rpm_split(const char *text)
{
    struct rpm_version split = {.epoch = text, .version = text, .release = ""};
    size_t digits = count_digits(text);
    if (text[digits] == ':') {
        split.epoch_length = digits;
        split.version = text + digits + 1;
    }
    split.version_length = strcspn(split.version, "-");
    if (split.version[split.version_length] == '-') {
        split.release = split.version + split.version_length + 1;
        split.release_length = strlen(split.release);
    }
    return split;
}

static bool rpm_part_is_valid(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_digit(text[i]) && !is_letter(text[i]) && strchr("._+~^", text[i]) == NULL)
            return false;
    return true;
}

bool rpm_version_is_valid(const char *text)
{
    if (strlen(text) > VALUE_MAX_BYTES || !is_digit(text[0]))
        return false;
    struct rpm_version split = rpm_split(text);
    bool lacks_release = split.release_length == 0 && *split.release == '\0' &&
                         split.version[split.version_length] == '-';
    return is_digit(split.version[0]) && !lacks_release &&
           rpm_part_is_valid(split.version, split.version_length) &&
           rpm_part_is_valid(split.release, split.release_length);
}

/* What follows in a part: the end, a mark, or a run of letters or of digits. */
struct rpm_segment {
    enum { RPM_TILDE, RPM_END, RPM_CARET, RPM_LETTERS, RPM_DIGITS } kind; /* in their order */
    const char *text;
    size_t length;
};

static struct rpm_segment rpm_next(const char **text, const char *end)
{
    while (*text < end && strchr("._+", **text) != NULL)
        (*text)++;
    struct rpm_segment segment = {.kind = RPM_END, .text = *text};
    if (*text == end)
        return segment;
    if (**text == '~' || **text == '^') {
        segment.kind = **text == '~' ? RPM_TILDE : RPM_CARET;
        (*text)++;
        return segment;
    }
    segment.kind = is_digit(**text) ? RPM_DIGITS : RPM_LETTERS;
    while (*text < end && (segment.kind == RPM_DIGITS ? is_digit(**text) : is_letter(**text)))
        (*text)++;
    segment.length = (size_t)(*text - segment.text);
    return segment;
}

static int rpm_compare_parts(const char *a, size_t a_length, const char *b, size_t b_length)
{
    const char *a_end = a + a_length, *b_end = b + b_length;
    for (;;) {
        struct rpm_segment left = rpm_next(&a, a_end), right = rpm_next(&b, b_end);
        if (left.kind != right.kind)
            return left.kind > right.kind ? 1 : -1;
        if (left.kind == RPM_END)
            return 0;
        int order = left.kind == RPM_DIGITS
                        ? compare_digits(left.text, left.length, right.text, right.length)
                        : compare_texts(left.text, left.length, right.text, right.length);
        if (order != 0)
            return order;
    }
}

int rpm_version_compare(const char *a, const char *b)
{
    struct rpm_version left = rpm_split(a), right = rpm_split(b);
    int order = compare_digits(left.epoch, left.epoch_length, right.epoch, right.epoch_length);
    if (order == 0)
        order = rpm_compare_parts(left.version, left.version_length, right.version,
                                  right.version_length);
    if (order == 0 && (left.release_length == 0 || right.release_length == 0))
        return (left.release_length > 0) - (right.release_length > 0);
    if (order == 0)
        order = rpm_compare_parts(left.release, left.release_length, right.release,
                                  right.release_length);
    return order;
}

/* ---- apk ---- */

/* The parts of a version in the order in which they may follow each other: of two versions that
 * are equal so far, the one with the earlier kind of part is later. */
enum apk_kind {
    APK_FIRST,
    APK_NUMBER,
    APK_LETTER,
    APK_SUFFIX,
    APK_SUFFIX_NUMBER,
    APK_HASH,
    APK_REVISION,
    APK_END,
    APK_INVALID
};

struct apk_part {
    enum apk_kind kind;
    const char *text; /* its digits, letters or hash */
    size_t length;
    int rank; /* of a suffix: below 0 for one before the release */
};

static const struct {
    const char *text;
    int rank;
} apk_suffixes[] = {
    {"alpha", -4}, {"beta", -3}, {"pre", -2}, {"rc", -1}, {"cvs", 1},
    {"svn", 2},    {"git", 3},   {"hg", 4},   {"p", 5},
};

static struct apk_part apk_suffix(const char *text)
{
    size_t length = 0;
    while (is_small_letter(text[length]))
        length++;
    for (size_t i = 0; i < sizeof(apk_suffixes) / sizeof(apk_suffixes[0]); i++)
        if (strlen(apk_suffixes[i].text) == length &&
            memcmp(apk_suffixes[i].text, text, length) == 0)
            return (struct apk_part){APK_SUFFIX, text, length, apk_suffixes[i].rank};
    return (struct apk_part){.kind = APK_INVALID};
}

static struct apk_part apk_counted(enum apk_kind kind, const char *text, size_t length)
{
    return (struct apk_part){length > 0 ? kind : APK_INVALID, text, length, 0};
}

/* What TEXT, behind a part of the kind BEFORE, begins with. */
static struct apk_part apk_begin(const char *text, enum apk_kind before)
{
    if (*text == '\0')
        return (struct apk_part){.kind = APK_END, .text = text};
    if (*text == '.' && before <= APK_NUMBER)
        return apk_counted(APK_NUMBER, text + 1, count_digits(text + 1));
    if (is_small_letter(*text) && before <= APK_NUMBER)
        return apk_counted(APK_LETTER, text, 1);
    if (*text == '_' && before <= APK_SUFFIX_NUMBER)
        return apk_suffix(text + 1);
    if (is_digit(*text) && before == APK_SUFFIX)
        return apk_counted(APK_SUFFIX_NUMBER, text, count_digits(text));
    if (*text == '~' && before <= APK_SUFFIX_NUMBER)
        return apk_counted(APK_HASH, text + 1, strspn(text + 1, "0123456789abcdef"));
    if (text[0] == '-' && text[1] == 'r' && before <= APK_HASH)
        return apk_counted(APK_REVISION, text + 2, count_digits(text + 2));
    return (struct apk_part){.kind = APK_INVALID};
}

static struct apk_part apk_next(const struct apk_part *part)
{
    return apk_begin(part->text + part->length, part->kind);
}

static struct apk_part apk_first(const char *text)
{
    return apk_counted(APK_FIRST, text, count_digits(text));
}

bool apk_version_is_valid(const char *text)
{
    if (strlen(text) > VALUE_MAX_BYTES)
        return false;
    struct apk_part part = apk_first(text);
    while (part.kind < APK_END)
        part = apk_next(&part);
    return part.kind == APK_END;
}

/* A number behind the first one that begins with 0 is a fraction, and compared as text. */
static int apk_compare_same(const struct apk_part *a, const struct apk_part *b)
{
    bool is_text = a->kind == APK_LETTER || a->kind == APK_HASH ||
                   (a->kind == APK_NUMBER && (*a->text == '0' || *b->text == '0'));
    if (a->kind == APK_SUFFIX)
        return a->rank - b->rank;
    return is_text ? compare_texts(a->text, a->length, b->text, b->length)
                   : compare_digits(a->text, a->length, b->text, b->length);
}

int apk_version_compare(const char *a, const char *b)
{
    struct apk_part left = apk_first(a), right = apk_first(b);
    while (left.kind == right.kind && left.kind < APK_END) {
        int order = apk_compare_same(&left, &right);
        if (order != 0)
            return order;
        left = apk_next(&left);
        right = apk_next(&right);
    }
    if (left.kind == right.kind)
        return 0;
    if (left.kind == APK_SUFFIX && left.rank < 0)
        return -1;
    if (right.kind == APK_SUFFIX && right.rank < 0)
        return 1;
    return left.kind < right.kind ? 1 : -1;
}
