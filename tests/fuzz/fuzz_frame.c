/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes, cut into pieces by the first of them: the events are the same as in one piece, frames
 * come in order, and no byte is given twice or invented. */
#include "probe/frame.h"

#define NONCE "0123456789abcdefghijkl"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

struct seen {
    struct buffer text;
    size_t frame;
    bool is_open, is_broken;
};

static void note(struct seen *seen, const struct frame_event *event)
{
    require(!seen->is_broken);
    seen->is_broken = event->kind == FRAME_BROKEN;
    if (event->kind == FRAME_NOISE || event->kind == FRAME_DATA) {
        require(event->length > 0 && seen->is_open == (event->kind == FRAME_DATA));
        buffer_append(&seen->text, event->bytes, event->length);
        return;
    }
    if (event->kind == FRAME_BEGIN || event->kind == FRAME_END) {
        require(event->frame == seen->frame && seen->is_open == (event->kind == FRAME_END));
        require(event->status >= FRAME_REFUSED && event->status <= FRAME_STATUS_MAX);
        seen->frame += seen->is_open ? 1 : 0;
        seen->is_open = !seen->is_open;
    }
    buffer_append_format(&seen->text, "<%d %zu %d>", (int)event->kind, event->frame, event->status);
}

static void run(const char *bytes, size_t length, size_t piece, struct seen *seen)
{
    struct frame_parser parser;
    struct frame_event event;
    frame_parser_init(&parser, NONCE);
    for (size_t at = 0; at < length; at += piece) {
        size_t left = length - at;
        frame_feed(&parser, bytes + at, left < piece ? left : piece);
        while (frame_next(&parser, &event))
            note(seen, &event);
    }
    frame_finish(&parser);
    while (frame_next(&parser, &event))
        note(seen, &event);
    frame_parser_release(&parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length < 2)
        return 0;
    struct seen whole = {0};
    struct seen pieces = {0};
    const char *stream = (const char *)bytes + 1;
    run(stream, length - 1, length, &whole);
    run(stream, length - 1, (size_t)bytes[0] + 1, &pieces);
    require(whole.text.length == pieces.text.length);
    require(whole.text.length == 0 ||
            memcmp(whole.text.data, pieces.text.data, whole.text.length) == 0);
    require(whole.is_broken == pieces.is_broken && whole.frame == pieces.frame);
    buffer_release(&whole.text);
    buffer_release(&pieces.text);
    return 0;
}
