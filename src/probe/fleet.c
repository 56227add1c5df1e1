/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A callback may start and cancel jobs, so nothing is started, ended or freed by those calls
 * themselves: they leave a note and a timer that is due at once. Two exceptions are safe: a message
 * to a worker, and a job that ends inside on_message(), which touches that job no more.
 */
#include "probe/fleet.h"

#include "fleet_worker.h"
#include "wire.h"

#include "base/array.h"

#include <assert.h>
#include <sys/wait.h>

enum { WORKERS_DEFAULT = 32, CANCEL_WAIT_MS = 150, RETRY_PAUSE_MS = 1000 };

enum job_state { JOB_QUEUED, JOB_PAUSED, JOB_CONNECTING, JOB_RUNNING };

struct fleet_job {
    struct fleet *fleet;
    int number;
    char *target;
    struct wire_open open;
    struct plan plan;
    bool is_local;
    enum job_state state;
    bool is_asking; /* an answer of the user is awaited */
    bool is_cancelled;
    size_t result_count;
    size_t begun_count;
    struct fleet_worker *worker; /* NULL while it is queued */
    int attempt, retries;
    struct loop_timer *patience; /* after a cancel; of a paused job, when it is tried again */
    struct error trouble;        /* why it cannot even begin; code ERROR_NONE: it can */
};

struct fleet {
    struct loop *loop;
    struct fleet_events events;
    char *worker_path;
    size_t worker_max;
    struct fleet_worker **workers;
    size_t worker_count;
    struct fleet_job **jobs; /* in the order of their start */
    size_t job_count;
    int last_number;
    struct loop_timer *soon;
};

static void work_soon(struct fleet *fleet);

/* ---- lists ---- */

static struct fleet_job *find_job(const struct fleet *fleet, int number)
{
    for (size_t i = 0; i < fleet->job_count; i++) {
        if (fleet->jobs[i]->number == number)
            return fleet->jobs[i];
    }
    return NULL;
}

static void forget_job(struct fleet *fleet, const struct fleet_job *job)
{
    size_t kept = 0;
    for (size_t i = 0; i < fleet->job_count; i++) {
        if (fleet->jobs[i] != job)
            fleet->jobs[kept++] = fleet->jobs[i];
    }
    fleet->job_count = kept;
}

static void forget_worker(struct fleet *fleet, const struct fleet_worker *worker)
{
    size_t kept = 0;
    for (size_t i = 0; i < fleet->worker_count; i++) {
        if (fleet->workers[i] != worker)
            fleet->workers[kept++] = fleet->workers[i];
    }
    fleet->worker_count = kept;
}

static void free_job(struct fleet_job *job)
{
    loop_timer_remove(job->fleet->loop, job->patience);
    plan_release(&job->plan);
    wire_open_release(&job->open);
    free(job->target);
    free(job);
}

/* ---- the end of a job ---- */

/* Its worker, if it has one, is idle from here on. */
static void end_job(struct fleet_job *job, const struct error *error)
{
    struct fleet *fleet = job->fleet;
    struct error cancelled;
    if (error != NULL && job->is_cancelled) {
        error_set(&cancelled, ERROR_CANCELLED, "the run on %s was cancelled", job->target);
        error = &cancelled;
    }
    if (job->worker != NULL) {
        job->worker->job = NULL;
        message_write(&job->worker->out, MESSAGE_CLOSE, NULL, NULL, 0);
        fleet_worker_flush(job->worker);
    }
    forget_job(fleet, job);
    fleet->events.ended(fleet->events.context, job->number, error);
    free_job(job);
    work_soon(fleet);
}

static const char *describe_status(int status, char text[64])
{
    if (WIFSIGNALED(status))
        snprintf(text, 64, "signal %d", WTERMSIG(status));
    else
        snprintf(text, 64, "exit status %d", WEXITSTATUS(status));
    return text;
}

