/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    struct process_result result;
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
    process_result_release(&fixture->result);
    free(fixture);
    return 0;
}

static bool run_shell(struct fixture *f, const char *script, struct process_options options)
{
    const char *const arguments[] = {"sh", "-c", script, NULL};
    options.arguments = arguments;
    process_result_release(&f->result);
    f->result = (struct process_result){0};
    return process_run(&options, &f->result, &f->error);
}

#define OPTIONS(...)                                                                               \
    (struct process_options)                                                                       \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }
#define assert_runs(f, script, ...)                                                                \
    assert_done(run_shell((f), (script), OPTIONS(__VA_ARGS__)), &(f)->error)

static void both_outputs_and_the_status_are_results(void **state)
{
    struct fixture *f = *state;
    assert_runs(f, "echo out; echo err >&2; exit 7");
    assert_string_equal(f->result.output.data, "out\n");
    assert_string_equal(f->result.errors.data, "err\n");
    assert_int_equal(f->result.exit_status, 7);
}

static void a_killed_program_has_128_and_its_signal(void **state)
{
    struct fixture *f = *state;
    assert_runs(f, "kill -TERM $$");
    assert_int_equal(f->result.exit_status, 128 + SIGTERM);
}

static void arguments_arrive_as_they_are(void **state)
{
    struct fixture *f = *state;
    const char *const arguments[] = {"printf", "%s|", "a b", "$HOME;", "*", "", NULL};
    struct process_options options = {.arguments = arguments};
    assert_done(process_run(&options, &f->result, &f->error), &f->error);
    assert_string_equal(f->result.output.data, "a b|$HOME;|*||");
}

/* More than both pipes hold, in both directions at once. */
static void much_input_comes_back_as_output(void **state)
{
    struct fixture *f = *state;
    enum { BYTES = 3000000 };
    char *input = memory_new(BYTES, 1);
    for (size_t i = 0; i < BYTES; i++)
        input[i] = (char)(i % 251);
    assert_runs(f, "cat", .input = input, .input_length = BYTES, .output_max_bytes = BYTES);
    assert_int_equal(f->result.output.length, BYTES);
    assert_memory_equal(f->result.output.data, input, BYTES);
    free(input);
}

static void input_that_nobody_reads_is_no_error(void **state)
{
    struct fixture *f = *state;
    enum { BYTES = 1000000 };
    char *input = memory_new(BYTES, 1);
    sigset_t pending;
    assert_runs(f, "exec 0<&-; echo done", .input = input, .input_length = BYTES);
    assert_string_equal(f->result.output.data, "done\n");
    sigpending(&pending);
    assert_false(sigismember(&pending, SIGPIPE));
    free(input);
}

static void without_input_stdin_is_empty(void **state)
{
    struct fixture *f = *state;
    assert_runs(f, "cat; echo end");
    assert_string_equal(f->result.output.data, "end\n");
    assert_runs(f, "cat; echo end", .input = "", .input_length = 0);
    assert_string_equal(f->result.output.data, "end\n");
}

