/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/array.h"

static void pushed_elements_are_zeroed_and_keep_their_contents(void **state UNUSED)
{
    struct pair {
        int key;
        int value;
    } *pairs = NULL;
    size_t count = 0;
    for (int i = 0; i < 1000; i++) {
        struct pair *pair = array_push(pairs, count);
        assert_int_equal(pair->key, 0);
        assert_int_equal(pair->value, 0);
        *pair = (struct pair){i, -i};
    }
    assert_int_equal(count, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(pairs[i].value, -i);
    free(pairs);
}

static void an_array_grows_again_after_elements_were_taken_off(void **state UNUSED)
{
    int *numbers = NULL;
    size_t count = 0;
    for (int i = 0; i < 100; i++)
        *array_push(numbers, count) = i;
    for (size_t shorter = 0; shorter < 100; shorter++) {
        count = 100 - shorter;
        while (count < 200)
            *array_push(numbers, count) = 7;
        assert_int_equal(numbers[0], 0);
        assert_int_equal(numbers[199], 7);
    }
    free(numbers);
}

static void a_split_text_has_one_part_more_than_separators(void **state UNUSED)
{
    struct strings parts = {0};
    strings_split(&parts, "", ':');
    assert_int_equal(parts.count, 1);
    assert_string_equal(parts.items[0], "");
    strings_release(&parts);
    strings_split(&parts, ":a::b", ':');
    assert_int_equal(parts.count, 4);
    char *joined = strings_join(&parts, ", ");
    assert_string_equal(joined, ", a, , b");
    free(joined);
    strings_release(&parts);
    assert_int_equal(parts.count, 0);
}

static void strings_are_sorted_by_byte_value(void **state UNUSED)
{
    struct strings strings = {0};
    strings_sort(&strings);
    strings_push(&strings, "b");
    strings_push_length(&strings, "\xc3\xa4\xc3\xb6", 2);
    strings_push_take(&strings, memory_copy_text("B"));
    strings_sort(&strings);
    assert_string_equal(strings.items[0], "B");
    assert_string_equal(strings.items[1], "b");
    assert_string_equal(strings.items[2], "\xc3\xa4");
    assert_true(strings_contains(&strings, "b"));
    assert_false(strings_contains(&strings, "c"));
    strings_release(&strings);
}

static void joining_nothing_gives_an_empty_string(void **state UNUSED)
{
    struct strings none = {0};
    char *joined = strings_join(&none, ",");
    assert_string_equal(joined, "");
    free(joined);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pushed_elements_are_zeroed_and_keep_their_contents),
        cmocka_unit_test(an_array_grows_again_after_elements_were_taken_off),
        cmocka_unit_test(a_split_text_has_one_part_more_than_separators),
        cmocka_unit_test(strings_are_sorted_by_byte_value),
        cmocka_unit_test(joining_nothing_gives_an_empty_string),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
