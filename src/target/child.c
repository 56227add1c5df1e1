/* SPDX-License-Identifier: Apache-2.0 */
#include "child.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    POLLS_PER_SHELL = 4,
    MARK_BYTES = 12,
    ENVIRONMENT_MAX_BYTES = 256 * 1024, /* looked at, of a process */
    SEARCHES_MAX = 5,                   /* for processes that others started meanwhile */
    COMPANION_PATIENCE_MS = 100,        /* it may end a little later than what it serves */
    KILL_PATIENCE_MS = 1000             /* for a process that the kernel cannot end at once */
};

struct child_shell {
    struct shell shell;
    pid_t pid;     /* leads a session and process group of its own */
    char mark[48]; /* in its environment, and so in that of all that is started below it */
    struct process_watch watch;
    int input;      /* our end of its stdin: a socket, so that a late write is no signal */
    int outputs[2]; /* our ends of stdout and stderr, by enum shell_stream; -1 after their end */
    struct buffer pending; /* for stdin */
};

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* ---- one shell ---- */

static bool make_channels(int input[2], int output[2], int errors[2], struct error *error)
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, input) == 0 &&
        pipe2(output, O_CLOEXEC) == 0 && pipe2(errors, O_CLOEXEC) == 0)
        return true;
    return error_set(error, ERROR_IO, "cannot start a shell: %s", strerror(errno));
}

static struct child_connection *connection_of(const struct child_shell *child)
{
    return (struct child_connection *)child->shell.connection;
}

/* What serves all shells has ended. */
static bool has_lost_companion(const struct child_connection *own, int patience_ms)
{
    return process_watch_wait(&own->companion, patience_ms);
}

static void make_mark(char mark[48])
{
    uint8_t bytes[MARK_BYTES];
    int length = snprintf(mark, 48, "WALKDOWN_SHELL=");
    random_bytes(bytes, sizeof(bytes));
    for (size_t i = 0; i < sizeof(bytes); i++)
        length += snprintf(mark + length, 48 - (size_t)length, "%02x", bytes[i]);
}

static bool start_process(struct child_shell *child, struct error *error)
{
    AUTO_RELEASE(strings) struct strings words = {0};
    const struct child_connection *own = connection_of(child);
    own->kind->words(own, child->shell.outside, &words);
    AUTO_FREE const char **arguments = memory_new(words.count + 1, sizeof(*arguments));
    for (size_t i = 0; i < words.count; i++)
        arguments[i] = words.items[i];
    make_mark(child->mark);
    const char *const environment[] = {child->mark, NULL};
    const struct process_options options = {
        .arguments = arguments, .environment = environment, .new_session = true};
    int input[2] = {-1, -1}, output[2] = {-1, -1}, errors[2] = {-1, -1};
    bool done =
        make_channels(input, output, errors, error) &&
        process_spawn(&options, (const int[]){input[0], output[1], errors[1]}, &child->pid, error);
    close_fd(&input[0]);
    close_fd(&output[1]);
    close_fd(&errors[1]);
    child->input = input[1];
    child->outputs[SHELL_STDOUT] = output[0];
    child->outputs[SHELL_STDERR] = errors[0];
    if (!done)
        return false;
    fcntl(child->outputs[SHELL_STDOUT], F_SETFL, O_NONBLOCK);
    fcntl(child->outputs[SHELL_STDERR], F_SETFL, O_NONBLOCK);
    return process_watch_open(child->pid, &child->watch, error);
}

struct process_state {
    pid_t session;
    unsigned long long started; /* in ticks since the machine started */
};

/* From /proc/PID/stat, its sixth field and its 22nd; the second one is the program's name in
 * parentheses, which may hold anything. */
static bool read_state(const char *process_id, struct process_state *ret_state)
{
    AUTO_FREE char *path = memory_format("/proc/%s/stat", process_id);
    AUTO_RELEASE(buffer) struct buffer stat = {0};
    if (!file_read(path, 4096, &stat, NULL))
        return false;
    const char *after_name = strrchr(stat.data, ')');
    return after_name != NULL &&
           sscanf(
               after_name + 1,
               " %*c %*d %*d %d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d %*d %*d %*d %*d %*d %llu",
               &ret_state->session, &ret_state->started) == 2;
}

