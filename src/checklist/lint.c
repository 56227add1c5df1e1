/* SPDX-License-Identifier: Apache-2.0 */
#include "base/pattern.h"
#include "base/utf8.h"
#include "checklist/command.h"
#include "checklist/load.h"
#include "diagnostics.h"
#include "lint_pattern.h"
#include "placeholder.h"
#include "suggest.h"

#define LINE_COLUMNS 76 /* 80 less a frame */

struct lint {
    const struct checklist *checklist;
    struct diagnostics *diagnostics;
    bool *is_used;           /* of each parameter */
    bool *condition_is_used; /* of each named condition */
};

/* Every text of the model once, with the place of what it belongs to. */
static void lint_text(const struct lint *lint, struct position position, const char *what,
                      const char *text)
{
    size_t hidden = safe_text_count_escapes(text, strlen(text));
    if (hidden > 0)
        diagnostics_warning(lint->diagnostics, position,
                            "%s has hidden characters (%zu); write what can be seen", what, hidden);
    for (const char *word = text; *word != '\0';) {
        size_t length = strcspn(word, " \t\n");
        AUTO_FREE char *copy = memory_copy(word, length);
        if (utf8_text_width(copy) > LINE_COLUMNS)
            diagnostics_warning(
                lint->diagnostics, position,
                "%s has a word of %d columns, which a narrow screen cuts: '%.30s...'", what,
                utf8_text_width(copy), copy);
        word += length + strspn(word + length, " \t\n");
    }
}

static void lint_title(const struct lint *lint, struct position position, const char *what,
                       const char *title)
{
    lint_text(lint, position, what, title);
    if (utf8_text_width(title) > LINE_COLUMNS)
        diagnostics_warning(lint->diagnostics, position,
                            "%s is %d columns wide, which a narrow screen cuts; use at most %d",
                            what, utf8_text_width(title), LINE_COLUMNS);
}

/* Note the parameters that TEXT refers to; in a command, tell those that look misspelt. */
static void note_references(const struct lint *lint, const char *text, struct position position)
{
    const struct checklist *checklist = lint->checklist;
    struct placeholder placeholder;
    for (size_t from = 0; text != NULL && placeholder_find(text, from, &placeholder);
         from = placeholder.start + placeholder.length) {
        const struct parameter *parameter = checklist_find_parameter(checklist, placeholder.id);
        struct suggest_search search = {.wanted = placeholder.id};
        for (size_t i = 0; i < checklist->parameter_count && parameter == NULL; i++)
            suggest_try(&search, checklist->parameters[i].id);
        if (parameter != NULL)
            lint->is_used[parameter - checklist->parameters] = true;
        else if (search.best != NULL)
            diagnostics_warning(lint->diagnostics, position,
                                "${%s} is left to the shell, did you mean '${%s}'?", placeholder.id,
                                search.best);
    }
}

static void lint_command(const struct lint *lint, struct position position, const char *what,
                         const char *command, enum effect effect)
{
    AUTO_RELEASE(buffer) struct buffer changes = {0};
    command_changes(command, &changes);
    if (changes.length > 0 && effect == EFFECT_READ)
        diagnostics_warning(lint->diagnostics, position,
                            "%s looks as if it changes the target (%s); only look, or say "
                            "'effect: active'",
                            what, buffer_text(&changes));
    size_t hidden = safe_text_count_escapes(command, strlen(command));
    if (hidden > 0)
        diagnostics_warning(lint->diagnostics, position,
                            "%s has hidden characters (%zu); write what can be seen", what, hidden);
    note_references(lint, command, position);
}

/* A copy of a named condition is linted where it was written. */
static void lint_condition(const struct lint *lint, const struct condition *condition,
                           const struct condition *named)
{
    for (size_t i = 0; condition->id != NULL && i < lint->checklist->condition_count; i++)
        if (strcmp(lint->checklist->conditions[i].id, condition->id) == 0 && condition != named) {
            lint->condition_is_used[i] = true;
            return;
        }
    for (size_t i = 0; i < condition->child_count; i++)
        lint_condition(lint, &condition->children[i], named);
    if (condition->kind == CONDITION_SHELL)
        lint_command(lint, condition->position, "the test", condition->argument, EFFECT_READ);
    else if (condition->argument != NULL)
        note_references(lint, condition->argument, condition->position);
}

