/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/path.h"

#include <sys/stat.h>
#include <unistd.h>

static void assert_text(char *owned, const char *expected)
{
    assert_string_equal(owned, expected);
    free(owned);
}

static void joined_parts_have_one_slash_between_them(void **state UNUSED)
{
    assert_text(path_join("a", "b"), "a/b");
    assert_text(path_join("a/", "b"), "a/b");
    assert_text(path_join("a//", "//b"), "a/b");
    assert_text(path_join("/", "b"), "/b");
    assert_text(path_join("//", "b"), "/b");
    assert_text(path_join("", "b"), "b");
    assert_text(path_join("a", ""), "a/");
}

static void the_base_is_behind_the_last_slash(void **state UNUSED)
{
    assert_string_equal(path_base("/a/b"), "b");
    assert_string_equal(path_base("b"), "b");
    assert_string_equal(path_base("a/"), "");
}

static void resolving_follows_the_folder_not_the_last_part(void **state UNUSED)
{
    char *path = NULL;
    struct error error = {0};
    testing_write("real/file", "");
    char *real = realpath(testing_path("real"), NULL);
    char *expected = path_join(real, "new");
    assert_int_equal(symlink("real", testing_path("alias")), 0);
    assert_done(path_resolve(testing_path("alias/new"), &path, &error), &error);
    assert_text(path, expected);
    assert_done(path_resolve(testing_path("alias/../alias/new///"), &path, &error), &error);
    assert_text(path, expected);
    assert_int_equal(chdir(real), 0);
    assert_done(path_resolve("new", &path, &error), &error);
    assert_text(path, expected);
    assert_done(path_resolve(".", &path, &error), &error);
    assert_text(path, real);
    assert_done(path_resolve("/", &path, &error), &error);
    assert_text(path, "/");
    assert_refused(path_resolve("none/new", &path, &error), &error, ERROR_NOT_FOUND);
    assert_refused(path_resolve("", &path, &error), &error, ERROR_INVALID);
    free(expected);
    free(real);
}

static void folders_are_made_with_those_above_them(void **state UNUSED)
{
    struct error error = {0};
    struct stat status;
    const char *folder = testing_path("x/y/z");
    assert_done(path_make_folder(folder, &error), &error);
    assert_done(path_make_folder(folder, &error), &error);
    assert_int_equal(stat(testing_path("x"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    assert_done(path_make_folder("/", &error), &error);
    assert_refused(path_make_folder("", &error), &error, ERROR_INVALID);
    testing_write("x/file", "");
    assert_refused(path_make_folder(testing_path("x/file"), &error), &error, ERROR_EXISTS);
    assert_refused(path_make_folder(testing_path("x/file/y"), &error), &error, ERROR_EXISTS);
}

static void the_state_folder_follows_xdg(void **state UNUSED)
{
    char *path = NULL;
    struct error error = {0};
    struct stat status;
    assert_done(path_state_folder(&path, &error), &error);
    assert_int_equal(stat(path, &status), 0);
    assert_text(path, testing_path("environment/state/walkdown"));
    assert_text(path_config_folder(), testing_path("environment/config/walkdown"));
    setenv("XDG_STATE_HOME", "relative", 1);
    unsetenv("XDG_CONFIG_HOME");
    assert_done(path_state_folder(&path, &error), &error);
    assert_text(path, testing_path("environment/home/.local/state/walkdown"));
    assert_text(path_config_folder(), testing_path("environment/home/.config/walkdown"));
    setenv("XDG_STATE_HOME", testing_path("environment/state"), 1);
    setenv("XDG_CONFIG_HOME", testing_path("environment/config"), 1);
}

static void a_home_is_always_absolute(void **state UNUSED)
{
    assert_text(path_home(), testing_path("environment/home"));
    setenv("HOME", "relative", 1);
    char *home = path_home();
    assert_int_equal(home[0], '/');
    free(home);
    setenv("HOME", testing_path("environment/home"), 1);
}

static void the_program_knows_where_it_lies(void **state UNUSED)
{
    char *expected = realpath(testing_build("tests/base"), NULL);
    assert_text(path_program_folder(), expected);
    free(expected);
}

static void programs_are_found_in_absolute_folders_of_path(void **state UNUSED)
{
    char *old = memory_copy_text(getenv("PATH"));
    chmod(testing_write("bin/tool", "#!/bin/sh\n"), 0755);
    testing_write("bin/data", "");
    mkdir(testing_path("bin/folder"), 0755);
    assert_int_equal(chdir(testing_path("bin")), 0);
    char *path = memory_format("%s:/nowhere::%s", ".", testing_path("bin"));
    setenv("PATH", path, 1);
    assert_text(path_find_program("tool"), testing_path("bin/tool"));
    assert_null(path_find_program("data"));
    assert_null(path_find_program("folder"));
    assert_null(path_find_program(""));
    setenv("PATH", ".:", 1);
    assert_null(path_find_program("tool"));
    assert_text(path_find_program("./tool"), "./tool");
    unsetenv("PATH");
    char *shell = path_find_program("sh");
    assert_non_null(shell);
    free(shell);
    setenv("PATH", old, 1);
    free(path);
    free(old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joined_parts_have_one_slash_between_them),
        cmocka_unit_test(the_base_is_behind_the_last_slash),
        cmocka_unit_test(resolving_follows_the_folder_not_the_last_part),
        cmocka_unit_test(folders_are_made_with_those_above_them),
        cmocka_unit_test(the_state_folder_follows_xdg),
        cmocka_unit_test(a_home_is_always_absolute),
        cmocka_unit_test(the_program_knows_where_it_lies),
        cmocka_unit_test(programs_are_found_in_absolute_folders_of_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
