/* SPDX-License-Identifier: Apache-2.0 */
#include "runner_frames.h"

#include "runner_secret.h"

#include "base/clock.h"

enum {
    SHORT_WAIT_MS = 10000,
    ROOT_WAIT_MS = 20000, /* for sudo, which may ask servers of its own */
    ROOT_MAX_BYTES = 4096,
    SELF_TEST_MAX_BYTES = 4096,
    NOISE_MAX_BYTES = 1024 * 1024,
    SILENT_MAX = 3 /* channels without a frame, one after the other */
};

/* ---- results ---- */

static void PRINTF_LIKE(2, 3) add_detail(struct step_result *step, const char *format, ...)
{
    char text[sizeof(step->detail)];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    size_t used = strlen(step->detail);
    if (snprintf(step->detail + used, sizeof(step->detail) - used, "%s%s", used > 0 ? "; " : "",
                 text) < 0)
        abort();
}

/* What happened on the way to this result. */
static void tell_mishaps(struct runner *runner)
{
    if (runner->suspended_ms > 0)
        add_detail(&runner->step, "the reviewer's side stood still for %lld s",
                   (long long)(runner->suspended_ms / 1000));
    if (runner->loss.code != ERROR_NONE)
        add_detail(&runner->step, "%s on a new connection: %s",
                   runner->was_cut ? "asked again" : "asked", runner->loss.message);
    runner->suspended_ms = 0;
    runner->loss.code = ERROR_NONE;
    runner->was_cut = false;
    runner->idle_loss_count = 0;
}

static void give_result(struct runner *runner, enum step_outcome outcome)
{
    struct step_result *step = &runner->step;
    tell_mishaps(runner);
    step->step = runner->next++;
    step->outcome = outcome;
    if (outcome != STEP_DONE)
        step->exit_status = -1;
    if (runner->in_frame)
        step->duration_ms = clock_boot_ms() - runner->frame_began_ms;
    else
        step->started_ms = clock_wall_ms();
    step->noise_bytes = runner->channel.noise_bytes - runner->noise_told;
    runner->noise_told = runner->channel.noise_bytes;
    runner->in_frame = false;
    runner->events->result(runner->events->context, step);
    step_result_release(step);
    *step = (struct step_result){0};
}

static size_t cap_of(const struct runner *runner, enum shell_stream stream)
{
    if (runner->part != SCRIPT_STEP)
        return runner->part == SCRIPT_ROOT ? ROOT_MAX_BYTES : SELF_TEST_MAX_BYTES;
    const struct plan_step *step = &runner->plan->steps[runner->next];
    return stream == SHELL_STDOUT ? step->out_max_bytes : step->err_max_bytes;
}

/* Append what the step's cap leaves room for; returns how much that is. */
static size_t keep_bytes(struct runner *runner, const struct channel_event *event)
{
    struct buffer *bytes = event->stream == SHELL_STDOUT ? &runner->step.out : &runner->step.err;
    size_t room = cap_of(runner, event->stream) - bytes->length;
    int64_t left = runner->plan->total_max_bytes - runner->total_bytes;
    size_t kept = event->length < room ? event->length : room;
    kept = (int64_t)kept < left ? kept : (size_t)left;
    buffer_append(bytes, event->bytes, kept);
    runner->total_bytes += (int64_t)kept;
    return kept;
}

void runner_take_tail(struct runner *runner)
{
    struct channel_event event;
    channel_finish(&runner->channel);
    while (channel_next(&runner->channel, &event) && event.kind == CHANNEL_DATA)
        keep_bytes(runner, &event);
}

void runner_fail_step(struct runner *runner, enum step_outcome outcome, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(runner->step.detail, sizeof(runner->step.detail), format, arguments);
    va_end(arguments);
    if (runner->in_frame && !runner->is_forwarding && outcome != STEP_REFUSED)
        runner_take_tail(runner);
    give_result(runner, outcome);
}

/* Of the runner's own frames, which are no result. */
void runner_drop_frame(struct runner *runner)
{
    step_result_release(&runner->step);
    runner->in_frame = false;
}

void runner_stop(struct runner *runner, enum step_outcome outcome, const char *format, ...)
{
    char detail[sizeof(runner->step.detail)];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof(detail), format, arguments);
    va_end(arguments);
    if (runner->in_frame && runner->part != SCRIPT_STEP)
        runner_drop_frame(runner);
    while (runner->next < runner->plan->step_count)
        runner_fail_step(runner, outcome, "%s", detail);
    runner->channel_is_over = true;
    runner->has_stopped = true;
}

