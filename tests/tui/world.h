/* SPDX-License-Identifier: Apache-2.0 */
/* A review with known contents, and the app on it, for tests without a terminal. */
#ifndef TUI_WORLD_H
#define TUI_WORLD_H

#include "../../src/tui/app_main.h"

/* 2026-11-23 14:02 UTC: when everything in the world happens. */
#define WORLD_TIME_MS 1795442520000

struct world {
    struct loop *loop;
    struct app app;
    struct buffer text; /* handed out last */
};

/* The app with its start screen. The world's clock stands still. */
void world_init(struct world *world);
void world_release(struct world *world);
/* Make a review with the targets of a list ("sandbox-7=local ..."), and show it. */
void world_create(struct world *world, const char *targets);
/* The world that most screens are drawn of: two targets, evidence, decisions, a comment. */
void world_fill(struct world *world);

/* A test of a file that has a `struct world world`: it is filled, or not, and released. */
#define WORLD_TEST(function, set_up)                                                               \
    cmocka_unit_test_prestate_setup_teardown(function, set_up, world_tear_down, &world)
int world_set_up(void **state);
int world_set_up_empty(void **state);
int world_tear_down(void **state);

/* What a probe brought, as a run would have recorded it. */
struct world_evidence {
    const char *check, *probe, *target; /* target NULL: the first */
    const char *command;
    const char *out, *err;
    size_t out_length; /* 0: a string */
    int exit_status;
    const char *outcome, *detail; /* NULL: "done", "" */
    const char *run;              /* NULL: the world's only one */
    int64_t after_ms;             /* since WORLD_TIME_MS */
};
void world_add_evidence(struct world *world, const struct world_evidence *evidence);
/* LINES: JSON as in a suggestion's entry; NULL: none. */
struct world_suggestion {
    const char *check, *target;
    const char *suggestion, *reason, *lines;
};
void world_add_suggestion(struct world *world, const struct world_suggestion *suggestion);
void world_decide(struct world *world, const char *check, enum verdict verdict,
                  const char *because);

/* Press keys, written as in a file of keys. */
void world_press(struct world *world, const char *keys);
/* Type a text. */
void world_type(struct world *world, const char *text);
void world_click(struct world *world, int row, int column);
/* Draw at a size, and give the screen as text. Borrowed until the next call. */
const char *world_screen(struct world *world, int rows, int columns);
/* Draw at 80x24 and 140x40 and compare with the goldens tui/NAME-80x24.txt and -140x40.txt. */
void world_assert_golden(struct world *world, const char *name);
/* Fail unless the screen of 140x40 shows TEXT. */
void world_assert_shows(struct world *world, const char *text);
void world_assert_lacks(struct world *world, const char *text);

#endif
