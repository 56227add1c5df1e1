/* SPDX-License-Identifier: Apache-2.0 */
/* JSON (RFC 8259) and pointers into it (RFC 6901). */
#include "values.h"

#include "base/json.h"

/* The unescaped part of a pointer from behind its '/' to the next one. */
static char *part_at(const char *pointer, size_t length)
{
    struct buffer part = {0};
    for (size_t i = 0; i < length; i++) {
        if (pointer[i] != '~')
            buffer_append_byte(&part, pointer[i]);
        else if (i + 1 < length)
            buffer_append_byte(&part, pointer[++i] == '1' ? '/' : '~');
    }
    return buffer_take(&part);
}

/* Section 4: digits without a leading zero. */
static const json_t *element_at(const json_t *array, const char *part)
{
    size_t index = 0;
    if (*part == '\0' || (*part == '0' && part[1] != '\0') || strlen(part) > 9)
        return NULL;
    for (; *part != '\0'; part++) {
        if (*part < '0' || *part > '9')
            return NULL;
        index = index * 10 + (size_t)(*part - '0');
    }
    return json_array_get(array, index);
}

/* Borrowed from ROOT; NULL when there is nothing. */
static const json_t *follow(const json_t *json, const char *pointer)
{
    while (json != NULL && *pointer == '/') {
        const char *end = strchrnul(++pointer, '/');
        AUTO_FREE char *part = part_at(pointer, (size_t)(end - pointer));
        json = json_is_array(json) ? element_at(json, part) : json_object_get(json, part);
        pointer = end;
    }
    return json;
}

static bool take_text(const char *text, size_t length, const struct value_sink *sink)
{
    struct value value = {text, length, 0};
    return sink->function(sink->context, &value);
}

/* A number without an exponent where possible; 15 digits are what a double holds. */
static bool take_real(const json_t *json, const struct value_sink *sink)
{
    char text[64];
    size_t length = json_dumpb(json, text, sizeof(text), JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
    return take_text(text, length < sizeof(text) ? length : 0, sink);
}

static bool take_json(const json_t *json, const struct value_sink *sink)
{
    if (json_is_null(json))
        return true;
    if (json_is_string(json))
        return take_text(json_string_value(json), json_string_length(json), sink);
    if (json_is_real(json))
        return take_real(json, sink);
    AUTO_RELEASE(buffer) struct buffer text = {0};
    json_write(&text, json);
    return take_text(buffer_text(&text), text.length, sink);
}

bool values_each_of_json(const char *bytes, size_t length, const char *pointer,
                         const struct value_sink *sink, struct error *error)
{
    AUTO_JSON json_t *root = NULL;
    if (!json_parse(bytes, length, &root, error))
        return false;
    const json_t *json = follow(root, pointer);
    if (json == NULL)
        return true;
    bool goes_on = true;
    for (size_t i = 0; json_is_array(json) && i < json_array_size(json) && goes_on; i++)
        goes_on = take_json(json_array_get(json, i), sink);
    if (!json_is_array(json))
        take_json(json, sink);
    return true;
}
