/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/message.h"

enum {
    LENGTH_BYTES = 4,
    HEADER_BYTES = LENGTH_BYTES + 1 + LENGTH_BYTES,
    BODY_MAX_BYTES = 8 * 1024 * 1024
};

void message_release(struct message *message)
{
    json_decref(message->body);
    if (message->raw != NULL)
        memory_wipe(message->raw, message->raw_length);
    free(message->raw);
    *message = (struct message){0};
}

static void put_u32(char bytes[LENGTH_BYTES], size_t number)
{
    for (int i = 0; i < LENGTH_BYTES; i++)
        bytes[i] = (char)(number >> (8 * (LENGTH_BYTES - 1 - i)) & 0xFF);
}

static size_t get_u32(const char bytes[LENGTH_BYTES])
{
    size_t number = 0;
    for (int i = 0; i < LENGTH_BYTES; i++)
        number = number << 8 | (unsigned char)bytes[i];
    return number;
}

void message_write(struct buffer *out, enum message_type type, const json_t *body, const void *raw,
                   size_t raw_length)
{
    struct buffer text = {0};
    char header[HEADER_BYTES];
    if (body != NULL)
        json_write(&text, body);
    else
        buffer_append_text(&text, "{}");
    put_u32(header, HEADER_BYTES - LENGTH_BYTES + text.length + raw_length);
    header[LENGTH_BYTES] = (char)type;
    put_u32(header + LENGTH_BYTES + 1, text.length);
    buffer_reserve(out, sizeof(header) + text.length + raw_length);
    buffer_append(out, header, sizeof(header));
    buffer_append(out, text.data, text.length);
    if (raw_length > 0)
        buffer_append(out, raw, raw_length);
    buffer_release(&text);
}

size_t message_length(const char *bytes)
{
    return get_u32(bytes);
}

static bool malformed(struct error *error, const char *what)
{
    return error_set(error, ERROR_INVALID, "malformed message: %s", what);
}

/* BYTES: one whole message of LENGTH bytes, at least a header. */
static bool read_whole(const char *bytes, size_t length, struct message *ret_message,
                       struct error *error)
{
    size_t body_length = get_u32(bytes + LENGTH_BYTES + 1);
    unsigned char type = (unsigned char)bytes[LENGTH_BYTES];
    if (type >= MESSAGE_TYPE_COUNT)
        return malformed(error, "its type is unknown");
    if (body_length > length - HEADER_BYTES || body_length > BODY_MAX_BYTES)
        return malformed(error, "its object is too long");
    struct message message = {.type = (enum message_type)type};
    if (!json_parse(bytes + HEADER_BYTES, body_length, &message.body, error))
        return error_prefix(error, "malformed message");
    if (!json_is_object(message.body)) {
        message_release(&message);
        return malformed(error, "an object was expected");
    }
    message.raw_length = length - HEADER_BYTES - body_length;
    message.raw = memory_copy(bytes + HEADER_BYTES + body_length, message.raw_length);
    *ret_message = message;
    return true;
}

bool message_read(struct buffer *in, struct message *ret_message, bool *ret_found,
                  struct error *error)
{
    *ret_found = false;
    if (in->length < LENGTH_BYTES)
        return true;
    size_t length = LENGTH_BYTES + get_u32(in->data);
    if (length < HEADER_BYTES || length > MESSAGE_MAX_BYTES)
        return malformed(error, "its length is impossible");
    if (in->length < length)
        return true;
    if (!read_whole(in->data, length, ret_message, error))
        return false;
    if (ret_message->type == MESSAGE_ANSWER)
        buffer_consume_wiped(in, length);
    else
        buffer_consume(in, length);
    *ret_found = true;
    return true;
}
