/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/signoff.h"

#include "assess/identity.h"
#include "base/clock.h"
#include "base/path.h"
#include "ledger/manifest.h"
#include "signature.h"
#include "state.h"

#include <string.h>

#define TOOL "walkdown " PACKAGE_VERSION

/* The name that a list of allowed signers knows a person by. */
static char *signer_name(const struct author *author)
{
    return memory_copy_text(author->email[0] ? author->email : author->name);
}

static bool build_text(struct session *session, const struct signing *signing, char **ret_text,
                       struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct manifest manifest = {0};

    if (strcmp(signing->role, "reviewer") != 0 && strcmp(signing->role, "approver") != 0)
        return error_set(error, ERROR_USAGE, "the role is reviewer or approver, not '%s'",
                         signing->role);
    if (!review_build_manifest(session->review, NULL, &manifest, error))
        return false;
    manifest.role = memory_copy_text(signing->role);
    manifest.statement = memory_copy_text(signing->statement ? signing->statement : "");
    manifest.signer = signer_name(&session->author);
    manifest.tool = memory_copy_text(TOOL);
    manifest_write(&manifest, &text);
    manifest_release(&manifest);
    *ret_text = buffer_take(&text);
    return true;
}

bool session_manifest(struct session *session, const struct signing *signing, char **ret_text,
                      struct error *error)
{
    return build_text(session, signing, ret_text, error);
}

static bool check_preflight(struct session *session, const struct signing *signing,
                            struct error *error)
{
    struct preflight preflight = {0};
    const char *problem;
    enum verify_answer answer = session_verify(session, &problem);
    bool ok = true;

    if (answer == VERIFY_TAMPERED || answer == VERIFY_CANNOT) {
        error_set(error, ERROR_CORRUPT, "the file does not verify: %s", problem);
        return error_hint(error, "nothing can be signed in it; 'walkdown verify' tells more");
    }
    if (!session_preflight(session, &preflight, error))
        return false;
    if (preflight.problem_count && !signing->despite_problems) {
        for (size_t i = 0; ok && i < preflight.point_count; i++)
            if (preflight.points[i].level == PREFLIGHT_PROBLEM)
                ok = error_set(error, ERROR_DENIED, "not ready to be signed: %s",
                               preflight.points[i].text);
        error_hint(error, "the signed text tells the counts; --despite-problems signs anyway");
    }
    preflight_release(&preflight);
    return ok;
}

/* What ssh-keygen made of the text. */
struct signed_text {
    char *text, *key;
    struct buffer signature;
};

static void signed_text_release(struct signed_text *signed_text)
{
    free(signed_text->text);
    free(signed_text->key);
    buffer_release(&signed_text->signature);
}

static bool append_signoff(struct session *session, const char *role,
                           const struct signed_text *signed_text, struct error *error)
{
    AUTO_FREE char *signer = signer_name(&session->author);

    return session_append(session, ENTRY_SIGNOFF,
                          json_pack("{s:s, s:o, s:o, s:o, s:o}", "role", role, "manifest",
                                    json_text(signed_text->text), "signature",
                                    json_text(buffer_text(&signed_text->signature)), "key",
                                    json_text(signed_text->key), "signer", json_text(signer)),
                          error);
}

/* The text names every author's newest entry; what was appended meanwhile would not be covered. */
static bool is_still_current(struct session *session, int64_t change_count, struct error *error)
{
    return review_change_count(session->review) == change_count ||
           error_set(error, ERROR_CONFLICT,
                     "the review changed while it was signed; look at it again and sign anew");
}

bool session_sign(struct session *session, const struct signing *signing, struct error *error)
{
    AUTO_RELEASE(signed_text) struct signed_text signed_text = {0};
    int64_t change_count;

    if (session->is_read_only)
        return error_set(error, ERROR_DENIED, "the review is open read-only");
    if (!signing->key)
        return error_set(error, ERROR_USAGE, "a sign-off needs a key (-i KEY)");
    change_count = review_change_count(session->review);
    if (!build_text(session, signing, &signed_text.text, error) ||
        !check_preflight(session, signing, error) ||
        !signature_make(signed_text.text, signing->key, &signed_text.signature, &signed_text.key,
                        error) ||
        !is_still_current(session, change_count, error) ||
        !append_signoff(session, signing->role, &signed_text, error))
        return false;
    session_save_heads(session);
    session_backup(session);
    return true;
}

