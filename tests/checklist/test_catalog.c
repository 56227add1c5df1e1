/* SPDX-License-Identifier: Apache-2.0 */
/*
 * With the argument --list this program is a user of the catalog: it prints what there is. A copy
 * of it in a made-up build tree shows that the source tree's checklists are found from there.
 */
#include "support/testing.h"

#include "base/buffer.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"
#include "checklist/catalog.h"

#include <stdlib.h>

struct fixture {
    struct catalog catalog;
    struct process_result result;
    struct buffer program;
    char *path;
};

static struct fixture fixture;

static int release(void **state UNUSED)
{
    catalog_release(&fixture.catalog);
    process_result_release(&fixture.result);
    buffer_release(&fixture.program);
    free(fixture.path);
    fixture = (struct fixture){0};
    unsetenv("WALKDOWN_CHECKLISTS");
    return 0;
}

static const struct catalog_entry *find(const char *name)
{
    for (size_t i = 0; i < fixture.catalog.count; i++)
        if (strcmp(fixture.catalog.entries[i].name, name) == 0)
            return &fixture.catalog.entries[i];
    return NULL;
}

static const char *find_path(const char *name)
{
    struct error error;
    free(fixture.path);
    fixture.path = NULL;
    assert_done(catalog_find(name, &fixture.path, &error), &error);
    return fixture.path;
}

static void checklists_of_the_user_are_found_by_name(void **state UNUSED)
{
    const char *mine = testing_write("environment/config/walkdown/checklists/mine.yaml", "x");
    testing_write("environment/config/walkdown/checklists/readme.txt", "x");
    testing_write("environment/config/walkdown/checklists/.hidden.yaml", "x");
    testing_write("environment/config/walkdown/checklists/folder.yaml/x", "x");
    catalog_list(&fixture.catalog);
    assert_non_null(find("mine"));
    assert_string_equal(find("mine")->path, mine);
    assert_false(find("mine")->is_bundled);
    assert_null(find("readme"));
    assert_null(find(".hidden"));
    assert_null(find("folder"));
    assert_string_equal(find_path("mine"), mine);
    assert_string_equal(find_path(mine), mine);
    struct digest digest = digest_of("x", 1);
    assert_false(catalog_is_bundled(&digest));
}

static void an_extra_folder_comes_first(void **state UNUSED)
{
    testing_write("environment/config/walkdown/checklists/mine.yaml", "x");
    const char *extra = testing_write("extra/mine.yaml", "y");
    const char *other = testing_write("extra/other.yaml", "y");
    setenv("WALKDOWN_CHECKLISTS", testing_path("extra"), 1);
    catalog_list(&fixture.catalog);
    assert_string_equal(find("mine")->path, extra);
    assert_string_equal(find("other")->path, other);
    for (size_t i = 1; i < fixture.catalog.count; i++)
        assert_true(strcmp(fixture.catalog.entries[i - 1].name, fixture.catalog.entries[i].name) <
                    0);
    assert_string_equal(find_path("mine"), extra);
    /* A relative folder would depend on where the user happens to stand. */
    setenv("WALKDOWN_CHECKLISTS", "extra", 1);
    assert_string_not_equal(find_path("mine"), extra);
}

static void what_is_not_there_is_told_with_the_folders(void **state UNUSED)
{
    struct error error;
    assert_refused(catalog_find("no-such", &fixture.path, &error), &error, ERROR_NOT_FOUND);
    assert_non_null(strstr(error.message, "no checklist 'no-such.yaml' in "));
    assert_non_null(strstr(error.message, "config/walkdown/checklists, "));
    assert_non_null(strstr(error.message, CHECKLIST_FOLDER));
    assert_refused(catalog_find("./no-such.yaml", &fixture.path, &error), &error, ERROR_NOT_FOUND);
    assert_string_equal(error.message, "there is no file './no-such.yaml'");
    assert_refused(catalog_find("/", &fixture.path, &error), &error, ERROR_NOT_FOUND);
    assert_refused(catalog_find("", &fixture.path, &error), &error, ERROR_NOT_FOUND);
}

static const char *list_from(const char *program)
{
    struct error error;
    const char *const arguments[] = {program, "--list", NULL};
    struct process_options options = {.arguments = arguments};
    process_result_release(&fixture.result);
    assert_done(process_run(&options, &fixture.result, &error), &error);
    return buffer_text(&fixture.result.output);
}

static void a_build_tree_finds_the_checklists_of_its_source(void **state UNUSED)
{
    struct error error;
    const char *program = testing_path("tree/build/program");
    const char *source = testing_write("tree/checklists/theirs.yaml", "theirs");
    testing_write("tree/configure.ac", "");
    testing_write("tree/build/config.status", "");
    assert_done(file_read("/proc/self/exe", 64 * 1024 * 1024, &fixture.program, &error), &error);
    assert_done(file_write(program, fixture.program.data, fixture.program.length, 0755, &error),
                &error);
    char expected[600];
    snprintf(expected, sizeof(expected), "theirs bundled /tree/checklists/theirs.yaml\n");
    assert_non_null(strstr(list_from(program), expected));
    assert_non_null(strstr(list_from(program), "digest is bundled\n"));
    assert_non_null(source);
    assert_int_equal(remove(testing_path("tree/build/config.status")), 0);
    assert_null(strstr(list_from(program), "theirs"));
    assert_null(strstr(list_from(program), "digest"));
}

static void print_list(void)
{
    struct catalog catalog;
    catalog_list(&catalog);
    for (size_t i = 0; i < catalog.count; i++) {
        const char *path = strstr(catalog.entries[i].path, "/tree/");
        printf("%s %s %s\n", catalog.entries[i].name,
               catalog.entries[i].is_bundled ? "bundled" : "own",
               path == NULL ? catalog.entries[i].path : path);
    }
    catalog_release(&catalog);
    struct digest digest = digest_of("theirs", strlen("theirs"));
    if (catalog_is_bundled(&digest))
        printf("digest is bundled\n");
}

int main(int argument_count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(checklists_of_the_user_are_found_by_name, release),
        cmocka_unit_test_teardown(an_extra_folder_comes_first, release),
        cmocka_unit_test_teardown(what_is_not_there_is_told_with_the_folders, release),
        cmocka_unit_test_teardown(a_build_tree_finds_the_checklists_of_its_source, release),
    };
    if (argument_count == 2 && strcmp(arguments[1], "--list") == 0) {
        print_list();
        return 0;
    }
    return cmocka_run_group_tests_name("catalog", tests, NULL, NULL);
}
