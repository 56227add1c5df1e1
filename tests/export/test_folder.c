/* SPDX-License-Identifier: Apache-2.0 */
#include "export/format.h"

#include "base/file.h"
#include "base/path.h"
#include "base/process.h"
#include "file_names.h"
#include "fixture.h"
#include "support/testing.h"

#include <sys/stat.h>
#include <unistd.h>

struct written {
    struct fixture fixture;
    struct report *report;
    char *parent; /* holds nothing else */
    char *folder; /* does not exist yet */
    struct buffer text;
    struct strings names;
    struct process_result result;
};

static void open_with(struct written *written, const char *hostile)
{
    static int number;
    fixture_open(&written->fixture, hostile);
    written->report = fixture_report(&written->fixture);
    written->parent = memory_format("%s/out-%d", testing_folder(), number++);
    written->folder = memory_format("%s/report", written->parent);
    assert_int_equal(mkdir(written->parent, 0700), 0);
}

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct written));
    open_with(*state, NULL);
    return 0;
}

static int set_up_hostile(void **state)
{
    *state = memory_new(1, sizeof(struct written));
    open_with(*state, "../<x>/\n\x1b:CON");
    return 0;
}

static int tear_down(void **state)
{
    struct written *written = *state;
    report_free(written->report);
    fixture_close(&written->fixture);
    free(written->folder);
    free(written->parent);
    buffer_release(&written->text);
    strings_release(&written->names);
    process_result_release(&written->result);
    free(written);
    return 0;
}

static bool write_folder(struct written *written, struct error *error)
{
    return export_format_find("folder")->write_folder(written->report, written->fixture.review,
                                                      written->folder, error);
}

static const char *read_written(struct written *written, const char *name)
{
    struct error error = {0};
    buffer_clear(&written->text);
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", written->folder, name);
    assert_done(file_read(path, 16 * 1024 * 1024, &written->text, &error), &error);
    return buffer_text(&written->text);
}

static const struct strings *list_folder(struct written *written, const char *path)
{
    struct error error = {0};
    strings_release(&written->names);
    assert_done(file_list(path, &written->names, &error), &error);
    return &written->names;
}

static const struct strings *list(struct written *written, const char *name)
{
    char path[512];
    snprintf(path, sizeof(path), "%s/%s", written->folder, name);
    return list_folder(written, path);
}

/* Neither the folder nor anything beside it. */
static void assert_nothing_is_left(struct written *written)
{
    assert_int_equal(list_folder(written, written->parent)->count, 0);
}

static void the_folder_holds_all_formats_evidence_and_signatures(void **state)
{
    struct written *written = *state;
    struct error error = {0};
    assert_done(write_folder(written, &error), &error);
    AUTO_FREE char *names = strings_join(list(written, ""), " ");
    assert_string_equal(names, "README.txt SHA256SUMS access.csv attachments evidence flows.csv "
                               "items.csv report.html report.json report.md signoffs");
    assert_string_equal(read_written(written, "evidence/agent/docker-socket/socket.stderr"),
                        "ls: cannot access '/var/run/docker.sock': No such file or directory\n");
    assert_string_equal(read_written(written, "attachments/compose.yaml"),
                        "compose file of the build agent\n");
    assert_string_equal(read_written(written, "signoffs/1.txt"),
                        written->report->signoff_rows.items[0].manifest);
    assert_non_null(strstr(read_written(written, "signoffs/1.sig"), "BEGIN SSH SIGNATURE"));
    assert_non_null(strstr(read_written(written, "README.txt"), "ssh-keygen -Y verify"));
}

static void evidence_is_written_byte_by_byte(void **state)
{
    struct written *written = *state;
    struct error error = {0};
    assert_done(write_folder(written, &error), &error);
    assert_non_null(
        strstr(read_written(written, "evidence/sandbox-7/secrets-in-environment/names.stdout"),
               "RAW=\xFF\xFE\x1B[2Jgone\n"));
}

static void the_index_says_what_each_file_is(void **state)
{
    struct written *written = *state;
    struct error error = {0};
    assert_done(write_folder(written, &error), &error);
    const char *index = read_written(written, "evidence/index.csv");
    assert_non_null(strstr(index, "\"evidence/agent/docker-socket/mounts.stdout\",\"agent\","
                                  "\"docker-socket\",\"mounts\",\"stdout\",\"run-1\""));
    /* A probe without output has a line and no file. */
    assert_non_null(strstr(index, "\"\",\"agent\",\"ssh-root-password\",\"when\",\"stdout\""));
}

