/* SPDX-License-Identifier: Apache-2.0 */
/* A plan, its script and what came of it in one shell or in each. */
#ifndef TESTS_PROBE_SCRIPT_FIXTURE_H
#define TESTS_PROBE_SCRIPT_FIXTURE_H

#include "support/testing.h"

#include "shells.h"

struct fixture {
    struct shell_run run;
    char nonce[FRAME_NONCE_BYTES];
    char mark[64]; /* in the environment of everything that the script starts */
};

#define assert_bytes(buffer, text)                                                                 \
    do {                                                                                           \
        assert_int_equal((buffer).length, sizeof(text) - 1);                                       \
        if (sizeof(text) > 1)                                                                      \
            assert_memory_equal((buffer).data, (text), sizeof(text) - 1);                          \
    } while (0)

#define assert_step(f, number, out_text, err_text, expected)                                       \
    do {                                                                                           \
        const struct shell_frame *frame_ = step((f), (number));                                    \
        assert_bytes(frame_->out, out_text);                                                       \
        assert_bytes(frame_->err, err_text);                                                       \
        assert_int_equal(frame_->status, (expected));                                              \
    } while (0)

/* For cmocka. */
int set_up(void **state);
int tear_down(void **state);

void add(struct fixture *f, const char *command);
/* Frame 0 is the self-test, so that step N stands in frame N + 1. */
const struct shell_frame *step(const struct fixture *f, size_t number);
/* Run what was added, to the end. */
void run(struct fixture *f, const struct shell_kind *kind);

typedef void each_function(struct fixture *f, const struct shell_kind *kind);
/* Once in each shell, each time on a fresh fixture. */
void in_each_shell(void **state, each_function *function);

#endif
