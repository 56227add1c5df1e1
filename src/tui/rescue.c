/* SPDX-License-Identifier: Apache-2.0 */
#include "rescue.h"

#include "base/memory.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int crash_signals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};

/* Global because a signal handler has no other way to know. */
static struct {
    volatile sig_atomic_t is_armed;
    int fd;
    char bytes[RESCUE_MAX_BYTES];
    size_t length;
    struct termios modes;
    char stack[64 * 1024]; /* the fault may be that the own one is full */
} rescue;

/* Only what signal-safety(7) allows. */
static void handle_crash(int signal_number)
{
    if (rescue.is_armed) {
        rescue.is_armed = 0;
        ssize_t written = write(rescue.fd, rescue.bytes, rescue.length);
        (void)written;
        tcsetattr(rescue.fd, TCSANOW, &rescue.modes);
    }
    /* SA_RESETHAND and SA_NODEFER: this ends the process, with a core where that is wanted. */
    raise(signal_number);
}

static void install_handlers(void)
{
    stack_t stack = {.ss_sp = rescue.stack, .ss_size = sizeof(rescue.stack)};
    sigaltstack(&stack, NULL);
    struct sigaction action = {.sa_handler = handle_crash,
                               .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND | SA_NODEFER)};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < LENGTH(crash_signals); i++)
        sigaction(crash_signals[i], &action, NULL);
}

void rescue_arm(int fd, const char *bytes, size_t length, const struct termios *modes)
{
    rescue.is_armed = 0;
    if (length > sizeof(rescue.bytes))
        length = sizeof(rescue.bytes);
    memcpy(rescue.bytes, bytes, length);
    rescue.length = length;
    rescue.fd = fd;
    rescue.modes = *modes;
    install_handlers();
    rescue.is_armed = 1;
}

void rescue_disarm(void)
{
    rescue.is_armed = 0;
}
