/* SPDX-License-Identifier: Apache-2.0 */
#include "recorder.h"

#include "support/testing.h"

#include "base/clock.h"
#include "base/file.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

enum { DEADLINE_MS = 60000, STEP_MS = 1000 };

static void on_output(void *context, enum shell_stream stream, const char *bytes, size_t length)
{
    struct recorder *recorder = context;
    assert_int_equal(recorder->ended, 0);
    recorder->bytes[stream] += length;
    if (!recorder->only_counts)
        buffer_append(&recorder->output[stream], bytes, length);
    if (recorder->close_at > 0 && recorder->bytes[stream] >= recorder->close_at) {
        shell_close(recorder->shell);
        recorder->shell = NULL;
        recorder->close_at = 0;
    }
}

static void on_ended(void *context, int exit_status)
{
    struct recorder *recorder = context;
    recorder->ended++;
    recorder->exit_status = exit_status;
    recorder->error = *shell_error(recorder->shell);
}

void recorder_open(struct recorder *recorder, struct connection *connection, const char *script)
{
    recorder_open_outside(recorder, connection, 0, script);
}

void recorder_open_outside(struct recorder *recorder, struct connection *connection, size_t hops,
                           const char *script)
{
    const struct shell_events events = {
        .context = recorder, .output = on_output, .ended = on_ended};
    struct error error = {0};
    recorder->connection = connection;
    recorder->exit_status = -2;
    assert_done(shell_open_outside(connection, hops, &events, &recorder->shell, &error), &error);
    recorder_write(recorder, script);
}

void recorder_release(struct recorder *recorder)
{
    buffer_release(&recorder->output[SHELL_STDOUT]);
    buffer_release(&recorder->output[SHELL_STDERR]);
}

void recorder_write(struct recorder *recorder, const char *text)
{
    shell_write(recorder->shell, text, strlen(text));
}

void recorder_pump(struct recorder *recorder)
{
    struct error error = {0};
    assert_done(connection_pump(recorder->connection, -1, STEP_MS, &error), &error);
}

void recorder_wait_for_end(struct recorder *recorder)
{
    int64_t deadline_ms = clock_monotonic_ms() + DEADLINE_MS;
    while (recorder->ended == 0) {
        assert_true(clock_monotonic_ms() < deadline_ms);
        recorder_pump(recorder);
    }
}

void recorder_wait_for_text(struct recorder *recorder, const char *text)
{
    int64_t deadline_ms = clock_monotonic_ms() + DEADLINE_MS;
    while (strstr(recorder_stdout(recorder), text) == NULL) {
        if (clock_monotonic_ms() >= deadline_ms || recorder->ended > 0)
            fail_msg("'%s' did not come: '%s' '%s'", text, recorder_stdout(recorder),
                     recorder_stderr(recorder));
        recorder_pump(recorder);
    }
}

const char *recorder_stdout(const struct recorder *recorder)
{
    return buffer_text(&recorder->output[SHELL_STDOUT]);
}

const char *recorder_stderr(const struct recorder *recorder)
{
    return buffer_text(&recorder->output[SHELL_STDERR]);
}

bool recorder_process_runs(pid_t process)
{
    struct buffer stat = {0};
    char *path = memory_format("/proc/%d/stat", (int)process);
    bool is_there = file_read(path, 4096, &stat, NULL);
    const char *name_end = is_there ? strrchr(stat.data, ')') : NULL;
    bool runs = name_end != NULL && name_end[2] != 'Z' && name_end[2] != 'X';
    free(path);
    buffer_release(&stat);
    return runs;
}

void recorder_wait_until_gone(pid_t process)
{
    int64_t deadline_ms = clock_monotonic_ms() + DEADLINE_MS;
    while (recorder_process_runs(process)) {
        assert_true(clock_monotonic_ms() < deadline_ms);
        poll(NULL, 0, 5);
    }
}
