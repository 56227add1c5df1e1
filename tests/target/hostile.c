/* SPDX-License-Identifier: Apache-2.0 */
#include "hostile.h"

#include "support/testing.h"

#include "base/buffer.h"

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LIFE_SECONDS = 120, CHANNELS_EACH = 50 };

static const char evil[] = "\033]52;c;ZXZpbA==\a\033[31mPress y to sign\033[0m\r\n";

/* One conversation of the child. */
struct conversation {
    enum hostile_manner manner;
    ssh_session session;
    ssh_channel channel;
    int round; /* of questions */
};

/* ---- without SSH ---- */

static void send_text(int fd, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(fd, text, length, MSG_NOSIGNAL);
        if (sent <= 0)
            _exit(0);
        text += sent;
        length -= (size_t)sent;
    }
}

/* Until the other side hangs up. */
static void swallow(int fd)
{
    char bytes[4096];
    while (read(fd, bytes, sizeof(bytes)) > 0)
        continue;
    _exit(0);
}

static void send_slowly(int fd)
{
    static const char banner[] =
        "SSH-2.0-slow_server_with_a_long_name_that_takes_its_time_to_come\r\n";
    for (size_t i = 0; i < sizeof(banner) - 1; i++) {
        send_text(fd, &banner[i], 1);
        poll(NULL, 0, 100);
    }
}

static void behave_without_ssh(enum hostile_manner manner, int fd)
{
    char noise[65536];
    for (size_t i = 0; i < sizeof(noise); i++)
        noise[i] = (char)(i * 2654435761u >> 13);
    switch (manner) {
    case HOSTILE_HALF_BANNER:
        send_text(fd, "SSH-2.0-", 8);
        break;
    case HOSTILE_OTHER_PROTOCOL:
        send_text(fd, "HTTP/1.1 400 Bad Request\r\n\r\n", 28);
        break;
    case HOSTILE_NOISE:
        send_text(fd, noise, sizeof(noise));
        break;
    case HOSTILE_ENDLESS_BANNER:
        for (;;)
            send_text(fd, "not yet\r\n", 9);
    case HOSTILE_BANNER_ONLY:
        send_text(fd, "SSH-2.0-OpenSSH_9.2\r\n", 21);
        break;
    case HOSTILE_HANGS_UP:
        _exit(0);
    case HOSTILE_SLOW:
        send_slowly(fd);
        break;
    default:
        break;
    }
    swallow(fd);
}

/* ---- logins ---- */

static bool answers_are_right(ssh_session session)
{
    return ssh_userauth_kbdint_getnanswers(session) == 2 &&
           strcmp(ssh_userauth_kbdint_getanswer(session, 0), "one") == 0 &&
           strcmp(ssh_userauth_kbdint_getanswer(session, 1), "two") == 0;
}

static void handle_questions(struct conversation *c, ssh_message message)
{
    const char *prompts[] = {"\033[2Jfirst? ", "second? "};
    char echo[] = {1, 0};
    bool is_answer = ssh_message_auth_kbdint_is_response(message) != 0;
    c->round++;
    if (c->manner == HOSTILE_NO_QUESTIONS)
        ssh_message_reply_default(message);
    else if (c->manner == HOSTILE_QUESTIONS && is_answer && answers_are_right(c->session))
        ssh_message_auth_reply_success(message, 0);
    else if (c->manner == HOSTILE_QUESTIONS && is_answer)
        ssh_message_reply_default(message);
    else
        ssh_message_auth_interactive_request(message, "walkdown", "This is walkdown itself.", 2,
                                             prompts, echo);
}

static bool is_right_password(ssh_message message)
{
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    const char *password = ssh_message_auth_password(message);
#pragma GCC diagnostic pop
    return password != NULL && strcmp(password, "secret") == 0;
}

static void handle_login(struct conversation *c, ssh_message message)
{
    unsigned method = (unsigned)ssh_message_subtype(message);
    bool asks = c->manner == HOSTILE_QUESTIONS || c->manner == HOSTILE_MANY_QUESTIONS ||
                c->manner == HOSTILE_NO_QUESTIONS;
    bool has_password = c->manner == HOSTILE_PASSWORD || c->manner == HOSTILE_NO_QUESTIONS;
    if (c->manner == HOSTILE_MUTE_LOGIN)
        return;
    if (c->manner == HOSTILE_RUDE) {
        ssh_session_set_disconnect_message(c->session, evil);
        ssh_disconnect(c->session);
        _exit(0);
    }
    ssh_message_auth_set_methods(message, asks && has_password ? SSH_AUTH_METHOD_INTERACTIVE |
                                                                     SSH_AUTH_METHOD_PASSWORD
                                          : asks         ? SSH_AUTH_METHOD_INTERACTIVE
                                          : has_password ? SSH_AUTH_METHOD_PASSWORD
                                                         : SSH_AUTH_METHOD_PUBLICKEY);
    if (asks && method == SSH_AUTH_METHOD_INTERACTIVE)
        handle_questions(c, message);
    else if (has_password && method == SSH_AUTH_METHOD_PASSWORD && is_right_password(message))
        ssh_message_auth_reply_success(message, 0);
    else if (!asks && !has_password)
        ssh_message_auth_reply_success(message, 0);
    else
        ssh_message_reply_default(message);
}