bool runner_is_behind_hops(const struct runner *runner)
{
    return connection_spec(runner->connection)->hop_count > runner->outside;
}

/* What the words of a target mean that ended the shell without a frame. */
static const char *guess_from(const char *quote)
{
    static const struct {
        const char *part, *meaning;
    } customs[] = {
        {"restricted", "a restricted shell"},
        {"currently not available", "an account without a shell"},
        {"sftp connections only", "an account for SFTP only"},
        {"nrecognized command", "a shell for one purpose, such as git-shell"},
        {"nteractive git shell", "a shell for one purpose, such as git-shell"},
    };
    for (size_t i = 0; i < LENGTH(customs); i++) {
        if (strstr(quote, customs[i].part) != NULL)
            return customs[i].meaning;
    }
    return "a forced command, or a shell that takes no script";
}

/* Without the line feed at its end. */
static int quote_length(const char *quote)
{
    size_t length = strlen(quote);
    while (length > 0 && (quote[length - 1] == '\n' || quote[length - 1] == '\r'))
        length--;
    return (int)length;
}

/* No frame came: of a target that never gave one this is final. */
static void fall_silent(struct runner *runner, const char *what)
{
    const char *quote = runner->channel.quote;
    bool is_custom = runner->channel.has_ended && runner->channel.refusal.code == ERROR_NONE &&
                     !runner_is_behind_hops(runner);
    runner->channel_is_over = true;
    if (runner->is_self_tested && ++runner->silent_count < SILENT_MAX)
        return;
    if (quote[0] != '\0' && is_custom)
        runner_stop(runner, STEP_NO_FRAME, "%s; it looks like %s: the target said \"%.*s\"", what,
                    guess_from(quote), quote_length(quote), quote);
    else if (quote[0] != '\0')
        runner_stop(runner, STEP_NO_FRAME, "%s; the target said \"%.*s\"", what,
                    quote_length(quote), quote);
    else
        runner_stop(runner, STEP_NO_FRAME, "%s", what);
}

/* What sudo or doas said, on one line. */
static void write_refusal(char text[REFUSAL_BYTES], const char *why, size_t length)
{
    while (length > 0 && (why[length - 1] == '\n' || why[length - 1] == '\r'))
        length--;
    if (length == 0) {
        why = "sudo or doas refused without a word";
        length = strlen(why);
    }
    snprintf(text, REFUSAL_BYTES, "%.*s", (int)length, why);
    for (char *byte = text; *byte != '\0'; byte++) {
        if (*byte == '\n')
            *byte = ' ';
    }
}

/* Of all that needs root. */
static void refuse_root(struct runner *runner, const char *why, size_t length)
{
    runner->root_is_refused = true;
    write_refusal(runner->root_refusal, why, length);
}

void runner_lose_channel(struct runner *runner, const char *what)
{
    runner->channel_is_over = true;
    if (!runner->is_self_tested || runner->channel.begun == 0) {
        fall_silent(runner, what);
        return;
    }
    bool is_first_refusal = !runner->root_is_refused;
    if (runner->in_frame && runner->part == SCRIPT_ROOT) {
        refuse_root(runner, what, strlen(what));
        runner_drop_frame(runner);
        if (is_first_refusal)
            return;
    }
    runner_fail_step(runner, STEP_CUT, "%s", what);
}

/* ---- frames ---- */

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
    size_t cap = cap_of(runner, event->stream);
    const struct buffer *bytes =
        event->stream == SHELL_STDOUT ? &runner->step.out : &runner->step.err;
    if (keep_bytes(runner, event) == event->length) {
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
    if (status != FRAME_REFUSED) {
        runner->step.exit_status = status;
        give_result(runner, STEP_DONE);
        return;
    }
    /* One command may be refused and the next one allowed. */
    char refusal[REFUSAL_BYTES];
    if (runner->root_is_refused)
        memcpy(refusal, runner->root_refusal, sizeof(refusal));
    else
        write_refusal(refusal, buffer_text(&runner->step.err), runner->step.err.length);
    step_result_release(&runner->step);
    runner_fail_step(runner, STEP_REFUSED, "%s", refusal);
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
            refuse_root(runner, buffer_text(&runner->step.out), runner->step.out.length);
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
