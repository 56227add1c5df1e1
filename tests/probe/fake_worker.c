/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker whose targets are pretended: this file stands in for the connections of the room target.
 * The host's name says what happens:
 *   key       asks about a host key unless it expects that one, and connects when it is accepted
 *   password  asks for a password, and connects when it is "secret"
 *   flaky     cannot be reached the first two times
 *   gone      cannot be reached
 *   denied    lets nobody in
 *   slow      never connects
 *   lost      connects, and is lost with the first command (as the others are)
 */
#include "base/process.h"
#include "probe/serve.h"
#include "target/connection.h"

#include <poll.h>
#include <unistd.h>

struct shell {
    struct shell_events events;
};

struct connection {
    struct connection_identity identity;
    struct shell shell;
};

static bool ask_about_key(const struct connection_events *events, struct error *error)
{
    const struct hostkey key = {.host = (char[]){"key"},
                                .port = 22,
                                .type = (char[]){"ssh-ed25519"},
                                .key = (char[]){"AAAA"},
                                .fingerprint = (char[]){"SHA256:abc"}};
    return events->accept_hostkey(events->context, &key, HOSTKEY_UNKNOWN, "somewhere:1") ||
           error_set(error, ERROR_DENIED, "the host key was not accepted");
}

static bool ask_password(const struct connection_events *events, struct error *error)
{
    struct buffer answer = {0};
    const struct prompt prompt = {
        .kind = PROMPT_PASSWORD, .text = "Password for \x1b[31mred", .attempt = 1};
    bool given = events->prompt(events->context, &prompt, &answer);
    bool right = given && strcmp(buffer_text(&answer), "secret") == 0;
    buffer_release(&answer);
    if (!given)
        return error_set(error, ERROR_DENIED, "no password was given");
    return right || error_set(error, ERROR_DENIED, "the password is wrong");
}

static int flaky_count;

bool connection_open(const struct target_spec *spec, const struct connection_options *options,
                     const struct connection_events *events, struct connection **ret_connection,
                     struct error *error)
{
    if (spec->kind == TARGET_LOCAL)
        return error_set(error, ERROR_UNSUPPORTED, "a pretended worker has no local shell");
    events->progress(events->context, "dialling");
    if (strcmp(spec->host, "slow") == 0)
        poll(NULL, 0, -1);
    if (strcmp(spec->host, "gone") == 0 || (strcmp(spec->host, "flaky") == 0 && flaky_count++ < 2))
        return error_set(error, ERROR_UNREACHABLE, "connection refused");
    if (strcmp(spec->host, "denied") == 0)
        return error_set(error, ERROR_DENIED, "the login was refused");
    bool is_known = options->pinned_key != NULL && strcmp(options->pinned_key, "AAAA") == 0;
    if (strcmp(spec->host, "key") == 0 && !is_known && !ask_about_key(events, error))
        return false;
    if (strcmp(spec->host, "password") == 0 && !ask_password(events, error))
        return false;
    *ret_connection = memory_new(1, sizeof(**ret_connection));
    (*ret_connection)->identity.user = memory_copy_text("somebody");
    (*ret_connection)->identity.host = memory_copy_text(spec->host);
    (*ret_connection)->identity.hostkey.key = memory_copy_text("AAAA");
    return true;
}

void connection_close(struct connection *connection)
{
    if (connection == NULL)
        return;
    free(connection->identity.user);
    free(connection->identity.host);
    free(connection->identity.hostkey.key);
    free(connection);
}

const struct connection_identity *connection_identity(const struct connection *connection)
{
    return &connection->identity;
}

const struct target_spec *connection_spec(const struct connection *connection UNUSED)
{
    static const struct target_spec none;
    return &none;
}

bool shell_open_outside(struct connection *connection, size_t hops UNUSED,
                        const struct shell_events *events, struct shell **ret_shell,
                        struct error *error UNUSED)
{
    connection->shell.events = *events;
    *ret_shell = &connection->shell;
    return true;
}

void shell_write(struct shell *shell UNUSED, const void *bytes UNUSED, size_t length UNUSED)
{
}

const struct error *shell_error(const struct shell *shell UNUSED)
{
    static const struct error none;
    return &none;
}

void shell_close(struct shell *shell UNUSED)
{
}

bool connection_pump(struct connection *connection, int wake_fd UNUSED, int timeout_ms UNUSED,
                     struct error *error)
{
    connection->shell.events.ended(connection->shell.events.context, -1);
    return error_set(error, ERROR_UNREACHABLE, "the connection was lost");
}

int main(void)
{
    struct error error;
    process_close_inherited();
    return probe_serve(3, NULL, &error) ? 0 : 1;
}