/* --- verification --- */

static void note(struct verify_report *report, char *text)
{
    strings_push_take(&report->notes, text);
}

static void check_signoff(struct verify_report *report, struct verify_signoff *signoff,
                          const char *allowed_signers)
{
    char id[ENTRY_ID_TEXT_BYTES];
    AUTO_FREE char *problem = NULL;
    enum signature_answer answer;

    if (!signoff->manifest_fits)
        return; /* review_verify() has named it */
    answer = signature_check(signoff->manifest, signoff->signature, allowed_signers,
                             signoff->signer, &problem);
    signoff->is_good = answer == SIGNATURE_GOOD;
    if (answer == SIGNATURE_BAD) {
        report->answer = VERIFY_TAMPERED;
        strings_push_take(
            &report->problems,
            memory_format("entry %s (signoff): %s", entry_id_text(&signoff->id, id), problem));
    }
    if (!signoff->is_good) {
        free(signoff->problem);
        signoff->problem = take(&problem);
    }
}

static const struct verify_signoff *newest_good(const struct verify_report *report)
{
    for (size_t i = report->signoff_count; i > 0; i--)
        if (report->signoffs[i - 1].is_good)
            return &report->signoffs[i - 1];
    return NULL;
}

/* What we saw last is the end only where nobody else could have added to it. */
static bool is_ours_alone(const struct verify_report *report)
{
    struct author author = {0};
    bool is_ours = report->author_count == 1 && identity_load(&author, NULL) &&
                   ledger_id_equal(&author.id, &report->first_author);

    author_release(&author);
    return is_ours;
}

static void conclude(struct verify_report *report)
{
    const struct verify_signoff *good = newest_good(report);
    bool saw_the_end = report->heads_known && report->heads_reach_end;

    if (report->answer == VERIFY_TAMPERED || report->answer == VERIFY_CANNOT)
        return;
    report->answer = VERIFY_NOT_PROVEN;
    if (good) {
        report->answer = good->entries_since ? VERIFY_UNSIGNED_TAIL : VERIFY_COMPLETE;
        note(report,
             memory_format("complete up to what %s signed as %s", good->signer, good->role));
        if (!saw_the_end)
            note(report, memory_copy_text("entries that were added after the sign-off and cut off "
                                          "again could not be noticed: no later head was seen"));
    } else if (saw_the_end && is_ours_alone(report)) {
        report->answer = VERIFY_COMPLETE;
        note(report, memory_copy_text("you are its only author, and its newest entry is the one "
                                      "you saw last"));
    } else if (saw_the_end) {
        note(report, memory_copy_text("nothing is missing of what you saw; whether others added "
                                      "more is not known"));
    }
}

static char *heads_folder(void)
{
    AUTO_FREE char *state = NULL;

    return path_state_folder(&state, NULL) ? path_join(state, "heads") : NULL;
}

enum verify_answer session_verify(struct session *session, const char **ret_problem)
{
    int64_t count = review_change_count(session->review) + 1;

    if (session->verified_count != count) {
        AUTO_FREE char *heads = heads_folder();
        struct verify_report report;
        review_verify(review_path(session->review), heads, &report);
        free(session->verified_problem);
        session->verified_problem =
            report.problems.count == 0 ? NULL : memory_copy_text(report.problems.items[0]);
        session->verified_answer = (int)report.answer;
        session->verified_count = count;
        verify_report_release(&report);
    }
    *ret_problem = session->verified_problem == NULL ? "" : session->verified_problem;
    return (enum verify_answer)session->verified_answer;
}

void assess_verify(const char *path, const char *allowed_signers, struct verify_report *ret_report)
{
    AUTO_FREE char *heads = heads_folder();

    review_verify(path, heads, ret_report);
    for (size_t i = 0; allowed_signers && i < ret_report->signoff_count; i++)
        check_signoff(ret_report, &ret_report->signoffs[i], allowed_signers);
    if (!allowed_signers && ret_report->signoff_count)
        note(ret_report, memory_copy_text("signatures were not checked: no allowed signers given"));
    conclude(ret_report);
}
