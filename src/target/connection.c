/* SPDX-License-Identifier: Apache-2.0 */
#include "target/connection.h"

#include "transport.h"

#include <assert.h>

const struct connection_identity *connection_identity(const struct connection *connection)
{
    return &connection->identity;
}

const struct target_spec *connection_spec(const struct connection *connection)
{
    return &connection->spec;
}

static bool tell_loss(const struct connection *connection, struct error *error)
{
    if (error != NULL)
        *error = connection->lost;
    return false;
}

static void release_identity(struct connection_identity *identity)
{
    free(identity->user);
    free(identity->host);
    free(identity->address);
    free(identity->server_version);
    free(identity->key_exchange);
    free(identity->cipher);
    free(identity->authentication);
    hostkey_release(&identity->hostkey);
    hostkey_list_release(&identity->jumps);
}

/* ---- shells ---- */

static void stop(struct shell *shell)
{
    if (!shell->is_stopped) {
        shell->is_stopped = true;
        shell->connection->transport->stop(shell);
    }
}

static void free_closed_shells(struct connection *connection)
{
    struct shell **link = &connection->shells;
    while (*link != NULL) {
        struct shell *shell = *link;
        if (shell->is_closed) {
            *link = shell->next;
            free(shell);
        } else {
            link = &shell->next;
        }
    }
}

static size_t running_shells(const struct connection *connection)
{
    size_t count = 0;
    for (const struct shell *shell = connection->shells; shell != NULL; shell = shell->next)
        count += shell->is_stopped ? 0 : 1;
    return count;
}

bool shell_open(struct connection *connection, const struct shell_events *events,
                struct shell **ret_shell, struct error *error)
{
    return shell_open_outside(connection, 0, events, ret_shell, error);
}

bool shell_open_outside(struct connection *connection, size_t hops,
                        const struct shell_events *events, struct shell **ret_shell,
                        struct error *error)
{
    if (connection->lost.code != ERROR_NONE)
        return tell_loss(connection, error);
    if (hops > connection->spec.hop_count)
        return error_set(error, ERROR_UNSUPPORTED, "the target has only %zu hops",
                         connection->spec.hop_count);
    if (running_shells(connection) >= SHELLS_MAX)
        return error_set(error, ERROR_UNSUPPORTED, "cannot start more than %d shells at once",
                         SHELLS_MAX);
    AUTO_FREE struct shell *shell = memory_new(1, connection->transport->shell_bytes);
    shell->connection = connection;
    shell->events = *events;
    shell->outside = hops;
    if (!connection->transport->start(shell, error))
        return false;
    /* At the end: a pump that walks along the list meets it once. */
    struct shell **link = &connection->shells;
    while (*link != NULL)
        link = &(*link)->next;
    *link = shell;
    *ret_shell = take(&shell);
    return true;
}

void shell_write(struct shell *shell, const void *bytes, size_t length)
{
    if (!shell->is_stopped && length > 0)
        shell->connection->transport->write(shell, bytes, length);
}

void shell_close(struct shell *shell)
{
    struct connection *connection = shell->connection;
    stop(shell);
    shell->is_closed = true;
    if (connection->pump_depth == 0)
        free_closed_shells(connection);
}

void shell_deliver(struct shell *shell, enum shell_stream stream, const char *bytes, size_t length)
{
    if (!shell->is_closed && length > 0)
        shell->events.output(shell->events.context, stream, bytes, length);
}

void shell_end(struct shell *shell, int exit_status)
{
    if (shell->is_stopped)
        return;
    stop(shell);
    shell->events.ended(shell->events.context, exit_status);
}

const struct error *shell_error(const struct shell *shell)
{
    return &shell->error;
}

/* ---- the connection ---- */

bool connection_pump(struct connection *connection, int wake_fd, int timeout_ms,
                     struct error *error)
{
    assert(connection->pump_depth == 0);
    if (connection->lost.code != ERROR_NONE)
        return tell_loss(connection, error);
    connection->pump_depth++;
    bool done = connection->transport->pump(connection, wake_fd, timeout_ms, &connection->lost);
    if (!done)
        for (struct shell *shell = connection->shells; shell != NULL; shell = shell->next)
            shell_end(shell, -1);
    connection->pump_depth--;
    free_closed_shells(connection);
    return done || tell_loss(connection, error);
}

void connection_close(struct connection *connection)
{
    if (connection == NULL)
        return;
    assert(connection->pump_depth == 0);
    for (struct shell *shell = connection->shells; shell != NULL; shell = shell->next) {
        stop(shell);
        shell->is_closed = true;
    }
    free_closed_shells(connection);
    release_identity(&connection->identity);
    target_spec_release(&connection->spec);
    connection->transport->close(connection);
}