static bool bears_mark(const char *process_id, const char *mark)
{
    AUTO_FREE char *path = memory_format("/proc/%s/environ", process_id);
    AUTO_RELEASE(buffer) struct buffer environment = {0};
    return file_read(path, ENVIRONMENT_MAX_BYTES, &environment, NULL) && environment.length > 0 &&
           memmem(environment.data, environment.length, mark, strlen(mark)) != NULL;
}

/* Returns how many were found outside the session: they may have started others meanwhile. What is
 * older than the shell is not looked at. */
static size_t kill_those_below(const struct child_shell *child)
{
    size_t found = 0;
    struct process_state shell = {0}, state;
    char id[16];
    DIR *folder = opendir("/proc");
    if (folder == NULL)
        return 0;
    snprintf(id, sizeof(id), "%d", (int)child->pid);
    (void)!read_state(id, &shell);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        long process = strtol(entry->d_name, NULL, 10);
        if (process <= 1 || !read_state(entry->d_name, &state) || state.started < shell.started)
            continue;
        bool is_below = state.session == child->pid;
        bool is_elsewhere = !is_below && bears_mark(entry->d_name, child->mark);
        if (is_below || is_elsewhere)
            kill((pid_t)process, SIGKILL);
        found += is_elsewhere ? 1 : 0;
    }
    closedir(folder);
    return found;
}

/* Programs such as timeout(1) lead groups of their own, setsid(1) sessions of their own. */
static void kill_all(const struct child_shell *child)
{
    kill(-child->pid, SIGKILL);
    for (int i = 0; i < SEARCHES_MAX && kill_those_below(child) > 0; i++)
        continue;
}