/* ---- channels ---- */

static int try_channel(struct conversation *c, int kind)
{
    ssh_channel channel = ssh_channel_new(c->session);
    int result = kind == 0 ? ssh_channel_open_x11(channel, "127.0.0.1", 6000)
                 : kind == 1
                     ? ssh_channel_open_reverse_forward(channel, "127.0.0.1", 80, "127.0.0.1", 81)
                     : ssh_channel_open_auth_agent(channel);
    return result == SSH_OK ? 0 : 1;
}

/* Tell on the shell's output how many of them were refused. */
static void open_channels(struct conversation *c)
{
    char text[64];
    int refused = 0;
    for (int i = 0; i < 3 * CHANNELS_EACH; i++)
        refused += try_channel(c, i % 3);
    int length = snprintf(text, sizeof(text), "refused %d of %d\n", refused, 3 * CHANNELS_EACH);
    ssh_channel_write(c->channel, text, (uint32_t)length);
}

static void flood(struct conversation *c)
{
    static char block[32768];
    memset(block, 'x', sizeof(block));
    for (int i = 0; i < 32768; i++)
        if (ssh_channel_write(c->channel, block, sizeof(block)) <= 0)
            break;
}

static void end_shell(struct conversation *c)
{
    if (c->manner == HOSTILE_FLOOD)
        flood(c);
    ssh_channel_write(c->channel, "output\n", 7);
    if (c->manner == HOSTILE_CUT)
        _exit(0);
    if (c->manner == HOSTILE_OPENS_CHANNELS)
        open_channels(c);
    if (c->manner == HOSTILE_TWO_STATUSES)
        ssh_channel_request_send_exit_status(c->channel, 1);
    if (c->manner == HOSTILE_ODD_STATUS)
        ssh_channel_request_send_exit_status(c->channel, -1);
    else if (c->manner == HOSTILE_SIGNAL)
        ssh_channel_request_send_exit_signal(c->channel, evil, 1, evil, evil);
    else if (c->manner != HOSTILE_NO_STATUS)
        ssh_channel_request_send_exit_status(c->channel, 0);
    ssh_channel_send_eof(c->channel);
    if (c->manner != HOSTILE_HUNG_END)
        ssh_channel_close(c->channel);
}

/* ---- a script, answered by rote ---- */

enum { NONCE_BYTES = 22, SELF_TEST_BYTES = 256, SELF_TEST_STATUS = 37 };

static void read_script(struct conversation *c, struct buffer *script)
{
    static const char end[] = "\nexit 0\n}\n";
    char bytes[4096];
    size_t length = sizeof(end) - 1;
    while (script->length < length ||
           memcmp(script->data + script->length - length, end, length) != 0) {
        int got = ssh_channel_read(c->channel, bytes, sizeof(bytes), 0);
        if (got <= 0)
            _exit(0);
        buffer_append(script, bytes, (size_t)got);
    }
}

static void write_to(struct conversation *c, const struct buffer *text)
{
    if (ssh_channel_write(c->channel, text->data, (uint32_t)text->length) < 0 ||
        ssh_channel_write_stderr(c->channel, text->data, (uint32_t)text->length) < 0)
        _exit(1);
}

static void append_frame(struct buffer *text, const char *nonce, int number)
{
    buffer_append_format(text, "\n%s B%d\noutput\n\n%s E%d 0\n", nonce, number, nonce, number);
}

static void append_self_test(struct conversation *c, const char *nonce)
{
    char bytes[SELF_TEST_BYTES];
    char begin[64], end[64];
    for (int i = 0; i < SELF_TEST_BYTES; i++)
        bytes[i] = (char)i;
    int begin_length = snprintf(begin, sizeof(begin), "\n%s B0\n", nonce);
    int end_length = snprintf(end, sizeof(end), "\n%s E0 %d\n", nonce, SELF_TEST_STATUS);
    ssh_channel_write(c->channel, begin, (uint32_t)begin_length);
    ssh_channel_write(c->channel, bytes, sizeof(bytes));
    ssh_channel_write(c->channel, end, (uint32_t)end_length);
    ssh_channel_write_stderr(c->channel, begin, (uint32_t)begin_length);
    ssh_channel_write_stderr(c->channel, end, (uint32_t)end_length);
}

