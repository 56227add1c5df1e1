/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a file of frames, which stands before the first of them unless they bring their own
 * head: what is read keeps the limits of its plan, is found again, reads the same when it is
 * written again, and a file that is cut never holds more, or other, frames. */
#include "probe/recording.h"

#define HEAD "walkdown-frames 1\n"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void require_same_bytes(const struct buffer *one, const struct buffer *other)
{
    require(one->length == other->length);
    require(one->length == 0 || memcmp(one->data, other->data, one->length) == 0);
}

static void require_same_result(const struct step_result *one, const struct step_result *other)
{
    require(one->step == other->step && one->outcome == other->outcome);
    require(one->exit_status == other->exit_status && one->noise_bytes == other->noise_bytes);
    require(one->started_ms == other->started_ms && one->duration_ms == other->duration_ms);
    require(strcmp(one->detail, other->detail) == 0);
    require_same_bytes(&one->out, &other->out);
    require_same_bytes(&one->err, &other->err);
}

static void require_limits(const struct recording *recording)
{
    require(recording->plan.step_count > 0 && recording->plan.step_count <= PLAN_STEPS_MAX);
    require(recording->result_count <= recording->plan.step_count);
    for (size_t i = 0; i < recording->result_count; i++) {
        const struct plan_step *step = &recording->plan.steps[i];
        const struct step_result *result = &recording->results[i];
        require(result->step == i && result->started_ms >= 0 && result->duration_ms >= 0);
        require(result->out.length <= step->out_max_bytes);
        require(result->err.length <= step->err_max_bytes);
        require((result->outcome == STEP_DONE) == (result->exit_status >= 0));
        require(memchr(result->detail, '\0', sizeof(result->detail)) != NULL);
        require(recording_find(recording, step, false) != NULL);
    }
}

static void write_again(const struct recording *recording)
{
    struct buffer file = {0};
    struct recording again;
    struct error error;
    recording_write_plan(&file, &recording->plan);
    for (size_t i = 0; i < recording->result_count; i++)
        recording_write_result(&file, &recording->results[i]);
    require(recording_read(file.data, file.length, &again, &error));
    require(again.result_count == recording->result_count);
    for (size_t i = 0; i < again.result_count; i++)
        require_same_result(&again.results[i], &recording->results[i]);
    recording_release(&again);
    buffer_release(&file);
}

static void read_cut(const char *bytes, size_t length, const struct recording *whole)
{
    struct recording cut;
    struct error error;
    if (!recording_read(bytes, length, &cut, &error))
        return;
    require(cut.result_count <= whole->result_count);
    for (size_t i = 0; i < cut.result_count; i++)
        require_same_result(&cut.results[i], &whole->results[i]);
    recording_release(&cut);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct buffer file = {0};
    struct recording recording;
    struct error error;
    if (length < sizeof(HEAD) || memcmp(bytes, HEAD, sizeof(HEAD) - 1) != 0)
        buffer_append_text(&file, HEAD);
    buffer_append(&file, bytes, length);
    if (recording_read(file.data, file.length, &recording, &error)) {
        require_limits(&recording);
        write_again(&recording);
        read_cut(file.data, file.length - length / 2, &recording);
        if (length > 0)
            read_cut(file.data, file.length - 1, &recording);
        recording_release(&recording);
    }
    buffer_release(&file);
    return 0;
}
