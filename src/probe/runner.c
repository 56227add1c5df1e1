/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A channel is over when its script is through, or when something went wrong that only its end can
 * mend; then the rest of the plan goes on over a new one. To come to an end, each channel but those
 * of a few counted cases brings the plan forward by at least one step. The same holds for
 * connections: one that is lost is replaced, a few times without progress, and not for ever.
 */
#include "runner_forward.h"
#include "runner_frames.h"
#include "runner_wait.h"

#include "base/clock.h"

enum {
    FRAME_WAIT_MS = 30000,
    /* After a channel without a frame there is time for the target to clear away earlier ones: it
     * may allow only so many. */
    SILENT_PAUSE_MS = 1500,
    /* A target that talks in small pieces is listened to now and then: waking up for each piece
     * costs more than all the rest. Larger pieces are taken as they come. A longer nap would make
     * the target wait: TCP acknowledges late what nobody reads, and ten packets (RFC 6928) are
     * sent without that. */
    NAP_MAX_MS = 10,
    FRAMES_A_NAP_MS = 3, /* still to come: a command takes a millisecond or more */
    NAP_BELOW_BYTES = 4096,
    RETRY_PAUSE_MS = 250,
    ATTEMPTS_MAX = 4, /* to connect again; the pauses before them are 1, 8, 32 and 80 times that */
    LOSSES_MAX = 20,  /* of connections in one run */
    IDLE_LOSSES_MAX = 3 /* of those without a result in between */
};

/* ---- what goes wrong ---- */

static bool tells_of_no_shell(const char *noise)
{
    return strstr(noise, "\"/bin/sh\"") != NULL &&
           strstr(noise, "no such file or directory") != NULL;
}

/* What asks a daemon of containers ends with status 1 there, and hands on the words of the runtime.
 */
static bool lacks_shell(const struct runner *runner)
{
    const struct channel *channel = &runner->channel;
    int status = channel->exit_status;
    bool is_told = tells_of_no_shell(channel->quote) || tells_of_no_shell(channel->last);
    return status == 126 || status == 127 ||
           (status == 1 && is_told && runner_is_behind_hops(runner));
}

static void lose_ended_channel(struct runner *runner)
{
    char what[160] = "the shell ended before the command did";
    int status = runner->channel.exit_status;
    if (runner->channel.refusal.code != ERROR_NONE)
        snprintf(what, sizeof(what), "%.150s", runner->channel.refusal.message);
    else if (runner->channel.begun == 0 && lacks_shell(runner))
        snprintf(what, sizeof(what),
                 "there is no shell that could be started (status %d): look from the host instead",
                 status);
    else if (runner->channel.begun == 0 && runner_is_behind_hops(runner) && status >= 0)
        snprintf(what, sizeof(what),
                 "the way in failed: what leads into the sandbox ended with status %d", status);
    else if (runner->channel.begun == 0 && status >= 0)
        snprintf(what, sizeof(what), "no frame came back: the shell ended with status %d", status);
    else if (runner->channel.begun == 0)
        snprintf(what, sizeof(what), "no frame came back: the shell ended");
    else if (!runner->in_frame)
        snprintf(what, sizeof(what), "the shell ended between two commands");
    runner_lose_channel(runner, what);
}

static void miss_deadline(struct runner *runner)
{
    char what[96];
    if (runner->in_frame && runner->part == SCRIPT_STEP) {
        runner->channel_is_over = true;
        runner_fail_step(runner, STEP_TIMEOUT, "stopped after %d ms",
                         runner->plan->steps[runner->next].timeout_ms);
    } else if (runner->in_frame && runner->part == SCRIPT_ROOT) {
        runner_lose_channel(runner, "sudo or doas gave no answer in time");
    } else if (runner->channel.begun > 0) {
        runner_lose_channel(runner, "the shell fell silent between two commands");
    } else {
        snprintf(what, sizeof(what), "no frame came back within %d ms", runner->frame_wait_ms);
        runner_lose_channel(runner, what);
    }
}

