/* SPDX-License-Identifier: Apache-2.0 */
/* Each test confines a child as the reader of a stranger's file, and looks at what is left to it.
 */
#include "support/testing.h"

#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *stranger, *beside, *other;

static int set_up(void **state UNUSED)
{
    testing_write("reader/stranger.walk", "bytes");
    testing_write("reader/stranger.walk-journal", "older");
    testing_write("reader/other", "a key");
    stranger = memory_copy_text(testing_path("reader/stranger.walk"));
    beside = memory_copy_text(testing_path("reader/stranger.walk-journal"));
    other = memory_copy_text(testing_path("reader/other"));
    return 0;
}

static int tear_down(void **state UNUSED)
{
    free(stranger);
    free(beside);
    free(other);
    return 0;
}

/* The exit status of FUNCTION in a child that is confined to PATH. */
static int confined_to(const char *path, int (*function)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        struct error error;
        _exit(sandbox_confine_reader(path, beside, &error) ? function() : 99);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int confined(int (*function)(void))
{
    return confined_to(stranger, function);
}

static bool is_denied(long result)
{
    return result == -1 && (errno == EPERM || errno == EACCES);
}

static int try_to_read(void)
{
    char bytes[8];
    int fd = open(stranger, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 1};
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0 || fcntl(fd, F_SETLK, &lock) != 0)
        return 1;
    void *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory != MAP_FAILED && pread(fd, bytes, sizeof(bytes), 0) == 5 ? 0 : 2;
}

static void the_file_can_be_read(void **state UNUSED)
{
    assert_int_equal(confined(try_to_read), 0);
}

static int try_to_write(void)
{
    AUTO_FREE char *fresh = memory_format("%s.new", stranger);
    static const int flags[] = {O_WRONLY, O_RDWR, O_RDONLY | O_TRUNC};
    for (size_t i = 0; i < LENGTH(flags); i++)
        if (!is_denied(open(stranger, flags[i])))
            return 1;
    if (!is_denied(open(fresh, O_RDONLY | O_CREAT, 0600)) || !is_denied(unlink(stranger)) ||
        !is_denied(rename(stranger, fresh)) || !is_denied(mkdir(fresh, 0700)) ||
        !is_denied(chmod(stranger, 0)) || !is_denied(truncate(stranger, 0)) ||
        !is_denied(symlink(stranger, fresh)) || !is_denied(link(stranger, fresh)))
        return 2;
    return 0;
}

static void no_file_can_be_made_changed_or_removed(void **state UNUSED)
{
    assert_int_equal(confined(try_to_write), 0);
}

static int try_others(void)
{
    char name[] = "true";
    char *const words[] = {name, NULL};
    int fd = open(stranger, O_RDONLY | O_CLOEXEC);
    if (!is_denied(socket(AF_INET, SOCK_STREAM, 0)) || !is_denied(socket(AF_UNIX, SOCK_STREAM, 0)))
        return 1;
    if (!is_denied(fork()) || !is_denied(execv("/bin/true", words)))
        return 2;
    if (!is_denied(kill(getppid(), 0)) || !is_denied(fcntl(fd, F_SETOWN, getppid())))
        return 3;
    const struct rlimit more = {RLIM_INFINITY, RLIM_INFINITY};
    return is_denied(setrlimit(RLIMIT_CPU, &more)) ? 0 : 4;
}

static void nothing_else_can_be_reached_or_started(void **state UNUSED)
{
    assert_int_equal(confined(try_others), 0);
}

static int try_other_file(void)
{
    return is_denied(open(other, O_RDONLY | O_CLOEXEC)) ? 0 : errno == 0 ? 1 : 2;
}

static void no_other_file_can_be_read(void **state UNUSED)
{
    if (!sandbox_can_hide_files())
        skip();
    assert_int_equal(confined(try_other_file), 0);
}

static void where_the_file_is_not_there_none_can_be_read(void **state UNUSED)
{
    AUTO_FREE char *nowhere = memory_format("%s.gone", stranger);
    if (!sandbox_can_hide_files())
        skip();
    assert_int_equal(confined_to(nowhere, try_other_file), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_file_can_be_read),
        cmocka_unit_test(no_file_can_be_made_changed_or_removed),
        cmocka_unit_test(nothing_else_can_be_reached_or_started),
        cmocka_unit_test(no_other_file_can_be_read),
        cmocka_unit_test(where_the_file_is_not_there_none_can_be_read),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
