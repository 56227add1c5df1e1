/* SPDX-License-Identifier: Apache-2.0 */
#include "runner_results.h"

#include "base/clock.h"

enum {
    ROOT_MAX_BYTES = 4096,
    SELF_TEST_MAX_BYTES = 4096,
    QUOTE_SHOWN_BYTES = 200,
    SILENT_MAX = 3 /* channels without a frame, one after the other */
};

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

void runner_end_step(struct runner *runner, enum step_outcome outcome)
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

size_t runner_cap_bytes(const struct runner *runner, enum shell_stream stream)
{
    if (runner->part != SCRIPT_STEP)
        return runner->part == SCRIPT_ROOT ? ROOT_MAX_BYTES : SELF_TEST_MAX_BYTES;
    const struct plan_step *step = &runner->plan->steps[runner->next];
    return stream == SHELL_STDOUT ? step->out_max_bytes : step->err_max_bytes;
}

size_t runner_keep_bytes(struct runner *runner, const struct channel_event *event)
{
    struct buffer *bytes = event->stream == SHELL_STDOUT ? &runner->step.out : &runner->step.err;
    size_t room = runner_cap_bytes(runner, event->stream) - bytes->length;
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
        runner_keep_bytes(runner, &event);
}

void runner_fail_step(struct runner *runner, enum step_outcome outcome, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(runner->step.detail, sizeof(runner->step.detail), format, arguments);
    va_end(arguments);
    if (runner->in_frame && !runner->is_forwarding && outcome != STEP_REFUSED)
        runner_take_tail(runner);
    runner_end_step(runner, outcome);
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

/* As much of it as is shown, without the line feed at its end. */
static int quote_length(const char *quote)
{
    size_t length = strnlen(quote, QUOTE_SHOWN_BYTES);
    while (length > 0 && (quote[length - 1] == '\n' || quote[length - 1] == '\r'))
        length--;
    return (int)length;
}

/* Of a long one the last lines: a way in warns first, and fails then. */
static const char *last_of(const char *noise)
{
    size_t length = strlen(noise);
    const char *start = length > QUOTE_SHOWN_BYTES ? noise + length - QUOTE_SHOWN_BYTES : noise;
    const char *line = start == noise ? NULL : strchr(start, '\n');
    return line != NULL && line[1] != '\0' ? line + 1 : start;
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
                    quote_length(last_of(runner->channel.last)), last_of(runner->channel.last));
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

void runner_refuse_root(struct runner *runner, const char *why, size_t length)
{
    runner->root_is_refused = true;
    write_refusal(runner->root_refusal, why, length);
}

/* One command may be refused and the next one allowed. */
void runner_refuse_step(struct runner *runner)
{
    char refusal[REFUSAL_BYTES];
    if (runner->root_is_refused)
        memcpy(refusal, runner->root_refusal, sizeof(refusal));
    else
        write_refusal(refusal, buffer_text(&runner->step.err), runner->step.err.length);
    step_result_release(&runner->step);
    runner_fail_step(runner, STEP_REFUSED, "%s", refusal);
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
        runner_refuse_root(runner, what, strlen(what));
        runner_drop_frame(runner);
        if (is_first_refusal)
            return;
    }
    runner_fail_step(runner, STEP_CUT, "%s", what);
}
