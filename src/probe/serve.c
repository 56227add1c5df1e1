/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything here waits: a worker has one conversation and one connection. While the plan runs, the
 * socket is the runner's wake descriptor; while the user is asked, only the socket is looked at.
 * When the other side hangs up, the worker has nothing left to do.
 */
#include "probe/serve.h"

#include "probe/runner.h"
#include "wire.h"

#include "base/clock.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    READ_STEP_BYTES = 64 * 1024,
    /* News of a run are gathered for so long, or until they are so many. */
    GATHER_MS = 10,
    GATHER_BYTES = 64 * 1024
};

struct server {
    int fd;
    serve_confine_function *confine;
    bool is_confined;
    struct buffer in, out;
    bool has_begun; /* a step of which nothing was told yet: its number */
    size_t begun_step;
    int64_t gathering_ms;          /* monotonic: since when there is something to tell */
    struct wire_open open;         /* what was asked for last */
    struct target_reach reach;     /* of a target that is looked at from here; else empty */
    char *hostkey;                 /* that its first connection showed; NULL: none */
    struct connection *connection; /* NULL: none */
    struct secret *secret;         /* of sudo; NULL: none */
    bool awaits_secret;            /* the user was asked */
    bool is_over;                  /* the other side hung up, or makes no sense */
    bool is_cancelled;             /* the job */
};

/* ---- the socket ---- */

/* A hang-up is seen by the next read. */
static void flush(struct server *server)
{
    const struct buffer *out = &server->out;
    if (server->has_begun)
        wire_write_begun(&server->out, server->begun_step);
    server->has_begun = false;
    for (size_t sent = 0; sent < out->length && !server->is_over;) {
        ssize_t done = send(server->fd, out->data + sent, out->length - sent, MSG_NOSIGNAL);
        if (done > 0)
            sent += (size_t)done;
        else if (done < 0 && errno != EINTR)
            server->is_over = true;
    }
    buffer_release(&server->out);
    server->gathering_ms = 0;
}

/* What there is to tell may wait for more of its kind. */
static void gather(struct server *server)
{
    if (server->gathering_ms == 0)
        server->gathering_ms = clock_monotonic_ms();
    if (server->out.length > GATHER_BYTES)
        flush(server);
}

static int flush_in_time(void *context)
{
    struct server *server = context;
    if (server->out.length == 0 && !server->has_begun)
        return -1;
    int64_t left_ms = server->gathering_ms + GATHER_MS - clock_monotonic_ms();
    if (left_ms > 0)
        return (int)left_ms;
    flush(server);
    return -1;
}

static void receive(struct server *server, int flags)
{
    char bytes[READ_STEP_BYTES];
    ssize_t got = recv(server->fd, bytes, sizeof(bytes), flags);
    if (got > 0)
        buffer_append(&server->in, bytes, (size_t)got);
    else if (got == 0 || (errno != EINTR && errno != EAGAIN))
        server->is_over = true;
    memory_wipe(bytes, got > 0 ? (size_t)got : 0);
}

/* Wait for the next message; false: the conversation is over. */
static bool next_message(struct server *server, struct message *ret_message, struct error *error)
{
    for (;;) {
        bool found = false;
        if (!message_read(&server->in, ret_message, &found, error)) {
            server->is_over = true;
            return false;
        }
        if (found)
            return true;
        receive(server, 0);
        if (server->is_over)
            return false;
    }
}

static void send_progress(void *context, const char *text)
{
    struct server *server = context;
    wire_write_progress(&server->out, text);
    flush(server);
}

/* ---- asking the user ---- */

/* Wait for the answer to what was just asked. */
static bool await_answer(struct server *server, struct message *ret_answer)
{
    struct error error;
    if (!next_message(server, ret_answer, &error))
        return false;
    if (ret_answer->type == MESSAGE_ANSWER)
        return true;
    server->is_cancelled |= ret_answer->type == MESSAGE_CANCEL;
    server->is_over |= ret_answer->type != MESSAGE_CANCEL;
    message_release(ret_answer);
    return false;
}

static bool ask_hostkey(void *context, const struct hostkey *hostkey, enum hostkey_verdict verdict,
                        const char *where)
{
    struct server *server = context;
    struct message answer;
    /* Only looked at: the texts stay the caller's. */
    const struct wire_hostkey question = {
        .hostkey = *hostkey, .verdict = verdict, .where = (char *)(uintptr_t)where};
    wire_write_hostkey(&server->out, &question);
    flush(server);
    if (!await_answer(server, &answer))
        return false;
    bool is_accepted = json_member_bool(answer.body, "accept", false);
    message_release(&answer);
    return is_accepted;
}

