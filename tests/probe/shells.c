/* SPDX-License-Identifier: Apache-2.0 */
#include "shells.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

const struct shell_kind shell_kinds[SHELL_KINDS] = {
    {"dash", {"dash", "-s"}},
    {"bash", {"bash", "--posix", "-s"}},
    {"busybox", {"busybox", "sh", "-s"}},
    {"mksh", {"mksh", "-s"}},
    {"zsh", {"zsh", "--emulate", "sh", "-s"}},
};

bool shell_is_here(const struct shell_kind *kind)
{
    AUTO_FREE char *path = path_find_program(kind->arguments[0]);
    return path != NULL;
}

static void start_process(struct shell_run *run, const struct shell_kind *kind)
{
    const char *arguments[5] = {NULL};
    memcpy(arguments, kind->arguments, sizeof(kind->arguments));
    const struct process_options options = {.arguments = arguments, .new_group = !run->no_group};
    struct error error;
    int in[2], out[2], err[2];
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0 ||
        !process_spawn(&options, (const int[3]){in[0], out[1], err[1]}, &run->pid, &error))
        abort();
    close(in[0]);
    close(out[1]);
    close(err[1]);
    run->input = in[1];
    run->outputs[0] = out[0];
    run->outputs[1] = err[0];
}

void shell_start(struct shell_run *run, const struct shell_kind *kind, const char *nonce)
{
    const struct script_options options = {.nonce = nonce, .self_test = true};
    struct error error;
    if (!plan_check(&run->plan, &error))
        abort();
    if (run->script.text.length == 0)
        script_write(&run->plan, &options, &run->script);
    frame_parser_init(&run->parsers[0], nonce);
    frame_parser_init(&run->parsers[1], nonce);
    start_process(run, kind);
    if (run->first_line != NULL &&
        !file_write_fd(run->input, run->first_line, strlen(run->first_line), &error))
        abort();
    if (!file_write_fd(run->input, run->script.text.data, run->script.text.length, &error))
        abort();
}

static void take_events(struct shell_run *run, int stream)
{
    struct frame_event event;
    while (frame_next(&run->parsers[stream], &event)) {
        struct shell_frame *frame = &run->frames[event.frame % SHELL_FRAMES_MAX];
        if (event.kind == FRAME_NOISE)
            run->noise[stream] += event.length;
        else if (event.kind == FRAME_BROKEN)
            run->is_broken = true;
        else if (event.kind == FRAME_DATA)
            buffer_append(stream == 0 ? &frame->out : &frame->err, event.bytes, event.length);
        else if (event.kind == FRAME_BEGIN)
            frame->has_begun = stream == 0 || frame->has_begun;
        else {
            frame->status = run->ended[1 - stream] <= event.frame || frame->status == event.status
                                ? event.status
                                : -2;
            run->ended[stream]++;
        }
    }
}

static bool read_once(struct shell_run *run, int timeout_ms)
{
    struct pollfd polls[2] = {{run->outputs[0], POLLIN, 0}, {run->outputs[1], POLLIN, 0}};
    if (poll(polls, 2, timeout_ms) <= 0)
        return false;
    for (int stream = 0; stream < 2; stream++) {
        static char bytes[65536];
        if (polls[stream].revents == 0)
            continue;
        ssize_t length = read(run->outputs[stream], bytes, sizeof(bytes));
        if (length > 0) {
            frame_feed(&run->parsers[stream], bytes, (size_t)length);
        } else {
            frame_finish(&run->parsers[stream]);
            close(run->outputs[stream]);
            run->outputs[stream] = -1;
        }
        take_events(run, stream);
    }
    run->is_over = run->outputs[0] < 0 && run->outputs[1] < 0;
    return true;
}

bool shell_read(struct shell_run *run, size_t count)
{
    int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (!run->is_over && (run->ended[0] < count || run->ended[1] < count)) {
        int64_t left_ms = deadline_ms - clock_monotonic_ms();
        if (left_ms <= 0 || !read_once(run, (int)left_ms))
            return false;
    }
    return true;
}

void shell_hang_up(struct shell_run *run)
{
    if (run->input > 0)
        close(run->input);
    run->input = 0;
}

void shell_run_release(struct shell_run *run)
{
    shell_hang_up(run);
    for (int stream = 0; stream < 2 && run->pid > 0; stream++) {
        if (run->outputs[stream] >= 0)
            close(run->outputs[stream]);
        frame_parser_release(&run->parsers[stream]);
    }
    if (run->pid > 0) {
        kill(run->no_group ? run->pid : -run->pid, SIGKILL);
        waitpid(run->pid, NULL, 0);
    }
    for (size_t i = 0; i < SHELL_FRAMES_MAX; i++) {
        buffer_release(&run->frames[i].out);
        buffer_release(&run->frames[i].err);
    }
    plan_release(&run->plan);
    script_release(&run->script);
    *run = (struct shell_run){0};
}

static bool file_has(const char *folder, const char *name, const char *text)
{
    AUTO_FREE char *path = memory_format("/proc/%s/%s", folder, name);
    AUTO_RELEASE(buffer) struct buffer contents = {0};
    struct error error;
    return file_read(path, 1024 * 1024, &contents, &error) && contents.length > 0 &&
           memmem(contents.data, contents.length, text, strlen(text)) != NULL;
}

size_t processes_with(const char *text)
{
    AUTO_RELEASE(strings) struct strings names = {0};
    struct error error;
    size_t count = 0;
    if (!file_list("/proc", &names, &error))
        abort();
    for (size_t i = 0; i < names.count; i++) {
        const char *name = names.items[i];
        if (name[0] >= '0' && name[0] <= '9' &&
            (file_has(name, "cmdline", text) || file_has(name, "environ", text)))
            count++;
    }
    return count;
}

bool processes_are_gone(const char *text, int timeout_ms)
{
    int64_t deadline_ms = clock_monotonic_ms() + timeout_ms;
    while (processes_with(text) > 0) {
        if (clock_monotonic_ms() > deadline_ms)
            return false;
        poll(NULL, 0, 100);
    }
    return true;
}
