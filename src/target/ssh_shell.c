/* SPDX-License-Identifier: Apache-2.0 */
/* Shells on channels of one SSH connection, and the pump that moves their bytes. */
#include "ssh.h"

#include "base/clock.h"

#include <poll.h>

enum {
    IGNORE_EVERY_MS = 15000, /* keeps gateways open, and lets the kernel notice a dead peer */
    WRITE_STEP_BYTES = 128 * 1024
};

static struct ssh_connection *connection_of(const struct ssh_shell *shell)
{
    return (struct ssh_connection *)shell->shell.connection;
}

/* ---- callbacks: inside libssh ---- */

/* The signature is that of libssh. */
static int on_data(ssh_session session, ssh_channel channel, void *data, uint32_t length,
                   int is_stderr, void *context)
{
    struct ssh_shell *shell = context;
    (void)session;
    (void)channel;
    connection_of(shell)->has_news = true;
    shell_deliver(&shell->shell, is_stderr != 0 ? SHELL_STDERR : SHELL_STDOUT, data, length);
    return (int)length;
}

static void on_close(ssh_session session, ssh_channel channel, void *context)
{
    struct ssh_shell *shell = context;
    (void)session;
    (void)channel;
    connection_of(shell)->has_news = true;
    shell->state = SSH_SHELL_OVER;
}

/* A server that says two different things has said nothing. */
static void on_exit_status(ssh_session session, ssh_channel channel, int status, void *context)
{
    struct ssh_shell *shell = context;
    (void)session;
    (void)channel;
    bool is_sound = status >= 0 && status <= 255;
    bool is_first = !shell->has_status;
    shell->exit_status = is_sound && (is_first || shell->exit_status == status) ? status : -1;
    shell->has_status = true;
}

/* The signature is that of libssh. */
static void on_exit_signal(ssh_session session, ssh_channel channel, const char *name, int core,
                           const char *text, const char *language, void *context)
{
    struct ssh_shell *shell = context;
    (void)session;
    (void)channel;
    (void)name;
    (void)core;
    (void)text;
    (void)language;
    shell->exit_status = -1;
    shell->has_status = true;
}

static int on_wake(int fd, int revents, void *context)
{
    struct ssh_connection *ssh = context;
    (void)fd;
    (void)revents;
    ssh->is_woken = true;
    return 0;
}

/* ---- one shell ---- */

bool ssh_shell_start(struct shell *shell, struct error *error)
{
    struct ssh_shell *started = (struct ssh_shell *)shell;
    (void)error;
    started->exit_status = -1;
    return true;
}

void ssh_shell_write(struct shell *shell, const void *bytes, size_t length)
{
    buffer_append(&((struct ssh_shell *)shell)->pending, bytes, length);
}

/* The end of its stdin is what tells the target's side to stop. */
static void give_up_channel(struct ssh_shell *shell)
{
    if (shell->channel == NULL)
        return;
    ssh_remove_channel_callbacks(shell->channel, &shell->callbacks);
    if (ssh_channel_is_open(shell->channel))
        ssh_channel_close(shell->channel);
    ssh_channel_free(shell->channel);
    shell->channel = NULL;
}

/* Inside libssh the channel may be in use: the pump gives it up. */
void ssh_shell_stop(struct shell *shell)
{
    struct ssh_shell *stopped = (struct ssh_shell *)shell;
    struct ssh_connection *ssh = connection_of(stopped);
    buffer_release(&stopped->pending);
    if (ssh->library_depth > 0)
        return;
    ssh->library_depth++;
    give_up_channel(stopped);
    ssh->library_depth--;
}

static void refuse(struct ssh_shell *shell, const char *what)
{
    struct ssh_connection *ssh = connection_of(shell);
    AUTO_FREE char *complaint = ssh_complaint(ssh);
    error_set(&shell->shell.error, ERROR_DENIED, "'%s' does not %s: %s", ssh->name, what,
              complaint);
    error_hint(&shell->shell.error,
               "the server may limit sessions (MaxSessions) or force a command");
    shell->state = SSH_SHELL_OVER;
}

static void make_channel(struct ssh_shell *shell)
{
    shell->channel = ssh_channel_new(connection_of(shell)->session);
    if (shell->channel == NULL)
        memory_exhausted();
    shell->callbacks =
        (struct ssh_channel_callbacks_struct){.userdata = shell,
                                              .channel_data_function = on_data,
                                              .channel_close_function = on_close,
                                              .channel_exit_status_function = on_exit_status,
                                              .channel_exit_signal_function = on_exit_signal};
    ssh_callbacks_init(&shell->callbacks);
    ssh_set_channel_callbacks(shell->channel, &shell->callbacks);
    shell->state = SSH_SHELL_OPENING;
}

static void send_input(struct ssh_shell *shell)
{
    while (shell->pending.length > 0 && !shell->shell.is_stopped) {
        size_t window = ssh_channel_window_size(shell->channel);
        size_t length = shell->pending.length;
        length = length < window ? length : window;
        length = length < WRITE_STEP_BYTES ? length : WRITE_STEP_BYTES;
        int sent = length == 0
                       ? 0
                       : ssh_channel_write(shell->channel, shell->pending.data, (uint32_t)length);
        if (sent <= 0)
            return;
        if (!shell->shell.is_stopped)
            buffer_consume_wiped(&shell->pending, (size_t)sent);
    }
}

static void advance_open(struct ssh_shell *shell)
{
    int result = ssh_channel_open_session(shell->channel);
    if (result == SSH_OK)
        shell->state = SSH_SHELL_STARTING;
    else if (result != SSH_AGAIN && shell->state == SSH_SHELL_OPENING)
        refuse(shell, "open a channel");
}