/* WHY: what it said that makes no sense; NULL: it is gone by itself. */
static void lose_worker(struct fleet *fleet, struct fleet_worker *worker, const struct error *why)
{
    struct fleet_job *job = worker->job;
    struct error error;
    int status = 0;
    char text[64];
    forget_worker(fleet, worker);
    fleet_worker_end(worker, &status);
    if (job == NULL)
        return;
    job->worker = NULL;
    if (why->code == ERROR_INVALID)
        error_set(&error, ERROR_INVALID, "the worker for %s was stopped: %s", job->target,
                  why->message);
    else
        error_set(&error, ERROR_IO, "the worker for %s ended unexpectedly (%s)", job->target,
                  describe_status(status, text));
    error_hint(&error, "finished results are kept; run the rest again");
    end_job(job, &error);
}

static void on_lost(void *context, struct fleet_worker *worker, const struct error *error)
{
    lose_worker(context, worker, error);
}

/* ---- what a worker says ---- */

static bool unexpected(struct error *error)
{
    return error_set(error, ERROR_INVALID, "it sent a message that was not expected");
}

static bool take_hostkey(struct fleet_job *job, const struct message *message, struct error *error)
{
    const struct fleet_events *events = &job->fleet->events;
    struct wire_hostkey question;
    bool good = wire_read_hostkey(message, &question, error);
    if (good && !job->is_cancelled) {
        job->is_asking = true;
        events->hostkey(events->context, job->number, &question.hostkey, question.verdict,
                        question.where);
    }
    wire_hostkey_release(&question);
    return good;
}

static bool take_prompt(struct fleet_job *job, const struct message *message, struct error *error)
{
    const struct fleet_events *events = &job->fleet->events;
    struct prompt prompt;
    if (!wire_read_prompt(message, &prompt, error))
        return false;
    if ((prompt.kind == PROMPT_SUDO) != (job->state == JOB_RUNNING) ||
        (prompt.kind == PROMPT_SUDO && !job->plan.sudo_may_ask))
        return unexpected(error);
    if (!job->is_cancelled) {
        job->is_asking = true;
        events->prompt(events->context, job->number, &prompt);
    }
    return true;
}

static bool take_connected(struct fleet_job *job, const struct message *message)
{
    const struct fleet_events *events = &job->fleet->events;
    struct connection_identity identity;
    struct error cancelled = {.code = ERROR_CANCELLED};
    if (job->is_cancelled && job->state == JOB_CONNECTING) {
        end_job(job, &cancelled);
        return true;
    }
    /* Not for the first time: the plan goes on over a new connection. */
    if (job->state == JOB_CONNECTING) {
        job->state = JOB_RUNNING;
        wire_write_plan(&job->worker->out, &job->plan);
        fleet_worker_flush(job->worker);
    }
    wire_read_identity(message, &identity);
    events->connected(events->context, job->number, &identity);
    hostkey_list_release(&identity.jumps);
    return true;
}

static void tell_begun(struct fleet_job *job)
{
    const struct fleet_events *events = &job->fleet->events;
    if (job->begun_count > job->result_count)
        return;
    job->begun_count++;
    events->begun(events->context, job->number, job->result_count);
}

static bool take_begun(struct fleet_job *job, const struct message *message, struct error *error)
{
    if (job->result_count >= job->plan.step_count)
        return unexpected(error);
    if (!wire_read_begun(message, job->result_count, error))
        return false;
    tell_begun(job);
    return true;
}

/* A step that was over at once, or never began, comes without a BEGUN. */
static bool take_result(struct fleet_job *job, const struct message *message, struct error *error)
{
    const struct fleet_events *events = &job->fleet->events;
    struct step_result result;
    bool good = wire_read_result(message, &job->plan, job->result_count, &result, error);
    if (good && result.outcome <= STEP_TRUNCATED)
        tell_begun(job);
    if (good) {
        job->is_asking = false; /* sudo waits no longer */
        job->begun_count = ++job->result_count;
        events->result(events->context, job->number, &result);
    }
    step_result_release(&result);
    return good;
}

