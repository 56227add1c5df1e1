/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/checklist.h"

#include "base/buffer.h"

#include "terms.h"

/* The text of an enum that an X-macro list declares. */
#define X(name, text) text,
static const char *const severities[] = {SEVERITIES(X)};
static const char *const methods[] = {METHODS(X)};
static const char *const effects[] = {EFFECTS(X)};
static const char *const vantages[] = {VANTAGES(X)};
static const char *const answer_types[] = {ANSWER_TYPES(X)};
#undef X
#define X(name, text, takes) text,
static const char *const matchers[] = {MATCHERS(X)};
#undef X

const struct terms severity_terms = {severities, LENGTH(severities)};
const struct terms method_terms = {methods, LENGTH(methods)};
const struct terms effect_terms = {effects, LENGTH(effects)};
const struct terms vantage_terms = {vantages, LENGTH(vantages)};
const struct terms answer_type_terms = {answer_types, LENGTH(answer_types)};
const struct terms matcher_terms = {matchers, LENGTH(matchers)};

bool terms_find(const struct terms *terms, const char *text, size_t *ret_index)
{
    for (size_t i = 0; i < terms->count; i++)
        if (strcmp(terms->texts[i], text) == 0) {
            *ret_index = i;
            return true;
        }
    return false;
}

static const char *text_of(const struct terms *terms, size_t index)
{
    return index < terms->count ? terms->texts[index] : "?";
}

const char *severity_text(enum severity severity)
{
    return text_of(&severity_terms, severity);
}

bool severity_parse(const char *text, enum severity *ret_severity)
{
    size_t index;
    if (!terms_find(&severity_terms, text, &index))
        return false;
    *ret_severity = (enum severity)index;
    return true;
}

const char *method_text(enum method method)
{
    return text_of(&method_terms, method);
}

const char *effect_text(enum effect effect)
{
    return text_of(&effect_terms, effect);
}

const char *vantage_text(enum vantage vantage)
{
    return text_of(&vantage_terms, vantage);
}

const char *vantage_words(const char *text)
{
    if (strcmp(text, vantage_text(VANTAGE_HOST)) == 0)
        return "from the host";
    return strcmp(text, vantage_text(VANTAGE_REVIEWER)) == 0 ? "on the reviewer's machine" : "";
}

const char *answer_type_text(enum answer_type type)
{
    return text_of(&answer_type_terms, type);
}

const char *matcher_text(enum matcher matcher)
{
    return text_of(&matcher_terms, matcher);
}

static void release_condition(struct condition *condition)
{
    for (size_t i = 0; i < condition->child_count; i++)
        release_condition(&condition->children[i]);
    free(condition->children);
    free(condition->argument);
    free(condition->id);
    free(condition->met);
    free(condition->unmet);
}

static void release_named_condition(struct named_condition *named)
{
    if (named->condition != NULL)
        release_condition(named->condition);
    free(named->condition);
    free(named->id);
}

static void release_expectation(struct expectation *expectation)
{
    for (size_t i = 0; i < expectation->child_count; i++)
        release_expectation(&expectation->children[i]);
    free(expectation->children);
    free(expectation->probe);
    free(expectation->extract_text);
    free(expectation->separator);
    free(expectation->select);
    free(expectation->ignore);
    strings_release(&expectation->arguments);
    free(expectation->otherwise);
}

static void release_questions_and_references(struct check *check)
{
    for (size_t i = 0; i < check->question_count; i++) {
        free(check->questions[i].id);
        free(check->questions[i].text);
        strings_release(&check->questions[i].options);
    }
    free(check->questions);
    for (size_t i = 0; i < check->reference_count; i++) {
        free(check->references[i].framework);
        strings_release(&check->references[i].numbers);
    }
    free(check->references);
}

static void release_check(struct check *check)
{
    free(check->id);
    free(check->title);
    free(check->why);
    free(check->how);
    free(check->fix);
    if (check->when != NULL)
        release_condition(check->when);
    free(check->when);
    for (size_t i = 0; i < check->probe_count; i++) {
        free(check->probes[i].id);
        free(check->probes[i].run);
    }
    free(check->probes);
    for (size_t i = 0; i < check->expectation_count; i++)
        release_expectation(&check->expectations[i]);
    free(check->expectations);
    release_questions_and_references(check);
}

static void release_parameter(struct parameter *parameter)
{
    free(parameter->id);
    free(parameter->help);
    strings_release(&parameter->values);
}

void checklist_free(struct checklist *checklist)
{
    if (checklist == NULL)
        return;
    for (size_t i = 0; i < checklist->parameter_count; i++)
        release_parameter(&checklist->parameters[i]);
    for (size_t i = 0; i < checklist->condition_count; i++)
        release_named_condition(&checklist->conditions[i]);
    for (size_t i = 0; i < checklist->area_count; i++) {
        free(checklist->areas[i].id);
        free(checklist->areas[i].title);
    }
    for (size_t i = 0; i < checklist->check_count; i++)
        release_check(&checklist->checks[i]);
    free(checklist->parameters);
    free(checklist->conditions);
    free(checklist->areas);
    free(checklist->checks);
    free(checklist->id);
    free(checklist->title);
    free(checklist->version);
    free(checklist->summary);
    buffer_release(&checklist->source);
    free(checklist);
}

const struct check *checklist_find_check(const struct checklist *checklist, const char *id)
{
    for (size_t i = 0; i < checklist->check_count; i++)
        if (strcmp(checklist->checks[i].id, id) == 0)
            return &checklist->checks[i];
    return NULL;
}

const struct parameter *checklist_find_parameter(const struct checklist *checklist, const char *id)
{
    for (size_t i = 0; i < checklist->parameter_count; i++)
        if (strcmp(checklist->parameters[i].id, id) == 0)
            return &checklist->parameters[i];
    return NULL;
}

const char *expectation_other_probe(const struct expectation *expectation)
{
    bool compares =
        expectation->kind == EXPECT_MATCH &&
        (expectation->matcher == MATCHER_SAME_AS || expectation->matcher == MATCHER_DIFFERS_FROM);
    return compares ? expectation->arguments.items[0] : NULL;
}

bool expectation_looks_at(const struct expectation *expectation, const char *probe)
{
    const char *other = expectation_other_probe(expectation);
    return expectation->kind == EXPECT_MATCH &&
           (strcmp(expectation->probe, probe) == 0 || (other != NULL && strcmp(other, probe) == 0));
}

const struct check_probe *check_find_probe(const struct check *check, const char *id)
{
    for (size_t i = 0; i < check->probe_count; i++)
        if (strcmp(check->probes[i].id, id) == 0)
            return &check->probes[i];
    return NULL;
}
