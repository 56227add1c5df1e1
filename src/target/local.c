/* SPDX-License-Identifier: Apache-2.0 */
/* Shells on this machine. */
#include "transport.h"

#include "account.h"
#include "base/file.h"
#include "base/process.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    POLLS_PER_SHELL = 4,
    KILL_PATIENCE_MS = 1000 /* for a process that the kernel cannot end at once */
};

struct local_shell {
    struct shell shell;
    pid_t pid;      /* leads a session and process group of its own */
    int child;      /* a pidfd, readable when the shell has ended */
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

static bool start_process(struct local_shell *local, struct error *error)
{
    static const char *const arguments[] = {"/bin/sh", "-s", NULL};
    const struct process_options options = {.arguments = arguments, .new_session = true};
    int input[2] = {-1, -1}, output[2] = {-1, -1}, errors[2] = {-1, -1};
    bool done =
        make_channels(input, output, errors, error) &&
        process_spawn(&options, (const int[]){input[0], output[1], errors[1]}, &local->pid, error);
    close_fd(&input[0]);
    close_fd(&output[1]);
    close_fd(&errors[1]);
    local->input = input[1];
    local->outputs[SHELL_STDOUT] = output[0];
    local->outputs[SHELL_STDERR] = errors[0];
    if (!done)
        return false;
    fcntl(local->outputs[SHELL_STDOUT], F_SETFL, O_NONBLOCK);
    fcntl(local->outputs[SHELL_STDERR], F_SETFL, O_NONBLOCK);
    local->child = (int)syscall(SYS_pidfd_open, local->pid, 0);
    return local->child >= 0 ||
           error_set(error, ERROR_IO, "cannot watch the shell: %s", strerror(errno));
}

/* The session that /proc/PID/stat names, its sixth field; the second one is the program's name in
 * parentheses, which may hold anything. */
static pid_t session_of(const char *process_id)
{
    AUTO_FREE char *path = memory_format("/proc/%s/stat", process_id);
    AUTO_RELEASE(buffer) struct buffer stat = {0};
    int session = -1;
    if (!file_read(path, 4096, &stat, NULL))
        return -1;
    const char *after_name = strrchr(stat.data, ')');
    return after_name != NULL && sscanf(after_name + 1, " %*c %*d %*d %d", &session) == 1 ? session
                                                                                          : -1;
}

/* Programs such as timeout(1) lead groups of their own; they are still in the shell's session. */
static void kill_session(pid_t session)
{
    kill(-session, SIGKILL);
    DIR *folder = opendir("/proc");
    if (folder == NULL)
        return;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        long process = strtol(entry->d_name, NULL, 10);
        if (process > 1 && session_of(entry->d_name) == session)
            kill((pid_t)process, SIGKILL);
    }
    closedir(folder);
}

