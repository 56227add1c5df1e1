/* SPDX-License-Identifier: Apache-2.0 */
/* Each test runs on this kernel, and then on one that answers that it knows no pidfd. */
#include "support/testing.h"

#include "base/clock.h"
#include "base/process.h"
#include "base/process_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

static struct process_watch watch;
static pid_t child;
static int input[2];

/* A child that ends with status 7 at the end of its input. */
static int set_up(void **state UNUSED)
{
    const char *const arguments[] = {"sh", "-c", "cat >/dev/null; exit 7", NULL};
    const struct process_options options = {.arguments = arguments};
    struct error error;
    assert_int_equal(pipe2(input, O_CLOEXEC), 0);
    assert_done(process_spawn(&options, (const int[]){input[0], -1, -1}, &child, &error), &error);
    close(input[0]);
    assert_done(process_watch_open(child, &watch, &error), &error);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    process_watch_close(&watch);
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    if (input[1] >= 0)
        close(input[1]);
    return 0;
}

static void end_child(void)
{
    close(input[1]);
    input[1] = -1;
}

static void the_end_of_a_child_can_be_polled_for(void **state UNUSED)
{
    int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
    assert_false(process_watch_has_ended(&watch));
    end_child();
    while (!process_watch_has_ended(&watch)) {
        struct pollfd one = {.fd = watch.fd, .events = POLLIN};
        assert_true(clock_monotonic_ms() < deadline_ms);
        poll(&one, 1, PATIENCE_MS);
        assert_true(one.revents != 0);
    }
}

static void a_child_that_has_ended_is_still_waited_for(void **state UNUSED)
{
    int status = 0;
    end_child();
    assert_true(process_watch_wait(&watch, PATIENCE_MS));
    assert_true(process_watch_has_ended(&watch));
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 7);
    child = 0;
    assert_true(process_watch_has_ended(&watch));
}

static void waiting_has_an_end(void **state UNUSED)
{
    assert_false(process_watch_wait(&watch, 0));
    assert_false(process_watch_wait(&watch, 30));
}

static void nothing_to_watch_never_ends(void **state UNUSED)
{
    struct process_watch none = PROCESS_WATCH_NONE;
    assert_false(process_watch_has_ended(&none));
    assert_false(process_watch_wait(&none, PATIENCE_MS));
    process_watch_close(&none);
}

static void programs_run_to_their_end(void **state UNUSED)
{
    const char *const arguments[] = {"sh", "-c", "cat; echo err >&2; exit 3", NULL};
    const struct process_options options = {
        .arguments = arguments, .input = "in", .input_length = 2};
    struct process_result result;
    struct error error;
    assert_done(process_run(&options, &result, &error), &error);
    bool fits = strcmp(buffer_text(&result.output), "in") == 0 &&
                strcmp(buffer_text(&result.errors), "err\n") == 0 && result.exit_status == 3;
    process_result_release(&result);
    assert_true(fits);
}

/* From here on, this process and its children. */
static void the_kernel_forgets_the_call(void **state UNUSED)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pidfd_open, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
    const struct sock_fprog program = {LENGTH(filter), filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        skip();
    assert_int_equal(syscall(SYS_pidfd_open, getpid(), 0), -1);
    assert_int_equal(errno, ENOSYS);
}

static void a_clock_takes_its_place(void **state UNUSED)
{
    assert_true(watch.is_ticking);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define EACH                                                                                       \
    TEST(the_end_of_a_child_can_be_polled_for), TEST(a_child_that_has_ended_is_still_waited_for),  \
        TEST(waiting_has_an_end), TEST(nothing_to_watch_never_ends),                               \
        TEST(programs_run_to_their_end)

int main(void)
{
    const struct CMUnitTest tests[] = {EACH, cmocka_unit_test(the_kernel_forgets_the_call),
                                       TEST(a_clock_takes_its_place), EACH};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
