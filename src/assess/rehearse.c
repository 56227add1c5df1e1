/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/rehearse.h"

#include "base/clock.h"
#include "checklist/catalog.h"
#include "checklist/value.h"

#include <string.h>

void rehearsal_free(struct rehearsal *rehearsal)
{
    if (!rehearsal)
        return;
    for (size_t i = 0; i < rehearsal->row_count; i++)
        free(rehearsal->rows[i].reason);
    free(rehearsal->rows);
    free(rehearsal->gaps);
    fixtures_free(rehearsal->fixtures);
    checklist_free(rehearsal->checklist);
    free(rehearsal->checklist_path);
    free(rehearsal->fixtures_path);
    free(rehearsal);
}

/* --- a fixture as the judge wants it --- */

static bool fail_at(const struct rehearsal *rehearsal, struct position position,
                    struct error *error, const char *text, const char *what)
{
    return error_set(error, ERROR_INVALID, "%s:%d:%d: %s '%s'", rehearsal->fixtures_path,
                     position.line, position.column, text, what);
}

static bool set_parameters(const struct rehearsal *rehearsal, const struct fixture *fixture,
                           struct parameters *parameters, struct error *error)
{
    struct error problem = {0};

    for (size_t i = 0; i < fixture->parameter_count; i++) {
        const struct fixture_parameter *parameter = &fixture->parameters[i];
        if (!parameters_set(parameters, parameter->id, &parameter->values, &problem))
            return fail_at(rehearsal, parameter->position, error, problem.message, parameter->id);
    }
    return true;
}

static bool add_evidence(const struct rehearsal *rehearsal, const struct check *check,
                         const struct fixture_answer *answer, struct judge_evidence *evidence,
                         struct error *error)
{
    if (strcmp(answer->probe, JUDGE_WHEN) != 0 && !check_find_probe(check, answer->probe))
        return fail_at(rehearsal, answer->position, error, "the check has no probe", answer->probe);
    *evidence = (struct judge_evidence){.probe = answer->probe,
                                        .exit_status = answer->exit_status,
                                        .out = answer->out,
                                        .out_length = strlen(answer->out),
                                        .err = answer->err,
                                        .err_length = strlen(answer->err)};
    return outcome_parse(answer->outcome, &evidence->outcome) ||
           fail_at(rehearsal, answer->position, error, "there is no outcome", answer->outcome);
}

static bool has_answer(const struct fixture *fixture, const char *probe)
{
    for (size_t i = 0; i < fixture->answer_count; i++)
        if (strcmp(fixture->answers[i].probe, probe) == 0)
            return true;
    return false;
}

/* A check with a condition applies, unless the fixture says otherwise. */
static size_t add_condition(const struct check *check, const struct fixture *fixture,
                            struct judge_evidence *evidence)
{
    if (!check->when || has_answer(fixture, JUDGE_WHEN))
        return 0;
    *evidence =
        (struct judge_evidence){.probe = JUDGE_WHEN, .outcome = OUTCOME_DONE, .out = "", .err = ""};
    return 1;
}

static bool judge_fixture(const struct rehearsal *rehearsal, const struct fixture *fixture,
                          const struct parameters *parameters, struct rehearsal_row *row,
                          struct error *error)
{
    AUTO_FREE struct judge_evidence *evidence =
        memory_new(fixture->answer_count + 1, sizeof(*evidence));
    struct judge_case matter = {.check = row->check,
                                .parameters = parameters,
                                .evidence = evidence,
                                .evidence_count = fixture->answer_count,
                                .now_ms = clock_wall_ms()};
    struct judgement judgement;

    for (size_t i = 0; i < fixture->answer_count; i++)
        if (!add_evidence(rehearsal, row->check, &fixture->answers[i], &evidence[i], error))
            return false;
    matter.evidence_count += add_condition(row->check, fixture, &evidence[fixture->answer_count]);
    if (fixture->now && !moment_parse(fixture->now, &matter.now_ms))
        return fail_at(rehearsal, fixture->position, error, "this is no date", fixture->now);
    judge_check(&matter, &judgement);
    row->actual = judgement.suggestion;
    row->reason = take(&judgement.reason);
    judgement_release(&judgement);
    return true;
}

