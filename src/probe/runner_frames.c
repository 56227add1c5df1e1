/* SPDX-License-Identifier: Apache-2.0 */
#include "runner_frames.h"

#include "runner_secret.h"

#include "base/clock.h"

enum {
    SHORT_WAIT_MS = 10000,
    ROOT_WAIT_MS = 20000, /* for sudo, which may ask servers of its own */
    NOISE_MAX_BYTES = 1024 * 1024
};

/* Where nothing of the checklist runs. */
static int short_wait_ms(const struct runner *runner)
{
    return SHORT_WAIT_MS < runner->frame_wait_ms ? SHORT_WAIT_MS : runner->frame_wait_ms;
}

static void begin_frame(struct runner *runner, size_t frame)
{
    int64_t now_ms = clock_boot_ms();
    runner->part = script_frame(&runner->channel.script, frame, NULL);
    runner->in_frame = true;
    runner->frame_began_ms = now_ms;
    runner->step = (struct step_result){.started_ms = clock_wall_ms()};
    runner->silent_count = 0;
    runner->prompts = 0;
    if (runner->part == SCRIPT_STEP) {
        runner->deadline_ms = now_ms + runner->plan->steps[runner->next].timeout_ms;
        runner->events->begun(runner->events->context, runner->next);
    } else {
        runner->deadline_ms =
            now_ms + (runner->part == SCRIPT_ROOT ? ROOT_WAIT_MS : short_wait_ms(runner));
    }
}

static void flood(struct runner *runner, enum shell_stream stream, size_t cap)
{
    if (runner->part != SCRIPT_STEP) {
        runner_lose_channel(runner, runner->part == SCRIPT_ROOT
                                        ? "sudo or doas said too much"
                                        : "the shell altered the self-test");
        return;
    }
    runner->channel_is_over = true;
    runner_fail_step(runner, STEP_TRUNCATED, "more than %zu bytes on %s: stopped there", cap,
                     stream == SHELL_STDOUT ? "stdout" : "stderr");
}

static void take_data(struct runner *runner, const struct channel_event *event)
{
    size_t cap = runner_cap_bytes(runner, event->stream);
    const struct buffer *bytes =
        event->stream == SHELL_STDOUT ? &runner->step.out : &runner->step.err;
    if (runner_keep_bytes(runner, event) == event->length) {
        runner_look_for_prompt(runner, event->stream);
        return;
    }
    if (bytes->length == cap)
        flood(runner, event->stream, cap);
    else
        runner_stop(runner, STEP_TRUNCATED, "the run reached its cap of %lld bytes of output",
                    (long long)runner->plan->total_max_bytes);
}

static void end_self_test(struct runner *runner, int status)
{
    bool holds = status == SCRIPT_SELF_TEST_STATUS && runner->step.err.length == 0 &&
                 runner->step.out.length == SCRIPT_SELF_TEST_BYTES;
    for (size_t i = 0; holds && i < SCRIPT_SELF_TEST_BYTES; i++)
        holds = (unsigned char)runner->step.out.data[i] == i;
    runner->is_self_tested = holds;
    runner->wants_self_test = !holds;
    if (!holds)
        runner_stop(
            runner, STEP_NO_FRAME,
            "the shell altered the self-test: status %d instead of %d, %zu bytes instead of %d; it "
            "said \"%.60s\"",
            status, SCRIPT_SELF_TEST_STATUS, runner->step.out.length, SCRIPT_SELF_TEST_BYTES,
            buffer_text(&runner->step.err));
}

static void end_step(struct runner *runner, int status)
{
    if (status == FRAME_REFUSED) {
        runner_refuse_step(runner);
    } else {
        runner->step.exit_status = status;
        runner_end_step(runner, STEP_DONE);
    }
}

static void end_frame(struct runner *runner, const struct channel_event *event)
{
    runner->deadline_ms = clock_boot_ms() + short_wait_ms(runner);
    runner->is_asking = false;
    if (runner->part == SCRIPT_STEP) {
        end_step(runner, event->status);
    } else {
        if (runner->part == SCRIPT_SELF_TEST)
            end_self_test(runner, event->status);
        else if (event->status == 0)
            runner->has_secret = runner->has_secret || runner->prompts > 0;
        else if (!runner->root_is_refused)
            runner_refuse_root(runner, buffer_text(&runner->step.out), runner->step.out.length);
        runner_drop_frame(runner);
    }
    if (event->frame + 1 == script_frame_count(&runner->channel.script))
        runner->channel_is_over = true;
}

void runner_take_events(struct runner *runner)
{
    struct channel_event event;
    runner->news_bytes = channel_take_news(&runner->channel);
    while (!runner->channel_is_over && channel_next(&runner->channel, &event)) {
        if (event.kind == CHANNEL_BEGIN)
            begin_frame(runner, event.frame);
        else if (event.kind == CHANNEL_DATA)
            take_data(runner, &event);
        else if (event.kind == CHANNEL_END)
            end_frame(runner, &event);
        else
            runner_lose_channel(runner, "the frames of this command were damaged");
    }
    if (!runner->channel_is_over && runner->channel.noise_bytes > NOISE_MAX_BYTES)
        runner_lose_channel(runner, "too much noise outside the frames");
}
