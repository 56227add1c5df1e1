/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

static void setting_an_error_fills_it_and_says_false(void **state UNUSED)
{
    struct error error = {.hint = "old"};
    assert_false(error_set(&error, ERROR_IO, "cannot open '%s'", "file"));
    assert_int_equal(error.code, ERROR_IO);
    assert_string_equal(error.message, "cannot open 'file'");
    assert_string_equal(error.hint, "");
}

static void nobody_has_to_care(void **state UNUSED)
{
    assert_false(error_set(NULL, ERROR_IO, "x"));
    assert_false(error_prefix(NULL, "x"));
    assert_false(error_hint(NULL, "x"));
}

static void context_goes_in_front(void **state UNUSED)
{
    struct error error = {0};
    error_set(&error, ERROR_INVALID, "expected a number");
    error_hint(&error, "write %d", 1);
    assert_false(error_prefix(&error, "line %d", 7));
    assert_string_equal(error.message, "line 7: expected a number");
    assert_string_equal(error.hint, "write 1");
    assert_int_equal(error.code, ERROR_INVALID);
}

static void a_message_may_quote_itself(void **state UNUSED)
{
    struct error error = {0};
    error_set(&error, ERROR_IO, "inner");
    error_set(&error, ERROR_CORRUPT, "outer (%s)", error.message);
    assert_string_equal(error.message, "outer (inner)");
}

static void long_messages_are_cut_not_overrun(void **state UNUSED)
{
    char text[2000];
    struct error error = {0};
    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    error_set(&error, ERROR_IO, "%s", text);
    assert_int_equal(strlen(error.message), sizeof(error.message) - 1);
    error_prefix(&error, "%s", text);
    assert_int_equal(strlen(error.message), sizeof(error.message) - 1);
    error_hint(&error, "%s", text);
    assert_int_equal(strlen(error.hint), sizeof(error.hint) - 1);
}

static void every_code_has_a_name(void **state UNUSED)
{
    assert_string_equal(error_code_text(ERROR_NONE), "none");
    assert_string_equal(error_code_text(ERROR_UNSUPPORTED), "unsupported");
    assert_string_equal(error_code_text((enum error_code)1000), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(setting_an_error_fills_it_and_says_false),
        cmocka_unit_test(nobody_has_to_care),
        cmocka_unit_test(context_goes_in_front),
        cmocka_unit_test(a_message_may_quote_itself),
        cmocka_unit_test(long_messages_are_cut_not_overrun),
        cmocka_unit_test(every_code_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
