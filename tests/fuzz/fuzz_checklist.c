/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Any bytes as a checklist: loaded, linted, its commands made, and its checks judged on evidence
 * that is made of the same bytes. Nothing may crash, hang, or pass on evidence that was cut.
 */
#include "base/buffer.h"
#include "checklist/load.h"
#include "judge/judge.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void make_commands(const struct check *check, const struct parameters *parameters)
{
    for (size_t i = 0; i < check->probe_count; i++)
        free(parameters_expand_command(parameters, check->probes[i].run));
    if (check->when == NULL)
        return;
    free(condition_command(check->when, parameters));
    free(condition_describe_unmet(check->when));
}

static void judge(const struct check *check, const struct parameters *parameters,
                  enum outcome outcome, const uint8_t *bytes, size_t length)
{
    struct judge_evidence *evidence = memory_new(check->probe_count + 1, sizeof(*evidence));
    for (size_t i = 0; i <= check->probe_count; i++)
        evidence[i] = (struct judge_evidence){
            .probe = i < check->probe_count ? check->probes[i].id : JUDGE_WHEN,
            .outcome = i < check->probe_count ? outcome : OUTCOME_DONE,
            .out = (const char *)bytes,
            .out_length = length,
            .err = "",
        };
    struct judge_case matter = {.check = check,
                                .parameters = parameters,
                                .evidence = evidence,
                                .evidence_count = check->probe_count + 1,
                                .now_ms = 1781524800000};
    struct judgement judgement;
    judge_check(&matter, &judgement);
    if (outcome != OUTCOME_DONE && judgement.suggestion == SUGGESTION_PASS)
        abort();
    judgement_release(&judgement);
    free(evidence);
}

static void use(const struct checklist *checklist, const uint8_t *bytes, size_t length)
{
    struct parameters parameters;
    parameters_init(&parameters, checklist);
    for (size_t i = 0; i < checklist->check_count; i++) {
        make_commands(&checklist->checks[i], &parameters);
        judge(&checklist->checks[i], &parameters, OUTCOME_DONE, bytes, length);
        judge(&checklist->checks[i], &parameters, OUTCOME_TRUNCATED, bytes, length);
    }
    parameters_release(&parameters);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct diagnostics diagnostics = {0};
    struct checklist *checklist = NULL;
    struct buffer text = {0};
    if (checklist_load(bytes, length, &checklist, &diagnostics, NULL)) {
        checklist_lint(checklist, &diagnostics);
        use(checklist, bytes, length);
    } else if (diagnostics.error_count == 0) {
        abort();
    }
    diagnostics_print(&diagnostics, "fuzz", &text);
    buffer_release(&text);
    diagnostics_release(&diagnostics);
    checklist_free(checklist);
    return 0;
}
