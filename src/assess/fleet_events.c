/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The fleet's events, as they come in from the loop: its jobs are runs, one a target, and vantages
 * that measure flows. What they bring of a run goes to record.c as soon as a check has all its
 * results.
 */
#include "state.h"

#include <string.h>

static struct run *run_of_job(const struct session *session, int job)
{
    for (size_t i = 0; i < session->run_count; i++)
        if (session->runs[i]->job == job)
            return session->runs[i];
    return NULL;
}

/* The target of a job, be it a run or a vantage that measures flows; NULL: none of ours. */
static const size_t *target_of_job(const struct session *session, int job)
{
    const struct run *run = run_of_job(session, job);

    return measuring_has_job(session, job) ? measuring_target(session) : run ? &run->target : NULL;
}

static void run_remove(struct session *session, struct run *run)
{
    for (size_t i = 0; i < session->run_count; i++)
        if (session->runs[i] == run)
            session->runs[i] = session->runs[--session->run_count];
    run_free(run);
}

/* The key of a server that we logged in to for the first time becomes the one we expect. */
static void pin_hostkey(struct session *session, struct run *run, const struct hostkey *hostkey)
{
    size_t target = run->target;

    if (!hostkey->key || run->has_pinned || session->target_rows.items[target].key[0])
        return;
    run->has_pinned = true;
    record_entry(session, ENTRY_HOSTKEY,
                 pin_body(session->targets[target].name, hostkey, "first-contact"));
}

static void pin_jumps(struct session *session, const struct run *run,
                      const struct hostkey_list *jumps)
{
    const char *target = session->targets[run->target].name;

    for (size_t i = 0; i < jumps->count; i++)
        if (pin_is_new_jump(session, &jumps->items[i]))
            record_entry(session, ENTRY_HOSTKEY, pin_body(target, &jumps->items[i], "jump-host"));
}

/* --- events of the fleet --- */

static void on_progress(void *context, int job, const char *text)
{
    struct session *session = context;
    const size_t *target = target_of_job(session, job);

    if (!target)
        return;
    if (session->targets[*target].state == TARGET_WAITING)
        session->targets[*target].state = TARGET_CONNECTING;
    target_set_status(session, *target, text);
    session_announce(session);
}

static void on_hostkey(void *context, int job, const struct hostkey *hostkey,
                       enum hostkey_verdict verdict, const char *where)
{
    struct session *session = context;
    const size_t *target = target_of_job(session, job);

    if (target && verdict == HOSTKEY_UNKNOWN && pin_was_accepted(session, hostkey))
        fleet_answer_hostkey(session->fleet, job, true);
    else if (target && verdict == HOSTKEY_UNKNOWN)
        question_push_hostkey(session, *target, job, hostkey, where);
    else
        fleet_answer_hostkey(session->fleet, job, false);
}

static void on_prompt(void *context, int job, const struct prompt *prompt)
{
    struct session *session = context;
    const size_t *target = target_of_job(session, job);

    if (target)
        question_push_prompt(session, *target, job, prompt);
    else
        fleet_answer_prompt(session->fleet, job, NULL);
}

static json_t *identity_body(const struct connection_identity *identity)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "user", json_text(identity->user),
                     "host", json_text(identity->host), "address", json_text(identity->address),
                     "server", json_text(identity->server_version), "key_exchange",
                     json_text(identity->key_exchange), "cipher", json_text(identity->cipher),
                     "authentication", json_text(identity->authentication), "hostkey",
                     json_text(identity->hostkey.fingerprint));
}

static void on_connected(void *context, int job, const struct connection_identity *identity)
{
    struct session *session = context;
    struct run *run = run_of_job(session, job);

    if (measuring_has_job(session, job))
        measuring_connected(session, identity);
    if (!run)
        return;
    session->targets[run->target].state = TARGET_PROBING;
    if (run->is_on_reviewers)
        return;
    json_decref(run->identity);
    run->identity = identity_body(identity);
    target_set_status(session, run->target, "connected");
    pin_hostkey(session, run, &identity->hostkey);
    pin_jumps(session, run, &identity->jumps);
    frames_save_identity(session, run, identity);
    session_announce(session);
}

