/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs the commands of a file, one a line, on one target, the way walkdown does: through a fleet
 * and walkdown-worker. Prints the output of the commands; fails unless each of them was done.
 *
 *     probes_walkdown SPEC IDENTITY KNOWN_HOSTS FILE
 */
#include "base/array.h"
#include "base/file.h"
#include "probe/fleet.h"

#include <unistd.h>

enum { FILE_MAX_BYTES = 1024 * 1024 };

struct bench {
    struct loop *loop;
    size_t done_count;
    struct buffer output;
    struct error error;
};

static void no_progress(void *context UNUSED, int job UNUSED, const char *text UNUSED)
{
}

static void no_hostkey(void *context UNUSED, int job UNUSED, const struct hostkey *hostkey UNUSED,
                       enum hostkey_verdict verdict UNUSED, const char *where UNUSED)
{
    abort();
}

static void no_prompt(void *context UNUSED, int job UNUSED, const struct prompt *prompt UNUSED)
{
    abort();
}

static void no_connected(void *context UNUSED, int job UNUSED,
                         const struct connection_identity *identity UNUSED)
{
}

static void no_begun(void *context UNUSED, int job UNUSED, size_t step UNUSED)
{
}

static void keep_result(void *context, int job UNUSED, struct step_result *result)
{
    struct bench *bench = context;
    bench->done_count += result->outcome == STEP_DONE ? 1 : 0;
    buffer_append(&bench->output, result->out.data, result->out.length);
}

static void stop(void *context, int job UNUSED, const struct error *error)
{
    struct bench *bench = context;
    if (error != NULL)
        bench->error = *error;
    loop_stop(bench->loop);
}

static bool read_plan(const char *path, struct plan *plan, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(strings) struct strings lines = {0};
    if (!file_read(path, FILE_MAX_BYTES, &text, error))
        return false;
    strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count; i++) {
        if (lines.items[i][0] != '\0')
            plan_add(plan, lines.items[i]);
    }
    return true;
}

static bool run(struct bench *bench, char **arguments, struct error *error)
{
    const struct fleet_events events = {.context = bench,
                                        .progress = no_progress,
                                        .hostkey = no_hostkey,
                                        .prompt = no_prompt,
                                        .connected = no_connected,
                                        .begun = no_begun,
                                        .result = keep_result,
                                        .ended = stop};
    const struct fleet_options options = {.worker_path = "./walkdown-worker"};
    struct plan plan = {0};
    struct fleet *fleet = NULL;
    if (!read_plan(arguments[4], &plan, error) ||
        !fleet_new(bench->loop, &options, &events, &fleet, error))
        return false;
    size_t count = plan.step_count;
    struct job job = {.target = "bench",
                      .spec = arguments[1],
                      .plan = &plan,
                      .identity = arguments[2],
                      .known_hosts = arguments[3]};
    fleet_start(fleet, &job);
    bool good = loop_run(bench->loop, error);
    fleet_free(fleet);
    if (good && bench->error.code != ERROR_NONE)
        *error = bench->error;
    return good && bench->error.code == ERROR_NONE &&
           (bench->done_count == count ||
            error_set(error, ERROR_INVALID, "%zu of %zu were done", bench->done_count, count));
}

int main(int count, char **arguments)
{
    struct error error = {0};
    if (count != 5)
        return 2;
    struct bench bench = {.loop = loop_new()};
    bool good = run(&bench, arguments, &error) &&
                file_write_fd(STDOUT_FILENO, bench.output.data, bench.output.length, &error);
    if (!good)
        dprintf(STDERR_FILENO, "%s\n", error.message);
    loop_free(bench.loop);
    buffer_release(&bench.output);
    return good ? 0 : 1;
}
