/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

#include <sys/stat.h>
#include <unistd.h>

static void without_a_name_nothing_is_written(void **state UNUSED)
{
    unsetenv("WALKDOWN_LOG");
    log_open_from_environment("test");
    log_line("nobody reads %d", 1);
    log_close();
}

static void lines_are_safe_and_say_when_and_who(void **state UNUSED)
{
    struct buffer text = {0};
    struct error error = {0};
    struct stat status;
    const char *path = testing_path("diary");
    setenv("WALKDOWN_LOG", path, 1);
    clock_set_wall_ms(1795464901250);
    log_open_from_environment("test");
    log_line("host '%s'", "a\x1b[2J\nb");
    log_line("%s", "second");
    log_close();
    log_line("after the end");
    clock_set_wall_ms(0);
    unsetenv("WALKDOWN_LOG");
    assert_done(file_read(path, 1000, &text, &error), &error);
    char *expected = memory_format("2026-11-23T20:15:01.250Z test[%d] host 'a<1B>[2J<0A>b'\n"
                                   "2026-11-23T20:15:01.250Z test[%d] second\n",
                                   (int)getpid(), (int)getpid());
    assert_string_equal(text.data, expected);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    free(expected);
    buffer_release(&text);
}

static void a_link_is_not_followed(void **state UNUSED)
{
    struct buffer text = {0};
    struct error error = {0};
    const char *victim = testing_write("victim", "");
    assert_int_equal(symlink(victim, testing_path("link")), 0);
    setenv("WALKDOWN_LOG", testing_path("link"), 1);
    log_open_from_environment("test");
    log_line("x");
    log_close();
    unsetenv("WALKDOWN_LOG");
    assert_done(file_read(victim, 10, &text, &error), &error);
    assert_int_equal(text.length, 0);
    buffer_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_name_nothing_is_written),
        cmocka_unit_test(lines_are_safe_and_say_when_and_who),
        cmocka_unit_test(a_link_is_not_followed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
