/* SPDX-License-Identifier: Apache-2.0 */
/* Copies that were worked on apart, merged on the screen, and the disputes that come of it. */
#include "world.h"

#include "support/testing.h"

#include "base/file.h"

#include <glob.h>
#include <sys/wait.h>
#include <unistd.h>

static struct world world;
static char *copy_path;

static int set_up(void **state UNUSED)
{
    world_init(&world);
    world_fill(&world);
    copy_path = memory_copy_text(testing_path("copy-of-bob.walk"));
    return 0;
}

static int tear_down(void **state UNUSED)
{
    unlink(copy_path);
    free(copy_path);
    world_release(&world);
    return 0;
}

static void copy_review(void)
{
    struct buffer data = {0};
    struct error error = {0};
    bool done = file_read(session_path(world.app.session), SIZE_MAX / 2, &data, &error) &&
                file_write(copy_path, data.data, data.length, 0600, &error);
    buffer_release(&data);
    assert_done(done, &error);
}

/* What Bob decides in the copy. */
static void decide_in_copy(const char *check, const char *verdict)
{
    char name[] = "Bob", email[] = "bob@example.org";
    const struct author bob = {.id = {.bytes = {0xB0, 0xB0}}, .name = name, .email = email};
    struct review *review = NULL;
    struct error error = {0};
    json_t *body = json_pack("{s:s, s:s, s:s, s:s}", "target", "sandbox-7", "check", check,
                             "verdict", verdict, "note", "as Bob saw it");
    const struct new_entry entry = {.kind = ENTRY_DECISION, .body = body};
    bool done = review_open(copy_path, REVIEW_READ_WRITE, &bob, &review, &error) &&
                review_append(review, &entry, 1, NULL, &error);
    review_close(review);
    json_decref(body);
    assert_done(done, &error);
}

static const struct item *find(const char *check)
{
    return session_find_item(world.app.session, check, "sandbox-7");
}

/* Ask the palette for it, and give it the path of the copy. */
static void name_copy(void)
{
    world_press(&world, "4:");
    world_type(&world, "merge");
    world_press(&world, "<Enter>");
    world_type(&world, copy_path);
    world_press(&world, "<Enter>");
}

static void ask_to_merge(void)
{
    struct error error = {0};
    name_copy();
    while (world.app.looking != NULL)
        assert_done(loop_run_once(world.loop, -1, &error), &error);
}

/* How many files of our own, made of a copy, lie beside the review. */
static size_t count_left(void)
{
    glob_t found;
    size_t count = glob(testing_path(".walkdown-*"), 0, NULL, &found) == 0 ? found.gl_pathc : 0;
    globfree(&found);
    return count;
}

static void a_copy_is_merged_after_a_look_at_what_it_brings(void **state UNUSED)
{
    copy_review();
    decide_in_copy("docker-group", "pass");
    ask_to_merge();
    world_assert_shows(&world, "Merge this copy?");
    world_assert_shows(&world, "2 entries of Bob and 0 blobs would be added");
    world_assert_shows(&world, "0 checks are in dispute");
    assert_int_equal(find("docker-group")->verdict, VERDICT_OPEN);
    world_press(&world, "<Enter>");
    world_assert_shows(&world, "merged; nothing is disputed");
    assert_int_equal(find("docker-group")->verdict, VERDICT_PASS);
    assert_int_equal(count_left(), 0);
    ask_to_merge();
    world_assert_shows(&world, "the copy holds nothing new");
    assert_int_equal(count_left(), 0);
}

static void a_merge_that_was_only_looked_at_changes_nothing(void **state UNUSED)
{
    copy_review();
    decide_in_copy("docker-group", "pass");
    ask_to_merge();
    assert_int_equal(count_left(), 1);
    world_press(&world, "<Esc>");
    assert_int_equal(count_left(), 0);
    assert_int_equal(find("docker-group")->verdict, VERDICT_OPEN);
    world_press(&world, "2jjf");
    assert_int_equal(find("ssh-root-password")->verdict, VERDICT_FAIL);
}

/* Its process may be through by then; the screen only learns it in the loop. */
static void a_copy_that_takes_for_ever_is_given_up(void **state UNUSED)
{
    copy_review();
    decide_in_copy("docker-group", "pass");
    name_copy();
    world_assert_shows(&world, "Looking at the copy");
    world_assert_shows(&world, "Esc stop");
    world_press(&world, "<Enter>");
    assert_non_null(world.app.looking);
    world_press(&world, "<Esc>");
    assert_null(world.app.looking);
    world_assert_shows(&world, "stopped; nothing was merged");
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(count_left(), 0);
    assert_int_equal(find("docker-group")->verdict, VERDICT_OPEN);
    ask_to_merge();
    world_assert_shows(&world, "2 entries of Bob");
}

/* Neither who leaves nor who opens another review has to wait. */
static void a_review_is_left_while_a_copy_is_looked_at(void **state UNUSED)
{
    copy_review();
    decide_in_copy("docker-group", "pass");
    name_copy();
    AUTO_FREE char *path = memory_copy_text(session_path(world.app.session));
    struct error error = {0};
    assert_done(app_open(&world.app, path, &error), &error);
    app_settle(&world.app);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(count_left(), 0);
}

static void overview_leads_to_what_is_disputed_after_a_merge(void **state UNUSED)
{
    copy_review();
    decide_in_copy("ssh-root-password", "pass");
    world_decide(&world, "ssh-root-password", VERDICT_FAIL, NULL);
    ask_to_merge();
    world_assert_shows(&world, "1 check is in dispute");
    world_press(&world, "<Enter>");
    world_assert_golden(&world, "overview-disputed");
    world_press(&world, "d");
    assert_int_equal(world.app.tab, TAB_WALK);
    assert_string_equal(world.app.focus.check->id, "ssh-root-password");
    world_assert_shows(&world, "as Bob saw it");
    world_press(&world, "f1");
    assert_int_equal(find("ssh-root-password")->verdict, VERDICT_FAIL);
    world_assert_lacks(&world, "disputed check");
    world_press(&world, "d");
    world_assert_shows(&world, "nothing is disputed");
}

static void what_is_no_copy_of_the_review_is_refused(void **state UNUSED)
{
    testing_write("no-review.walk", "text");
    free(copy_path);
    copy_path = memory_copy_text(testing_path("no-review.walk"));
    ask_to_merge();
    assert_int_equal(world.app.message_level, MESSAGE_BAD);
    assert_int_equal(count_left(), 0);
    free(copy_path);
    copy_path = memory_copy_text(testing_path("not-there.walk"));
    ask_to_merge();
    world_assert_shows(&world, "Merge a copy");
    assert_int_equal(world.app.message_level, MESSAGE_BAD);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_copy_is_merged_after_a_look_at_what_it_brings),
        TEST(a_merge_that_was_only_looked_at_changes_nothing),
        TEST(a_copy_that_takes_for_ever_is_given_up),
        TEST(a_review_is_left_while_a_copy_is_looked_at),
        TEST(overview_leads_to_what_is_disputed_after_a_merge),
        TEST(what_is_no_copy_of_the_review_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
