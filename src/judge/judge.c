/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From the answer to a suggestion:
 *
 *   no                     -> fail        what is bad is bad, whatever else is missing
 *   yes, earned            -> pass
 *   open, or not earned,
 *     for want of evidence -> blocked     could not look
 *     not asked yet        -> none
 *     cannot be read       -> undecided   looked, but cannot tell
 */
#include "judge/judge.h"

#include "evaluate.h"
#include "quote.h"

#define X(name, text) text,
static const char *const suggestions[] = {SUGGESTIONS(X)};
static const char *const outcomes[] = {OUTCOMES(X)};
#undef X

static bool find_text(const char *const *texts, size_t count, const char *text, size_t *ret_index)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(texts[i], text) == 0) {
            *ret_index = i;
            return true;
        }
    return false;
}

const char *suggestion_text(enum suggestion suggestion)
{
    return (size_t)suggestion < LENGTH(suggestions) ? suggestions[suggestion] : "?";
}

bool suggestion_parse(const char *text, enum suggestion *ret_suggestion)
{
    size_t index;
    if (!find_text(suggestions, LENGTH(suggestions), text, &index))
        return false;
    *ret_suggestion = (enum suggestion)index;
    return true;
}

const char *outcome_text(enum outcome outcome)
{
    return (size_t)outcome < LENGTH(outcomes) ? outcomes[outcome] : "?";
}

bool outcome_parse(const char *text, enum outcome *ret_outcome)
{
    size_t index;
    if (!find_text(outcomes, LENGTH(outcomes), text, &index))
        return false;
    *ret_outcome = (enum outcome)index;
    return true;
}

void judgement_release(struct judgement *judgement)
{
    free(judgement->reason);
    *judgement = (struct judgement){0};
}

/* A checklist's own words in a reason can be long: cut it before a character. */
static char *shorten(const char *reason)
{
    size_t length = strlen(reason);
    if (length <= 2 * REASON_MAX_BYTES)
        return memory_copy(reason, length);
    length = 2 * REASON_MAX_BYTES;
    while (length > 0 && ((unsigned char)reason[length] & 0xC0) == 0x80)
        length--;
    return memory_format("%.*s...", (int)length, reason);
}

static void set(struct judgement *judgement, enum suggestion suggestion, const char *reason)
{
    judgement->suggestion = suggestion;
    free(judgement->reason);
    judgement->reason = shorten(reason);
}

/* True when the check applies; else the judgement is made. */
static bool judge_condition(const struct judge_case *matter, struct judgement *judgement)
{
    AUTO_RELEASE(testimony) struct testimony testimony = {0};
    if (matter->check->when == NULL)
        return true;
    testimony_weigh_condition(testimony_find_record(matter, JUDGE_WHEN), &testimony);
    if (testimony.has_exit_status && testimony.exit_status == 0)
        return true;
    if (testimony.worth == TESTIMONY_COMPLETE) {
        AUTO_FREE char *unmet = condition_describe_unmet(matter->check->when);
        set(judgement, SUGGESTION_NOT_APPLICABLE, unmet);
    } else {
        set(judgement, testimony.worth == TESTIMONY_MISSING ? SUGGESTION_NONE : SUGGESTION_BLOCKED,
            testimony.reason);
    }
    return false;
}

static bool looks_at(const struct expectation *expectation, const char *probe)
{
    for (size_t i = 0; i < expectation->child_count; i++)
        if (looks_at(&expectation->children[i], probe))
            return true;
    return expectation_looks_at(expectation, probe);
}

static bool is_looked_at(const struct check *check, const char *probe)
{
    for (size_t i = 0; i < check->expectation_count; i++)
        if (looks_at(&check->expectations[i], probe))
            return true;
    return false;
}

/* What the reviewer misses of probes that no expectation looks at. */
static void append_notes(const struct check *check, const struct testimony *testimonies,
                         struct buffer *reason)
{
    for (size_t i = 0; i < check->probe_count; i++) {
        if (testimonies[i].worth == TESTIMONY_COMPLETE || is_looked_at(check, check->probes[i].id))
            continue;
        AUTO_FREE char *note = memory_format("note: %s", testimonies[i].reason);
        quote_append_sentence(reason, note);
    }
}

static void append_questions(const struct check *check, struct buffer *reason)
{
    buffer_append_text(reason, "needs your judgement");
    for (size_t i = 0; i < check->question_count && reason->length < 400; i++)
        buffer_append_format(reason, "%s%s", i == 0 ? ": " : " ", check->questions[i].text);
}

/* Without expectations nothing is suggested but what stands in the way of looking. */
static void judge_by_human(const struct check *check, const struct testimony *testimonies,
                           struct judgement *judgement)
{
    AUTO_RELEASE(buffer) struct buffer reason = {0};
    size_t blocked = 0, missing = 0;
    for (size_t i = 0; i < check->probe_count; i++) {
        blocked += testimonies[i].worth == TESTIMONY_BLOCKED;
        missing += testimonies[i].worth == TESTIMONY_MISSING;
    }
    if (check->probe_count > 0 && missing == check->probe_count) {
        set(judgement, SUGGESTION_NONE, "nothing was gathered yet");
        return;
    }
    bool is_blocked = blocked > 0 && blocked + missing == check->probe_count;
    if (!is_blocked)
        append_questions(check, &reason);
    for (size_t i = 0; is_blocked && i < check->probe_count; i++)
        quote_append_sentence(&reason, testimonies[i].reason);
    if (!is_blocked)
        append_notes(check, testimonies, &reason);
    set(judgement, is_blocked ? SUGGESTION_BLOCKED : SUGGESTION_UNDECIDED, buffer_text(&reason));
}

static void judge_by_expectations(const struct judge_case *matter,
                                  const struct testimony *testimonies, struct judgement *judgement)
{
    struct evaluation evaluation = {matter->check, matter->parameters, testimonies, matter->now_ms};
    AUTO_RELEASE(buffer) struct buffer reason = {0};
    AUTO_RELEASE(answer) struct answer answer;
    evaluate_check(&evaluation, &answer);
    enum suggestion suggestion = answer_suggestion(&answer);
    answer_append_reason(&answer, suggestion, &reason);
    append_notes(matter->check, testimonies, &reason);
    set(judgement, suggestion, buffer_text(&reason));
    memcpy(judgement->lines, answer.lines, sizeof(answer.lines));
    judgement->line_count = answer.line_count;
}

static void judge_probes(const struct judge_case *matter, struct judgement *judgement)
{
    struct testimony *testimonies = testimonies_new(matter);
    if (matter->check->expectation_count == 0)
        judge_by_human(matter->check, testimonies, judgement);
    else
        judge_by_expectations(matter, testimonies, judgement);
    testimonies_free(testimonies, matter->check->probe_count);
}

void judge_check(const struct judge_case *matter, struct judgement *ret_judgement)
{
    const struct check *check = matter->check;
    *ret_judgement = (struct judgement){0};
    if (matter->evidence_count == 0 && (check->when != NULL || check->probe_count > 0))
        set(ret_judgement, SUGGESTION_NONE, "nothing was gathered yet");
    else if (judge_condition(matter, ret_judgement))
        judge_probes(matter, ret_judgement);
}
