/* SPDX-License-Identifier: Apache-2.0 */
#include "base/process.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/path.h"
#include "base/process_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <poll.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    DEFAULT_OUTPUT_BYTES = 1024 * 1024,
    DEFAULT_TIMEOUT_MS = 30000,
    READ_STEP_BYTES = 64 * 1024,
    HANDED_DOWN_FD = 3,
    FIRST_FREE_FD = 10 /* above all numbers that a child's descriptors are moved to */
};

/* ---- starting ---- */

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* "K=V" with the names of OPTIONS->environment in place of the same names of ours. */
static char **merge_environment(const struct process_options *options)
{
    struct strings merged = {0};
    const char *const *extra = options->environment;
    for (size_t i = 0; extra != NULL && extra[i] != NULL; i++)
        strings_push(&merged, extra[i]);
    size_t added = merged.count;
    for (char **ours = environ; ours != NULL && *ours != NULL; ours++) {
        size_t name_length = strcspn(*ours, "=") + 1;
        bool is_replaced = false;
        for (size_t i = 0; i < added && !is_replaced; i++)
            is_replaced = strncmp(merged.items[i], *ours, name_length) == 0;
        if (!is_replaced)
            strings_push(&merged, *ours);
    }
    strings_push_take(&merged, NULL);
    return merged.items;
}

static void free_environment(char **environment)
{
    for (size_t i = 0; environment[i] != NULL; i++)
        free(environment[i]);
    free(environment);
}

/* Descriptors are moved out of the way first: moving one into place must not close another. */
static bool move_up(const int from[4], int to[4], struct error *error)
{
    for (size_t i = 0; i < 4; i++) {
        if (from[i] < 0)
            continue;
        to[i] = fcntl(from[i], F_DUPFD_CLOEXEC, FIRST_FREE_FD);
        if (to[i] < 0 && errno != EBADF)
            return error_set(error, ERROR_IO, "cannot copy a descriptor: %s", strerror(errno));
    }
    return true;
}

static int add_file_actions(posix_spawn_file_actions_t *actions, const int fds[4],
                            const char *folder)
{
    int problem = 0;
    for (int i = 0; i < HANDED_DOWN_FD && problem == 0; i++) {
        if (fds[i] >= 0)
            problem = posix_spawn_file_actions_adddup2(actions, fds[i], i);
        else
            problem = posix_spawn_file_actions_addopen(actions, i, "/dev/null",
                                                       i == 0 ? O_RDONLY : O_WRONLY, 0);
    }
    int first_closed = HANDED_DOWN_FD;
    if (problem == 0 && fds[3] >= 0) {
        problem = posix_spawn_file_actions_adddup2(actions, fds[3], HANDED_DOWN_FD);
        first_closed++;
    }
    if (problem == 0)
        problem = posix_spawn_file_actions_addclosefrom_np(actions, first_closed);
    if (problem == 0 && folder != NULL)
        problem = posix_spawn_file_actions_addchdir_np(actions, folder);
    return problem;
}

static int set_attributes(posix_spawnattr_t *attributes, const struct process_options *options)
{
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    /* The leader of a session leads a group already, and may not change it. */
    if (options->new_session)
        flags |= POSIX_SPAWN_SETSID;
    else if (options->new_group)
        flags |= POSIX_SPAWN_SETPGROUP;
    int problem = posix_spawnattr_setsigmask(attributes, &none);
    if (problem == 0)
        problem = posix_spawnattr_setsigdefault(attributes, &all);
    if (problem == 0 && (flags & POSIX_SPAWN_SETPGROUP) != 0)
        problem = posix_spawnattr_setpgroup(attributes, 0);
    return problem == 0 ? posix_spawnattr_setflags(attributes, flags) : problem;
}

static int spawn_with(const struct process_options *options, const char *program, const int fds[4],
                      pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions) != 0 || posix_spawnattr_init(&attributes) != 0)
        memory_exhausted();
    int problem = add_file_actions(&actions, fds, options->folder);
    if (problem == 0)
        problem = set_attributes(&attributes, options);
    if (problem == 0) {
        char **environment = merge_environment(options);
        /* posix_spawn(3) does not change the arguments; its type is older than const. */
        char *const *arguments = (char *const *)(uintptr_t)options->arguments;
        problem = posix_spawn(ret_pid, program, &actions, &attributes, arguments, environment);
        free_environment(environment);
    }
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

static bool start_failed(const char *name, int problem, struct error *error)
{
    enum error_code code = problem == ENOENT   ? ERROR_NOT_FOUND
                           : problem == EACCES ? ERROR_DENIED
                                               : ERROR_IO;
    return error_set(error, code, "cannot run '%s': %s", name, strerror(problem));
}

