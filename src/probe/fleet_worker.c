/* SPDX-License-Identifier: Apache-2.0 */
#include "fleet_worker.h"

#include "base/path.h"
#include "base/process.h"
#include "base/process_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    READ_STEP_BYTES = 256 * 1024,
    READ_STEPS = 8, /* at a time, so that one loud worker does not hold up the screen */
    KEPT_MAX_BYTES = 2 * 1024 * 1024, /* of an empty buffer, per worker */
    REST_WAIT_MS = 20, /* until the socket of a worker that was killed says that it is over */
    REAP_WAIT_MS = 100 /* a worker that the kernel cannot end at once stays behind as a zombie */
};

#define WORKER_NAME "walkdown-worker"

/* ---- starting and ending ---- */

bool fleet_worker_find(const char *given, char **ret_path, struct error *error)
{
    AUTO_FREE char *folder = path_program_folder();
    AUTO_FREE char *beside = folder == NULL ? NULL : path_join(folder, WORKER_NAME);
    const char *const places[] = {beside, LIBEXEC_FOLDER "/" WORKER_NAME};
    if (given != NULL && access(given, X_OK) == 0) {
        /* Without a slash it would be looked for in $PATH. */
        *ret_path = memory_format("%s%s", strchr(given, '/') != NULL ? "" : "./", given);
        return true;
    }
    for (size_t i = 0; given == NULL && i < LENGTH(places); i++) {
        if (places[i] == NULL || access(places[i], X_OK) != 0)
            continue;
        *ret_path = memory_copy_text(places[i]);
        return true;
    }
    error_set(error, ERROR_NOT_FOUND, "cannot find the program %s%s%s", WORKER_NAME,
              given != NULL ? " as " : "", given != NULL ? given : "");
    return error_hint(error, "it belongs beside walkdown or into %s; install walkdown again",
                      LIBEXEC_FOLDER);
}

static void on_socket(void *context, int fd, short revents);

bool fleet_worker_start(struct loop *loop, const char *path,
                        const struct fleet_worker_events *events, struct fleet_worker **ret_worker,
                        struct error *error)
{
    const char *const arguments[] = {path, NULL};
    int sockets[2];
    pid_t pid = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0)
        return error_set(error, ERROR_IO, "cannot start a worker: %s", strerror(errno));
    const struct process_options options = {
        .arguments = arguments, .inherit_fd = sockets[1], .new_session = true};
    bool good = process_spawn(&options, (const int[3]){-1, -1, -1}, &pid, error);
    close(sockets[1]);
    if (!good) {
        close(sockets[0]);
        return error_prefix(error, "cannot start a worker");
    }
    fcntl(sockets[0], F_SETFL, O_NONBLOCK);
    struct fleet_worker *worker = memory_new(1, sizeof(*worker));
    *worker = (struct fleet_worker){.loop = loop, .events = *events, .pid = pid, .fd = sockets[0]};
    worker->watch = loop_watch_add(loop, worker->fd, POLLIN, on_socket, worker);
    *ret_worker = worker;
    return true;
}

/* What is left of OUT may be a secret. */
static void wipe_out(struct fleet_worker *worker)
{
    if (worker->out.data != NULL)
        memory_wipe(worker->out.data, worker->out.length);
    buffer_clear(&worker->out);
    worker->sent = 0;
}

static int reap(pid_t pid)
{
    int status = 0;
    struct process_watch watch;
    if (process_watch_open(pid, &watch, NULL))
        (void)process_watch_wait(&watch, REAP_WAIT_MS);
    process_watch_close(&watch);
    waitpid(pid, &status, WNOHANG);
    return status;
}

void fleet_worker_end(struct fleet_worker *worker, int *ret_status)
{
    loop_watch_remove(worker->loop, worker->watch);
    close(worker->fd);
    kill(worker->pid, SIGKILL);
    int status = reap(worker->pid);
    wipe_out(worker);
    buffer_release(&worker->out);
    buffer_release(&worker->in);
    free(worker);
    if (ret_status != NULL)
        *ret_status = status;
}

/* ---- talking ---- */

void fleet_worker_flush(struct fleet_worker *worker)
{
    while (worker->sent < worker->out.length) {
        ssize_t done = send(worker->fd, worker->out.data + worker->sent,
                            worker->out.length - worker->sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (done > 0)
            worker->sent += (size_t)done;
        else if (errno != EINTR)
            break;
    }
    /* A worker that is gone is noticed by reading. */
    bool is_waiting = worker->sent < worker->out.length && errno == EAGAIN;
    if (!is_waiting)
        wipe_out(worker);
    loop_watch_set_events(worker->watch, is_waiting ? POLLIN | POLLOUT : POLLIN);
}

/* False: the worker is gone. */
static bool receive(struct fleet_worker *worker, struct error *error)
{
    for (int i = 0; i < READ_STEPS; i++) {
        buffer_reserve(&worker->in, READ_STEP_BYTES);
        ssize_t got = recv(worker->fd, worker->in.data + worker->in.length, READ_STEP_BYTES, 0);
        if (got == 0)
            return error_set(error, ERROR_IO, "it ended unexpectedly");
        if (got < 0)
            return errno == EAGAIN || errno == EINTR ||
                   error_set(error, ERROR_IO, "it cannot be read: %s", strerror(errno));
        worker->in.length += (size_t)got;
    }
    return true;
}

static bool take_messages(struct fleet_worker *worker, struct error *error)
{
    for (;;) {
        struct message message;
        bool found = false;
        if (!message_read(&worker->in, &message, &found, error))
            return false;
        if (!found)
            break;
        bool good = worker->events.message(worker->events.context, worker, &message, error);
        message_release(&message);
        if (!good)
            return false;
    }
    if (worker->in.length == 0 && worker->in.capacity > KEPT_MAX_BYTES)
        buffer_release(&worker->in);
    return true;
}

void fleet_worker_take_rest(struct fleet_worker *worker)
{
    struct pollfd one = {.fd = worker->fd, .events = POLLIN};
    struct error unwanted;
    bool is_there = true;
    kill(worker->pid, SIGKILL);
    while (is_there && poll(&one, 1, REST_WAIT_MS) > 0) {
        is_there = receive(worker, &unwanted);
        if (!take_messages(worker, &unwanted))
            return;
    }
}

static void on_socket(void *context, int fd, short revents)
{
    struct fleet_worker *worker = context;
    struct error lost;
    struct error nonsense;
    (void)fd;
    if ((revents & POLLOUT) != 0)
        fleet_worker_flush(worker);
    bool is_there = receive(worker, &lost);
    /* What it still said before its end counts. */
    if (!take_messages(worker, &nonsense))
        worker->events.lost(worker->events.context, worker, &nonsense);
    else if (!is_there)
        worker->events.lost(worker->events.context, worker, &lost);
}
