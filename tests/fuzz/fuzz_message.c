/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the conversation of a worker: what is read keeps the limits it promises, and what is
 * written again reads the same. */
#include "../../src/probe/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void read_plan(const struct message *message)
{
    struct plan plan;
    struct plan again;
    struct error error;
    bool good = wire_read_plan(message, &plan, &error);
    if (good) {
        struct buffer wire = {0};
        struct message copy;
        bool found = false;
        wire_write_plan(&wire, &plan);
        require(message_read(&wire, &copy, &found, &error) && found);
        require(wire_read_plan(&copy, &again, &error));
        require(again.step_count == plan.step_count);
        for (size_t i = 0; i < plan.step_count; i++)
            require(strcmp(plan.steps[i].command, again.steps[i].command) == 0);
        plan_release(&again);
        message_release(&copy);
        buffer_release(&wire);
    }
    plan_release(&plan);
}

static void read_result(const struct message *message)
{
    struct plan plan = {0};
    struct step_result result;
    struct error error;
    struct plan_step *step = plan_add(&plan, "id");
    step->out_max_bytes = 100;
    step->err_max_bytes = 10;
    if (wire_read_result(message, &plan, 0, &result, &error)) {
        require(result.out.length <= 100 && result.err.length <= 10);
        require(result.out.length + result.err.length == message->raw_length);
        require((result.outcome == STEP_DONE) == (result.exit_status >= 0));
    }
    step_result_release(&result);
    plan_release(&plan);
}

static void read_questions(const struct message *message)
{
    struct wire_hostkey hostkey;
    struct wire_open open;
    struct connection_identity identity;
    struct prompt prompt;
    struct error error;
    if (wire_read_hostkey(message, &hostkey, &error))
        require(hostkey.hostkey.port >= 0 && hostkey.hostkey.port <= 65535);
    wire_hostkey_release(&hostkey);
    if (wire_read_open(message, &open, &error))
        require(open.spec != NULL);
    wire_open_release(&open);
    if (wire_read_prompt(message, &prompt, &error))
        require(prompt.text != NULL);
    wire_read_identity(message, &identity);
    require(identity.user != NULL && identity.authentication != NULL);
    wire_read_error(message, &error);
    require(error.code != ERROR_NONE);
    require(wire_read_begun(message, 0, NULL) || !wire_read_begun(message, 0, &error));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct buffer in = {0};
    struct error error;
    bool found = true;
    buffer_append(&in, bytes, length);
    while (found) {
        struct message message;
        if (!message_read(&in, &message, &found, &error) || !found)
            break;
        require(message.type < MESSAGE_TYPE_COUNT && json_is_object(message.body));
        read_plan(&message);
        read_result(&message);
        read_questions(&message);
        message_release(&message);
    }
    buffer_release(&in);
    return 0;
}
