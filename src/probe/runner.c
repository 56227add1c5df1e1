/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A channel is over when its script is through, or when something went wrong that only its end can
 * mend; then the rest of the plan goes on over a new one. To come to an end, each channel but those
 * of a few counted cases brings the plan forward by at least one step.
 */
#include "probe/runner.h"

#include "channel.h"

#include "base/clock.h"

#include <poll.h>

enum {
    FRAME_WAIT_MS = 30000,
    GAP_WAIT_MS = 10000,  /* between two frames, where nothing runs */
    ROOT_WAIT_MS = 20000, /* for sudo, which may ask servers of its own */
    ROOT_MAX_BYTES = 4096,
    SELF_TEST_MAX_BYTES = 4096,
    NOISE_MAX_BYTES = 1024 * 1024,
    /* Channels without a frame, one after the other. In between there is time for the target to
     * clear away earlier channels: it may allow only so many. */
    SILENT_MAX = 3,
    SILENT_PAUSE_MS = 1500,
    /* A target that talks in small pieces is listened to now and then: waking up for each piece
     * costs more than all the rest. Larger pieces are taken as they come. */
    NAP_MS = 10,
    NAP_BELOW_BYTES = 4096
};

struct runner {
    struct connection *connection;
    const struct plan *plan;
    const struct runner_options *options;
    const struct runner_events *events;
    int frame_wait_ms;
    struct channel channel;
    bool channel_is_over;
    size_t next;             /* the first step without a result */
    enum script_part part;   /* what the open frame holds */
    bool in_frame;           /* one is open */
    int64_t frame_began_ms;  /* monotonic */
    int64_t deadline_ms;     /* monotonic: of the frame, or of waiting for one */
    struct step_result step; /* what the open frame has brought so far */
    size_t noise_told;       /* bytes of this channel's noise that a result has told */
    int64_t total_bytes;
    bool is_self_tested;
    int silent_count;
    bool root_is_refused;
    char root_refusal[160];
    bool has_stopped; /* the rest got its results */
    bool is_cancelled;
    size_t news_bytes; /* that the last wait brought */
};

/* ---- results ---- */

static void give_result(struct runner *runner, enum step_outcome outcome)
{
    struct step_result *step = &runner->step;
    step->step = runner->next++;
    step->outcome = outcome;
    if (outcome != STEP_DONE)
        step->exit_status = -1;
    if (runner->in_frame)
        step->duration_ms = clock_monotonic_ms() - runner->frame_began_ms;
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

/* A line feed at the end was held back as the possible start of a marker; it was none. */
static void take_tail(struct runner *runner)
{
    struct channel_event event;
    channel_finish(&runner->channel);
    while (channel_next(&runner->channel, &event) && event.kind == CHANNEL_DATA)
        keep_bytes(runner, &event);
}

static void PRINTF_LIKE(3, 4)
    give_failure(struct runner *runner, enum step_outcome outcome, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(runner->step.detail, sizeof(runner->step.detail), format, arguments);
    va_end(arguments);
    if (runner->in_frame && outcome != STEP_REFUSED)
        take_tail(runner);
    give_result(runner, outcome);
}

/* Of the runner's own frames, which are no result. */
static void drop_frame(struct runner *runner)
{
    step_result_release(&runner->step);
    runner->in_frame = false;
}

/* The open step and all that follow end alike. */
static void PRINTF_LIKE(3, 4)
    stop(struct runner *runner, enum step_outcome outcome, const char *format, ...)
{
    char detail[sizeof(runner->step.detail)];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof(detail), format, arguments);
    va_end(arguments);
    if (runner->in_frame && runner->part != SCRIPT_STEP)
        drop_frame(runner);
    while (runner->next < runner->plan->step_count)
        give_failure(runner, outcome, "%s", detail);
    runner->channel_is_over = true;
    runner->has_stopped = true;
}

/* No frame came: of a target that never gave one this is final. */
static void fall_silent(struct runner *runner, const char *what)
{
    const char *quote = runner->channel.quote;
    runner->channel_is_over = true;
    if (runner->is_self_tested && ++runner->silent_count < SILENT_MAX)
        return;
    if (quote[0] != '\0')
        stop(runner, STEP_NO_FRAME, "%s; the target said \"%s\"", what, quote);
    else
        stop(runner, STEP_NO_FRAME, "%s", what);
}

static void refuse_root(struct runner *runner, const char *why, size_t length)
{
    while (length > 0 && (why[length - 1] == '\n' || why[length - 1] == '\r'))
        length--;
    runner->root_is_refused = true;
    if (length == 0) {
        why = "sudo or doas refused without a word";
        length = strlen(why);
    }
    snprintf(runner->root_refusal, sizeof(runner->root_refusal), "%.*s", (int)length, why);
    for (char *byte = runner->root_refusal; *byte != '\0'; byte++) {
        if (*byte == '\n')
            *byte = ' ';
    }
}

