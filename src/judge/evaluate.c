/* SPDX-License-Identifier: Apache-2.0 */
#include "evaluate.h"

#include "quote.h"

void answer_release(struct answer *answer)
{
    buffer_release(&answer->found);
    buffer_release(&answer->trouble);
}

static void raise_obstacle(struct answer *answer, enum obstacle obstacle)
{
    if (obstacle > answer->obstacle)
        answer->obstacle = obstacle;
}

static void add_lines(struct answer *answer, const struct expectation *expectation,
                      const char *probe, const struct examples *witnesses, bool is_bad)
{
    for (size_t i = 0; i < witnesses->line_count && answer->line_count < JUDGE_LINES_MAX; i++)
        answer->lines[answer->line_count++] =
            (struct judge_line){probe, expectation->stream, witnesses->lines[i], is_bad};
}

static void set_trouble(struct answer *answer, enum obstacle obstacle, const char *text)
{
    answer->truth = TRUTH_OPEN;
    raise_obstacle(answer, obstacle);
    quote_append_sentence(&answer->trouble, text);
}

/* "stdout", or "rules.stdout" in a check with several probes. */
static char *name_stream(const struct check *check, const struct expectation *expectation)
{
    static const char *const names[] = {
        [STREAM_STDOUT] = "stdout", [STREAM_STDERR] = "stderr", [STREAM_EXIT] = "exit status"};
    const char *name = names[expectation->stream];
    return check->probe_count == 1 ? memory_copy_text(name)
                                   : memory_format("%s.%s", expectation->probe, name);
}

/* Lines and the exit status can be told one by one; the whole, and JSON, only when it is all
 * there. */
static bool can_use_part(const struct expectation *expectation, const struct testimony *testimony)
{
    if (expectation->stream == STREAM_EXIT)
        return testimony->has_exit_status;
    return expectation->extraction != EXTRACT_WHOLE && expectation->extraction != EXTRACT_POINTER;
}

static void answer_from_values(const struct evaluation *evaluation,
                               const struct expectation *expectation,
                               const struct testimony *testimony, struct matching *matching,
                               struct answer *answer)
{
    size_t index = (size_t)(testimony - evaluation->testimonies);
    AUTO_FREE char *where = name_stream(evaluation->check, expectation);
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct error error;
    /* What was seen until an error can prove as much as a part can. */
    struct value_sink sink = {matching_take, matching};
    bool is_cut_out = values_each(expectation, evaluation->parameters, testimony, &sink, &error);
    bool is_all = is_cut_out && testimony->worth == TESTIMONY_COMPLETE;
    answer->truth = matching_conclude(matching, is_all);
    answer->is_earned = is_all;
    const struct examples *witnesses = matching_witnesses(matching, answer->truth);
    add_lines(answer, expectation, evaluation->check->probes[index].id, witnesses,
              answer->truth != TRUTH_YES);
    if (answer->truth != TRUTH_OPEN || is_all)
        matching_describe(matching, answer->truth, where, &text);
    if (answer->truth != TRUTH_OPEN)
        buffer_append(&answer->found, buffer_text(&text), text.length);
    if (!is_cut_out)
        buffer_append_format(&text, "%s%s: %s", text.length == 0 ? "" : "; ", where, error.message);
    if (testimony->worth != TESTIMONY_COMPLETE) {
        raise_obstacle(answer, OBSTACLE_BLOCKED);
        quote_append_sentence(&answer->trouble, testimony->reason);
    } else if (answer->truth == TRUTH_OPEN || !is_cut_out) {
        raise_obstacle(answer, OBSTACLE_UNREADABLE);
        quote_append_sentence(&answer->trouble, buffer_text(&text));
    }
}

/* What the expectation compares with; NULL where it does not. */
static const struct testimony *find_other(const struct evaluation *evaluation,
                                          const struct expectation *expectation)
{
    const char *id = expectation_other_probe(expectation);
    const struct check_probe *other = id == NULL ? NULL : check_find_probe(evaluation->check, id);
    return other == NULL ? NULL : &evaluation->testimonies[other - evaluation->check->probes];
}

static void answer_match(const struct evaluation *evaluation, const struct expectation *expectation,
                         struct answer *answer)
{
    const struct check_probe *probe = check_find_probe(evaluation->check, expectation->probe);
    const struct testimony *testimony = &evaluation->testimonies[probe - evaluation->check->probes];
    if (testimony->worth == TESTIMONY_MISSING) {
        set_trouble(answer, OBSTACLE_MISSING, testimony->reason);
        return;
    }
    if (testimony->worth == TESTIMONY_BLOCKED ||
        (testimony->worth == TESTIMONY_PARTIAL && !can_use_part(expectation, testimony))) {
        set_trouble(answer, OBSTACLE_BLOCKED, testimony->reason);
        return;
    }
    struct error error;
    struct matching matching;
    const struct testimony *other = find_other(evaluation, expectation);
    if (other != NULL && other->worth != TESTIMONY_COMPLETE) {
        set_trouble(answer, other->worth == TESTIMONY_MISSING ? OBSTACLE_MISSING : OBSTACLE_BLOCKED,
                    other->reason);
        return;
    }
    if (matching_init(&matching, expectation, evaluation->parameters, evaluation->now_ms, &error) &&
        (other == NULL || matching_compare_with(&matching, evaluation->parameters, other, &error)))
        answer_from_values(evaluation, expectation, testimony, &matching, answer);
    else
        set_trouble(answer, OBSTACLE_UNREADABLE, error.message);
    matching_release(&matching);
}