static bool ask_prompt(void *context, const struct prompt *prompt, struct buffer *ret_answer)
{
    struct server *server = context;
    struct message answer;
    wire_write_prompt(&server->out, prompt);
    flush(server);
    if (!await_answer(server, &answer))
        return false;
    bool is_given = json_member_bool(answer.body, "accept", false);
    if (is_given)
        buffer_append(ret_answer, answer.raw, answer.raw_length);
    message_release(&answer);
    return is_given;
}

/* ---- opening ---- */

static bool confine(struct server *server, const struct target_spec *spec, struct error *error)
{
    struct error trouble;
    if (spec->kind == TARGET_LOCAL)
        return !server->is_confined ||
               error_set(error, ERROR_INVALID, "this worker is confined and opens no local shell");
    if (server->is_confined || server->confine == NULL)
        return true;
    if (!server->confine(&trouble))
        send_progress(server, trouble.message);
    server->is_confined = true;
    return true;
}

/* SPEC becomes that of this machine, which is to look at the target. */
static bool turn_around(struct server *server, struct target_spec *spec, struct error *error)
{
    target_reach_release(&server->reach);
    if (!server->open.from_reviewer)
        return true;
    if (!target_reach_find(spec, &server->reach, error))
        return false;
    target_spec_release(spec);
    spec->kind = TARGET_LOCAL;
    return true;
}

static bool open_target(struct server *server, const char *pinned_key, struct error *error)
{
    const struct wire_open *open = &server->open;
    struct strings known_hosts = {0};
    struct target_spec spec = {0};
    const struct connection_events events = {.context = server,
                                             .progress = send_progress,
                                             .accept_hostkey = ask_hostkey,
                                             .prompt = ask_prompt};
    if (open->known_hosts != NULL)
        strings_push(&known_hosts, open->known_hosts);
    const struct connection_options options = {.pinned_key = pinned_key,
                                               .jump_keys = &open->jump_keys,
                                               .allow_password = open->allow_password,
                                               .identity = open->identity,
                                               .known_hosts =
                                                   open->known_hosts != NULL ? &known_hosts : NULL};
    bool good = target_spec_parse(open->spec, &spec, error) && turn_around(server, &spec, error) &&
                confine(server, &spec, error) &&
                connection_open(&spec, &options, &events, &server->connection, error);
    target_spec_release(&spec);
    strings_release(&known_hosts);
    return good;
}

static void disconnect(struct server *server)
{
    connection_close(server->connection);
    server->connection = NULL;
}

static bool connect_target(struct server *server, const char *pinned_key, struct error *error)
{
    if (!open_target(server, pinned_key, error))
        return !server->is_cancelled
                   ? false
                   : error_set(error, ERROR_CANCELLED, "the connection was cancelled");
    wire_write_identity(&server->out, connection_identity(server->connection));
    flush(server);
    return true;
}

static void forget_target(struct server *server)
{
    disconnect(server);
    wire_open_release(&server->open);
    target_reach_release(&server->reach);
    free(server->hostkey);
    server->hostkey = NULL;
}

static void serve_open(struct server *server, const struct message *message)
{
    struct error error;
    forget_target(server);
    server->is_cancelled = false;
    if (wire_read_open(message, &server->open, &error) &&
        connect_target(server, server->open.pinned_key, &error)) {
        const struct connection_identity *identity = connection_identity(server->connection);
        server->hostkey = memory_copy_text(identity->hostkey.key);
        for (size_t i = 0; i < identity->jumps.count; i++)
            hostkey_list_put(&server->open.jump_keys, &identity->jumps.items[i]);
        return;
    }
    wire_write_error(&server->out, &error);
    flush(server);
}

/* To the very same host: nobody is asked about another key. What was told so far is sent first, for
 * this may take its time. */
static bool reconnect(void *context, const struct runner_loss *loss,
                      struct connection **ret_connection, struct error *error)
{
    struct server *server = context;
    const char *pinned_key = server->hostkey != NULL ? server->hostkey : server->open.pinned_key;
    AUTO_FREE char *text = memory_format("%s; connecting again, attempt %d of %d", loss->why,
                                         loss->attempt, loss->attempt_max);
    send_progress(server, text);
    disconnect(server);
    if (!connect_target(server, pinned_key, error))
        return false;
    *ret_connection = server->connection;
    return true;
}

/* ---- running ---- */