static bool take_finished(struct fleet_job *job, struct error *error)
{
    if (job->result_count < job->plan.step_count)
        return error_set(error, ERROR_INVALID, "it left out results");
    end_job(job, NULL);
    return true;
}

static void try_again(void *context)
{
    struct fleet_job *job = context;
    job->patience = NULL;
    job->state = JOB_QUEUED;
    work_soon(job->fleet);
}

/* Only what the network may mend by itself; not what a user, a key or a configuration has to. */
static bool may_try_again(const struct fleet_job *job, const struct error *failure)
{
    return job->state == JOB_CONNECTING && job->attempt < job->retries && !job->is_cancelled &&
           (failure->code == ERROR_UNREACHABLE || failure->code == ERROR_TIMEOUT);
}

/* The worker is free meanwhile. Targets that failed together do not come back together. */
static void pause_job(struct fleet_job *job, const struct error *failure)
{
    const struct fleet_events *events = &job->fleet->events;
    int pause_ms = (RETRY_PAUSE_MS << (2 * job->attempt)) * (8 + job->number % 8) / 8;
    job->worker->job = NULL;
    job->worker = NULL;
    job->state = JOB_PAUSED;
    job->attempt++;
    job->patience = loop_timer_add(job->fleet->loop, pause_ms, 0, try_again, job);
    AUTO_FREE char *text = memory_format("%s; trying again in %d s (%d of %d)", failure->message,
                                         (pause_ms + 999) / 1000, job->attempt, job->retries);
    events->progress(events->context, job->number, text);
    work_soon(job->fleet);
}

static bool take_failed(struct fleet_job *job, const struct message *message)
{
    struct error failure;
    wire_read_error(message, &failure);
    if (may_try_again(job, &failure)) {
        pause_job(job, &failure);
        return true;
    }
    if (job->attempt > 0 && job->state == JOB_CONNECTING)
        error_prefix(&failure, "tried %d times", job->attempt + 1);
    end_job(job, &failure);
    return true;
}

static bool take_progress(struct fleet_job *job, const struct message *message)
{
    const struct fleet_events *events = &job->fleet->events;
    events->progress(events->context, job->number, json_member_text(message->body, "text", ""));
    return true;
}

static bool on_message(void *context, struct fleet_worker *worker, const struct message *message,
                       struct error *error)
{
    struct fleet_job *job = worker->job;
    bool is_connecting = job != NULL && job->state == JOB_CONNECTING;
    bool is_running = job != NULL && job->state == JOB_RUNNING;
    (void)context;
    if (message->type == MESSAGE_PROGRESS && job != NULL)
        return take_progress(job, message);
    if (message->type == MESSAGE_FAILED && job != NULL)
        return take_failed(job, message);
    if (message->type == MESSAGE_HOSTKEY && is_connecting)
        return take_hostkey(job, message, error);
    if (message->type == MESSAGE_PROMPT && (is_connecting || is_running))
        return take_prompt(job, message, error);
    if (message->type == MESSAGE_CONNECTED && (is_connecting || is_running))
        return take_connected(job, message);
    if (message->type == MESSAGE_BEGUN && is_running)
        return take_begun(job, message, error);
    if (message->type == MESSAGE_RESULT && is_running)
        return take_result(job, message, error);
    if (message->type == MESSAGE_FINISHED && is_running)
        return take_finished(job, error);
    return unexpected(error);
}

/* ---- handing out work ---- */

static struct fleet_worker *find_idle(const struct fleet *fleet, bool is_local)
{
    for (size_t i = 0; i < fleet->worker_count; i++) {
        struct fleet_worker *worker = fleet->workers[i];
        if (worker->job == NULL && !(is_local && worker->is_remote))
            return worker;
    }
    return NULL;
}