static void a_flood_is_an_error_and_ends_the_child(void **state)
{
    struct fixture *f = *state;
    assert_refused(run_shell(f, "exec cat /dev/zero", OPTIONS(.output_max_bytes = 100000)),
                   &f->error, ERROR_INVALID);
    assert_refused(run_shell(f, "exec cat /dev/zero >&2", OPTIONS(.output_max_bytes = 5)),
                   &f->error, ERROR_INVALID);
    assert_runs(f, "printf 12345", .output_max_bytes = 5);
    assert_int_equal(f->result.output.length, 5);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void what_takes_too_long_is_ended(void **state)
{
    struct fixture *f = *state;
    int64_t start_ms = clock_monotonic_ms();
    assert_refused(run_shell(f, "exec sleep 60", OPTIONS(.timeout_ms = 100)), &f->error,
                   ERROR_TIMEOUT);
    assert_refused(run_shell(f, "exec 1>&- 2>&-; exec sleep 60", OPTIONS(.timeout_ms = 100)),
                   &f->error, ERROR_TIMEOUT);
    assert_true(clock_monotonic_ms() - start_ms < 30000);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* The grandchild alone holds the pipe: its end is the end of the file. */
static void a_group_is_ended_whole(void **state)
{
    struct fixture *f = *state;
    int fds[2];
    char byte;
    assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
    assert_refused(run_shell(f, "sleep 60 & exec 3>&-; sleep 60",
                             OPTIONS(.timeout_ms = 200, .new_group = true, .inherit_fd = fds[1])),
                   &f->error, ERROR_TIMEOUT);
    close(fds[1]);
    struct pollfd hung_up = {.fd = fds[0]};
    assert_int_equal(poll(&hung_up, 1, 20000), 1);
    assert_int_equal(read(fds[0], &byte, 1), 0);
    close(fds[0]);
}

/* The background program keeps both outputs open; it goes when this test's folder is gone. */
static void a_program_left_in_the_background_is_not_waited_for(void **state)
{
    struct fixture *f = *state;
    char *script =
        memory_format("(while test -d '%s'; do sleep 0.1; done) & echo started", testing_folder());
    int64_t start_ms = clock_monotonic_ms();
    assert_runs(f, script, .timeout_ms = 20000);
    assert_string_equal(f->result.output.data, "started\n");
    assert_true(clock_monotonic_ms() - start_ms < 10000);
    free(script);
}

static void a_missing_program_is_named(void **state)
{
    struct fixture *f = *state;
    const char *const arguments[] = {"no-such-program-of-walkdown", NULL};
    const char *const absolute[] = {"/no/such/program", NULL};
    struct process_options options = {.arguments = arguments};
    assert_refused(process_run(&options, &f->result, &f->error), &f->error, ERROR_NOT_FOUND);
    assert_non_null(strstr(f->error.message, arguments[0]));
    options.arguments = absolute;
    assert_refused(process_run(&options, &f->result, &f->error), &f->error, ERROR_NOT_FOUND);
    const char *const plain[] = {testing_write("no-program", "#!/bin/sh\n"), NULL};
    options.arguments = plain;
    assert_refused(process_run(&options, &f->result, &f->error), &f->error, ERROR_DENIED);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

static void variables_replace_and_add(void **state)
{
    struct fixture *f = *state;
    const char *const environment[] = {"TZ=Europe/Athens", "ADDED=1=2", NULL};
    setenv("TZX", "kept", 1);
    assert_runs(f, "echo $TZ $TZX $ADDED $HOME; env | grep -c ^TZ=", .environment = environment);
    char *expected =
        memory_format("Europe/Athens kept 1=2 %s\n1\n", testing_path("environment/home"));
    assert_string_equal(f->result.output.data, expected);
    unsetenv("TZX");
    free(expected);
}

static void the_child_stands_in_its_folder(void **state)
{
    struct fixture *f = *state;
    testing_write("there/file", "");
    assert_runs(f, "ls", .folder = testing_path("there"));
    assert_string_equal(f->result.output.data, "file\n");
    assert_refused(run_shell(f, "ls", OPTIONS(.folder = testing_path("none"))), &f->error,
                   ERROR_NOT_FOUND);
}

static const char list_descriptors[] =
    "for fd in /proc/$$/fd/*; do test -e $fd && printf '%s ' ${fd##*/}; done";

static void no_other_descriptor_is_handed_down(void **state)
{
    struct fixture *f = *state;
    int leaked[20];
    for (size_t i = 0; i < LENGTH(leaked); i++)
        leaked[i] = open("/dev/null", O_RDONLY);
    assert_runs(f, list_descriptors);
    assert_string_equal(f->result.output.data, "0 1 2 ");
    for (size_t i = 0; i < LENGTH(leaked); i++)
        close(leaked[i]);
}

static void one_descriptor_is_handed_down_as_3(void **state)
{
    struct fixture *f = *state;
    int fd = open(testing_write("handed", "down"), O_RDONLY | O_CLOEXEC);
    char script[sizeof(list_descriptors) + 16];
    snprintf(script, sizeof(script), "cat <&3; %s", list_descriptors);
    assert_runs(f, script, .inherit_fd = fd);
    assert_string_equal(f->result.output.data, "down0 1 2 3 ");
    close(fd);
}

/* The order with this number of the numbers 0 to 3. */
static void make_order(int order, int numbers[4])
{
    for (int i = 0; i < 4; i++)
        numbers[i] = i;
    for (int i = 0; i < 3; i++) {
        int other = i + order % (4 - i);
        int kept = numbers[i];
        numbers[i] = numbers[other];
        numbers[other] = kept;
        order /= 4 - i;
    }
}

/* Open "0" to "3", move them to these numbers and start a program that uses each. */
static bool spawn_over(const char *const names[4], const int numbers[4])
{
    const char *const arguments[] = {"/bin/sh", "-c", "cat; echo err >&2; echo third >&3", NULL};
    for (int i = 0; i < 4; i++) {
        int fd = open(names[i], i == 0 ? O_RDONLY : O_WRONLY | O_CREAT | O_TRUNC, 0600);
        dup2(fd, 50 + i);
    }
    for (int i = 0; i < 4; i++)
        dup2(50 + i, numbers[i]);
    /* 0 cannot be handed down: there it means "none". */
    struct process_options options = {.arguments = arguments,
                                      .inherit_fd = numbers[3] == 0 ? 53 : numbers[3]};
    pid_t pid = 0;
    return process_spawn(&options, numbers, &pid, NULL) && waitpid(pid, NULL, 0) == pid;
}

static void descriptors_arrive_whatever_their_numbers(void **state)
{
    struct fixture *f = *state;
    static const char *const expected[] = {"in", "in", "err\n", "third\n"};
    const char *const names[4] = {testing_write("0", "in"), testing_path("1"), testing_path("2"),
                                  testing_path("3")};
    for (int order = 0; order < 24; order++) {
        int numbers[4];
        make_order(order, numbers);
        pid_t child = fork();
        if (child == 0)
            _exit(spawn_over(names, numbers) ? 0 : 1);
        int status = -1;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(status, 0);
        for (size_t i = 0; i < 4; i++) {
            buffer_clear(&f->result.output);
            assert_done(file_read(names[i], 100, &f->result.output, &f->error), &f->error);
            assert_string_equal(f->result.output.data, expected[i]);
        }
    }
}

static void the_child_has_no_signal_blocked_or_ignored(void **state)
{
    struct fixture *f = *state;
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction old;
    sigset_t set;
    sigset_t old_set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, &old_set);
    sigaction(SIGHUP, &ignore, &old);
    assert_runs(f, "grep -E '^Sig(Blk|Ign)' /proc/self/status");
    sigaction(SIGHUP, &old, NULL);
    sigprocmask(SIG_SETMASK, &old_set, NULL);
    const char *blocked = strstr(f->result.output.data, "SigBlk:");
    const char *ignored = strstr(f->result.output.data, "SigIgn:");
    assert_int_equal(strtoull(blocked + 7, NULL, 16), 0);
    /* 32 and 33 belong to the C library; nobody else can change them. */
    const unsigned long long internal = 1ULL << 31 | 1ULL << 32;
    assert_int_equal(strtoull(ignored + 7, NULL, 16) & ~internal, 0);
}

static const int nowhere[3] = {-1, -1, -1};

static void a_new_group_is_led_by_the_child(void **state)
{
    struct fixture *f = *state;
    const char *const arguments[] = {"sleep", "60", NULL};
    struct process_options options = {.arguments = arguments, .new_group = true};
    pid_t pid = 0;
    int status = 0;
    assert_done(process_spawn(&options, nowhere, &pid, &f->error), &f->error);
    assert_int_equal(getpgid(pid), pid);
    assert_int_equal(kill(-pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void a_new_session_is_led_by_the_child(void **state)
{
    struct fixture *f = *state;
    const char *const arguments[] = {"sleep", "60", NULL};
    struct process_options options = {.arguments = arguments, .new_session = true};
    for (int new_group = 0; new_group < 2; new_group++) {
        pid_t pid = 0;
        options.new_group = new_group == 1;
        assert_done(process_spawn(&options, nowhere, &pid, &f->error), &f->error);
        assert_int_equal(getsid(pid), pid);
        assert_int_equal(getpgid(pid), pid);
        assert_int_equal(kill(-pid, SIGKILL), 0);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
    }
}

static void a_program_may_have_the_terminal(void **state)
{
    struct fixture *f = *state;
    int saved = dup(STDOUT_FILENO);
    int fd = open(testing_path("seen"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    fflush(stdout);
    dup2(fd, STDOUT_FILENO);
    bool done = run_shell(f, "echo shown; exit 3", OPTIONS(.inherit_terminal = true));
    dup2(saved, STDOUT_FILENO);
    close(saved);
    assert_done(done, &f->error);
    assert_int_equal(f->result.exit_status, 3);
    assert_int_equal(f->result.output.length, 0);
    lseek(fd, 0, SEEK_SET);
    assert_done(file_read_fd(fd, 100, &f->result.output, &f->error), &f->error);
    assert_string_equal(f->result.output.data, "shown\n");
    close(fd);
}

/* In a child, because neither can be taken back. */
static void a_program_can_be_hardened(void **state UNUSED)
{
    pid_t child = fork();
    if (child == 0) {
        struct rlimit limit;
        int fd = open("/dev/null", O_RDONLY);
        process_harden();
        process_close_inherited();
        getrlimit(RLIMIT_CORE, &limit);
        bool good = limit.rlim_cur == 0 && limit.rlim_max == 0 && prctl(PR_GET_DUMPABLE) == 0 &&
                    fcntl(fd, F_GETFD) == FD_CLOEXEC && fcntl(0, F_GETFD) != -1;
        _exit(good ? 0 : 1);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(both_outputs_and_the_status_are_results),
        TEST(a_killed_program_has_128_and_its_signal),
        TEST(arguments_arrive_as_they_are),
        TEST(much_input_comes_back_as_output),
        TEST(input_that_nobody_reads_is_no_error),
        TEST(without_input_stdin_is_empty),
        TEST(a_flood_is_an_error_and_ends_the_child),
        TEST(what_takes_too_long_is_ended),
        TEST(a_group_is_ended_whole),
        TEST(a_program_left_in_the_background_is_not_waited_for),
        TEST(a_missing_program_is_named),
        TEST(variables_replace_and_add),
        TEST(the_child_stands_in_its_folder),
        TEST(no_other_descriptor_is_handed_down),
        TEST(one_descriptor_is_handed_down_as_3),
        TEST(descriptors_arrive_whatever_their_numbers),
        TEST(the_child_has_no_signal_blocked_or_ignored),
        TEST(a_new_group_is_led_by_the_child),
        TEST(a_new_session_is_led_by_the_child),
        TEST(a_program_may_have_the_terminal),
        TEST(a_program_can_be_hardened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
