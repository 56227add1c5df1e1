/* SPDX-License-Identifier: Apache-2.0 */
#include "visiting.h"

#include "output.h"
#include "terminal_question.h"

static bool accept_hostkey(void *context, const struct hostkey *hostkey, const char *where UNUSED)
{
    struct visiting *visiting = context;

    return terminal_accepts_hostkey(hostkey, visiting->accept_hostkey, visiting->purpose,
                                    &visiting->refused_key);
}

static bool answer_prompt(void *context UNUSED, const struct prompt *prompt,
                          struct buffer *ret_answer)
{
    char answer[TERMINAL_ANSWER_BYTES] = "";
    bool is_given = terminal_answers(prompt, answer);

    if (is_given)
        buffer_append_text(ret_answer, answer);
    memory_wipe(answer, sizeof(answer));
    return is_given;
}

static void on_signal(void *context, int signal_number UNUSED)
{
    struct visiting *visiting = context;

    if (visiting->is_cancelled)
        loop_stop(visiting->loop);
    else
        visiting->cancel(visiting->work);
    visiting->is_cancelled = true;
}

void visiting_release(struct visiting *visiting)
{
    free(visiting->refused_key);
}

struct visit_events visiting_events(struct visiting *visiting)
{
    return (struct visit_events){
        .context = visiting, .accept_hostkey = accept_hostkey, .answer_prompt = answer_prompt};
}

bool visiting_catch_signals(struct visiting *visiting, struct error *error)
{
    return loop_signals_set(visiting->loop, ending_signals, on_signal, visiting, error);
}

void visiting_tell_refused(const struct visiting *visiting)
{
    if (visiting->refused_key)
        output_note("  give --accept-hostkey %s if that is its key", visiting->refused_key);
}
