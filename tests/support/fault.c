/* SPDX-License-Identifier: Apache-2.0 */
#include "support/fault.h"

#include "support/testing.h"

#include "base/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000, OPTIONS_MAX = 4 };

/* One line; the proxy writes whole lines. */
static void read_line(int fd, char line[64])
{
    size_t length = 0;
    do {
        struct pollfd one = {.fd = fd, .events = POLLIN};
        if (length == 63 || poll(&one, 1, PATIENCE_MS) <= 0 || read(fd, line + length, 1) != 1)
            fail_msg("the fault proxy says nothing");
    } while (line[length++] != '\n');
    line[length] = '\0';
}

void fault_start(struct fault *fault, int port, const char *const *options)
{
    char text[16], line[64];
    const char *arguments[OPTIONS_MAX + 3] = {testing_build("tests/support/fault_proxy")};
    size_t count = 1;
    int output[2];
    struct error error = {0};
    snprintf(text, sizeof(text), "%d", port);
    while (*options != NULL && count <= OPTIONS_MAX)
        arguments[count++] = *options++;
    arguments[count] = text;
    assert_int_equal(pipe2(output, O_CLOEXEC), 0);
    const struct process_options process = {.arguments = arguments};
    assert_done(process_spawn(&process, (const int[3]){-1, output[1], -1}, &fault->process, &error),
                &error);
    close(output[1]);
    fault->output = output[0];
    read_line(fault->output, line);
    fault->port = (int)strtol(line, NULL, 10);
    assert_true(fault->port > 0);
}

int64_t fault_wait_for_end(const struct fault *fault, int64_t *ret_up)
{
    char line[64];
    long long up = 0, down = 0;
    read_line(fault->output, line);
    assert_int_equal(sscanf(line, "end %lld %lld", &up, &down), 2);
    if (ret_up != NULL)
        *ret_up = up;
    return down;
}

void fault_stop(struct fault *fault)
{
    if (fault->process <= 0)
        return;
    kill(fault->process, SIGKILL);
    waitpid(fault->process, NULL, 0);
    close(fault->output);
    *fault = (struct fault){0};
}