/* libssh writes to no channel that it closed: it is given back the one that it knew before. */
static void close_and_go_on(struct conversation *c, const struct buffer *last)
{
    size_t size = malloc_usable_size(c->channel);
    void *before = memory_copy((const char *)c->channel, size);
    ssh_channel_request_send_exit_status(c->channel, 0);
    ssh_channel_close(c->channel);
    memcpy(c->channel, before, size);
    write_to(c, last);
    free(before);
}

static void answer_by_rote(struct conversation *c)
{
    struct buffer script = {0}, frames = {0}, last = {0};
    char nonce[NONCE_BYTES + 1] = "";
    read_script(c, &script);
    const char *text = buffer_text(&script);
    const char *first = strstr(text, " B0\n");
    first = first != NULL ? first : strstr(text, " B0'");
    if (first == NULL)
        _exit(1);
    memcpy(nonce, first - NONCE_BYTES, NONCE_BYTES);
    int count = 0;
    for (char begin[64]; count < 100; count++) {
        snprintf(begin, sizeof(begin), "%s B%d'", nonce, count);
        if (strstr(text, begin) == NULL)
            break;
    }
    bool has_self_test = strstr(text, "\n_walkdown_test\n") != NULL;
    if (has_self_test)
        append_self_test(c, nonce);
    for (int i = has_self_test ? 1 : 0; i < count - 1; i++)
        append_frame(&frames, nonce, i);
    append_frame(&last, nonce, count - 1);
    write_to(c, &frames);
    close_and_go_on(c, &last);
    buffer_release(&script);
    buffer_release(&frames);
    buffer_release(&last);
}

static void handle_channel(struct conversation *c, ssh_message message)
{
    if (c->manner == HOSTILE_NO_CHANNEL)
        return;
    if (c->manner == HOSTILE_REFUSES_CHANNEL)
        ssh_message_reply_default(message);
    else
        c->channel = ssh_message_channel_request_open_reply_accept(message);
}

static void handle_request(struct conversation *c, ssh_message message)
{
    if (c->manner == HOSTILE_NO_SHELL)
        return;
    if (c->manner == HOSTILE_REFUSES_SHELL) {
        ssh_message_reply_default(message);
        return;
    }
    ssh_message_channel_request_reply_success(message);
    if (c->manner == HOSTILE_BEHIND_CLOSE)
        answer_by_rote(c);
    else
        end_shell(c);
}

static void behave_with_ssh(enum hostile_manner manner, int fd, const char *host_key)
{
    struct conversation c = {.manner = manner, .session = ssh_new()};
    ssh_bind bind = ssh_bind_new();
    const bool no = false;
    ssh_bind_options_set(bind, SSH_BIND_OPTIONS_PROCESS_CONFIG, &no);
    ssh_bind_options_set(bind, SSH_BIND_OPTIONS_HOSTKEY, host_key);
    if (ssh_bind_accept_fd(bind, c.session, fd) != SSH_OK ||
        ssh_handle_key_exchange(c.session) != SSH_OK)
        _exit(1);
    for (;;) {
        ssh_message message = ssh_message_get(c.session);
        if (message == NULL)
            _exit(0);
        if (ssh_message_type(message) == SSH_REQUEST_SERVICE)
            ssh_message_service_reply_success(message);
        else if (ssh_message_type(message) == SSH_REQUEST_AUTH)
            handle_login(&c, message);
        else if (ssh_message_type(message) == SSH_REQUEST_CHANNEL_OPEN)
            handle_channel(&c, message);
        else if (ssh_message_type(message) == SSH_REQUEST_CHANNEL)
            handle_request(&c, message);
        else
            ssh_message_reply_default(message);
        ssh_message_free(message);
    }
}

int hostile_start(enum hostile_manner manner, const char *host_key, pid_t *ret_process)
{
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    pid_t process = fork();
    assert_true(process >= 0);
    if (process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        alarm(LIFE_SECONDS);
        close(ends[0]);
        if (manner < HOSTILE_PASSWORD)
            behave_without_ssh(manner, ends[1]);
        behave_with_ssh(manner, ends[1], host_key);
        _exit(0);
    }
    close(ends[1]);
    *ret_process = process;
    return ends[0];
}

void hostile_stop(pid_t process)
{
    if (process <= 0)
        return;
    kill(process, SIGKILL);
    waitpid(process, NULL, 0);
}
