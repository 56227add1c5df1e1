/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/process.h"

#include <sys/stat.h>

static void the_environment_is_pinned(void **state UNUSED)
{
    assert_string_equal(getenv("TZ"), "UTC");
    assert_string_equal(getenv("LC_ALL"), "C.UTF-8");
    assert_string_equal(getenv("HOME"), testing_path("environment/home"));
    assert_string_equal(getenv("XDG_STATE_HOME"), testing_path("environment/state"));
    assert_null(getenv("SSH_AUTH_SOCK"));
    assert_null(getenv("NO_COLOR"));
    assert_null(getenv("EDITOR"));
    assert_non_null(getenv("PATH"));
}

static void each_process_has_a_folder_of_its_own(void **state UNUSED)
{
    struct stat status;
    assert_int_equal(stat(testing_folder(), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    const char *path = testing_write("a/b/file", "text");
    assert_int_equal(stat(path, &status), 0);
}

/* This program again, which makes a folder that it cannot read and says where. */
static void the_folder_is_gone_after_the_end(void **state UNUSED)
{
    const char *const arguments[] = {testing_build("tests/support/test_testing"), "leave", NULL};
    struct process_options options = {.arguments = arguments};
    struct process_result result = {0};
    struct error error = {0};
    struct stat status;
    assert_done(process_run(&options, &result, &error), &error);
    assert_int_equal(result.exit_status, 0);
    assert_int_equal(buffer_text(&result.output)[0], '/');
    assert_int_not_equal(stat(buffer_text(&result.output), &status), 0);
    process_result_release(&result);
}

static int leave_a_folder(void)
{
    testing_write("locked/file", "text");
    chmod(testing_path("locked"), 0);
    fputs(testing_folder(), stdout);
    return 0;
}

/* Run a golden check of this program again; returns its exit status. */
static int run_golden(const char *variable, const char *actual)
{
    const char *const arguments[] = {testing_build("tests/support/test_testing"), "golden", actual,
                                     NULL};
    const char *const environment[] = {variable, NULL};
    struct process_options options = {.arguments = arguments, .environment = environment};
    struct process_result result = {0};
    struct error error = {0};
    assert_done(process_run(&options, &result, &error), &error);
    int status = result.exit_status;
    process_result_release(&result);
    return status;
}

static void a_golden_that_differs_fails_and_is_kept(void **state UNUSED)
{
    struct error error = {0};
    struct buffer kept = {0};
    assert_int_equal(run_golden("TESTING_NONE=1", "right\n"), 0);
    assert_int_not_equal(run_golden("TESTING_NONE=1", "wrong\n"), 0);
    const char *path = testing_build("tests/golden-actual/support/golden.txt");
    assert_done(file_read(path, 100, &kept, &error), &error);
    assert_string_equal(kept.data, "wrong\n");
    buffer_release(&kept);
    remove(path);
}

static const char *golden_text;

static void golden_of_an_argument(void **state UNUSED)
{
    testing_assert_golden("support/golden.txt", golden_text);
}

int main(int count, char **arguments)
{
    if (count > 1 && strcmp(arguments[1], "leave") == 0)
        return leave_a_folder();
    if (count > 2 && strcmp(arguments[1], "golden") == 0) {
        const struct CMUnitTest golden[] = {cmocka_unit_test(golden_of_an_argument)};
        golden_text = arguments[2];
        return cmocka_run_group_tests_name("golden", golden, NULL, NULL);
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_environment_is_pinned),
        cmocka_unit_test(each_process_has_a_folder_of_its_own),
        cmocka_unit_test(the_folder_is_gone_after_the_end),
        cmocka_unit_test(a_golden_that_differs_fails_and_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
