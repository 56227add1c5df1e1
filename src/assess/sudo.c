/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The password of sudo: asked for once a session, sent to a target only after consent to that is on
 * record for it, and kept in locked memory until the session ends. The ledger knows of the consent
 * alone.
 */
#include "state.h"

#include <string.h>

void sudo_consent(struct session *session, const struct consent_row_list *consents, size_t target)
{
    size_t commands;

    consent_digest(session, target, CONSENT_SUDO, &commands);
    if (commands && !consent_is_on_record(session, consents, target, CONSENT_SUDO))
        consent_record(session, target, CONSENT_SUDO);
    session->targets[target].sudo = SUDO_CONSENTED;
}

static bool consent_now(struct session *session, size_t target, struct error *error)
{
    const struct review_filter filter = {.target = session->targets[target].name};
    AUTO_RELEASE(consent_row_list) struct consent_row_list consents = {0};

    if (!review_query_consents(session->review, &filter, &consents, error))
        return false;
    sudo_consent(session, &consents, target);
    return record_flush(session, error);
}

static bool knows_password(const struct session *session, const struct session_question *question)
{
    return question->kind == PROMPT_SUDO && question->attempt == 1 && session->sudo_secret &&
           session->targets[question->target].sudo == SUDO_CONSENTED;
}

bool sudo_answer_known(struct session *session, const struct session_question *question)
{
    const struct run *run = run_of_target(session, question->target);

    if (!run || !knows_password(session, question))
        return false;
    fleet_answer_prompt(session->fleet, run->job, secret_text(session->sudo_secret));
    return true;
}

const char *sudo_take_answer(struct session *session, size_t target, const char *password)
{
    struct error error = {0};

    if (!password || (!*password && !session->sudo_secret)) {
        session->targets[target].sudo = SUDO_DECLINED;
        return NULL;
    }
    /* Nothing typed: the one that was given for another target. */
    if (*password) {
        secret_free(session->sudo_secret);
        session->sudo_secret = secret_new(password, strlen(password));
    }
    if (session->targets[target].sudo != SUDO_CONSENTED && !consent_now(session, target, &error)) {
        record_stop(session, &error);
        return NULL;
    }
    return secret_text(session->sudo_secret);
}
