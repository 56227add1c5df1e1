/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
    struct buffer contents;
    struct strings names;
    struct error error;
};

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    buffer_release(&fixture->contents);
    strings_release(&fixture->names);
    free(fixture);
    return 0;
}

static void a_file_is_read_up_to_its_cap(void **state)
{
    struct fixture *f = *state;
    const char *path = testing_write("ten", "0123456789");
    buffer_append_text(&f->contents, "before ");
    assert_done(file_read(path, 10, &f->contents, &f->error), &f->error);
    assert_string_equal(f->contents.data, "before 0123456789");
    assert_refused(file_read(path, 9, &f->contents, &f->error), &f->error, ERROR_INVALID);
    assert_string_equal(f->contents.data, "before 0123456789");
    assert_non_null(strstr(f->error.message, path));
    assert_non_null(strstr(f->error.message, "more than 9 bytes"));
}

static void a_file_larger_than_one_read_arrives_whole(void **state)
{
    struct fixture *f = *state;
    size_t length = 300000;
    char *bytes = memory_new(length, 1);
    for (size_t i = 0; i < length; i++)
        bytes[i] = (char)(i * 7 >> 3);
    const char *path = testing_path("large");
    assert_done(file_write(path, bytes, length, 0600, &f->error), &f->error);
    assert_done(file_read(path, length, &f->contents, &f->error), &f->error);
    assert_int_equal(f->contents.length, length);
    assert_memory_equal(f->contents.data, bytes, length);
    free(bytes);
}

static void an_endless_file_stops_at_the_cap(void **state)
{
    struct fixture *f = *state;
    assert_refused(file_read("/dev/zero", 1000000, &f->contents, &f->error), &f->error,
                   ERROR_INVALID);
    assert_int_equal(f->contents.length, 0);
}

static void a_missing_file_and_a_folder_are_told_apart(void **state)
{
    struct fixture *f = *state;
    assert_refused(file_read(testing_path("none"), 10, &f->contents, &f->error), &f->error,
                   ERROR_NOT_FOUND);
    assert_refused(file_read(testing_folder(), 10, &f->contents, &f->error), &f->error, ERROR_IO);
}

static void writing_replaces_and_sets_the_mode(void **state)
{
    struct fixture *f = *state;
    struct stat status;
    const char *path = testing_write("replaced", "old and longer");
    assert_done(file_write(path, "new", 3, 0640, &f->error), &f->error);
    assert_done(file_read(path, 100, &f->contents, &f->error), &f->error);
    assert_string_equal(f->contents.data, "new");
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0640);
}

static void writing_leaves_no_other_file_behind(void **state)
{
    struct fixture *f = *state;
    testing_write("alone/keep", "");
    assert_done(file_write(testing_path("alone/one"), "", 0, 0600, &f->error), &f->error);
    mkdir(testing_path("alone/folder"), 0700);
    assert_refused(file_write(testing_path("alone/folder"), "x", 1, 0600, &f->error), &f->error,
                   ERROR_EXISTS);
    assert_done(file_list(testing_path("alone"), &f->names, &f->error), &f->error);
    assert_int_equal(f->names.count, 3);
    assert_string_equal(f->names.items[0], "folder");
    assert_string_equal(f->names.items[1], "keep");
    assert_string_equal(f->names.items[2], "one");
}

static void a_name_without_folder_is_written_here(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(chdir(testing_folder()), 0);
    assert_done(file_write("here", "x", 1, 0600, &f->error), &f->error);
    assert_done(file_read(testing_path("here"), 1, &f->contents, &f->error), &f->error);
}

static void a_link_is_replaced_not_followed(void **state)
{
    struct fixture *f = *state;
    const char *victim = testing_write("victim", "untouched");
    const char *link = testing_path("link");
    assert_int_equal(symlink(victim, link), 0);
    assert_done(file_write(link, "new", 3, 0600, &f->error), &f->error);
    assert_done(file_read(victim, 100, &f->contents, &f->error), &f->error);
    assert_string_equal(f->contents.data, "untouched");
}

static void devices_are_not_replaced(void **state)
{
    struct fixture *f = *state;
    struct stat status;
    const char *fifo = testing_path("fifo");
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_refused(file_write(fifo, "x", 1, 0600, &f->error), &f->error, ERROR_EXISTS);
    assert_int_equal(stat(fifo, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
}

static void a_missing_folder_is_reported(void **state)
{
    struct fixture *f = *state;
    assert_refused(file_write(testing_path("no/such/file"), "x", 1, 0600, &f->error), &f->error,
                   ERROR_NOT_FOUND);
    assert_refused(file_list(testing_path("no"), &f->names, &f->error), &f->error, ERROR_NOT_FOUND);
}

static void a_full_disk_is_an_error(void **state)
{
    struct fixture *f = *state;
    int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_refused(file_write_fd(fd, "x", 1, &f->error), &f->error, ERROR_IO);
    close(fd);
}

/* More than a pipe holds: the writer has to wait for this process' child to read. */
static void a_pipe_that_does_not_block_takes_everything(void **state)
{
    struct fixture *f = *state;
    enum { BYTES = 1000000 };
    int fds[2];
    assert_int_equal(pipe2(fds, O_CLOEXEC | O_NONBLOCK), 0);
    pid_t child = fork();
    if (child == 0) {
        close(fds[0]);
        char *bytes = memory_new(BYTES, 1);
        _exit(file_write_fd(fds[1], bytes, BYTES, NULL) ? 0 : 1);
    }
    close(fds[1]);
    fcntl(fds[0], F_SETFL, 0);
    assert_done(file_read_fd(fds[0], BYTES, &f->contents, &f->error), &f->error);
    assert_int_equal(f->contents.length, BYTES);
    close(fds[0]);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_read_up_to_its_cap),
        TEST(a_file_larger_than_one_read_arrives_whole),
        TEST(an_endless_file_stops_at_the_cap),
        TEST(a_missing_file_and_a_folder_are_told_apart),
        TEST(writing_replaces_and_sets_the_mode),
        TEST(writing_leaves_no_other_file_behind),
        TEST(a_name_without_folder_is_written_here),
        TEST(a_link_is_replaced_not_followed),
        TEST(devices_are_not_replaced),
        TEST(a_missing_folder_is_reported),
        TEST(a_full_disk_is_an_error),
        TEST(a_pipe_that_does_not_block_takes_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
