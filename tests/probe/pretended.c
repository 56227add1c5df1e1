/* SPDX-License-Identifier: Apache-2.0 */
#include "pretended.h"

#include "support/testing.h"

#include <poll.h>

const struct target_spec *connection_spec(const struct connection *connection UNUSED)
{
    static const struct target_spec none;
    return &none;
}

bool shell_open_outside(struct connection *connection, size_t hops UNUSED,
                        const struct shell_events *events, struct shell **ret_shell,
                        struct error *error)
{
    assert_false(connection->shell.is_open);
    if (++connection->channels == connection->refuse_at)
        return error_set(error, connection->refusal, "no shell for you");
    connection->shell = (struct shell){.events = *events, .is_open = true};
    connection->pumps = 0;
    *ret_shell = &connection->shell;
    return true;
}

void shell_write(struct shell *shell, const void *bytes, size_t length)
{
    const char *first = memmem(bytes, length, "echo '\n", 7);
    assert_non_null(first);
    memcpy(shell->nonce, first + 7, FRAME_NONCE_BYTES - 1);
}

const struct connection_identity *connection_identity(const struct connection *connection UNUSED)
{
    static const struct connection_identity none;
    return &none;
}

const struct error *shell_error(const struct shell *shell)
{
    return &shell->refusal;
}

void shell_close(struct shell *shell)
{
    shell->is_open = false;
}

bool connection_pump(struct connection *connection, int wake_fd, int timeout_ms,
                     struct error *error)
{
    (void)wake_fd;
    connection->pumps++;
    if (connection->pumps > 3 || connection->behave == NULL || !connection->shell.is_open)
        poll(NULL, 0, timeout_ms);
    else
        connection->behave(connection);
    if (!connection->is_lost)
        return true;
    if (connection->shell.is_open)
        connection->shell.events.ended(connection->shell.events.context, -1);
    return error_set(error, ERROR_UNREACHABLE, "the connection was lost");
}

void say(struct connection *connection, enum shell_stream stream, const char *text)
{
    struct buffer bytes = {0};
    for (; *text != '\0'; text++) {
        if (*text == '@')
            buffer_append_text(&bytes, connection->shell.nonce);
        else
            buffer_append_byte(&bytes, *text);
    }
    connection->shell.events.output(connection->shell.events.context, stream, bytes.data,
                                    bytes.length);
    buffer_release(&bytes);
}

void say_both(struct connection *connection, const char *text)
{
    say(connection, SHELL_STDOUT, text);
    say(connection, SHELL_STDERR, text);
}

void end_shell(struct connection *connection, int exit_status)
{
    connection->shell.events.ended(connection->shell.events.context, exit_status);
}

void pass_self_test(struct connection *connection)
{
    char all[256];
    if (connection->channels > 1)
        return;
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    say_both(connection, "\n@ B0\n");
    connection->shell.events.output(connection->shell.events.context, SHELL_STDOUT, all, 256);
    say_both(connection, "\n@ E0 37\n");
}
