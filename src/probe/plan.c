/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/plan.h"

#include "base/array.h"
#include "probe/forward.h"

static const char *const outcome_texts[] = {
#define X(name, text) [STEP_##name] = (text),
    STEP_OUTCOMES(X)
#undef X
};

const char *step_outcome_text(enum step_outcome outcome)
{
    return outcome_texts[outcome];
}

bool step_outcome_parse(const char *text, enum step_outcome *ret_outcome)
{
    for (size_t i = 0; i < LENGTH(outcome_texts); i++) {
        if (strcmp(text, outcome_texts[i]) != 0)
            continue;
        *ret_outcome = (enum step_outcome)i;
        return true;
    }
    return false;
}

static void step_release(struct plan_step *step)
{
    free(step->check);
    free(step->probe);
    free(step->command);
}

void plan_release(struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        step_release(&plan->steps[i]);
    free(plan->steps);
    *plan = (struct plan){0};
}

struct plan_step *plan_add(struct plan *plan, const char *command)
{
    struct plan_step *step = array_push(plan->steps, plan->step_count);
    step->command = memory_copy_text(command);
    return step;
}

static bool asks_the_same(const struct plan_step *a, const struct plan_step *b)
{
    return a->is_forward == b->is_forward && a->as_root == b->as_root && a->outside == b->outside &&
           a->from_reviewer == b->from_reviewer && a->timeout_ms == b->timeout_ms &&
           a->out_max_bytes == b->out_max_bytes && a->err_max_bytes == b->err_max_bytes &&
           strcmp(a->command, b->command) == 0;
}

bool plan_share_last(struct plan *plan, size_t *ret_step)
{
    struct plan_step *last = &plan->steps[plan->step_count - 1];
    for (size_t i = plan->step_count - 1; i-- > 0;) {
        if (last->only_once || plan->steps[i].only_once)
            return false;
        if (!asks_the_same(&plan->steps[i], last))
            continue;
        step_release(last);
        plan->step_count--;
        *ret_step = i;
        return true;
    }
    return false;
}

static void fill_in(struct plan_step *step)
{
    if (step->timeout_ms == 0)
        step->timeout_ms = PLAN_TIMEOUT_DEFAULT_MS;
    if (step->out_max_bytes == 0)
        step->out_max_bytes = PLAN_OUT_DEFAULT_BYTES;
    if (step->err_max_bytes == 0)
        step->err_max_bytes = PLAN_ERR_DEFAULT_BYTES;
}

static bool check_step(const struct plan_step *step, size_t *total, struct error *error)
{
    size_t length = step->command == NULL ? 0 : strlen(step->command);
    *total += length;
    if (length == 0)
        return error_set(error, ERROR_INVALID, "the command is empty");
    if (length > PLAN_COMMAND_MAX_BYTES)
        return error_set(error, ERROR_INVALID, "the command is longer than %d bytes",
                         PLAN_COMMAND_MAX_BYTES);
    if (*total > PLAN_COMMANDS_MAX_BYTES)
        return error_set(error, ERROR_INVALID, "all commands together are longer than %d bytes",
                         PLAN_COMMANDS_MAX_BYTES);
    if (step->is_forward && (step->as_root || step->outside > 0))
        return error_set(error, ERROR_INVALID, "sshd connects neither as root nor from outside");
    if (step->from_reviewer && (step->as_root || step->is_forward || step->outside > 0))
        return error_set(error, ERROR_INVALID,
                         "on the reviewer's machine nothing runs as root or behind hops");
    if (step->is_forward && !forward_order_check(step->command, error))
        return false;
    if (step->timeout_ms < 0 || step->timeout_ms > PLAN_TIMEOUT_MAX_MS)
        return error_set(error, ERROR_INVALID, "the time-out is %d ms, at most %d are possible",
                         step->timeout_ms, PLAN_TIMEOUT_MAX_MS);
    if (step->out_max_bytes > PLAN_STREAM_MAX_BYTES || step->err_max_bytes > PLAN_STREAM_MAX_BYTES)
        return error_set(error, ERROR_INVALID, "the cap on output is above %d bytes",
                         PLAN_STREAM_MAX_BYTES);
    return true;
}

bool plan_check(struct plan *plan, struct error *error)
{
    size_t total = 0;
    if (plan->step_count > PLAN_STEPS_MAX)
        return error_set(error, ERROR_INVALID, "the plan has %zu steps, at most %d are possible",
                         plan->step_count, PLAN_STEPS_MAX);
    if (plan->total_max_bytes < 0)
        return error_set(error, ERROR_INVALID, "the cap on the output of the run is negative");
    if (plan->total_max_bytes == 0)
        plan->total_max_bytes = PLAN_TOTAL_DEFAULT;
    for (size_t i = 0; i < plan->step_count; i++) {
        fill_in(&plan->steps[i]);
        if (!check_step(&plan->steps[i], &total, error))
            return error_prefix(error, "step %zu", i + 1);
    }
    return true;
}

bool plan_is_for(const struct plan *plan, bool reviewer, struct error *error)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].from_reviewer != reviewer)
            return error_set(error, ERROR_INVALID, "step %zu is for %s", i + 1,
                             reviewer ? "the target" : "the reviewer's machine");
    return true;
}

void plan_split(struct plan *plan, struct plan *ret_reviewers)
{
    size_t kept = plan->step_count;
    while (kept > 0 && plan->steps[kept - 1].from_reviewer)
        kept--;
    *ret_reviewers = (struct plan){.total_max_bytes = plan->total_max_bytes};
    for (size_t i = kept; i < plan->step_count; i++)
        *array_push(ret_reviewers->steps, ret_reviewers->step_count) = plan->steps[i];
    plan->step_count = kept;
}

void step_result_release(struct step_result *result)
{
    buffer_release(&result->out);
    buffer_release(&result->err);
}

void step_result_copy(const struct step_result *result, struct step_result *ret_copy)
{
    *ret_copy = *result;
    ret_copy->out = ret_copy->err = (struct buffer){0};
    buffer_append(&ret_copy->out, result->out.data, result->out.length);
    buffer_append(&ret_copy->err, result->err.data, result->err.length);
}