/* The channel gives no more: WHAT happened. */
static void lose_channel(struct runner *runner, const char *what)
{
    runner->channel_is_over = true;
    if (!runner->is_self_tested || runner->channel.begun == 0) {
        fall_silent(runner, what);
        return;
    }
    bool is_first_refusal = !runner->root_is_refused;
    if (runner->in_frame && runner->part == SCRIPT_ROOT) {
        refuse_root(runner, what, strlen(what));
        drop_frame(runner);
        if (is_first_refusal)
            return;
    }
    give_failure(runner, STEP_CUT, "%s", what);
}

/* ---- frames ---- */

static void begin_frame(struct runner *runner, size_t frame)
{
    int64_t now_ms = clock_monotonic_ms();
    runner->part = script_frame(&runner->channel.script, frame, NULL);
    runner->in_frame = true;
    runner->frame_began_ms = now_ms;
    runner->step = (struct step_result){.started_ms = clock_wall_ms()};
    runner->silent_count = 0;
    if (runner->part == SCRIPT_STEP) {
        runner->deadline_ms = now_ms + runner->plan->steps[runner->next].timeout_ms;
        runner->events->begun(runner->events->context, runner->next);
    } else {
        runner->deadline_ms = now_ms + ROOT_WAIT_MS;
    }
}

static void flood(struct runner *runner, enum shell_stream stream, size_t cap)
{
    if (runner->part != SCRIPT_STEP) {
        lose_channel(runner, runner->part == SCRIPT_ROOT ? "sudo or doas said too much"
                                                         : "the shell altered the self-test");
        return;
    }
    runner->channel_is_over = true;
    give_failure(runner, STEP_TRUNCATED, "more than %zu bytes on %s: stopped there", cap,
                 stream == SHELL_STDOUT ? "stdout" : "stderr");
}

static void take_data(struct runner *runner, const struct channel_event *event)
{
    size_t cap = cap_of(runner, event->stream);
    const struct buffer *bytes =
        event->stream == SHELL_STDOUT ? &runner->step.out : &runner->step.err;
    if (keep_bytes(runner, event) == event->length)
        return;
    if (bytes->length == cap)
        flood(runner, event->stream, cap);
    else
        stop(runner, STEP_TRUNCATED, "the run reached its cap of %lld bytes of output",
             (long long)runner->plan->total_max_bytes);
}

static void end_self_test(struct runner *runner, int status)
{
    bool holds = status == SCRIPT_SELF_TEST_STATUS && runner->step.err.length == 0 &&
                 runner->step.out.length == SCRIPT_SELF_TEST_BYTES;
    for (size_t i = 0; holds && i < SCRIPT_SELF_TEST_BYTES; i++)
        holds = (unsigned char)runner->step.out.data[i] == i;
    runner->is_self_tested = holds;
    if (!holds)
        stop(
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
    if (runner->step.err.length > 0)
        refuse_root(runner, runner->step.err.data, runner->step.err.length);
    step_result_release(&runner->step);
    give_failure(runner, STEP_REFUSED, "%s", runner->root_refusal);
}

static void end_frame(struct runner *runner, const struct channel_event *event)
{
    runner->deadline_ms = clock_monotonic_ms() + GAP_WAIT_MS;
    if (runner->part == SCRIPT_STEP) {
        end_step(runner, event->status);
    } else {
        if (runner->part == SCRIPT_SELF_TEST)
            end_self_test(runner, event->status);
        else if (event->status != 0 && !runner->root_is_refused)
            refuse_root(runner, buffer_text(&runner->step.out), runner->step.out.length);
        drop_frame(runner);
    }
    if (event->frame + 1 == script_frame_count(&runner->channel.script))
        runner->channel_is_over = true;
}

/* ---- what goes wrong ---- */

static void lose_ended_channel(struct runner *runner)
{
    char what[160] = "the shell ended before the command did";
    int status = runner->channel.exit_status;
    if (runner->channel.refusal.code != ERROR_NONE)
        snprintf(what, sizeof(what), "%.150s", runner->channel.refusal.message);
    else if (runner->channel.begun == 0 && status >= 0)
        snprintf(what, sizeof(what), "no frame came back: the shell ended with status %d", status);
    else if (runner->channel.begun == 0)
        snprintf(what, sizeof(what), "no frame came back: the shell ended");
    else if (!runner->in_frame)
        snprintf(what, sizeof(what), "the shell ended between two commands");
    lose_channel(runner, what);
}

static void miss_deadline(struct runner *runner)
{
    char what[96];
    if (runner->in_frame && runner->part == SCRIPT_STEP) {
        runner->channel_is_over = true;
        give_failure(runner, STEP_TIMEOUT, "stopped after %d ms",
                     runner->plan->steps[runner->next].timeout_ms);
    } else if (runner->in_frame && runner->part == SCRIPT_ROOT) {
        lose_channel(runner, "sudo or doas gave no answer in time");
    } else if (runner->channel.begun > 0) {
        lose_channel(runner, "the shell fell silent between two commands");
    } else {
        snprintf(what, sizeof(what), "no frame came back within %d ms", runner->frame_wait_ms);
        lose_channel(runner, what);
    }
}

/* ---- the loop ---- */

static void take_events(struct runner *runner)
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
            lose_channel(runner, "the frames of this command were damaged");
    }
    if (!runner->channel_is_over && runner->channel.noise_bytes > NOISE_MAX_BYTES)
        lose_channel(runner, "too much noise outside the frames");
}

