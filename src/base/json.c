/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json.h"

#include "base/utf8.h"

enum { REAL_DIGITS = 15 }; /* 8.8 stays 8.8 */

bool json_parse(const char *text, size_t length, json_t **ret_json, struct error *error)
{
    json_error_t problem;
    json_t *json = json_loadb(length == 0 ? "" : text, length,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &problem);
    if (json == NULL)
        return error_set(error, ERROR_INVALID, "JSON, line %d, column %d: %s", problem.line,
                         problem.column, problem.text);
    *ret_json = json;
    return true;
}

/* Characters that act on a terminal or hide: DEL, C1, soft hyphen, bidirectional controls,
 * zero-width, tags. The list is fixed, not taken from the Unicode tables, so that one value has one
 * form in all versions of this program. */
static bool is_escaped(int32_t c)
{
    return (c >= 0x7F && c <= 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E ||
           (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
           (c >= 0xE0000 && c <= 0xE0FFF);
}

static void append_escape(struct buffer *buffer, int32_t c)
{
    unsigned code = (unsigned)c;
    if (code < 0x10000)
        buffer_append_format(buffer, "\\u%04X", code);
    else
        buffer_append_format(buffer, "\\u%04X\\u%04X", 0xD800 + ((code - 0x10000) >> 10),
                             0xDC00 + ((code - 0x10000) & 0x3FF));
}

static int append_part(const char *bytes, size_t length, void *context)
{
    buffer_append(context, bytes, length);
    return 0;
}

/* Such characters stand only inside the strings of a document, where an escape may replace them. */
static void write_document(struct buffer *buffer, const json_t *json, size_t flags)
{
    AUTO_RELEASE(buffer) struct buffer raw = {0};
    /* Fails only on a value that is no JSON at all, or contains itself. */
    if (json_dump_callback(json, append_part, &raw, flags | JSON_ENCODE_ANY) != 0)
        abort();
    size_t copied = 0;
    for (size_t i = 0; i < raw.length;) {
        int32_t c;
        size_t used = utf8_decode(raw.data + i, raw.length - i, &c);
        if (is_escaped(c)) {
            buffer_append(buffer, raw.data + copied, i - copied);
            append_escape(buffer, c);
            copied = i + used;
        }
        i += used;
    }
    buffer_append(buffer, raw.data + copied, raw.length - copied);
}

void json_write(struct buffer *buffer, const json_t *json)
{
    write_document(buffer, json, JSON_COMPACT);
}

void json_write_pretty(struct buffer *buffer, const json_t *json)
{
    write_document(buffer, json, JSON_INDENT(2) | JSON_REAL_PRECISION(REAL_DIGITS));
    buffer_append_byte(buffer, '\n');
}

json_t *json_text(const char *text)
{
    return json_text_length(text, text == NULL ? 0 : strlen(text));
}

json_t *json_text_length(const char *bytes, size_t length)
{
    if (bytes == NULL)
        return json_null();
    AUTO_RELEASE(buffer) struct buffer valid = {0};
    bool is_valid = utf8_is_valid(bytes, length);
    for (size_t i = 0; i < length && !is_valid;) {
        int32_t code_point;
        size_t used = utf8_decode(bytes + i, length - i, &code_point);
        if (code_point < 0)
            utf8_append(&valid, 0xFFFD);
        else
            buffer_append(&valid, bytes + i, used);
        i += used;
    }
    json_t *json = is_valid ? json_stringn_nocheck(bytes, length)
                            : json_stringn_nocheck(buffer_text(&valid), valid.length);
    if (json == NULL)
        memory_exhausted();
    return json;
}

const char *json_member_text(const json_t *object, const char *key, const char *otherwise)
{
    const json_t *member = json_object_get(object, key);
    const char *text = json_string_value(member);
    /* A NUL inside would hide what follows it. */
    return text != NULL && strlen(text) == json_string_length(member) ? text : otherwise;
}

int64_t json_member_integer(const json_t *object, const char *key, int64_t otherwise)
{
    const json_t *member = json_object_get(object, key);
    return json_is_integer(member) ? (int64_t)json_integer_value(member) : otherwise;
}

bool json_member_bool(const json_t *object, const char *key, bool otherwise)
{
    const json_t *member = json_object_get(object, key);
    return json_is_boolean(member) ? json_is_true(member) : otherwise;
}
