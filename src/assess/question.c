/* SPDX-License-Identifier: Apache-2.0 */
/* Questions that connections wait on: kept in order until the user answers. */
#include "state.h"

static struct waiting_question *question_push(struct session *session, size_t target, int job)
{
    struct waiting_question *question = memory_new(1, sizeof(*question));

    question->shown.number = ++session->last_question;
    question->shown.target = target;
    question->job = job;
    *array_push(session->questions, session->question_count) = question;
    session->targets[target].state = TARGET_ASKING;
    return question;
}

static void announce(struct session *session)
{
    if (session->events.asked)
        session->events.asked(session->events.context);
}

void question_push_hostkey(struct session *session, size_t target, int job,
                           const struct hostkey *hostkey, const char *where)
{
    struct waiting_question *question = question_push(session, target, job);

    question->hostkey = hostkey_copy(hostkey);
    question->where = memory_copy_text(where ? where : "");
    question->shown.is_hostkey = true;
    question->shown.hostkey = &question->hostkey;
    question->shown.where = question->where;
    question->shown.text = "";
    announce(session);
}

void question_push_prompt(struct session *session, size_t target, int job,
                          const struct prompt *prompt)
{
    struct waiting_question *question;

    if (sudo_answer_known(session, &(struct session_question){.target = target,
                                                              .kind = prompt->kind,
                                                              .attempt = prompt->attempt}))
        return;
    question = question_push(session, target, job);
    question->text = memory_copy_text(prompt->text ? prompt->text : "");
    question->shown.text = question->text;
    question->shown.where = "";
    question->shown.kind = prompt->kind;
    question->shown.echo = prompt->echo;
    question->shown.attempt = prompt->attempt;
    question->shown.can_reuse =
        prompt->kind == PROMPT_SUDO && prompt->attempt == 1 && session->sudo_secret != NULL;
    announce(session);
}

static void question_free(struct waiting_question *question)
{
    hostkey_release(&question->hostkey);
    free(question->text);
    free(question->where);
    free(question);
}

/* Remove a target's questions of one sort (or, with ANY, of both); true when there was one. */
static bool remove_questions(struct session *session, size_t target, bool is_hostkey, bool any)
{
    size_t kept = 0;

    for (size_t i = 0; i < session->question_count; i++) {
        struct waiting_question *question = session->questions[i];
        if (question->shown.target == target && (any || question->shown.is_hostkey == is_hostkey))
            question_free(question);
        else
            session->questions[kept++] = question;
    }
    if (kept == session->question_count)
        return false;
    session->question_count = kept;
    return true;
}

void questions_drop(struct session *session, size_t target)
{
    remove_questions(session, target, false, true);
}

const struct session_question *session_question(const struct session *session)
{
    return session->question_count ? &session->questions[0]->shown : NULL;
}

/* The job that waits for an answer about a target, and which sort of question it asked; 0: none. */
static int job_on(const struct session *session, size_t target, bool is_hostkey)
{
    for (size_t i = 0; i < session->question_count; i++) {
        const struct waiting_question *question = session->questions[i];
        if (question->shown.target == target && question->shown.is_hostkey == is_hostkey)
            return question->job;
    }
    return 0;
}

static void answer_hostkey(struct session *session, size_t target, bool accept)
{
    int job = job_on(session, target, true);

    if (!remove_questions(session, target, true, false))
        return;
    session->targets[target].state = TARGET_CONNECTING;
    fleet_answer_hostkey(session->fleet, job, accept);
}

/* Others may wait for the same answer: targets behind one jump host. */
static void answer_accepted(struct session *session)
{
    for (size_t i = 0; i < session->question_count;) {
        const struct waiting_question *question = session->questions[i];
        bool is_answered =
            question->shown.is_hostkey && pin_was_accepted(session, &question->hostkey);
        if (is_answered)
            answer_hostkey(session, question->shown.target, true);
        i = is_answered ? 0 : i + 1;
    }
}

void session_answer_hostkey(struct session *session, size_t target, bool accept)
{
    for (size_t i = 0; accept && i < session->question_count; i++) {
        const struct waiting_question *question = session->questions[i];
        if (question->shown.is_hostkey && question->shown.target == target)
            hostkey_list_put(&session->accepted_keys, &question->hostkey);
    }
    answer_hostkey(session, target, accept);
    answer_accepted(session);
}

static enum prompt_kind kind_of_question(const struct session *session, size_t target)
{
    for (size_t i = 0; i < session->question_count; i++)
        if (session->questions[i]->shown.target == target)
            return session->questions[i]->shown.kind;
    return PROMPT_PASSPHRASE;
}

/* Targets that asked while the first of them waited for the user. */
static void answer_others(struct session *session)
{
    for (size_t i = 0; i < session->question_count;) {
        const struct session_question *question = &session->questions[i]->shown;
        size_t target = question->target;
        if (!question->is_hostkey && sudo_answer_known(session, question)) {
            questions_drop(session, target);
            session->targets[target].state = TARGET_PROBING;
        } else {
            i++;
        }
    }
}

void session_answer_prompt(struct session *session, size_t target, const char *secret)
{
    int job = job_on(session, target, false);
    bool is_sudo = kind_of_question(session, target) == PROMPT_SUDO;

    if (!remove_questions(session, target, false, false))
        return;
    session->targets[target].state = is_sudo ? TARGET_PROBING : TARGET_CONNECTING;
    if (is_sudo)
        secret = sudo_take_answer(session, target, secret);
    fleet_answer_prompt(session->fleet, job, secret);
    if (is_sudo && session->sudo_secret)
        answer_others(session);
}
