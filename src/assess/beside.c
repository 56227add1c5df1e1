/* SPDX-License-Identifier: Apache-2.0 */
#include "beside.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { READ_STEP_BYTES = 16 * 1024, OUTPUT_MAX_BYTES = 16 * 1024 * 1024 };

struct beside {
    struct loop *loop;
    struct loop_watch *watch;
    pid_t pid;
    int fd;
    struct buffer output;
    beside_done_function *done;
    void *context;
};

static void on_output(void *context, int fd, short revents UNUSED)
{
    struct beside *beside = context;
    struct buffer *output = &beside->output;
    ssize_t got;

    buffer_reserve(output, READ_STEP_BYTES);
    got = read(fd, output->data + output->length, READ_STEP_BYTES);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got > 0)
        output->length += (size_t)got;
    if (got <= 0 || output->length > OUTPUT_MAX_BYTES)
        beside->done(beside->context, output);
}

struct beside *beside_new(struct loop *loop, pid_t pid, int fd, beside_done_function *done,
                          void *context)
{
    struct beside *beside = memory_new(1, sizeof(*beside));

    *beside = (struct beside){.loop = loop, .pid = pid, .fd = fd, .done = done, .context = context};
    beside->watch = loop_watch_add(loop, fd, POLLIN, on_output, beside);
    return beside;
}

void beside_free(struct beside *beside)
{
    if (!beside)
        return;
    loop_watch_remove(beside->loop, beside->watch);
    close(beside->fd);
    kill(beside->pid, SIGKILL);
    while (waitpid(beside->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    buffer_release(&beside->output);
    free(beside);
}
