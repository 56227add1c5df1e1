/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a target's connection asks: whether its host key is to be trusted, and secrets. Several
 * questions wait in a queue; one is shown at a time, and none over what the user is doing.
 */
#include "dialog.h"
#include "note.h"
#include "screens.h"

struct asker {
    size_t target;
};

static struct asker *make_asker(size_t target)
{
    struct asker *asker = memory_new(1, sizeof(*asker));
    asker->target = target;
    return asker;
}

static void ask_next(struct app *app)
{
    app->is_asked = session_question(app->session) != NULL;
}

static void hostkey_answered(struct app *app, void *context, bool yes)
{
    const struct asker *asker = context;
    app->has_refused = !yes;
    session_answer_hostkey(app->session, asker->target, yes);
    app_say(app, yes ? MESSAGE_GOOD : MESSAGE_INFO,
            yes ? "the key is trusted from now on, for this review" : "not trusted, not contacted");
    ask_next(app);
}

static void ask_hostkey(struct app *app, const struct session_question *question)
{
    const struct hostkey *key = question->hostkey;
    AUTO_FREE char *title =
        memory_format("First contact: %s", app_target_name(app, question->target));
    AUTO_FREE char *quote =
        memory_format("%s port %d\n%s\n%s", key->host, key->port, key->type, key->fingerprint);
    dialog_open(app,
                &(struct dialog_request){
                    .title = title,
                    .text = "Nothing is known of this host's key. Compare its fingerprint with "
                            "one that came to you by another way: who accepts a wrong key "
                            "talks to somebody else.",
                    .quote = quote,
                    .word = "yes",
                    .confirm = "trust this key",
                    .is_guarded = true,
                    .done = hostkey_answered,
                    .context = make_asker(question->target),
                    .free_context = free});
}

static bool secret_given(struct app *app, void *context, const char *text)
{
    const struct asker *asker = context;
    session_answer_prompt(app->session, asker->target, text);
    ask_next(app);
    return true;
}

static void secret_refused(struct app *app, void *context)
{
    const struct asker *asker = context;
    session_answer_prompt(app->session, asker->target, NULL);
    ask_next(app);
}

static void ask_secret(struct app *app, const struct session_question *question)
{
    static const char *const prompts[] = {
        [PROMPT_PASSPHRASE] = "Passphrase of a private key on this machine:",
        [PROMPT_PASSWORD] = "Password of the account on the target. The target says:",
        [PROMPT_KEYBOARD] = "The target asks for an answer. These are its own words, not ours:",
        [PROMPT_SUDO] =
            "sudo on the target wants the password of the account named below. What you "
            "send goes to that host; your consent is recorded, the password is not."};
    static const char reuse[] =
        "sudo on the target wants the password of the account named below. What you send goes to "
        "that host; your consent is recorded, the password is not. Nothing typed: the password "
        "that you gave for another target.";
    AUTO_FREE char *title =
        question->attempt > 1
            ? memory_format("%s asks, attempt %d", app_target_name(app, question->target),
                            question->attempt)
            : memory_format("%s asks", app_target_name(app, question->target));
    note_open(
        app, &(struct note_request){.title = title,
                                    .prompt = question->can_reuse ? reuse : prompts[question->kind],
                                    .quote = question->text,
                                    .kind = question->echo ? EDITOR_LINE : EDITOR_SECRET,
                                    .save = "send",
                                    .may_be_empty = true,
                                    .is_guarded = true,
                                    .done = secret_given,
                                    .cancelled = secret_refused,
                                    .context = make_asker(question->target),
                                    .free_context = free});
}

void question_open(struct app *app)
{
    const struct session_question *question = session_question(app->session);
    app->is_asked = false;
    if (question == NULL)
        return;
    if (question->is_hostkey)
        ask_hostkey(app, question);
    else
        ask_secret(app, question);
}