static void on_begun(void *context, int job, size_t step)
{
    struct session *session = context;
    const struct run *run = run_of_job(session, job);

    if (measuring_has_job(session, job))
        measuring_begun(session);
    if (!run || run->first_step + step >= run->owner_count)
        return;
    step += run->first_step;
    session->targets[run->target].state = TARGET_PROBING;
    target_set_status(session, run->target, run->gatherings[run->owners[step].gathering].check->id);
}

/* A probe that was cancelled before it said a word must not stand for what was seen before. */
static bool has_news(const struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->asking_count; i++) {
        const struct asking *asking = &gathering->askings[i];
        const struct step_result *result = &asking->result;
        if (asking->has_result &&
            (result->outcome != STEP_CANCELLED || result->out.length || result->err.length))
            return true;
    }
    return false;
}

/* A check that is complete was recorded and let go. */
static bool is_answered(const struct run *run, struct step_owner who)
{
    const struct gathering *gathering = &run->gatherings[who.gathering];

    return !gathering->askings || gathering->askings[who.asking].has_result;
}

/* RESULT's bytes are taken. */
static void take_answer(struct session *session, struct run *run, struct step_owner who,
                        struct step_result *result)
{
    struct gathering *gathering = &run->gatherings[who.gathering];
    struct asking *asking = &gathering->askings[who.asking];

    asking->result = *result;
    result->out = result->err = (struct buffer){0};
    asking->has_result = true;
    session->targets[run->target].steps_done++;
    session->targets[run->target].refused_count += result->outcome == STEP_REFUSED;
    if (--gathering->open_count == 0 && has_news(gathering))
        record_ready(session, run, who.gathering);
}

/* Each check that waits for the answer has evidence of its own. */
static void hand_out(struct session *session, struct run *run, struct step_result *result)
{
    for (size_t i = 0; i < run->sharer_count; i++) {
        struct step_result copy;
        if (run->sharers[i].step != result->step)
            continue;
        step_result_copy(result, &copy);
        take_answer(session, run, run->sharers[i].who, &copy);
    }
    take_answer(session, run, run->owners[result->step], result);
}

static void on_result(void *context, int job, struct step_result *result)
{
    struct session *session = context;
    struct run *run = run_of_job(session, job);

    if (measuring_has_job(session, job))
        measuring_result(session, result);
    if (!run || run->first_step + result->step >= run->owner_count)
        return;
    result->step += run->first_step;
    if (session->targets[run->target].state == TARGET_ASKING) {
        questions_drop(session, run->target); /* sudo gave up waiting */
        session->targets[run->target].state = TARGET_PROBING;
    }
    if (is_answered(run, run->owners[result->step]))
        return;
    frames_save_result(session, run, result);
    hand_out(session, run, result);
}

/* Checks that got some of their results, but not all, before the run ended: what is there is kept.
 */
static void record_partial(struct session *session, struct run *run)
{
    for (size_t i = 0; i < run->gathering_count; i++) {
        struct gathering *gathering = &run->gatherings[i];
        if (gathering->open_count && has_news(gathering)) {
            gathering->open_count = 0;
            record_ready(session, run, i);
        }
    }
}

/* --- looking from the reviewer's machine --- */

/* The target has no address here: its checks are blocked, and the run is none the worse for it. */
static bool is_only_out_of_reach(const struct run *run, const struct error *error)
{
    return run->is_on_reviewers && error->code == ERROR_UNSUPPORTED;
}

static void leave_out_reviewers(struct session *session, struct run *run, const struct error *error)
{
    free(run->obstacle);
    run->obstacle = memory_copy_text(error->message);
    for (size_t i = 0; i < run->gathering_count; i++) {
        struct gathering *gathering = &run->gatherings[i];
        size_t before = gathering->open_count;
        gathering_leave_out_reviewers(gathering, run->obstacle);
        if (before && !gathering->open_count)
            record_ready(session, run, i);
    }
}