/* Look at the wake descriptor, for at most so long. */
static void look_at_wake_fd(struct runner *runner, int wait_ms)
{
    int fd = runner->options->wake_fd > 0 ? runner->options->wake_fd : -1;
    struct pollfd wake = {.fd = fd, .events = POLLIN};
    if (poll(&wake, 1, wait_ms) <= 0 || runner->events->woken(runner->events->context))
        return;
    runner->is_cancelled = true;
    if (!runner->has_stopped)
        stop(runner, STEP_CANCELLED, "cancelled");
}

static int wait_left_ms(const struct runner *runner)
{
    int64_t left_ms = runner->deadline_ms - clock_monotonic_ms();
    return left_ms < 0 ? 0 : (int)left_ms;
}

/* False when the connection is lost. */
static bool pump(struct runner *runner, struct error *error)
{
    const struct runner_events *events = runner->events;
    int wake_fd = runner->options->wake_fd > 0 ? runner->options->wake_fd : -1;
    int most_ms = events->before_wait == NULL ? -1 : events->before_wait(events->context);
    int wait_ms = wait_left_ms(runner);
    wait_ms = most_ms >= 0 && most_ms < wait_ms ? most_ms : wait_ms;
    return connection_pump(runner->connection, wake_fd, wait_ms, error);
}

/* Let time pass on the connection; false when it is lost. */
static bool pause_between_channels(struct runner *runner, struct error *error)
{
    int pause_ms =
        SILENT_PAUSE_MS < runner->frame_wait_ms ? SILENT_PAUSE_MS : runner->frame_wait_ms;
    runner->deadline_ms = clock_monotonic_ms() + pause_ms;
    while (wait_left_ms(runner) > 0 && !runner->has_stopped) {
        if (!pump(runner, error)) {
            stop(runner, STEP_CUT, "%s", error->message);
            return false;
        }
        look_at_wake_fd(runner, 0);
    }
    return true;
}

/* False when the connection is lost. */
static bool work_channel(struct runner *runner, struct error *error)
{
    while (!runner->channel_is_over) {
        bool is_connected = pump(runner, error);
        take_events(runner);
        if (!is_connected && !runner->channel_is_over) {
            stop(runner, STEP_CUT, "%s", error->message);
            return false;
        }
        if (!runner->channel_is_over && runner->channel.has_ended)
            lose_ended_channel(runner);
        if (!runner->channel_is_over && wait_left_ms(runner) == 0)
            miss_deadline(runner);
        bool is_chatty = runner->news_bytes > 0 && runner->news_bytes < NAP_BELOW_BYTES;
        look_at_wake_fd(runner, is_chatty && !runner->channel_is_over ? NAP_MS : 0);
    }
    return true;
}

/* A target that takes no shell is not asked again; one that is lost is lost for all steps. */
static bool fail_to_open(struct runner *runner, struct error *error)
{
    bool is_lost =
        error->code == ERROR_UNREACHABLE || error->code == ERROR_TIMEOUT || error->code == ERROR_IO;
    stop(runner, is_lost ? STEP_CUT : STEP_NO_FRAME, "%s", error->message);
    return !is_lost;
}

static bool run_channel(struct runner *runner, struct error *error)
{
    const struct script_options options = {.first_step = runner->next,
                                           .self_test = !runner->is_self_tested,
                                           .root_is_refused = runner->root_is_refused};
    runner->channel_is_over = false;
    runner->noise_told = 0;
    bool is_connected =
        channel_open(&runner->channel, runner->connection, runner->plan, options, error);
    if (is_connected) {
        runner->deadline_ms = clock_monotonic_ms() + runner->frame_wait_ms;
        is_connected = work_channel(runner, error);
    } else {
        is_connected = fail_to_open(runner, error);
    }
    channel_close(&runner->channel);
    return is_connected;
}

bool runner_run(struct connection *connection, const struct plan *plan,
                const struct runner_options *options, const struct runner_events *events,
                struct error *error)
{
    struct error unwanted = {0};
    error = error != NULL ? error : &unwanted;
    AUTO_FREE struct runner *runner = memory_new(1, sizeof(*runner));
    *runner = (struct runner){
        .connection = connection, .plan = plan, .options = options, .events = events};
    runner->frame_wait_ms = options->frame_wait_ms != 0 ? options->frame_wait_ms : FRAME_WAIT_MS;
    while (runner->next < plan->step_count) {
        if (!run_channel(runner, error) ||
            (runner->silent_count > 0 && !pause_between_channels(runner, error)))
            return false;
    }
    return !runner->is_cancelled || error_set(error, ERROR_CANCELLED, "the run was cancelled");
}
