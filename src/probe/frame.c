/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/frame.h"

#include "base/digest.h"

enum {
    TAIL_MAX_BYTES = 32, /* of a marker behind its nonce, line feed included */
    NUMBER_MAX_DIGITS = 6
};

void frame_nonce_make(char nonce[FRAME_NONCE_BYTES])
{
    uint8_t random[16];
    struct buffer text = {0};
    random_bytes(random, sizeof(random));
    base64_append(&text, random, sizeof(random));
    /* The padding "==" goes, the 22 digits stay. */
    memcpy(nonce, text.data, FRAME_NONCE_BYTES - 1);
    nonce[FRAME_NONCE_BYTES - 1] = '\0';
    buffer_release(&text);
}

void frame_parser_init(struct frame_parser *parser, const char *nonce)
{
    *parser = (struct frame_parser){0};
    int length = snprintf(parser->marker, sizeof(parser->marker), "\n%s ", nonce);
    parser->marker_length = (size_t)length;
}

void frame_parser_release(struct frame_parser *parser)
{
    buffer_release(&parser->pending);
    parser->taken = 0;
}

void frame_feed(struct frame_parser *parser, const char *bytes, size_t length)
{
    buffer_consume(&parser->pending, parser->taken);
    parser->taken = 0;
    if (!parser->is_broken)
        buffer_append(&parser->pending, bytes, length);
}

void frame_finish(struct frame_parser *parser)
{
    parser->is_finished = true;
}

/* How many bytes at the end of these could be the start of a marker. */
static size_t held_back(const struct frame_parser *parser, const char *bytes, size_t length)
{
    size_t most = parser->marker_length - 1;
    for (size_t held = length < most ? length : most; held > 0; held--) {
        if (memcmp(bytes + length - held, parser->marker, held) == 0)
            return held;
    }
    return 0;
}

static bool give_bytes(struct frame_parser *parser, size_t length, struct frame_event *ret_event)
{
    *ret_event = (struct frame_event){
        .kind = parser->is_open ? FRAME_DATA : FRAME_NOISE,
        .frame = parser->frame,
        .bytes = parser->pending.data + parser->taken,
        .length = length,
    };
    parser->taken += length;
    return true;
}

static bool give_broken(struct frame_parser *parser, struct frame_event *ret_event)
{
    parser->is_broken = true;
    parser->taken = parser->pending.length;
    *ret_event = (struct frame_event){.kind = FRAME_BROKEN, .frame = parser->frame};
    return true;
}

/* A decimal number without sign or needless zeros; moves TEXT behind it. */
static bool take_number(const char **text, size_t *ret_number)
{
    size_t number = 0;
    size_t digits = 0;
    for (; **text >= '0' && **text <= '9' && digits <= NUMBER_MAX_DIGITS; digits++, (*text)++)
        number = number * 10 + (size_t)(**text - '0');
    bool is_number = digits == 1 || (digits > 1 && (*text)[-(ptrdiff_t)digits] != '0');
    *ret_number = number;
    return is_number && digits <= NUMBER_MAX_DIGITS;
}

static bool take_status(const char **text, int *ret_status)
{
    if (**text == 'R') {
        (*text)++;
        *ret_status = FRAME_REFUSED;
        return true;
    }
    size_t status = 0;
    if (!take_number(text, &status) || status > FRAME_STATUS_MAX)
        return false;
    *ret_status = (int)status;
    return true;
}

/* TAIL: the marker behind its nonce, a string without its line feed. */
static bool read_tail(const struct frame_parser *parser, const char *tail,
                      struct frame_event *ret_event)
{
    char letter = *tail++;
    struct frame_event event = {.kind = letter == 'B' ? FRAME_BEGIN : FRAME_END};
    if (letter != (parser->is_open ? 'E' : 'B') || !take_number(&tail, &event.frame))
        return false;
    if (letter == 'E' && (*tail++ != ' ' || !take_status(&tail, &event.status)))
        return false;
    *ret_event = event;
    return *tail == '\0' && event.frame == parser->frame;
}

/* A marker stands at the front of what is pending. */
static bool take_marker(struct frame_parser *parser, struct frame_event *ret_event)
{
    const char *start = parser->pending.data + parser->taken + parser->marker_length;
    size_t left = parser->pending.length - parser->taken - parser->marker_length;
    size_t visible = left < TAIL_MAX_BYTES ? left : TAIL_MAX_BYTES;
    const char *end = memchr(start, '\n', visible);
    if (end == NULL) {
        bool may_come = left < TAIL_MAX_BYTES && !parser->is_finished;
        return !may_come && give_broken(parser, ret_event);
    }
    char tail[TAIL_MAX_BYTES] = "";
    memcpy(tail, start, (size_t)(end - start));
    if (strlen(tail) != (size_t)(end - start) || !read_tail(parser, tail, ret_event))
        return give_broken(parser, ret_event);
    parser->taken += parser->marker_length + (size_t)(end - start) + 1;
    parser->frame += parser->is_open ? 1 : 0;
    parser->is_open = !parser->is_open;
    return true;
}

bool frame_next(struct frame_parser *parser, struct frame_event *ret_event)
{
    size_t length = parser->pending.length - parser->taken;
    if (parser->is_broken || length == 0)
        return false;
    const char *bytes = parser->pending.data + parser->taken;
    const char *marker = memmem(bytes, length, parser->marker, parser->marker_length);
    if (marker == bytes)
        return take_marker(parser, ret_event);
    if (marker != NULL)
        return give_bytes(parser, (size_t)(marker - bytes), ret_event);
    size_t held = parser->is_finished ? 0 : held_back(parser, bytes, length);
    return length > held && give_bytes(parser, length - held, ret_event);
}
