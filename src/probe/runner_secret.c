/* SPDX-License-Identifier: Apache-2.0 */
#include "runner_secret.h"

#include "base/clock.h"

enum {
    ANSWERED_WAIT_MS = 20000, /* for sudo, which may ask servers of its own */
    SECRET_WAIT_MS = 290000   /* for the user; sudo itself gives up after 300,000 */
};

static void send_secret(struct runner *runner, struct secret *secret)
{
    const char *text = secret_text(secret);
    shell_write(runner->channel.shell, text, strlen(text));
    shell_write(runner->channel.shell, "\n", 1);
}

void runner_take_answer(struct runner *runner)
{
    struct secret *secret = NULL;
    if (!runner->is_asking || !runner->events->secret(runner->events->context, &secret))
        return;
    runner->is_asking = false;
    runner->deadline_ms = clock_boot_ms() + ANSWERED_WAIT_MS;
    if (secret != NULL)
        send_secret(runner, secret);
    else
        runner_lose_channel(runner, "no password was given for sudo");
}

/* Before the first command; here a wrong password can still be given right. */
static void ask_for_secret(struct runner *runner)
{
    struct secret *secret = NULL;
    if (runner->has_secret && runner->prompts == 1 &&
        runner->events->secret(runner->events->context, &secret) && secret != NULL) {
        send_secret(runner, secret);
        return;
    }
    runner->is_asking = true;
    runner->deadline_ms = clock_boot_ms() + SECRET_WAIT_MS;
    runner->events->need_secret(runner->events->context, runner->prompts);
}

static void answer_prompt(struct runner *runner)
{
    struct secret *secret = NULL;
    if (runner->part == SCRIPT_ROOT) {
        ask_for_secret(runner);
    } else if (runner->prompts == 1 && runner->events->secret(runner->events->context, &secret) &&
               secret != NULL) {
        send_secret(runner, secret);
    } else {
        runner->channel_is_over = true;
        runner_fail_step(runner, STEP_REFUSED, "sudo did not take the password again");
    }
}

/* What sudo says up to its prompt is no output of the command. */
void runner_look_for_prompt(struct runner *runner, enum shell_stream stream)
{
    bool is_root = runner->part == SCRIPT_ROOT
                       ? stream == SHELL_STDOUT
                       : runner->part == SCRIPT_STEP && stream == SHELL_STDERR &&
                             runner->plan->steps[runner->next].as_root;
    struct buffer *bytes = stream == SHELL_STDOUT ? &runner->step.out : &runner->step.err;
    size_t length = strlen(runner->channel.prompt);
    if (!runner->channel.script.may_ask || !is_root || bytes->length < length)
        return;
    const char *found = memmem(bytes->data, bytes->length, runner->channel.prompt, length);
    if (found == NULL)
        return;
    buffer_consume(bytes, (size_t)(found - bytes->data) + length);
    runner->prompts++;
    answer_prompt(runner);
}
