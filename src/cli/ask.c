/* SPDX-License-Identifier: Apache-2.0 */
#include "ask.h"

#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

struct ask {
    struct loop *loop;
    struct loop_watch *watch;
    int fd;
    struct termios saved;
    bool echo;
    struct secret *line; /* as far as it is typed */
    size_t length;
    ask_function *answered;
    void *context;
};

void ask_stop(struct ask *ask)
{
    if (!ask)
        return;
    loop_watch_remove(ask->loop, ask->watch);
    tcsetattr(ask->fd, TCSAFLUSH, &ask->saved);
    if (!ask->echo)
        output_ask(ask->fd, "\n");
    close(ask->fd);
    secret_free(ask->line);
    free(ask);
}

static void finish(struct ask *ask, bool is_given)
{
    ask_function *answered = ask->answered;
    void *context = ask->context;
    struct secret *line = take(&ask->line);

    ask_stop(ask);
    answered(context, is_given ? secret_text(line) : NULL);
    secret_free(line);
}

/* A whole line comes at once, unless it is longer than the buffer; the end of input is no answer.
 */
static void on_readable(void *context, int fd, short revents)
{
    struct ask *ask = context;
    char *text = secret_text(ask->line);
    ssize_t got = read(fd, text + ask->length, SECRET_MAX_BYTES - ask->length);
    char *end;

    (void)revents;
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got <= 0) {
        finish(ask, false);
        return;
    }
    ask->length += (size_t)got;
    end = memchr(text, '\n', ask->length);
    if (end)
        *end = '\0';
    if (end || ask->length == SECRET_MAX_BYTES)
        finish(ask, end != NULL);
}

struct ask *ask_start(struct loop *loop, const char *text, bool echo, ask_function *answered,
                      void *context)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    struct termios saved, quiet;
    struct ask *ask;

    if (fd < 0)
        return NULL;
    if (tcgetattr(fd, &saved) < 0) {
        close(fd);
        return NULL;
    }
    quiet = saved;
    if (!echo)
        quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fd, TCSAFLUSH, &quiet);
    output_ask(fd, text);
    ask = memory_new(1, sizeof(*ask));
    *ask = (struct ask){.loop = loop,
                        .fd = fd,
                        .saved = saved,
                        .echo = echo,
                        .line = secret_new(NULL, 0),
                        .answered = answered,
                        .context = context};
    ask->watch = loop_watch_add(loop, fd, POLLIN, on_readable, ask);
    return ask;
}
