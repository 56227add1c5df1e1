/* SPDX-License-Identifier: Apache-2.0 */
#include "base/process_watch.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TICK_NS = 10000000 };

static int open_ticking(void)
{
    const struct itimerspec ticks = {.it_interval.tv_nsec = TICK_NS, .it_value.tv_nsec = TICK_NS};
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    if (fd >= 0)
        timerfd_settime(fd, 0, &ticks, NULL);
    return fd;
}

bool process_watch_open(pid_t pid, struct process_watch *ret_watch, struct error *error)
{
    struct process_watch watch = {.pid = pid, .fd = (int)syscall(SYS_pidfd_open, pid, 0)};
    if (watch.fd < 0 && errno == ENOSYS) {
        watch.fd = open_ticking();
        watch.is_ticking = true;
    }
    *ret_watch = watch.fd < 0 ? PROCESS_WATCH_NONE : watch;
    return watch.fd >= 0 ||
           error_set(error, ERROR_IO, "cannot watch a process: %s", strerror(errno));
}

void process_watch_close(struct process_watch *watch)
{
    if (watch->fd >= 0)
        close(watch->fd);
    *watch = PROCESS_WATCH_NONE;
}

bool process_watch_has_ended(const struct process_watch *watch)
{
    siginfo_t end = {0};
    uint64_t ticks;
    if (watch->fd < 0)
        return false;
    if (watch->is_ticking && read(watch->fd, &ticks, sizeof(ticks)) < 0 && errno != EAGAIN)
        return true;
    int found;
    while ((found = waitid(P_PID, (id_t)watch->pid, &end, WEXITED | WNOHANG | WNOWAIT)) < 0 &&
           errno == EINTR)
        continue;
    /* What somebody else waited for has ended too. */
    return found < 0 || end.si_pid == watch->pid;
}

bool process_watch_wait(const struct process_watch *watch, int timeout_ms)
{
    int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
    while (watch->fd >= 0 && !process_watch_has_ended(watch)) {
        int64_t left_ms = deadline_ms - clock_monotonic_ms();
        if (left_ms <= 0)
            return false;
        poll(&(struct pollfd){.fd = watch->fd, .events = POLLIN}, 1, (int)left_ms);
    }
    return watch->fd >= 0;
}