static bool replay(struct rehearsal *rehearsal, const struct fixture *fixture, struct error *error)
{
    struct rehearsal_row *row = array_push(rehearsal->rows, rehearsal->row_count);
    struct parameters parameters;
    bool ok;

    row->fixture = fixture;
    row->check = checklist_find_check(rehearsal->checklist, fixture->check);
    if (!row->check)
        return fail_at(rehearsal, fixture->position, error, "the checklist has no check",
                       fixture->check);
    if (!suggestion_parse(fixture->suggests, &row->expected) || row->expected == SUGGESTION_NONE)
        return fail_at(rehearsal, fixture->position, error, "there is no suggestion",
                       fixture->suggests);
    parameters_init(&parameters, rehearsal->checklist);
    ok = set_parameters(rehearsal, fixture, &parameters, error) &&
         judge_fixture(rehearsal, fixture, &parameters, row, error);
    parameters_release(&parameters);
    rehearsal->wrong_count += ok && row->actual != row->expected;
    return ok;
}

/* --- what is missing --- */

static bool has_fixture(const struct rehearsal *rehearsal, const struct check *check,
                        enum suggestion a, enum suggestion b)
{
    for (size_t i = 0; i < rehearsal->row_count; i++) {
        const struct rehearsal_row *row = &rehearsal->rows[i];
        if (row->check == check && (row->expected == a || row->expected == b))
            return true;
    }
    return false;
}

static void need(struct rehearsal *rehearsal, const struct check *check, enum suggestion a,
                 enum suggestion b, const char *what)
{
    if (!has_fixture(rehearsal, check, a, b))
        *array_push(rehearsal->gaps, rehearsal->gap_count) = (struct rehearsal_gap){check, what};
}

/* An interview has nothing to replay; a check without expectations can only be undecided. */
static void find_gaps(struct rehearsal *rehearsal, const struct check *check)
{
    if (check->expectation_count) {
        rehearsal->deciding_count++;
        need(rehearsal, check, SUGGESTION_PASS, SUGGESTION_PASS, "one that passes");
        need(rehearsal, check, SUGGESTION_FAIL, SUGGESTION_FAIL, "one that fails");
    } else {
        rehearsal->assisting_count++;
        if (check->probe_count)
            need(rehearsal, check, SUGGESTION_UNDECIDED, SUGGESTION_UNDECIDED,
                 "one that is undecided");
    }
    if (check->probe_count)
        need(rehearsal, check, SUGGESTION_BLOCKED, SUGGESTION_NOT_APPLICABLE,
             "one that is blocked or not applicable");
}

static bool load(struct rehearsal *rehearsal, const char *name, struct error *error)
{
    struct error problem = {0};

    if (!catalog_find(name, &rehearsal->checklist_path, error) ||
        !checklist_load_file(rehearsal->checklist_path, &rehearsal->checklist, NULL, error))
        return false;
    rehearsal->fixtures_path = fixtures_path(rehearsal->checklist_path, rehearsal->checklist->id);
    if (fixtures_load_file(rehearsal->fixtures_path, &rehearsal->fixtures, NULL, &problem) ||
        problem.code == ERROR_NOT_FOUND)
        return true;
    return error_set(error, problem.code, "%s", problem.message);
}

bool rehearse(const char *checklist, struct rehearsal **ret_rehearsal, struct error *error)
{
    AUTO(rehearsal) struct rehearsal *rehearsal = memory_new(1, sizeof(*rehearsal));

    if (!load(rehearsal, checklist, error))
        return false;
    if (rehearsal->fixtures &&
        strcmp(rehearsal->fixtures->checklist, rehearsal->checklist->id) != 0)
        return error_set(error, ERROR_INVALID, "%s: these are fixtures of '%s'",
                         rehearsal->fixtures_path, rehearsal->fixtures->checklist);
    for (size_t i = 0; rehearsal->fixtures && i < rehearsal->fixtures->count; i++)
        if (!replay(rehearsal, &rehearsal->fixtures->items[i], error))
            return false;
    for (size_t i = 0; i < rehearsal->checklist->check_count; i++)
        find_gaps(rehearsal, &rehearsal->checklist->checks[i]);
    *ret_rehearsal = take(&rehearsal);
    return true;
}