static void lint_named_conditions(const struct lint *lint)
{
    for (size_t i = 0; i < lint->checklist->condition_count; i++) {
        const struct named_condition *named = &lint->checklist->conditions[i];
        lint_title(lint, named->position, "'met'", named->condition->met);
        lint_title(lint, named->position, "'unmet'", named->condition->unmet);
        lint_condition(lint, named->condition, named->condition);
    }
}

static void lint_unused(const struct lint *lint)
{
    const struct checklist *checklist = lint->checklist;
    for (size_t i = 0; i < checklist->parameter_count; i++)
        if (!lint->is_used[i])
            diagnostics_warning(lint->diagnostics, checklist->parameters[i].position,
                                "the parameter '%s' is not used; refer to it as ${%s} or remove it",
                                checklist->parameters[i].id, checklist->parameters[i].id);
    for (size_t i = 0; i < checklist->condition_count; i++)
        if (!lint->condition_is_used[i])
            diagnostics_warning(lint->diagnostics, checklist->conditions[i].position,
                                "the condition '%s' is not used; refer to it as 'when: {is: %s}' "
                                "or remove it",
                                checklist->conditions[i].id, checklist->conditions[i].id);
}

/* An expectation that holds when the probe saw nothing. */
static bool is_content_with_nothing(const struct expectation *expectation)
{
    if (expectation->kind != EXPECT_MATCH) {
        for (size_t i = 0; i < expectation->child_count; i++)
            if (is_content_with_nothing(&expectation->children[i]))
                return true;
        return expectation->kind == EXPECT_NOT;
    }
    switch (expectation->matcher) {
    case MATCHER_LACKS:
    case MATCHER_SUBSET_OF:
        return true;
    case MATCHER_EMPTY:
        return expectation->argument_is_true;
    case MATCHER_EXISTS:
        return !expectation->argument_is_true;
    case MATCHER_COUNT:
        return expectation->arguments.count > 0 &&
               strcmp(expectation->arguments.items[0], "0") == 0;
    default:
        return expectation->no_value == NO_VALUE_PASS;
    }
}

static bool looks_at(const struct expectation *expectation, const char *probe)
{
    for (size_t i = 0; i < expectation->child_count; i++)
        if (looks_at(&expectation->children[i], probe))
            return true;
    return expectation_looks_at(expectation, probe);
}

static bool hides_errors(const char *command)
{
    static const char text[] = "2>\\s*/dev/null|2>&-|--no-messages|\\be?grep( -\\S+)* -[A-Za-z]*s";
    AUTO(pattern) struct pattern *pattern = NULL;
    return pattern_new(text, false, &pattern, NULL) &&
           pattern_search(pattern, command, strlen(command), NULL) == PATTERN_MATCH;
}

/* 2>/dev/null hides "Permission denied", and with it the difference of nothing there and nothing
 * seen. As root there is little to hide. */
static void lint_hidden_errors(const struct lint *lint, const struct check *check,
                               const struct check_probe *probe)
{
    if (probe->as_root || !hides_errors(probe->run))
        return;
    for (size_t i = 0; i < check->expectation_count; i++)
        if (looks_at(&check->expectations[i], probe->id) &&
            is_content_with_nothing(&check->expectations[i])) {
            diagnostics_warning(lint->diagnostics, probe->position,
                                "the probe '%s' hides its errors, so a refused permission looks "
                                "like nothing found; let them through or say 'as: root'",
                                probe->id);
            return;
        }
}

/* On the reviewer's machine a command that does not ask for the target looks at that machine;
 * elsewhere there is nobody to tell it. */
static void lint_vantage(const struct lint *lint, const struct check_probe *probe)
{
    bool asks_for_target = strstr(probe->run, "TARGET_HOST") != NULL;
    if (probe->from == VANTAGE_REVIEWER && !asks_for_target)
        diagnostics_warning(lint->diagnostics, probe->position,
                            "the probe '%s' runs on the reviewer's machine and never says "
                            "$TARGET_HOST: it looks at that machine and not at the target",
                            probe->id);
    if (probe->from != VANTAGE_REVIEWER && asks_for_target)
        diagnostics_warning(lint->diagnostics, probe->position,
                            "the probe '%s' says $TARGET_HOST, which is set only with 'from: "
                            "reviewer'",
                            probe->id);
}

static void lint_probes(const struct lint *lint, const struct check *check)
{
    for (size_t i = 0; i < check->probe_count; i++) {
        const struct check_probe *probe = &check->probes[i];
        AUTO_FREE char *what = memory_format("the probe '%s'", probe->id);
        lint_command(lint, probe->position, what, probe->run, probe->effect);
        lint_hidden_errors(lint, check, probe);
        lint_vantage(lint, probe);
    }
}