/* End all that the shell started. Returns the shell's exit status, -1 when a signal ended it. */
static int reap(struct local_shell *local)
{
    int status = 0;
    if (local->pid <= 0)
        return -1;
    kill_session(local->pid);
    if (local->child >= 0)
        poll(&(struct pollfd){.fd = local->child, .events = POLLIN}, 1, KILL_PATIENCE_MS);
    pid_t reaped = waitpid(local->pid, &status, WNOHANG);
    local->pid = 0;
    return reaped > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void stop(struct shell *shell)
{
    struct local_shell *local = (struct local_shell *)shell;
    reap(local);
    close_fd(&local->child);
    close_fd(&local->input);
    close_fd(&local->outputs[SHELL_STDOUT]);
    close_fd(&local->outputs[SHELL_STDERR]);
    buffer_release(&local->pending);
}

static bool start(struct shell *shell, struct error *error)
{
    struct local_shell *local = (struct local_shell *)shell;
    local->child = -1;
    if (start_process(local, error))
        return true;
    stop(shell);
    return false;
}

static void write_input(struct shell *shell, const void *bytes, size_t length)
{
    struct local_shell *local = (struct local_shell *)shell;
    if (local->input >= 0)
        buffer_append(&local->pending, bytes, length);
}

/* A shell that reads no more has ended or will be seen to end; what it did not take is dropped. */
static void send_input(struct local_shell *local)
{
    ssize_t sent =
        send(local->input, local->pending.data, local->pending.length, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0)
        buffer_consume(&local->pending, (size_t)sent);
    else if (errno != EAGAIN && errno != EINTR)
        buffer_release(&local->pending);
}

/* Read once and deliver; false when there was nothing. */
static bool read_output(struct local_shell *local, enum shell_stream stream)
{
    char bytes[READ_STEP_BYTES];
    ssize_t got = read(local->outputs[stream], bytes, sizeof(bytes));
    if (got > 0)
        shell_deliver(&local->shell, stream, bytes, (size_t)got);
    else if (got == 0 || (errno != EAGAIN && errno != EINTR))
        close_fd(&local->outputs[stream]);
    return got > 0;
}

/* The end of the shell decides, not the end of its outputs: a process that left the group may hold
 * those open for ever, and go on writing. What the shell itself wrote is in the pipes by now. */
static void finish(struct local_shell *local)
{
    int exit_status = reap(local);
    for (enum shell_stream stream = SHELL_STDOUT; stream <= SHELL_STDERR; stream++) {
        int held = 0;
        if (local->outputs[stream] >= 0)
            ioctl(local->outputs[stream], FIONREAD, &held);
        for (int left = held; left > 0 && !local->shell.is_stopped; left -= READ_STEP_BYTES)
            read_output(local, stream);
    }
    shell_end(&local->shell, exit_status);
}

/* ---- the connection ---- */

static void set_polls(const struct local_shell *local, struct pollfd polls[POLLS_PER_SHELL])
{
    polls[0] = (struct pollfd){.fd = local->child, .events = POLLIN};
    polls[1] =
        (struct pollfd){.fd = local->pending.length > 0 ? local->input : -1, .events = POLLOUT};
    polls[2] = (struct pollfd){.fd = local->outputs[SHELL_STDOUT], .events = POLLIN};
    polls[3] = (struct pollfd){.fd = local->outputs[SHELL_STDERR], .events = POLLIN};
}

/* Each step looks again whether a callback closed the shell. */
static void serve(struct local_shell *local, const struct pollfd polls[POLLS_PER_SHELL])
{
    const struct shell *shell = &local->shell;
    if (!shell->is_stopped && polls[1].revents != 0)
        send_input(local);
    if (!shell->is_stopped && polls[2].revents != 0)
        read_output(local, SHELL_STDOUT);
    if (!shell->is_stopped && polls[3].revents != 0)
        read_output(local, SHELL_STDERR);
    if (!shell->is_stopped && polls[0].revents != 0)
        finish(local);
}

static bool pump(struct connection *connection, int wake_fd, int timeout_ms, struct error *error)
{
    struct pollfd polls[1 + SHELLS_MAX * POLLS_PER_SHELL] = {{.fd = wake_fd, .events = POLLIN}};
    struct local_shell *served[SHELLS_MAX];
    size_t count = 0;
    for (struct shell *shell = connection->shells; shell != NULL; shell = shell->next) {
        if (shell->is_stopped)
            continue;
        served[count] = (struct local_shell *)shell;
        set_polls(served[count], &polls[1 + count * POLLS_PER_SHELL]);
        count++;
    }
    if (poll(polls, 1 + count * POLLS_PER_SHELL, timeout_ms) < 0)
        return errno == EINTR ||
               error_set(error, ERROR_IO, "cannot wait for the shell: %s", strerror(errno));
    for (size_t i = 0; i < count; i++)
        serve(served[i], &polls[1 + i * POLLS_PER_SHELL]);
    return true;
}

static void close_connection(struct connection *connection)
{
    free(connection);
}

static const struct transport local_transport = {.start = start,
                                                 .write = write_input,
                                                 .stop = stop,
                                                 .pump = pump,
                                                 .close = close_connection,
                                                 .shell_bytes = sizeof(struct local_shell)};

bool local_open(struct connection **ret_connection, struct error *error)
{
    (void)error;
    struct connection *connection = memory_new(1, sizeof(*connection));
    char host[256] = "";
    connection->transport = &local_transport;
    gethostname(host, sizeof(host) - 1);
    connection->identity = (struct connection_identity){.user = account_name(),
                                                        .host = memory_copy_text(host),
                                                        .address = memory_copy_text("local"),
                                                        .server_version = memory_copy_text(""),
                                                        .key_exchange = memory_copy_text(""),
                                                        .cipher = memory_copy_text(""),
                                                        .authentication = memory_copy_text("none")};
    *ret_connection = connection;
    return true;
}