static void advance_start(struct ssh_shell *shell)
{
    const struct target_spec *spec = &shell->shell.connection->spec;
    AUTO_FREE char *command = target_shell_line(spec, spec->hop_count - shell->shell.outside);
    int result = ssh_channel_request_exec(shell->channel, command);
    if (result == SSH_OK && shell->state == SSH_SHELL_STARTING)
        shell->state = SSH_SHELL_RUNNING;
    else if (result != SSH_OK && result != SSH_AGAIN && shell->state == SSH_SHELL_STARTING)
        refuse(shell, "start a shell");
}

/* Each call of libssh may run callbacks, which may change the state or stop the shell. Input
 * follows the request for the shell without waiting: the server takes both in order. */
static void advance(struct ssh_shell *shell)
{
    if (shell->state == SSH_SHELL_NEW)
        make_channel(shell);
    if (shell->state == SSH_SHELL_OPENING)
        advance_open(shell);
    if (shell->state == SSH_SHELL_STARTING && !shell->shell.is_stopped)
        advance_start(shell);
    if ((shell->state == SSH_SHELL_STARTING || shell->state == SSH_SHELL_RUNNING) &&
        !shell->shell.is_stopped)
        send_input(shell);
}

/* ---- the pump ---- */

static void advance_all(struct ssh_connection *ssh)
{
    ssh->is_starting = false;
    ssh->library_depth++;
    for (struct shell *shell = ssh->connection.shells; shell != NULL; shell = shell->next) {
        struct ssh_shell *advanced = (struct ssh_shell *)shell;
        if (!shell->is_stopped)
            advance(advanced);
        ssh->is_starting |= !shell->is_stopped && advanced->state < SSH_SHELL_RUNNING;
    }
    ssh->library_depth--;
}

/* What callbacks put down: channels of stopped shells, and shells that are over. */
static void settle_all(struct ssh_connection *ssh)
{
    for (struct shell *shell = ssh->connection.shells; shell != NULL; shell = shell->next) {
        struct ssh_shell *settled = (struct ssh_shell *)shell;
        if (shell->is_stopped) {
            ssh->library_depth++;
            give_up_channel(settled);
            ssh->library_depth--;
        } else if (settled->state == SSH_SHELL_OVER) {
            ssh->has_news = true;
            shell_end(shell, settled->exit_status);
        }
    }
}

static bool watch(struct ssh_connection *ssh, int wake_fd, struct error *error)
{
    if (ssh->event == NULL) {
        ssh->event = ssh_event_new();
        if (ssh->event == NULL)
            memory_exhausted();
        ssh_event_add_session(ssh->event, ssh->session);
        ssh->next_ignore_ms = clock_monotonic_ms() + IGNORE_EVERY_MS;
    }
    if (wake_fd == ssh->wake_fd)
        return true;
    if (ssh->wake_fd >= 0)
        ssh_event_remove_fd(ssh->event, ssh->wake_fd);
    ssh->wake_fd = -1;
    if (wake_fd >= 0 && ssh_event_add_fd(ssh->event, wake_fd, POLLIN, on_wake, ssh) != SSH_OK)
        return error_set(error, ERROR_IO, "cannot watch a descriptor");
    ssh->wake_fd = wake_fd;
    return true;
}

static void keep_alive(struct ssh_connection *ssh)
{
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms < ssh->next_ignore_ms)
        return;
    ssh->next_ignore_ms = now_ms + IGNORE_EVERY_MS;
    ssh_send_ignore(ssh->session, "");
}

/* Until the caller's deadline, or the next keep-alive. */
static int time_to_wait(const struct ssh_connection *ssh, int64_t deadline_ms)
{
    int64_t until_ms = deadline_ms < ssh->next_ignore_ms ? deadline_ms : ssh->next_ignore_ms;
    int64_t left_ms = until_ms - clock_monotonic_ms();
    return ssh->has_news || ssh->is_woken || left_ms < 0 ? 0 : (int)left_ms;
}

static bool poll_library(struct ssh_connection *ssh, int timeout_ms)
{
    if (ssh->is_starting)
        ssh_acknowledge_quickly(ssh);
    ssh->library_depth++;
    int result = ssh_event_dopoll(ssh->event, timeout_ms);
    ssh->library_depth--;
    ssh->has_news |= result == SSH_OK;
    return result != SSH_ERROR && !ssh_is_lost(ssh);
}

bool ssh_pump(struct connection *connection, int wake_fd, int timeout_ms, struct error *error)
{
    struct ssh_connection *ssh = (struct ssh_connection *)connection;
    int64_t deadline_ms = timeout_ms < 0 ? INT64_MAX : clock_monotonic_ms() + (int64_t)timeout_ms;
    if (!watch(ssh, wake_fd, error))
        return false;
    ssh->has_news = ssh->is_woken = false;
    bool is_up = !ssh_is_lost(ssh);
    do {
        advance_all(ssh);
        settle_all(ssh);
        is_up = is_up && poll_library(ssh, time_to_wait(ssh, deadline_ms));
        settle_all(ssh);
        keep_alive(ssh);
    } while (is_up && !ssh->has_news && !ssh->is_woken && clock_monotonic_ms() < deadline_ms);
    if (is_up) {
        advance_all(ssh);
        return true;
    }
    AUTO_FREE char *complaint = ssh_complaint(ssh);
    error_set(error, ERROR_UNREACHABLE, "the connection to '%s' was lost: %s", ssh->name,
              complaint);
    return error_hint(error, "the host or the network went away; try again");
}
