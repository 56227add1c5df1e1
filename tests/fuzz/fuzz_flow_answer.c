/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the answer of a vantage: every request has a measure, each with texts, and a flow
 * that is not open is never said to be. */
#include "flow/matrix.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void read_all(const struct flow_line_list *lines, const struct flow_plan *plan,
                     const char *text)
{
    AUTO_RELEASE(flow_answer) struct flow_answer answer = {0};
    AUTO_RELEASE(flow_matrix) struct flow_matrix matrix = {0};
    flow_answer_read(&answer, plan, 0, text, "");
    flow_answer_end(&answer, plan);
    require(answer.measures.count >= plan->request_count);
    require(flow_matrix_make(lines, &answer.measures, &matrix, NULL));
    if (strstr(text, "open") == NULL)
        require(matrix.counts[FLOW_VERDICT_OPEN] + matrix.counts[FLOW_VERDICT_OPEN_BAD] == 0);
    if (strstr(text, "proof") == NULL && strstr(text, "open") == NULL)
        require(matrix.counts[FLOW_VERDICT_CLOSED] == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_RELEASE(flow_line_list) struct flow_line_list lines = {0};
    AUTO_RELEASE(flow_plan) struct flow_plan plan = {0};
    AUTO_FREE char *text = memory_copy(bytes, length);
    const struct flow_options options = {0};
    char from[] = "web", to[] = "db", places[] = "10.0.0.2,fd00::2", ports[] = "80-81";
    struct flow_line line = {
        .from = from, .to = to, .places = places, .ports = ports, .expectation = FLOW_EXPECT_DENY};
    flow_line_add(&lines, &line);
    line.protocol = FLOW_UDP;
    flow_line_add(&lines, &line);
    require(flow_plan_make(&lines, "web", &options, &plan, NULL));
    read_all(&lines, &plan, text);
    return 0;
}