/* --- the end of a run --- */

static void end_run(struct session *session, struct run *run, const struct error *error)
{
    struct session_target *target = &session->targets[run->target];
    const char *state = "finished";

    record_partial(session, run);
    if (error)
        state = error->code == ERROR_CANCELLED ? "cancelled" : "failed";
    questions_drop(session, run->target);
    target->state = TARGET_IDLE;
    if (error)
        target_set_status(session, run->target, error->message);
    target->has_failed = error && error->code != ERROR_CANCELLED;
    run_tell(session, run, state, error ? error->message : "");
    record_ended(session, run->target, error);
    run_remove(session, run);
    runs_start_waiting(session);
    session_announce(session);
}

static void on_ended(void *context, int job, const struct error *error)
{
    struct session *session = context;
    struct run *run = run_of_job(session, job);
    struct error cancelled;

    if (measuring_has_job(session, job))
        measuring_ended(session, error);
    if (!run)
        return;
    if (!error && run->reviewers.step_count && !run->is_cancelled) {
        run_start_reviewers(session, run);
        session_announce(session);
        return;
    }
    if (!error && run->reviewers.step_count) {
        error_set(&cancelled, ERROR_CANCELLED, "the run on %s was cancelled",
                  session->targets[run->target].name);
        error = &cancelled;
    }
    if (error && is_only_out_of_reach(run, error)) {
        leave_out_reviewers(session, run, error);
        error = NULL;
    }
    end_run(session, run, error);
}

static void cancel_all(struct session *session)
{
    session_cancel(session, NULL);
}

bool runs_ensure_fleet(struct session *session, struct error *error)
{
    const struct fleet_options options = {.worker_path = session->worker_path,
                                          .worker_max = session->worker_max};
    const struct fleet_events events = {.context = session,
                                        .progress = on_progress,
                                        .hostkey = on_hostkey,
                                        .prompt = on_prompt,
                                        .connected = on_connected,
                                        .begun = on_begun,
                                        .result = on_result,
                                        .ended = on_ended};

    session->cancel_all = cancel_all;
    return session->fleet || fleet_new(session->loop, &options, &events, &session->fleet, error);
}

/* --- from outside --- */

size_t session_running_count(const struct session *session)
{
    return runs_count(session) + measuring_left(session);
}

void session_cancel(struct session *session, const char *target)
{
    size_t index;
    struct run *run;

    if (!session->fleet)
        return;
    if (!target) {
        runs_drop_waiting(session, NULL);
        measuring_cancel(session, NULL);
        for (size_t i = 0; i < session->run_count; i++)
            session->runs[i]->is_cancelled = true;
        fleet_cancel(session->fleet, 0);
        return;
    }
    if (!target_require(session, target, &index, NULL))
        return;
    runs_drop_waiting(session, &index);
    measuring_cancel(session, &index);
    if ((run = run_of_target(session, index)) != NULL) {
        run->is_cancelled = true;
        fleet_cancel(session->fleet, run->job);
    }
}

/* The review is closing: what was delivered is written, the rest is gone with its workers. */
void runs_release(struct session *session)
{
    fleet_free(take(&session->fleet));
    session->events = (struct session_events){0};
    measuring_close(session);
    runs_drop_waiting(session, NULL);
    while (session->run_count) {
        struct run *run = session->runs[0];
        record_partial(session, run);
        run_tell(session, run, "cancelled", "");
        questions_drop(session, run->target);
        run_remove(session, run);
    }
    record_close(session);
    if (session->loop) {
        loop_timer_remove(session->loop, take(&session->flush_timer));
        loop_timer_remove(session->loop, take(&session->items_timer));
    }
    free(take(&session->waiting));
    free(take(&session->runs));
    free(take(&session->questions));
    secret_free(take(&session->sudo_secret));
}
