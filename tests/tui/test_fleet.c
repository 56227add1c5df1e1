/* SPDX-License-Identifier: Apache-2.0 */
/* The Fleet view, drawn of a real review and used with keys. */
#include "world.h"

#include "support/testing.h"

static struct world world;

static void targets_by_areas(void **state UNUSED)
{
    world_press(&world, "H");
    world_assert_golden(&world, "fleet");
    world_press(&world, "jll");
    world_assert_golden(&world, "fleet-cell");
}

static void one_check_across_all_targets(void **state UNUSED)
{
    world_add_suggestion(&world, &(struct world_suggestion){.check = "ssh-root-password",
                                                            .target = "build-host",
                                                            .suggestion = "blocked",
                                                            .reason = "no \033[31mway in"});
    world_press(&world, "2jjHv");
    world_assert_golden(&world, "fleet-check");
    world_assert_lacks(&world, "\033");
    world_press(&world, "J");
    world_assert_lacks(&world, "way in");
    world_press(&world, "K");
    world_assert_shows(&world, "way in");
    world_press(&world, "v");
    world_assert_shows(&world, "Fleet by areas");
}

static void the_next_check_is_another_one_and_all_come_round(void **state UNUSED)
{
    const struct check *first;
    size_t count;
    size_t steps = 0;
    world_press(&world, "2jjHv");
    first = world.app.focus.check;
    (void)session_items(world.app.session, &count);
    do {
        const struct check *before = world.app.focus.check;
        world_press(&world, "J");
        assert_ptr_not_equal(world.app.focus.check, before);
        steps++;
    } while (world.app.focus.check != first && steps <= count);
    assert_int_equal(steps, count / 2); /* two targets */
}

static void a_cell_leads_to_its_area_on_its_target(void **state UNUSED)
{
    world_press(&world, "Hjl<Enter>");
    assert_int_equal(world.app.tab, TAB_WALK);
    assert_int_equal(world.app.overlay_count, 0);
    assert_int_equal(world.app.focus.target, 1);
}

/* With a column for the run, those of the areas are of several widths. */
static void a_click_chooses_the_cell_under_it(void **state UNUSED)
{
    static const struct {
        int column;
        const char *check;
    } clicks[] = {{104, "audit-running"}, {105, "signed-sources"}, {139, "backup-owner"}};
    size_t count;
    struct session_target *targets =
        (struct session_target *)(uintptr_t)session_targets(world.app.session, &count);
    targets[1].has_failed = true;
    for (size_t i = 0; i < LENGTH(clicks); i++) {
        world_press(&world, "H");
        (void)world_screen(&world, 40, 140);
        world_click(&world, 4, clicks[i].column);
        world_press(&world, "<Enter>");
        assert_string_equal(world.app.focus.check->id, clicks[i].check);
    }
}

static void a_run_is_told_of_each_target(void **state UNUSED)
{
    size_t count;
    struct session_target *targets =
        (struct session_target *)(uintptr_t)session_targets(world.app.session, &count);
    targets[0].state = TARGET_PROBING;
    targets[0].steps_done = 3;
    targets[0].steps_total = 14;
    targets[1].has_failed = true;
    snprintf(targets[1].status, sizeof(targets[1].status), "'build' cannot be reached");
    world_press(&world, "Hj");
    world_assert_golden(&world, "fleet-run");
}

static void keys_at_the_edges_do_no_harm(void **state UNUSED)
{
    world_press(&world, "Hhhhhllllllllllllllllllkkkjjjjjj");
    world_assert_shows(&world, "Fleet by areas");
    for (int rows = 0; rows < 30; rows++)
        for (int columns = 0; columns < 130; columns += 7)
            (void)world_screen(&world, rows, columns);
    world_press(&world, "q");
    assert_int_equal(world.app.overlay_count, 0);
}

static void fleet_in_ascii(void **state UNUSED)
{
    world.app.canvas.ascii = true;
    world_press(&world, "H");
    world_assert_golden(&world, "fleet-ascii");
}

static void what_is_gathered_of_one_target_asks_first(void **state UNUSED)
{
    world_press(&world, "Hr");
    world_assert_shows(&world, "sandbox-7");
    assert_int_equal(world.app.overlay_count, 2);
}

#define TEST(name) WORLD_TEST(name, world_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(targets_by_areas),
        TEST(one_check_across_all_targets),
        TEST(the_next_check_is_another_one_and_all_come_round),
        TEST(a_cell_leads_to_its_area_on_its_target),
        TEST(a_click_chooses_the_cell_under_it),
        TEST(a_run_is_told_of_each_target),
        TEST(keys_at_the_edges_do_no_harm),
        TEST(fleet_in_ascii),
        TEST(what_is_gathered_of_one_target_asks_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