static void lint_exit(const struct lint *lint, const struct check *check,
                      const struct expectation *expectation)
{
    const struct check_probe *probe = check_find_probe(check, expectation->probe);
    size_t answers = 0, expected = 0;
    for (size_t i = 0; probe != NULL && i < LENGTH(probe->exits); i++) {
        char text[8];
        snprintf(text, sizeof(text), "%zu", i);
        answers += probe->exits[i];
        expected += probe->exits[i] && strings_contains(&expectation->arguments, text);
    }
    if (probe != NULL && answers == expected)
        diagnostics_warning(lint->diagnostics, expectation->position,
                            "this always holds: any exit status but these blocks the check; list "
                            "more of them in 'exits' of the probe '%s'",
                            probe->id);
}

/* References would have to be replaced by values that a review may change. */
static bool is_plain_pattern(const char *text)
{
    return text != NULL && strstr(text, "${") == NULL;
}

static void lint_backtracking(const struct lint *lint, const struct expectation *expectation,
                              const char *text)
{
    if (text != NULL && pattern_backtracks(text))
        diagnostics_warning(lint->diagnostics, expectation->position,
                            "the pattern '%.60s' may try endlessly many ways; repeat nothing that "
                            "repeats itself",
                            text);
}

/* Expectations that say nothing: whatever the target answers, the outcome is the same. */
static void lint_foregone(const struct lint *lint, const struct expectation *expectation)
{
    const char *text = expectation->arguments.count > 0 ? expectation->arguments.items[0] : NULL;
    bool is_lacks = expectation->matcher == MATCHER_LACKS;
    bool is_matches =
        expectation->matcher == MATCHER_MATCHES || expectation->matcher == MATCHER_EACH_MATCHES;
    if ((is_lacks || is_matches) && is_plain_pattern(text) && pattern_matches_anything(text))
        diagnostics_warning(lint->diagnostics, expectation->position,
                            "every value matches '%.60s', so this %s; say '%s: true' if that is "
                            "meant",
                            text, is_lacks ? "can never pass" : "can never fail",
                            is_lacks ? "empty" : "exists");
    if (is_plain_pattern(expectation->ignore) && pattern_matches_anything(expectation->ignore))
        diagnostics_warning(lint->diagnostics, expectation->position,
                            "'ignore' matches every line, so nothing is left to look at");
}

static void lint_match(const struct lint *lint, const struct check *check,
                       const struct expectation *expectation)
{
    bool has_pattern = expectation->matcher == MATCHER_MATCHES ||
                       expectation->matcher == MATCHER_LACKS ||
                       expectation->matcher == MATCHER_EACH_MATCHES;
    if (expectation->matcher == MATCHER_EXIT)
        lint_exit(lint, check, expectation);
    if (has_pattern && expectation->arguments.count > 0)
        lint_backtracking(lint, expectation, expectation->arguments.items[0]);
    if (expectation->extraction == EXTRACT_CAPTURE)
        lint_backtracking(lint, expectation, expectation->extract_text);
    lint_backtracking(lint, expectation, expectation->select);
    lint_backtracking(lint, expectation, expectation->ignore);
    lint_foregone(lint, expectation);
}

static void lint_expectation(const struct lint *lint, const struct check *check,
                             const struct expectation *expectation)
{
    const char *const texts[] = {expectation->extract_text, expectation->select,
                                 expectation->ignore};
    for (size_t i = 0; i < LENGTH(texts); i++)
        note_references(lint, texts[i], expectation->position);
    for (size_t i = 0; i < expectation->arguments.count; i++)
        note_references(lint, expectation->arguments.items[i], expectation->position);
    if (expectation->otherwise != NULL)
        lint_text(lint, expectation->position, "'else'", expectation->otherwise);
    if (expectation->kind == EXPECT_MATCH)
        lint_match(lint, check, expectation);
    for (size_t i = 0; i < expectation->child_count; i++)
        lint_expectation(lint, check, &expectation->children[i]);
}

/* What the numbers of well-known standards look like. A framework that ends in '-' stands for all
 * that begin so. */
