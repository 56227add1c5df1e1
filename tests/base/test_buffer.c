/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/buffer.h"

static void an_empty_buffer_is_an_empty_string(void **state UNUSED)
{
    struct buffer buffer = {0};
    assert_string_equal(buffer_text(&buffer), "");
    buffer_clear(&buffer);
    buffer_consume(&buffer, 10);
    char *taken = buffer_take(&buffer);
    assert_string_equal(taken, "");
    free(taken);
    assert_null(buffer.data);
}

static void bytes_are_kept_and_followed_by_a_nul(void **state UNUSED)
{
    struct buffer buffer = {0};
    for (int i = 0; i < 1000; i++) {
        buffer_append(&buffer, "a\0b", 3);
        buffer_append_byte(&buffer, 'c');
        assert_int_equal(buffer.data[buffer.length], 0);
    }
    assert_int_equal(buffer.length, 4000);
    assert_memory_equal(buffer.data + 3996, "a\0bc", 4);
    buffer_append(&buffer, NULL, 0);
    assert_int_equal(buffer.length, 4000);
    buffer_release(&buffer);
}

static void a_format_of_any_length_is_appended_whole(void **state UNUSED)
{
    struct buffer buffer = {0};
    size_t expected = 0;
    for (int width = 0; width < 300; width++) {
        buffer_append_format(&buffer, "%*d|", width, 7);
        expected += (size_t)(width == 0 ? 1 : width) + 1;
        assert_int_equal(buffer.length, expected);
        assert_int_equal(strlen(buffer.data), expected);
    }
    buffer_release(&buffer);
}

static void consuming_moves_the_rest_up(void **state UNUSED)
{
    struct buffer buffer = {0};
    buffer_append_text(&buffer, "header body");
    buffer_consume(&buffer, 7);
    assert_string_equal(buffer.data, "body");
    buffer_consume(&buffer, 0);
    assert_string_equal(buffer.data, "body");
    buffer_consume(&buffer, 4);
    assert_int_equal(buffer.length, 0);
    assert_string_equal(buffer_text(&buffer), "");
    buffer_release(&buffer);
}

static void taken_bytes_leave_an_empty_buffer(void **state UNUSED)
{
    struct buffer buffer = {0};
    buffer_append_text(&buffer, "first");
    char *taken = buffer_take(&buffer);
    assert_string_equal(taken, "first");
    free(taken);
    buffer_append_text(&buffer, "second");
    assert_string_equal(buffer.data, "second");
    buffer_release(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_buffer_is_an_empty_string),
        cmocka_unit_test(bytes_are_kept_and_followed_by_a_nul),
        cmocka_unit_test(a_format_of_any_length_is_appended_whole),
        cmocka_unit_test(consuming_moves_the_rest_up),
        cmocka_unit_test(taken_bytes_leave_an_empty_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
