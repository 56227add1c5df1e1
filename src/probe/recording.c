/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/recording.h"

#include "wire.h"

#include "base/array.h"

static const char head[] = "walkdown-frames 1\n";

void recording_write_plan(struct buffer *out, const struct plan *plan)
{
    buffer_append_text(out, head);
    wire_write_plan(out, plan);
}

void recording_write_identity(struct buffer *out, const struct connection_identity *identity)
{
    wire_write_identity(out, identity);
}

void recording_write_result(struct buffer *out, const struct step_result *result)
{
    wire_write_result(out, result);
}

void recording_release(struct recording *recording)
{
    for (size_t i = 0; i < recording->result_count; i++)
        step_result_release(&recording->results[i]);
    free(recording->results);
    plan_release(&recording->plan);
    *recording = (struct recording){0};
}

static bool take_message(struct recording *recording, const struct message *message,
                         struct error *error)
{
    struct step_result result;
    if (message->type == MESSAGE_CONNECTED)
        return true;
    if (message->type == MESSAGE_PLAN && recording->plan.step_count == 0)
        return wire_read_plan(message, &recording->plan, error);
    if (message->type != MESSAGE_RESULT)
        return error_set(error, ERROR_INVALID, "it holds a message of another kind");
    bool good =
        wire_read_result(message, &recording->plan, recording->result_count, &result, error);
    *array_push(recording->results, recording->result_count) = result;
    return good;
}

/* Message by message, so that nothing is moved about. */
static bool take_messages(struct recording *recording, const char *bytes, size_t length,
                          struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer in = {0};
    for (;;) {
        struct message message = {0};
        bool found = false;
        size_t next = in.length == 0 && length >= 4 ? 4 + message_length(bytes) : length;
        next = next < length ? next : length;
        buffer_append(&in, bytes, next);
        bytes += next;
        length -= next;
        if (!message_read(&in, &message, &found, error))
            return false;
        if (!found)
            return true;
        bool good = take_message(recording, &message, error);
        message_release(&message);
        if (!good)
            return false;
    }
}

bool recording_read(const char *bytes, size_t length, struct recording *ret_recording,
                    struct error *error)
{
    struct recording recording = {0};
    if (length < sizeof(head) - 1 || memcmp(bytes, head, sizeof(head) - 1) != 0)
        return error_set(error, ERROR_INVALID, "it is no file of frames");
    bool good =
        take_messages(&recording, bytes + sizeof(head) - 1, length - (sizeof(head) - 1), error);
    if (good && recording.plan.step_count == 0)
        good = error_set(error, ERROR_INVALID, "it holds no commands");
    if (!good) {
        recording_release(&recording);
        return false;
    }
    *ret_recording = recording;
    return true;
}

void recording_add(struct recording *recording, const struct plan_step *step,
                   struct step_result *result)
{
    struct plan_step *own = plan_add(&recording->plan, step->command);
    own->as_root = step->as_root;
    own->from_reviewer = step->from_reviewer;
    own->check = memory_copy_text(step->check);
    own->probe = memory_copy_text(step->probe);
    result->step = recording->result_count;
    *array_push(recording->results, recording->result_count) = *result;
    *result = (struct step_result){0};
}

/* A recording by names does not know from where a command looked, but for whom. */
static bool looks_from_there(const struct plan_step *recorded, const struct plan_step *step,
                             bool one_vantage)
{
    if (recorded->check == NULL)
        return recorded->outside == step->outside;
    return one_vantage ||
           (strcmp(recorded->check, step->check) == 0 && strcmp(recorded->probe, step->probe) == 0);
}

const struct step_result *recording_find(const struct recording *recording,
                                         const struct plan_step *step, bool one_vantage)
{
    for (size_t i = recording->result_count; i-- > 0;) {
        const struct plan_step *recorded = &recording->plan.steps[i];
        if (recorded->as_root == step->as_root && recorded->from_reviewer == step->from_reviewer &&
            strcmp(recorded->command, step->command) == 0 &&
            looks_from_there(recorded, step, one_vantage))
            return &recording->results[i];
    }
    return NULL;
}
