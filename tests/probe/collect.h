/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what a runner says about a plan. */
#ifndef TESTS_PROBE_COLLECT_H
#define TESTS_PROBE_COLLECT_H

#include "probe/runner.h"

#define COLLECT_MAX 1000

struct collected {
    struct step_result results[COLLECT_MAX];
    size_t result_count; /* they came in order */
    size_t begun_count;
    bool is_out_of_order;
};

/* The events that fill COLLECTED; `woken` says go on. */
struct runner_events collect_events(struct collected *collected);
void collected_release(struct collected *collected);

#endif