/* No command runs, and yet nothing comes: rather the way there is gone than the shell. Of a target
 * that never gave a frame this is believed once. */
static bool is_out_of_reach(const struct runner *runner)
{
    bool may_be_the_way = runner->is_self_tested || runner->idle_loss_count == 0;
    bool is_at_work = runner->in_frame && runner->part != SCRIPT_SELF_TEST;
    return runner->events->reconnect != NULL && may_be_the_way && !is_at_work;
}

/* The target's watchdog did not wait for us. */
static bool was_given_up(const struct runner *runner)
{
    return runner->channel.has_ended && runner->stood_still && runner->is_self_tested &&
           runner->events->reconnect != NULL && !runner->was_cut;
}

/* ---- the loop ---- */

/* Let time pass on the connection; false when it is lost. */
static bool pause_between_channels(struct runner *runner, struct error *error)
{
    int pause_ms =
        SILENT_PAUSE_MS < runner->frame_wait_ms ? SILENT_PAUSE_MS : runner->frame_wait_ms;
    runner_set_deadline(runner, pause_ms);
    while (runner_time_left_ms(runner) > 0 && !runner->has_stopped) {
        if (!runner_pump(runner, error))
            return false;
        runner_hear_user(runner, 0);
    }
    return true;
}

/* Towards the end ever shorter naps, and at last none: nobody is to wait for us to wake up. */
static int time_to_nap(const struct runner *runner)
{
    bool is_chatty = runner->news_bytes > 0 && runner->news_bytes < NAP_BELOW_BYTES;
    size_t left = script_frame_count(&runner->channel.script) - runner->channel.begun;
    size_t nap_ms = left / FRAMES_A_NAP_MS;
    return !is_chatty ? 0 : nap_ms < NAP_MAX_MS ? (int)nap_ms : NAP_MAX_MS;
}

/* False when the connection is lost. */
static bool work_channel(struct runner *runner, struct error *error)
{
    while (!runner->channel_is_over) {
        bool is_connected = runner_pump(runner, error);
        runner_take_events(runner);
        if (!is_connected && !runner->channel_is_over)
            return false;
        if (!runner->channel_is_over && was_given_up(runner))
            return error_set(error, ERROR_IO,
                             "the target gave the shell up while the reviewer's "
                             "side stood still");
        if (!runner->channel_is_over && runner->channel.has_ended)
            lose_ended_channel(runner);
        if (!runner->channel_is_over && runner_time_left_ms(runner) == 0) {
            if (is_out_of_reach(runner))
                return error_set(error, ERROR_TIMEOUT, "nothing came back within %d ms",
                                 runner->frame_wait_ms);
            miss_deadline(runner);
        }
        runner_hear_user(runner, runner->channel_is_over ? 0 : time_to_nap(runner));
    }
    return true;
}

static bool may_be_mended(const struct error *error)
{
    return error->code == ERROR_UNREACHABLE || error->code == ERROR_TIMEOUT ||
           error->code == ERROR_IO;
}

/* A target that takes no shell is not asked again; one that is lost may come back. */
static bool fail_to_open(struct runner *runner, const struct error *error)
{
    if (may_be_mended(error))
        return false;
    runner_stop(runner, STEP_NO_FRAME, "%s", error->message);
    return true;
}

/* The connection is lost with a step open, or with one that may have run unseen: it is asked again
 * unless that was tried before or could do harm. */
static void leave_open_step(struct runner *runner, const struct error *error)
{
    if (runner->has_stopped || runner->next == runner->plan->step_count)
        return;
    bool is_open = runner->in_frame && runner->part == SCRIPT_STEP;
    if (runner->in_frame && !is_open)
        runner_drop_frame(runner);
    if (is_open)
        runner_take_tail(runner);
    if (runner->plan->steps[runner->next].only_once)
        runner_fail_step(runner, STEP_CUT, "%s; it may change something and is not asked again",
                         error->message);
    else if (is_open && runner->was_cut)
        runner_fail_step(runner, STEP_CUT, "cut off twice: %s", error->message);
}

