/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/trial.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/utf8.h"
#include "checklist/catalog.h"
#include "checklist/fixtures.h"
#include "checklist/load.h"
#include "errand.h"
#include "gathering.h"
#include "setting.h"

#include <string.h>

struct trial {
    char *path, *target, *spec;
    struct strings settings; /* "id=value" as given */
    bool allow_password;
    struct checklist *checklist;
    struct parameters parameters;
    const struct check *check;
    struct gathering gathering;
    size_t *step_askings; /* for each step of the plan: its asking */
    size_t step_count;
    size_t first_step; /* of the plan at hand: the one on the reviewer's machine is the second */
    char *obstacle;    /* why that one could not look; NULL: it could */
    struct judgement judgement;
    struct judge_explanation explanation;
    struct errand errand;
};

void trial_close(struct trial *trial)
{
    if (!trial)
        return;
    judgement_release(&trial->judgement);
    judge_explanation_release(&trial->explanation);
    gathering_release(&trial->gathering);
    free(trial->step_askings);
    free(trial->obstacle);
    if (trial->checklist)
        parameters_release(&trial->parameters);
    checklist_free(trial->checklist);
    strings_release(&trial->settings);
    free(trial->path);
    free(trial->target);
    free(trial->spec);
    free(trial);
}

static bool find_check(struct trial *trial, const char *id, struct error *error)
{
    trial->check = checklist_find_check(trial->checklist, id);
    if (trial->check)
        return true;
    error_set(error, ERROR_NOT_FOUND, "the checklist '%s' has no such check", trial->checklist->id);
    return error_hint(error, "'walkdown checklists CHECKLIST' lists its checks");
}

bool trial_open(const struct trial_request *request, struct trial **ret_trial, struct error *error)
{
    AUTO(trial) struct trial *trial = memory_new(1, sizeof(*trial));
    bool ok = true;

    if (!target_name_parse(request->target, &trial->target, &trial->spec, error) ||
        !catalog_find(request->checklist, &trial->path, error) ||
        !checklist_load_file(trial->path, &trial->checklist, NULL, error))
        return false;
    parameters_init(&trial->parameters, trial->checklist);
    for (size_t i = 0; ok && request->parameters && i < request->parameters->count; i++) {
        strings_push(&trial->settings, request->parameters->items[i]);
        ok = setting_apply(request->parameters->items[i], &trial->parameters, 1, error);
    }
    if (!ok || !find_check(trial, request->check, error))
        return false;
    trial->allow_password = request->allow_password;
    gathering_init(&trial->gathering, &trial->parameters, trial->check, trial->spec,
                   request->consent_active);
    *ret_trial = take(&trial);
    return true;
}

bool trial_is_bundled(const struct trial *trial)
{
    return catalog_is_bundled(&trial->checklist->digest);
}

void trial_print_commands(const struct trial *trial, struct buffer *text)
{
    gathering_print_commands(&trial->gathering, text);
}

/* --- the run --- */

static void on_result(void *context, struct step_result *result)
{
    struct trial *trial = context;
    struct asking *asking;

    if (trial->first_step + result->step >= trial->step_count)
        return;
    asking = &trial->gathering.askings[trial->step_askings[trial->first_step + result->step]];
    if (asking->has_result)
        return;
    asking->result = *result;
    result->out = result->err = (struct buffer){0};
    asking->has_result = true;
}

static void judge(struct trial *trial)
{
    AUTO_FREE struct judge_evidence *evidence = gathering_evidence(&trial->gathering);
    const struct judge_case matter = {.check = trial->check,
                                      .parameters = &trial->parameters,
                                      .evidence = evidence,
                                      .evidence_count = trial->gathering.asking_count,
                                      .now_ms = clock_wall_ms()};

    judge_check(&matter, &trial->judgement);
    judge_explain(&matter, &trial->explanation);
}

static void make_plan(struct trial *trial, struct plan *plan)
{
    size_t outside = gathering_outside(trial->spec);

    for (size_t v = VANTAGE_INSIDE; v <= VANTAGE_REVIEWER; v++)
        for (size_t i = 0; i < trial->gathering.asking_count; i++)
            if (asking_vantage(&trial->gathering.askings[i]) == (enum vantage)v &&
                gathering_add_step(&trial->gathering, i, outside, plan))
                *array_push(trial->step_askings, trial->step_count) = i;
}

static bool run_reviewers(struct trial *trial, struct plan *plan, struct error *error)
{
    trial->first_step = trial->step_count - plan->step_count;
    trial->errand.from_reviewer = true;
    if (errand_run(&trial->errand, plan, error))
        return true;
    if (error->code != ERROR_UNSUPPORTED)
        return false;
    trial->obstacle = memory_copy_text(error->message);
    gathering_leave_out_reviewers(&trial->gathering, trial->obstacle);
    return true;
}

bool trial_run(struct trial *trial, struct loop *loop, const struct visit_events *events,
               struct error *error)
{
    struct plan plan = {0}, reviewers;
    bool ok = true;

    trial->errand = (struct errand){.target = trial->target,
                                    .spec = trial->spec,
                                    .allow_password = trial->allow_password,
                                    .loop = loop,
                                    .events = *events,
                                    .context = trial,
                                    .result = on_result};
    make_plan(trial, &plan);
    plan_split(&plan, &reviewers);
    if (plan.step_count)
        ok = errand_run(&trial->errand, &plan, error);
    if (ok && reviewers.step_count)
        ok = run_reviewers(trial, &reviewers, error);
    plan_release(&plan);
    plan_release(&reviewers);
    if (ok)
        judge(trial);
    return ok;
}