static void sha256sum_agrees(void **state)
{
    struct written *written = *state;
    struct error error = {0};
    assert_done(write_folder(written, &error), &error);
    static const char *const arguments[] = {"sha256sum", "--check", "--strict", "SHA256SUMS", NULL};
    struct process_options options = {.arguments = arguments, .folder = written->folder};
    assert_done(process_run(&options, &written->result, &error), &error);
    assert_int_equal(written->result.exit_status, 0);
    size_t files = 0;
    for (const char *at = buffer_text(&written->result.output); *at != '\0'; at++)
        files += *at == '\n';
    assert_true(files > 20);
}

static void an_existing_folder_is_refused_unless_it_is_empty(void **state)
{
    struct written *written = *state;
    struct error error = {0};
    assert_int_equal(mkdir(written->folder, 0700), 0);
    assert_done(write_folder(written, &error), &error);
    assert_refused(write_folder(written, &error), &error, ERROR_EXISTS);
    AUTO_FREE char *left = strings_join(list_folder(written, written->parent), " ");
    assert_string_equal(left, "report");
}

static void a_file_or_a_link_in_the_place_is_refused(void **state)
{
    struct written *written = *state;
    struct error error = {0};
    assert_done(file_write(written->folder, "x", 1, 0600, &error), &error);
    assert_refused(write_folder(written, &error), &error, ERROR_EXISTS);
    assert_int_equal(unlink(written->folder), 0);
    assert_int_equal(symlink(testing_folder(), written->folder), 0);
    assert_refused(write_folder(written, &error), &error, ERROR_EXISTS);
    assert_int_equal(unlink(written->folder), 0);
    assert_nothing_is_left(written);
}

static void a_failure_leaves_nothing_behind(void **state)
{
    struct written *written = *state;
    struct error error = {0};
    fixture_fail_blobs(&written->fixture, ERROR_CORRUPT);
    assert_refused(write_folder(written, &error), &error, ERROR_CORRUPT);
    assert_nothing_is_left(written);
}

static void evidence_that_is_gone_has_no_file(void **state)
{
    struct written *written = *state;
    struct error error = {0};
    fixture_fail_blobs(&written->fixture, ERROR_NOT_FOUND);
    assert_done(write_folder(written, &error), &error);
    assert_int_equal(list(written, "evidence/agent/docker-socket")->count, 0);
    assert_int_equal(list(written, "attachments")->count, 0);
    assert_non_null(
        strstr(read_written(written, "README.txt"), "attachment compose.yaml any more"));
}

static bool is_safe_name(const char *name)
{
    return name[strspn(name,
                       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")] ==
               '\0' &&
           name[0] != '.' && name[0] != '-' && strlen(name) <= FILE_NAME_MAX_BYTES + 20;
}

static void hostile_names_become_safe_files(void **state)
{
    struct written *written = *state;
    struct error error = {0};
    assert_done(write_folder(written, &error), &error);
    assert_int_equal(list_folder(written, written->parent)->count, 1);
    assert_int_equal(list(written, "evidence")->count, 3);
    for (size_t i = 0; i < written->names.count; i++)
        assert_true(is_safe_name(written->names.items[i]));
    assert_true(is_safe_name(list(written, "attachments")->items[0]));
}

static void names_in_a_folder_differ_on_any_file_system(void **state)
{
    (void)state;
    struct file_names names = {0};
    static const struct {
        const char *text, *expected;
    } examples[] = {
        {"sandbox-7", "sandbox-7"},
        {"Sandbox-7", "Sandbox-7_2"},
        {"sandbox/7", "sandbox_7"},
        {"sandbox:7", "sandbox_7_2"},
        {"", "_"},
        {".", "__"},
        {"..", "_._"},
        {"-rf", "_-rf"},
        {"con", "_con"},
        {"nul.txt", "_nul.txt"},
        {"COM1", "_COM1"},
        {"a.", "a_"},
        {"\xff\x1b", "___2"},
    };
    for (size_t i = 0; i < LENGTH(examples); i++) {
        char *name = file_names_make(&names, examples[i].text);
        char copy[64];
        snprintf(copy, sizeof(copy), "%s", name);
        free(name);
        assert_string_equal(copy, examples[i].expected);
    }
    file_names_release(&names);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_folder_holds_all_formats_evidence_and_signatures),
        TEST(evidence_is_written_byte_by_byte),
        TEST(the_index_says_what_each_file_is),
        TEST(sha256sum_agrees),
        TEST(an_existing_folder_is_refused_unless_it_is_empty),
        TEST(a_file_or_a_link_in_the_place_is_refused),
        TEST(a_failure_leaves_nothing_behind),
        TEST(evidence_that_is_gone_has_no_file),
        cmocka_unit_test_setup_teardown(hostile_names_become_safe_files, set_up_hostile, tear_down),
        cmocka_unit_test(names_in_a_folder_differ_on_any_file_system),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