static const struct {
    const char *framework, *pattern, *example;
} standards[] = {
    {"nist-800-53", "^[A-Z]{2}-[1-9][0-9]?(\\([1-9][0-9]?\\))*[a-z]?$", "AC-6(2)"},
    {"nist-800-190", "^[0-9]+(\\.[0-9]+)*$", "3.4.3"},
    {"cis-", "^[0-9]+(\\.[0-9]+)*$", "5.1.20"},
    {"stig-", "^(V|SV|UBTU|RHEL|CNTR|DKER)-[0-9A-Z]+(-[0-9A-Z]+)*(r[0-9]+_rule)?$", "V-242376"},
    {"mitre-attack", "^T[0-9]{4}(\\.[0-9]{3})?$", "T1021.004"},
    {"owasp-aisvs", "^(C)?[0-9]+(\\.[0-9]+)*$", "4.1.1"},
    {"lynis", "^[A-Z]{3,5}-[0-9]{4}$", "SSH-7408"},
    {"cwe", "^CWE-[0-9]+$", "CWE-250"},
};

static bool is_of_framework(const char *framework, const char *entry)
{
    size_t length = strlen(entry);
    bool is_family = entry[length - 1] == '-';
    return is_family ? strncmp(framework, entry, length) == 0 : strcmp(framework, entry) == 0;
}

static void lint_numbers(const struct lint *lint, const struct check *check,
                         const struct reference *reference, size_t standard)
{
    AUTO(pattern) struct pattern *pattern = NULL;
    if (!pattern_new(standards[standard].pattern, false, &pattern, NULL))
        return;
    for (size_t i = 0; i < reference->numbers.count; i++) {
        const char *number = reference->numbers.items[i];
        if (pattern_search(pattern, number, strlen(number), NULL) != PATTERN_MATCH)
            diagnostics_warning(lint->diagnostics, check->position,
                                "'%.80s' does not look like a number of %s, expected one like %s",
                                number, reference->framework, standards[standard].example);
    }
}

static void lint_references(const struct lint *lint, const struct check *check)
{
    for (size_t i = 0; i < check->reference_count; i++)
        for (size_t standard = 0; standard < LENGTH(standards); standard++)
            if (is_of_framework(check->references[i].framework, standards[standard].framework)) {
                lint_numbers(lint, check, &check->references[i], standard);
                break;
            }
}

static void lint_prose(const struct lint *lint, const struct check *check)
{
    lint_title(lint, check->position, "'title'", check->title);
    lint_text(lint, check->position, "'why'", check->why);
    lint_text(lint, check->position, "'how'", check->how);
    lint_text(lint, check->position, "'fix'", check->fix);
    for (size_t i = 0; i < check->question_count; i++)
        lint_text(lint, check->questions[i].position, "the question", check->questions[i].text);
    if (check->why[0] == '\0')
        diagnostics_warning(lint->diagnostics, check->position,
                            "the check '%s' has no 'why'; say what an attacker gains", check->id);
    if (check->fix[0] == '\0')
        diagnostics_warning(lint->diagnostics, check->position,
                            "the check '%s' has no 'fix'; say how to mend it", check->id);
}

static void lint_check(const struct lint *lint, const struct check *check)
{
    lint_prose(lint, check);
    if (check->when != NULL)
        lint_condition(lint, check->when, NULL);
    lint_probes(lint, check);
    for (size_t i = 0; i < check->expectation_count; i++)
        lint_expectation(lint, check, &check->expectations[i]);
    lint_references(lint, check);
    if (check->expectation_count == 0 && check->question_count == 0)
        diagnostics_warning(lint->diagnostics, check->position,
                            "the check '%s' has neither 'expect' nor 'ask', so nothing leads to a "
                            "verdict; add one",
                            check->id);
}

void checklist_lint(const struct checklist *checklist, struct diagnostics *diagnostics)
{
    AUTO_FREE bool *is_used = memory_new(checklist->parameter_count, sizeof(bool));
    AUTO_FREE bool *condition_is_used = memory_new(checklist->condition_count, sizeof(bool));
    size_t first = diagnostics->count;
    struct lint lint = {checklist, diagnostics, is_used, condition_is_used};
    lint_title(&lint, (struct position){1, 1}, "the title of the checklist", checklist->title);
    lint_text(&lint, (struct position){1, 1}, "'summary'", checklist->summary);
    for (size_t i = 0; i < checklist->area_count; i++)
        lint_title(&lint, checklist->areas[i].position, "the title of the area",
                   checklist->areas[i].title);
    for (size_t i = 0; i < checklist->check_count; i++)
        lint_check(&lint, &checklist->checks[i]);
    lint_named_conditions(&lint);
    lint_unused(&lint);
    diagnostics_sort(diagnostics, first);
}