void trial_cancel(struct trial *trial)
{
    errand_cancel(&trial->errand);
}

/* --- what came of it --- */

const struct check *trial_check(const struct trial *trial)
{
    return trial->check;
}

size_t trial_answer_count(const struct trial *trial)
{
    return trial->gathering.asking_count;
}

struct trial_answer trial_answer_at(const struct trial *trial, size_t index)
{
    const struct asking *asking = &trial->gathering.askings[index];
    bool is_done = asking->has_result && asking->result.outcome == STEP_DONE;

    return (struct trial_answer){.probe = asking->probe,
                                 .command = asking->command,
                                 .outcome = asking_outcome(asking),
                                 .detail = asking_detail(asking),
                                 .as_root = asking->spec && asking->spec->as_root,
                                 .from = asking_vantage(asking),
                                 .exit_status = is_done ? asking->result.exit_status : -1,
                                 .duration_ms = asking->result.duration_ms,
                                 .out = &asking->result.out,
                                 .err = &asking->result.err};
}

const struct judgement *trial_judgement(const struct trial *trial)
{
    return &trial->judgement;
}

const struct judge_explanation *trial_explanation(const struct trial *trial)
{
    return &trial->explanation;
}

/* --- recording --- */

static void add_parameters(const struct trial *trial, struct fixture *fixture)
{
    for (size_t i = 0; i < trial->settings.count; i++) {
        AUTO_FREE char *id = setting_id(trial->settings.items[i]);
        const struct parameter *parameter = checklist_find_parameter(trial->checklist, id);
        struct fixture_parameter *row = array_push(fixture->parameters, fixture->parameter_count);
        const struct strings *values =
            &trial->parameters.values[parameter - trial->checklist->parameters];
        row->id = memory_copy_text(id);
        for (size_t v = 0; v < values->count; v++)
            strings_push(&row->values, values->items[v]);
    }
}

static struct fixtures *make_fixture(const struct trial *trial, const char *suggests)
{
    char now[CLOCK_TEXT_BYTES];
    struct fixtures *fixtures = memory_new(1, sizeof(*fixtures));
    struct fixture *fixture = array_push(fixtures->items, fixtures->count);

    clock_format_utc(clock_wall_ms(), now);
    now[strlen("2026-01-31")] = '\0';
    fixture->check = memory_copy_text(trial->check->id);
    fixture->suggests = memory_copy_text(suggests);
    fixture->note = memory_copy_text("");
    fixture->now = memory_copy_text(now);
    add_parameters(trial, fixture);
    for (size_t i = 0; i < trial_answer_count(trial); i++) {
        const struct trial_answer answer = trial_answer_at(trial, i);
        /* Where the check does not apply, the probes' answers mean nothing. */
        if (trial->judgement.suggestion == SUGGESTION_NOT_APPLICABLE && i > 0)
            break;
        *array_push(fixture->answers, fixture->answer_count) = (struct fixture_answer){
            .probe = memory_copy_text(answer.probe),
            .outcome = memory_copy_text(answer.outcome),
            .exit_status = answer.exit_status < 0 ? 0 : answer.exit_status,
            .out = memory_copy(buffer_text(answer.out), answer.out->length),
            .err = memory_copy(buffer_text(answer.err), answer.err->length)};
    }
    return fixtures;
}

/* The file as it is, or its first lines, and one fixture more. What results is read again before it
 * is written. */
static bool append_to_file(const struct trial *trial, const struct fixtures *fixtures,
                           const char *path, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO(fixtures) struct fixtures *check = NULL;
    struct error problem = {0};

    if (!file_read(path, CHECKLIST_SOURCE_MAX_BYTES, &text, &problem)) {
        if (problem.code != ERROR_NOT_FOUND)
            return error_set(error, problem.code, "%s", problem.message);
        fixtures_write_head(trial->checklist->id, &text);
    } else if (text.length && text.data[text.length - 1] != '\n') {
        buffer_append_byte(&text, '\n');
    }
    if (!fixture_write(&fixtures->items[0], &text, error))
        return false;
    if (!fixtures_load(buffer_text(&text), text.length, &check, NULL, &problem))
        return error_set(error, problem.code, "%s:%s", path, problem.message);
    return file_write(path, text.data, text.length, 0644, error);
}

bool trial_record(const struct trial *trial, const char *suggests, char **ret_path,
                  struct error *error)
{
    AUTO_FREE char *path = fixtures_path(trial->path, trial->checklist->id);
    AUTO_FREE char *folder = memory_copy(path, (size_t)(path_base(path) - path));
    AUTO(fixtures) struct fixtures *fixtures = make_fixture(trial, suggests);

    if (strcmp(suggestion_text(trial->judgement.suggestion), suggests) != 0) {
        error_set(error, ERROR_CONFLICT, "this is '%s', not '%s'; nothing was recorded",
                  suggestion_text(trial->judgement.suggestion), suggests);
        return error_hint(error, "mend the check or the target, or record what it is");
    }
    if (!path_make_folder(folder, error) || !append_to_file(trial, fixtures, path, error))
        return false;
    *ret_path = take(&path);
    return true;
}
