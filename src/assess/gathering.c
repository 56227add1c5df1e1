/* SPDX-License-Identifier: Apache-2.0 */
/* The commands that one check needs, their results, and what the judge says to them. */
#include "gathering.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "target/spec.h"

#include <string.h>

/* Why a probe is not asked; NULL when it is. */
static const char *not_run_reason(const struct check_probe *probe, const char *target,
                                  bool active_allowed)
{
    AUTO_RELEASE(target_spec) struct target_spec spec = {0};

    if (probe->from == VANTAGE_REVIEWER && target_spec_parse(target, &spec, NULL) &&
        target_obstacle(&spec))
        return target_obstacle(&spec);
    if (probe->effect == EFFECT_ACTIVE && !active_allowed)
        return "it changes or contacts something, and consent to that was not given";
    return NULL;
}

void gathering_init(struct gathering *gathering, const struct parameters *parameters,
                    const struct check *check, const char *target, bool active_allowed)
{
    *gathering = (struct gathering){.check = check, .parameters = parameters};
    if (check->when)
        *array_push(gathering->askings, gathering->asking_count) = (struct asking){
            .probe = JUDGE_WHEN, .command = condition_command(check->when, parameters)};
    for (size_t i = 0; i < check->probe_count; i++) {
        const struct check_probe *probe = &check->probes[i];
        *array_push(gathering->askings, gathering->asking_count) =
            (struct asking){.probe = probe->id,
                            .spec = probe,
                            .command = parameters_expand_command(parameters, probe->run),
                            .not_run = not_run_reason(probe, target, active_allowed)};
    }
    for (size_t i = 0; i < gathering->asking_count; i++)
        gathering->open_count += gathering->askings[i].not_run == NULL;
}

void gathering_release(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->asking_count; i++) {
        free(gathering->askings[i].command);
        free(gathering->askings[i].own_probe);
        step_result_release(&gathering->askings[i].result);
    }
    free(gathering->askings);
    gathering->askings = NULL;
    gathering->asking_count = 0;
}

size_t gathering_outside(const char *target)
{
    AUTO_RELEASE(target_spec) struct target_spec spec = {0};

    return target_spec_parse(target, &spec, NULL) ? target_outside(&spec) : 0;
}

bool asking_is_outside(const struct asking *asking)
{
    return asking_vantage(asking) == VANTAGE_HOST;
}

enum vantage asking_vantage(const struct asking *asking)
{
    if (asking->outside > 0)
        return VANTAGE_HOST;
    return asking->spec ? asking->spec->from : VANTAGE_INSIDE;
}

void gathering_leave_out_reviewers(struct gathering *gathering, const char *reason)
{
    for (size_t i = 0; i < gathering->asking_count; i++) {
        struct asking *asking = &gathering->askings[i];
        if (asking->not_run || asking->has_result || asking_vantage(asking) != VANTAGE_REVIEWER)
            continue;
        asking->not_run = reason;
        gathering->open_count--;
    }
}

bool gathering_add_step(const struct gathering *gathering, size_t index, size_t outside,
                        struct plan *plan)
{
    const struct asking *asking = &gathering->askings[index];
    const struct check_probe *spec = asking->spec;

    if (asking->not_run)
        return false;
    *array_push(plan->steps, plan->step_count) = (struct plan_step){
        .check = memory_copy_text(gathering->check->id),
        .probe = memory_copy_text(asking->probe),
        .command = memory_copy_text(asking->command),
        .as_root = spec && spec->as_root,
        .outside = asking->outside > 0         ? asking->outside
                   : asking_is_outside(asking) ? outside
                                               : 0,
        .from_reviewer = asking_vantage(asking) == VANTAGE_REVIEWER,
        .only_once = spec && spec->effect == EFFECT_ACTIVE,
        .timeout_ms = spec ? spec->timeout_ms : PROBE_TIMEOUT_MS_DEFAULT,
        .out_max_bytes = spec ? spec->output_max_bytes : PROBE_OUTPUT_BYTES_DEFAULT,
        .err_max_bytes = PROBE_OUTPUT_BYTES_DEFAULT / 4};
    return true;
}

bool gathering_asks_twice(const struct gathering *gathering, size_t index)
{
    size_t count = 0;

    for (size_t i = 0; i < gathering->asking_count; i++)
        count += strcmp(gathering->askings[i].command, gathering->askings[index].command) == 0;
    return count > 1;
}

const char *asking_outcome(const struct asking *asking)
{
    if (asking->not_run)
        return outcome_text(OUTCOME_NOT_RUN);
    return asking->has_result ? step_outcome_text(asking->result.outcome)
                              : outcome_text(OUTCOME_CUT);
}

const char *asking_detail(const struct asking *asking)
{
    if (asking->not_run)
        return asking->not_run;
    return asking->has_result ? asking->result.detail : "the run ended before this probe was asked";
}

static struct judge_evidence as_judge_evidence(const struct asking *asking)
{
    struct judge_evidence evidence = {.probe = asking->probe,
                                      .command = asking->command,
                                      .detail = asking_detail(asking),
                                      .exit_status = asking->result.exit_status,
                                      .out = buffer_text(&asking->result.out),
                                      .out_length = asking->result.out.length,
                                      .err = buffer_text(&asking->result.err),
                                      .err_length = asking->result.err.length};

    if (!outcome_parse(asking_outcome(asking), &evidence.outcome))
        evidence.outcome = OUTCOME_CUT;
    return evidence;
}

struct judge_evidence *gathering_evidence(const struct gathering *gathering)
{
    struct judge_evidence *evidence = memory_new(gathering->asking_count, sizeof(*evidence));

    for (size_t i = 0; i < gathering->asking_count; i++)
        evidence[i] = as_judge_evidence(&gathering->askings[i]);
    return evidence;
}

void gathering_judge(const struct gathering *gathering, const struct parameters *parameters,
                     struct judgement *ret_judgement)
{
    AUTO_FREE struct judge_evidence *evidence = gathering_evidence(gathering);
    const struct judge_case matter = {.check = gathering->check,
                                      .parameters = parameters,
                                      .evidence = evidence,
                                      .evidence_count = gathering->asking_count,
                                      .now_ms = clock_wall_ms()};

    judge_check(&matter, ret_judgement);
}

enum effect asking_effect(const struct asking *asking)
{
    return asking->spec ? asking->spec->effect : EFFECT_READ;
}

static void print_asking(const struct asking *asking, struct buffer *text)
{
    const char *from = vantage_words(vantage_text(asking_vantage(asking)));

    buffer_append_format(
        text, "# probe %s%s%s%s%s%s%s\n", asking->probe,
        asking->spec && asking->spec->as_root ? ", as root" : "", *from ? ", " : "", from,
        asking_effect(asking) == EFFECT_ACTIVE ? ", active" : "",
        asking->not_run ? ", left out: " : "", asking->not_run ? asking->not_run : "");
    safe_text_append(text, asking->command, strlen(asking->command), SAFE_MANY_LINES);
    buffer_append_text(text, "\n\n");
}

void gathering_print_commands(const struct gathering *gathering, struct buffer *text)
{
    for (size_t a = 0; a < gathering->asking_count; a++)
        print_asking(&gathering->askings[a], text);
}
