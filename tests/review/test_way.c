/* SPDX-License-Identifier: Apache-2.0 */
#include "review/way.h"

#include "fixture.h"

#include <unistd.h>

static struct review *review;
static struct way way;

static int setup(void **state UNUSED)
{
    unlink(testing_path("way.walk"));
    review = fixture_create("way.walk");
    fixture_subject(review, 1, 2);
    return 0;
}

static int teardown(void **state UNUSED)
{
    way_release(&way);
    review_close(review);
    return 0;
}

static void add(const char *target, const char *probe, const char *output)
{
    fixture_evidence(review, WAY_CHECK, target, probe, output);
}

static void read_way(const char *target)
{
    struct error error;
    way_release(&way);
    assert_done(way_read(review, target, NULL, &way, &error), &error);
}

static void assert_line(const char *wanted)
{
    char *line = way_line(&way);
    assert_string_equal(line, wanted);
    free(line);
}

static void assert_changes(const char *wanted)
{
    char *changes = way_changes(&way);
    assert_string_equal(changes, wanted);
    free(changes);
}

static void a_target_without_hops_has_no_way(void **state UNUSED)
{
    fixture_evidence(review, "check-0", "host-0", "inside", "pid: [1]\n");
    add("host-1", "inside", "pid: [2]\n");
    read_way("host-0");
    assert_line("");
    assert_changes("");
}

static void hops_come_before_the_inside_in_their_order(void **state UNUSED)
{
    add("host-0", "inside", "pid: [3]\nuts: [4]\n");
    add("host-0", "hop-2-chroot", "root: device 1, inode 2\n");
    add("host-0", "hop-1-docker", "id: 4f66\nimage: web:1\n");
    read_way("host-0");
    assert_line("hop-1-docker: id 4f66, image web:1; hop-2-chroot: root device 1, inode 2; "
                "inside: pid [3], uts [4]");
    assert_changes("");
}

static void what_is_another_one_than_before_is_told(void **state UNUSED)
{
    add("host-0", "hop-1-docker", "id: 4f66\nimage: web:1\n");
    add("host-0", "hop-1-docker", "id: 90c1\nimage: web:1\n");
    read_way("host-0");
    assert_int_equal(way.changed_count, 1);
    assert_changes("hop-1-docker id is 90c1 and was 4f66 before");
    add("host-0", "hop-1-docker", "id: 90c1\nimage: web:1\n");
    read_way("host-0");
    assert_changes("");
}

static void a_run_without_an_answer_is_passed_over_in_the_comparison(void **state UNUSED)
{
    add("host-0", "hop-1-docker", "id: 4f66\n");
    add("host-0", "hop-1-docker", "");
    read_way("host-0");
    assert_line("not seen: hop-1-docker: it said nothing");
    add("host-0", "hop-1-docker", "id: 90c1\n");
    read_way("host-0");
    assert_changes("hop-1-docker id is 90c1 and was 4f66 before");
}

static void a_sandbox_that_is_made_anew_is_not_compared(void **state UNUSED)
{
    add("host-0", WAY_INSIDE_ANEW, "pid: [1]\n");
    add("host-0", WAY_INSIDE_ANEW, "pid: [2]\n");
    read_way("host-0");
    assert_line("inside-anew: pid [2]");
    assert_changes("");
}

static void lines_that_say_nothing_and_endless_ones_do_no_harm(void **state UNUSED)
{
    struct buffer text = {0};
    buffer_append_text(&text, "\n: \nid\nid:\nid: \nlong: ");
    for (int i = 0; i < 10000; i++)
        buffer_append_byte(&text, 'x');
    for (int i = 0; i < 10000; i++)
        buffer_append_format(&text, "\nname-%d: value", i);
    add("host-0", "inside", buffer_text(&text));
    buffer_release(&text);
    read_way("host-0");
    assert_in_range(way.count, 2, 200);
    assert_string_equal(way.facts[0].name, "long");
    assert_in_range(strlen(way.facts[0].value), 100, 1000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_target_without_hops_has_no_way),
        TEST(hops_come_before_the_inside_in_their_order),
        TEST(what_is_another_one_than_before_is_told),
        TEST(a_run_without_an_answer_is_passed_over_in_the_comparison),
        TEST(a_sandbox_that_is_made_anew_is_not_compared),
        TEST(lines_that_say_nothing_and_endless_ones_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
