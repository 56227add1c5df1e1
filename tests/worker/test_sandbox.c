/* SPDX-License-Identifier: Apache-2.0 */
/* Each test confines a child and looks at what is left to it. */
#include "support/testing.h"

#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* The exit status of FUNCTION in a confined child. */
static int confined(int (*function)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        struct error error;
        _exit(sandbox_confine(&error) ? function() : 99);
    }
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int denied(long result)
{
    return result == -1 && errno == EPERM ? 0 : 1;
}

static int try_ptrace(void)
{
    return denied(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int try_unshare(void)
{
    return denied(unshare(CLONE_NEWUSER));
}

static int try_mount(void)
{
    return denied(mount("none", "/nowhere", "tmpfs", 0, NULL));
}

static void what_a_worker_never_needs_is_denied(void **state)
{
    (void)state;
    assert_int_equal(confined(try_ptrace), 0);
    assert_int_equal(confined(try_unshare), 0);
    assert_int_equal(confined(try_mount), 0);
}

static int try_sockets(void)
{
    static const int good[] = {AF_UNIX, AF_INET, AF_NETLINK};
    static const int bad[] = {AF_PACKET, AF_ALG, AF_VSOCK, AF_BLUETOOTH};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        if (socket(bad[i], SOCK_DGRAM, 0) >= 0 || errno != EAFNOSUPPORT)
            return 1;
    }
    for (size_t i = 0; i < LENGTH(good); i++) {
        if (socket(good[i], SOCK_DGRAM, 0) < 0)
            return 2;
    }
    return 0;
}

static void only_the_families_of_a_connection_are_left(void **state)
{
    (void)state;
    assert_int_equal(confined(try_sockets), 0);
}

static int try_to_work(void)
{
    char *const arguments[] = {(char[]){"true"}, NULL};
    int status = 0;
    pid_t pid = 0;
    if (open("/etc/passwd", O_RDONLY) < 0 ||
        posix_spawnp(&pid, "true", NULL, NULL, arguments, environ) != 0)
        return 1;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}

static void files_and_programs_stay_within_reach(void **state)
{
    (void)state;
    assert_int_equal(confined(try_to_work), 0);
}

static int look_at_memory(void)
{
    struct rlimit limit;
    getrlimit(RLIMIT_AS, &limit);
    return limit.rlim_max == 1024 * 1024 * 1024 ? 0 : 1;
}

static void memory_is_limited(void **state)
{
    (void)state;
#ifdef __SANITIZE_ADDRESS__
    (void)look_at_memory;
    skip();
#else
    assert_int_equal(confined(look_at_memory), 0);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_worker_never_needs_is_denied),
        cmocka_unit_test(only_the_families_of_a_connection_are_left),
        cmocka_unit_test(files_and_programs_stay_within_reach),
        cmocka_unit_test(memory_is_limited),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
