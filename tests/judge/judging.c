/* SPDX-License-Identifier: Apache-2.0 */
#include "judging.h"

#include "base/utf8.h"

void judging_load(struct judging *judging, const char *params, const char *keys)
{
    struct buffer yaml = {0};
    struct error error;
    judging_release(judging);
    buffer_append_format(&yaml,
                         "walkdown: 1\nid: test\ntitle: Test\nversion: 1\nparams: {%s}\n"
                         "areas: [{id: access, title: Access, checks: [\n"
                         "  {id: check, title: Check, severity: low,\n%s}]}]\n",
                         params == NULL ? "" : params, keys);
    bool is_loaded = checklist_load(yaml.data, yaml.length, &judging->checklist, NULL, &error);
    if (!is_loaded)
        print_error("%s\n%s\n", error.message, buffer_text(&yaml));
    buffer_release(&yaml);
    assert_true(is_loaded);
    parameters_init(&judging->parameters, judging->checklist);
}

const struct judgement *judging_judge(struct judging *judging,
                                      const struct judge_evidence *evidence, size_t count)
{
    judgement_release(&judging->judgement);
    struct judge_case matter = {.check = &judging->checklist->checks[0],
                                .parameters = &judging->parameters,
                                .evidence = evidence,
                                .evidence_count = count,
                                .now_ms = JUDGING_NOW_MS};
    judge_check(&matter, &judging->judgement);
    const struct judgement *judgement = &judging->judgement;
    assert_non_null(judgement->reason);
    assert_true(judgement->reason[0] != '\0');
    assert_true(utf8_is_valid(judgement->reason, strlen(judgement->reason)));
    assert_true(judgement->line_count <= JUDGE_LINES_MAX);
    for (size_t i = 0; i < judgement->line_count; i++)
        assert_true(judgement->lines[i].line >= 1);
    return judgement;
}

void judging_release(struct judging *judging)
{
    judgement_release(&judging->judgement);
    parameters_release(&judging->parameters);
    checklist_free(judging->checklist);
    judging->checklist = NULL;
}

struct judge_evidence judging_done(const char *probe, int exit_status, const char *out,
                                   const char *err)
{
    return (struct judge_evidence){.probe = probe,
                                   .outcome = OUTCOME_DONE,
                                   .exit_status = exit_status,
                                   .out = out,
                                   .out_length = strlen(out),
                                   .err = err,
                                   .err_length = strlen(err)};
}

void judging_expect(const struct judgement *judgement, enum suggestion suggestion,
                    const char *reason_part, const char *what)
{
    bool is_expected = judgement->suggestion == suggestion &&
                       (reason_part == NULL || strstr(judgement->reason, reason_part) != NULL);
    if (!is_expected)
        print_error("%s\n  got %s: %s\n  expected %s: ...%s...\n", what,
                    suggestion_text(judgement->suggestion), judgement->reason,
                    suggestion_text(suggestion), reason_part == NULL ? "" : reason_part);
    assert_true(is_expected);
}