/* Only steps that last are worth a message of their own. */
static void tell_begun(void *context, size_t step)
{
    struct server *server = context;
    server->has_begun = true;
    server->begun_step = step;
    gather(server);
}

static void tell_result(void *context, struct step_result *result)
{
    struct server *server = context;
    server->has_begun = false;
    wire_write_result(&server->out, result);
    gather(server);
}

static void need_secret(void *context, int attempt)
{
    struct server *server = context;
    const struct connection_identity *identity = connection_identity(server->connection);
    const struct prompt prompt = {.kind = PROMPT_SUDO, .text = identity->user, .attempt = attempt};
    secret_free(take(&server->secret));
    server->awaits_secret = true;
    wire_write_prompt(&server->out, &prompt);
    flush(server);
}

static bool give_secret(void *context, struct secret **ret_secret)
{
    const struct server *server = context;
    *ret_secret = server->secret;
    return !server->awaits_secret;
}

static void take_secret(struct server *server, const struct message *answer)
{
    if (!server->awaits_secret)
        return;
    server->awaits_secret = false;
    if (json_member_bool(answer->body, "accept", false))
        server->secret = secret_new(answer->raw, answer->raw_length);
}

static void forget_secret(struct server *server)
{
    secret_free(take(&server->secret));
    server->awaits_secret = false;
}

/* Something came while the plan runs: a CANCEL, the password of sudo, or an answer that came too
 * late. */
static bool look_at_socket(void *context)
{
    struct server *server = context;
    struct error error;
    bool found = false;
    receive(server, MSG_DONTWAIT);
    do {
        struct message message;
        if (server->is_over || !message_read(&server->in, &message, &found, &error)) {
            server->is_over = true;
            return false;
        }
        if (!found)
            break;
        server->is_cancelled |= message.type == MESSAGE_CANCEL;
        server->is_over |= message.type != MESSAGE_CANCEL && message.type != MESSAGE_ANSWER;
        if (message.type == MESSAGE_ANSWER)
            take_secret(server, &message);
        message_release(&message);
    } while (!server->is_cancelled && !server->is_over);
    return !server->is_cancelled && !server->is_over;
}

/* What came along with the plan wakes nobody any more. */
static bool is_still_wanted(struct server *server, struct error *error)
{
    return look_at_socket(server) ||
           error_set(error, ERROR_CANCELLED, "the run was cancelled before it began");
}

static void serve_plan(struct server *server, const struct message *message)
{
    struct plan plan;
    struct error error;
    bool from_reviewer = server->open.from_reviewer;
    const struct runner_options options = {.wake_fd = server->fd,
                                           .reach = from_reviewer ? &server->reach : NULL};
    const struct runner_events events = {.context = server,
                                         .begun = tell_begun,
                                         .result = tell_result,
                                         .woken = look_at_socket,
                                         .need_secret = need_secret,
                                         .secret = give_secret,
                                         .before_wait = flush_in_time,
                                         .reconnect = reconnect};
    if (server->connection == NULL) {
        server->is_over = true;
        return;
    }
    bool good = wire_read_plan(message, &plan, &error) &&
                plan_is_for(&plan, from_reviewer, &error) && is_still_wanted(server, &error) &&
                runner_run(server->connection, &plan, &options, &events, &error);
    plan_release(&plan);
    forget_secret(server);
    if (good)
        message_write(&server->out, MESSAGE_FINISHED, NULL, NULL, 0);
    else
        wire_write_error(&server->out, &error);
    flush(server);
}

static void serve_message(struct server *server, const struct message *message)
{
    switch (message->type) {
    case MESSAGE_OPEN:
        serve_open(server, message);
        break;
    case MESSAGE_PLAN:
        serve_plan(server, message);
        break;
    case MESSAGE_CLOSE:
        forget_target(server);
        break;
    case MESSAGE_ANSWER:
    case MESSAGE_CANCEL:
        break; /* crossed with the end of what they were meant for */
    default:
        server->is_over = true;
    }
}

bool probe_serve(int socket_fd, serve_confine_function *confine_function, struct error *error)
{
    struct server server = {.fd = socket_fd, .confine = confine_function};
    struct message message;
    struct error trouble = {0};
    while (!server.is_over && next_message(&server, &message, &trouble)) {
        serve_message(&server, &message);
        message_release(&message);
    }
    forget_target(&server);
    forget_secret(&server);
    buffer_release(&server.in);
    buffer_release(&server.out);
    if (trouble.code == ERROR_NONE)
        return true;
    if (error != NULL)
        *error = trouble;
    return false;
}