bool process_spawn(const struct process_options *options, const int fds[3], pid_t *ret_pid,
                   struct error *error)
{
    const char *name = options->arguments[0];
    bool is_path = strchr(name, '/') != NULL;
    AUTO_FREE char *program = is_path ? memory_copy_text(name) : path_find_program(name);
    if (program == NULL)
        return error_set(error, ERROR_NOT_FOUND, "cannot run '%s': no such program in $PATH", name);
    int inherit_fd = options->inherit_fd > 0 ? options->inherit_fd : -1;
    const int given[4] = {fds[0], fds[1], fds[2], inherit_fd};
    int moved[4] = {-1, -1, -1, -1};
    bool done = move_up(given, moved, error);
    if (done) {
        int problem = spawn_with(options, program, moved, ret_pid);
        done = problem == 0 || start_failed(name, problem, error);
    }
    for (size_t i = 0; i < 4; i++)
        close_fd(&moved[i]);
    return done;
}

/* ---- running to the end ---- */

/* What one run holds; -1 where a descriptor is closed. */
struct run {
    const struct process_options *options;
    int input;      /* our end of the child's stdin */
    int outputs[2]; /* our ends of stdout and stderr */
    struct process_watch child;
    pid_t pid;
    size_t input_sent;
    size_t output_max_bytes;
    int64_t deadline_ms;
};

void process_result_release(struct process_result *result)
{
    buffer_release(&result->output);
    buffer_release(&result->errors);
}

static void close_run(struct run *run)
{
    close_fd(&run->input);
    close_fd(&run->outputs[0]);
    close_fd(&run->outputs[1]);
    process_watch_close(&run->child);
}

static void kill_child(const struct run *run)
{
    bool leads = run->options->new_group || run->options->new_session;
    kill(leads ? -run->pid : run->pid, SIGKILL);
}

static int wait_for(pid_t pid)
{
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static bool make_pipe(int fds[2], struct error *error)
{
    if (pipe2(fds, O_CLOEXEC) == 0)
        return true;
    return error_set(error, ERROR_IO, "cannot make a pipe: %s", strerror(errno));
}

/* The child's ends are closed here in any case, or its end of file would never come. */
static bool start_captured(struct run *run, struct error *error)
{
    int in[2] = {-1, -1};
    int out[2] = {-1, -1};
    int err[2] = {-1, -1};
    bool done = (run->options->input == NULL || make_pipe(in, error)) && make_pipe(out, error) &&
                make_pipe(err, error) &&
                process_spawn(run->options, (const int[]){in[0], out[1], err[1]}, &run->pid, error);
    close_fd(&in[0]);
    close_fd(&out[1]);
    close_fd(&err[1]);
    run->input = in[1];
    run->outputs[0] = out[0];
    run->outputs[1] = err[0];
    if (!done)
        return false;
    if (run->input >= 0)
        fcntl(run->input, F_SETFL, O_NONBLOCK);
    fcntl(run->outputs[0], F_SETFL, O_NONBLOCK);
    fcntl(run->outputs[1], F_SETFL, O_NONBLOCK);
    if (process_watch_open(run->pid, &run->child, error))
        return true;
    kill_child(run);
    wait_for(run->pid);
    return false;
}

/* A child that does not read all of its input is no error of ours. */
static void send_input(struct run *run)
{
    size_t left = run->options->input_length - run->input_sent;
    const char *next = (const char *)run->options->input + run->input_sent;
    ssize_t written = left == 0 ? 0 : write(run->input, next, left);
    if (written > 0)
        run->input_sent += (size_t)written;
    bool is_open = written >= 0 || errno == EAGAIN || errno == EINTR;
    if (!is_open || run->input_sent == run->options->input_length)
        close_fd(&run->input);
}

/* Everything that one output holds by now. */
static bool drain(struct run *run, int *fd, struct buffer *buffer, struct error *error)
{
    while (*fd >= 0) {
        buffer_reserve(buffer, READ_STEP_BYTES);
        ssize_t got = read(*fd, buffer->data + buffer->length, READ_STEP_BYTES);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN)
            return true;
        if (got <= 0) {
            close_fd(fd);
            return true;
        }
        buffer->length += (size_t)got;
        buffer->data[buffer->length] = '\0';
        if (buffer->length > run->output_max_bytes)
            return error_set(error, ERROR_INVALID, "'%s' wrote more than %zu bytes",
                             run->options->arguments[0], run->output_max_bytes);
    }
    return true;
}

/* The end of the child decides, not the end of its outputs: a program that it left running in the
 * background may hold those open. What the child itself wrote is in the pipes by then. */