/* Make room for a worker of the other kind. */
static bool end_one_idle(struct fleet *fleet)
{
    struct fleet_worker *idle = find_idle(fleet, false);
    if (idle == NULL)
        return false;
    forget_worker(fleet, idle);
    fleet_worker_end(idle, NULL);
    return true;
}

/* RET_WORKER stays NULL while all are busy. */
static bool get_worker(struct fleet *fleet, bool is_local, struct fleet_worker **ret_worker,
                       struct error *error)
{
    const struct fleet_worker_events events = {
        .context = fleet, .message = on_message, .lost = on_lost};
    *ret_worker = find_idle(fleet, is_local);
    if (*ret_worker != NULL)
        return true;
    if (fleet->worker_count >= fleet->worker_max && !end_one_idle(fleet))
        return true;
    struct fleet_worker *worker;
    if (!fleet_worker_start(fleet->loop, fleet->worker_path, &events, &worker, error))
        return false;
    *array_push(fleet->workers, fleet->worker_count) = worker;
    *ret_worker = worker;
    return true;
}

static void give_job(struct fleet_worker *worker, struct fleet_job *job)
{
    worker->job = job;
    worker->is_remote |= !job->is_local;
    job->worker = worker;
    job->state = JOB_CONNECTING;
    wire_write_open(&worker->out, &job->open);
    fleet_worker_flush(worker);
}

static struct fleet_job *next_queued(const struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->job_count; i++) {
        struct fleet_job *job = fleet->jobs[i];
        if (job->state == JOB_QUEUED)
            return job;
    }
    return NULL;
}

