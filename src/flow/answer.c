/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/answer.h"

#include "base/array.h"

#include <string.h>

enum { WORD_MAX_BYTES = 64, DETAIL_MAX_BYTES = 120, PROOFS_MAX = 200, PLACES_MAX = 64 };
/* Together with one for each request a list of the ledger has room for them. */
enum { READ_MAX = 5000 };

static const struct {
    const char *text, *meaning;
} states[] = {
#define X(name, text, meaning) {text, meaning},
    FLOW_STATES(X)
#undef X
};

const char *flow_state_text(enum flow_state state)
{
    return states[state].text;
}

const char *flow_state_meaning(enum flow_state state)
{
    return states[state].meaning;
}

bool flow_state_parse(const char *text, enum flow_state *ret_state)
{
    for (size_t i = 0; i < LENGTH(states); i++)
        if (strcmp(states[i].text, text) == 0) {
            *ret_state = (enum flow_state)i;
            return true;
        }
    return false;
}

void flow_measure_list_release(struct flow_measure_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].from);
        free(list->items[i].to);
        free(list->items[i].address);
        free(list->items[i].tool);
        free(list->items[i].proof);
        free(list->items[i].detail);
    }
    free(list->items);
    *list = (struct flow_measure_list){0};
}

void flow_answer_release(struct flow_answer *answer)
{
    flow_measure_list_release(&answer->measures);
    for (size_t i = 0; i < answer->proof_count; i++) {
        free(answer->proofs[i].tool);
        free(answer->proofs[i].where);
    }
    free(answer->proofs);
    free(answer->numbers);
    *answer = (struct flow_answer){0};
}

size_t flow_answer_request(const struct flow_answer *answer, size_t measure)
{
    return answer->numbers[measure];
}

/* --- reading --- */

/* The next word of a line, "" at its end; false: it is longer than any that we know. */
static bool take_word(const char **line, char word[WORD_MAX_BYTES])
{
    size_t length = strcspn(*line, " ");
    if (length >= WORD_MAX_BYTES)
        return false;
    memcpy(word, *line, length);
    word[length] = '\0';
    *line += length;
    *line += strspn(*line, " ");
    return true;
}

static bool is_of(const char *word, const char *characters)
{
    return word[0] != '\0' && word[strspn(word, characters)] == '\0';
}

static bool is_known_tool(const char *word)
{
    static const char *const tools[] = {
#define X(name) name,
        FLOW_TOOLS(X)
#undef X
    };
    for (size_t i = 0; i < LENGTH(tools); i++)
        if (strcmp(tools[i], word) == 0)
            return true;
    return false;
}

static bool read_number(const char *word, size_t *ret_number)
{
    size_t number = 0;
    if (!is_of(word, "0123456789") || strlen(word) > 6)
        return false;
    for (; *word != '\0'; word++)
        number = number * 10 + (size_t)(*word - '0');
    *ret_number = number;
    return true;
}

static void add_measure(struct flow_answer *answer, const struct flow_plan *plan, size_t number,
                        const struct flow_measure *measure)
{
    const struct flow_request *request = &plan->requests[number];
    *array_push(answer->numbers, answer->number_count) = number;
    *array_push(answer->measures.items, answer->measures.count) =
        (struct flow_measure){.from = memory_copy_text(request->line->from),
                              .to = memory_copy_text(request->line->to),
                              .is_udp = flow_protocol_is_udp(request->line->protocol),
                              .family = request->family,
                              .port = request->port,
                              .address = memory_copy_text(measure->address),
                              .state = measure->state,
                              .tool = memory_copy_text(measure->tool),
                              .proof = memory_copy_text(""),
                              .detail = memory_copy_text(measure->detail)};
}

/* Printable ASCII alone, so that it takes no more room in the ledger than here. */
static void copy_detail(char detail[DETAIL_MAX_BYTES], const char *text)
{
    size_t length = 0;
    for (; *text != '\0' && length < DETAIL_MAX_BYTES - 1; text++)
        detail[length++] =
            *text < ' ' || *text > '~' || *text == '"' || *text == '\\' ? '?' : *text;
    detail[length] = '\0';
}

/* A measure of sshd takes the place of that for which the vantage had no tool. */
static bool replace_measure(struct flow_answer *answer, size_t number,
                            const struct flow_measure *measure)
{
    for (size_t i = 0; i < answer->measures.count; i++) {
        struct flow_measure *old = &answer->measures.items[i];
        if (answer->numbers[i] != number || old->state != FLOW_BLOCKED_STATE ||
            old->tool[0] != '\0' ||
            (old->address[0] != '\0' && strcmp(old->address, measure->address) != 0))
            continue;
        free(old->address);
        free(old->tool);
        free(old->detail);
        old->address = memory_copy_text(measure->address);
        old->tool = memory_copy_text(measure->tool);
        old->detail = memory_copy_text(measure->detail);
        old->state = measure->state;
        return true;
    }
    return false;
}

