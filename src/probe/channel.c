/* SPDX-License-Identifier: Apache-2.0 */
#include "channel.h"

/* How far one stream may run ahead of the other. Both come from one shell that writes to them in
 * turn; only the buffers on the way can hold one of them back. */
enum { AHEAD_MAX_BYTES = 8 * 1024 * 1024 };

size_t channel_take_news(struct channel *channel)
{
    size_t bytes = channel->news_bytes;
    channel->news_bytes = 0;
    return bytes;
}

void channel_finish(struct channel *channel)
{
    frame_finish(&channel->parsers[SHELL_STDOUT]);
    frame_finish(&channel->parsers[SHELL_STDERR]);
}

static void take_output(void *context, enum shell_stream stream, const char *bytes, size_t length)
{
    struct channel *channel = context;
    channel->news_bytes += length;
    frame_feed(&channel->parsers[stream], bytes, length);
}

static void take_end(void *context, int exit_status)
{
    struct channel *channel = context;
    channel->has_ended = true;
    channel->exit_status = exit_status;
    channel->refusal = *shell_error(channel->shell);
    channel_finish(channel);
}

bool channel_open(struct channel *channel, struct connection *connection, const struct plan *plan,
                  struct script_options options, struct error *error)
{
    char nonce[FRAME_NONCE_BYTES];
    const struct shell_events events = {
        .context = channel, .output = take_output, .ended = take_end};
    *channel = (struct channel){0};
    frame_nonce_make(nonce);
    options.nonce = nonce;
    snprintf(channel->prompt, sizeof(channel->prompt), "[%s]", nonce);
    frame_parser_init(&channel->parsers[SHELL_STDOUT], nonce);
    frame_parser_init(&channel->parsers[SHELL_STDERR], nonce);
    size_t outside = plan->steps[options.first_step].outside;
    options.sandbox = target_outside_hop(connection_spec(connection), outside);
    if (!shell_open_outside(connection, outside, &events, &channel->shell, error))
        return false;
    script_write(plan, &options, &channel->script);
    shell_write(channel->shell, channel->script.text.data, channel->script.text.length);
    return true;
}

void channel_close(struct channel *channel)
{
    if (channel->shell != NULL)
        shell_close(channel->shell);
    channel->shell = NULL;
    script_release(&channel->script);
    frame_parser_release(&channel->parsers[SHELL_STDOUT]);
    frame_parser_release(&channel->parsers[SHELL_STDERR]);
}

static void add_noise(char text[CHANNEL_QUOTE_BYTES + 1], const char *bytes, size_t length)
{
    size_t used = strlen(text);
    for (size_t i = 0; i < length && used < CHANNEL_QUOTE_BYTES; i++)
        text[used++] = bytes[i] != '\0' ? bytes[i] : '?';
    text[used] = '\0';
}

static void note_noise(struct channel *channel, const struct frame_event *event)
{
    size_t kept = strlen(channel->last);
    size_t length = event->length < CHANNEL_QUOTE_BYTES ? event->length : CHANNEL_QUOTE_BYTES;
    size_t dropped = kept + length > CHANNEL_QUOTE_BYTES ? kept + length - CHANNEL_QUOTE_BYTES : 0;
    memmove(channel->last, channel->last + dropped, kept - dropped + 1);
    add_noise(channel->last, event->bytes + event->length - length, length);
    add_noise(channel->quote, event->bytes, event->length);
    channel->noise_bytes += event->length;
}

static bool end_frame(struct channel *channel, enum shell_stream stream, int status,
                      struct channel_event *ret_event)
{
    size_t frame = channel->ended[stream]++;
    /* ksh93 alone goes above 255: 256 and the signal's number. */
    channel->statuses[stream] = status > 255 ? status - 128 : status;
    if (channel->ended[SHELL_STDOUT] != channel->ended[SHELL_STDERR])
        return false;
    bool agree = channel->statuses[SHELL_STDOUT] == channel->statuses[SHELL_STDERR];
    *ret_event = (struct channel_event){.kind = agree ? CHANNEL_END : CHANNEL_BROKEN,
                                        .frame = frame,
                                        .status = channel->statuses[stream]};
    return true;
}

/* True when FRAME's news are news of the channel. */
static bool translate(struct channel *channel, enum shell_stream stream,
                      const struct frame_event *event, struct channel_event *ret_event)
{
    *ret_event = (struct channel_event){
        .frame = event->frame, .stream = stream, .bytes = event->bytes, .length = event->length};
    switch (event->kind) {
    case FRAME_NOISE:
        note_noise(channel, event);
        return false;
    case FRAME_BEGIN:
        ret_event->kind = CHANNEL_BEGIN;
        if (event->frame < channel->begun)
            return false;
        channel->begun++;
        return true;
    case FRAME_DATA:
        ret_event->kind = CHANNEL_DATA;
        return true;
    case FRAME_END:
        return end_frame(channel, stream, event->status, ret_event);
    case FRAME_BROKEN:
        break;
    }
    ret_event->kind = CHANNEL_BROKEN;
    return true;
}

static bool take_from(struct channel *channel, enum shell_stream stream,
                      struct channel_event *ret_event, bool *moved)
{
    enum shell_stream other = stream == SHELL_STDOUT ? SHELL_STDERR : SHELL_STDOUT;
    struct frame_event event;
    while (channel->ended[stream] <= channel->ended[other] &&
           frame_next(&channel->parsers[stream], &event)) {
        *moved = true;
        if (translate(channel, stream, &event, ret_event))
            return true;
    }
    return false;
}

static bool is_too_far_ahead(const struct frame_parser *parser)
{
    return parser->pending.length - parser->taken > AHEAD_MAX_BYTES;
}

bool channel_next(struct channel *channel, struct channel_event *ret_event)
{
    for (bool moved = true; moved;) {
        moved = false;
        if (take_from(channel, SHELL_STDOUT, ret_event, &moved) ||
            take_from(channel, SHELL_STDERR, ret_event, &moved))
            return true;
    }
    *ret_event = (struct channel_event){.kind = CHANNEL_BROKEN};
    return is_too_far_ahead(&channel->parsers[SHELL_STDOUT]) ||
           is_too_far_ahead(&channel->parsers[SHELL_STDERR]);
}