static void take_lines(struct answer *answer, const struct answer *child)
{
    for (size_t i = 0; i < child->line_count && answer->line_count < JUDGE_LINES_MAX; i++)
        answer->lines[answer->line_count++] = child->lines[i];
}

static void take_child(struct answer *answer, const struct answer *child)
{
    take_lines(answer, child);
    quote_append_sentence(&answer->found, buffer_text(&child->found));
    quote_append_sentence(&answer->trouble, buffer_text(&child->trouble));
    raise_obstacle(answer, child->obstacle);
}

static void evaluate(const struct evaluation *evaluation, const struct expectation *expectation,
                     struct answer *answer);

/* Start again with CHILD, which outweighs what was collected. */
static void replace_with(struct answer *answer, const struct answer *child)
{
    answer_release(answer);
    *answer = (struct answer){.truth = child->truth, .is_earned = child->is_earned};
    take_child(answer, child);
}

/* Which of two answers settles "all" (DECISIVE is no) or "any" (yes): the decisive one, then the
 * open one, then the other. */
static int weight_of(const struct answer *answer, enum truth decisive)
{
    if (answer->truth == decisive)
        return answer->is_earned || decisive == TRUTH_NO ? 4 : 3;
    if (answer->truth == TRUTH_OPEN)
        return 2;
    return 1;
}

/* A yes of "any" that is not earned leaves room for an open one to be earned later; a member that
 * is weightier replaces the others, equal ones are told together. */
static void combine(struct answer *answer, const struct answer *child, enum truth decisive,
                    bool is_first)
{
    int old = weight_of(answer, decisive), new = weight_of(child, decisive);
    if (is_first || new > old) {
        replace_with(answer, child);
        return;
    }
    if (new < old)
        return;
    answer->is_earned &= child->is_earned;
    if (decisive == TRUTH_NO || answer->truth != decisive)
        take_child(answer, child);
}

static void evaluate_members(const struct evaluation *evaluation, const struct expectation *members,
                             size_t count, enum truth decisive, struct answer *answer)
{
    for (size_t i = 0; i < count; i++) {
        struct answer child = {0};
        evaluate(evaluation, &members[i], &child);
        combine(answer, &child, decisive, i == 0);
        answer_release(&child);
    }
}

static void evaluate_not(const struct evaluation *evaluation, const struct expectation *expectation,
                         struct answer *answer)
{
    evaluate(evaluation, &expectation->children[0], answer);
    if (answer->truth == TRUTH_OPEN)
        return;
    answer->truth = answer->truth == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
    for (size_t i = 0; i < answer->line_count; i++)
        answer->lines[i].is_bad = answer->truth == TRUTH_NO;
    if (answer->truth == TRUTH_NO)
        buffer_append_text(&answer->found, ", expected it not to be so");
    else
        buffer_clear(&answer->found); /* it tells of the opposite */
}

static void add_otherwise(struct answer *answer, const char *otherwise)
{
    AUTO_FREE char *text = memory_format("%s%s%s", otherwise, answer->found.length == 0 ? "" : ": ",
                                         buffer_text(&answer->found));
    buffer_clear(&answer->found);
    buffer_append_text(&answer->found, text);
}

static void evaluate(const struct evaluation *evaluation, const struct expectation *expectation,
                     struct answer *answer)
{
    switch (expectation->kind) {
    case EXPECT_ALL:
        evaluate_members(evaluation, expectation->children, expectation->child_count, TRUTH_NO,
                         answer);
        break;
    case EXPECT_ANY:
        evaluate_members(evaluation, expectation->children, expectation->child_count, TRUTH_YES,
                         answer);
        break;
    case EXPECT_NOT:
        evaluate_not(evaluation, expectation, answer);
        break;
    default:
        answer_match(evaluation, expectation, answer);
        break;
    }
    if (answer->truth == TRUTH_NO && expectation->otherwise != NULL)
        add_otherwise(answer, expectation->otherwise);
}

void evaluate_check(const struct evaluation *evaluation, struct answer *ret_answer)
{
    *ret_answer = (struct answer){0};
    evaluate_members(evaluation, evaluation->check->expectations,
                     evaluation->check->expectation_count, TRUTH_NO, ret_answer);
}

void evaluate_expectation(const struct evaluation *evaluation,
                          const struct expectation *expectation, struct answer *ret_answer)
{
    *ret_answer = (struct answer){0};
    evaluate(evaluation, expectation, ret_answer);
}

enum suggestion answer_suggestion(const struct answer *answer)
{
    if (answer->truth == TRUTH_NO)
        return SUGGESTION_FAIL;
    if (answer->truth == TRUTH_YES && answer->is_earned)
        return SUGGESTION_PASS;
    switch (answer->obstacle) {
    case OBSTACLE_BLOCKED:
        return SUGGESTION_BLOCKED;
    case OBSTACLE_MISSING:
        return SUGGESTION_NONE;
    default:
        return SUGGESTION_UNDECIDED;
    }
}

void answer_append_reason(const struct answer *answer, enum suggestion suggestion,
                          struct buffer *reason)
{
    if (suggestion == SUGGESTION_PASS)
        buffer_append_format(reason, "as expected%s%s", answer->found.length == 0 ? "" : ": ",
                             buffer_text(&answer->found));
    else if (suggestion == SUGGESTION_FAIL)
        buffer_append(reason, buffer_text(&answer->found), answer->found.length);
    else
        buffer_append(reason, buffer_text(&answer->trouble), answer->trouble.length);
}