/* End all that the shell started. Returns the shell's exit status, -1 when a signal ended it. */
static int reap(struct child_shell *child)
{
    int status = 0;
    if (child->pid <= 0)
        return -1;
    kill_all(child);
    (void)process_watch_wait(&child->watch, KILL_PATIENCE_MS);
    pid_t reaped = waitpid(child->pid, &status, WNOHANG);
    child->pid = 0;
    return reaped > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void stop(struct shell *shell)
{
    struct child_shell *child = (struct child_shell *)shell;
    reap(child);
    process_watch_close(&child->watch);
    close_fd(&child->input);
    close_fd(&child->outputs[SHELL_STDOUT]);
    close_fd(&child->outputs[SHELL_STDERR]);
    buffer_release(&child->pending);
}

static bool start(struct shell *shell, struct error *error)
{
    struct child_shell *child = (struct child_shell *)shell;
    struct child_connection *own = connection_of(child);
    child->watch = PROCESS_WATCH_NONE;
    if (has_lost_companion(own, 0)) {
        own->kind->explain_loss(own, error);
        return false;
    }
    if (start_process(child, error))
        return true;
    stop(shell);
    return false;
}

static void write_input(struct shell *shell, const void *bytes, size_t length)
{
    struct child_shell *child = (struct child_shell *)shell;
    if (child->input >= 0)
        buffer_append(&child->pending, bytes, length);
}

/* A shell that reads no more has ended or will be seen to end; what it did not take is dropped. */
static void send_input(struct child_shell *child)
{
    ssize_t sent =
        send(child->input, child->pending.data, child->pending.length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
        buffer_consume_wiped(&child->pending, (size_t)sent);
    else if (errno != EAGAIN && errno != EINTR)
        buffer_release(&child->pending);
}

/* Read once and deliver; false when there was nothing. */
static bool read_output(struct child_shell *child, enum shell_stream stream)
{
    char bytes[READ_STEP_BYTES];
    ssize_t got = read(child->outputs[stream], bytes, sizeof(bytes));
    if (got > 0)
        shell_deliver(&child->shell, stream, bytes, (size_t)got);
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        close_fd(&child->outputs[stream]);
    return got > 0;
}

/* The end of the shell decides, not the end of its outputs: a process that left the group may hold
 * those open for ever, and go on writing. What the shell itself wrote is in the pipes by now. */
static void finish(struct child_shell *child)
{
    int exit_status = reap(child);
    for (enum shell_stream stream = SHELL_STDOUT; stream <= SHELL_STDERR; stream++) {
        int held = 0;
        if (child->outputs[stream] >= 0)
            ioctl(child->outputs[stream], FIONREAD, &held);
        for (int left = held; left > 0 && !child->shell.is_stopped; left -= READ_STEP_BYTES)
            read_output(child, stream);
    }
    const struct child_connection *own = connection_of(child);
    if (exit_status == own->kind->loss_status && has_lost_companion(own, COMPANION_PATIENCE_MS))
        return; /* the pump ends all shells */
    shell_end(&child->shell, exit_status);
}

/* ---- the connection ---- */

static void set_polls(const struct child_shell *child, struct pollfd polls[POLLS_PER_SHELL])
{
    polls[0] = (struct pollfd){.fd = child->watch.fd, .events = POLLIN};
    polls[1] =
        (struct pollfd){.fd = child->pending.length > 0 ? child->input : -1, .events = POLLOUT};
    polls[2] = (struct pollfd){.fd = child->outputs[SHELL_STDOUT], .events = POLLIN};
    polls[3] = (struct pollfd){.fd = child->outputs[SHELL_STDERR], .events = POLLIN};
}

/* Each step looks again whether a callback closed the shell. */
static void serve(struct child_shell *child, const struct pollfd polls[POLLS_PER_SHELL])
{
    const struct shell *shell = &child->shell;
    if (!shell->is_stopped && polls[1].revents != 0)
        send_input(child);
    if (!shell->is_stopped && polls[2].revents != 0)
        read_output(child, SHELL_STDOUT);
    if (!shell->is_stopped && polls[3].revents != 0)
        read_output(child, SHELL_STDERR);
    if (!shell->is_stopped && polls[0].revents != 0 && process_watch_has_ended(&child->watch))
        finish(child);
}

static bool pump(struct connection *connection, int wake_fd, int timeout_ms, struct error *error)
{
    struct child_connection *own = (struct child_connection *)connection;
    struct pollfd polls[2 + SHELLS_MAX * POLLS_PER_SHELL] = {
        {.fd = wake_fd, .events = POLLIN}, {.fd = own->companion.fd, .events = POLLIN}};
    struct child_shell *served[SHELLS_MAX];
    size_t count = 0;
    for (struct shell *shell = connection->shells; shell != NULL; shell = shell->next) {
        if (shell->is_stopped)
            continue;
        served[count] = (struct child_shell *)shell;
        set_polls(served[count], &polls[2 + count * POLLS_PER_SHELL]);
        count++;
    }
    if (poll(polls, 2 + count * POLLS_PER_SHELL, timeout_ms) < 0)
        return errno == EINTR ||
               error_set(error, ERROR_IO, "cannot wait for the shell: %s", strerror(errno));
    if (own->kind->attend != NULL)
        own->kind->attend(own);
    for (size_t i = 0; i < count; i++)
        serve(served[i], &polls[2 + i * POLLS_PER_SHELL]);
    if (!has_lost_companion(own, 0))
        return true;
    own->kind->explain_loss(own, error);
    return false;
}

static void close_connection(struct connection *connection)
{
    struct child_connection *own = (struct child_connection *)connection;
    if (own->kind->release != NULL)
        own->kind->release(own);
    free(own);
}

static const struct transport child_transport = {.start = start,
                                                 .write = write_input,
                                                 .stop = stop,
                                                 .pump = pump,
                                                 .close = close_connection,
                                                 .shell_bytes = sizeof(struct child_shell)};

void child_connection_init(struct child_connection *own, const struct child_kind *kind)
{
    own->connection.transport = &child_transport;
    own->kind = kind;
    own->companion = PROCESS_WATCH_NONE;
}
