/* SPDX-License-Identifier: Apache-2.0 */
/* One call of libssh, and how what comes of it is told. */
#include "ssh.h"

#include "base/clock.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/socket.h>

enum { QUOTE_MAX_BYTES = 200 };

char *ssh_quote(const char *text)
{
    char *quote = memory_copy(text, strnlen(text, QUOTE_MAX_BYTES));
    size_t length = strlen(quote);
    while (length > 0 && (quote[length - 1] == '\n' || quote[length - 1] == '\r'))
        quote[--length] = '\0';
    for (char *byte = quote; *byte != '\0'; byte++)
        if (*byte < ' ' || *byte > '~')
            *byte = '?';
    return quote;
}

char *ssh_complaint(const struct ssh_connection *ssh)
{
    const char *text = ssh_get_error(ssh->session);
    return ssh_quote(text == NULL || *text == '\0' ? "no reason given" : text);
}

void ssh_tell_progress(const struct connection_events *events, const char *format, ...)
{
    va_list arguments;
    AUTO_RELEASE(buffer) struct buffer text = {0};
    if (events->progress == NULL)
        return;
    va_start(arguments, format);
    buffer_append_format_list(&text, format, arguments);
    va_end(arguments);
    events->progress(events->context, buffer_text(&text));
}

bool ssh_is_lost(const struct ssh_connection *ssh)
{
    return ssh_is_connected(ssh->session) == 0 ||
           (ssh_get_status(ssh->session) & (SSH_CLOSED | SSH_CLOSED_ERROR)) != 0;
}

void ssh_acknowledge_quickly(const struct ssh_connection *ssh)
{
    const int on = 1;
    setsockopt(ssh->fd, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
}

static bool wait_for_server(struct ssh_connection *ssh, int64_t deadline_ms)
{
    bool wants_write = (ssh_get_poll_flags(ssh->session) & SSH_WRITE_PENDING) != 0;
    short events = wants_write ? POLLIN | POLLOUT : POLLIN;
    int64_t left_ms = deadline_ms - clock_monotonic_ms();
    if (left_ms <= 0)
        return false;
    ssh_acknowledge_quickly(ssh);
    poll(&(struct pollfd){.fd = ssh->fd, .events = events}, 1, (int)left_ms);
    return true;
}

bool ssh_repeat(struct ssh_connection *ssh, const struct ssh_call *call, int *ret_result,
                struct error *error)
{
    while ((*ret_result = call->step(ssh, call->argument)) == call->again) {
        /* libssh goes on to say AGAIN when the server hung up in the middle of a login. */
        if (ssh_is_lost(ssh)) {
            *ret_result = SSH_ERROR;
            return true;
        }
        if (!wait_for_server(ssh, call->deadline_ms)) {
            error_set(error, ERROR_TIMEOUT, "'%s' took too long: expected %s", ssh->name,
                      call->expected);
            return error_hint(error, "something listens there that does not speak SSH, or the "
                                     "host is overloaded");
        }
    }
    return true;
}

void ssh_describe_account(struct connection_identity *identity, const struct ssh_settings *settings,
                          const char *name)
{
    bool has_record_name = settings->record_name != NULL;
    identity->user = memory_copy_text(settings->user);
    identity->host = memory_copy_text(name);
    identity->hostkey.host =
        memory_copy_text(has_record_name ? settings->record_name : settings->host);
    identity->hostkey.port = has_record_name ? 0 : settings->port;
}