static bool converse(struct run *run, struct process_result *result, struct error *error)
{
    struct buffer *buffers[2] = {&result->output, &result->errors};
    for (bool has_ended = false; !has_ended;) {
        struct pollfd polls[4] = {{.fd = run->child.fd, .events = POLLIN},
                                  {.fd = run->input, .events = POLLOUT},
                                  {.fd = run->outputs[0], .events = POLLIN},
                                  {.fd = run->outputs[1], .events = POLLIN}};
        int64_t left_ms = run->deadline_ms - clock_monotonic_ms();
        if (left_ms <= 0)
            return error_set(error, ERROR_TIMEOUT, "'%s' took too long and was ended",
                             run->options->arguments[0]);
        if (poll(polls, LENGTH(polls), (int)left_ms) < 0 && errno != EINTR)
            return error_set(error, ERROR_IO, "cannot wait for '%s': %s",
                             run->options->arguments[0], strerror(errno));
        has_ended = polls[0].revents != 0 && process_watch_has_ended(&run->child);
        if (polls[1].revents != 0)
            send_input(run);
        for (size_t i = 0; i < 2; i++)
            if ((polls[2 + i].revents != 0 || has_ended) &&
                !drain(run, &run->outputs[i], buffers[i], error))
                return false;
    }
    return true;
}

/* A write to a child that has ended must not end us: SIGPIPE is blocked for this thread, and one
 * that we caused ourselves is taken away again. */
static bool block_sigpipe(sigset_t *ret_before)
{
    sigset_t pending;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    sigpending(&pending);
    sigprocmask(SIG_BLOCK, &set, ret_before);
    return sigismember(&pending, SIGPIPE) == 1;
}

static void restore_sigpipe(const sigset_t *before, bool was_pending)
{
    const struct timespec no_wait = {0};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    while (!was_pending && sigtimedwait(&set, NULL, &no_wait) < 0 && errno == EINTR)
        continue;
    sigprocmask(SIG_SETMASK, before, NULL);
}

static bool run_captured(const struct process_options *options, struct process_result *ret_result,
                         struct error *error)
{
    int timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : DEFAULT_TIMEOUT_MS;
    size_t max_bytes = options->output_max_bytes;
    struct run run = {.options = options,
                      .child = PROCESS_WATCH_NONE,
                      .output_max_bytes = max_bytes > 0 ? max_bytes : DEFAULT_OUTPUT_BYTES,
                      .deadline_ms = clock_monotonic_ms() + timeout_ms};
    struct process_result result = {0};
    sigset_t before;
    bool was_pending = block_sigpipe(&before);
    bool done = start_captured(&run, error);
    if (done) {
        done = converse(&run, &result, error);
        if (!done)
            kill_child(&run);
        result.exit_status = wait_for(run.pid);
    }
    close_run(&run);
    restore_sigpipe(&before, was_pending);
    if (done)
        *ret_result = result;
    else
        process_result_release(&result);
    return done;
}

/* Like system(3): keys that interrupt are for the program that has the terminal. */
static bool run_on_terminal(const struct process_options *options,
                            struct process_result *ret_result, struct error *error)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction old_interrupt;
    struct sigaction old_quit;
    pid_t pid;
    sigaction(SIGINT, &ignore, &old_interrupt);
    sigaction(SIGQUIT, &ignore, &old_quit);
    const int fds[3] = {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO};
    bool done = process_spawn(options, fds, &pid, error);
    if (done)
        *ret_result = (struct process_result){.exit_status = wait_for(pid)};
    sigaction(SIGINT, &old_interrupt, NULL);
    sigaction(SIGQUIT, &old_quit, NULL);
    return done;
}

bool process_run(const struct process_options *options, struct process_result *ret_result,
                 struct error *error)
{
    if (options->inherit_terminal)
        return run_on_terminal(options, ret_result, error);
    return run_captured(options, ret_result, error);
}

/* ---- ourselves ---- */

/* For kernels before 5.11, which do not know the flag. */
static void close_inherited_one_by_one(void)
{
    long limit = sysconf(_SC_OPEN_MAX);
    for (int fd = 3; fd < limit; fd++)
        fcntl(fd, F_SETFD, FD_CLOEXEC);
}

void process_close_inherited(void)
{
    if (close_range(3, UINT_MAX, CLOSE_RANGE_CLOEXEC) != 0)
        close_inherited_one_by_one();
}

void process_keep_only(int fd)
{
    dup2(fd, PROCESS_KEPT_FD);
    int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int low = 0; low < PROCESS_KEPT_FD; low++)
        if (nowhere < 0 || dup2(nowhere, low) < 0)
            close(low);
    if (close_range(PROCESS_KEPT_FD + 1, UINT_MAX, 0) == 0)
        return;
    long limit = sysconf(_SC_OPEN_MAX);
    for (int high = PROCESS_KEPT_FD + 1; high < limit; high++)
        close(high);
}

void process_harden(void)
{
    const struct rlimit none = {0};
    const struct sigaction ignore = {.sa_handler = SIG_IGN};

    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0);
    sigaction(SIGXFSZ, &ignore, NULL);
}