/* Another shell and other rights. */
static void move_to(struct runner *runner, size_t outside)
{
    if (outside == runner->outside)
        return;
    runner->outside = outside;
    runner->wants_self_test = true;
    runner->root_is_refused = false;
    runner->has_secret = false;
}

static bool run_channel(struct runner *runner, struct error *error)
{
    if (runner->plan->steps[runner->next].is_forward)
        return runner_forward(runner, error);
    move_to(runner, runner->plan->steps[runner->next].outside);
    const struct script_options options = {.first_step = runner->next,
                                           .self_test = runner->wants_self_test,
                                           .reach = runner->options->reach,
                                           .root_is_refused = runner->root_is_refused};
    runner->channel_is_over = false;
    runner->is_asking = false;
    runner->noise_told = 0;
    runner->stood_still = false;
    bool is_connected =
        channel_open(&runner->channel, runner->connection, runner->plan, options, error);
    if (is_connected) {
        runner_set_deadline(runner, runner->frame_wait_ms);
        is_connected = work_channel(runner, error);
    } else {
        is_connected = fail_to_open(runner, error);
    }
    if (!is_connected)
        leave_open_step(runner, error);
    channel_close(&runner->channel);
    return is_connected && (runner->silent_count == 0 || pause_between_channels(runner, error));
}

/* ---- a new connection ---- */

/* False: cancelled meanwhile. */
static bool pause_before_attempt(struct runner *runner, int attempt)
{
    static const int factors[ATTEMPTS_MAX] = {1, 8, 32, 80};
    int pause_ms = runner->options->retry_pause_ms;
    runner_set_deadline(runner, (pause_ms > 0 ? pause_ms : RETRY_PAUSE_MS) * factors[attempt - 1]);
    for (int left_ms; (left_ms = runner_time_left_ms(runner)) > 0 && !runner->has_stopped;)
        runner_hear_user(runner, left_ms);
    return !runner->has_stopped;
}

static bool connect_again(struct runner *runner, struct error *error)
{
    const struct error lost = *error;
    struct runner_loss loss = {.why = lost.message, .attempt_max = ATTEMPTS_MAX};
    while (loss.attempt++ < ATTEMPTS_MAX) {
        struct connection *connection = NULL;
        if (!pause_before_attempt(runner, loss.attempt))
            return false;
        if (runner->events->reconnect(runner->events->context, &loss, &connection, error)) {
            runner->connection = connection;
            runner->loss = lost;
            runner->wants_self_test = true;
            runner->silent_count = 0;
            runner->was_cut |= runner->in_frame;
            runner_drop_frame(runner);
            return true;
        }
        if (!may_be_mended(error))
            break;
    }
    const struct error why = *error;
    error_set(error, why.code, "%s; connecting again failed: %s", lost.message, why.message);
    return error_hint(error, "%s", why.hint);
}

/* True when the plan can go on. */
static bool replace_connection(struct runner *runner, struct error *error)
{
    bool is_hopeless = runner->events->reconnect == NULL || runner->has_stopped ||
                       ++runner->loss_count > LOSSES_MAX ||
                       ++runner->idle_loss_count > IDLE_LOSSES_MAX;
    if (!is_hopeless && runner->next < runner->plan->step_count && connect_again(runner, error))
        return true;
    if (runner->loss_count > 1 && is_hopeless)
        error_prefix(error, "the connection was lost %d times", runner->loss_count);
    if (!runner->has_stopped)
        runner_stop(runner, error->code == ERROR_CANCELLED ? STEP_CANCELLED : STEP_CUT, "%s",
                    error->message);
    return false;
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
    bool is_lost = false;
    runner->wants_self_test = true;
    runner->frame_wait_ms = options->frame_wait_ms != 0 ? options->frame_wait_ms : FRAME_WAIT_MS;
    while (runner->next < plan->step_count && !is_lost)
        is_lost = !run_channel(runner, error) && !replace_connection(runner, error);
    if (runner->is_cancelled)
        return error_set(error, ERROR_CANCELLED, "the run was cancelled");
    return !is_lost;
}