static size_t count_of(const struct flow_answer *answer, size_t number)
{
    size_t count = 0;
    for (size_t i = 0; i < answer->number_count; i++)
        count += answer->numbers[i] == number;
    return count;
}

/* The states that the vantage tells by words of its own. */
static bool read_state(const char *word, enum flow_state *ret_state)
{
    if (strcmp(word, "silent") == 0) {
        *ret_state = FLOW_SILENT_STATE;
        return true;
    }
    return flow_state_parse(word, ret_state) && *ret_state != FLOW_SILENT_STATE;
}

/* "NUMBER ADDRESS STATE TOOL [WHY]" */
static bool read_flow(struct flow_answer *answer, const struct flow_plan *plan,
                      const struct flow_step *step, const char *line, size_t *taken)
{
    char number_word[WORD_MAX_BYTES], address[WORD_MAX_BYTES], state[WORD_MAX_BYTES],
        tool[WORD_MAX_BYTES], detail[DETAIL_MAX_BYTES];
    struct flow_measure measure = {.address = address, .tool = tool, .detail = detail};
    size_t number;
    if (!take_word(&line, number_word) || !take_word(&line, address) || !take_word(&line, state) ||
        !take_word(&line, tool) || !read_number(number_word, &number) || number < step->first ||
        number - step->first >= step->count || !read_state(state, &measure.state))
        return false;
    if (strcmp(address, "-") == 0)
        address[0] = '\0';
    else if (!is_of(address, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ:.%_-"))
        return false;
    if (strcmp(tool, "-") == 0)
        tool[0] = '\0';
    if ((strcmp(tool, FLOW_FORWARD_TOOL) == 0) != step->is_forward)
        return false;
    bool is_measured = measure.state != FLOW_ABSENT_STATE && measure.state != FLOW_BLOCKED_STATE;
    if ((tool[0] != '\0' && !is_known_tool(tool)) || (is_measured && tool[0] == '\0') ||
        count_of(answer, number) >= PLACES_MAX || *taken == READ_MAX)
        return false;
    ++*taken;
    copy_detail(detail, line);
    if (measure.state == FLOW_BLOCKED_STATE && detail[0] == '\0')
        snprintf(detail, sizeof(detail), "%s",
                 tool[0] ? "the tool failed" : "there is no tool that could connect");
    if (!step->is_forward || !replace_measure(answer, number, &measure))
        add_measure(answer, plan, number, &measure);
    return true;
}

/* "PROTOCOL FAMILY TOOL ADDRESS [PORT]" */
static bool read_proof(struct flow_answer *answer, const struct flow_step *step, const char *line)
{
    char protocol[WORD_MAX_BYTES], family[WORD_MAX_BYTES], tool[WORD_MAX_BYTES],
        address[WORD_MAX_BYTES], port[WORD_MAX_BYTES];
    if (!take_word(&line, protocol) || !take_word(&line, family) || !take_word(&line, tool) ||
        !take_word(&line, address) || !take_word(&line, port) || answer->proof_count >= PROOFS_MAX)
        return false;
    bool is_udp = strcmp(protocol, "udp") == 0, is_6 = strcmp(family, "6") == 0;
    if ((!is_udp && strcmp(protocol, "tcp") != 0) || (!is_6 && strcmp(family, "4") != 0) ||
        !is_known_tool(tool) || (strcmp(tool, FLOW_FORWARD_TOOL) == 0) != step->is_forward ||
        !is_of(address, "0123456789abcdefABCDEF.:") ||
        (port[0] != '\0' && !is_of(port, "0123456789")))
        return false;
    *array_push(answer->proofs, answer->proof_count) = (struct flow_proof){
        .is_udp = is_udp,
        .family = is_6 ? 6 : 4,
        .tool = memory_copy_text(tool),
        .where = port[0] ? memory_format("saw port %s open on %s", port, address)
                         : memory_format("saw a port of its own open on %s", address)};
    return true;
}

static bool read_line(struct flow_answer *answer, const struct flow_plan *plan,
                      const struct flow_step *step, const char *line, size_t *taken)
{
    char word[WORD_MAX_BYTES];
    if (!take_word(&line, word))
        return false;
    if (strcmp(word, "flow") == 0)
        return read_flow(answer, plan, step, line, taken);
    if (strcmp(word, "proof") == 0)
        return read_proof(answer, step, line);
    return strcmp(word, "tool") == 0 || strcmp(word, "end") == 0 || word[0] == '\0';
}

static void block_unanswered(struct flow_answer *answer, const struct flow_plan *plan,
                             const struct flow_step *step, const char *why)
{
    AUTO_FREE bool *is_answered = memory_new(step->count, sizeof(*is_answered));
    char none[] = "", detail[DETAIL_MAX_BYTES];
    const struct flow_measure measure = {
        .address = none, .tool = none, .detail = detail, .state = FLOW_BLOCKED_STATE};
    copy_detail(detail, why[0] ? why : "the vantage did not answer");
    for (size_t i = 0; i < answer->number_count; i++)
        if (answer->numbers[i] >= step->first && answer->numbers[i] - step->first < step->count)
            is_answered[answer->numbers[i] - step->first] = true;
    for (size_t i = 0; i < step->count; i++)
        if (!is_answered[i])
            add_measure(answer, plan, step->first + i, &measure);
}

/* Why sshd did not help where the vantage had no tool. */
static void tell_why(struct flow_answer *answer, const char *why)
{
    for (size_t i = 0; why[0] != '\0' && i < answer->measures.count; i++) {
        struct flow_measure *measure = &answer->measures.items[i];
        char detail[DETAIL_MAX_BYTES];
        if (measure->is_udp || measure->state != FLOW_BLOCKED_STATE || measure->tool[0] != '\0')
            continue;
        copy_detail(detail, why);
        free(measure->detail);
        measure->detail = memory_copy_text(detail);
    }
}

void flow_answer_read(struct flow_answer *answer, const struct flow_plan *plan, size_t step,
                      const char *text, const char *why)
{
    AUTO_RELEASE(strings) struct strings lines = {0};
    size_t taken = 0;
    strings_split(&lines, text, '\n');
    for (size_t i = 0; i < lines.count; i++)
        if (!read_line(answer, plan, &plan->steps[step], lines.items[i], &taken))
            answer->strange_lines++;
    if (plan->steps[step].is_forward)
        tell_why(answer, why);
    else
        block_unanswered(answer, plan, &plan->steps[step], why);
}

/* --- proof --- */

/* Silence says something only when the same tool heard an answer over the same protocol and family;
 * a word of the kernel, also when it did so over the other family. */
static bool proves(const struct flow_measure *measure, bool is_udp, int family, const char *tool)
{
    return is_udp == measure->is_udp && strcmp(tool, measure->tool) == 0 &&
           (family == measure->family || measure->state == FLOW_REFUSED_STATE ||
            measure->state == FLOW_UNREACHABLE_STATE);
}

static char *find_proof(const struct flow_answer *answer, const struct flow_measure *measure)
{
    for (size_t i = 0; i < answer->measures.count; i++) {
        const struct flow_measure *other = &answer->measures.items[i];
        if (other->state == FLOW_OPEN_STATE &&
            proves(measure, other->is_udp, other->family, other->tool))
            return memory_format("saw port %d open on %s", other->port, other->address);
    }
    for (size_t i = 0; i < answer->proof_count; i++) {
        const struct flow_proof *proof = &answer->proofs[i];
        if (proves(measure, proof->is_udp, proof->family, proof->tool))
            return memory_copy_text(proof->where);
    }
    return memory_copy_text("");
}

static bool is_other_family(const struct flow_request *a, const struct flow_request *b)
{
    return a->line == b->line && a->port == b->port && a->family != b->family;
}

/* A place that was found over one family and not over the other has no address of that. */
static bool is_found_otherwise(const struct flow_answer *answer, const struct flow_plan *plan,
                               size_t measure)
{
    const struct flow_request *request = &plan->requests[answer->numbers[measure]];
    for (size_t i = 0; i < answer->measures.count; i++)
        if (answer->measures.items[i].address[0] != '\0' &&
            is_other_family(&plan->requests[answer->numbers[i]], request))
            return true;
    return false;
}

void flow_answer_end(struct flow_answer *answer, const struct flow_plan *plan)
{
    for (size_t i = 0; i < answer->measures.count; i++) {
        struct flow_measure *measure = &answer->measures.items[i];
        bool is_elsewhere =
            measure->state == FLOW_ABSENT_STATE && is_found_otherwise(answer, plan, i);
        if (!is_elsewhere && (measure->tool[0] == '\0' || measure->state == FLOW_OPEN_STATE))
            continue;
        free(measure->proof);
        measure->proof = is_elsewhere ? memory_copy_text("has an address of the other family alone")
                                      : find_proof(answer, measure);
    }
}
