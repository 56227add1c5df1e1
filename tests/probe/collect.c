/* SPDX-License-Identifier: Apache-2.0 */
#include "collect.h"

static void note_begun(void *context, size_t step)
{
    struct collected *collected = context;
    collected->is_out_of_order |= step != collected->result_count;
    collected->begun_count++;
}

static void keep_result(void *context, struct step_result *result)
{
    struct collected *collected = context;
    if (result->step != collected->result_count || collected->result_count == COLLECT_MAX) {
        collected->is_out_of_order = true;
        return;
    }
    collected->results[collected->result_count++] = *result;
    result->out = (struct buffer){0};
    result->err = (struct buffer){0};
}

static bool go_on(void *context)
{
    (void)context;
    return true;
}

struct runner_events collect_events(struct collected *collected)
{
    return (struct runner_events){
        .context = collected, .begun = note_begun, .result = keep_result, .woken = go_on};
}

void collected_release(struct collected *collected)
{
    for (size_t i = 0; i < collected->result_count; i++)
        step_result_release(&collected->results[i]);
    *collected = (struct collected){0};
}