/* Jobs that end without having begun: cancelled, or impossible from the start. */
static bool end_one_unstarted(struct fleet *fleet)
{
    for (size_t i = 0; i < fleet->job_count; i++) {
        struct fleet_job *job = fleet->jobs[i];
        /* end_job() takes a job off the list. NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
        if (job->state != JOB_QUEUED || (!job->is_cancelled && job->trouble.code == ERROR_NONE))
            continue;
        struct error why = job->trouble;
        end_job(job, &why);
        return true;
    }
    return false;
}

static void work(void *context)
{
    struct fleet *fleet = context;
    struct fleet_job *job;
    fleet->soon = NULL;
    while (end_one_unstarted(fleet))
        continue;
    while ((job = next_queued(fleet)) != NULL) {
        struct fleet_worker *worker;
        struct error error;
        if (!get_worker(fleet, job->is_local, &worker, &error)) {
            end_job(job, &error);
            continue;
        }
        if (worker == NULL)
            return;
        give_job(worker, job);
    }
}

static void work_soon(struct fleet *fleet)
{
    if (fleet->soon == NULL)
        fleet->soon = loop_timer_add(fleet->loop, 0, 0, work, fleet);
}

/* ---- the public face ---- */

bool fleet_new(struct loop *loop, const struct fleet_options *options,
               const struct fleet_events *events, struct fleet **ret_fleet, struct error *error)
{
    AUTO_FREE char *path = NULL;
    if (!fleet_worker_find(options->worker_path, &path, error))
        return false;
    struct fleet *fleet = memory_new(1, sizeof(*fleet));
    fleet->loop = loop;
    fleet->events = *events;
    fleet->worker_path = take(&path);
    fleet->worker_max = options->worker_max > 0 ? (size_t)options->worker_max : WORKERS_DEFAULT;
    *ret_fleet = fleet;
    return true;
}

void fleet_free(struct fleet *fleet)
{
    if (fleet == NULL)
        return;
    for (size_t i = 0; i < fleet->worker_count; i++)
        kill(fleet->workers[i]->pid, SIGKILL);
    for (size_t i = 0; i < fleet->worker_count; i++)
        fleet_worker_end(fleet->workers[i], NULL);
    for (size_t i = 0; i < fleet->job_count; i++)
        free_job(fleet->jobs[i]);
    loop_timer_remove(fleet->loop, fleet->soon);
    free(fleet->workers);
    free(fleet->jobs);
    free(fleet->worker_path);
    free(fleet);
}

int fleet_start(struct fleet *fleet, struct job *job)
{
    struct fleet_job *own = memory_new(1, sizeof(*own));
    struct target_spec spec = {0};
    *own = (struct fleet_job){
        .fleet = fleet,
        .number = ++fleet->last_number,
        .target = memory_copy_text(job->target),
        .open = {.spec = memory_copy_text(job->spec),
                 .pinned_key = memory_copy_text(job->pinned_key),
                 .identity = memory_copy_text(job->identity),
                 .known_hosts = memory_copy_text(job->known_hosts),
                 .allow_password = job->allow_password,
                 .from_reviewer = job->from_reviewer},
        .plan = *job->plan,
        .retries = job->retries,
    };
    for (size_t i = 0; job->jump_keys != NULL && i < job->jump_keys->count; i++)
        hostkey_list_put(&own->open.jump_keys, &job->jump_keys->items[i]);
    *job->plan = (struct plan){0};
    if (target_spec_parse(job->spec, &spec, &own->trouble) &&
        plan_check(&own->plan, &own->trouble) &&
        plan_is_for(&own->plan, job->from_reviewer, &own->trouble))
        own->trouble.code = ERROR_NONE;
    own->is_local = spec.kind == TARGET_LOCAL || job->from_reviewer;
    target_spec_release(&spec);
    *array_push(fleet->jobs, fleet->job_count) = own;
    work_soon(fleet);
    return own->number;
}

size_t fleet_job_count(const struct fleet *fleet)
{
    return fleet->job_count;
}

static void answer(struct fleet *fleet, int number, bool accept, const char *secret)
{
    struct fleet_job *job = find_job(fleet, number);
    if (job == NULL || !job->is_asking || job->is_cancelled)
        return;
    job->is_asking = false;
    wire_write_answer(&job->worker->out, accept, secret);
    fleet_worker_flush(job->worker);
}

void fleet_answer_hostkey(struct fleet *fleet, int job, bool accept)
{
    answer(fleet, job, accept, NULL);
}

void fleet_answer_prompt(struct fleet *fleet, int job, const char *secret)
{
    answer(fleet, job, secret != NULL, secret);
}

/* What the worker said in time counts, also where we were too busy to hear it. */
static void lose_patience(void *context)
{
    struct fleet_job *job = context;
    struct fleet *fleet = job->fleet;
    struct fleet_worker *worker = job->worker;
    struct error cancelled = {.code = ERROR_CANCELLED};
    int number = job->number;
    job->patience = NULL;
    fleet_worker_take_rest(worker);
    forget_worker(fleet, worker);
    fleet_worker_end(worker, NULL);
    job = find_job(fleet, number);
    if (job == NULL)
        return;
    job->worker = NULL;
    end_job(job, &cancelled);
}

static void cancel(struct fleet_job *job)
{
    if (job->is_cancelled)
        return;
    job->is_cancelled = true;
    if (job->state == JOB_PAUSED) {
        loop_timer_remove(job->fleet->loop, take(&job->patience));
        job->state = JOB_QUEUED;
    }
    if (job->state == JOB_QUEUED) {
        work_soon(job->fleet);
        return;
    }
    message_write(&job->worker->out, MESSAGE_CANCEL, NULL, NULL, 0);
    fleet_worker_flush(job->worker);
    /* A worker that connects does not listen, and has nothing yet that could be lost. */
    int wait_ms = job->state == JOB_CONNECTING ? 0 : CANCEL_WAIT_MS;
    job->patience = loop_timer_add(job->fleet->loop, wait_ms, 0, lose_patience, job);
}

void fleet_cancel(struct fleet *fleet, int number)
{
    for (size_t i = 0; i < fleet->job_count; i++) {
        if (number == 0 || fleet->jobs[i]->number == number)
            cancel(fleet->jobs[i]);
    }
}
