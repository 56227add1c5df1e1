/* SPDX-License-Identifier: Apache-2.0 */
#include "body.h"

#include "base/digest.h"

enum { LIST_MAX = 10000, NAME_BYTES = 255, LINE_BYTES = 4096 };
enum { TEXT_BYTES = 1024 * 1024, KEY_BYTES = 16 * 1024 };

/* The way to a member, for messages: "checks[3].id". */
struct place {
    const struct place *above;
    const char *name; /* NULL: an element of a list */
    size_t index;
};

static void append_place(struct buffer *text, const struct place *place)
{
    if (place == NULL)
        return;
    append_place(text, place->above);
    if (place->name == NULL)
        buffer_append_format(text, "[%zu]", place->index);
    else
        buffer_append_format(text, "%s%s", text->length > 0 ? "." : "", place->name);
}

static bool fail(const struct place *place, struct error *error, const char *expected)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    append_place(&text, place);
    return error_set(error, ERROR_INVALID, "member '%s': expected %s", buffer_text(&text),
                     expected);
}

static bool is_empty(const json_t *value)
{
    return value == NULL || json_is_null(value) ||
           (json_is_string(value) && json_string_length(value) == 0) ||
           (json_is_array(value) && json_array_size(value) == 0);
}

static bool check_text(const json_t *value, size_t max_bytes, const struct place *place,
                       struct error *error)
{
    if (!json_is_string(value))
        return fail(place, error, "a text");
    if (json_string_length(value) == 0)
        return fail(place, error, "a text that is not empty");
    if (memchr(json_string_value(value), '\0', json_string_length(value)) != NULL)
        return fail(place, error, "a text without NUL");
    char expected[48];
    snprintf(expected, sizeof(expected), "at most %zu bytes", max_bytes);
    return json_string_length(value) <= max_bytes || fail(place, error, expected);
}

static bool check_word(const json_t *value, const char *const *words, const struct place *place,
                       struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer expected = {0};
    buffer_append_text(&expected, "one of");
    for (; *words != NULL; words++) {
        if (json_is_string(value) && strcmp(json_string_value(value), *words) == 0)
            return true;
        buffer_append_format(&expected, " '%s'", *words);
    }
    return fail(place, error, buffer_text(&expected));
}

static bool is_date(const char *text)
{
    int month, day;
    if (strlen(text) != 10 || strspn(text, "0123456789-") != 10 || text[4] != '-' || text[7] != '-')
        return false;
    month = (text[5] - '0') * 10 + text[6] - '0';
    day = (text[8] - '0') * 10 + text[9] - '0';
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool check_scalar(const struct member *member, const json_t *value,
                         const struct place *place, struct error *error)
{
    struct digest digest;
    struct entry_id entry;
    switch (member->type) {
    case MEMBER_NAME:
        return check_text(value, NAME_BYTES, place, error);
    case MEMBER_LINE:
        return check_text(value, LINE_BYTES, place, error);
    case MEMBER_KEY:
        return check_text(value, KEY_BYTES, place, error);
    case MEMBER_WORD:
        return check_word(value, member->words, place, error);
    case MEMBER_HASH:
    case MEMBER_BLOB:
        return (json_is_string(value) &&
                hex_decode(json_string_value(value), digest.bytes, sizeof(digest.bytes))) ||
               fail(place, error, "64 hexadecimal digits");
    case MEMBER_ENTRY:
        return (json_is_string(value) && entry_id_parse(json_string_value(value), &entry)) ||
               fail(place, error, "AUTHOR:SEQ");
    case MEMBER_DATE:
        return (json_is_string(value) && is_date(json_string_value(value))) ||
               fail(place, error, "a date, YYYY-MM-DD");
    case MEMBER_BOOL:
        return json_is_boolean(value) || fail(place, error, "true or false");
    case MEMBER_COUNT:
        return (json_is_integer(value) && json_integer_value(value) >= 0) ||
               fail(place, error, "an integer from 0");
    case MEMBER_NUMBER:
        return json_is_integer(value) || fail(place, error, "an integer");
    default:
        return check_text(value, TEXT_BYTES, place, error);
    }
}

static bool check_object(const struct member *members, const json_t *object,
                         const struct place *place, struct error *error);

static bool check_list(const struct member *member, const json_t *value, const struct place *place,
                       struct error *error);

static bool check_value(const struct member *member, const json_t *value, const struct place *place,
                        struct error *error)
{
    if (member->is_optional && is_empty(value))
        return true;
    if (value == NULL)
        return fail(place, error, "it to be there");
    switch (member->type) {
    case MEMBER_LIST:
    case MEMBER_ROWS:
        return check_list(member, value, place, error);
    case MEMBER_OBJECT:
        return check_object(member->inner, value, place, error);
    default:
        return check_scalar(member, value, place, error);
    }
}

static bool check_list(const struct member *member, const json_t *value, const struct place *place,
                       struct error *error)
{
    if (!json_is_array(value) || json_array_size(value) > LIST_MAX)
        return fail(place, error, "a list of at most 10,000 members");
    for (size_t i = 0; i < json_array_size(value); i++) {
        struct place element = {.above = place, .index = i};
        if (!check_value(member->inner, json_array_get(value, i), &element, error))
            return false;
    }
    return true;
}

static bool check_object(const struct member *members, const json_t *object,
                         const struct place *place, struct error *error)
{
    if (!json_is_object(object))
        return fail(place, error, "an object");
    for (const struct member *member = members; member->name != NULL; member++) {
        const json_t *value = json_object_get(object, member->name);
        struct place inner = {.above = place, .name = member->name};
        if (!check_value(member, value, &inner, error))
            return false;
        bool is_stream_blob = member->type == MEMBER_BLOB && member->is_optional;
        if (is_stream_blob && is_empty(value) != (json_member_integer(object, "size", 0) == 0))
            return fail(&inner, error, "a blob where the size is not 0, and only there");
    }
    return true;
}

bool body_check(enum entry_kind kind, const json_t *body, struct error *error)
{
    const struct body_kind *known = body_kind(kind);
    if (known == NULL)
        return error_set(error, ERROR_INVALID, "unknown kind of entry");
    return check_object(known->members, body, NULL, error) ||
           error_prefix(error, "entry of kind '%s'", entry_kind_text(kind));
}

/* --- blobs --- */

struct digest body_digest(const json_t *text)
{
    struct digest digest = {0};
    if (json_is_string(text) &&
        !hex_decode(json_string_value(text), digest.bytes, sizeof(digest.bytes)))
        digest = (struct digest){0};
    return digest;
}

static bool visit_members(const struct member *members, const json_t *object,
                          body_blob_function *function, void *context, struct error *error)
{
    for (const struct member *member = members; member->name != NULL; member++) {
        const json_t *value = json_object_get(object, member->name);
        if (member->type == MEMBER_OBJECT &&
            !visit_members(member->inner, value, function, context, error))
            return false;
        if (member->type != MEMBER_BLOB || is_empty(value))
            continue;
        const json_t *hash = json_object_get(object, "digest");
        struct digest id = body_digest(value), digest = body_digest(hash);
        if (!function(context, &id, json_member_integer(object, "size", 0),
                      hash == NULL ? NULL : &digest, error))
            return false;
    }
    return true;
}

bool body_each_blob(enum entry_kind kind, const json_t *body, body_blob_function *function,
                    void *context, struct error *error)
{
    return visit_members(body_kind(kind)->members, body, function, context, error);
}
